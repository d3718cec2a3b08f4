"""Where an organisation stands on each criterion of the barometer, by the scored questions that carry it."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from assessment.scoring import (
    Criterion,
    CriterionResult,
    Question,
    Questionnaire,
    QuestionResult,
    QuestionState,
    Standing,
)
from assessment.scoring.dimensions import weighted_mean
from assessment.scoring.plan import HALF_WAY

Carrier = tuple[Question, QuestionResult]


def standings(questionnaire: Questionnaire, questions: Mapping[str, QuestionResult]) -> Iterator[CriterionResult]:
    """The standing and the score (0..100) of each criterion that scored questions carry, in the order of the criteria.

    The rule: scoring/README.md, "The criteria of 2016 and 2017". `questions` are results by question key.
    """
    for criterion in questionnaire.criteria:
        asked = [question for question in questionnaire.scored_questions if criterion.key in question.findings]
        if asked:
            yield _standing(criterion, [(question, questions[question.key]) for question in asked])


def _standing(criterion: Criterion, carriers: Sequence[Carrier]) -> CriterionResult:
    applicable = [pair for pair in carriers if pair[1].state != QuestionState.NOT_APPLICABLE]
    scores = [(question.weight, result.score) for question, result in applicable if result.score is not None]
    standing = _of(scores, sum((question.weight for question, _ in applicable), Fraction()))
    is_known = standing not in (Standing.UNKNOWN, Standing.NOT_APPLICABLE)
    score = weighted_mean(scores) if is_known else None
    return CriterionResult(criterion.key, criterion.edition, criterion.kind, standing, score)


def _of(scores: Sequence[tuple[Fraction, Fraction]], applicable: Fraction) -> Standing:
    """From the weights and scores of its scored questions, and the weight of all that apply."""
    if not applicable:
        return Standing.NOT_APPLICABLE
    if 2 * sum(weight for weight, _ in scores) < applicable:
        return Standing.UNKNOWN
    reached = [score >= HALF_WAY for _, score in scores]
    if all(reached):
        return Standing.REACHED
    return Standing.PARTLY if any(reached) else Standing.NOT_YET
