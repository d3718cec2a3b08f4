"""Charts: what they show, what they refuse, that they are told apart without colour and leave matplotlib alone."""

import math
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from xml.etree import ElementTree

import pytest

from assessment.charts.bars import bars
from assessment.charts.canvas import Sheet, width_of, wrap
from assessment.charts.outlines import outlined
from assessment.charts.radar import radar
from assessment.charts.rule import Stand, rule
from assessment.charts.series import Band, Line, draw_band, whole
from assessment.charts.style import BANDS, PALETTE, STROKES, contrast, readable
from tests import drawn

LABELS = ["Stratégie", "Charte", "Formation", "Suivi du ROI", "Social selling"]
YOU = Line("you", "Votre organisation", (75, 41.67, 50, 30, 62.5))
BEFORE = Line("before", "Mars 2025", (50, 38, 25, 18, 55))
PEERS = Line("peers", "Pairs", (58, 45, 38, 40, 33))
BANDS_2 = [
    Band("barometer-2016", "Baromètre 2016", ((12.5, 37.5), None, None, (12.5, 37.5), (0, 12.5))),
    Band("barometer-2017", "Baromètre 2017", ((37.5, 62.5), *[(12.5, 37.5)] * 4)),
]
RANGES = Band("range", "Possible", ((10, 90),) * 5)
HOSTILE = [
    "$a_1$ et $\\frac{1}{2}$", "R&D <script>alert('x')</script>", 'a\\b"c"', "Über ÉTÉ ñ", "عربية", "🎉 日本",
    "\x00\x08\x1b", "\ud800", "", "</text>", "]]>", "font-family: 'DejaVu Sans'\">0</text>", "0",
]  # fmt: skip
CHARTS = [radar, bars]


