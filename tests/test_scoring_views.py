"""Views that differ, and means by role with the floors of confidential rounds."""

from fractions import Fraction

import pytest

from assessment.scoring import Mode
from assessment.scoring.roles import by_role, views_differ
from assessment.scoring.score import score
from tests.scoring_cases import NOT_APPLICABLE, UNKNOWN, dimension, question, questionnaire, respond

ASKED = questionnaire(dimension("d", question("q"), question("other")))


def group(role, size, answer=2, owners=0):
    return [respond(role, number < owners, q=answer, other=4) for number in range(size)]


def sizes(responses, mode=Mode.CONFIDENTIAL, floor=5):
    return [(found.role, found.responses) for found in by_role(ASKED, responses, mode=mode, floor=floor)]


def means(responses, key="q", mode=Mode.CONFIDENTIAL):
    return {found.role: found.means[key] for found in by_role(ASKED, responses, mode=mode)}


@pytest.mark.parametrize(
    ("scores", "differ"),
    [
        ([], False),
        ([100], False),
        ([25, 75], True),
        ([25, "74.999"], False),
        ([100, 50, 50, 50], True),
        ([0, 0, 0, 0, 100], False),
        ([0, 25, 25, 75, 100], True),
        ([0, 25, 25, "74.999", 100], False),
        ([0, 25, 50, 50, 75, 100], False),
        ([0, 20, 40, 60, 80, 100], True),
        ([0, 20, 44, 60, 80, 100], False),
        ([0, 20, 40, 60, 79, 100], False),
        ([0, 0, 50, 50, 100, 100], True),
        ([100, 0, 50, 0, 100, 100], True),
        ([0, 10, 30, 70, 80, 90, 95], True),
        ([0, 20, 40, 70, 80, 90, 95], True),
        ([0, 30, 40, 70, 80, 90, 95], True),
        ([0, 31, 40, 70, 80, 90, 95], False),
    ],
)
def test_views_differ_by_range_up_to_four_scores_and_by_quartiles_from_five(scores, differ):
    assert views_differ([Fraction(score) for score in scores]) is differ


def test_views_on_a_question_without_a_score_are_not_told():
    given = [respond(q=0), respond(q=4), respond(q=UNKNOWN), respond(q=UNKNOWN), respond(q=UNKNOWN)]
    question_result = score(ASKED, given, mode=Mode.OPEN).questions[0]
    assert (question_result.score, question_result.views_differ, question_result.lowest) == (None, False, None)


def test_a_solo_round_has_no_roles():
    assert by_role(ASKED, group("marketing", 1), mode=Mode.SOLO) == ()


def test_an_open_round_shows_every_role_without_a_floor():
    given = [*group("sales", 1, 0), *group("other", 1), *group("marketing", 2, 4)]
    assert sizes(given, Mode.OPEN) == [("marketing", 2), ("sales", 1), ("other", 1)]
    assert means(given, mode=Mode.OPEN) == {"marketing": 100, "sales": 0, "other": 50}


def test_a_mean_by_role_follows_the_rule_of_a_score():
    given = [respond("sales", q=4), respond("sales", q=UNKNOWN), respond("sales"), respond("hr", q=NOT_APPLICABLE)]
    assert means(given, mode=Mode.OPEN) == {"sales": None, "hr": None}
    assert means([*given, respond("sales", q=1)], mode=Mode.OPEN) == {"sales": Fraction("62.5"), "hr": None}


def test_a_confidential_round_shows_roles_of_five_or_more():
    given = [*group("sales", 5, 0), *group("marketing", 6, 4)]
    assert sizes(given) == [("marketing", 6), ("sales", 5)]
    assert means(given) == {"marketing": 100, "sales": 0}
    assert sizes([*group("sales", 4, 0), *group("marketing", 6, 4)]) == []


def test_owners_do_not_count_towards_the_floor_but_in_the_mean():
    assert sizes([*group("sales", 5, owners=1), *group("marketing", 6)]) == []
    mixed = [*group("sales", 5, 0), respond("sales", True, q=4, other=4), *group("marketing", 5)]
    assert sizes(mixed) == [("marketing", 5), ("sales", 6)]
    assert means(mixed) == {"marketing": 50, "sales": Fraction(100, 6)}


def test_the_smallest_groups_join_the_others_until_all_are_large_enough():
    given = [*group("hr", 1), *group("sales", 2), *group("marketing", 6), *group("management", 5)]
    assert sizes(given) == [("marketing", 6), ("other", 8)]
    given = [*group("hr", 2), *group("sales", 3), *group("marketing", 6), *group("management", 5)]
    assert sizes(given) == [("management", 5), ("marketing", 6), ("other", 5)]


def test_an_other_group_that_is_too_small_takes_the_smallest_shown():
    given = [*group("other", 1), *group("sales", 5), *group("marketing", 6)]
    assert sizes(given) == [("marketing", 6), ("other", 6)]


def test_groups_of_equal_size_join_by_key_whatever_the_order_of_responses():
    given = [*group("sales", 5), *group("other", 1), *group("hr", 5)]
    assert sizes(given) == sizes(given[::-1]) == [("sales", 5), ("other", 6)]


def test_one_group_left_is_no_breakdown():
    assert sizes(group("sales", 9)) == []
    assert sizes([*group("sales", 4), *group("marketing", 8)]) == []


def test_a_larger_floor_is_kept_and_a_smaller_one_counts_as_five():
    given = [*group("sales", 5), *group("marketing", 6)]
    assert sizes(given, floor=6) == []
    for floor in (-1, 0, 1, 3):
        assert sizes([*group("sales", 4), *group("marketing", 6)], floor=floor) == []


def test_roles_that_were_published_with_four_are_computed_again_with_four():
    assert sizes([*group("sales", 4), *group("marketing", 5)], floor=4) == [("marketing", 5), ("sales", 4)]


def test_a_mean_is_hidden_everywhere_when_one_group_could_be_worked_out_from_the_others():
    given = [*group("sales", 5), *group("marketing", 6), respond("marketing", q=UNKNOWN, other=4)]
    assert means(given) == {"marketing": 50, "sales": 50}
    given[0] = respond("sales", q=UNKNOWN, other=4)
    assert means(given) == {"marketing": None, "sales": None}
    assert means(given, "other") == {"marketing": 100, "sales": 100}


def test_a_mean_needs_five_answers_of_people_who_are_not_owners():
    given = [*group("sales", 4), respond("sales", True, q=4, other=4), respond("sales", other=4), *group("hr", 5)]
    assert means(given) == {"hr": None, "sales": None}
    assert means(given, "other") == {"hr": 100, "sales": 100}
