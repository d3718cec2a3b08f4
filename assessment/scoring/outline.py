"""The questionnaire of a report.json, read back into values and checked."""

from collections.abc import Collection
from fractions import Fraction
from typing import get_args

from assessment.scoring import Choice, Condition, Dimension, Effort, Kind, Question, Questionnaire, Rule
from assessment.scoring.nodes import Node, read_unique

KINDS: dict[str, Kind] = {kind: kind for kind in get_args(Kind)}
EFFORTS: dict[str, Effort] = {effort: effort for effort in get_args(Effort)}


def read_questionnaire(node: Node) -> Questionnaire:
    """The questionnaire at this place.

    Raises ValueError, naming the path, for what is missing, of another type, out of range, named twice, or names a
    question that is not there.
    """
    dimensions = read_unique(node.member("dimensions").items(), _dimension, lambda dimension: dimension.key)
    keys = [question.key for dimension in dimensions for question in dimension.questions]
    known = set(keys)
    if len(known) < len(keys):
        node.member("dimensions").fail("two questions have the same key")
    for dimension in node.member("dimensions").items():
        for question in dimension.member("questions").items():
            for needed in question.member("needs").items():
                needed.one_of(known)
    rules = node.optional("rules")
    found = read_unique(rules.items(), lambda item: _rule(item, known), lambda rule: rule.key) if rules else ()
    return Questionnaire(node.member("key").text(), node.member("version").integer(), dimensions, found)


def _dimension(node: Node) -> Dimension:
    scored = node.member("scored").boolean()
    questions = node.member("questions").items()
    return Dimension(
        key=node.member("key").text(),
        scored=scored,
        weight=_weight(node.member("weight"), scored=scored),
        questions=read_unique(questions, lambda item: _question(item, scored=scored), lambda question: question.key),
    )


def _question(node: Node, *, scored: bool) -> Question:
    kind = KINDS[node.member("kind").one_of(KINDS)]
    if scored and kind != "single":
        node.member("kind").fail("a scored question has kind 'single'")
    choices = node.member("choices").items()
    return Question(
        key=node.member("key").text(),
        kind=kind,
        weight=_weight(node.member("weight"), scored=scored),
        allows_not_applicable=node.member("allows_not_applicable").boolean(),
        needs=tuple(item.text() for item in node.member("needs").items()),
        effort=node.member("effort").unless_null(lambda item: EFFORTS[item.one_of(EFFORTS)]),
        choices=read_unique(choices, lambda item: _choice(item, scored=scored), lambda choice: choice.key),
    )


def _weight(node: Node, *, scored: bool) -> Fraction:
    weight = node.number()
    if weight < 0 or (scored and weight == 0):
        node.fail("must be positive")
    return weight


def _choice(node: Node, *, scored: bool) -> Choice:
    points = node.member("points")
    exclusive = node.optional("exclusive")
    return Choice(
        key=node.member("key").text(),
        points=points.points() if scored else points.unless_null(Node.points),
        exclusive=exclusive.boolean() if exclusive else False,
    )


def _rule(node: Node, known: Collection[str]) -> Rule:
    conditions = node.member("when").items()
    return Rule(node.member("key").text(), tuple(_condition(item, known) for item in conditions))


def _condition(node: Node, known: Collection[str]) -> Condition:
    return Condition(
        question=node.member("question").one_of(known),
        at_least=node.member("at_least").unless_null(Node.points),
        at_most=node.member("at_most").unless_null(Node.points),
    )
