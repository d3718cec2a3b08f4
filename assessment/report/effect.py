"""What all steps of a plan together do: to the level, and to the points of the barometer.

Whatever is computed is handed through (`AfterPlan`); here it is set beside today's.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from assessment import scoring
from assessment.content.structure import Text
from assessment.report.barometer import CriterionPart, Standing
from assessment.report.place import Place, place_of

OF_NUMBER = (Standing.REACHED, Standing.PARTLY, Standing.NOT_YET, Standing.UNKNOWN)  # the gaps that apply


@dataclass(frozen=True, slots=True)
class AfterPlan:
    """The whole when all steps are taken, and the standings that may be others then.

    `enough` is how many of the first steps suffice for another level, and which level.
    """

    result: scoring.Result
    enough: tuple[int, int] | None = None
    standings: Mapping[str, scoring.CriterionResult] = field(default_factory=dict)  # by criterion


@dataclass(frozen=True, slots=True)
class GapCount:
    """How many of the gaps that the barometer named are closed, partly closed, still open, or not known; of those that apply."""

    closed: int
    partly: int
    open: int
    unknown: int

    @property
    def applicable(self) -> int:
        return self.closed + self.partly + self.open + self.unknown


@dataclass(frozen=True, slots=True)
class CriterionMove:
    """A point of the barometer on which the steps bring the organisation further; from `part.standing` to `after`."""

    part: CriterionPart
    after: Standing


@dataclass(frozen=True, slots=True)
class PlanEffect:
    """What `steps` steps together do: the place before and after, and the points of the barometer that move, gaps first.

    `enough` is the least number of the first steps that change the level, 1 to `steps`, and `enough_level` the level they
    give; None where all together do not change it, or no level is stated before or after. The counts of gaps are None where
    nothing may be said of them.
    """

    steps: int
    before: Place
    after: Place
    enough: int | None
    enough_level: int | None
    moves: tuple[CriterionMove, ...] = ()
    gaps_before: GapCount | None = None
    gaps_after: GapCount | None = None


def count_gaps(gaps: Iterable[CriterionPart], then: Mapping[str, Standing] | None = None) -> GapCount | None:
    """The gaps by standing, with those of `then` by key in the place of today's; None where none applies or may be told."""
    then = then or {}
    found = [then.get(part.criterion.key, part.standing) for part in gaps if part.standing in OF_NUMBER]
    return GapCount(*(found.count(standing) for standing in OF_NUMBER)) if found else None


def effect_of(
    after: AfterPlan, before: Place, titles: Mapping[str, Text], criteria: Sequence[CriterionPart], *, steps: int
) -> PlanEffect:
    """What a plan of so many steps does, from today's place and the points of the barometer as they are shown."""
    then = {key: Standing(told.standing.value) for key, told in after.standings.items()}
    moves = (
        CriterionMove(part, then[part.criterion.key])
        for part in criteria
        if part.standing in OF_NUMBER and then.get(part.criterion.key, part.standing) != part.standing
    )
    gaps = [part for part in criteria if part.is_gap]
    enough, level = after.enough or (None, None)
    return PlanEffect(
        steps=steps,
        before=before,
        after=place_of(after.result, titles, unanswered=before.unanswered),
        enough=enough,
        enough_level=level,
        moves=tuple(sorted(moves, key=lambda move: not move.part.is_gap)),
        gaps_before=count_gaps(gaps),
        gaps_after=count_gaps(gaps, then),
    )
