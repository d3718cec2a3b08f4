"""The sentence each part of a report opens with, by rules on its values."""

from dataclasses import replace
from fractions import Fraction

import pytest
from django.utils import translation

from assessment.content.structure import Text
from assessment.report.evidence import Reference
from assessment.report.parts import Earlier
from assessment.scoring.comparison import DimensionChange
from assessment.wording import leads, numbers
from tests.factories import level, report_on

STRONG = {"strategy": 5, "charter": 1}


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def content(shipped):
    return shipped[0]


def by_dimension(content, levels, otherwise=3):
    """Choose by dimension; what is not named is at the level otherwise."""
    of = {question.key: part.key for part in content.dimensions for question in part.questions}
    return lambda question: level(levels.get(of[question.key], otherwise))(question)


def references(levels, edition=2017):
    return {key: [Reference(edition, number, Text("why", "pourquoi"))] for key, number in levels.items()}


def test_the_profile_names_the_strongest_and_the_weakest(content):
    told = leads.profile_lead(report_on(content, by_dimension(content, STRONG)))
    assert told.startswith("You are strongest in Strategy (100) and weakest in Charter (0).")


def test_the_french_takes_several_of_them_in_the_plural_or_none(content):
    told = report_on(content, by_dimension(content, {"charter": 5}, 1))
    with translation.override("fr"):
        said = leads.profile_lead(told)
    weak = "Stratégie, Formation, Suivi du ROI et Social selling"
    assert said == f"Score le plus haut\u00a0: Charte (100). Score le plus bas\u00a0: {weak} (0)."


def test_dimensions_that_lie_close_are_said_to(content):
    near = report_on(content, lambda question: "level-4" if question.key == "strategy-document" else level(3)(question))
    assert leads.profile_lead(near).startswith("Your dimensions stand close together, from 50")
    assert leads.profile_lead(report_on(content, level(3))) == "All your dimensions with a score stand at 50."


@pytest.mark.parametrize(("most", "close"), [("60", True), ("60.000001", False), ("61", False)])
def test_dimensions_stand_close_together_up_to_ten_points_apart(content, most, close):
    told = report_on(content, level(3))
    first, *others = told.dimensions
    told = replace(told, dimensions=(replace(first, score=Fraction(most)), *others))
    assert ("stand close together" in leads.profile_lead(told)) is close
    assert ("You are strongest in" in leads.profile_lead(told)) is not close


def test_without_a_score_there_is_nothing_to_compare(content):
    nothing = report_on(content, lambda question: None)
    assert leads.profile_lead(nothing) == "No dimension has enough answers for a score yet."
    assert leads.dimensions_lead(nothing) == ""
    assert leads.plan_lead(nothing) == ""
    assert leads.before_lead(nothing) == ""


def test_each_dimension_stands_above_at_or_below_our_reading(content):
    told = report_on(
        content,
        by_dimension(content, STRONG),
        references=references({"strategy": 2, "charter": 3, "training": 3, "roi": None}),
    )
    assert leads.profile_lead(told).endswith(
        "Compared with our reading of the 2017 barometer, you are ahead in Strategy; at the same level in Training; "
        "behind in Charter."
    )


def test_the_newest_edition_that_says_something_is_compared_with(content):
    both = {"strategy": [Reference(2016, 2, None), Reference(2017, None, None)]}
    told = leads.profile_lead(report_on(content, level(3), references=both))
    assert "the 2016 barometer, you are ahead in Strategy." in told
    assert "2017" not in told


@pytest.mark.parametrize(
    ("levels", "otherwise", "told"),
    [
        ({}, 4, "Every dimension reaches level 4."),
        (
            {},
            2,
            "No dimension has reached level 3 yet, from which on practices are shared in part of the organisation.",
        ),
        (
            {"strategy": 3},
            2,
            "1 of 5 dimensions reaches level 3. To build up: Charter, Training, ROI tracking and Social selling.",
        ),
        ({"charter": 1}, 5, "4 of 5 dimensions reach level 3. To build up: Charter."),
    ],
)
def test_dimensions_are_counted_from_level_3_on(content, levels, otherwise, told):
    assert leads.dimensions_lead(report_on(content, by_dimension(content, levels, otherwise))) == told


