"""Geometry of the pictures that a page draws itself: across in per cent of the width, down in units of the drawing.

Texts of places ("45.54%") are ready to be written into SVG, in any language. The stairs are five steps over 0 to 100 that rise
by level; under their ground line the score stands as a dot, with what is missing to the next threshold.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from assessment.report.barometer import CriterionPart, Standing
from assessment.report.effect import OF_NUMBER, GapCount
from assessment.report.parts import DimensionPart, Report
from assessment.report.place import HIGHEST, Place
from assessment.scoring.levels import LEVEL_BOUNDS

GROUND, LOWEST, RISE = 46, 22, 6  # units: the ground line, the height of the first step, and what each is higher
HALF = 50  # points: from here on the words beside a score stand to its left
EDGE = 6  # points: a score as near as that to an end of the scale takes the room of the end's number
FROM_RIGHT = 4  # the level from which on its numeral stands at the right edge of its step, and its name to the left
FIRST_LANE, LANE = 17, 6  # units: where under a bar the editions of the barometer begin, and how far apart they are
BETWEEN, MOST_BETWEEN = Fraction(2), Fraction(18)  # per cent between two strips, and between all together


def across(number: Fraction | int) -> str:
    """A share of 0 to 100 as SVG takes it, never more than two decimals."""
    return f"{float(number):.2f}".rstrip("0").rstrip(".") + "%"


# The level -----------------------------------------------------------------------------------------------------------
class StepState(StrEnum):
    """What a step of the stairs is: passed, the level's own, ahead, that of a score held below it, or possible."""

    PASSED = "passed"
    HERE = "here"
    AHEAD = "ahead"
    HELD = "held"
    POSSIBLE = "possible"


@dataclass(frozen=True, slots=True)
class StairStep:
    """One of the five steps, with the middle and the baseline of its number."""

    level: int
    state: StepState
    left: str
    width: str
    top: int
    height: int
    middle: str
    baseline: str

    @property
    def is_hatched(self) -> bool:
        return self.state in (StepState.HELD, StepState.POSSIBLE)


@dataclass(frozen=True, slots=True)
class Ends:
    """A range under the ground line, with how its two numbers are anchored so that they stay in the picture and apart."""

    low: str
    high: str
    low_anchor: str
    high_anchor: str


@dataclass(frozen=True, slots=True)
class Stairs:
    """The picture of a level. `stands` (1..5) is the step that numeral or range stand on, None without any.

    `dot` is the score's place, None where no level is stated; `threshold` that of the next level, None where it is held, at
    level 5 and without a level. `leftward`: numeral and name stand at the step's right edge; `words_below`: the words of
    the score stand under it, to its left, not beside it. `zero` and `hundred`: whether there is room for the ends' numbers.
    `ends` is the range where there is no level.
    """

    steps: tuple[StairStep, ...]
    stands: int | None
    leftward: bool
    dot: str | None
    is_hollow: bool
    threshold: str | None
    words_below: bool
    zero: bool
    hundred: bool
    ends: Ends | None


def stairs(place: Place) -> Stairs:
    """The stairs of a place."""
    stands = place.level or (place.possible[0] if place.possible else None)
    score = place.score if place.level is not None else None
    low, high = (score, score) if score is not None else (None, None)
    if place.level is None and place.range is not None:
        low, high = place.range.low, place.range.high
    return Stairs(
        steps=tuple(_step(level, place) for level in range(1, HIGHEST + 1)),
        stands=stands,
        leftward=(place.level or 0) >= FROM_RIGHT,
        dot=None if score is None else across(score),
        is_hollow=place.is_held,
        threshold=across(LEVEL_BOUNDS[place.next_level - 1][0]) if place.points is not None else None,
        words_below=score is not None and score >= HALF,
        zero=low is None or low > EDGE,
        hundred=high is None or high < 100 - EDGE,
        ends=_ends(place) if place.level is None and place.range is not None else None,
    )


