"""From a score to a level, to the whole number that is shown, and to the band that the live barometer counts."""

from bisect import bisect
from collections.abc import Iterable
from fractions import Fraction
from math import floor

LEVEL_BOUNDS: tuple[tuple[Fraction, Fraction], ...] = (
    (Fraction(0), Fraction(25, 2)),
    (Fraction(25, 2), Fraction(75, 2)),
    (Fraction(75, 2), Fraction(125, 2)),
    (Fraction(125, 2), Fraction(175, 2)),
    (Fraction(175, 2), Fraction(100)),
)
"""Lower and upper score of levels 1 to 5. The lower one belongs to the level, the upper one to the next; 100 to 5."""
_LOWER = [lower for lower, _ in LEVEL_BOUNDS]
BAND_WIDTH, HIGHEST_BAND = 10, 90
"""Points: how wide the bands of the live barometer are, and the lower end of the last."""


def level_of(score: Fraction) -> int:
    """The level (1..5) of an unrounded score (0..100); ValueError outside.

    The rule (scoring/README.md, "Level"): below 12.5 level 1, 37.5: 2, 62.5: 3, 87.5: 4, else 5; each level reaches half-way
    to the next of the anchors 0, 25, 50, 75, 100.
    """
    if not 0 <= score <= 100:
        raise ValueError(f"a score lies in 0..100, not {score}")
    return bisect(_LOWER, score)


def held_level(level_by_score: int, dimension_levels: Iterable[int]) -> int:
    """The overall level (1..5), held back by the weakest of at least one dimension.

    The rule (scoring/README.md, "Level"): at most one above the lowest dimension level, but never more than one below the
    level by score. An average must not hide a missing foundation, and one gap must not hide everything else.
    """
    return min(level_by_score, max(min(dimension_levels) + 1, level_by_score - 1))


def shown(score: Fraction) -> int:
    """The whole number (0..100) shown for a score (0..100): half up, but 100 only for 100 and 0 only for 0.

    The rule: scoring/README.md, "Level", "Shown".
    """
    whole = floor(score + Fraction(1, 2))
    if whole == 100 and score < 100:
        return 99
    return 1 if whole == 0 and score > 0 else whole


def band_of(score: Fraction) -> int:
    """The lower end of the ten points in which a score of 0 to 100 lies; 100 lies in the highest."""
    return min(int(score) // BAND_WIDTH * BAND_WIDTH, HIGHEST_BAND)


def end_of(band: int) -> int:
    """The last whole point of a band, by its lower end."""
    return band + BAND_WIDTH - (band != HIGHEST_BAND)
