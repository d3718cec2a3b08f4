"""What to do next: which steps, in which order, and what each promises."""

from fractions import Fraction

import pytest

from assessment.scoring import Mode
from assessment.scoring.score import score
from tests.scoring_cases import NOT_APPLICABLE, UNKNOWN, dimension, question, questionnaire, respond


def same(number, *, count, **options):
    """A dimension d<number> of so many equal questions a<number>, b<number>, ..."""
    return dimension(f"d{number}", *(question(f"{letter}{number}", **options) for letter in "abcdef"[:count]))


def answered(asked, *numbers, **others):
    """The result when every question of each dimension is answered with that dimension's number."""
    pairs = zip(asked.scored_dimensions, numbers, strict=True)
    answers = {q.key: number for part, number in pairs for q in part.questions}
    return score(asked, [respond(**(answers | others))])


def steps(result):
    return [step.question for step in result.plan]


def test_two_steps_come_from_the_weakest_two_from_the_next_one_from_the_third():
    asked = questionnaire(*(same(number, count=4) for number in range(4)))
    assert steps(answered(asked, 3, 2, 0, 1)) == ["a2", "b2", "a3", "b3", "a1"]


def test_equally_weak_dimensions_are_taken_in_questionnaire_order():
    asked = questionnaire(*(same(number, count=4) for number in range(3)))
    assert steps(answered(asked, 1, 1, 1)) == ["a0", "b0", "a1", "b1", "a2"]


def test_when_fewer_are_found_the_weakest_are_asked_again_one_each():
    asked = questionnaire(*(same(number, count=3) for number in range(4)))
    none = NOT_APPLICABLE
    result = answered(asked, 0, 1, 2, 3, b1=none, c1=none, b2=none, c2=none)
    assert steps(result) == ["a0", "b0", "a1", "a2", "c0"]
    asked = questionnaire(same(0, count=1), same(1, count=1), same(2, count=1), same(3, count=2))
    assert steps(answered(asked, 0, 1, 2, 3)) == ["a0", "a1", "a2", "a3", "b3"]


def test_the_plan_ends_when_no_candidate_is_left():
    asked = questionnaire(*(same(number, count=1) for number in range(3)))
    assert steps(answered(asked, 4, 3, 4)) == ["a1"]
    assert steps(answered(asked, 4, 4, 4)) == []


def test_inside_a_dimension_gain_for_effort_comes_first():
    mixed = dimension(
        "d",
        question("large", weight=3, effort="L"),
        question("medium", weight=3, effort="M"),
        question("none-stated", weight="3.1", effort=None),
        question("small", weight=2, effort="S"),
    )
    asked = questionnaire(mixed, same(1, count=1), same(2, count=1))
    assert steps(answered(asked, 1, 4, 4)) == ["small", "none-stated", "medium", "large"]


def test_foundations_below_half_come_first_then_what_is_below_half_then_the_rest():
    mixed = dimension(
        "d",
        question("good", weight=9, foundation=True),
        question("rest", weight=8),
        question("weak", weight=2),
        question("base", foundation=True, effort="L"),
        question("other-base", weight=2, foundation=True, effort="L"),
    )
    asked = questionnaire(mixed, same(1, count=1), same(2, count=1))
    given = {"good": 2, "rest": 3, "weak": 1, "base": 1, "other-base": 1}
    assert steps(answered(asked, 1, 4, 4, **given)) == ["other-base", "base", "weak", "good", "rest"]
    by_first_rules = score(asked, [respond(**given, a1=4, a2=4)], version=1)
    assert steps(by_first_rules) == ["good", "rest", "weak", "other-base", "base"]


@pytest.mark.parametrize(("number", "turn"), [(1, "base"), (2, "weak")])
def test_a_foundation_counts_as_missing_below_half_alone(number, turn):
    mixed = dimension("d", question("weak", weight=3), question("base", foundation=True))
    asked = questionnaire(mixed, same(1, count=1), same(2, count=1))
    assert steps(answered(asked, 1, 4, 4, base=number))[0] == turn


def test_the_effort_of_a_step_is_that_of_the_choice_it_leads_to():
    mixed = dimension("d", question("dear", effort={50: "L", 75: "S"}), question("cheap", effort={50: "S", 75: "L"}))
    asked = questionnaire(mixed, same(1, count=1), same(2, count=1))
    assert [(step.question, step.effort) for step in answered(asked, 1, 4, 4).plan] == [("cheap", "S"), ("dear", "L")]
    assert [(step.question, step.effort) for step in answered(asked, 2, 4, 4).plan] == [("dear", "S"), ("cheap", "L")]


