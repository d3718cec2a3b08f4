"""The chart of gains: every step from zero on one scale, its effort by shape and words, any text."""

import math
import re

import pytest

from assessment.charts.gains import Gain, gains
from assessment.charts.style import PALETTE
from tests.test_charts import HOSTILE, texts

PLAN = (
    Gain("Who may speak?", 2.5, "+2.5", 1, "Effort: small"),
    Gain("Who is trained?", 1.25, "+1.3", 3, "Effort: large"),
    Gain("Who measures?", 0.02, "less than +0.1", 2, "Effort: medium"),
)


def shapes(svg: str, colour: str) -> list[list[tuple[float, float]]]:
    """The outlines filled with a colour."""
    found = re.findall(rf'<path d="([^"]*)"[^>]*fill: {colour}', svg)
    rings = [ring for path in found for ring in path.split("z") if ring.strip()]
    return [[(float(x), float(y)) for x, y in re.findall(r"[ML] ([\d.-]+) ([\d.-]+)", ring)] for ring in rings]


def test_shows_every_step_in_order_numbered_with_its_gain_as_written_and_its_effort_in_words():
    shown = texts(gains(PLAN, note="Each of one step alone."))
    assert {"+2.5", "+1.3", "less than +0.1", "Effort: small", "Effort: large", "Each of one step alone."} <= set(shown)
    assert [text for text in shown if text in ("1", "2", "3")] == ["1", "2", "3"]
    assert shown.index("Who may speak?") < shown.index("Who is trained?") < shown.index("Who measures?")


def test_every_arrow_begins_at_the_same_place_and_is_as_long_as_its_gain():
    arrows = shapes(gains(PLAN), PALETTE["light"]["you"])
    starts = {min(x for x, _y in arrow) for arrow in arrows}
    assert len(starts) == 1
    lengths = [max(x for x, _y in arrow) - start for arrow in arrows for start in starts]
    assert lengths[1] == pytest.approx(lengths[0] / 2, abs=0.1)
    assert 0 < lengths[2] < lengths[0] / 50


def test_no_gain_has_no_arrow_and_is_not_divided_by():
    svg = gains([Gain("a", 0.0, "+0.0")])
    assert shapes(svg, PALETTE["light"]["you"]) == []
    assert "+0.0" in texts(svg)
    assert "nan" not in svg


@pytest.mark.parametrize(("effort", "filled"), [(0, 0), (1, 1), (2, 2), (3, 3)])
def test_effort_is_told_by_how_many_marks_are_filled(effort, filled):
    svg = gains([Gain("a", 1.0, "+1.0", effort, "")])
    assert len(shapes(svg, PALETTE["light"]["muted"])) == filled
    assert len(shapes(svg, PALETTE["light"]["paper"])) == (3 - filled if effort else 0)


def test_what_is_written_stays_inside_the_sheet():
    svg = gains([Gain("mot " * 200, 100.0, "moins de +100,0", 3, "Effort : " + "x" * 200)], note="note " * 300)
    assert len([text for text in texts(svg) if text.endswith("…")]) == 3
    arrows = shapes(svg, PALETTE["light"]["you"])
    assert max(x for arrow in arrows for x, _y in arrow) < 440 - 100  # its gain stands beside it


@pytest.mark.parametrize("label", HOSTILE)
def test_any_character_gives_well_formed_xml_and_the_label_as_typed(label):
    svg = gains([Gain(label, 1.0, label, 1, label)], note=label)
    expected = re.sub("[\x00\x08\x1b\ud800]", "\ufffd", label)
    assert re.sub(r"\s", "", expected) in re.sub(r"\s", "", " ".join(texts(svg)))
    assert "mathtext" not in svg


@pytest.mark.parametrize(
    ("steps", "why"),
    [
        ([], "at least one step"),
        ([Gain("a", -0.1, "")], "not within"),
        ([Gain("a", 100.1, "")], "not within"),
        ([Gain("a", math.nan, "")], "not within"),
        ([Gain("a", 1.0, "", 4)], "effort 4"),
    ],
)
def test_refuses_what_does_not_fit(steps, why):
    with pytest.raises(ValueError, match=why):
        gains(steps)


def test_unknown_scheme_is_refused():
    with pytest.raises(ValueError, match="unknown scheme 'sepia'"):
        gains(PLAN, scheme="sepia")


def test_light_and_dark_say_the_same_and_the_same_bytes_each_time():
    light, dark = (gains(PLAN, note="n", scheme=scheme) for scheme in ("light", "dark"))
    assert texts(light) == texts(dark)
    assert light != dark
    assert light == gains(PLAN, note="n")
