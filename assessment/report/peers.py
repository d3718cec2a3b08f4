"""The peers of an organisation: what a published cell of the live barometer says of those who share its sector or size.

Every number is read off shares that are rounded already (assessment/barometer/README.md, rule 4); it is looked up when a report
is shown, and no part of a result.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from assessment.content.structure import Text
from assessment.scoring.levels import band_of, end_of

LOWEST_LEVEL = 1


class Third(StrEnum):
    """Among which of its peers an organisation stands."""

    UPPER = "upper"
    MIDDLE = "middle"
    LOWER = "lower"


@dataclass(frozen=True, slots=True)
class Peers:
    """A published cell, as far as a report speaks of it.

    `n` organisations to the nearest five, shares in steps of `step` percent: `levels` by level 1 to 5, `bands` by the lower end
    of ten points of the whole. `of` says whom the cell holds, without words for all. `middle` are the two ends of what the middle
    half of them reach, by dimension; it is empty, as `bands` is, below twenty organisations.
    """

    year: int
    invented: bool
    n: int
    step: int
    of: tuple[Text, ...]
    levels: Mapping[int, int]
    bands: Mapping[int, int]
    middle: Mapping[str, tuple[int, int]]

    def compared_level(self, level: int | None) -> int:
        """The level that peers are counted from: one's own, but that everybody has the lowest; the middle one without any."""
        return max(level or 3, LOWEST_LEVEL + 1)

    def at_least(self, level: int) -> int | None:
        """The percentage at a level or above, of all who have one, in the steps of the cell; None where nothing is told."""
        told = sum(self.levels.values())
        if not told:
            return None
        share = Fraction(sum(share for of, share in self.levels.items() if of >= level), told)
        return self.step * round(share * 100 / self.step)

    def third(self, score: Fraction | None) -> Third | None:
        """In which third a score stands, by the middle of those in its ten points; None without a score, or below twenty."""
        told = sum(self.bands.values())
        if score is None or not told:
            return None
        own = band_of(score)
        above = sum(share for band, share in self.bands.items() if band > own)
        place = Fraction(2 * above + self.bands.get(own, 0), 2 * told)
        if place < Fraction(1, 3):
            return Third.UPPER
        return Third.LOWER if place > Fraction(2, 3) else Third.MIDDLE


def middle_half(bands: Mapping[int, int]) -> tuple[int, int] | None:
    """The lowest and the highest points of the bands that hold the quartiles; None where no band is told."""
    told, reached, ends = sum(bands.values()), 0, []
    for band in sorted(bands):
        before, reached = reached, reached + bands[band]
        ends += [band] * sum(4 * before < quarter * told <= 4 * reached for quarter in (1, 3))
    return (ends[0], end_of(ends[1])) if ends else None
