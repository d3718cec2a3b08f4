"""The trend: one small panel per score under the other, the rounds from left to right by date, 0 to 100 upwards."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from assessment.charts.canvas import Point, Sheet, width_of, wrap
from assessment.charts.series import check_numbers, whole
from assessment.charts.style import LEVEL_BOUNDS, WIDTH

MARGIN, LEFT, RIGHT = 8, 48, 24
NAME, LEADING, NUMBER, VALUE, SMALL = 16, 20, 18, 14, 12
PLOT, ABOVE, BELOW, BELOW_NAMED, GAP = 84, 26, 28, 48, 18
LOW = 25  # a score under which there is no room for its number
APART = 34  # the least between two rounds, while there is room: as wide as "100"


@dataclass(frozen=True, slots=True)
class Panel:
    """One score over the rounds, 0 to 100, None where a round has none; `breaks[i]`: not comparable with what came before."""

    label: str
    values: tuple[float | None, ...]
    breaks: tuple[bool, ...]


def trend(
    panels: Sequence[Panel],
    rounds: Sequence[str],
    days: Sequence[float],
    *,
    note: str = "",
    scheme: str = "light",
) -> str:
    """Draw each score over the named rounds, which stand at rising `days`, as SVG text.

    `note` says at the foot what the mark of a break means, where there is one. Raises ValueError for no panel or round,
    for numbers out of range or order, for series of different lengths, for an unknown scheme.
    """
    _check(panels, rounds, days)
    heads = [wrap(panel.label, WIDTH - 2 * MARGIN - 50, NAME) for panel in panels]
    broken = any(any(panel.breaks) for panel in panels)
    foot = wrap(note, WIDTH - 2 * MARGIN - 44, VALUE) if broken and note else []
    plots, top = [], 0.0
    places = _places(days)
    for number, (panel, words) in enumerate(zip(panels, heads, strict=True)):
        named = number in (0, len(panels) - 1)
        plots.append(Plot(panel, words, top, places, named=named))
        top = plots[-1].foot + (BELOW_NAMED if named else BELOW)
    sheet = Sheet(WIDTH, top - GAP + (len(foot) * 18 + 30 if foot else 4), scheme)
    _draw_ground(sheet, plots)
    _draw_scores(sheet, plots)
    for plot in plots:
        plot.write(sheet, rounds)
    for number, line in enumerate(foot):
        sheet.text(MARGIN + 44, top + 8 + number * 18, line, VALUE)
    if foot:
        _draw_marks(sheet, [(MARGIN + 14, top - 8, top + 12)])
    return sheet.svg()


def _check(panels: Sequence[Panel], rounds: Sequence[str], days: Sequence[float]) -> None:
    if not panels or not rounds:
        raise ValueError("a trend needs at least one panel and one round")
    if len(days) != len(rounds) or list(days) != sorted(days):
        raise ValueError(f"{len(days)} days for {len(rounds)} rounds, or not in order")
    for panel in panels:
        check_numbers(rounds, panel.label, [None if value is None else (value,) for value in panel.values])
        if len(panel.breaks) != len(rounds):
            raise ValueError(f"{panel.label}: {len(panel.breaks)} breaks for {len(rounds)} rounds")


def _places(days: Sequence[float]) -> list[float]:
    """Place the rounds by their dates, pushed apart where their numbers would run into each other."""
    room = WIDTH - LEFT - RIGHT - MARGIN
    if len(days) == 1:
        return [LEFT + room / 2]
    span, least = (days[-1] - days[0]) or 1, min(APART, room / (len(days) - 1))
    places = [LEFT + room * (day - days[0]) / span for day in days]
    for i in range(1, len(places)):
        places[i] = max(places[i], places[i - 1] + least)
    places[-1] = min(places[-1], LEFT + room)
    for i in range(len(places) - 2, -1, -1):
        places[i] = min(places[i], places[i + 1] - least)
    return places


class Plot:
    """The field of one panel: where its rounds and scores stand. Only a `named` one says which rounds and what scale."""

    def __init__(self, panel: Panel, words: Sequence[str], top: float, places: Sequence[float], *, named: bool):
        self.panel, self.words, self.head, self.places, self.named = panel, words, top, places, named
        self.top = top + len(words) * LEADING + ABOVE
        self.foot = self.top + PLOT

    def at(self, score: float) -> float:
        """Give the height of a score."""
        return self.foot - PLOT * score / 100

    def line(self) -> list[Point | None]:
        """Give the points of the line, interrupted where a score is missing or not comparable with what came before."""
        line: list[Point | None] = [None]
        for x, value, broken in zip(self.places, self.panel.values, self.panel.breaks, strict=True):
            point = None if value is None else (x, self.at(value))
            line += [None, point] if broken else [point]
        return line

    def marks(self) -> list[tuple[float, float, float]]:
        """Give where the breaks stand, half-way between two rounds: across, from, to."""
        between = zip(pairwise(self.places), self.panel.breaks[1:], strict=True)
        return [((before + after) / 2, self.top, self.foot) for (before, after), broken in between if broken]

    def write(self, sheet: Sheet, rounds: Sequence[str]) -> None:
        """Write the name, every number, and what a named panel says besides."""
        newest = self.panel.values[-1]
        colour, weight, number = ("muted", "normal", "–") if newest is None else ("ink", "bold", whole(newest))
        sheet.text(WIDTH - MARGIN, self.head + NAME, number, NUMBER, colour=colour, weight=weight, align="right")
        for i, word in enumerate(self.words):
            sheet.text(MARGIN, self.head + NAME + i * LEADING, word, NAME, weight="bold")
        for place, value in enumerate(self.panel.values):
            if value is None:
                sheet.text(self.places[place], self.at(50) + 5, "–", VALUE, colour="muted", align="center")
            else:
                drop = 20 if self._is_valley(place) else -10
                sheet.text(self.places[place], self.at(value) + drop, whole(value), VALUE, align="center")
        if self.named:
            self._write_rounds(sheet, rounds)
            for score in (0, 100):
                sheet.text(LEFT - 20, self.at(score) + 4, str(score), SMALL, colour="muted", align="right")

    def _write_rounds(self, sheet: Sheet, rounds: Sequence[str]) -> None:
        """Write the names of the rounds under their places: the last, the first, and those for which there is room."""
        taken: list[tuple[float, float]] = []
        for place in [len(rounds) - 1, *range(len(rounds) - 1)]:
            word = wrap(rounds[place], 120, SMALL, 1)[0]
            half = width_of(word, SMALL) / 2
            x = min(max(self.places[place], MARGIN + half), WIDTH - MARGIN - half)
            if all(x + half + 6 < left or x - half - 6 > right for left, right in taken):
                taken.append((x - half, x + half))
                sheet.text(x, self.foot + 22, word, SMALL, colour="muted", align="center")

    def _is_valley(self, place: int) -> bool:
        """Whether the line comes down to a point and goes up again, high enough for its number to stand under it."""
        beside = [self.panel.values[i] for i in (place - 1, place + 1) if 0 <= i < len(self.places)]
        value = self.panel.values[place]
        if value is None or value < LOW or len(beside) < 2:
            return False
        return all(other is not None and other > value for other in beside)


def _draw_ground(sheet: Sheet, plots: Sequence[Plot]) -> None:
    """Draw the bounds of the levels as hairlines, both ends of the scale, and a tick for each round."""
    across = (LEFT - 14, WIDTH - MARGIN)
    inner = [[(x, plot.at(bound)) for x in across] for plot in plots for bound in LEVEL_BOUNDS[1:-1]]
    sheet.path(inner, sheet.colours["hairline"])
    ends = [[(x, plot.at(score)) for x in across] for plot in plots for score in (0, 100)]
    ticks = [[(x, plot.foot), (x, plot.foot + 5)] for plot in plots for x in plot.places]
    sheet.path([*ends, *ticks], sheet.colours["muted"], 0.8)


def _draw_scores(sheet: Sheet, plots: Sequence[Plot]) -> None:
    sheet.line("you", [point for plot in plots for point in plot.line()])
    _draw_marks(sheet, [mark for plot in plots for mark in plot.marks()])


def _draw_marks(sheet: Sheet, places: Sequence[tuple[float, float, float]]) -> None:
    """Draw the mark of a break: a dotted upright with two strokes across its foot."""
    sheet.path([((x, top), (x, foot)) for x, top, foot in places], sheet.colours["ink"], 1.2, dashes=(3, 3))
    strokes = [((x - 7 + more, foot + 5), (x + 1 + more, foot - 7)) for x, _, foot in places for more in (0, 6)]
    sheet.path(strokes, sheet.colours["ink"], 1.6)
