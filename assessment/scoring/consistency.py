"""Answers that contradict each other, as the questionnaire's consistency rules name them; never a matter of score."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from assessment.scoring import Condition, Mode, Question, Questionnaire, Response, Rule
from assessment.scoring.answers import PRIVACY_FLOOR, fewest_answers, points_chosen


def contradictions(
    questionnaire: Questionnaire, responses: Sequence[Response], *, mode: Mode, floor: int = PRIVACY_FLOOR
) -> tuple[str, ...]:
    """The keys of the rules to raise with the team, in questionnaire order.

    The rule (scoring/README.md, "Contradictions"): a rule holds for a response when all its conditions are true of the points
    (0..100) it gave; a question without a chosen answer makes none true. It is reported when it holds for at least a
    quarter of the responses, in a confidential round also for at least `floor`, owners not counted. Raises
    ValueError for an answer that is not a choice of its question.
    """
    questions = {question.key: question for question in questionnaire.scored_questions}
    fewest = fewest_answers(mode, floor)
    found = []
    for rule in questionnaire.rules:
        holding = [response for response in responses if _holds(rule, response, questions)]
        others = [response for response in holding if mode != Mode.CONFIDENTIAL or not response.owner]
        if len(others) >= fewest and 4 * len(holding) >= len(responses):
            found.append(rule.key)
    return tuple(found)


def _holds(rule: Rule, response: Response, questions: Mapping[str, Question]) -> bool:
    return all(_is_true(condition, _points(condition, response, questions)) for condition in rule.when)


def _points(condition: Condition, response: Response, questions: Mapping[str, Question]) -> Fraction | None:
    question = questions.get(condition.question)
    return points_chosen(question, response.answers.get(question.key)) if question else None


def _is_true(condition: Condition, points: Fraction | None) -> bool:
    if points is None:
        return False
    above = condition.at_least is None or points >= condition.at_least
    return above and (condition.at_most is None or points <= condition.at_most)
