"""What a result would be if some questions reached better choices, all else staying as it is."""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

from assessment.scoring.score import from_questions
from assessment.scoring.values import Questionnaire, QuestionResult, QuestionState, Result


def suppose(questionnaire: Questionnaire, result: Result, reached: Mapping[str, str]) -> Result:
    """The result if these questions (keys) reached these choices (keys): their points count, 0..100, whoever answered.

    Only a question that has a score can reach another choice. Computed as the result itself was, from its question scores
    on, so that the step of a plan gives the score the plan promises (scoring.md, "Kept promise"). Raises ValueError for a
    question without a score, KeyError for an unknown question or choice.
    """
    points = {key: _points(questionnaire, key, choice) for key, choice in reached.items()}
    if unknown := points.keys() - {question.key for question in result.questions}:
        raise KeyError(min(unknown))
    moved = [_moved(question, points) for question in result.questions]
    return from_questions(questionnaire, moved, contradictions=result.contradictions)


def _points(questionnaire: Questionnaire, question: str, choice: str) -> Fraction | None:
    return {item.key: item.points for item in questionnaire.question(question).choices}[choice]


def _moved(question: QuestionResult, points: Mapping[str, Fraction | None]) -> QuestionResult:
    if question.key not in points:
        return question
    if question.state != QuestionState.SCORED:
        raise ValueError(f"question {question.key!r} has no score to improve")
    return replace(question, score=points[question.key], views_differ=False, lowest=None, highest=None)