def test_only_dimensions_with_a_score_are_said_to_reach_a_level(content):
    def answered(*keys, **options):
        of = {question.key: part.key for part in content.dimensions for question in part.questions}
        return report_on(content, lambda question: level(3)(question) if of[question.key] in keys else None, **options)

    one, two = answered("strategy"), answered("strategy", "charter")
    assert leads.dimensions_lead(one) == "The one dimension with a score is at level 3."
    assert leads.dimensions_lead(two) == "Every dimension with a score reaches level 3."
    of = {question.key: part.key for part in content.dimensions for question in part.questions}
    levels = {"strategy": 3, "charter": 1}
    mixed = report_on(content, lambda q: level(levels[of[q.key]])(q) if of[q.key] in levels else None)
    assert leads.dimensions_lead(mixed) == "1 of 5 dimensions reaches level 3. To build up: Charter."
    others = ("charter", "training", "roi", "social-selling")
    assert leads.dimensions_lead(answered("strategy", left_out=others)) == "Every dimension reaches level 3."
    with translation.override("fr"):
        assert leads.dimensions_lead(one) == "La seule dimension notée est au niveau 3."
        assert leads.dimensions_lead(two) == "Chaque dimension notée atteint le niveau 3."


def test_the_plan_says_where_to_start_and_what_all_steps_give(content):
    half = report_on(content, level(3))
    told = leads.plan_lead(half)
    small = sum(step.effort == "S" for step in half.plan)
    titles = list(dict.fromkeys(str(step.dimension) for step in half.plan))
    assert told.startswith(
        f"{', '.join(titles[:-1])} and {titles[-1]}: five steps, {numbers.in_words(small)} of which take little effort. "
        "The weakest dimensions come first and, in each, what the rest builds on."
    )
    after = numbers.whole(half.effect.after.score)
    assert told.endswith(f"All five steps: 50 to {after}, still level 3; level 4 begins at 63.")


def earlier(told, score, *, comparable=True, changes=(5, -3, 0, 0, None)):
    """The same report with a round before it, of that score and these changes by dimension."""
    result = replace(told.result, score=None if score is None else told.result.score - score)
    moved = tuple(
        DimensionChange(part.key, part.score, part.score, change, False, 7)
        for part, change in zip(told.dimensions, changes, strict=True)
    )
    before = Earlier(told.subject.made_at, 1, result, moved, whole_comparable=comparable)
    return replace(told, before=before)


@pytest.mark.parametrize(
    ("score", "told"),
    [
        (20, "The score rose from 30 to 50 since round 1 (2 November 2026)."),
        (-20, "The score fell from 70 to 50 since round 1 (2 November 2026)."),
        (0, "The score stands at 50 as in round 1 (2 November 2026)."),
        (None, "Since round 1 (2 November 2026) there is no change of the overall score to state."),
    ],
)
def test_the_change_since_the_last_round_is_said_with_what_moved_most(content, score, told):
    said = leads.before_lead(earlier(report_on(content, level(3)), score))
    assert said == f"{told} Risen most: Strategy. Fallen most: Charter."


def test_scores_of_another_questionnaire_are_not_compared(content):
    said = leads.before_lead(earlier(report_on(content, level(3)), 20, comparable=False))
    assert said.startswith("Since round 1 (2 November 2026) the questionnaire changed, so that no change of the whole")
    assert "30" not in said


def test_a_round_in_which_nothing_can_be_compared_says_so(content):
    said = leads.before_lead(earlier(report_on(content, level(3)), 20, changes=(None,) * 5))
    assert said == "Round 1 (2 November 2026) has no dimension that can be compared with this one."
    still = leads.before_lead(earlier(report_on(content, level(3)), 0, changes=(0,) * 5))
    assert still.endswith("No dimension moved.")


def test_contradictions_are_counted(content):
    told = report_on(content, level(3))
    for count, said in (
        (1, "1 pair of answers contradicts itself: talk about it."),
        (2, "2 pairs of answers contradict each other: talk about them."),
    ):
        assert leads.consistency_lead(replace(told, contradictions=(Text("Why", "Pourquoi"),) * count)).startswith(said)
        with translation.override("fr"):
            assert "contredisent" in leads.consistency_lead(replace(told, contradictions=(Text("Why", ""),) * 2))


def test_a_past_score_that_differs_from_the_one_shown_then_says_why(content):
    told = report_on(content, level(3))
    moved = tuple(
        DimensionChange(part.key, Fraction(value), part.score, part.score - value, broken, 3)
        for part, value, broken in zip(
            told.dimensions, (44, 50, 44, 50, 50), (True, True, False, False, True), strict=True
        )
    )
    compared = replace(told, before=Earlier(told.subject.made_at, 1, told.result, moved))
    assert leads.restated(compared) == (
        "Where the questionnaire changed, scores are compared on the questions that both versions share, so the earlier ones "
        "differ from those shown then: Strategy 44 (then 50)."
    )
    assert leads.restated(compared) in leads.before_lead(compared)
    assert leads.restated(told) == leads.answered_by(told) == leads.whole_change(told) == ""
