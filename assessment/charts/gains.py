"""The gains of a plan: one row per step in the plan's order, each from zero, as each is the gain of that step alone."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from assessment.charts.bars import MARGIN
from assessment.charts.canvas import Point, Sheet, width_of, wrap
from assessment.charts.series import strip
from assessment.charts.style import WIDTH

NAME, LEADING, NUMBER, GAIN, NOTE, LINES = 16, 20, 24, 17, 15, 4
INDENT, ARROW, HEAD, GAP, MARK, MARKS = 36, 16, 9, 22, 10, 3


@dataclass(frozen=True, slots=True)
class Gain:
    """A step: what it is, its gain of 0..100 points and how that is written, its effort of 1 to 3, or 0, and in words."""

    label: str
    points: float
    shown: str
    effort: int = 0
    told: str = ""


def gains(steps: Sequence[Gain], *, note: str = "", scheme: str = "light") -> str:
    """Draw the gain of each step as SVG text, numbered from 1; `note` says at the foot how the gains are to be read.

    Raises ValueError for no step, for a gain not within 0..100, for an effort that is not 0 to 3, for an unknown scheme.
    """
    _check(steps)
    rows, top = [], 4.0
    for number, step in enumerate(steps, start=1):
        rows.append(Row(step, number, top))
        top = rows[-1].foot + GAP
    words = wrap(note, WIDTH - 2 * MARGIN, NOTE) if note else []
    sheet = Sheet(WIDTH, top - GAP + 6 + len(words) * 19 + 22 * bool(words), scheme)
    _draw(sheet, rows, max(step.points for step in steps) or 1)
    for row in rows:
        row.write(sheet)
    for line, word in enumerate(words):
        sheet.text(MARGIN, top - GAP + 36 + line * 19, word, NOTE, colour="muted")
    return sheet.svg()


def _check(steps: Sequence[Gain]) -> None:
    if not steps:
        raise ValueError("a chart of gains needs at least one step")
    for step in steps:
        if not 0 <= step.points <= 100:
            raise ValueError(f"{step.label}: a gain of {step.points} is not within 0..100")
        if step.effort not in range(MARKS + 1):
            raise ValueError(f"{step.label}: effort {step.effort} is not 0 to {MARKS}")


class Row:
    """A step and where it stands; its arrow begins at the left, as every other step's does."""

    def __init__(self, step: Gain, number: int, top: float):
        self.step, self.number, self.top = step, number, top
        self.left, self.room = MARGIN + INDENT, WIDTH - 2 * MARGIN - INDENT
        self.words = wrap(step.label, self.room, NAME, LINES)
        self.lane = top + len(self.words) * LEADING + 7
        self.foot = self.lane + ARROW + (22 if step.effort or step.told else 0)

    def write(self, sheet: Sheet) -> None:
        """Write the step's number, what it is, and its effort in words."""
        sheet.text(MARGIN, self.top + NUMBER - 6, str(self.number), NUMBER)
        for line, word in enumerate(self.words):
            sheet.text(self.left, self.top + NAME + line * LEADING, word, NAME)
        told = wrap(self.step.told, self.room - 60, NOTE, 1)[0]
        sheet.text(self.left + (MARK + 4) * MARKS * bool(self.step.effort) + 4, self.foot, told, NOTE, colour="muted")

    def marks(self) -> list[list[Point]]:
        """Give the places of the marks of effort: as many of them are filled as the effort is."""
        lefts = [self.left + (MARK + 4) * place for place in range(MARKS if self.step.effort else 0)]
        return [strip(left, left + MARK, self.foot - MARK, MARK)[0] for left in lefts]


def _draw(sheet: Sheet, rows: Sequence[Row], most: float) -> None:
    """Draw the arrows with their gains, on one scale from zero to the largest gain, and the marks of effort."""
    room = min(row.room - width_of(row.step.shown, GAIN) * 1.1 - 10 for row in rows)
    sheet.path([((row.left, row.lane - 3), (row.left, row.lane + ARROW + 3)) for row in rows], sheet.colours["muted"])
    ends = [row.left + room * row.step.points / most for row in rows]
    arrows = [_arrow(row.left, end, row.lane) for row, end in zip(rows, ends, strict=True) if row.step.points > 0]
    sheet.area(arrows, sheet.colours["you"])
    for row, end in zip(rows, ends, strict=True):
        sheet.text(end + 10, row.lane + ARROW / 2 + 6, row.step.shown, GAIN, weight="bold")
    filled = [ring for row in rows for ring in row.marks()[: row.step.effort]]
    empty = [ring for row in rows for ring in row.marks()[row.step.effort :]]
    sheet.area(filled, sheet.colours["muted"], edge=sheet.colours["muted"])
    sheet.area(empty, sheet.colours["paper"], edge=sheet.colours["muted"])


def _arrow(left: float, end: float, top: float) -> list[Point]:
    """Give the outline of an arrow; a short one is a head alone, as long as the gain."""
    neck, middle = max(left, end - HEAD), top + ARROW / 2
    if math.isclose(neck, left):
        return [(left, top), (end, middle), (left, top + ARROW)]
    shaft = ARROW * 0.22
    return [
        (left, top + shaft),
        (neck, top + shaft),
        (neck, top),
        (end, middle),
        (neck, top + ARROW),
        (neck, top + ARROW - shaft),
        (left, top + ARROW - shaft),
    ]
