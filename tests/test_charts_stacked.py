"""Stacked bars: shares as they are rounded, on one scale, told apart without colour, with their numbers where there is room."""

import re
from itertools import pairwise

import pytest

from assessment.charts.stacked import FILLS, Heading, Stack, stacked
from assessment.charts.style import PALETTE, contrast
from tests.test_charts import HOSTILE, texts
from tests.test_charts_gains import shapes

HEADING = Heading("The gaps, today", "Edition 2026", "Invented figures.")
NAMES = ("Closed", "Partly closed", "Still open", "Too few answers")
LEVELS = ("Level 1", "Level 2", "Level 3", "Level 4", "Level 5", "None")
ACROSS = 440 - 2 * 12


def bars(*shares, scheme="light", **facts):
    stacks = [Stack(f"row {place}", one, **facts) for place, one in enumerate(shares)]
    return stacked(HEADING, NAMES, stacks, fills="standings", is_numbered=False, scheme=scheme)


def widths(svg, role="count-1"):
    """How wide the shapes of a role are, without the key of the legend."""
    found = [max(x for x, _y in ring) - min(x for x, _y in ring) for ring in shapes(svg, PALETTE["light"][role])]
    return found[1:]


def test_each_segment_is_as_long_as_its_share_and_what_is_missing_to_a_hundred_is_left_blank():
    svg = bars((60, 0, 0, 0), (20, 0, 0, 0))
    assert widths(svg) == pytest.approx([ACROSS * 0.6, ACROSS * 0.2], abs=0.1)


def test_all_rows_are_on_the_scale_of_the_largest_sum_when_that_is_above_a_hundred():
    svg = bars((40, 40, 40, 0), (60, 0, 0, 0))
    assert widths(svg) == pytest.approx([ACROSS * 40 / 120, ACROSS * 60 / 120], abs=0.1)
    ends = [
        x for ring in re.findall(r'<path d="([^"]*)"', svg) for x in map(float, re.findall(r"[ML] ([\d.-]+)", ring))
    ]
    assert max(ends) <= 440


def test_title_edition_and_note_stand_above_and_names_of_what_occurs_in_the_legend():
    shown = texts(bars((60, 0, 40, 0)))
    assert shown[:3] == ["The gaps, today", "Edition 2026", "Invented figures."]
    assert shown[3:5] == ["Closed", "Still open"]
    plain = stacked(Heading("a", "b"), NAMES, [Stack("c", (0,) * 4)], fills="standings", is_numbered=False)
    assert texts(plain) == ["a", "b", "c"]


def test_a_segment_has_its_number_where_there_is_room():
    assert [text for text in texts(bars((60, 33, 1, 6))) if text.isdigit()] == ["60", "33", "6"]


def test_under_each_segment_stands_its_level():
    stacks = [Stack("the whole", (0, 20, 0, 40, 0, 40), "median band: 50–59 points")]
    shown = texts(stacked(HEADING, LEVELS, stacks, fills="levels", is_numbered=True))
    assert shown[-7:] == ["median band: 50–59 points", "20", "2", "40", "4", "40", "–"]


def test_a_row_without_shares_says_why_and_has_no_bar():
    svg = bars((60, 40, 0, 0), (None,) * 4, missing="No question asks about it.")
    assert "No question asks about it." in texts(svg)
    assert len(widths(svg)) == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("fills", FILLS)
def test_neighbours_are_told_apart_by_shade_or_hatch_and_each_has_an_edge_that_is_seen(fills, scheme):
    colours = PALETTE[scheme]
    assert contrast(colours["count-edge"], colours["paper"]) >= 3
    for (one, hatch), (other, hatch_of_other) in pairwise(FILLS[fills]):
        assert hatch != hatch_of_other or contrast(colours[one], colours[other]) >= 1.5


@pytest.mark.parametrize(
    ("stacks", "names"),
    [
        ([], NAMES),
        ([Stack("a", (101, 0, 0, 0))], NAMES),
        ([Stack("a", (-1, 0, 0, 0, 0))], NAMES),
        ([Stack("a", (1, 2))], NAMES),
        ([Stack("a", (0,) * 6)], LEVELS),
    ],
)
def test_what_cannot_be_drawn_is_refused(stacks, names):
    with pytest.raises(ValueError, match=r"stacked bars need|names of segments"):
        stacked(HEADING, names, stacks, fills="standings", is_numbered=False)


@pytest.mark.parametrize("text", HOSTILE)
def test_any_text_stays_text_and_inside(text):
    heading, stack = Heading(text * 20, text * 20, text * 20), Stack(text * 20, (None,) * 4, missing=text * 20)
    svg = stacked(heading, NAMES, [stack], fills="standings", is_numbered=False)
    assert texts(svg)
