"""What the page of an edition shows, as plain tables read off its published cells and nothing else (README.md, rule 4)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assessment.barometer.sums import BAND, BAND_WIDTH, LEVEL, NO_SCORE
from assessment.scoring import DimensionState, Standing

LEVELS = ("1", "2", "3", "4", "5")
STANDINGS = (Standing.REACHED, Standing.PARTLY, Standing.NOT_YET, Standing.UNKNOWN, Standing.NOT_APPLICABLE)
FACETS = ("sector", "size", "market")
GAP = "gap"  # the kind of a point on which an edition of 2016 or 2017 found companies wanting
Cells = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Row:
    """One line of a table: the percentages of its columns; of a median the two ends of its band, None where it is not told."""

    name: object
    shares: tuple[int, ...]
    n: int = 0
    median: tuple[int, int] | None = None


@dataclass(frozen=True)
class Point:
    """A point that an edition of 2016 or 2017 made (`report.evidence.Criterion`), and the shares by `STANDINGS` today.

    None in the place of shares where no question asks about it.
    """

    edition: int
    criterion: object
    shares: tuple[int | None, ...]


@dataclass(frozen=True)
class Figures:
    """The tables of an edition. `n` organisations, `step` percent; `groups` by facet; gaps and others are points."""

    n: int
    step: int
    levels: tuple[Row, ...]
    gaps: tuple[Point, ...]
    others: tuple[Point, ...]
    groups: Mapping[str, tuple[Row, ...]]

    @property
    def commonest(self) -> tuple[int, int] | None:
        """The level, 1 to 5, of the largest share of all, and that share; None where several are as large, or none is."""
        shares = self.levels[0].shares[: len(LEVELS)]
        most = max(shares)
        return (shares.index(most) + 1, most) if most and shares.count(most) == 1 else None

    @property
    def closed_most(self) -> Point | None:
        """The gap that the largest share has closed, of several the first; None where all are closed as often."""
        asked = [point for point in self.gaps if point.shares[0] is not None]
        least, most = (pick(asked, key=_closed, default=None) for pick in (min, max))
        return most if most and least and _closed(most) > _closed(least) else None

    @property
    def closed_least(self) -> Point | None:
        """The gap that the smallest share has closed, of several the first; None where all are closed as often."""
        asked = [point for point in self.gaps if point.shares[0] is not None]
        return min(asked, key=_closed) if self.closed_most else None


def figures(
    cells: Cells, titles: Mapping[str, object], editions: Iterable, orders: Mapping[str, Sequence[str]]
) -> Figures:
    """What the cells of an edition say; `titles` are those of dimensions by key, `editions` those of 2016 and 2017.

    A dimension that is not titled is called by its key. `orders`: the keys of each facet in their order. ValueError without a
    cell.
    """
    if not cells:
        raise ValueError("an edition without cells has no figures")
    whole = cells[0]
    points = [Point(of.edition, made, _standings(whole, made.key)) for of in editions for made in of.criteria]
    return Figures(
        n=whole["n"],
        step=whole["step"],
        levels=tuple(_levels(whole, titles)),
        gaps=tuple(sorted((point for point in points if point.criterion.kind == GAP), key=_by_edition)),
        others=tuple(sorted((point for point in points if point.criterion.kind != GAP), key=_by_edition)),
        groups={facet: tuple(_group(cells, facet, orders[facet])) for facet in FACETS},
    )


def _closed(point: Point) -> int:
    return point.shares[0] or 0


def _by_edition(point: Point) -> int:
    return point.edition


def _standings(cell: Mapping[str, Any], key: str) -> tuple[int | None, ...]:
    shares = cell["shares"].get(f"criteria.{key}")
    return tuple(None if shares is None else shares.get(standing.value, 0) for standing in STANDINGS)


def _levels(cell: Mapping[str, Any], titles: Mapping[str, object]) -> Iterable[Row]:
    """The whole, then each dimension: shares of the five levels, then of those without one, with the median band."""
    yield _row(cell, None, LEVEL, BAND, (NO_SCORE,))
    without = (DimensionState.NOT_ENOUGH.value, DimensionState.NOT_APPLICABLE.value)
    known = [
        name.split(".")[1] for name in cell["shares"] if name.startswith("dimensions.") and name.endswith(f".{LEVEL}")
    ]
    for key in sorted(known, key=lambda key: (list(titles).index(key) if key in titles else len(titles), key)):
        yield _row(cell, titles.get(key, key), f"dimensions.{key}.{LEVEL}", f"dimensions.{key}.{BAND}", without)


def _row(cell: Mapping[str, Any], name: object, item: str, band: str, without: Sequence[str]) -> Row:
    shares, median = cell["shares"].get(item, {}), cell["medians"].get(band)
    ends = None if median is None else (median, 100 if median == 90 else median + BAND_WIDTH - 1)
    missing = sum(shares.get(value, 0) for value in without)
    return Row(name, (*(shares.get(level, 0) for level in LEVELS), missing), cell["n"], ends)


def _group(cells: Cells, facet: str, order: Sequence[str]) -> Iterable[Row]:
    """Those that carry one label alone, by its key, in an order; a key of another list comes last."""
    for cell in sorted(cells, key=lambda cell: order.index(cell[facet]) if cell[facet] in order else len(order)):
        if cell[facet] and not any(cell[other] for other in FACETS if other != facet):
            yield _row(cell, cell[facet], LEVEL, BAND, (NO_SCORE,))
