"""Before and after: compared directly while nothing changed, on what is shared otherwise."""

from dataclasses import replace
from fractions import Fraction

from hypothesis import given, settings

from assessment.scoring import Mode
from assessment.scoring.comparison import Break, DimensionChange, breaks, compare
from assessment.scoring.score import score
from tests.sampling import examples
from tests.scoring_cases import NOT_APPLICABLE, UNKNOWN, context, dimension, question, questionnaire, respond, rounds

ASKED = questionnaire(dimension("d", question("a"), question("b", weight=3)), context(1))


def change(before, after, earlier=ASKED, later=ASKED, **options):
    found = compare(earlier, score(earlier, [before]), later, score(later, [after]), **options)
    return found[0]


def test_the_same_version_is_compared_directly():
    found = change(respond(a=0, b=1), respond(a=4, b=1))
    assert found == DimensionChange("d", Fraction("18.75"), Fraction("43.75"), Fraction(25), broken=False, shared=2)


def test_what_has_no_score_has_no_change():
    assert change(respond(a=0), respond(a=0, b=0)).change is None
    found = change(respond(a=0, b=0), respond(a=NOT_APPLICABLE, b=NOT_APPLICABLE))
    assert (found.before, found.after, found.change, found.broken) == (0, None, None, False)


def test_a_new_order_effort_prerequisite_or_dimension_weight_breaks_nothing():
    later = questionnaire(dimension("d", question("b", weight=3, effort="L"), question("a", needs=["b"]), weight=7))
    assert change(respond(a=0, b=1), respond(a=4, b=1), later=later).broken is False


def test_an_added_question_breaks_and_is_left_out_of_both_scores():
    later = questionnaire(dimension("d", question("a"), question("new", weight=9), question("b", weight=3)))
    found = change(respond(a=0, b=1), respond(a=4, b=1, new=4), later=later)
    assert found == DimensionChange("d", Fraction("18.75"), Fraction("43.75"), Fraction(25), broken=True, shared=2)


def test_a_removed_question_breaks_and_is_left_out_of_both_scores():
    found = change(respond(a=0, b=4), respond(a=4), later=questionnaire(dimension("d", question("a"))))
    assert (found.before, found.after, found.broken, found.shared) == (0, 100, True, 1)


def test_a_new_weight_breaks_and_counts_on_both_sides():
    later = questionnaire(dimension("d", question("a"), question("b")))
    found = change(respond(a=0, b=4), respond(a=0, b=4), later=later)
    assert (found.before, found.after, found.change, found.broken, found.shared) == (50, 50, 0, True, 2)


def test_new_points_break_and_the_question_is_not_shared():
    later = questionnaire(dimension("d", question("a", points=[0, 20, 50, 80, 100]), question("b", weight=3)))
    found = change(respond(a=0, b=1), respond(a=4, b=2), later=later)
    assert (found.before, found.after, found.broken, found.shared) == (25, 50, True, 1)


def test_a_question_that_is_recorded_to_ask_the_same_is_shared_whatever_the_keys_of_its_choices():
    reworded = question("a")
    reworded = replace(reworded, choices=tuple(replace(c, key=f"new-{c.key}") for c in reworded.choices))
    later = questionnaire(dimension("d", reworded, question("b", weight=3)))
    before, after = respond(a=0, b=1), respond(a=UNKNOWN, b=1)
    assert change(before, after, later=later).broken is True
    found = change(before, after, later=later, same={"a", "b"})
    assert (found.broken, found.shared) == (False, 2)


def test_a_question_that_is_not_recorded_to_ask_the_same_breaks_though_its_points_are_the_same():
    found = change(respond(a=0, b=1), respond(a=4, b=2), later=ASKED, same={"b", "c"})
    assert (found.before, found.after, found.broken, found.shared) == (25, 50, True, 1)


def test_what_will_break_is_what_compare_breaks():
    """Said before there are any results, by the same rule."""
    other = question("a", points=[0, 20, 50, 80, 100])
    later = questionnaire(dimension("d", other, question("b", weight=3)), dimension("e", question("x")))
    assert breaks(ASKED, ASKED) == ()
    assert breaks(ASKED, later) == (Break("d", shared=1, asked=2), Break("e", shared=0, asked=1))
    assert breaks(ASKED, later, same={"a", "b"}) == (Break("e", shared=0, asked=1),)
    found = compare(ASKED, score(ASKED, [respond(a=0)]), later, score(later, [respond(x=0)]))
    assert [(item.key, item.shared) for item in found if item.broken] == [("d", 1), ("e", 0)]


def test_a_new_dimension_is_a_break_with_nothing_shared():
    found = change(respond(a=0, b=1), respond(x=2), later=questionnaire(dimension("e", question("x"))))
    assert found == DimensionChange("e", None, None, None, broken=True, shared=0)


def test_a_question_moved_to_another_dimension_is_shared():
    later = questionnaire(dimension("e", question("a")))
    found = change(respond(a=1, b=1), respond(a=2), later=later)
    assert (found.before, found.after, found.broken, found.shared) == (25, 50, True, 1)


def test_dimensions_that_are_not_scored_are_not_compared():
    found = compare(ASKED, score(ASKED, [respond()]), ASKED, score(ASKED, [respond()]))
    assert [item.key for item in found] == ["d"]


@settings(deadline=None, max_examples=examples(40))
@given(rounds(modes=[Mode.OPEN]))
def test_within_one_version_the_scores_are_those_of_the_two_results(case):
    asked, responses, mode = case
    before, after = score(asked, responses[:1], mode=mode), score(asked, responses, mode=mode)
    found = compare(asked, before, asked, after)
    assert [item.before for item in found] == [item.score for item in before.dimensions]
    assert [item.after for item in found] == [item.score for item in after.dimensions]
    assert not any(item.broken for item in found)