def _step(level: int, place: Place) -> StairStep:
    start, end = LEVEL_BOUNDS[level - 1]
    height = LOWEST + RISE * (level - 1)
    return StairStep(
        level=level,
        state=_state(level, place),
        left=across(start),
        width=across(end - start),
        top=GROUND - height,
        height=height,
        middle=across((start + end) / 2),
        baseline=f"{GROUND - height / 2 + 5.5:g}",
    )


def _state(level: int, place: Place) -> StepState:
    if place.level is None:
        low, high = place.possible or (0, 0)
        return StepState.POSSIBLE if low <= level <= high else StepState.AHEAD
    if level < place.level:
        return StepState.PASSED
    if level == place.level:
        return StepState.HERE
    return StepState.HELD if place.is_held and level <= place.by_score else StepState.AHEAD


def _ends(place: Place) -> Ends:
    low, high = place.range.low, place.range.high
    return Ends(across(low), across(high), "start" if low < EDGE else "end", "end" if high > 100 - EDGE else "start")


# Bars ----------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Mark:
    """Where an edition of the barometer lies under a bar."""

    edition: int
    left: str
    width: str
    top: int


@dataclass(frozen=True, slots=True)
class Bar:
    """The bar of a dimension: how far its score reaches, where the one before stood, and the editions under it."""

    reaches: str | None
    before: str | None
    marks: tuple[Mark, ...]


def bar(part: DimensionPart) -> Bar:
    """The bar of a dimension with every edition in a lane of its own."""
    return _bar(part, list(enumerate(part.references)))


def newest_bar(part: DimensionPart) -> Bar:
    """The bar of a dimension with the newest edition alone."""
    return _bar(part, [(0, item) for item in part.references[-1:]])


def _bar(part: DimensionPart, references: Iterable) -> Bar:
    marks = []
    for lane, item in references:
        if item.level is not None:
            start, end = LEVEL_BOUNDS[item.level - 1]
            marks.append(Mark(item.edition, across(start), across(end - start), FIRST_LANE + LANE * lane))
    before = part.before.before if part.before else None
    return Bar(
        reaches=across(part.score) if part.is_scored else None,
        before=None if before is None else across(before),
        marks=tuple(marks),
    )


@dataclass(frozen=True, slots=True)
class PeerRow:
    """A dimension beside peers: how far the score reaches, and where their middle half lies; None where it is not told."""

    part: DimensionPart
    ends: tuple[int, int] | None
    reaches: str | None
    left: str | None
    width: str | None


def peer_rows(report: Report) -> list[PeerRow]:
    """Each dimension beside the middle half of the peers."""
    rows = []
    for part in report.dimensions:
        ends = report.peers.middle.get(part.key) if report.peers else None
        left, width = (across(ends[0]), across(ends[1] - ends[0])) if ends else (None, None)
        rows.append(PeerRow(part, ends, across(part.score) if part.is_scored else None, left, width))
    return rows


# Strips --------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Strip:
    """One strip of a row that stands on the ground line of the stairs; it is filled from `top` down."""

    standing: Standing
    left: str
    width: str


def strips(count: GapCount) -> tuple[Strip, ...]:
    """A strip for each gap: closed ones first, then those partly closed, still open, not known."""
    numbers = (count.closed, count.partly, count.open, count.unknown)
    states = [state for state, number in zip(OF_NUMBER, numbers, strict=True) for _ in range(number)]
    between = min(BETWEEN, MOST_BETWEEN / max(len(states) - 1, 1))
    width = (100 - between * (len(states) - 1)) / len(states)
    return tuple(Strip(state, across(place * (width + between)), across(width)) for place, state in enumerate(states))


def is_signed(part: CriterionPart) -> bool:
    """Whether a strip stands beside a point: its standing is known, or known to be unknown."""
    return part.standing in OF_NUMBER


def in_order(parts: Sequence[CriterionPart]) -> list[CriterionPart]:
    """Points of the barometer by what is left to do: still open, partly, not known, reached; then the others."""
    order = [Standing.NOT_YET, Standing.PARTLY, Standing.UNKNOWN, Standing.REACHED]
    return sorted(parts, key=lambda part: order.index(part.standing) if part.standing in order else len(order))
