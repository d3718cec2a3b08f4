"""What became of an organisation over its rounds: the values that the trend, the comparison and the plan show.

Pure values in, values out, like the report: no row, no request, no language, no scoring of its own.
"""

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction

from assessment import scoring
from assessment.content.structure import QuestionContent, QuestionnaireContent, Text
from assessment.scoring.comparison import QuestionChange


@dataclass(frozen=True, slots=True)
class Outcome:
    """The published result of one round, with the questionnaire it was made with, in words and as values."""

    number: int
    held_at: datetime
    content: QuestionnaireContent
    asked: scoring.Questionnaire
    values: scoring.Result
    mode: str
    responses: int
    # By the number of an earlier version: the questions that ask the same in both.
    same_questions: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def same_since(self, before: "Outcome") -> Sequence[str] | None:
        """The questions that ask the same as in an earlier round, as far as that is recorded."""
        return self.same_questions.get(str(before.asked.version)) if before.asked.key == self.asked.key else None


@dataclass(frozen=True, slots=True)
class Change:
    """From an earlier score to a later one (0..100, None where there is none).

    When `broken` the questionnaire changed between them: both rest on the `shared` questions, or, for the whole, there is
    no change to state.
    """

    before: Fraction | None
    after: Fraction | None
    change: Fraction | None
    broken: bool = False
    shared: int = 0
    by_level: bool = False  # what rests on the shared questions is made of their levels


@dataclass(frozen=True, slots=True)
class Course:
    """One score over the rounds, oldest first. `breaks[i]`: what came before round i is not directly comparable with it.

    `key` is empty and `title` None for the whole. The changes lead to the newest round; None while there is only one.
    """

    key: str
    title: Text | None
    scores: tuple[Fraction | None, ...]
    breaks: tuple[bool, ...]
    since_last: Change | None
    since_first: Change | None

    @property
    def newest(self) -> Fraction | None:
        return self.scores[-1]

    @property
    def marked(self) -> tuple[tuple[Fraction | None, bool], ...]:
        """Each score with whether what came before it is not directly comparable."""
        return tuple(zip(self.scores, self.breaks, strict=True))


@dataclass(frozen=True, slots=True)
class Trend:
    """The whole and each dimension of the newest questionnaire over the published rounds, oldest first."""

    rounds: tuple[Outcome, ...]
    courses: tuple[Course, ...]

    @property
    def whole(self) -> Course:
        return self.courses[0]

    @property
    def newest(self) -> Outcome:
        return self.rounds[-1]

    def last(self, most: int) -> "Trend":
        """The same with no more than so many rounds, the newest: as many as a chart has room for."""
        if len(self.rounds) <= most:
            return self
        courses = (
            Course(item.key, item.title, item.scores[-most:], (False, *item.breaks[-most:][1:]), None, None)
            for item in self.courses
        )
        return Trend(self.rounds[-most:], tuple(courses))


Compare = Callable[[Outcome, Outcome], Mapping[str, Change]]


def trend(rounds: Sequence[Outcome], compare: Compare) -> Trend | None:
    """The trend over published rounds, oldest first; None when there is none.

    `compare` gives the changes from one round to a later one, the whole under the empty key. A break stands between two
    rounds that follow each other, and only where something came before it.
    """
    if not rounds:
        return None
    newest = rounds[-1]
    steps = [compare(before, after) for before, after in itertools.pairwise(rounds)]
    last = compare(rounds[-2], newest) if len(rounds) > 1 else {}
    first = compare(rounds[0], newest) if len(rounds) > 1 else {}
    titles: dict[str, Text | None] = {"": None}
    titles |= {part.key: part.title for part in newest.content.dimensions if part.scored}
    courses = tuple(
        _course(key, title, rounds, steps, since=(last.get(key), first.get(key))) for key, title in titles.items()
    )
    return Trend(tuple(rounds), courses)


def _course(
    key: str,
    title: Text | None,
    rounds: Sequence[Outcome],
    steps: Sequence[Mapping[str, Change]],
    *,
    since: tuple[Change | None, Change | None],
) -> Course:
    scores = tuple(_score(outcome.values, key) for outcome in rounds)
    breaks = [False]
    for place, step in enumerate(steps, start=1):
        said_before = any(score is not None for score in scores[:place])
        breaks.append(said_before and key in step and step[key].broken)
    return Course(key, title, scores, tuple(breaks), *since)


def _score(values: scoring.Result, key: str) -> Fraction | None:
    if not key:
        return values.score
    return next((part.score for part in values.dimensions if part.key == key), None)