def test_foundations_below_half_that_are_not_in_the_plan_are_named_in_order():
    first = dimension("d", *(question(key, foundation=True) for key in "abcdefg"), question("h", foundation=True))
    blocked = dimension("e", question("i", foundation=True, needs=["h"]), question("j"))
    asked = questionnaire(first, blocked, same(2, count=1))
    result = answered(asked, 0, 4, 4, i=1, g=UNKNOWN, f=2)
    assert steps(result) == ["a", "b", "c", "d", "e"]
    assert result.foundations == ("h", "i")


def test_at_equal_gain_for_effort_the_lower_score_comes_first_then_questionnaire_order():
    mixed = dimension("d", question("one", weight=2), question("two"), question("three", weight=2))
    asked = questionnaire(mixed, same(1, count=1), same(2, count=1))
    assert steps(answered(asked, 2, 4, 4, two=0)) == ["two", "one", "three"]


@pytest.mark.parametrize(("number", "to"), [(0, "c2"), (1, "c2"), (2, "c3"), (3, "c4")])
def test_a_step_goes_to_the_lowest_better_choice_worth_at_least_half(number, to):
    result = answered(questionnaire(*(same(n, count=1) for n in range(3))), number, 4, 4)
    assert [step.to for step in result.plan] == [to]


def test_a_step_skips_better_choices_below_half_in_any_order_of_choices():
    odd = question("odd", points=[100, 49, 0, "66.5", 50])
    asked = questionnaire(dimension("d", odd), same(1, count=1), same(2, count=1))
    assert [step.to for step in answered(asked, 2, 4, 4).plan] == ["c4"]
    assert [step.to for step in answered(asked, 4, 4, 4).plan] == ["c3"]


def test_a_mean_between_two_choices_steps_to_the_next_one_above():
    asked = questionnaire(*(same(number, count=1) for number in range(3)))
    result = score(asked, [respond(a0=2, a1=4, a2=4), respond(a0=3, a1=4, a2=4)], mode=Mode.OPEN)
    (step,) = result.plan
    assert (step.to, step.gain) == ("c3", Fraction("12.5") / 3)


def test_the_first_move_is_printed_below_half_only():
    asked = questionnaire(*(same(number, count=1) for number in range(3)))
    assert [(step.question, step.first_move) for step in answered(asked, 1, 2, 3).plan] == [
        ("a0", True),
        ("a1", False),
        ("a2", False),
    ]


def test_gains_count_from_today_each_step_alone():
    asked = questionnaire(
        dimension("d0", question("a0"), question("b0", weight=3), weight=2), same(1, count=1), same(2, count=1)
    )
    result = answered(asked, 0, 4, 4)
    assert result.score == 50
    assert [(step.question, step.gain, step.score_after) for step in result.plan] == [
        ("b0", Fraction("18.75"), Fraction("68.75")),
        ("a0", Fraction("6.25"), Fraction("56.25")),
    ]
    assert [(step.dimension, step.effort) for step in result.plan] == [("d0", "S"), ("d0", "S")]


def test_without_an_overall_score_gains_count_on_the_weighted_mean_and_the_result_says_so():
    asked = questionnaire(dimension("d0", question("a0"), weight=3), same(1, count=1), same(2, count=1))
    result = answered(asked, 2, 4, UNKNOWN)
    assert result.score is None
    assert result.plan_on_mean
    assert [(step.gain, step.score_after) for step in result.plan] == [(Fraction("18.75"), Fraction("81.25"))]
    assert not answered(asked, 2, 4, 4).plan_on_mean


def test_a_dimension_without_a_score_gives_no_steps():
    asked = questionnaire(*(same(number, count=3) for number in range(3)))
    assert steps(answered(asked, 0, 3, 4, a0=UNKNOWN, b0=UNKNOWN)) == ["a1", "b1", "c1"]


@pytest.mark.parametrize(
    ("needed", "taken"),
    [
        (0, ["before"]),
        (1, ["before"]),
        (2, ["after", "before"]),
        (4, ["after"]),
        (UNKNOWN, []),
        (NOT_APPLICABLE, ["after"]),
    ],
)
def test_a_step_waits_until_its_prerequisite_scores_half(needed, taken):
    pair = dimension("d", question("before"), question("after", weight=2, needs=["before"]))
    asked = questionnaire(pair, same(1, count=1), same(2, count=1))
    assert steps(answered(asked, 1, 4, 4, before=needed)) == taken


def test_all_prerequisites_count_also_those_of_other_dimensions():
    pair = dimension("d", question("after", needs=["a1", "a2"]))
    asked = questionnaire(pair, same(1, count=1), same(2, count=1))
    assert steps(answered(asked, 0, 2, 1)) == ["a2", "a1"]
    assert steps(answered(asked, 0, 2, 2)) == ["after", "a1", "a2"]
