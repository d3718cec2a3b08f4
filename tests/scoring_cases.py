"""Questionnaires and rounds for the tests of scoring: small builders, and Hypothesis strategies for any of them."""

from dataclasses import replace
from fractions import Fraction
from functools import cache
from pathlib import Path

import yaml
from hypothesis import strategies as st

from assessment.scoring import (
    Answer,
    AnswerState,
    Choice,
    Condition,
    Criterion,
    Dimension,
    Mode,
    Question,
    Questionnaire,
    Response,
    Rule,
)

CONTENT = Path(__file__).parent.parent / "assessment" / "content" / "questionnaire.yaml"
FIVE = (0, 25, 50, 75, 100)
UNKNOWN = Answer(AnswerState.UNKNOWN)
NOT_APPLICABLE = Answer(AnswerState.NOT_APPLICABLE)


def question(key, *, weight=1, points=FIVE, needs=(), effort="S", foundation=False, findings=()):
    """A scored question whose choices are keyed c0, c1, ... with these points; each of 50 or more with this effort, or
    the one of a mapping from points.
    """
    choices = []
    for index, value in enumerate(map(Fraction, points)):
        own = effort.get(value) if isinstance(effort, dict) else effort
        choices.append(Choice(f"c{index}", value, effort=own if value >= 50 else None))
    return Question(key, "single", Fraction(weight), True, tuple(needs), tuple(choices), foundation, tuple(findings))


def dimension(key, *questions, weight=1, scored=True):
    return Dimension(key, scored, Fraction(weight), questions)


def questionnaire(*dimensions, rules=(), criteria=()):
    return Questionnaire("test", 1, dimensions, tuple(rules), tuple(criteria))


def rule(key, *conditions):
    """Conditions as (question, at_least, at_most)."""
    exact = [None if value is None else Fraction(value) for _, *ends in conditions for value in ends]
    ends = zip(exact[::2], exact[1::2], strict=True)
    return Rule(key, tuple(Condition(c[0], low, high) for c, (low, high) in zip(conditions, ends, strict=True)))


def choose(number):
    """The answer that chooses choice number `number`."""
    return Answer(AnswerState.ANSWERED, (f"c{number}",))


def respond(role="marketing", owner=False, **answers):
    """A response; choices by number, question keys with _ for -."""
    given = {key.replace("_", "-"): choose(a) if isinstance(a, int) else a for key, a in answers.items()}
    return Response(role, given, owner)


def exact(value):
    return None if value is None else Fraction(str(value))


@cache
def shipped_values():
    """The plain values of the questionnaire's file, read by PyYAML alone."""
    return plain(CONTENT.read_bytes())


def plain(text):
    """The plain values of a YAML text."""
    return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # C is ten times faster


def real_questionnaire():
    """The questionnaire the product ships."""
    content = shipped_values()
    rules = [
        Rule(
            item["key"],
            tuple(Condition(c["question"], exact(c.get("at_least")), exact(c.get("at_most"))) for c in item["when"]),
        )
        for item in content["consistency"]
    ]
    return Questionnaire(content["key"], 1, tuple(map(real_dimension, content["dimensions"])), tuple(rules))


def real_dimension(item):
    questions = tuple(map(real_question, item["questions"]))
    return Dimension(item["key"], item["scored"], exact(item.get("weight", 0)), questions)


def real_question(item):
    effort = item.get("recommendation", {}).get("effort")
    choices = []
    for choice in item["choices"]:
        points = exact(choice.get("points"))
        own = choice.get("step", {}).get("effort", effort)
        is_reachable = points is not None and points >= 50
        choices.append(Choice(choice["key"], points, choice.get("exclusive", False), own if is_reachable else None))
    return Question(
        item["key"],
        item["kind"],
        exact(item.get("weight", 0)),
        item["allows_not_applicable"],
        tuple(item.get("needs", ())),
        tuple(choices),
        item.get("foundation", False),
        tuple(item.get("findings", ())),
    )


weights = st.one_of(st.integers(1, 3), st.fractions(min_value=Fraction(1, 7), max_value=9, max_denominator=7)).map(
    Fraction
)
inner_points = st.one_of(st.sampled_from(FIVE), st.fractions(min_value=0, max_value=100, max_denominator=6)).map(
    Fraction
)


KEYS = ("cr-1", "cr-2", "cr-3", "figure")
efforts = st.sampled_from(["S", "M", "L", None])


def criteria():
    """Three of the findings that questions may carry, and one that none does."""
    kinds = st.sampled_from(["gap", "progress", "practice", "outlook"])
    made = [st.builds(Criterion, st.just(key), st.sampled_from([2016, 2017]), kinds) for key in (*KEYS[:3], "cr-none")]
    return st.tuples(*made)


@st.composite
def questions(draw, key, earlier, efforts_differ=True):
    """Any publishable scored question: a choice worth 0, one worth 100, any others in any order."""
    inner = draw(st.one_of(st.just([Fraction(25), Fraction(50), Fraction(75)]), st.lists(inner_points, max_size=4)))
    points = draw(st.permutations([Fraction(0), *inner, Fraction(100)])) if draw(st.booleans()) else [0, *inner, 100]
    needs = draw(st.lists(st.sampled_from(earlier), max_size=2, unique=True)) if earlier else []
    effort = draw(efforts)
    if efforts_differ and draw(st.booleans()):
        effort = {Fraction(value): draw(efforts) for value in points}
    return question(
        key,
        weight=draw(weights),
        points=points,
        needs=needs,
        effort=effort,
        foundation=draw(st.sampled_from([False, False, True])),
        findings=draw(st.lists(st.sampled_from(KEYS), max_size=2, unique=True)),
    )


