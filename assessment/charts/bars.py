"""The bars: one row per dimension on the rule of 0 to 100, its name above it so that it reads on a phone."""

from collections.abc import Sequence
from itertools import pairwise

from assessment.charts.canvas import Sheet, wrap
from assessment.charts.series import (
    Band,
    Legend,
    Line,
    Span,
    apart,
    check,
    check_numbers,
    draw_band,
    draw_whiskers,
    stacked,
    strip,
    whole,
    you_of,
)
from assessment.charts.style import LEVEL_BOUNDS, WIDTH, readable

MARGIN = 8
NAME, LEADING, NUMBER, NOTE, SMALL = 16, 20, 18, 14, 12
BAR, RANGE, LANE, STRIP, GAP = 14, 11, 13, 9, 24
HEAD, FOOT = 34.0, 30
SCALE = (0, 25, 50, 75, 100)


def bars(
    labels: Sequence[str],
    lines: Sequence[Line],
    bands: Sequence[Band],
    *,
    scheme: str = "light",
    ranges: Band | None = None,
    no_score: Sequence[str] = (),
) -> str:
    """Draw scores of 0..100 per dimension as SVG text: bar, range, earlier and peers' scores, reference bands.

    `ranges`, of the role range, is what each score could still be; `no_score[i]` is what is said of dimension i when it
    has no score. Raises ValueError as `radar` does.
    """
    check(labels, lines, bands)
    ranges = ranges or Band("range", "", (None,) * len(labels))
    check_numbers(labels, "ranges", ranges.spans)
    seen = apart(ranges.spans)
    if no_score and len(no_score) != len(labels):
        raise ValueError(f"no_score: {len(no_score)} texts for {len(labels)} labels")
    rows = Rows(labels, lines, bands, seen)
    legend = Legend(lines, [ranges, *bands] if any(seen) else bands, WIDTH - 2 * MARGIN, solid=True)
    sheet = Sheet(WIDTH, rows.foot + FOOT + legend.height, scheme)
    rows.draw_ground(sheet)
    rows.draw_scores(sheet)
    rows.draw_bands(sheet)
    rows.write(sheet, no_score or [""] * len(labels))
    legend.draw(sheet, MARGIN, rows.foot + FOOT)
    return sheet.svg()


def at(score: float) -> float:
    """Give the place of a score across the sheet."""
    return MARGIN + (WIDTH - 2 * MARGIN) * score / 100


def _draw_levels(sheet: Sheet, height: float, size: float) -> None:
    """Draw the five level bands at the head, pale to deep, each with its number."""
    for level, (start, end) in enumerate(pairwise(LEVEL_BOUNDS), start=1):
        colour = sheet.colours[f"level-{level}"]
        ring, _ = strip(at(start), at(end), 0, height)
        sheet.area([ring], colour)
        x, y = at((start + end) / 2), height / 2 + size * 0.36
        sheet.text(x, y, str(level), size, colour=readable(colour, sheet.colours), align="center")


def draw_scale(sheet: Sheet, rows: Sequence[Span], foot: float | None) -> None:
    """Draw the levels at the head, their bounds from the top to the end of each row, the scale of 0..100 at the foot if any."""
    _draw_levels(sheet, 20, SMALL)
    bounds = [((at(bound), top), (at(bound), end)) for top, end in rows for bound in LEVEL_BOUNDS]
    sheet.path(bounds, sheet.colours["hairline"])
    if foot is None:
        return
    ticks = [((at(score), foot), (at(score), foot + 5)) for score in SCALE]
    sheet.path([((at(0), foot), (at(100), foot)), *ticks], sheet.colours["muted"])
    for score in SCALE:
        x, align = {0: (at(0) - 3, "left"), 100: (at(100) + 3, "right")}.get(score, (at(score), "center"))
        sheet.text(x, foot + 17, str(score), SMALL, colour="muted", align=align)


class Rows:
    """The rows and where they stand; every row has the same lanes, so that they compare."""

    def __init__(self, labels: Sequence[str], lines: Sequence[Line], bands: Sequence[Band], ranges: Sequence):
        self.names = [wrap(label, WIDTH - 2 * MARGIN - 50, NAME) for label in labels]
        self.values = you_of(lines, len(labels))
        self.barred = any(line.role == "you" for line in lines)
        self.others = [line for line in reversed(stacked(lines)) if line.role != "you"]
        self.bands, self.ranges = bands, ranges
        self._others_top = BAR + RANGE * any(ranges)
        self._bands_top = self._others_top + LANE * len(self.others) + 6
        self._depth = self._bands_top + (STRIP + 3) * len(bands)
        self._lanes, foot = [], HEAD
        for words in self.names:
            self._lanes.append(foot + len(words) * LEADING + 4)
            foot = self._lanes[-1] + self._depth + GAP
        self.foot = foot - GAP + 8

    def draw_ground(self, sheet: Sheet) -> None:
        """Draw the levels, their bounds beside each row but not through words, the scale."""
        missing = [BAR + 5 if value is None else 0 for value in self.values]
        beside = [(lane - 2 + drop, lane + self._depth + 2) for lane, drop in zip(self._lanes, missing, strict=True)]
        draw_scale(sheet, beside, self.foot)

    def draw_scores(self, sheet: Sheet) -> None:
        """Draw your bars, their ranges beneath, and the other lines as far as their scores."""
        scored = self._placed(self.values) if self.barred else []
        bars = [strip(at(0), max(at(value), at(0) + 1.5), lane, BAR)[0] for value, lane in scored]
        sheet.area(bars, sheet.colours["you"])
        ranges = [(at(low), at(high), lane + BAR + RANGE / 2 + 1) for (low, high), lane in self._placed(self.ranges)]
        draw_whiskers(sheet, ranges)
        for number, line in enumerate(self.others):
            drop = self._others_top + LANE * (number + 0.5) + 2
            ends = [(at(value), row + drop) for value, row in self._placed(line.values)]
            points = [point for x, y in ends for point in ((at(0) + 2, y), (x, y), None)]
            sheet.line(line.role, points, marked=ends)

    def draw_bands(self, sheet: Sheet) -> None:
        """Draw each edition's reference as a strip in its own lane; nothing where nothing is published."""
        for number, band in enumerate(self.bands):
            drop = self._bands_top + (STRIP + 3) * number
            strips = [strip(at(low), at(high), row + drop, STRIP) for (low, high), row in self._placed(band.spans)]
            draw_band(sheet, band.role, [ring for ring, _ in strips], [dot for _, dots in strips for dot in dots])

    def _placed(self, entries: Sequence) -> list[tuple]:
        """Give what there is with the top of its row's lanes; missing entries are left out, not drawn at zero."""
        return [(entry, lane) for entry, lane in zip(entries, self._lanes, strict=True) if entry is not None]

    def write(self, sheet: Sheet, no_score: Sequence[str]) -> None:
        """Write each dimension's name and number, or what is said when it has none."""
        for words, value, lane, missing in zip(self.names, self.values, self._lanes, no_score, strict=True):
            colour, weight, number = ("muted", "normal", "–") if value is None else ("ink", "bold", whole(value))
            top = lane - 4 - len(words) * LEADING
            sheet.text(at(100), top + NAME, number, NUMBER, colour=colour, weight=weight, align="right")
            for i, word in enumerate(words):
                sheet.text(at(0), top + NAME + i * LEADING, word, NAME, colour=colour)
            if value is None:
                note = wrap(missing, WIDTH - 2 * MARGIN, NOTE, 1)[0]
                sheet.text(at(0), lane + NOTE - 3, note, NOTE, colour="muted")
