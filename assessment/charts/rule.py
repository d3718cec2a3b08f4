"""The rule of 0 to 100 with its five level bands: where the whole stands, for the head of a report."""

from collections.abc import Callable, Sequence
from itertools import pairwise

from assessment.charts.canvas import Sheet, width_of, wrap
from assessment.charts.series import check_numbers, draw_whiskers, strip, whole
from assessment.charts.style import LEVEL_BOUNDS, WIDTH, readable

MARGIN = 34
NUMBER, SMALL, NAME, LEADING = 22, 13, 14, 17
AXIS, TOP, HEIGHT = 40, 56, 28
ROOM = 150  # a name's width where they take turns on two rows


def rule(score: float | None, low: float, high: float, names: Sequence[str], *, scheme: str = "light") -> str:
    """Draw a score of 0..100, or none, and its range on the rule of the five named levels, as SVG text.

    Raises ValueError for numbers out of range or order, for other than five names, for an unknown scheme.
    """
    check_numbers(["range"], "range", [(low, high)])
    check_numbers(["score"], "score", [None if score is None else (score,)])
    if len(names) != len(LEVEL_BOUNDS) - 1:
        raise ValueError(f"{len(names)} names for {len(LEVEL_BOUNDS) - 1} levels")
    written = _place(names)
    sheet = Sheet(WIDTH, max(y for _, y, _ in written) + 6, scheme)
    draw_levels(sheet, at, TOP, HEIGHT, 15)
    for x, y, word in written:
        sheet.text(x, y, word, NAME, align="center")
    for score_end, align in ((0, "right"), (100, "left")):
        x = at(score_end) + (7 if score_end else -7)
        sheet.text(x, TOP + HEIGHT / 2 + 4.5, str(score_end), SMALL, colour="muted", align=align)
    _draw_score(sheet, score, low, high)
    return sheet.svg()


def at(score: float) -> float:
    """Give the place of a score across the sheet."""
    return MARGIN + (WIDTH - 2 * MARGIN) * score / 100


def draw_levels(sheet: Sheet, at: Callable[[float], float], top: float, height: float, size: float) -> None:
    """Draw the five level bands, pale to deep, each with its number."""
    for level, (start, end) in enumerate(pairwise(LEVEL_BOUNDS), start=1):
        colour = sheet.colours[f"level-{level}"]
        ring, _ = strip(at(start), at(end), top, height)
        sheet.area([ring], colour)
        x, y = at((start + end) / 2), top + height / 2 + size * 0.36
        sheet.text(x, y, str(level), size, colour=readable(colour, sheet.colours), align="center")


def _draw_score(sheet: Sheet, score: float | None, low: float, high: float) -> None:
    if score is not None:
        sheet.path([((at(score), AXIS), (at(score), TOP))], sheet.colours["ink"], 1.2)
    draw_whiskers(sheet, [(at(low), at(high), AXIS)])
    if 0 < low < high:
        sheet.text(at(low) - 7, AXIS + 4.5, whole(low), SMALL, colour="muted", align="right")
    if low < high < 100:
        sheet.text(at(high) + 7, AXIS + 4.5, whole(high), SMALL, colour="muted")
    if score is not None:
        you = sheet.colours["you"]
        sheet.markers([(at(score), AXIS)], "o", 12, you, you)
        sheet.text(at(score), AXIS - 14, whole(score), NUMBER, weight="bold", align="center")


def _place(names: Sequence[str]) -> list[tuple[float, float, str]]:
    """Place the names' lines under the middles of their levels: in one row if they fit, else in two by turns."""
    rows = 1 if _fit(names) else 2
    cut = [wrap(name, ROOM, NAME) for name in names]
    drop = LEADING * max(len(words) for words in cut[::2])
    placed = []
    for level, (words, (start, end)) in enumerate(zip(cut, pairwise(LEVEL_BOUNDS), strict=True)):
        half = max(width_of(word, NAME) for word in words) / 2
        x = min(max(at((start + end) / 2), half), WIDTH - half)
        top = TOP + HEIGHT + 20 + level % rows * drop
        placed += [(x, top + LEADING * i, word) for i, word in enumerate(words)]
    return placed


def _fit(names: Sequence[str]) -> bool:
    middles = [at((start + end) / 2) for start, end in pairwise(LEVEL_BOUNDS)]
    widths = [width_of(name, NAME) for name in names]
    gaps = [b - a for a, b in pairwise(middles)]
    return all(gap > (a + b) / 2 + 3 for gap, (a, b) in zip(gaps, pairwise(widths), strict=True))
