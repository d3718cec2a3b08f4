"""An organisation's earlier result beside a later one, also across versions of the questionnaire."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from assessment.scoring import Dimension, DimensionResult, Question, Questionnaire, Result
from assessment.scoring.dimensions import dimension_result
from assessment.scoring.levels_only import levels_only
from assessment.scoring.questions import asks_the_same


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
        changes.append(_change(shared, *pair, broken=broken, by_level=broken and by_level))
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


def _change(
    shared: Dimension, before: Fraction | None, after: Fraction | None, *, broken: bool, by_level: bool
) -> DimensionChange:
    change = None if before is None or after is None else after - before
    return DimensionChange(shared.key, before, after, change, broken, len(shared.questions), by_level)
