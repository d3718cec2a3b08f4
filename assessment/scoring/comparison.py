"""An organisation's earlier result beside a later one, also across versions of the questionnaire: by dimension, and question by
question, with whether a target was reached.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction

from assessment.scoring import Dimension, DimensionResult, Question, Questionnaire, QuestionResult, Result
from assessment.scoring.dimensions import dimension_result
from assessment.scoring.levels_only import levels_only


@dataclass(frozen=True, slots=True)
class DimensionChange:
    """One dimension of the later questionnaire: scores before and after (0..100), None where there is none.

    When `broken`, both rest on the `shared` questions only, with the later weights: they may then differ from the
    scores in the two reports. `by_level`: of one of the two results a question shows its level only, so that what rests on
    some of its questions is made of their levels in both.
    """

    key: str
    before: Fraction | None
    after: Fraction | None
    change: Fraction | None
    broken: bool
    shared: int
    by_level: bool = False


def compare(
    before_questionnaire: Questionnaire,
    before_result: Result,
    after_questionnaire: Questionnaire,
    after_result: Result,
    *,
    same: Collection[str] | None = None,
) -> tuple[DimensionChange, ...]:
    """The change per scored dimension of the later questionnaire, in its order.

    The rule (scoring/README.md, "Compared with what", "Before"): a dimension is compared directly while its question keys,
    points and weights are the same; otherwise there is a break, and both scores rest on the questions both versions
    share. `same` names the questions that ask the same in both versions, as was recorded when the later one was
    published; where nothing is recorded (None) those do whose choices have the same keys and points. What rests on some
    questions of a result that shows levels only is made of their levels: beside the exact dimension, an exact mean of
    some of its questions would give the others'.
    """
    earlier, later = _by_key(before_result), _by_key(after_result)
    parts = tuple(_parts(before_questionnaire, after_questionnaire, same))
    by_level = before_result.levels_only or after_result.levels_only
    if by_level and any(broken for _shared, broken in parts):
        before_result = levels_only(before_questionnaire, before_result)
        after_result = levels_only(after_questionnaire, after_result)
    before = {question.key: question for question in before_result.questions}
    after = {question.key: question for question in after_result.questions}
    changes = []
    for shared, broken in parts:
        if broken:
            pair = dimension_result(shared, before).score, dimension_result(shared, after).score
        else:
            pair = earlier[shared.key].score, later[shared.key].score
        changes.append(_dimension_change(shared, *pair, broken=broken, by_level=broken and by_level))
    return tuple(changes)


def _by_key(result: Result) -> Mapping[str, DimensionResult]:
    return {part.key: part for part in result.dimensions}


def same_whole(before: Questionnaire, after: Questionnaire, *, same: Collection[str] | None = None) -> bool:
    """Whether the overall scores of two versions may be compared directly.

    They may while both score the same dimensions with the same weights, and none of those is broken (see `compare`).
    """
    unbroken = not any(broken for _shared, broken in _parts(before, after, same))
    return unbroken and _dimension_weights(before) == _dimension_weights(after)


@dataclass(frozen=True, slots=True)
class Break:
    """A scored dimension of the later of two versions that is compared on `shared` questions only, of `asked`."""

    key: str
    shared: int
    asked: int


def breaks(before: Questionnaire, after: Questionnaire, *, same: Collection[str] | None = None) -> tuple[Break, ...]:
    """The dimensions that break from one version to another, by the very rule of `compare`, in the later one's order."""
    asked = {dimension.key: len(dimension.questions) for dimension in after.scored_dimensions}
    return tuple(
        Break(shared.key, len(shared.questions), asked[shared.key])
        for shared, broken in _parts(before, after, same)
        if broken
    )


def _parts(
    before: Questionnaire, after: Questionnaire, same: Collection[str] | None
) -> Iterator[tuple[Dimension, bool]]:
    """Each scored dimension of the later version with the questions that both share, and whether it is broken."""
    earlier = {question.key: question for question in before.scored_questions}
    earlier_weights = {dimension.key: _weights(dimension) for dimension in before.scored_dimensions}
    for dimension in after.scored_dimensions:
        shared = _shared_part(dimension, earlier, same)
        unbroken = shared == dimension and _weights(dimension) == earlier_weights.get(dimension.key)
        yield shared, not unbroken


def _dimension_weights(questionnaire: Questionnaire) -> dict[str, Fraction]:
    return {dimension.key: dimension.weight for dimension in questionnaire.scored_dimensions}


