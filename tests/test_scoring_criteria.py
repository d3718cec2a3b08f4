"""Where an organisation stands on a criterion, at every edge."""

from fractions import Fraction

import pytest

from assessment.scoring import Criterion, Mode
from assessment.scoring.levels_only import levels_only
from assessment.scoring.score import score
from tests.scoring_cases import NOT_APPLICABLE, UNKNOWN, dimension, question, questionnaire, respond

GAP = Criterion("cr-1", 2016, "gap")
N, U = NOT_APPLICABLE, UNKNOWN


def asked(*weights, points=(0, 25, 50, 75, 100), criteria=(GAP,)):
    """Three dimensions; the first one's questions a, b, c ... carry the criterion, with these weights."""
    carrying = (
        question(key, weight=weight, points=points, findings=["cr-1"])
        for key, weight in zip("abcdef", weights, strict=False)
    )
    others = (dimension(f"d{number}", question(f"z{number}")) for number in (1, 2))
    return questionnaire(dimension("d", *carrying), *others, criteria=criteria)


def told(weights, answers, **options):
    given = dict(zip("abcdef", answers, strict=False))
    (found,) = score(asked(*weights, **options), [respond(**given, z1=4, z2=4)]).criteria
    return found.standing.value, found.score


@pytest.mark.parametrize(
    ("weights", "answers", "expected"),
    [
        ([1], [2], ("reached", 50)),
        ([1], [1], ("not-yet", 25)),
        ([1, 1], [2, 4], ("reached", 75)),
        ([1, 1], [2, 1], ("partly", Fraction(75, 2))),
        ([3, 1], [4, 0], ("partly", 75)),
        ([1, 1], [0, 1], ("not-yet", Fraction(25, 2))),
        ([1, 1], [2, U], ("reached", 50)),  # half of the weight has no score: not more
        ([1, 2], [2, U], ("unknown", None)),
        ([2, 1], [2, U], ("reached", 50)),
        ([1], [U], ("unknown", None)),
        ([1], [N], ("not-applicable", None)),
        ([1, 1], [N, N], ("not-applicable", None)),
        ([1, 1], [N, U], ("unknown", None)),
        ([1, 9, 1], [2, N, U], ("reached", 50)),  # what does not apply has no weight
        ([1, 1, 1], [1, U, U], ("unknown", None)),
    ],
)
def test_the_standing_follows_from_the_questions_that_carry_it(weights, answers, expected):
    assert told(weights, answers) == expected


@pytest.mark.parametrize(("points", "standing"), [("49.99", "not-yet"), ("50", "reached"), ("50.01", "reached")])
def test_a_question_reaches_it_at_half_of_the_points(points, standing):
    assert told([1], [1], points=(0, points, 100))[0] == standing


def test_what_no_scored_question_carries_has_no_standing_and_the_order_is_that_of_the_criteria():
    wanted = (Criterion("cr-9", 2017, "outlook"), GAP)
    found = score(asked(1, criteria=wanted), [respond(a=2, z1=2, z2=2)]).criteria
    assert [(one.key, one.edition, one.kind) for one in found] == [("cr-1", 2016, "gap")]


def test_of_several_people_the_means_count():
    people = [respond(a=4, z1=2, z2=2), respond(a=0, z1=2, z2=2)]
    (found,) = score(asked(1), people, mode=Mode.OPEN).criteria
    assert (found.standing.value, found.score) == ("reached", 50)


def test_where_only_levels_are_shown_the_standing_is_that_of_the_levels_and_has_no_score():
    """A mean of 40 shows as the statement worth 50: a standing by the mean would say on which side of 50 it lies."""
    people = [respond(a=number, z1=2, z2=2) for number in (0, 1, 2, 2, 3)]
    result = score(asked(1), people, mode=Mode.CONFIDENTIAL)
    assert (result.criteria[0].standing.value, result.criteria[0].score) == ("not-yet", 40)
    shown = levels_only(asked(1), result)
    assert (shown.criteria[0].standing.value, shown.criteria[0].score) == ("reached", None)


def test_version_1_of_the_rules_knew_no_standings():
    result = score(asked(1), [respond(a=2, z1=2, z2=2)], version=1)
    assert (result.criteria, result.foundations, result.version) == ((), (), 1)
