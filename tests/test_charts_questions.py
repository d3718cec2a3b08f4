"""The question profile: every question with its points or why it has none, how far answers lie apart, any text."""

import math
import re
from xml.etree import ElementTree

import pytest

from assessment.charts.questions import Asked, questions
from assessment.charts.style import PALETTE
from tests.test_charts import HOSTILE, texts

THREE = (
    Asked("Is there a strategy?", 75.0, "75", (50.0, 100.0), "Views differ"),
    Asked("Are objectives defined?", 0.0, "0"),
    Asked("Who coordinates?", None, "not applicable"),
)


def bars_of(svg: str, scheme: str = "light") -> list[tuple[float, float]]:
    """Where each bar begins and ends, from the top down."""
    path = re.search(rf'<path d="([^"]*)"[^>]*fill: {PALETTE[scheme]["you"]}', svg)
    corners = [re.findall(r"[ML] ([\d.]+) [\d.]+", ring) for ring in path[1].split("z") if ring.strip()] if path else []
    return [(min(map(float, ring)), max(map(float, ring))) for ring in corners]


def test_shows_every_question_in_order_with_its_points():
    shown = texts(questions(THREE))
    read = [text for text in shown if text in ("–", "0", "75", *(asked.label for asked in THREE))]
    assert read[-6:] == ["75", THREE[0].label, "0", THREE[1].label, "–", THREE[2].label]


def test_a_bar_is_as_long_as_its_points():
    svg = questions([Asked("a", points, str(points)) for points in (100.0, 50.0, 12.5)])
    lengths = [end - start for start, end in bars_of(svg)]
    assert lengths == pytest.approx([lengths[0], lengths[0] / 2, lengths[0] / 8], abs=0.1)


def test_a_question_without_points_is_told_in_words_and_has_no_bar():
    svg = questions(THREE)
    assert "not applicable" in texts(svg)
    assert len(bars_of(svg)) == 2
    alone = questions([THREE[2]])
    assert bars_of(alone) == []
    assert texts(alone).count("0") == 1  # the scale's


def test_points_are_written_as_they_are_handed_in():
    assert "33,3" in texts(questions([Asked("a", 100 / 3, "33,3")]))


def test_views_that_differ_are_told_by_a_shape_and_by_words():
    alike, differ = (questions([Asked("a", 50.0, "50", differ=said)]) for said in ("", "Views differ"))
    assert "Views differ" in texts(differ)
    filled = [len(re.findall(rf"<path [^>]*fill: {PALETTE['light']['ink']}", svg)) for svg in (alike, differ)]
    assert filled == [0, 1]


def test_a_spread_is_drawn_and_told_in_the_legend_only_where_answers_lie_apart():
    for spread, seen in (((25.0, 75.0), True), ((50.0, 50.0), False), (None, False)):
        svg = questions([Asked("a", 50.0, "50", spread)], spread="From lowest to highest")
        assert ("From lowest to highest" in texts(svg)) is seen
        assert ("stroke-width: 1.4" in svg) is seen


def test_long_texts_wrap_and_end_in_an_ellipsis_inside_the_sheet():
    long = "Combien de ces fonctions ont utilisé les réseaux sociaux pour leur propre travail " * 6
    shown = texts(questions([Asked(long, 50.0, "50"), Asked("x" * 900, None, "y" * 300, differ="z" * 300)]))
    assert len([text for text in shown if text.endswith("…")]) == 4
    assert all(len(text) < 60 for text in shown)


@pytest.mark.parametrize("label", HOSTILE)
def test_any_character_gives_well_formed_xml_and_the_label_as_typed(label):
    svg = questions([Asked(label, 50.0, label, (0.0, 100.0), label), Asked(label, None, label)], spread=label)
    expected = re.sub("[\x00\x08\x1b\ud800]", "\ufffd", label)
    shown = re.sub(r"\s", "", " ".join(texts(svg)))
    assert shown.count(re.sub(r"\s", "", expected)) >= 5
    assert "mathtext" not in svg


@pytest.mark.parametrize("count", [1, 2, 36])
def test_any_number_of_questions_fits_on_its_sheet(count):
    svg = questions([Asked(f"Question {place}", 50.0, "50") for place in range(count)])
    root = ElementTree.fromstring(svg)
    downs = [float(node.get("y")) for node in root.iter("{http://www.w3.org/2000/svg}text") if node.get("y")]
    assert len([text for text in texts(svg) if text.startswith("Question")]) == count
    assert max(downs, default=0) <= float(root.get("height"))
    assert "nan" not in svg


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ([], "at least one question"),
        ([Asked("a", 101.0, "")], "not within"),
        ([Asked("a", -1.0, "")], "not within"),
        ([Asked("a", math.nan, "")], "not within"),
        ([Asked("a", 50.0, "", (75.0, 25.0))], "lower first"),
    ],
)
def test_refuses_what_does_not_fit(asked, why):
    with pytest.raises(ValueError, match=why):
        questions(asked)


def test_unknown_scheme_is_refused():
    with pytest.raises(ValueError, match="unknown scheme 'sepia'"):
        questions(THREE, scheme="sepia")


def test_light_and_dark_say_the_same_in_their_own_colours_and_the_same_bytes_each_time():
    light, dark = (questions(THREE, spread="s", scheme=scheme) for scheme in ("light", "dark"))
    assert texts(light) == texts(dark)
    assert bars_of(light) == bars_of(dark, "dark")
    assert light == questions(THREE, spread="s")


def test_a_whole_dimension_stays_small():
    assert len(questions(THREE * 3, spread="s").encode()) < 20_000
