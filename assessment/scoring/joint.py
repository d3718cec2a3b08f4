"""The joint result of a round that was published more than once, so that no two publications tell what few people said."""

from collections.abc import Sequence

from assessment.scoring import SCORING_VERSION, Mode, Questionnaire, QuestionResult, QuestionState, Response, Result
from assessment.scoring.answers import PRIVACY_FLOOR, fewest_answers, points_chosen
from assessment.scoring.score import from_questions, score


def published_again(
    questionnaire: Questionnaire,
    before: Result,
    everybody: Sequence[Response],
    *,
    new: Sequence[Response],
    floor: int = PRIVACY_FLOOR,
    version: int = SCORING_VERSION,
) -> Result:
    """The next result (0..100, levels 1..5) of a confidential round that published `before`; `new` are part of everybody.

    The rule (scoring/README.md, "After reopening"): nobody is shown two publications whose difference
    rests on fewer than `floor` responses. So a question that had a score keeps it, and a contradiction stays as
    it was, unless at least as many new responses, owners' not counted, chose an answer to it, to all its questions. A
    question that would have no score any more keeps the one it had: unscored, it never had one, whatever was erased
    since, and its first figure can be compared with none. Errors are those of `score`.
    """
    now = score(questionnaire, everybody, mode=Mode.CONFIDENTIAL, floor=floor)
    others = [response for response in new if not response.owner]
    fewest = fewest_answers(Mode.CONFIDENTIAL, floor)
    questions = [
        anew if _may_move(then, anew, answers=_answers(questionnaire, {then.key}, others), fewest=fewest) else then
        for then, anew in zip(before.questions, now.questions, strict=True)
    ]
    told = {
        rule.key: _answers(questionnaire, {item.question for item in rule.when}, others) >= fewest
        for rule in questionnaire.rules
    }
    rules = tuple(key for key, anew in told.items() if key in (now if anew else before).contradictions)
    return from_questions(questionnaire, questions, contradictions=rules, version=version)


def _may_move(then: QuestionResult, anew: QuestionResult, *, answers: int, fewest: int) -> bool:
    return then.state != QuestionState.SCORED or (anew.state == QuestionState.SCORED and answers >= fewest)


def _answers(questionnaire: Questionnaire, keys: set[str], responses: Sequence[Response]) -> int:
    """How many of the responses chose an answer to each of these scored questions."""
    questions = [question for question in questionnaire.scored_questions if question.key in keys]
    return sum(
        len(questions) == len(keys)
        and all(points_chosen(question, response.answers.get(question.key)) is not None for question in questions)
        for response in responses
    )
