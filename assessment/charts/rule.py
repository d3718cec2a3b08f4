"""The steps of the five levels over a rule of 0 to 100: the level as a numeral on its step, the score beneath it."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from assessment.charts.canvas import Sheet, width_of, wrap
from assessment.charts.series import check_numbers, draw_whiskers, strip, whole
from assessment.charts.style import LEVEL_BOUNDS, WIDTH, readable

MARGIN = 8
GROUND, RISE, LOWEST = 116, 6, 22  # the line that the steps stand on, how much each is higher, and the lowest
DOT, WORDS, LEADING, HEIGHT = 132, 160, 16, 170
NUMERAL, TITLE, NUMBER, SMALL = 84, 24, 18, 13
FIGURE = 0.5  # of its size: how wide a numeral is
HALF = 50  # a score below it has its words to the right, one from it on under it, to the left
COUNT = len(LEVEL_BOUNDS) - 1


@dataclass(frozen=True, slots=True)
class Stand:
    """What is stated of a level: its number (1..5), else the lowest and the highest that are `possible`, and its words.

    `title` is written beside the numeral, or alone where no level is stated; `told` beside the score. `is_held`: the score is
    that of the level above. `goes_on`: points alone lead to the next level.
    """

    level: int | None
    title: str
    told: str = ""
    possible: tuple[int, int] | None = None
    is_held: bool = False
    goes_on: bool = False

    @property
    def hatched(self) -> range:
        """The levels of which it is not certain that they are reached, or that are held back."""
        if self.level is not None:
            return range(self.level + 1, self.level + 1 + self.is_held)
        return range(self.possible[0], self.possible[1] + 1) if self.possible else range(0)


def rule(score: float | None, low: float, high: float, stand: Stand, *, scheme: str = "light") -> str:
    """Draw a score of 0..100, or none, with its range, and the level that is stated of it, as SVG text.

    Raises ValueError for numbers out of range or order, for a level that there is not, for an unknown scheme.
    """
    check_numbers(["range"], "range", [(low, high)])
    check_numbers(["score"], "score", [None if score is None else (score,)])
    for level in (stand.level, *(stand.possible or ())):
        if level is not None and not 1 <= level <= COUNT - (stand.is_held or stand.goes_on):
            raise ValueError(f"level {level} of {COUNT}, held {stand.is_held}, goes on {stand.goes_on}")
    told = wrap(stand.told, _room(score), SMALL, 2) if stand.told and score is not None else []
    below = bool(told) and score >= HALF
    sheet = Sheet(WIDTH, HEIGHT + LEADING * max(0, len(told) - 1 + below), scheme)
    _draw_steps(sheet, stand)
    _draw_numeral(sheet, stand)
    _draw_ends(sheet, low, high, score)
    _draw_score(sheet, score, low, high, stand)
    _write(sheet, score, told)
    return sheet.svg()


def at(score: float) -> float:
    """Give the place of a score across the sheet."""
    return MARGIN + (WIDTH - 2 * MARGIN) * score / 100


def _top(level: int) -> float:
    return GROUND - LOWEST - RISE * (level - 1)


def _draw_steps(sheet: Sheet, stand: Stand) -> None:
    """Draw the steps: those that are reached filled, pale to deep; those that are not certain hatched; the others empty."""
    reached = stand.level or 0
    for level, (start, end) in enumerate(pairwise(LEVEL_BOUNDS), start=1):
        ring, _ = strip(at(start), at(end), _top(level), GROUND - _top(level))
        colour, x = "paper", (at(start) + at(end)) / 2
        if level in stand.hatched:
            sheet.area([ring], "none", edge=sheet.colours["level-3"], hatch="////")
            sheet.markers([(x, (_top(level) + GROUND) / 2)], "s", 17, sheet.colours["paper"], sheet.colours["paper"])
        elif level <= reached:
            colour = f"level-{level}"
            sheet.area([ring], sheet.colours[colour], edge=sheet.colours["paper"])
        else:
            sheet.area([ring], "none", edge=sheet.colours["hairline"])
        if level != reached:
            ink = readable(sheet.colours[colour], sheet.colours) if level < reached else "muted"
            sheet.text(x, (_top(level) + GROUND) / 2 + SMALL * 0.36, str(level), SMALL, colour=ink, align="center")
    sheet.path([((at(0), GROUND), (at(100), GROUND))], sheet.colours["ink"], 1.2)


def _draw_numeral(sheet: Sheet, stand: Stand) -> None:
    """Write the level on its step with its name beside it; where several are possible, the title alone."""
    if stand.level is None:
        start = at(LEVEL_BOUNDS[stand.possible[0] - 1]) if stand.possible else at(0)
        _title(sheet, stand.title, min(start, WIDTH / 2), GROUND - 78, align="left")
        return
    start, end = (at(bound) for bound in LEVEL_BOUNDS[stand.level - 1 : stand.level + 1])
    on_right = stand.level < COUNT - 1
    width = NUMERAL * FIGURE + 12
    x = start if on_right else end
    side = "left" if on_right else "right"
    step = _top(stand.level)
    sheet.text(x, step, str(stand.level), NUMERAL, weight="bold", align=side, face="serif")
    _title(sheet, stand.title, x + width if on_right else x - width, _top(COUNT) - 12, align=side)


def _title(sheet: Sheet, title: str, x: float, y: float, *, align: str) -> None:
    """Write a name on one line where there is room, else smaller on two above each other."""
    room = WIDTH - MARGIN - x if align == "left" else x - MARGIN
    size = TITLE if width_of(title, TITLE) <= room else TITLE * 2 / 3
    lines = wrap(title, room, size, 2)
    for place, line in enumerate(lines):
        top = y - (len(lines) - 1 - place) * size * 1.2
        sheet.text(x, top, line, size, weight="bold", align=align, face="serif")


def _draw_ends(sheet: Sheet, low: float, high: float, score: float | None) -> None:
    """Write 0 and 100 at the ends of the rule, unless something is drawn there."""
    first = low if low < high or score is None else score
    last = high if low < high or score is None else score
    if first > 6:
        sheet.text(at(0), DOT + 4.5, "0", SMALL, colour="muted")
    if last < 91:
        sheet.text(at(100), DOT + 4.5, "100", SMALL, colour="muted", align="right")


def _draw_score(sheet: Sheet, score: float | None, low: float, high: float, stand: Stand) -> None:
    """Draw the score as a dot, hollow where the level is held, with its range or the way to the next level."""
    you = sheet.colours["you"]
    draw_whiskers(sheet, [(at(low), at(high), DOT)])
    if score is None:
        for end in dict.fromkeys((low, high)):
            sheet.text(at(end), WORDS, whole(end), NUMBER, colour="you", weight="bold", align=_side(end))
        return
    if stand.goes_on and low == high:
        goal = at(LEVEL_BOUNDS[stand.level])
        sheet.path([((at(score), DOT), (goal, DOT))], you, 2, dashes=(2, 4))
        sheet.path([((goal, GROUND), (goal, DOT + 6))], you, 1.5)
    sheet.path([((at(score), GROUND), (at(score), DOT))], you, 1.5)
    sheet.markers([(at(score), DOT)], "o", 12, you, you)
    if stand.is_held:
        sheet.dots([(at(score), DOT)], sheet.colours["paper"], 7)


def _side(score: float) -> str:
    return "left" if score < 5 else "right" if score > 95 else "center"


def _room(score: float | None) -> float:
    """How wide the words of a score may be."""
    x = at(score or 0)
    return WIDTH - x - MARGIN - NUMBER if (score or 0) < HALF else x - MARGIN


def _write(sheet: Sheet, score: float | None, told: Sequence[str]) -> None:
    """Write the score in figures, and what is told of it where it is read next: beside it, or under it where that is the left."""
    if score is None:
        return
    sheet.text(at(score), WORDS, whole(score), NUMBER, colour="you", weight="bold", align=_side(score))
    x, y, align = (at(score) + NUMBER, WORDS, "left") if score < HALF else (at(score), WORDS + LEADING, "right")
    for place, line in enumerate(told):
        sheet.text(x, y + place * LEADING, line, SMALL, colour="muted", align=align)
