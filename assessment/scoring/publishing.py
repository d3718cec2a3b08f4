"""The public report.json: questionnaire, answers and result as plain numbers and text, for anyone to check."""

from collections.abc import Callable, Collection, Iterable, Sequence
from fractions import Fraction
from functools import partial
from typing import Any

from assessment.scoring import (
    SCORING_VERSION,
    Choice,
    CriterionResult,
    Dimension,
    DimensionResult,
    Mode,
    Question,
    Questionnaire,
    QuestionResult,
    Range,
    Response,
    Result,
    Rule,
    Step,
)
from assessment.scoring.levels import shown
from assessment.scoring.plan import HALF_WAY
from assessment.scoring.supposing import after_plan

Data = dict[str, Any]
PLACES = 6
BY_LEVEL = "level"  # what `questions_by` says of a report that holds levels of questions and no scores


def report_data(
    questionnaire: Questionnaire, responses: Sequence[Response] | None, result: Result, *, mode: Mode
) -> Data:
    """All it takes to check a score by hand or by `python -m assessment.scoring report.json`.

    Only a solo report holds its response; a joint one has `responses: null` whatever is passed. Who answered, and
    whether it was an owner, is never in it. In a report of which a question shows its level only, `questions_by` is
    "level", and each question of the result has `nearest`, the key of the statement nearest to its score (null without
    a score), where others have `score`: `{"key", "state", "nearest": "<choice>", "views_differ"}`. Gains and what the
    steps give are whole points there. A report without `questions_by` holds question scores.

    By version 1 of the rules a question has an `effort`. Since version 2 its choices have one, it says whether it is a
    `foundation` and which `criteria` it carries, and the result has `criteria`, `foundations` and `after_plan`.
    """
    kept = responses if mode == Mode.SOLO else None
    by: Data = {"questions_by": BY_LEVEL} if result.levels_only else {}
    return {
        "scoring_version": result.version,
        "mode": mode.value,
        **by,
        "questionnaire": questionnaire_data(questionnaire, version=result.version),
        "responses": None if kept is None else responses_data(kept),
        "result": result_data(questionnaire, result),
    }


def questionnaire_data(questionnaire: Questionnaire, *, version: int = SCORING_VERSION) -> Data:
    """The questionnaire without its texts, as reports by this version of the rules hold it.

    Weights and points are numbers, or text such as "1/3" if no decimal fits.
    """
    question_data = _first_question_data if version == 1 else partial(_question_data, _criteria_of(questionnaire))
    return {
        "key": questionnaire.key,
        "version": questionnaire.version,
        "dimensions": [_dimension_data(dimension, question_data) for dimension in questionnaire.dimensions],
        "rules": [_rule_data(rule) for rule in questionnaire.rules],
    }


def _criteria_of(questionnaire: Questionnaire) -> set[str]:
    return {criterion.key for criterion in questionnaire.criteria}


def _dimension_data(dimension: Dimension, question_data: Callable[[Question], Data]) -> Data:
    return {
        "key": dimension.key,
        "scored": dimension.scored,
        "weight": _number(dimension.weight),
        "questions": [question_data(question) for question in dimension.questions],
    }


def _first_question_data(question: Question) -> Data:
    """A question as version 1 had it: one effort, that of the lowest choice that a step can lead to."""
    reachable = [choice for choice in question.choices if choice.points is not None and choice.points >= HALF_WAY]
    lowest = min(reachable, key=lambda choice: choice.points or 0, default=None)
    return {
        **_asked(question),
        "effort": lowest.effort if lowest else None,
        "choices": [_choice_data(choice) for choice in question.choices],
    }


def _question_data(criteria: Collection[str], question: Question) -> Data:
    efforts: list[Data] = [{"effort": choice.effort} if choice.effort else {} for choice in question.choices]
    return {
        **_asked(question),
        "foundation": question.foundation,
        "criteria": [key for key in question.findings if key in criteria],
        "choices": [
            {**_choice_data(choice), **effort} for choice, effort in zip(question.choices, efforts, strict=True)
        ],
    }


