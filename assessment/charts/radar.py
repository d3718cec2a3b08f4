"""The radar: one spoke per dimension, clockwise from the top."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from assessment.charts.canvas import Point, Sheet, words_of, wrap
from assessment.charts.series import Band, Legend, Line, check, draw_band, stacked, whole, you_of
from assessment.charts.style import LEVEL_BOUNDS, WIDTH

CENTRE, RADII = WIDTH / 2, range(150, 99, -5)
NAME, LEADING, NUMBER = 15, 18, 17
CLEARANCE, MARGIN = 12, 6
TOUCHING, APART = 4, 5  # apart is farther than touching, so that moving a label always ends


@dataclass(slots=True)
class Label:
    """A dimension's name and number beside the end of its spoke; `top` counts from the centre."""

    words: list[str]
    number: str | None
    x: float
    top: float
    align: str
    upward: bool

    @property
    def height(self) -> float:
        return len(self.words) * LEADING + NUMBER + 3

    def overlaps(self, other: "Label") -> bool:
        """Tell whether two labels of the same side, or one of them in the middle, would touch."""
        beside = self.align != other.align and "center" not in (self.align, other.align)
        return (
            not beside
            and self.top < other.top + other.height + TOUCHING
            and other.top < self.top + self.height + TOUCHING
        )


def radar(labels: Sequence[str], lines: Sequence[Line], bands: Sequence[Band], *, scheme: str = "light") -> str:
    """Draw scores of 0..100 per dimension as SVG text; a missing one breaks its line, it is never a zero.

    Raises ValueError for no labels, for lengths that differ, for values out of range, for an unknown role or scheme.
    """
    check(labels, lines, bands)
    radius = _radius(labels)
    placed = _labels(labels, you_of(lines, len(labels)), radius)
    legend = Legend(lines, bands, WIDTH - MARGIN)
    middle = MARGIN - min(-radius, *(label.top for label in placed))
    foot = middle + max(radius, *(label.top + label.height for label in placed)) + 20
    sheet = Sheet(WIDTH, foot + legend.height, scheme)
    web = Web(sheet, len(labels), radius, middle)
    web.draw_ground([label.number is not None for label in placed])
    for band in bands:
        web.draw_band(band)
    web.draw_levels()
    for line in stacked(lines):
        web.draw_line(line)
    for label in placed:
        _write(sheet, label, middle)
    legend.draw(sheet, MARGIN, foot)
    return sheet.svg()


