"""The result of one dimension while somebody answers: told once they go on to the next one, and never stored."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from assessment.models.answer import SavedAnswer
from assessment.models.response import Response
from assessment.rounds.progress import DimensionProgress, Progress
from assessment.scoring import DimensionState
from assessment.scoring.score import score_dimension

# Everybody is told that the 36 shipped questions take 20 to 25 minutes; each is taken to last as long as any other.
TAKES, SHIPPED = (20, 25), 36
MINUTES_A_QUESTION = Fraction(sum(TAKES), 2) / SHIPPED


@dataclass(frozen=True, slots=True)
class PartResult:
    """One scored dimension by these answers alone, and what is left to answer.

    `level` is 1 to 5, None without enough answers or where nothing applies. `is_own`: others answer the same round, and
    what they say is no part of it. `parts_left` counts the scored dimensions that lack an answer, this one only while it
    has no level, `minutes_left` how long their open questions take: whole, at least 1 while something is left.
    """

    part: DimensionProgress
    level: int | None
    applies: bool
    is_own: bool
    parts_left: int
    minutes_left: int


def minutes_for(questions: int) -> tuple[int, int]:
    """How long so many questions take, in whole minutes: at least and at most, each at least 1."""
    least, most = (max(1, round(minutes * questions / SHIPPED)) for minutes in TAKES)
    return least, most


def minutes_left(questions: int) -> int:
    """How long so many questions take, in whole minutes between the two ends of `minutes_for`; 0 for none, else at least 1."""
    return max(int(questions * MINUTES_A_QUESTION + Fraction(1, 2)), bool(questions))


def part_result(
    response: Response, answers: Mapping[str, SavedAnswer], progress: Progress, key: str
) -> PartResult | None:
    """What a dimension came to and what is left; None where it earns no score, or while nothing is answered at all."""
    part = progress.part(key)
    if not part.content.scored or not progress.has_begun:
        return None
    own = {asked.key: answers[asked.key] for asked in part.content.questions if asked.key in answers}
    found = score_dimension(response.outline.scoring, response.values(own, response.round.excluded), key)
    left = [other for other in progress.scored if not other.is_done and (other is not part or found.level is None)]
    return PartResult(
        part=part,
        level=found.level,
        applies=found.state != DimensionState.NOT_APPLICABLE,
        is_own=not response.round.is_solo,
        parts_left=len(left),
        minutes_left=minutes_left(sum(len(other.open) for other in left)),
    )
