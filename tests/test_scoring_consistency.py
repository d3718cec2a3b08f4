"""Contradictions: when a rule holds, and from how many responses on it is reported."""

import pytest

from assessment.scoring import Mode
from assessment.scoring.score import contradictions, score
from tests.scoring_cases import (
    NOT_APPLICABLE,
    UNKNOWN,
    context,
    dimension,
    question,
    questionnaire,
    real_questionnaire,
    respond,
    rule,
)

ASKED = questionnaire(
    context(1),
    dimension("d", question("a"), question("b")),
    rules=[rule("high-without-low", ("a", 75, None), ("b", None, 25))],
)
HOLDS, DOES_NOT = respond(a=3, b=1), respond(a=2, b=1)


def found(*responses, mode=Mode.SOLO, floor=5):
    return contradictions(ASKED, responses, mode=mode, floor=floor)


@pytest.mark.parametrize(("a", "b", "holds"), [(3, 1, True), (4, 0, True), (2, 1, False), (3, 2, False)])
def test_a_rule_holds_when_both_thresholds_are_met_ends_included(a, b, holds):
    assert bool(found(respond(a=a, b=b))) is holds


@pytest.mark.parametrize("silent", [UNKNOWN, NOT_APPLICABLE])
def test_a_rule_does_not_hold_without_a_chosen_answer(silent):
    assert found(respond(a=3, b=silent)) == ()
    assert found(respond(a=3)) == ()


def test_a_rule_on_a_question_that_is_not_scored_never_holds():
    asked = questionnaire(*ASKED.dimensions, rules=[rule("odd", ("a", 75, None), ("context-1", None, 100))])
    assert contradictions(asked, [HOLDS], mode=Mode.SOLO) == ()


def test_a_joint_report_names_a_rule_from_a_quarter_of_the_responses_on():
    assert found(HOLDS, *[DOES_NOT] * 3, mode=Mode.OPEN) == ("high-without-low",)
    assert found(HOLDS, *[DOES_NOT] * 4, mode=Mode.OPEN) == ()


def test_a_confidential_report_names_a_rule_from_five_responses_on():
    assert found(*[HOLDS] * 4, DOES_NOT, mode=Mode.CONFIDENTIAL, floor=1) == ()
    assert found(*[HOLDS] * 5, *[DOES_NOT] * 15, mode=Mode.CONFIDENTIAL) == ("high-without-low",)
    assert found(*[HOLDS] * 5, *[DOES_NOT] * 16, mode=Mode.CONFIDENTIAL) == ()
    assert found(*[HOLDS] * 5, mode=Mode.CONFIDENTIAL, floor=6) == ()
    assert found(*[HOLDS] * 4, mode=Mode.CONFIDENTIAL, floor=4) == ("high-without-low",), "as it was published once"


def test_a_contradiction_changes_no_score():
    silent = questionnaire(*ASKED.dimensions)
    assert score(ASKED, [HOLDS]).contradictions == ("high-without-low",)
    assert score(ASKED, [HOLDS]).dimensions == score(silent, [HOLDS]).dimensions


def test_the_rules_of_the_shipped_questionnaire_name_scored_questions():
    asked = real_questionnaire()
    keys = {question.key for question in asked.scored_questions}
    assert len(asked.rules) == 14
    assert all(len(item.when) == 2 and {c.question for c in item.when} <= keys for item in asked.rules)
