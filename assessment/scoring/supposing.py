"""What a result would be if some questions reached better choices, all else staying as it is."""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

from assessment.scoring import Questionnaire, QuestionResult, QuestionState, Result
from assessment.scoring.levels_only import by_level, raised
from assessment.scoring.score import from_questions


def suppose(questionnaire: Questionnaire, result: Result, reached: Mapping[str, str]) -> Result:
    """The result if these questions (keys) reached these choices (keys): their points count, 0..100, whoever answered.

    Only a question that has a score can reach another choice. Computed as the result itself was, from its question scores
    on, so that the step of a plan gives the score the plan promises (scoring/README.md, "Properties that must hold"). One
    that shows levels only is computed from the levels: rounded sums of the means behind them would, tried often enough,
    give these. Raises ValueError for a question without a score, KeyError for an unknown question or choice.
    """
    points = {key: _points(questionnaire, key, choice) for key, choice in reached.items()}
    if unknown := points.keys() - {question.key for question in result.questions}:
        raise KeyError(min(unknown))
    moved = [_moved(question, points, reached) for question in result.questions]
    if result.levels_only:
        dimensions = raised(questionnaire, result, moved)
        return by_level(questionnaire, dimensions, moved, contradictions=result.contradictions, version=result.version)
    return from_questions(questionnaire, moved, contradictions=result.contradictions, version=result.version)


def after_plan(questionnaire: Questionnaire, result: Result) -> Result | None:
    """The result when all steps of the plan are taken; None without a plan."""
    steps = {step.question: step.to for step in result.plan}
    return suppose(questionnaire, result, steps) if steps else None


def score_after_plan(questionnaire: Questionnaire, result: Result) -> Fraction | None:
    """The score (0..100) if all steps of the result's plan were taken; None without a plan, and where there is no score."""
    then = after_plan(questionnaire, result)
    return then.score if then else None


def _points(questionnaire: Questionnaire, question: str, choice: str) -> Fraction | None:
    return {item.key: item.points for item in questionnaire.question(question).choices}[choice]


def _moved(
    question: QuestionResult, points: Mapping[str, Fraction | None], reached: Mapping[str, str]
) -> QuestionResult:
    if question.key not in points:
        return question
    if question.state != QuestionState.SCORED:
        raise ValueError(f"question {question.key!r} has no score to improve")
    at_level = None if question.nearest is None else reached[question.key]
    score = points[question.key]
    return replace(question, score=score, views_differ=False, lowest=None, highest=None, nearest=at_level)
