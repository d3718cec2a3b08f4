"""An organisation's earlier result beside a later one, also across versions of the questionnaire."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from assessment.scoring.dimensions import dimension_result
from assessment.scoring.questions import points_of
from assessment.scoring.values import Dimension, Question, Questionnaire, QuestionResult, Result


@dataclass(frozen=True, slots=True)
class DimensionChange:
    """One dimension of the later questionnaire: scores before and after (0..100), None where there is none.

    When `broken`, both rest on the `shared` questions only, with the later weights: they may then differ from the
    scores in the two reports.
    """

    key: str
    before: Fraction | None
    after: Fraction | None
    change: Fraction | None
    broken: bool
    shared: int


def compare(
    before_questionnaire: Questionnaire,
    before_result: Result,
    after_questionnaire: Questionnaire,
    after_result: Result,
    *,
    same_by_publisher: Collection[str] = (),
) -> tuple[DimensionChange, ...]:
    """The change per scored dimension of the later questionnaire, in its order.

    The rule (scoring.md, "Compared with what", "Before"): a dimension is compared directly while its question keys,
    points and weights are the same; otherwise there is a break, and both scores rest on the questions both versions
    share (same key, same points). `same_by_publisher` names the questions whose change the publisher marked as one of
    wording only: they are shared whatever became of the keys and points of their choices.
    """
    earlier = {question.key: question for question in before_questionnaire.scored_questions}
    earlier_weights = {dimension.key: _weights(dimension) for dimension in before_questionnaire.scored_dimensions}
    before = {question.key: question for question in before_result.questions}
    after = {question.key: question for question in after_result.questions}
    changes = []
    for dimension in after_questionnaire.scored_dimensions:
        shared = _shared_part(dimension, earlier, same_by_publisher)
        same = shared == dimension and _weights(dimension) == earlier_weights.get(dimension.key)
        changes.append(_change(shared, before, after, broken=not same))
    return tuple(changes)


def same_whole(before: Questionnaire, after: Questionnaire) -> bool:
    """Whether the overall scores of two versions may be compared directly.

    They may while both score the same dimensions with the same weights, and none of those is broken (see `compare`).
    """
    return _whole(before) == _whole(after)


def _whole(
    questionnaire: Questionnaire,
) -> dict[str, tuple[Fraction, dict[str, tuple[Fraction, dict[str, Fraction | None]]]]]:
    """All that an overall score hangs on, whatever the order."""
    return {
        dimension.key: (
            dimension.weight,
            {question.key: (question.weight, points_of(question)) for question in dimension.questions},
        )
        for dimension in questionnaire.scored_dimensions
    }


def _weights(dimension: Dimension) -> dict[str, Fraction]:
    return {question.key: question.weight for question in dimension.questions}


def _shared_part(
    dimension: Dimension, earlier: Mapping[str, Question], same_by_publisher: Collection[str]
) -> Dimension:
    """The dimension with those of its questions that the earlier version asked with the same points."""
    shared = tuple(
        question
        for question in dimension.questions
        if question.key in earlier
        and (question.key in same_by_publisher or points_of(question) == points_of(earlier[question.key]))
    )
    return replace(dimension, questions=shared)


def _change(
    shared: Dimension, before: Mapping[str, QuestionResult], after: Mapping[str, QuestionResult], *, broken: bool
) -> DimensionChange:
    """Both scores on the shared questions, which are all of them while nothing is broken."""
    earlier, later = dimension_result(shared, before).score, dimension_result(shared, after).score
    change = None if earlier is None or later is None else later - earlier
    return DimensionChange(shared.key, earlier, later, change, broken, len(shared.questions))