def _weights(dimension: Dimension) -> dict[str, Fraction]:
    return {question.key: question.weight for question in dimension.questions}


def _shared_part(dimension: Dimension, earlier: Mapping[str, Question], same: Collection[str] | None) -> Dimension:
    """The dimension with those of its questions that the earlier version asked, too."""
    shared = tuple(
        question
        for question in dimension.questions
        if question.key in earlier and asks_the_same(earlier[question.key], question, same)
    )
    return replace(dimension, questions=shared)


def _dimension_change(
    shared: Dimension, before: Fraction | None, after: Fraction | None, *, broken: bool, by_level: bool
) -> DimensionChange:
    change = None if before is None or after is None else after - before
    return DimensionChange(shared.key, before, after, change, broken, len(shared.questions), by_level)


class Comparable(StrEnum):
    """Whether the points of a question in two results may be set against each other, and if not, why."""

    YES = "yes"
    NEW = "new"
    GONE = "gone"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class QuestionChange:
    """One question in two results: its points (0..100) then and now, None where it has none.

    `change` is None unless the two may be compared and both are there. `dimension` is that of the later questionnaire,
    or of the earlier one when the question is gone. Where one of the two results shows levels only, both are told as
    levels: `statements` are the keys of the nearest choices then and now, and the points are theirs.
    """

    key: str
    dimension: str
    before: Fraction | None
    after: Fraction | None
    change: Fraction | None
    comparable: Comparable
    statements: tuple[str | None, str | None] | None = None


def compare_questions(
    before_questionnaire: Questionnaire,
    before_result: Result,
    after_questionnaire: Questionnaire,
    after_result: Result,
    *,
    same: Collection[str] | None = None,
) -> tuple[QuestionChange, ...]:
    """The change of every scored question, in the order of the later questionnaire; what is gone comes last.

    The rule (scoring/README.md, "Compared with what", "Before"): a question is compared when it asks the same in both versions,
    whatever became of its weight and its place. `same` as in `compare`.
    """
    earlier = {question.key: question for question in before_questionnaire.scored_questions}
    later = {question.key: question for question in after_questionnaire.scored_questions}
    places = _places(before_questionnaire) | _places(after_questionnaire)
    by_level = before_result.levels_only or after_result.levels_only
    if by_level:
        before_result = levels_only(before_questionnaire, before_result)
        after_result = levels_only(after_questionnaire, after_result)
    before = {question.key: question for question in before_result.questions}
    after = {question.key: question for question in after_result.questions}
    changes = []
    for key in [*later, *(key for key in earlier if key not in later)]:
        comparable, pair = _comparable(earlier.get(key), later.get(key), same), (before.get(key), after.get(key))
        changes.append(_question_change(key, places[key], *pair, comparable=comparable, by_level=by_level))
    return tuple(changes)


def reached(question: Question, to: str, score: Fraction | None) -> bool | None:
    """Whether a score (0..100) is at least what the choice `to` is worth; None without a score.

    KeyError when the question has no such choice with points.
    """
    points = {choice.key: choice.points for choice in question.choices if choice.points is not None}
    return None if score is None else score >= points[to]


def _places(questionnaire: Questionnaire) -> dict[str, str]:
    return {
        question.key: dimension.key for dimension in questionnaire.scored_dimensions for question in dimension.questions
    }


def _comparable(before: Question | None, after: Question | None, same: Collection[str] | None) -> Comparable:
    if before is None:
        return Comparable.NEW
    if after is None:
        return Comparable.GONE
    return Comparable.YES if asks_the_same(before, after, same) else Comparable.CHANGED


def asks_the_same(before: Question, after: Question, same: Collection[str] | None) -> bool:
    """Whether one question of two versions is the same, by what is recorded (see `compare`) or by its choices."""
    return _points(before) == _points(after) if same is None else after.key in same


def _points(question: Question) -> dict[str, Fraction | None]:
    return {choice.key: choice.points for choice in question.choices}


def _question_change(
    key: str,
    dimension: str,
    before: QuestionResult | None,
    after: QuestionResult | None,
    *,
    comparable: Comparable,
    by_level: bool,
) -> QuestionChange:
    was, now = (found.score if found else None for found in (before, after))
    change = now - was if comparable == Comparable.YES and was is not None and now is not None else None
    nearest = before.nearest if before else None, after.nearest if after else None
    return QuestionChange(key, dimension, was, now, change, comparable, nearest if by_level else None)