# Two rounds side by side ---------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class ComparedQuestion:
    """One question with its points then and now, or, where only levels are shown, its `statements` then and now."""

    text: Text
    change: QuestionChange
    statements: tuple[Text | None, Text | None] | None = None


@dataclass(frozen=True, slots=True)
class ComparedDimension:
    """One dimension; `change` is None when the later questionnaire does not have it."""

    title: Text
    change: Change | None
    questions: tuple[ComparedQuestion, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two rounds, dimension by dimension and question by question; `risen` and `fallen` moved most, None where none did."""

    before: Outcome
    after: Outcome
    whole: Change
    dimensions: tuple[ComparedDimension, ...]
    risen: ComparedQuestion | None
    fallen: ComparedQuestion | None

    @property
    def by_level(self) -> bool:
        """Whether questions are told as statements: of one of the two rounds only levels are shown."""
        return self.before.values.levels_only or self.after.values.levels_only


def comparison(
    before: Outcome, after: Outcome, changes: Mapping[str, Change], moves: Sequence[QuestionChange]
) -> Comparison:
    """Two rounds side by side, in the order of the later questionnaire, what is gone last."""
    then, now = _texts(before), _texts(after)
    texts = then | now
    titles = {part.key: part.title for outcome in (before, after) for part in outcome.content.dimensions if part.scored}
    order = [part.key for part in after.content.dimensions if part.scored]
    order += [key for key in titles if key not in order]
    compared = [
        ComparedQuestion(texts[move.key].text, move, statements(move, then.get(move.key), now.get(move.key)))
        for move in moves
    ]
    dimensions = tuple(
        ComparedDimension(
            titles[key], changes.get(key), tuple(item for item in compared if item.change.dimension == key)
        )
        for key in order
    )
    most, least = max(compared, key=_moved, default=None), min(compared, key=_moved, default=None)
    risen, fallen = most if most and _moved(most) > 0 else None, least if least and _moved(least) < 0 else None
    return Comparison(before, after, changes[""], dimensions, risen, fallen)


def statements(
    move: QuestionChange, then: QuestionContent | None, now: QuestionContent | None
) -> tuple[Text | None, Text | None] | None:
    """The statements nearest to what was answered in two rounds; None where points are shown."""
    if move.statements is None:
        return None
    before, after = move.statements
    return _statement(then, before), _statement(now, after)


def _statement(content: QuestionContent | None, key: str | None) -> Text | None:
    return next((choice.text for choice in content.choices if choice.key == key), None) if content else None


def _moved(item: ComparedQuestion) -> Fraction:
    return item.change.change or Fraction()


def _texts(outcome: Outcome) -> dict[str, QuestionContent]:
    return {question.key: question for part in outcome.content.dimensions for question in part.questions}


# The plan ------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class ActionPart:
    """A step that was taken on, in the words of the questionnaire it comes from, and what it has brought so far.

    A free action has no step behind it: only what people said of it, and in `typed` its title. Of a step, `typed` is the
    title as people worded it, empty while it is the step's own.

    `then` are the question's points (0..100) in the round it was made in, `now` those of the round `measured_in`, a later
    one; None where there are none, or where the two may not be compared (`comparable`). `reached` is None while unknown.
    Where only levels are shown, `statements` are the nearest ones then and now, and the points are theirs and not told.
    A questionnaire of before steps has neither a `title` nor, perhaps, a `first_move`.
    """

    number: int
    who: str
    due: date | None
    state: str
    note: str
    done_at: datetime | None
    is_open: bool
    is_overdue: bool
    typed: str = ""
    question_key: str | None = None
    question: Text | None = None
    dimension: Text | None = None
    to: Text | None = None
    made_in: int | None = None
    then: Fraction | None = None
    now: Fraction | None = None
    comparable: bool = False
    reached: bool | None = None
    measured_in: int | None = None
    statements: tuple[Text | None, Text | None] | None = None
    title: Text | None = None
    first_move: Text | None = None

    @property
    def is_free(self) -> bool:
        """Whether no step of a report is behind it."""
        return self.question_key is None

    @property
    def is_to_finish(self) -> bool:
        """Whether it is open though a later round reached its goal."""
        return self.is_open and bool(self.reached)


@dataclass(frozen=True, slots=True)
class OpenStep:
    """A next step of the newest report that nobody has taken on; its gain is told with so many `decimals`.

    A questionnaire of before steps has no `title` and no `first_move`. `views_differ`: people are to agree first.
    """

    question: str
    text: Text
    dimension: Text
    to: Text
    gain: Fraction
    effort: str
    owner: str
    decimals: int = 1
    title: Text | None = None
    first_move: Text | None = None
    views_differ: bool = False
