"""Bands as strips, ranges as thin lines, and the legend: the same marks in every chart."""

from collections.abc import Iterator, Sequence

from assessment.charts.canvas import Point, Sheet
from assessment.charts.style import BANDS
from assessment.charts.values import Band, Line, stacked
from assessment.charts.wrapping import wrap

SIZE, LEADING, SWATCH, GAP = 14, 18, 34, 10


def draw_band(sheet: Sheet, role: str, rings: Sequence[Sequence[Point]], dots: Sequence[Point]) -> None:
    """Draw a barometer's shapes in its grey: with dots, or with lines."""
    edge = sheet.colours[f"{role}-edge"]
    lined = BANDS[role] == "lines"
    sheet.area(rings, sheet.colours[role], edge=edge, hatch="///" if lined else None)
    if not lined:
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
        self._rows = [[(entry.role, wrap(entry.label, room, SIZE)) for entry in row] for row in rows]

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
            for column, (role, words) in enumerate(row):
                x = left + column * self._column
                self._swatch(sheet, role, x, top + 9)
                for number, word in enumerate(words):
                    sheet.text(x + SWATCH + GAP, top + 14 + number * LEADING, word, SIZE)
            top += height

    def _swatch(self, sheet: Sheet, role: str, x: float, y: float) -> None:
        ring, dots = strip(x, x + SWATCH, y - 5, 10)
        if role in BANDS:
            draw_band(sheet, role, [ring], dots)
        elif role == "range":
            draw_whiskers(sheet, [(x + 1, x + SWATCH - 1, y)])
        elif self._solid and role == "you":
            sheet.area([ring], sheet.colours[role])
        else:
            sheet.line(role, [(x, y), (x + SWATCH, y)], marked=[(x + SWATCH / 2, y)])