class Web:
    """The round ground of a radar and what is drawn on it."""

    def __init__(self, sheet: Sheet, count: int, radius: float, middle: float):
        self.sheet, self.count, self.radius, self.middle = sheet, count, radius, middle
        self.turn = math.tau / count

    def at(self, spoke: float, score: float) -> Point:
        """Give the place of a score on a spoke; 2.5 is half-way between spokes 2 and 3."""
        x, y = _direction(spoke * self.turn)
        return CENTRE + x * self.radius * score / 100, self.middle + y * self.radius * score / 100

    def arc(self, start: float, end: float, score: float, steps: int) -> list[Point]:
        """Give points along one score, from one spoke to another."""
        return [self.at(start + (end - start) * step / steps, score) for step in range(steps + 1)]

    def draw_ground(self, scored: Sequence[bool]) -> None:
        """Draw the rings at the bounds of the levels, and the spokes: dashed where there is no score."""
        hairline = self.sheet.colours["hairline"]
        self.sheet.circles((CENTRE, self.middle), [self.radius * bound / 100 for bound in LEVEL_BOUNDS[1:]], hairline)
        for known, dashes in ((True, None), (False, (3, 4))):
            spokes = [(self.at(i, 0), self.at(i, 100)) for i, seen in enumerate(scored) if seen is known]
            self.sheet.path(spokes, hairline, dashes=dashes)

    def draw_band(self, band: Band) -> None:
        """Draw an edition's spans beside the spokes: 2016 before each, 2017 after it, never joined."""
        breadth = min(0.2, 0.045 * self.count)
        near, far = (-breadth, -0.012) if band.role == "barometer-2016" else (0.012, breadth)
        rings, dots = [], []
        for spoke, span in enumerate(band.spans):
            if span is not None:
                outer = self.arc(spoke + near, spoke + far, span[1], 8)
                rings.append(outer + self.arc(spoke + far, spoke + near, span[0], 8))
                dots += self._dots(spoke + near, spoke + far, span)
        draw_band(self.sheet, band.role, rings, dots)

    def _dots(self, start: float, end: float, span: tuple[float, float]) -> list[Point]:
        rows = max(1, round((span[1] - span[0]) * self.radius / 100 / 6))
        dots = []
        for row in range(rows):
            score = span[0] + (span[1] - span[0]) * (row + 0.5) / rows
            columns = max(1, int((end - start) * self.turn * self.radius * score / 100 / 5.5))
            dots += [self.at(start + (end - start) * (i + 0.5) / columns, score) for i in range(columns)]
        return dots

    def draw_levels(self) -> None:
        """Write the number of each level in its ring, half-way between the first two spokes."""
        for level, anchor in enumerate((6.25, 25, 50, 75, 93.75), start=1):
            x, y = self.at(0.5, anchor)
            self.sheet.text(x, y + 4, str(level), 11, colour="muted", align="center")

    def draw_line(self, line: Line) -> None:
        """Draw a line round the web, broken where a dimension has no score."""
        points = [None if value is None else self.at(i, value) for i, value in enumerate(line.values)]
        if line.role == "you" and None not in points:
            self.sheet.area([points], self.sheet.colours["you"], alpha=0.1)
        self.sheet.line(line.role, [*points, points[0]])


def _direction(angle: float) -> Point:
    return math.sin(angle), -math.cos(angle)


def _radius(labels: Sequence[str]) -> int:
    """Give the largest radius that leaves every label room for its longest word and for three lines."""
    for radius in RADII:
        rooms = [_room(i, len(labels), radius) for i in range(len(labels))]
        if all(_fits(label, room) for label, room in zip(labels, rooms, strict=True)):
            return radius
    return RADII[-1]


def _room(index: int, count: int, radius: float) -> float:
    across = abs(_direction(index * math.tau / count)[0])
    return 220 if across < 0.2 else CENTRE - across * (radius + CLEARANCE) - 2


def _fits(label: str, room: float) -> bool:
    lines = wrap(label, room, NAME)
    return " ".join(lines) == " ".join(words_of(label))


def _labels(labels: Sequence[str], numbers: Sequence[float | None], radius: float) -> list[Label]:
    """Place the labels round the web, from the sides to the top and the foot, each clear of those before."""
    placed: dict[int, Label] = {}
    count = len(labels)
    for index in sorted(range(count), key=lambda i: abs(_direction(i * math.tau / count)[1])):
        words = wrap(labels[index], _room(index, count, radius), NAME)
        label = _label(words, numbers[index], index * math.tau / count, radius + CLEARANCE)
        while touched := [other for other in placed.values() if label.overlaps(other)]:
            if label.upward:
                label.top = min(other.top for other in touched) - label.height - APART
            else:
                label.top = max(other.top + other.height for other in touched) + APART
        placed[index] = label
    return [placed[index] for index in range(count)]


def _label(words: list[str], number: float | None, angle: float, reach: float) -> Label:
    across, down = _direction(angle)
    align = "center" if abs(across) < 0.2 else "left" if across > 0 else "right"
    label = Label(words, None if number is None else whole(number), CENTRE + across * reach, 0, align, down < 0)
    label.top = down * reach + (down - 1) / 2 * label.height
    return label


def _write(sheet: Sheet, label: Label, middle: float) -> None:
    y = middle + label.top + NAME - 2
    colour = "muted" if label.number is None else "ink"
    for word in label.words:
        sheet.text(label.x, y, word, NAME, colour=colour, align=label.align)
        y += LEADING
    weight = "normal" if label.number is None else "bold"
    sheet.text(label.x, y + 1, label.number or "–", NUMBER, colour=colour, weight=weight, align=label.align)