def _asked(question: Question) -> Data:
    return {
        "key": question.key,
        "kind": question.kind,
        "weight": _number(question.weight),
        "allows_not_applicable": question.allows_not_applicable,
        "needs": list(question.needs),
    }


def _choice_data(choice: Choice) -> Data:
    data: Data = {"key": choice.key, "points": _number(choice.points)}
    return {**data, "exclusive": True} if choice.exclusive else data


def _rule_data(rule: Rule) -> Data:
    conditions = [
        {"question": item.question, "at_least": _number(item.at_least), "at_most": _number(item.at_most)}
        for item in rule.when
    ]
    return {"key": rule.key, "when": conditions}


def _number(value: Fraction | None) -> int | float | str | None:
    """A weight or points as a number that reads back as the same fraction, as text where no float does."""
    if value is None or value.denominator == 1:
        return None if value is None else value.numerator
    near = float(value)
    return near if Fraction(repr(near)) == value else str(value)


def responses_data(responses: Iterable[Response]) -> list[Data]:
    """The answers, each person's with the role alone."""
    return [{"role": response.role, "answers": _answers_data(response)} for response in responses]


def _answers_data(response: Response) -> Data:
    return {
        key: {"state": answer.state.value, "choices": list(answer.choices)} for key, answer in response.answers.items()
    }


def result_data(questionnaire: Questionnaire, result: Result) -> Data:
    """The result as published: question scores exact as text, other numbers decimals of six places, absent null.

    Of a result that shows levels only the key of the nearest choice takes the place of a question's score.
    """
    since_2: Data = {} if result.version == 1 else _since_2(questionnaire, result)
    question_data = _question_level_data if result.levels_only else _question_result_data
    return {
        "score": _decimal(result.score),
        "level": result.level,
        "level_by_score": result.level_by_score,
        "held_by": list(result.held_by),
        "range": _range_data(result.range),
        "dimensions": [_dimension_result_data(dimension) for dimension in result.dimensions],
        "questions": [question_data(question) for question in result.questions],
        "plan": [_step_data(step) for step in result.plan],
        "narrowing": list(result.narrowing),
        "contradictions": list(result.contradictions),
        **since_2,
    }


def _since_2(questionnaire: Questionnaire, result: Result) -> Data:
    then = after_plan(questionnaire, result)
    score = then.score if then else None
    if score is not None and result.levels_only:
        score = Fraction(shown(score))
    return {
        "criteria": [_criterion_data(criterion) for criterion in result.criteria],
        "foundations": list(result.foundations),
        "after_plan": {"score": _decimal(score), "level": then.level} if then else None,
    }


def _criterion_data(criterion: CriterionResult) -> Data:
    return {
        "key": criterion.key,
        "edition": criterion.edition,
        "kind": criterion.kind,
        "standing": criterion.standing.value,
        "score": _decimal(criterion.score),
    }


def _decimal(value: Fraction | None) -> float | None:
    return None if value is None else float(round(value, PLACES))


def _range_data(reach: Range | None) -> Data | None:
    return None if reach is None else {"low": _decimal(reach.low), "high": _decimal(reach.high)}


def _dimension_result_data(dimension: DimensionResult) -> Data:
    return {
        "key": dimension.key,
        "state": dimension.state.value,
        "score": _decimal(dimension.score),
        "level": dimension.level,
        "coverage": _decimal(dimension.coverage),
        "range": _range_data(dimension.range),
    }


def _question_result_data(question: QuestionResult) -> Data:
    """One question; lowest and highest appear only where the result has them: in open rounds."""
    data: Data = {
        "key": question.key,
        "state": question.state.value,
        "score": None if question.score is None else str(question.score),
        "views_differ": question.views_differ,
    }
    if question.lowest is not None and question.highest is not None:
        data |= {"lowest": str(question.lowest), "highest": str(question.highest)}
    return data


def _question_level_data(question: QuestionResult) -> Data:
    return {
        "key": question.key,
        "state": question.state.value,
        "nearest": question.nearest,
        "views_differ": question.views_differ,
    }


def _step_data(step: Step) -> Data:
    return {
        "question": step.question,
        "to": step.to,
        "gain": _decimal(step.gain),
        "effort": step.effort,
        "score_after": _decimal(step.score_after),
    }
