"""Series of scores: lines and bands as a chart is given them, one value for each label, and how they are drawn: strips, thin
ranges and the legend, the same marks in every chart.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assessment.charts.canvas import Point, Sheet, wrap
from assessment.charts.style import BANDS, STROKES

SIZE, LEADING, SWATCH, GAP = 14, 18, 34, 10  # of the legend, in units

Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Line:
    """One series of scores, 0 to 100; None where a dimension has no score. Roles: you, peers, before."""

    role: str
    label: str
    values: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Band:
    """A lower and an upper bound per dimension, None where there are none.

    Roles: barometer-2016 and -2017, an edition of the barometer; peers, what their middle half reaches;
    range, what a score could be or how far answers lie apart.
    """

    role: str
    label: str
    spans: tuple[Span | None, ...]


def check(labels: Sequence[str], lines: Sequence[Line], bands: Sequence[Band]) -> None:
    """Raise ValueError unless every series has a known role and one value of 0..100, or None, per label."""
    if not labels:
        raise ValueError("a chart needs at least one label")
    for series, known in ((lines, STROKES), (bands, BANDS)):
        for one in series:
            if one.role not in known:
                raise ValueError(f"unknown role {one.role!r}: choose one of {', '.join(known)}")
    for line in lines:
        check_numbers(labels, line.role, [None if value is None else (value,) for value in line.values])
    for band in bands:
        check_numbers(labels, band.role, band.spans)


def check_numbers(labels: Sequence[str], what: str, numbers: Sequence[tuple[float, ...] | None]) -> None:
    """Raise ValueError unless there is one entry per label, each None or rising numbers of 0..100."""
    if len(numbers) != len(labels):
        raise ValueError(f"{what}: {len(numbers)} values for {len(labels)} labels")
    for entry in numbers:
        if entry is not None and not (all(0 <= n <= 100 for n in entry) and list(entry) == sorted(entry)):
            raise ValueError(f"{what}: {entry} is not within 0..100, lower first")


def apart(spans: Sequence[Span | None]) -> list[Span | None]:
    """Give the spans that can be seen: those whose two ends differ."""
    return [span if span and span[0] < span[1] else None for span in spans]


def you_of(lines: Sequence[Line], count: int) -> tuple[float | None, ...]:
    """Give the values that are written as numbers: yours, or those of the first line, or none."""
    ranked = sorted(lines, key=lambda line: line.role != "you")
    return ranked[0].values if ranked else (None,) * count


def stacked(lines: Sequence[Line]) -> list[Line]:
    """Give the lines as they lie over each other, yours last and on top."""
    return sorted(lines, key=lambda line: list(STROKES).index(line.role))


def whole(score: float) -> str:
    """Write a score as a whole number, half up; 0 only for 0, 100 only for 100 (scoring/README.md, "Shown")."""
    if 0 < score < 100:
        return str(min(99, max(1, math.floor(score + 0.5))))
    return str(round(score))


def draw_band(sheet: Sheet, role: str, rings: Sequence[Sequence[Point]], dots: Sequence[Point]) -> None:
    """Draw a barometer's shapes in its grey, with dots or with lines; those of peers in their colour, plain."""
    edge, look = sheet.colours[f"{role}-edge"], BANDS[role]
    sheet.area(rings, sheet.colours[role], edge=edge, hatch="///" if look == "lines" else None)
    if look == "dots":
        sheet.dots(dots, edge, 2.2)


def strip(left: float, right: float, top: float, height: float) -> tuple[list[Point], list[Point]]:
    """Give a horizontal strip as its outline and the dots that fill it."""
    ring = [(left, top), (right, top), (right, top + height), (left, top + height)]
    count = max(1, int((right - left) / 6))
    step = (right - left) / count
    return ring, [(left + step * (i + 0.5), top + height / 2) for i in range(count)]


def draw_whiskers(sheet: Sheet, ranges: Sequence[tuple[float, float, float]]) -> None:
    """Draw ranges, each from left to right at its height, as a thin line with an upright at each end."""
    strokes = []
    for left, right, y in ranges:
        if right > left:
            strokes += [((left, y), (right, y)), ((left, y - 4), (left, y + 4)), ((right, y - 4), (right, y + 4))]
    sheet.path(strokes, sheet.colours["ink"], 1.4)


class Legend:
    """The legend's entries, in two columns where each fits on one line, else one below the other."""

    def __init__(self, lines: Sequence[Line], bands: Sequence[Band], width: float, *, solid: bool = False):
        self._solid = solid  # your scores are bars, not points
        entries: list[Line | Band] = [*reversed(stacked(lines)), *bands]
        half = width / 2 - SWATCH - 2 * GAP
        columns = 2 if all(len(wrap(entry.label, half, SIZE)) == 1 for entry in entries) else 1
        self._column = width / columns
        room = self._column - SWATCH - 2 * GAP
        rows = [entries[i : i + columns] for i in range(0, len(entries), columns)]
        self._rows = [[(entry, wrap(entry.label, room, SIZE)) for entry in row] for row in rows]

    @property
    def height(self) -> float:
        """Give the height in units."""
        return sum(height for _, height in self._placed())

    def _placed(self) -> Iterator[tuple[list, float]]:
        for row in self._rows:
            yield row, max(len(words) for _, words in row) * LEADING + 8

    def draw(self, sheet: Sheet, left: float, top: float) -> None:
        """Draw the legend with its top left corner there."""
        for row, height in self._placed():
            for column, (entry, words) in enumerate(row):
                x = left + column * self._column
                self._swatch(sheet, entry, x, top + 9)
                for number, word in enumerate(words):
                    sheet.text(x + SWATCH + GAP, top + 14 + number * LEADING, word, SIZE)
            top += height

    def _swatch(self, sheet: Sheet, entry: Line | Band, x: float, y: float) -> None:
        role, (ring, dots) = entry.role, strip(x, x + SWATCH, y - 5, 10)
        if isinstance(entry, Band) and role in BANDS:
            draw_band(sheet, role, [ring], dots)
        elif role == "range":
            draw_whiskers(sheet, [(x + 1, x + SWATCH - 1, y)])
        elif self._solid and role == "you":
            sheet.area([ring], sheet.colours[role])
        else:
            sheet.line(role, [(x, y), (x + SWATCH, y)], marked=[(x + SWATCH / 2, y)])
