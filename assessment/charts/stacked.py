"""Stacked bars of the live barometer: the published shares of each row beside one another, in percent, as they are rounded."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain

from assessment.charts.canvas import Sheet, width_of, wrap
from assessment.charts.style import WIDTH, readable

MARGIN, TITLE, TITLE_LEADING = 12, 20, 25
NAME, LEADING, NUMBER, SMALL, SMALL_LEADING = 15, 19, 14, 12, 16
BAR, GAP, SWATCH = 24, 13, 20
ACROSS = WIDTH - 2 * MARGIN
# How the segments of each kind of bar are filled, from the first: a role of the palette, and a hatch where the colour alone
# would not tell it from its neighbour in black and white.
FILLS = {
    "standings": (("count-1", None), ("count-2", "///"), ("paper", None), ("paper", "xxx")),
    "levels": (
        ("level-1", None),
        ("level-2", "---"),
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
        height = self.top + sum(depths) - GAP + MARGIN
        sheet = Sheet(WIDTH, height, scheme)
        sheet.area([_box(0, WIDTH, 0, height)], sheet.colours["paper"])
        tops = list(accumulate(depths, initial=self.top))
        rows = [
            list(self._segments(stack, top + len(label) * LEADING + 3))
            for stack, label, top in zip(self.stacks, self.labels, tops, strict=False)
        ]
        self._fill(sheet, list(chain.from_iterable(rows)))
        self._write_head(sheet)
        self._write_legend(sheet)
        for stack, label, segments, top in zip(self.stacks, self.labels, rows, tops, strict=False):
            self._write_row(sheet, stack, label, top)
            for segment in segments:
                self._write_segment(sheet, segment)
        return sheet.svg()

    def _segments(self, stack: Stack, top: float) -> Iterator["_Segment"]:
        left = float(MARGIN)
        for place, share in enumerate(stack.shares):
            if share:
                width = ACROSS * share / self.scale
                yield _Segment(place, str(share), left, width, top)
                left += width

    def _fill(self, sheet: Sheet, segments: Sequence["_Segment"]) -> None:
        """Fill all segments of a kind at once, with their keys in the legend: each shape more costs time."""
        edge = sheet.colours["count-edge"]
        for place, x, y in self.keys:
            role, hatch = self.fills[place]
            of = [segment for segment in segments if segment.place == place]
            boxes = [_box(one.left, one.width, one.top, BAR) for one in of]
            key = _box(MARGIN + x, SWATCH, self.legend_top + y, 11)
            sheet.area([key, *boxes], sheet.colours[role], edge=edge, hatch=hatch)
            if hatch:  # a number stands on plain ground, not on lines
                grounds = [_box(one.middle - one.needed / 2 - 1, one.needed + 2, one.top + 3, BAR - 6) for one in of]
                sheet.area([box for one, box in zip(of, grounds, strict=True) if one.has_room], sheet.colours[role])

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

    def _write_legend(self, sheet: Sheet) -> None:
        for place, x, y in self.keys:
            sheet.text(MARGIN + x + SWATCH + 6, self.legend_top + y + 10, self.names[place], SMALL, colour="muted")

    def _write_row(self, sheet: Sheet, stack: Stack, label: Sequence[str], top: float) -> None:
        for line, words in enumerate(label):
            sheet.text(MARGIN, top + NAME + line * LEADING, words, NAME, weight="bold")
        if stack.beside:
            sheet.text(WIDTH - MARGIN, top + NAME, stack.beside, SMALL, colour="muted", align="right")
        if None in stack.shares:
            missing = wrap(stack.missing, ACROSS, SMALL, 1)[0]
            sheet.text(MARGIN, top + len(label) * LEADING + 3 + NAME, missing, SMALL, colour="muted")

    def _write_segment(self, sheet: Sheet, segment: "_Segment") -> None:
        if not segment.has_room:
            return
        ink = readable(sheet.colours[self.fills[segment.place][0]], sheet.colours)
        at = segment.top + BAR / 2 + 5
        sheet.text(segment.middle, at, segment.shown, NUMBER, colour=ink, weight="bold", align="center")
        if self.is_numbered:
            sign = str(segment.place + 1) if segment.place + 1 < len(self.names) else "–"
            sheet.text(segment.middle, segment.top + BAR + 13, sign, SMALL, colour="muted", align="center")


@dataclass(frozen=True, slots=True)
class _Segment:
    """One share where it is drawn, with its place among the shares of its row."""

    place: int
    shown: str
    left: float
    width: float
    top: float

    @property
    def middle(self) -> float:
        return self.left + self.width / 2

    @property
    def needed(self) -> float:
        """How wide its number is."""
        return width_of(self.shown, NUMBER)

    @property
    def has_room(self) -> bool:
        return self.width >= self.needed + 2


def _box(left: float, width: float, top: float, height: float) -> list[tuple[float, float]]:
    return [(left, top), (left + width, top), (left + width, top + height), (left, top + height)]