def texts(svg: str) -> list[str]:
    return ["".join(node.itertext()) for node in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")]


def marks(svg: str, colour: str) -> int:
    """Count the markers filled with a colour."""
    return len(re.findall(rf'<use [^>]*style="fill: {colour}', svg))


def line_of(count: int, value: float | None = 50.0) -> Line:
    return Line("you", "Vous", (value,) * count)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("chart", CHARTS)
def test_shows_every_label_number_and_legend(chart, scheme):
    shown = " ".join(texts(chart(LABELS, [YOU, BEFORE, PEERS], BANDS_2, scheme=scheme)))
    for text in (*LABELS, "Votre organisation", "Mars 2025", "Pairs", "Baromètre 2016", "Baromètre 2017"):
        assert set(text.split()) <= set(shown.split())
    for number in ("75", "42", "50", "30", "63"):
        assert number in shown.split()


def test_svg_scales_and_names_no_other_host():
    root = ElementTree.fromstring(radar(LABELS, [YOU], BANDS_2))
    width, height = root.get("width"), root.get("height")
    assert root.get("viewBox") == f"0 0 {width} {height}"
    assert not re.findall(r'(?:href|src)="(?!#)|url\((?!#)|@import', radar(LABELS, [YOU], BANDS_2))


def test_text_stays_text_in_the_page_s_fonts():
    svg = bars(LABELS, [YOU], BANDS_2)
    families = set(re.findall(r"font-family: ([^;]*);", svg))
    assert families == {"system-ui, -apple-system, 'Segoe UI', Roboto, 'Source Sans Pro', 'DejaVu Sans', sans-serif"}


@pytest.mark.parametrize("chart", CHARTS)
def test_a_missing_score_is_a_dash_and_has_no_mark(chart):
    gap = Line("peers", "Pairs", (75, None, 50, 30, 62.5))
    svg = chart(LABELS, [gap], [])
    assert "–" in texts(svg)
    assert "0" not in [text for text in texts(svg) if chart is radar]
    assert marks(svg, PALETTE["light"]["peers"]) == 4 + 1  # four scores and the legend


@pytest.mark.parametrize(
    ("values", "segments"),
    [
        ((75, 40, 50, 30, 60), 5),
        ((75, None, 50, 30, 60), 3),
        ((None, 40, 50, 30, 60), 3),
        ((75, None, 50, None, 60), 1),
        ((None, 40, None, 30, None), 0),
    ],
)
def test_radar_line_is_broken_at_a_missing_score(values, segments):
    svg = radar(LABELS, [Line("you", "Vous", values)], [])
    drawn = re.findall(rf'<path d="([^"]*)"[^>]*stroke: {PALETTE["light"]["you"]}; stroke-width: 2.8', svg)
    legend = 1
    assert sum(path.count("L") for path in drawn) == segments + legend
    assert marks(svg, PALETTE["light"]["you"]) == 5 - values.count(None) + legend


def test_radar_fills_only_a_whole_outline():
    filled = f"fill: {PALETTE['light']['you']}; opacity"
    assert filled in radar(LABELS, [YOU], [])
    assert filled not in radar(LABELS, [Line("you", "Vous", (75, None, 50, 30, 60))], [])


def test_bars_say_why_there_is_no_score_and_draw_no_bar():
    gap = Line("you", "Vous", (75, None, 50, 30, 62.5))
    ranges = Band("range", "Possible", (None, (0, 100), None, None, None))
    svg = bars(LABELS, [gap], [], no_score=["", "sans objet", "", "", ""], ranges=ranges)
    assert "sans objet" in texts(svg)
    bar = re.search(rf'<path d="([^"]*)" style="fill: {PALETTE["light"]["you"]}', svg)
    assert bar[1].count("z") == 4


def test_bars_draw_a_bar_only_for_you():
    svg = bars(LABELS, [PEERS], [])
    assert f'style="fill: {PALETTE["light"]["you"]}' not in svg
    assert "58" in texts(svg)


def test_nothing_published_draws_no_band():
    some = radar(LABELS, [YOU], [Band("barometer-2017", "2017", ((12.5, 37.5), None, None, None, None))])
    none = radar(LABELS, [YOU], [Band("barometer-2017", "2017", (None,) * 5)])
    assert some.count("url(#") == 2  # one shape, one in the legend
    assert none.count("url(#") == 1


def test_radar_bands_are_separate_shapes_beside_their_spokes():
    svg = radar(LABELS, [], BANDS_2)
    shapes = re.findall(r'<path d="([^"]*)" style="fill: url', svg)
    assert sorted(shape.count("z") for shape in shapes) == [1, 5]


@pytest.mark.parametrize("count", range(1, 13))
@pytest.mark.parametrize("chart", CHARTS)
def test_any_number_of_dimensions_with_and_without_scores(chart, count):
    labels = [f"Dimension {i}" for i in range(count)]
    bands = [Band("barometer-2016", "2016", ((12.5, 37.5),) * count)]
    for value in (None, 0, 100):
        svg = chart(labels, [line_of(count, value)], bands)
        ElementTree.fromstring(svg)
        assert len([text for text in texts(svg) if text == ("–" if value is None else str(value))]) >= count
        assert "nan" not in svg


def test_radar_labels_do_not_run_into_each_other_or_off_the_sheet():
    from assessment.charts.radar import NAME, _labels, _radius

    labels = ["Ressources humaines et communication interne", "Suivi du ROI", "Extraordinairement"] * 4
    placed = _labels(labels, [50] * 12, _radius(labels))
    for i, one in enumerate(placed):
        assert not any(one.overlaps(other) for other in placed[i + 1 :])
        start = {"left": 0, "center": 0.5, "right": 1}[one.align]
        for word in one.words:
            left = one.x - start * width_of(word, NAME)
            assert left >= 0
            assert left + width_of(word, NAME) <= 440


@pytest.mark.parametrize("chart", CHARTS)
@pytest.mark.parametrize(
    ("labels", "lines", "bands", "why"),
    [
        ([], [], [], "at least one label"),
        (LABELS, [line_of(4)], [], "4 values for 5 labels"),
        (LABELS, [], [Band("barometer-2016", "b", ((0, 1),) * 6)], "6 values for 5 labels"),
        (LABELS, [line_of(5, 101)], [], "not within"),
        (LABELS, [line_of(5, -1)], [], "not within"),
        (LABELS, [line_of(5, math.nan)], [], "not within"),
        (LABELS, [], [Band("barometer-2016", "b", ((50, 20),) * 5)], "lower first"),
        (LABELS, [Line("rival", "r", (1,) * 5)], [], "unknown role 'rival'"),
        (LABELS, [], [Band("you", "r", (None,) * 5)], "unknown role 'you'"),
    ],
)
def test_refuses_what_does_not_fit(chart, labels, lines, bands, why):
    with pytest.raises(ValueError, match=why):
        chart(labels, lines, bands)


def test_bars_refuse_ranges_and_texts_of_another_length():
    with pytest.raises(ValueError, match="ranges: 1 values for 5 labels"):
        bars(LABELS, [YOU], [], ranges=Band("range", "Possible", ((1, 2),)))
    with pytest.raises(ValueError, match="no_score: 1 texts for 5 labels"):
        bars(LABELS, [YOU], [], no_score=["x"])


def test_unknown_scheme_is_refused():
    for draw in (
        lambda: radar(LABELS, [YOU], [], scheme="sepia"),
        lambda: bars(LABELS, [YOU], [], scheme="sepia"),
        lambda: rule(50, 40, 60, Stand(3, "c"), scheme="sepia"),
    ):
        with pytest.raises(ValueError, match="unknown scheme 'sepia'"):
            draw()


@pytest.mark.parametrize("label", HOSTILE)
def test_any_character_gives_well_formed_xml_and_the_label_as_typed(label):
    expected = re.sub("[\x00\x08\x1b\ud800]", "\ufffd", label)
    for svg in (
        bars([label, "b", "c"], [Line("you", label, (1, 2, 3))], []),
        radar([label, "b", "c"], [Line("you", label, (1, 2, 3))], []),
        rule(50, 40, 60, Stand(3, label, label)),
    ):
        shown = " ".join(texts(svg))
        assert re.sub(r"\s", "", expected) in re.sub(r"\s", "", shown)
        assert "mathtext" not in svg


def test_long_labels_wrap_to_three_lines_and_end_in_an_ellipsis():
    long = "Ressources humaines et marque employeur " * 8
    for chart in CHARTS:
        shown = texts(chart([long, "b", "c"], [line_of(3)], []))
        assert len([text for text in shown if text.startswith("Ressources")]) >= 1
        assert len([text for text in shown if text.endswith("…")]) == 1
    assert wrap("un deux trois", 1000, 15) == ["un deux trois"]
    assert "".join(wrap("x" * 20, 100, 15)) == "x" * 20
    assert len(wrap("x" * 400, 100, 15)) == 3
    assert all(width_of(line, 15) <= 100 for line in wrap(long, 100, 15))
    assert wrap("100\u00a0% a", 60, 15) == ["100\u00a0%", "a"]


def test_same_input_gives_the_same_bytes_in_any_thread():
    def draw(_=None):
        return (
            radar(LABELS, [YOU, BEFORE], BANDS_2),
            bars(LABELS, [YOU, PEERS], BANDS_2, ranges=RANGES),
            rule(56.25, 50, 64.58, Stand(3, "Structured", "6 more points to level 4")),
        )

    expected = draw()
    with ThreadPoolExecutor(4) as pool:
        assert all(drawn == expected for drawn in pool.map(draw, range(8)))
    assert not any("<dc:date>" in svg or "Matplotlib" in svg for svg in expected)


def test_matplotlib_is_loaded_at_the_first_chart_and_pyplot_never():
    code = """
import sys
from assessment.charts.rule import Stand, rule
assert "matplotlib" not in sys.modules and "numpy" not in sys.modules
rule(50, 40, 60, Stand(3, "c"))
assert "matplotlib" in sys.modules and "matplotlib.pyplot" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", code], check=True)


def test_no_mark_is_left_to_colour_alone():
    lines = [(stroke.marker, stroke.dashes) for stroke in STROKES.values()]
    assert len({marker for marker, _ in lines}) == len({dashes for _, dashes in lines}) == len(lines)
    assert STROKES["you"].dashes is None
    drawn = {}
    for role in BANDS:
        sheet = Sheet(20, 20, "light")
        draw_band(sheet, role, [[(0, 0), (9, 0), (9, 9)]], [(3, 3)])
        drawn[role] = sheet.svg()
    assert "stroke-linecap: round" in drawn["barometer-2016"]
    assert "<pattern" not in drawn["barometer-2016"]
    assert "<pattern" in drawn["barometer-2017"]
    grey = [contrast(PALETTE["light"]["paper"], PALETTE["light"][role]) for role in BANDS]
    assert grey[1] > grey[0] * 1.3


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_and_marks_stand_out_from_the_paper(scheme):
    colours = PALETTE[scheme]
    assert min(contrast(colours[text], colours["paper"]) for text in ("ink", "muted")) >= 4.5
    edges = [f"{role}-edge" for role in (*STROKES, *BANDS)]
    assert min(contrast(colours[edge], colours["paper"]) for edge in edges) >= 3
    levels = [colours[f"level-{level}"] for level in range(1, 6)]
    assert min(contrast(readable(level, colours), level) for level in levels) >= 4.5
    steps = [contrast(level, colours["paper"]) for level in levels]
    assert steps == sorted(steps)


def test_both_schemes_have_the_same_roles_and_the_agreed_colours():
    light = PALETTE["light"]
    assert light.keys() == PALETTE["dark"].keys()
    agreed = {"ink": "#1b2330", "paper": "#fbfaf7", "you": "#0072b2", "peers": "#e69f00", "before": "#56b4e9"}
    assert agreed.items() <= light.items()


def test_contrast_is_that_of_wcag():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize(
    ("score", "written"),
    [(0, "0"), (0.2, "1"), (0.5, "1"), (62.5, "63"), (63.5, "64"), (62.49, "62"), (99.7, "99"), (100, "100")],
)
def test_scores_are_written_whole_half_up_and_the_ends_only_for_the_ends(score, written):
    assert whole(score) == written


STANDS = [
    (1, (8, 8, 8), Stand(1, "Initial", "5 more points to level 2", goes_on=True), ["2", "3", "4", "5"]),
    (3, (46, 46, 46), Stand(3, "Structured", "17 more points to level 4", goes_on=True), ["1", "2", "4", "5"]),
    (5, (94, 94, 94), Stand(5, "Leading"), ["1", "2", "3", "4"]),
]


@pytest.mark.parametrize(("level", "numbers", "stand", "others"), STANDS)
def test_rule_writes_the_level_large_on_its_step_with_its_name_and_the_way_on(level, numbers, stand, others):
    svg = rule(*numbers, stand)
    assert large(svg) == [str(level)]
    shown = texts(svg)
    assert [text for text in shown if text in "12345"] == [*others, str(level)]
    assert {stand.title, str(numbers[0]), *filter(None, [stand.told])} <= set(shown)
    assert marks(svg, PALETTE["light"]["you"]) == 1


@pytest.mark.parametrize(("score", "below"), [(46, False), (52, True)])
def test_rule_is_read_from_the_score_to_what_is_told_of_it(score, below):
    svg = rule(score, score, score, Stand(3, "Structured", "11 more points to level 4", goes_on=True))
    places = {node.text: [float(node.get(axis)) for axis in "xy"] for node in nodes(svg, "text")}
    (x, y), (told_x, told_y) = places[str(score)], places["11 more points to level 4"]
    assert (told_y > y) if below else (told_y == y and told_x > x)


def nodes(svg, tag):
    return list(ElementTree.fromstring(svg).iter(f"{{http://www.w3.org/2000/svg}}{tag}"))


def large(svg):
    """What is written in the size of the numeral."""
    return [node.text for node in nodes(svg, "text") if "84px" in node.get("style")]


def test_rule_of_a_held_level_hatches_the_step_of_the_score_and_its_dot_is_hollow():
    held = rule(71, 71, 71, Stand(3, "Structured", "a score of level 4, held at 3", is_held=True))
    free = rule(71, 71, 71, Stand(4, "Managed", "17 more points to level 5", goes_on=True))
    assert large(held) == ["3"]
    assert large(free) == ["4"]
    assert [len(nodes(svg, "pattern")) for svg in (held, free)] == [1, 0]
    hole = f"stroke: {PALETTE['light']['paper']}; stroke-width: 7; stroke-linejoin: miter; stroke-linecap: round"
    assert [hole in svg for svg in (held, free)] == [True, False]


def test_rule_without_a_level_hatches_the_levels_that_are_possible_and_has_no_dot():
    svg = rule(None, 31, 68, Stand(None, "Level 2 to 4", possible=(2, 4)))
    assert large(svg) == []
    assert {"Level 2 to 4", "31", "68"} <= set(texts(svg))
    assert len(re.findall(r"fill: url\(#", svg)) == 3
    assert len(nodes(rule(None, 0, 100, Stand(None, "No level")), "pattern")) == 0


@pytest.mark.parametrize("numbers", [(50, 60, 40), (101, 0, 1), (None, -1, 5), (math.nan, 0, 1)])
def test_rule_refuses_numbers_out_of_order(numbers):
    with pytest.raises(ValueError, match="not within"):
        rule(*numbers, Stand(3, "Structured"))


@pytest.mark.parametrize(
    "stand", [Stand(6, "x"), Stand(0, "x"), Stand(5, "x", is_held=True), Stand(None, "x", possible=(0, 2))]
)
def test_rule_refuses_a_level_that_there_is_not(stand):
    with pytest.raises(ValueError, match="level"):
        rule(50, 40, 60, stand)


@pytest.mark.parametrize("level", [1, 2, 3, 4, 5])
def test_a_long_name_of_a_level_and_long_words_stay_within_the_picture(level):
    stand = Stand(level, "Little or nothing in place as yet " * 3, "so many points are missing " * 6)
    svg = rule(20 * level - 10, 20 * level - 10, 20 * level - 10, stand)
    assert [text[-1] for text in texts(svg) if text.endswith("…")]
    for node in nodes(svg, "text"):
        style, x = node.get("style"), float(node.get("x"))
        width = width_of(node.text, float(re.search(r"font-size: ([\d.]+)px", style)[1]))
        anchor = re.search(r"text-anchor: (\w+)", style)[1]
        left = {"start": x, "middle": x - width / 2, "end": x - width}[anchor]
        assert -5 < left < left + width < 445, node.text


def test_a_full_chart_stays_small():
    assert len(radar(LABELS, [YOU, BEFORE, PEERS], BANDS_2).encode()) < 40_000
    assert len(bars(LABELS, [YOU, BEFORE, PEERS], BANDS_2, ranges=RANGES).encode()) < 40_000


# Outlines ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("chart", CHARTS)
def test_the_outlines_of_a_chart_say_what_its_texts_say(chart):
    svg = chart(LABELS, [YOU, BEFORE], BANDS_2)
    assert drawn.texts(outlined(svg)) == texts(svg)
    assert "<text" not in outlined(svg)


def test_a_line_with_a_sign_that_the_typeface_lacks_stays_a_text():
    svg = bars(("東京", *LABELS[1:]), [YOU], BANDS_2)
    assert re.findall(r">([^<]+)</text>", outlined(svg)) == ["東京"]
    assert set(texts(svg)) == set(drawn.texts(outlined(svg)))


def test_outlines_scale_and_stand_where_the_text_stood():
    svg = '<svg xmlns="http://www.w3.org/2000/svg"><text style="{}" x="10" y="20">Il</text></svg>'
    for anchor, shift in (("start", 0.0), ("middle", 0.5), ("end", 1.0)):
        style = f"font-size: 10px; font-family: x; text-anchor: {anchor}; fill: #123456"
        made = outlined(svg.format(style))
        assert 'fill="#123456" transform="translate(10 20) scale(0.0100 -0.0100)"' in made
        first, second = (float(found) for found in re.findall(r'<use href="#R\w+" x="(-?\d+)"', made))
        width = (second - first) + 255  # of the second letter, l
        assert first == pytest.approx(-shift * width, abs=3)
