"""The questionnaire of a report.json, read back into values and checked."""

from collections.abc import Callable, Collection
from dataclasses import replace
from fractions import Fraction
from functools import partial
from typing import get_args

from assessment.scoring import Choice, Condition, Dimension, Effort, Kind, Question, Questionnaire, Rule
from assessment.scoring.nodes import Node, read_unique
from assessment.scoring.plan import HALF_WAY

KINDS: dict[str, Kind] = {kind: kind for kind in get_args(Kind)}
EFFORTS: dict[str, Effort] = {effort: effort for effort in get_args(Effort)}


def read_questionnaire(node: Node, *, version: int) -> Questionnaire:
    """The questionnaire at this place, as reports by this version of the rules hold it.

    Raises ValueError, naming the path, for what is missing, of another type, out of range, named twice, or names a
    question that is not there.
    """
    items = node.member("dimensions").items()
    read = partial(_dimension, question=_first_question if version == 1 else _question)
    dimensions = read_unique(items, read, lambda dimension: dimension.key)
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


def _dimension(node: Node, question: Callable[..., Question]) -> Dimension:
    scored = node.member("scored").boolean()
    questions = node.member("questions").items()
    return Dimension(
        key=node.member("key").text(),
        scored=scored,
        weight=_weight(node.member("weight"), scored=scored),
        questions=read_unique(questions, lambda item: question(item, scored=scored), lambda read: read.key),
    )


def _asked(node: Node, *, scored: bool) -> Question:
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
        choices=read_unique(choices, lambda item: _choice(item, scored=scored), lambda choice: choice.key),
    )


def _first_question(node: Node, *, scored: bool) -> Question:
    """A question of version 1, whose effort is that of each choice that a step can lead to."""
    question = _asked(node, scored=scored)
    effort = node.member("effort").unless_null(_effort)
    choices = (
        replace(choice, effort=effort) if choice.points is not None and choice.points >= HALF_WAY else choice
        for choice in question.choices
    )
    return replace(question, choices=tuple(choices))


def _question(node: Node, *, scored: bool) -> Question:
    return replace(
        _asked(node, scored=scored),
        foundation=node.member("foundation").boolean(),
        findings=tuple(item.text() for item in node.member("criteria").items()),
    )


def _effort(node: Node) -> Effort:
    return EFFORTS[node.one_of(EFFORTS)]


def _weight(node: Node, *, scored: bool) -> Fraction:
    weight = node.number()
    if weight < 0 or (scored and weight == 0):
        node.fail("must be positive")
    return weight


def _choice(node: Node, *, scored: bool) -> Choice:
    points = node.member("points")
    exclusive, effort = node.optional("exclusive"), node.optional("effort")
    return Choice(
        key=node.member("key").text(),
        points=points.points() if scored else points.unless_null(Node.points),
        exclusive=exclusive.boolean() if exclusive else False,
        effort=_effort(effort) if effort else None,
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
