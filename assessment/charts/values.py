"""What a chart is given: lines of scores and bands of published reference, one value per dimension."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from assessment.charts.style import BANDS, STROKES

Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Line:
    """One series of scores, 0 to 100; None where a dimension has no score. Roles: you, peers, before."""

    role: str
    label: str
    values: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Band:
    """A lower and an upper bound per dimension, None where there are none.

    Roles: barometer-2016 and -2017, an edition of the barometer; range, what a score could be or how far answers lie apart.
    """

    role: str
    label: str
    spans: tuple[Span | None, ...]


def check(labels: Sequence[str], lines: Sequence[Line], bands: Sequence[Band]) -> None:
    """Raise ValueError unless every series has a known role and one value of 0..100, or None, per label."""
    if not labels:
        raise ValueError("a chart needs at least one label")
    for series, known in ((lines, STROKES), (bands, BANDS)):
        for one in series:
            if one.role not in known:
                raise ValueError(f"unknown role {one.role!r}: choose one of {', '.join(known)}")
    for line in lines:
        check_numbers(labels, line.role, [None if value is None else (value,) for value in line.values])
    for band in bands:
        check_numbers(labels, band.role, band.spans)


def check_numbers(labels: Sequence[str], what: str, numbers: Sequence[tuple[float, ...] | None]) -> None:
    """Raise ValueError unless there is one entry per label, each None or rising numbers of 0..100."""
    if len(numbers) != len(labels):
        raise ValueError(f"{what}: {len(numbers)} values for {len(labels)} labels")
    for entry in numbers:
        if entry is not None and not (all(0 <= n <= 100 for n in entry) and list(entry) == sorted(entry)):
            raise ValueError(f"{what}: {entry} is not within 0..100, lower first")


def apart(spans: Sequence[Span | None]) -> list[Span | None]:
    """Give the spans that can be seen: those whose two ends differ."""
    return [span if span and span[0] < span[1] else None for span in spans]


def you_of(lines: Sequence[Line], count: int) -> tuple[float | None, ...]:
    """Give the values that are written as numbers: yours, or those of the first line, or none."""
    ranked = sorted(lines, key=lambda line: line.role != "you")
    return ranked[0].values if ranked else (None,) * count


def stacked(lines: Sequence[Line]) -> list[Line]:
    """Give the lines as they lie over each other, yours last and on top."""
    return sorted(lines, key=lambda line: list(STROKES).index(line.role))


def whole(score: float) -> str:
    """Write a score as a whole number, half up; 0 only for 0, 100 only for 100 (scoring/README.md, "Shown")."""
    if 0 < score < 100:
        return str(min(99, max(1, math.floor(score + 0.5))))
    return str(round(score))
