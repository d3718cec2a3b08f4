"""Stacked bars of the live barometer: the published shares of each row beside one another, in percent, as they are rounded."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assessment.charts.canvas import Sheet, width_of, wrap
from assessment.charts.style import WIDTH, readable

MARGIN, TITLE, TITLE_LEADING = 12, 20, 25
NAME, LEADING, NUMBER, SMALL, SMALL_LEADING = 15, 19, 14, 12, 16
BAR, GAP, SWATCH = 24, 13, 20
ACROSS = WIDTH - 2 * MARGIN
# How the segments of each kind of bar are filled, from the first: a role of the palette, and a hatch where the colour alone
# would not tell it from its neighbour in black and white.
FILLS = {
    "standings": (("count-1", None), ("count-2", "///"), ("paper", None), ("paper", "...")),
    "levels": (
        ("level-1", None),
        ("level-2", "..."),
        ("level-3", "///"),
        ("level-4", None),
        ("level-5", "\\\\\\"),
        ("paper", "xxx"),
    ),
}


@dataclass(frozen=True, slots=True)
class Stack:
    """One row: its name, the percentages of its segments, None in their place where there are none, and what is beside it.

    `beside` stands at the right of the name; `missing` is said in the place of a bar.
    """

    label: str
    shares: tuple[int | None, ...]
    beside: str = ""
    missing: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """What is written above the bars: title, what it is about, and a note in bold ("" for none)."""

    title: str
    about: str
    note: str = ""


def stacked(
    heading: Heading,
    names: Sequence[str],
    stacks: Sequence[Stack],
    *,
    fills: str,
    is_numbered: bool,
    scheme: str = "light",
) -> str:
    """Draw rows of shares, in percent, as SVG text; `names` are those of the segments, `fills` one of `FILLS`.

    Rounded shares need not add up to 100: they are drawn as they are, all rows on the scale of the largest sum when that is
    above 100, and the rest is left blank. With `is_numbered` the place of each segment, 1 the first, stands under it.
    Raises ValueError without a row, for a share out of 0..100, for a row without one share a name, for more names than fills.
    """
    known = [share for stack in stacks for share in stack.shares if share is not None]
    if not stacks or not all(0 <= share <= 100 for share in known):
        raise ValueError("stacked bars need a row, and shares of 0 to 100 percent")
    if len(names) > len(FILLS[fills]) or any(len(stack.shares) != len(names) for stack in stacks):
        raise ValueError(f"{len(names)} names of segments: each row needs a share of each, and {fills} fill no more")
    drawn = _Stacked(heading, names, stacks, FILLS[fills], is_numbered)
    return drawn.draw(scheme)


class _Stacked:
    """Where everything stands, from the top."""

    def __init__(self, heading: Heading, names: Sequence[str], stacks: Sequence[Stack], fills, is_numbered: bool):
        self.names, self.stacks, self.fills, self.is_numbered = names, stacks, fills, is_numbered
        self.scale = max(100, *(sum(filter(None, stack.shares)) for stack in stacks))  # percent on the whole width
        self.title = wrap(heading.title, ACROSS, TITLE, 4)
        self.about = wrap(heading.about, ACROSS, SMALL, 4)
        self.note = wrap(heading.note, ACROSS, SMALL, 2) if heading.note else []
        self.keys = list(self._keys())
        head = MARGIN + len(self.title) * TITLE_LEADING + (len(self.about) + len(self.note)) * SMALL_LEADING
        self.legend_top = head + 12
        self.top = self.legend_top + (self.keys[-1][2] + SMALL_LEADING + 4 if self.keys else 0) + 12
        self.labels = [wrap(stack.label, ACROSS - width_of(stack.beside, SMALL) - 8, NAME, 2) for stack in stacks]

    def _keys(self) -> Iterator[tuple[int, float, float]]:
        """The segments that occur, each with the place of its key in the legend: across, and down from its top."""
        x, y = 0.0, 0.0
        for place, name in enumerate(self.names):
            if any(stack.shares[place] for stack in self.stacks):
                width = SWATCH + 6 + width_of(name, SMALL) + 12
                if x and x + width > ACROSS + 12:
                    x, y = 0.0, y + SMALL_LEADING + 4
                yield place, x, y
                x += width

    @property
    def _under(self) -> int:
        return SMALL_LEADING if self.is_numbered else 0

    def draw(self, scheme: str) -> str:
        depths = [len(label) * LEADING + 3 + BAR + self._under + GAP for label in self.labels]
        sheet = Sheet(WIDTH, self.top + sum(depths) - GAP + MARGIN, scheme)
        height = self.top + sum(depths) - GAP + MARGIN
        sheet.area([[(0, 0), (WIDTH, 0), (WIDTH, height), (0, height)]], sheet.colours["paper"])
        self._write_head(sheet)
        self._draw_legend(sheet)
        top = self.top
        for stack, label, depth in zip(self.stacks, self.labels, depths, strict=True):
            self._draw_row(sheet, stack, label, top)
            top += depth
        return sheet.svg()

    def _write_head(self, sheet: Sheet) -> None:
        y = MARGIN + TITLE - 4.0
        for line in self.title:
            sheet.text(MARGIN, y, line, TITLE, weight="bold", face="serif")
            y += TITLE_LEADING
        y -= TITLE_LEADING - TITLE + 1
        for colour, weight, lines in (("muted", "normal", self.about), ("ink", "bold", self.note)):
            for line in lines:
                sheet.text(MARGIN, y, line, SMALL, colour=colour, weight=weight)
                y += SMALL_LEADING

    def _draw_legend(self, sheet: Sheet) -> None:
        for place, x, y in self.keys:
            left, top = MARGIN + x, self.legend_top + y
            self._fill(sheet, place, left, SWATCH, top, 11)
            sheet.text(left + SWATCH + 6, top + 10, self.names[place], SMALL, colour="muted")

    def _draw_row(self, sheet: Sheet, stack: Stack, label: Sequence[str], top: float) -> None:
        for line, words in enumerate(label):
            sheet.text(MARGIN, top + NAME + line * LEADING, words, NAME, weight="bold")
        sheet.text(WIDTH - MARGIN, top + NAME, stack.beside, SMALL, colour="muted", align="right")
        lane, left = top + len(label) * LEADING + 3, float(MARGIN)
        if None in stack.shares:
            sheet.text(MARGIN, lane + NAME, wrap(stack.missing, ACROSS, SMALL, 1)[0], SMALL, colour="muted")
            return
        for place, share in enumerate(stack.shares):
            if share:
                width = ACROSS * share / self.scale
                self._draw_segment(sheet, place, str(share), left, width, lane)
                left += width

    def _draw_segment(self, sheet: Sheet, place: int, share: str, left: float, width: float, lane: float) -> None:
        self._fill(sheet, place, left, width, lane, BAR)
        colour, middle = sheet.colours[self.fills[place][0]], left + width / 2
        needed = width_of(share, NUMBER)
        if width < needed + 2:
            return
        if self.fills[place][1]:  # a number stands on plain ground, not on lines
            sheet.area([_box(middle - needed / 2 - 1, needed + 2, lane + 3, BAR - 6)], colour)
        ink = readable(colour, sheet.colours)
        sheet.text(middle, lane + BAR / 2 + 5, share, NUMBER, colour=ink, weight="bold", align="center")
        if self.is_numbered:
            sign = str(place + 1) if place + 1 < len(self.names) else "–"
            sheet.text(middle, lane + BAR + 13, sign, SMALL, colour="muted", align="center")

    def _fill(self, sheet: Sheet, place: int, left: float, width: float, top: float, height: float) -> None:
        role, hatch = self.fills[place]
        edge = sheet.colours["count-edge"]
        sheet.area([_box(left, width, top, height)], sheet.colours[role], edge=edge, hatch=hatch)


def _box(left: float, width: float, top: float, height: float) -> list[tuple[float, float]]:
    return [(left, top), (left + width, top), (left + width, top + height), (left, top + height)]
