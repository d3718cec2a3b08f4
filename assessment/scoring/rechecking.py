"""The check of a report that holds no question scores: level, hold and range again from its dimensions.

The numbers of dimensions are published with six decimals. What follows from them counts as equal while it is no farther
away than this rounding can bring it, and a level while a score so near has it.
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from assessment.scoring import Questionnaire, Range
from assessment.scoring.dimensions import has_overall_score, mean_of_scored, overall_range
from assessment.scoring.levels import held_level, level_of
from assessment.scoring.reading import read_dimension_results

ROUNDED = Fraction(1, 10**6)  # twice what rounding to six decimals can change

Data = dict[str, Any]


def recompute_whole(questionnaire: Questionnaire, stored: Mapping[str, Any]) -> Data:
    """The whole and the levels of a published result (see `publishing.result_data`) again from its dimensions.

    Equal numbers are given as they were published. Raises ValueError where a dimension is not well formed.
    """
    dimensions, parts = questionnaire.scored_dimensions, read_dimension_results(stored)
    score = mean_of_scored(dimensions, parts) if has_overall_score(parts) else None
    by_score = _level(score, stored["level_by_score"])
    levels = {part.key: part.level for part in parts if part.level is not None}
    level = None if by_score is None else held_level(by_score, levels.values())
    is_held = level is not None and by_score is not None and level < by_score
    return {
        "score": _number(score, stored["score"]),
        "level": level,
        "level_by_score": by_score,
        "held_by": [key for key in levels if levels[key] == min(levels.values())] if is_held else [],
        "range": _range(overall_range(dimensions, parts), stored["range"]),
        "dimensions": [{"level": _level(part.score, part.level)} for part in parts],
    }


def _number(number: Fraction | None, stored: float | None) -> float | None:
    if number is None:
        return None
    is_near = stored is not None and abs(Fraction(repr(stored)) - number) <= ROUNDED
    return stored if is_near else float(round(number, 6))


def _range(reach: Range | None, stored: Mapping[str, float] | None) -> Data | None:
    if reach is None:
        return None
    was = stored or {}
    return {"low": _number(reach.low, was.get("low")), "high": _number(reach.high, was.get("high"))}


def _level(score: Fraction | None, stored: int | None) -> int | None:
    """The level of a score that is known to six decimals; the one that was published while it can be that."""
    if score is None:
        return None
    possible = [level_of(max(Fraction(0), score - ROUNDED)), level_of(min(Fraction(100), score + ROUNDED))]
    return stored if stored in possible else level_of(score)
