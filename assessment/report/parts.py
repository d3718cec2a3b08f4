"""What a report consists of. Numbers are the core's exact fractions; `shown` in the scoring core says how they are printed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction

from assessment import scoring
from assessment.content.structure import LevelContent, QuestionnaireContent, Text
from assessment.report.barometer import CriterionPart, EditionPart
from assessment.report.effect import AfterPlan, GapCount, PlanEffect, count_gaps
from assessment.report.evidence import Edition, Published, Reference
from assessment.report.peers import Peers
from assessment.report.place import Place, ends, place_of
from assessment.report.question import Given, Note, QuestionPart
from assessment.scoring.roles import RoleGroup


class Part(StrEnum):
    """What may be left out of a report; level, scores and charts of the dimensions are always there."""

    PLAN = "plan"
    ANSWERS = "answers"
    BAROMETER = "barometer"
    VIEWS = "views"
    EARLIER = "earlier"
    NOTES = "notes"


WHOLE = frozenset(Part)


@dataclass(frozen=True, slots=True)
class DimensionPart:
    """A scored dimension; `anchor` says what its level looks like, `before` and `first` compare with earlier rounds."""

    key: str
    title: Text
    description: Text
    state: str
    score: Fraction | None
    level: LevelContent | None
    anchor: Text | None
    coverage: Fraction | None
    range: scoring.Range | None
    questions: tuple[QuestionPart, ...]
    weak: tuple[QuestionPart, ...]
    strong: tuple[QuestionPart, ...]
    references: tuple[Reference, ...]
    before: "scoring.DimensionChange | None"
    first: "scoring.DimensionChange | None" = None

    @property
    def levels_only(self) -> bool:
        """Whether of its questions only the level is shown."""
        return any(question.place for question in self.questions)

    @property
    def is_scored(self) -> bool:
        return self.state == scoring.DimensionState.SCORED


@dataclass(frozen=True, slots=True)
class ComparisonPart:
    """An answer that gives no points, beside the figures published of its choices: whether each was chosen, and it.

    `without` are the statements chosen of which nothing was published.
    """

    question: Text
    given: Given
    figures: tuple[tuple[bool, Published], ...]
    without: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class Taken:
    """What an organisation agreed on about a step that it took on: who sees to it, until when, how far it is, and the title
    as its people worded it; empty while it is the step's own. A free action is only that.
    """

    who: str
    due: date | None
    state: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class StepPart:
    """One next step: from what is so today to the statement to reach, with the title and the first move that lead there.

    A questionnaire of before steps has no title; its first move, and that of rules 1, is there only where the question is weak.
    `decimals` is with how many the gain and the score afterwards are told. `taken` is for the organisation's people alone.
    """

    number: int
    question: QuestionPart
    dimension: Text
    to: Text
    title: Text | None
    first_move: Text | None
    gain: Fraction
    effort: str
    owner: str
    score_after: Fraction
    decimals: int = 1
    taken: Taken | None = None


class Voice(StrEnum):
    """By whose answers a report speaks: the organisation's, or in a round of several people one person's alone."""

    ORGANISATION = "organisation"
    YOURS = "yours"  # whoever reads it gave them
    ONE_PERSON = "one-person"  # read through a link


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose result this is."""

    organisation: str
    made_at: datetime
    round_number: int
    is_demo: bool = False
    answers_erased: bool = False  # somebody had answers deleted that the result was made of
    is_stored: bool = True  # the example, a preview and a provisional report are made for the page alone
    is_provisional: bool = False  # answers are still to come
    voice: Voice = Voice.ORGANISATION
    role: str = ""  # as what the one person answered, for who may know it


