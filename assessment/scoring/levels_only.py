"""A result of which a question shows its level, the nearest statement, and no number; dimensions and the whole stay exact.

Everything such a result says is worked out from what it shows: the exact dimensions and the level of each question. So no
gain, target, order or supposed score says more of a question's mean than its level does.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from math import floor, lcm

from assessment.scoring import Dimension, DimensionResult, Question, Questionnaire, QuestionResult, Range, Result
from assessment.scoring.dimensions import dimension_result, mean_of_scored
from assessment.scoring.levels import level_of, shown
from assessment.scoring.roles import RoleGroup
from assessment.scoring.score import from_dimensions

Questions = Mapping[str, QuestionResult]


def nearest(question: Question, score: Fraction) -> tuple[str, Fraction]:
    """The key and the points (0..100) of the choice nearest to a score (0..100); of two as near, of the one worth less.

    Raises ValueError for a question without points.
    """
    choices = [(choice.key, choice.points) for choice in question.choices if choice.points is not None]
    unit = lcm(score.denominator, *(points.denominator for _key, points in choices))  # whole numbers: many are compared
    return min(choices, key=lambda choice: (abs(_in(unit, choice[1]) - _in(unit, score)), _in(unit, choice[1])))


def _in(unit: int, number: Fraction) -> int:
    """A number in 1/unit, which it is a multiple of."""
    return number.numerator * (unit // number.denominator)


def levels_only(questionnaire: Questionnaire, result: Result) -> Result:
    """The same result with a question's level in the place of its score (0..100), and gains in whole points.

    The rule (scoring/README.md, "Levels of questions"). Scores, levels and ranges of dimensions and the whole stay;
    the plan is made by its own rule, of what is shown. Twice is once. KeyError for a result of another questionnaire.
    """
    if result.levels_only:
        return result
    asked = {question.key: question for question in questionnaire.scored_questions}
    questions = [_at_level(asked[question.key], question) for question in result.questions]
    return by_level(
        questionnaire, result.dimensions, questions, contradictions=result.contradictions, version=result.version
    )


def _at_level(asked: Question, question: QuestionResult) -> QuestionResult:
    if question.score is None:
        return question
    key, points = nearest(asked, question.score)
    return replace(question, score=points, lowest=None, highest=None, nearest=key)


def by_level(
    questionnaire: Questionnaire,
    dimensions: Sequence[DimensionResult],
    questions: Iterable[QuestionResult],
    *,
    contradictions: tuple[str, ...],
    version: int,
) -> Result:
    """The result of exact dimensions and of questions at their levels; its gains (0..100) are whole, rounded half up."""
    found = from_dimensions(questionnaire, dimensions, questions, contradictions=contradictions, version=version)
    by_key = {question.key: question for question in found.questions}
    named = {step.dimension for step in found.plan}
    parts = zip(questionnaire.scored_dimensions, found.dimensions, strict=True)
    worth = {part.key: _worth(part, dimension_result(of, by_key).score) for of, part in parts if part.key in named}
    today = mean_of_scored(questionnaire.scored_dimensions, found.dimensions) or Fraction()
    steps = []
    for step in found.plan:
        gain = step.gain * worth[step.dimension]
        whole = Fraction(floor(gain + Fraction(1, 2)))
        steps.append(replace(step, gain=whole, score_after=Fraction(shown(today + gain))))
    criteria = tuple(replace(criterion, score=None) for criterion in found.criteria)
    return replace(found, plan=tuple(steps), criteria=criteria, levels_only=True)


def _worth(part: DimensionResult, level: Fraction | None) -> Fraction:
    """What one point of the mean of its questions' levels, which is `level`, is worth in the score of a dimension.

    What a dimension lacks to 100 is shared out among its questions by what their levels lack. So taking every question to
    the top gives 100, neither more nor less, however far the levels lie from the means that are not shown.
    """
    return Fraction(0) if part.score is None or level is None or level == 100 else (100 - part.score) / (100 - level)


def raised(
    questionnaire: Questionnaire, result: Result, questions: Sequence[QuestionResult]
) -> tuple[DimensionResult, ...]:
    """The dimensions of a `levels_only` result if its questions stood at these levels, all else staying as it is."""
    today, then = ({question.key: question for question in found} for found in (result.questions, questions))
    parts = zip(questionnaire.scored_dimensions, result.dimensions, strict=True)
    return tuple(_raised(dimension, part, today, then) for dimension, part in parts)


def _raised(dimension: Dimension, part: DimensionResult, today: Questions, then: Questions) -> DimensionResult:
    """One without a score, which a question cannot give it, and one of which no question moved, stays as it is."""
    if all(then[question.key] is today[question.key] for question in dimension.questions):
        return part
    was, would = dimension_result(dimension, today).score, dimension_result(dimension, then).score
    if part.score is None or part.coverage is None or part.range is None or was is None or would is None:
        return part
    score = max(Fraction(0), part.score + (would - was) * _worth(part, was))
    moved = (score - part.score) * part.coverage
    reach = Range(part.range.low + moved, part.range.high + moved)
    return replace(part, score=score, level=level_of(score), range=reach)


def roles_by_level(questionnaire: Questionnaire, groups: Iterable[RoleGroup]) -> tuple[RoleGroup, ...]:
    """The role groups with the points (0..100) of the nearest choice in the place of each mean."""
    asked = {question.key: question for question in questionnaire.scored_questions}
    found = []
    for group in groups:
        points = {key: mean if mean is None else nearest(asked[key], mean)[1] for key, mean in group.means.items()}
        found.append(replace(group, means=points))
    return tuple(found)
