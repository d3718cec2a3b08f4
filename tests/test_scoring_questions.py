"""Two results question by question: what may be set against each other, what is new, gone or worth something else."""

from dataclasses import replace
from fractions import Fraction

import pytest

from assessment.scoring.comparison import Comparable, QuestionChange, compare_questions, reached, same_whole
from assessment.scoring.score import score
from tests.scoring_cases import NOT_APPLICABLE, UNKNOWN, context, dimension, question, questionnaire, respond

ASKED = questionnaire(dimension("d", question("a"), question("b", weight=3)), dimension("e", question("c")), context(1))
OTHER = [0, 20, 50, 80, 100]


def changes(before, after, earlier=ASKED, later=ASKED, **options):
    found = compare_questions(earlier, score(earlier, [before]), later, score(later, [after]), **options)
    return {item.key: item for item in found}


def test_every_scored_question_is_compared_in_the_order_of_the_later_version():
    found = changes(respond(a=0, b=1, c=4), respond(a=4, b=1, c=1))
    assert list(found) == ["a", "b", "c"]
    assert found["a"] == QuestionChange("a", "d", Fraction(0), Fraction(100), Fraction(100), Comparable.YES)
    assert (found["b"].change, found["c"].change, found["c"].dimension) == (0, -75, "e")


@pytest.mark.parametrize("missing", [UNKNOWN, NOT_APPLICABLE])
def test_without_points_on_either_side_there_is_no_change(missing):
    for before, after in ((respond(a=missing), respond(a=2)), (respond(a=2), respond(a=missing))):
        found = changes(before, after)["a"]
        assert (found.comparable, found.change) == (Comparable.YES, None)


def test_a_new_question_has_only_points_now():
    later = questionnaire(dimension("d", question("n"), question("a")))
    found = changes(respond(a=1), respond(n=3, a=1), later=later)
    assert list(found)[:2] == ["n", "a"]
    assert found["n"] == QuestionChange("n", "d", None, Fraction(75), None, Comparable.NEW)


def test_a_question_that_is_gone_comes_last_under_its_earlier_dimension():
    found = changes(respond(a=0, b=1, c=2), respond(a=0), later=questionnaire(dimension("d", question("a"))))
    assert list(found) == ["a", "b", "c"]
    assert found["c"] == QuestionChange("c", "e", Fraction(50), None, None, Comparable.GONE)


def test_other_points_are_not_set_against_each_other_unless_the_question_is_recorded_as_the_same():
    later = questionnaire(dimension("d", question("a", points=OTHER)))
    found = changes(respond(a=1), respond(a=1), later=later)["a"]
    assert found == QuestionChange("a", "d", Fraction(25), Fraction(20), None, Comparable.CHANGED)
    marked = changes(respond(a=1), respond(a=1), later=later, same={"a"})["a"]
    assert (marked.comparable, marked.change) == (Comparable.YES, -5)


def test_a_new_weight_or_place_changes_nothing_in_a_question():
    later = questionnaire(dimension("e", question("a", weight=9)))
    found = changes(respond(a=1), respond(a=2), later=later)["a"]
    assert (found.dimension, found.change, found.comparable) == ("e", 25, Comparable.YES)


@pytest.mark.parametrize(("score_now", "expected"), [(None, None), (49, False), (50, True), (100, True)])
def test_a_step_is_reached_from_the_points_of_its_choice_on(score_now, expected):
    now = None if score_now is None else Fraction(score_now)
    assert reached(question("a"), "c2", now) is expected


def test_overall_scores_are_comparable_while_nothing_they_hang_on_changed():
    def d(**options):
        return dimension("d", question("a"), question("b", weight=3), **options)

    e = dimension("e", question("c"))
    assert same_whole(ASKED, questionnaire(e, d()))  # another order, and no part that is not scored
    assert not same_whole(ASKED, questionnaire(d(weight=2), e))
    assert not same_whole(ASKED, questionnaire(d()))
    assert not same_whole(ASKED, questionnaire(dimension("d", question("a"), question("b")), e))
    assert not same_whole(ASKED, questionnaire(d(), dimension("e", question("c", points=OTHER))))
    assert not same_whole(ASKED, questionnaire(d(), e, replace(e, key="f")))
    marked = questionnaire(d(), dimension("e", question("c", points=OTHER)))
    assert same_whole(ASKED, marked, same={"a", "b", "c"})
    assert not same_whole(ASKED, marked, same={"a", "b"})
