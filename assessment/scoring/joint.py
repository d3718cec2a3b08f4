"""The joint result of a round that was published more than once, so that no two publications tell what few people said."""

from collections.abc import Sequence
from dataclasses import replace

from assessment.scoring.answers import PRIVACY_FLOOR, points_chosen
from assessment.scoring.score import from_questions, score
from assessment.scoring.values import Mode, Question, Questionnaire, QuestionState, Response, Result


def published(
    questionnaire: Questionnaire, batches: Sequence[Sequence[Response]], *, mode: Mode, floor: int = PRIVACY_FLOOR
) -> Result:
    """The result after the last of several publications; each batch holds the responses that one publication added.

    The rule (scoring.md, "Solo, open and confidential rounds"): nobody is shown two publications whose difference
    rests on fewer than max(4, floor) responses. So in a confidential round a question that had a score keeps it, and a
    contradiction stays as it was, unless at least as many new responses, owners' not counted, chose an answer. Other
    rounds are computed anew from all responses. Errors are those of `score`.
    """
    everybody: list[Response] = []
    result: Result | None = None
    for batch in batches:
        everybody += batch
        now = score(questionnaire, everybody, mode=mode, floor=floor)
        if result is not None and mode == Mode.CONFIDENTIAL:
            now = _held(questionnaire, result, now, enough=_enough(questionnaire, batch, max(PRIVACY_FLOOR, floor)))
        result = now
    if result is None:
        raise ValueError("there is no response to score")
    return result


def _enough(questionnaire: Questionnaire, batch: Sequence[Response], fewest: int) -> set[str]:
    """The questions to which enough of these responses, owners' not counted, chose an answer."""
    others = [response for response in batch if not response.owner]
    return {question.key for question in questionnaire.scored_questions if _answers(question, others) >= fewest}


def _answers(question: Question, responses: Sequence[Response]) -> int:
    return sum(points_chosen(question, response.answers.get(question.key)) is not None for response in responses)


def _held(questionnaire: Questionnaire, before: Result, now: Result, *, enough: set[str]) -> Result:
    questions = [
        old if old.state == QuestionState.SCORED and old.key not in enough else new
        for old, new in zip(before.questions, now.questions, strict=True)
    ]
    told = {rule.key: {condition.question for condition in rule.when} <= enough for rule in questionnaire.rules}
    rules = tuple(key for key, new in told.items() if key in (now if new else before).contradictions)
    return replace(from_questions(questionnaire, questions), contradictions=rules)