def context(number):
    """A dimension that is not scored, with a question of several choices."""
    choices = (Choice("c0", None), Choice("c1", None), Choice("none", None, exclusive=True))
    asked = Question(f"context-{number}", "multiple", Fraction(number), False, (), choices)
    return Dimension(f"context-{number}", False, Fraction(0), (asked,))


@st.composite
def questionnaires(draw, fewest=1, efforts_differ=True):
    """Any questionnaire of up to five scored dimensions, some others between them, prerequisites, rules and criteria."""
    dimensions, keys = [], []
    for number in range(draw(st.integers(fewest, 5))):
        names = [f"q{number}-{index}" for index in range(draw(st.integers(1, 4)))]
        asked = []
        for name in names:
            asked.append(draw(questions(name, keys, efforts_differ)))
            keys.append(name)
        dimensions.append(Dimension(f"d{number}", True, draw(weights), tuple(asked)))
    for number in range(draw(st.integers(0, 2))):
        dimensions.insert(draw(st.integers(0, len(dimensions))), context(number))
    return Questionnaire("any", draw(st.integers(1, 9)), tuple(dimensions), draw(rules_on(keys)), draw(criteria()))


def rules_on(keys):
    ends = st.one_of(
        st.tuples(inner_points, st.none()), st.tuples(st.none(), inner_points), st.tuples(inner_points, inner_points)
    )
    conditions = st.tuples(st.sampled_from(keys), ends).map(lambda pair: Condition(pair[0], *pair[1]))
    lists = st.lists(st.tuples(conditions, conditions), max_size=3)
    return lists.map(lambda found: tuple(Rule(f"rule-{index}", when) for index, when in enumerate(found)))


@st.composite
def responses_to(draw, asked, often=None):
    """Any response: chosen answers, some don't know, not applicable or missing, at times for a whole dimension."""
    answers = {}
    for part in asked.dimensions:
        silent = draw(st.sampled_from([None, None, None, None, None, NOT_APPLICABLE, UNKNOWN])) if part.scored else None
        for item in part.questions:
            answer = silent or draw(answers_to(item, often or [3, 1, 1, 1]))
            if answer is not None:
                answers[item.key] = answer
    return Response(draw(st.sampled_from(["marketing", "sales", "hr", "other"])), answers, draw(st.booleans()))


def answers_to(item, often):
    """Chosen, not applicable, unknown or None for no answer, as often as these four numbers say."""
    keys = [choice.key for choice in item.choices]
    if item.kind == "multiple":
        chosen = st.sampled_from([("none",), ("c0",), ("c0", "c1")]).map(lambda c: Answer(AnswerState.ANSWERED, c))
    else:
        chosen = st.sampled_from(keys).map(lambda key: Answer(AnswerState.ANSWERED, (key,)))
    kinds = (chosen, st.just(NOT_APPLICABLE), st.just(UNKNOWN), st.none())
    return st.sampled_from([kind for kind, times in zip(kinds, often, strict=True) for _ in range(times)]).flatmap(
        lambda kind: kind
    )


@st.composite
def rounds(draw, fewest=1, modes=tuple(Mode), often=None, efforts_differ=True):
    """(questionnaire, responses, mode): any round; repeated responses make the floors of confidential rounds matter."""
    asked = draw(questionnaires(fewest, efforts_differ))
    mode = draw(st.sampled_from(modes))
    often = often or draw(st.sampled_from([[3, 1, 1, 1], [12, 1, 1, 0], [1, 0, 0, 0], [5, 3, 0, 0]]))
    size = 1 if mode == Mode.SOLO else draw(st.sampled_from([2, 3, 4, 5, 6, 8, 9]))
    different = draw(st.integers(1, min(size, 4)))
    found = [draw(responses_to(asked, often)) for _ in range(different)]
    return asked, [found[index % different] for index in range(size)], mode


def as_published(asked):
    """The questionnaire as a report of today's rules holds it: of findings the criteria, of criteria those carried."""
    keys = {criterion.key for criterion in asked.criteria}
    told = tuple(
        replace(
            part,
            questions=tuple(
                replace(item, findings=tuple(key for key in item.findings if key in keys)) for item in part.questions
            ),
        )
        for part in asked.dimensions
    )
    carried = {key for item in asked.scored_questions for key in item.findings}
    return replace(asked, dimensions=told, criteria=tuple(one for one in asked.criteria if one.key in carried))


def as_first_published(asked):
    """The questionnaire as a report of version 1 of the rules holds it."""
    told = tuple(
        replace(part, questions=tuple(replace(item, foundation=False, findings=()) for item in part.questions))
        for part in asked.dimensions
    )
    return replace(asked, dimensions=told, criteria=())


def with_answer(response, key, answer):
    return replace(response, answers={**response.answers, key: answer})
