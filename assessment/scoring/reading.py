"""The public report.json read back and checked: values to score again, and the result as it was published."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from assessment.scoring import (
    VERSIONS,
    Answer,
    AnswerState,
    Criterion,
    DimensionResult,
    DimensionState,
    Mode,
    Question,
    Questionnaire,
    QuestionResult,
    QuestionState,
    Range,
    Response,
    Standing,
)
from assessment.scoring.nodes import Node, read_unique
from assessment.scoring.outline import EFFORTS, read_questionnaire
from assessment.scoring.publishing import BY_LEVEL

OPTIONAL = ("narrowing", "contradictions", "plan", "criteria", "foundations", "after_plan")


@dataclass(frozen=True, slots=True)
class Report:
    """What a report.json holds: `responses` is None where it holds none, `version` that of the rules it was made by.

    The criteria of the questionnaire are those that the published result names.
    """

    questionnaire: Questionnaire
    responses: tuple[Response, ...] | None
    mode: Mode
    result: Mapping[str, Any]
    version: int


def read_report(data: object) -> Report:
    """What a report.json holds.

    `data` is what a JSON parser made of report.json. A report without `mode` is solo when it holds responses, else
    open; `rules` may be left out, and of the result what `OPTIONAL` names. With `questions_by` "level" it holds the
    level of each question and no score (see `publishing.report_data`). Raises ValueError, naming the path, for
    anything else missing, of another type or out of range, and for keys the questionnaire does not have.
    """
    root = Node(data)
    version = root.member("scoring_version").integer()
    if version not in VERSIONS:
        known = " and ".join(map(str, VERSIONS))
        root.member("scoring_version").fail(f"only versions {known} of the rules can be recomputed here")
    questionnaire = read_questionnaire(root.member("questionnaire"), version=version)
    responses = root.member("responses").unless_null(lambda node: _responses(node, questionnaire))
    mode = _mode(root.optional("mode"), responses)
    result = root.member("result")
    _check_result(result, questionnaire, _by_level(root, responses))
    if criteria := result.optional("criteria"):
        questionnaire = replace(
            questionnaire, criteria=read_unique(criteria.items(), _criterion, lambda read: read.key)
        )
    published = {key: node.value for key, node in result.members().items()}
    return Report(questionnaire, responses, mode, published, version)


def holds_levels(data: object) -> bool:
    """Whether a report that was read holds levels of questions in the place of their scores."""
    return isinstance(data, dict) and "questions_by" in data


def _by_level(root: Node, responses: tuple[Response, ...] | None) -> bool:
    node = root.optional("questions_by")
    if node is None:
        return False
    node.one_of([BY_LEVEL])
    if responses is not None:
        node.fail("a report that holds responses holds the scores of its questions")
    return True


def read_dimension_results(result: Mapping[str, Any]) -> tuple[DimensionResult, ...]:
    """The dimension results in a published result, their numbers as published; errors are those of `read_report`."""
    return tuple(_dimension_result(item) for item in Node(dict(result), "result").member("dimensions").items())


def read_question_results(result: Mapping[str, Any]) -> tuple[QuestionResult, ...]:
    """The question results in a published result; ValueError, naming the path, when one is not well formed."""
    nodes = Node(dict(result), "result").member("questions").items()
    return read_unique(nodes, _question_result, lambda question: question.key)


def _mode(node: Node | None, responses: tuple[Response, ...] | None) -> Mode:
    if node is None:
        return Mode.OPEN if responses is None else Mode.SOLO
    mode = Mode(node.one_of(list(Mode)))
    if responses is not None and mode != Mode.SOLO:
        node.fail("only a solo report may hold responses")
    return mode


def _responses(node: Node, questionnaire: Questionnaire) -> tuple[Response, ...]:
    """The one response of a solo report."""
    items = node.items()
    if len(items) != 1:
        node.fail("a report holds exactly one response, or null")
    questions = {question.key: question for dimension in questionnaire.dimensions for question in dimension.questions}
    return tuple(_response(item, questions) for item in items)


def _response(node: Node, questions: Mapping[str, Question]) -> Response:
    answers = {}
    for key, answer in node.member("answers").members().items():
        if key not in questions:
            answer.fail(f"there is no question {key!r}")
        answers[key] = _answer(answer, questions[key])
    return Response(node.member("role").text(), answers)


def _answer(node: Node, question: Question) -> Answer:
    state = AnswerState(node.member("state").one_of(list(AnswerState)))
    choices = node.member("choices")
    known = {choice.key for choice in question.choices}
    keys = read_unique(choices.items(), lambda item: item.one_of(known), str)
    if state != AnswerState.ANSWERED and keys:
        choices.fail(f"must be empty when the answer is {state.value!r}")
    if state == AnswerState.ANSWERED and question.kind == "single" and len(keys) != 1:
        choices.fail("must hold exactly one choice")
    return Answer(state, keys)


def _check_result(node: Node, questionnaire: Questionnaire, by_level: bool) -> None:
    """That a published result has its parts, each of the right type, and one entry per scored question."""
    node.member("score").unless_null(Node.points)
    for key in ("level", "level_by_score"):
        node.member(key).unless_null(_level)
    node.member("range").unless_null(_check_range)
    dimensions = read_unique(node.member("dimensions").items(), _dimension_result, lambda dimension: dimension.key)
    _check_texts(node.member("held_by"))
    if plan := node.optional("plan"):
        for item in plan.items():
            _check_step(item)
    for key in ("narrowing", "contradictions", "foundations"):
        if texts := node.optional(key):
            _check_texts(texts)
    asked = {question.key: question for question in questionnaire.scored_questions}
    items = node.member("questions").items()
    if by_level:
        keys = read_unique(items, lambda item: _question_level(item, asked), str)
        _check_dimensions(node.member("dimensions"), [dimension.key for dimension in dimensions], questionnaire)
    else:
        keys = tuple(question.key for question in read_unique(items, _question_result, lambda question: question.key))
    _check_same(node.member("questions"), keys, list(asked))


def _check_dimensions(node: Node, keys: Collection[str], questionnaire: Questionnaire) -> None:
    """What starts from the dimensions needs the scored ones, in their order."""
    if list(keys) != [dimension.key for dimension in questionnaire.scored_dimensions]:
        node.fail("must be the scored dimensions of the questionnaire, in their order")


def _check_same(node: Node, keys: Collection[str], expected: Collection[str]) -> None:
    for key in keys:
        if key not in expected:
            node.fail(f"{key!r} is no scored question")
    for key in expected:
        if key not in keys:
            node.fail(f"question {key!r} is missing")


def _check_texts(node: Node) -> None:
    for item in node.items():
        item.text()


def _level(node: Node) -> int:
    level = node.integer()
    if not 1 <= level <= 5:
        node.fail("must be a level, 1 to 5")
    return level


def _check_range(node: Node) -> Range:
    return Range(node.member("low").points(), node.member("high").points())


def _dimension_result(node: Node) -> DimensionResult:
    key, state = node.member("key").text(), DimensionState(node.member("state").one_of(list(DimensionState)))
    score = node.member("score").unless_null(Node.points)
    level = node.member("level").unless_null(_level)
    coverage = node.member("coverage").unless_null(Node.number)
    return DimensionResult(key, state, score, level, coverage, node.member("range").unless_null(_check_range))


def _criterion(node: Node) -> Criterion:
    node.member("standing").one_of(list(Standing))
    node.member("score").unless_null(Node.points)
    return Criterion(node.member("key").text(), node.member("edition").integer(), node.member("kind").text())


def _check_step(node: Node) -> None:
    node.member("question").text()
    node.member("to").text()
    node.member("gain").number()
    node.member("effort").unless_null(lambda effort: effort.one_of(EFFORTS))
    node.member("score_after").number()


def _question_result(node: Node) -> QuestionResult:
    state = QuestionState(node.member("state").one_of(list(QuestionState)))
    score = node.member("score").unless_null(_exact_points)
    if (score is not None) != (state == QuestionState.SCORED):
        node.fail(f"a question that is {state.value!r} has {'a' if score is None else 'no'} score")
    lowest, highest = (
        end.unless_null(_exact_points) if (end := node.optional(key)) else None for key in ("lowest", "highest")
    )
    return QuestionResult(
        node.member("key").text(), state, score, node.member("views_differ").boolean(), lowest, highest
    )


def _question_level(node: Node, asked: Mapping[str, Question]) -> str:
    """The key of a question of which the level is published and no score; what is said of it is checked."""
    state, key = node.member("state").one_of(list(QuestionState)), node.member("key").one_of(asked)
    node.member("views_differ").boolean()
    choices = {choice.key for choice in asked[key].choices}
    nearest = node.member("nearest").unless_null(lambda item: item.one_of(choices))
    if (nearest is not None) != (state == QuestionState.SCORED):
        node.fail(f"a question that is {state!r} has {'a' if nearest is None else 'no'} level")
    if "score" in node.members():
        node.fail("a report by level holds no score of a question")
    return key


def _exact_points(node: Node) -> Fraction:
    return node.within(node.fraction())