@dataclass(frozen=True, slots=True)
class Joint:
    """How a result of several people came about: its mode, who answered, the means by role and the notes, by question."""

    mode: scoring.Mode
    responses: int
    invited: int | None
    smallest_group: int
    roles: tuple[RoleGroup, ...] = ()
    notes: Mapping[str, tuple[Note, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RoleView:
    """The mean (0 to 100) of one role group in a question, None where it is not shown.

    Where only levels of questions are shown, `nearest` is the statement nearest to it, and the mean that statement's points.
    """

    role: str
    mean: Fraction | None
    nearest: Text | None = None


@dataclass(frozen=True, slots=True)
class ViewPart:
    """A question that people see differently, with how each role group sees it where that is shown."""

    question: QuestionPart
    dimension: Text
    by_role: tuple[RoleView, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """A report. `level` is None while there is no overall score; `held_by` are titles of dimensions.

    What is not in `shows` is not in it: its parts are empty, and `result` holds no more than the parts do. `answered` is how
    many of the applicable questions have a score, and how many there are. `foundations` are those below 50 that the plan
    does not hold, with the titles of their dimensions.
    """

    subject: Subject
    questionnaire: QuestionnaireContent
    version: int
    result: scoring.Result
    level: LevelContent | None
    level_by_score: LevelContent | None
    held_by: tuple[Text, ...]
    missing: tuple[DimensionPart, ...]
    narrowing: tuple[tuple[Text, QuestionPart], ...]
    answered: tuple[int, int]
    dimensions: tuple[DimensionPart, ...]
    plan: tuple[StepPart, ...]
    contradictions: tuple[Text, ...]
    comparisons: tuple[ComparisonPart, ...]
    before: "Earlier | None"
    first: "Earlier | None" = None
    joint: Joint | None = None
    differing: tuple[ViewPart, ...] = ()
    by_role: tuple[ViewPart, ...] = ()
    noted: tuple[QuestionPart, ...] = ()
    foundations: tuple[tuple[Text, QuestionPart], ...] = ()
    shows: frozenset[Part] = WHOLE
    barometer: tuple[EditionPart, ...] = ()
    free: tuple[Taken, ...] = ()
    peers: Peers | None = None
    find_effect: Callable[[], PlanEffect] | None = field(default=None, compare=False)

    @property
    def effect(self) -> PlanEffect | None:
        """What all steps of the plan do, found when it is first asked for; None without a plan."""
        return self.find_effect() if self.find_effect else None

    @property
    def is_provisional(self) -> bool:
        """Whether answers are still to come: then there is no score and no level of the whole, only what both lie between."""
        return self.subject.is_provisional

    @property
    def levels_only(self) -> bool:
        """Whether of a question only the level is shown, in words, and no number."""
        return self.result.levels_only

    @property
    def shows_plan(self) -> bool:
        return Part.PLAN in self.shows

    @property
    def shows_answers(self) -> bool:
        return Part.ANSWERS in self.shows

    @property
    def shows_views(self) -> bool:
        return Part.VIEWS in self.shows

    @property
    def has_data(self) -> bool:
        """Whether it can be had as data: it is stored, and shows its answers and talking points, which a check needs."""
        return self.subject.is_stored and self.shows_answers and self.shows_views

    @property
    def shows_people(self) -> bool:
        """Whether there is something to show of several people beside their means."""
        return self.joint is not None and (self.shows_views or bool(self.noted))

    @property
    def holds_notes(self) -> bool:
        """Whether somebody's notes or links to evidence are in it."""
        given = [question.given for part in self.dimensions for question in part.questions if question.given]
        return bool(self.noted) or any(item.note or item.evidence for item in given)

    @property
    def levels(self) -> tuple[LevelContent, ...]:
        return self.questionnaire.levels

    @property
    def editions(self) -> tuple[int, ...]:
        """The editions of the barometer that are compared with; each dimension has a reference, perhaps empty, for each."""
        return tuple(item.edition for item in self.dimensions[0].references) if self.dimensions else ()

    @property
    def criteria(self) -> tuple[CriterionPart, ...]:
        """The points that the editions of the barometer made, the earliest edition first."""
        return tuple(part for edition in self.barometer for part in edition.criteria)

    @property
    def gaps(self) -> tuple[CriterionPart, ...]:
        """The points on which the barometer found companies wanting."""
        return tuple(part for edition in self.barometer for part in edition.gaps)

    @property
    def other_criteria(self) -> tuple[CriterionPart, ...]:
        """The other points: progress, practices, outlook, context."""
        return tuple(part for edition in self.barometer for part in edition.others)

    @property
    def gap_count(self) -> GapCount | None:
        """How many of these are closed, partly closed, still open, not known; None where nothing may be said of them."""
        return count_gaps(self.gaps)

    @property
    def contradicted_gaps(self) -> int:
        """How many of the closed ones are so by an answer that contradicts another one."""
        return sum(part.is_contradicted for part in self.gaps)

    @property
    def place(self) -> Place:
        """The level shown, what holds it and how far the next one is."""
        given, asked = self.answered
        return place_of(
            self.result, {part.key: part.title for part in self.questionnaire.dimensions}, unanswered=asked - given
        )

    @property
    def strongest(self) -> tuple[DimensionPart, ...]:
        """The dimensions with the highest score, all that are shown alike."""
        return ends(self.dimensions)[0]

    @property
    def weakest(self) -> tuple[DimensionPart, ...]:
        """The dimensions with the lowest score, all that are shown alike."""
        return ends(self.dimensions)[1]


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier round to compare with: its date, its result and how each dimension changed since.

    `whole_comparable` says whether the overall scores of the two may be compared, `changes` which dimensions. `responses` is
    how many people's answers it rests on, `mode` how its round was held.
    """

    made_at: datetime
    round_number: int
    result: scoring.Result
    changes: "tuple[scoring.DimensionChange, ...]"
    whole_comparable: bool = True
    mode: scoring.Mode = scoring.Mode.SOLO
    responses: int = 1


@dataclass(frozen=True, slots=True)
class Source:
    """All that a report is built from besides the result itself."""

    subject: Subject
    questionnaire: QuestionnaireContent
    version: int
    given: Mapping[str, Given]
    references: Mapping[str, Sequence[Reference]]
    before: Earlier | None = None
    first: Earlier | None = None  # the first round, when that is not the one before
    joint: Joint | None = None
    figures: Mapping[str, Published] = field(default_factory=dict)
    after_plan: Callable[[], AfterPlan] | None = None  # finds what all steps of the plan together would give
    shows: frozenset[Part] = WHOLE
    barometer: Sequence[Edition] = ()
    standings: Mapping[str, scoring.CriterionResult] = field(default_factory=dict)  # by criterion
    peers: Peers | None = None  # as they are when the report is shown
