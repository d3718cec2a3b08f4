"""A report as one picture to pass on: whose it is, its sentence, the steps of the levels, a bar for each dimension. Its
smallest type is 24 of 1,200 units across, still read where a network shows the picture at a third of its size.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from assessment.charts.canvas import Sheet, width_of, wrap
from assessment.charts.rule import Stand
from assessment.charts.series import check_numbers, strip, whole
from assessment.charts.style import LEVEL_BOUNDS, readable

WIDTH, MARGIN = 1200, 60
SMALL, PLAIN, TITLE, NUMERAL = 24, 28, 46, 150
RIGHT = WIDTH - MARGIN
STAIRS = (MARGIN, 480)  # the steps of the levels, across
NAMES, BARS, LEADING = 540, 860, 29
TITLE_LEADING, HEAD, FOOT = 54, 218, 92  # where the head ends, and how high the foot is
MOST = 12  # bars that still stand apart
TYPEFACE = 1.2  # a picture is set in our own typeface: the estimate of widths, for any, is so much too generous
OWN = re.compile(
    "[\u0000-\u024f\u1e00-\u1eff\u2000-\u20cf]*"
)  # Latin, which our own typeface has; other scripts are set wider
MARK = ("#9cc3c6", "#7eafb3", "#609a9f", "#47868c", "#2f7279")  # as in mark.svg


@dataclass(frozen=True, slots=True)
class Bar:
    """One dimension: its name, its score of 0..100, None without one, and what is said of it."""

    label: str
    score: float | None
    shown: str


@dataclass(frozen=True, slots=True)
class Words:
    """What is written: whose report, by whose answers and of when, its sentence, the product, and where it comes from."""

    whose: str
    made: str
    title: str
    product: str
    source: str


def card(
    words: Words, score: float | None, stand: Stand, bars: Sequence[Bar], *, height: float, scheme: str = "light"
) -> str:
    """Draw the picture, 1,200 units wide and at least 600 high, as SVG text.

    Raises ValueError without a dimension, for more than 12, for a score out of 0..100, for an unknown scheme.
    """
    if not 1 <= len(bars) <= MOST:
        raise ValueError(f"{len(bars)} bars: a card has 1 to {MOST}")
    scores = [score, *(bar.score for bar in bars)]
    check_numbers([""] * len(scores), "score", [None if value is None else (value,) for value in scores])
    sheet = Sheet(WIDTH, height, scheme)
    _write_head(sheet, words)
    _draw_stairs(sheet, score, stand, height - FOOT - 70)
    _draw_bars(sheet, bars, HEAD + 22, height - FOOT - 24)
    _write_foot(sheet, words, height)
    return sheet.svg()


def _cut(text: str, width: float, size: float, most: int = 1) -> list[str]:
    return wrap(text, width * (TYPEFACE if OWN.fullmatch(text) else 1), size, most)


def _write_head(sheet: Sheet, words: Words) -> None:
    made = width_of(words.made, PLAIN) / TYPEFACE + 30
    sheet.text(RIGHT, 72, words.made, PLAIN, colour="muted", align="right")
    sheet.text(MARGIN, 72, _cut(words.whose, RIGHT - MARGIN - made, PLAIN)[0], PLAIN, weight="bold")
    for place, line in enumerate(_cut(words.title, RIGHT - MARGIN, TITLE, 2)):
        sheet.text(MARGIN, 136 + place * TITLE_LEADING, line, TITLE, weight="bold", face="serif")


def _draw_stairs(sheet: Sheet, score: float | None, stand: Stand, ground: float) -> None:
    """Draw the five steps, those that are reached filled, with the level on its own and the score beneath."""
    reached, rise = stand.level or 0, 14
    for level, (start, end) in enumerate(pairwise(LEVEL_BOUNDS), start=1):
        top = ground - 44 - rise * (level - 1)
        ring, _dots = strip(_across(start), _across(end), top, ground - top)
        middle, colour = (_across(start) + _across(end)) / 2, "paper"
        if level <= reached:
            colour = f"level-{level}"
            sheet.area([ring], sheet.colours[colour], edge=sheet.colours["paper"])
        elif level in stand.hatched:
            sheet.area([ring], "none", edge=sheet.colours["level-3"], hatch="//")
            sheet.markers([(middle, ground - 22)], "s", 30, sheet.colours["paper"], sheet.colours["paper"])
        else:
            sheet.area([ring], "none", edge=sheet.colours["hairline"])
        if level == reached:
            side, x = {1: ("left", start), 5: ("right", end)}.get(level, ("center", (start + end) / 2))
            sheet.text(_across(x), top - 12, str(level), NUMERAL, weight="bold", align=side, face="serif")
        else:
            ink = readable(sheet.colours[colour], sheet.colours) if level < reached else "muted"
            sheet.text(middle, ground - 14, str(level), SMALL, colour=ink, align="center")
    sheet.path([((STAIRS[0], ground), (STAIRS[1], ground))], sheet.colours["ink"], 2)
    if score is not None:
        you, x = sheet.colours["you"], _across(score)
        sheet.path([((x, ground), (x, ground + 20))], you, 3)
        sheet.markers([(x, ground + 20)], "o", 18, you, you)
        if stand.is_held:
            sheet.dots([(x, ground + 20)], sheet.colours["paper"], 10)
        aside = "left" if score < 50 else "right"
        sheet.text(
            x + (20 if score < 50 else -20), ground + 30, whole(score), PLAIN, colour="you", weight="bold", align=aside
        )


def _across(score: float) -> float:
    return STAIRS[0] + (STAIRS[1] - STAIRS[0]) * score / 100


def _draw_bars(sheet: Sheet, bars: Sequence[Bar], top: float, foot: float) -> None:
    """Draw a row for each dimension: its name, its bar on a ground of the whole scale, its number."""
    row = (foot - top) / len(bars)
    depth, end = min(22.0, row * 0.55), RIGHT - 64
    scaled = (end - BARS) / 100
    for place, bar in enumerate(bars):
        middle = top + row * (place + 0.5)
        lines = _cut(bar.label, BARS - NAMES - 20, SMALL, 2 if row >= 2 * LEADING else 1)
        for number, line in enumerate(lines):
            sheet.text(NAMES, middle + 8 + LEADING * (number - (len(lines) - 1) / 2), line, SMALL)
        if bar.score is None:
            told = _cut(bar.shown, RIGHT - BARS, SMALL)[0]
            sheet.text(BARS, middle + 8, told, SMALL, colour="muted")
            continue
        for to, colour in ((100, "barometer-2016"), (max(bar.score, 1), "you")):
            ring, _dots = strip(BARS, BARS + scaled * to, middle - depth / 2, depth)
            sheet.area([ring], sheet.colours[colour])
        bounds = [BARS + scaled * bound for bound in LEVEL_BOUNDS[1:-1]]
        sheet.path([((x, middle - depth / 2), (x, middle + depth / 2)) for x in bounds], sheet.colours["paper"], 2)
        sheet.text(RIGHT, middle + 10, bar.shown, PLAIN, weight="bold", align="right")


def _write_foot(sheet: Sheet, words: Words, height: float) -> None:
    top, line = height - FOOT, height - 36
    sheet.path([((MARGIN, top), (RIGHT, top))], sheet.colours["hairline"], 2)
    for place, colour in enumerate(MARK):
        tall = 8 + place * 7
        ring, _dots = strip(MARGIN + place * 9, MARGIN + place * 9 + 7, line + 2 - tall, tall)
        sheet.area([ring], colour)
    sheet.text(MARGIN + 60, line, words.product, PLAIN, weight="bold", face="serif")
    room = RIGHT - MARGIN - 80 - width_of(words.product, PLAIN)
    sheet.text(RIGHT, line, _cut(words.source, room, SMALL)[0], SMALL, colour="muted", align="right")
