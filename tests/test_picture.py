"""The geometry of what a page draws itself: the stairs of a level in all its states, bars, strips."""

from dataclasses import replace
from fractions import Fraction

import pytest

from assessment import scoring
from assessment.content.structure import Text
from assessment.report import picture
from assessment.report.barometer import Standing
from assessment.report.effect import GapCount
from assessment.report.place import Place
from tests.factories import level, report_on
from tests.report_values import REFERENCES


@pytest.fixture
def content(shipped):
    return shipped[0]


CHARTER = Text("Charter", "Charte")
LEVEL_3 = Place(Fraction(46), 3, 3, (), 4, 63, 17, (), None, None, scoring.Range(46, 46), (), 0)


def states(place):
    return [step.state.value for step in picture.stairs(place).steps]


def test_the_numeral_stands_on_its_step_and_dots_lead_to_the_next_threshold():
    drawn = picture.stairs(LEVEL_3)
    assert states(LEVEL_3) == ["passed", "passed", "here", "ahead", "ahead"]
    assert [(step.left, step.width, step.top, step.height) for step in drawn.steps] == [
        ("0%", "12.5%", 24, 22),
        ("12.5%", "25%", 18, 28),
        ("37.5%", "25%", 12, 34),
        ("62.5%", "25%", 6, 40),
        ("87.5%", "12.5%", 0, 46),
    ]
    assert (drawn.stands, drawn.leftward, drawn.dot, drawn.is_hollow, drawn.threshold) == (
        3,
        False,
        "46%",
        False,
        "62.5%",
    )
    assert (drawn.words_below, drawn.zero, drawn.hundred, drawn.ends) == (False, True, True, None)


def test_a_held_level_has_a_hollow_dot_on_a_hatched_step_and_no_way_to_a_threshold():
    held = replace(LEVEL_3, score=Fraction(71), by_score=4, held_by=(CHARTER,), begins_at=None, points=None)
    drawn = picture.stairs(held)
    assert states(held) == ["passed", "passed", "here", "held", "ahead"]
    assert [step.is_hatched for step in drawn.steps] == [False, False, False, True, False]
    assert (drawn.stands, drawn.dot, drawn.is_hollow, drawn.threshold, drawn.words_below) == (
        3,
        "71%",
        True,
        None,
        True,
    )


@pytest.mark.parametrize(("number", "leftward"), [(1, False), (3, False), (4, True), (5, True)])
def test_from_level_4_on_the_name_stands_left_of_its_numeral(number, leftward):
    assert picture.stairs(replace(LEVEL_3, level=number, by_score=number)).leftward == leftward


@pytest.mark.parametrize(
    ("score", "words_below", "zero", "hundred"),
    [
        (0, False, False, True),
        (6, False, False, True),
        (7, False, True, True),
        (Fraction(99, 2), False, True, True),
        (50, True, True, True),
        (93, True, True, True),
        (94, True, True, False),
        (100, True, True, False),
    ],
)
def test_words_and_the_numbers_of_the_ends_make_room_for_the_score(score, words_below, zero, hundred):
    drawn = picture.stairs(replace(LEVEL_3, score=Fraction(score)))
    assert (drawn.words_below, drawn.zero, drawn.hundred) == (words_below, zero, hundred)


def test_at_level_5_nothing_is_left_to_go():
    drawn = picture.stairs(replace(LEVEL_3, level=5, by_score=5, next_level=None, begins_at=None, points=None))
    assert [step.state.value for step in drawn.steps] == ["passed"] * 4 + ["here"]
    assert drawn.threshold is None


@pytest.mark.parametrize(
    ("low", "high", "anchors"), [(31, 68, ("end", "start")), (5, 68, ("start", "start")), (31, 95, ("end", "end"))]
)
def test_without_a_level_the_possible_steps_are_hatched_above_the_range(low, high, anchors):
    open_ = replace(LEVEL_3, score=None, level=None, by_score=None, next_level=None, begins_at=None, points=None)
    open_ = replace(open_, possible=(2, 4), range=scoring.Range(Fraction(low), Fraction(high)))
    drawn = picture.stairs(open_)
    assert states(open_) == ["ahead", "possible", "possible", "possible", "ahead"]
    assert (drawn.stands, drawn.dot) == (2, None)
    assert (drawn.ends.low, drawn.ends.high) == (f"{low}%", f"{high}%")
    assert (drawn.ends.low_anchor, drawn.ends.high_anchor) == anchors


def test_where_nothing_applies_there_are_but_five_empty_steps():
    nothing = replace(LEVEL_3, score=None, level=None, by_score=None, next_level=None, points=None, range=None)
    drawn = picture.stairs(nothing)
    assert states(nothing) == ["ahead"] * 5
    assert (drawn.stands, drawn.dot, drawn.ends) == (None, None, None)


def test_a_bar_shows_its_score_the_one_before_and_a_lane_for_each_edition(content):
    before = (content, report_on(content, level(2)).result)
    told = report_on(content, level(3), references=REFERENCES, before=before)
    drawn = picture.bar(told.dimensions[0])
    assert (drawn.reaches, drawn.before) == ("50%", "25%")
    assert [(mark.edition, mark.left, mark.width, mark.top) for mark in drawn.marks] == [
        (2016, "12.5%", "25%", 17),
        (2017, "37.5%", "25%", 23),
    ]
    newest = picture.newest_bar(told.dimensions[0])
    assert [(mark.edition, mark.top) for mark in newest.marks] == [(2017, 17)]
    assert picture.newest_bar(told.dimensions[1]).marks == ()  # no edition says anything of it


def test_the_bar_of_a_dimension_without_a_score_is_empty(content):
    assert picture.bar(report_on(content, lambda question: None).dimensions[0]).reaches is None


@pytest.mark.parametrize("count", [GapCount(5, 3, 1, 0), GapCount(0, 0, 0, 1), GapCount(10, 20, 30, 2)])
def test_strips_fill_the_row_closed_ones_first(count):
    drawn = picture.strips(count)
    assert [strip.standing for strip in drawn] == sorted(
        (strip.standing for strip in drawn),
        key=[Standing.REACHED, Standing.PARTLY, Standing.NOT_YET, Standing.UNKNOWN].index,
    )
    assert len(drawn) == count.applicable
    lefts, widths = ([float(getattr(strip, name)[:-1]) for strip in drawn] for name in ("left", "width"))
    assert lefts[-1] + widths[-1] == pytest.approx(100, abs=0.1)
    assert all(after > left + width for left, width, after in zip(lefts, widths, lefts[1:], strict=False))
