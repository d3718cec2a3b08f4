"""The question profile: every question of a dimension on the rule of 0 to 100, in the order in which they were asked."""

from collections.abc import Sequence
from dataclasses import dataclass

from assessment.charts.bars import MARGIN, at, draw_scale
from assessment.charts.canvas import Point, Sheet, width_of, wrap
from assessment.charts.series import Band, Legend, Span, apart, check_numbers, draw_whiskers, strip
from assessment.charts.style import WIDTH

NAME, LEADING, NUMBER, NOTE, LINES = 17, 21, 18, 15, 4
BAR, SPREAD, DIFFER, GAP = 12, 14, 20, 20
HEAD, FOOT = 32.0, 30


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with its points of 0..100 and how they are written; without points `shown` says why.

    `spread` goes from the lowest to the highest answer; `differ` is said where people answered differently, else empty.
    """

    label: str
    points: float | None
    shown: str
    spread: Span | None = None
    differ: str = ""


def questions(asked: Sequence[Asked], *, spread: str = "", by_level: bool = False, scheme: str = "light") -> str:
    """Draw questions with their points as SVG text; one without points is told in words, it is never a zero.

    `by_level`: the points stand for levels, so that the scale names the levels and no points. `spread` says at the foot
    what the thin lines are, where there are any. Raises ValueError for no question, for numbers out of range or order,
    for an unknown scheme.
    """
    if not asked:
        raise ValueError("a question profile needs at least one question")
    labels = [one.label for one in asked]
    check_numbers(labels, "points", [None if one.points is None else (one.points,) for one in asked])
    check_numbers(labels, "spreads", [one.spread for one in asked])
    profile = Profile(asked, by_level=by_level)
    spreads = [Band("range", spread, ())] if any(apart([one.spread for one in asked])) else []
    legend = Legend([], spreads, WIDTH - 2 * MARGIN)
    sheet = Sheet(WIDTH, profile.foot + FOOT + legend.height, scheme)
    profile.draw(sheet)
    for row in profile.rows:
        row.write(sheet)
    legend.draw(sheet, MARGIN, profile.foot + FOOT)
    return sheet.svg()


class Row:
    """A question and where it stands; `top` is that of its words."""

    def __init__(self, asked: Asked, top: float):
        self.asked, self.top = asked, top
        self.words = wrap(asked.label, WIDTH - 2 * MARGIN - 50, NAME, LINES)
        self.lane = top + len(self.words) * LEADING + 5
        self.end = self.lane + BAR + SPREAD * (asked.spread is not None)
        self.foot = self.end + DIFFER * bool(asked.differ)

    def write(self, sheet: Sheet) -> None:
        """Write the question and its points, or what is said in their place, and that views differ."""
        missing = self.asked.points is None
        colour, weight = ("muted", "normal") if missing else ("ink", "bold")
        number = "–" if missing else self.asked.shown
        sheet.text(at(100), self.top + NAME, number, NUMBER, colour=colour, weight=weight, align="right")
        for line, word in enumerate(self.words):
            sheet.text(at(0), self.top + NAME + line * LEADING, word, NAME, colour=colour)
        if missing:
            said = wrap(self.asked.shown, WIDTH - 2 * MARGIN, NOTE, 1)[0]
            sheet.text(at(0), self.lane + NOTE - 2, said, NOTE, colour="muted")
        if self.asked.differ:
            told = wrap(self.asked.differ, WIDTH - 2 * MARGIN - 16, NOTE, 1)[0]
            sheet.text(self.mark[0] + 12, self.foot - 2, told, NOTE)

    @property
    def mark(self) -> Point:
        """Give where the sign of views that differ stands: before its words, under the spread."""
        words = width_of(self.asked.differ, NOTE) + 16
        return min(at(0) + 6, at(100) - words), self.foot - 7


class Profile:
    """The rows one under the other, each as high as its words need."""

    def __init__(self, asked: Sequence[Asked], *, by_level: bool):
        self.by_level = by_level
        self.rows: list[Row] = []
        top = HEAD
        for one in asked:
            self.rows.append(Row(one, top))
            top = self.rows[-1].foot + GAP
        self.foot = top - GAP + 12

    def draw(self, sheet: Sheet) -> None:
        """Draw the ground, the bars, the spreads under them, and the signs of views that differ."""
        scored = [(row, row.asked.points) for row in self.rows if row.asked.points is not None]
        draw_scale(
            sheet, [(row.lane - 2, row.end + 3) for row, _points in scored], None if self.by_level else self.foot
        )
        bars = [strip(at(0), max(at(points), at(0) + 1.5), row.lane, BAR)[0] for row, points in scored]
        sheet.area(bars, sheet.colours["you"])
        spreads = [(row, row.asked.spread) for row in self.rows if row.asked.spread is not None]
        draw_whiskers(sheet, [(at(low), at(high), row.lane + BAR + 8) for row, (low, high) in spreads])
        sheet.area([_lozenge(*row.mark) for row in self.rows if row.asked.differ], sheet.colours["ink"])


def _lozenge(x: float, y: float) -> list[Point]:
    return [(x - 5, y), (x, y - 5.5), (x + 5, y), (x, y + 5.5)]
