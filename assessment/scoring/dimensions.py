"""From question results to the score, level, coverage and range of a dimension, and to the same for the whole."""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from assessment.scoring import Dimension, DimensionResult, DimensionState, QuestionResult, QuestionState, Range
from assessment.scoring.levels import level_of

ENOUGH_COVERAGE = Fraction(1, 2)
FEWEST_DIMENSIONS = 3


def dimension_result(dimension: Dimension, questions: Mapping[str, QuestionResult]) -> DimensionResult:
    """The state, score (0..100), level (1..5), coverage (0..1) and range of one scored dimension.

    The rule (scoring/README.md, "Dimension", "Range"): with A the weight of its applicable questions and S of those with a
    score: A = 0 is not applicable, S/A below one half not enough answers; otherwise the weighted mean over S. The range
    counts each applicable question without a score as 0 and as 100. `questions` are results by question key.
    """
    applicable = scored = points = Fraction()
    for question in dimension.questions:
        result = questions[question.key]
        if result.state == QuestionState.NOT_APPLICABLE:
            continue
        applicable += question.weight
        if result.score is not None:
            scored += question.weight
            points += question.weight * result.score
    if not applicable:
        return DimensionResult(dimension.key, DimensionState.NOT_APPLICABLE, None, None, None, None)
    coverage = scored / applicable
    reach = Range(points / applicable, (points + 100 * (applicable - scored)) / applicable)
    if coverage < ENOUGH_COVERAGE:
        return DimensionResult(dimension.key, DimensionState.NOT_ENOUGH, None, None, coverage, reach)
    score = points / scored
    return DimensionResult(dimension.key, DimensionState.SCORED, score, level_of(score), coverage, reach)


def weighted_mean(values: Iterable[tuple[Fraction, Fraction]]) -> Fraction | None:
    """The mean of (weight, value) pairs; None when there is no weight at all."""
    weight = total = Fraction()
    for share, value in values:
        weight += share
        total += share * value
    return total / weight if weight else None


def mean_of_scored(dimensions: Sequence[Dimension], results: Sequence[DimensionResult]) -> Fraction | None:
    """The weighted mean (0..100) of the dimensions that have a score, whether or not it may be called overall score.

    Dimensions count with their weights, as in the overall score. None when no dimension has a score.
    """
    pairs = zip(dimensions, results, strict=True)
    return weighted_mean((dimension.weight, result.score) for dimension, result in pairs if result.score is not None)


def has_overall_score(results: Sequence[DimensionResult]) -> bool:
    """Whether there may be an overall score.

    The rule (scoring/README.md, "Whole"): none while a dimension has not enough answers, or while fewer than three are scored.
    """
    states = [result.state for result in results]
    return DimensionState.NOT_ENOUGH not in states and states.count(DimensionState.SCORED) >= FEWEST_DIMENSIONS


def overall_range(dimensions: Sequence[Dimension], results: Sequence[DimensionResult]) -> Range | None:
    """What the overall score could still be, in 0..100; None when no dimension is applicable.

    The rule (scoring/README.md, "Range"): every dimension with an applicable question counts, also one without a score.
    """
    pairs = [(dimension.weight, result.range) for dimension, result in zip(dimensions, results, strict=True)]
    low = weighted_mean((weight, reach.low) for weight, reach in pairs if reach)
    high = weighted_mean((weight, reach.high) for weight, reach in pairs if reach)
    return None if low is None or high is None else Range(low, high)


def narrowing(dimensions: Sequence[Dimension], questions: Mapping[str, QuestionResult]) -> tuple[str, ...]:
    """The keys of up to three questions whose answer would narrow the overall range most, largest effect first.

    The rule (scoring/README.md, "Range"): among the questions without a score, the effect on the whole is the question's share
    of the applicable weight of its dimension times the dimension's weight (its share of the whole, but for a factor
    common to all); ties stay in questionnaire order.
    """
    effects: dict[str, Fraction] = {}
    for dimension in dimensions:
        states = {question.key: questions[question.key].state for question in dimension.questions}
        if QuestionState.NO_SCORE not in states.values():
            continue
        asked = [question for question in dimension.questions if states[question.key] != QuestionState.NOT_APPLICABLE]
        unit = dimension.weight / sum(question.weight for question in asked)
        for question in asked:
            if states[question.key] == QuestionState.NO_SCORE:
                effects[question.key] = unit * question.weight
    return tuple(sorted(effects, key=lambda key: -effects[key])[:3])
