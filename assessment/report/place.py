"""Where a result stands: the level that is shown, what holds it, how far the next one is, and what lies at the two ends.

Distances are those of the whole numbers that are shown. As every threshold lies at a half, which is rounded up, a level is
reached exactly when its number is: 62.49 is shown as 62 and one point short of level 4, which begins at 63.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from assessment import scoring
from assessment.content.structure import Text
from assessment.scoring.levels import LEVEL_BOUNDS, shown

NEAR = 1  # points, unrounded, on either side of a threshold
HIGHEST = len(LEVEL_BOUNDS)


class Near(StrEnum):
    """On which side of a threshold a score lies that is near it."""

    BELOW = "below"
    ABOVE = "above"


@dataclass(frozen=True, slots=True)
class Lift:
    """A dimension that has to rise from `level` to the level `to` for the next overall level; `points` are missing, 1 or more."""

    title: Text
    level: int
    to: int
    points: int


@dataclass(frozen=True, slots=True)
class Place:
    """The level and its neighbourhood.

    `level` (1..5) is the one shown, None where none is stated alone; `by_score` the band in which the score (0..100) lies.
    Where the level is held it is one below, and `held_by` names the weakest dimensions. `points` (1 or more) are missing to
    `next_level`, which begins at the shown score `begins_at`; all three are None at level 5 and without a level, `points` and
    `begins_at` also where the level is held: then `lifts` alone lead on. `lifts` are the dimensions that stand lower than the
    next level allows, held or not. Without a level `possible` are the lowest and the highest by the two ends of `range`,
    `missing` the dimensions with too few answers, `unanswered` how many applicable questions have no score.
    """

    score: Fraction | None
    level: int | None
    by_score: int | None
    held_by: tuple[Text, ...]
    next_level: int | None
    begins_at: int | None
    points: int | None
    lifts: tuple[Lift, ...]
    near: Near | None
    possible: tuple[int, int] | None
    range: scoring.Range | None
    missing: tuple[Text, ...]
    unanswered: int

    @property
    def is_held(self) -> bool:
        return bool(self.held_by)

    @property
    def near_level(self) -> int | None:
        """The level whose lower threshold is near."""
        return None if self.near is None else self.next_level if self.near == Near.BELOW else self.level


def place_of(result: scoring.Result, titles: Mapping[str, Text], *, unanswered: int = 0) -> Place:
    """The place of a result; `titles` are those of its dimensions by key, `unanswered` its questions without a score."""
    level = result.level if result.level_stated else None
    is_held = level is not None and bool(result.held_by)
    following = level + 1 if level is not None and level < HIGHEST else None
    on_score = following is not None and not is_held
    begins_at = begins(following) if on_score else None
    return Place(
        score=result.score,
        level=level,
        by_score=result.level_by_score if level is not None else None,
        held_by=tuple(titles[key] for key in result.held_by) if is_held else (),
        next_level=following,
        begins_at=begins_at,
        points=begins_at - shown(result.score) if on_score else None,
        lifts=tuple(_lifts(result.dimensions, level, titles)) if following else (),
        near=None if is_held or level is None else _near(result.score, level),
        possible=None if level is not None else result.level_range,
        range=result.range,
        missing=tuple(
            titles[part.key] for part in result.dimensions if part.state == scoring.DimensionState.NOT_ENOUGH
        ),
        unanswered=unanswered,
    )


def begins(level: int) -> int:
    """The score, as it is shown, at which a level (1..5) begins: 0, 13, 38, 63, 88."""
    return shown(LEVEL_BOUNDS[level - 1][0])


def _lifts(dimensions: Iterable[scoring.DimensionResult], level: int, titles: Mapping[str, Text]) -> Iterable[Lift]:
    """The dimensions below today's level: none may be more than one below the next (scoring/README.md, "Level")."""
    for part in dimensions:
        if part.level is not None and part.level < level:
            yield Lift(titles[part.key], part.level, level, begins(level) - shown(part.score))


def _near(score: Fraction, level: int) -> Near | None:
    lower, upper = LEVEL_BOUNDS[level - 1]
    if level < HIGHEST and upper - score <= NEAR:
        return Near.BELOW
    return Near.ABOVE if level > 1 and score - lower <= NEAR else None


# The two ends --------------------------------------------------------------------------------------------------------
def ends(parts: Sequence) -> tuple[tuple, tuple]:
    """The strongest and the weakest of the dimensions of a report, all that are shown alike; none where there is no score."""
    scored = [part for part in parts if part.is_scored]
    if not scored:
        return (), ()
    most, least = max(shown(part.score) for part in scored), min(shown(part.score) for part in scored)
    strongest = tuple(part for part in scored if shown(part.score) == most)
    return strongest, tuple(part for part in scored if shown(part.score) == least)
