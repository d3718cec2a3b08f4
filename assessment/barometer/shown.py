"""What the page of an edition shows, as plain tables read off its published cells and nothing else (README.md, rule 4)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from types import MappingProxyType
from typing import Any

from assessment.barometer.sums import BAND, LEVEL, NO_SCORE
from assessment.scoring import DimensionState, Standing
from assessment.scoring.levels import end_of

LEVELS = ("1", "2", "3", "4", "5")
STANDINGS = (Standing.REACHED, Standing.PARTLY, Standing.NOT_YET, Standing.UNKNOWN, Standing.NOT_APPLICABLE)
FACETS = ("sector", "size", "market")
DRAWN = 4  # of the standings: what does not apply is left blank
ROOM = 7  # percent, from which on a piece of a bar has room for its number
GAP = "gap"  # the kind of a point on which an edition of 2016 or 2017 found companies wanting
ALL: Mapping[str, str] = MappingProxyType({})  # no label: everybody
Cells = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Segment:
    """A piece of a bar: the place of its value among those of the bar, from 1; its ends in per cent of the width."""

    place: int
    share: int
    left: str
    width: str
    middle: str
    has_room: bool


@dataclass(frozen=True)
class Row:
    """One line of a table: the percentages of its columns; of a median the two ends of its band, None where it is not told."""

    name: object
    shares: tuple[int, ...]
    n: int = 0
    median: tuple[int, int] | None = None
    bar: tuple[Segment, ...] = ()


@dataclass(frozen=True)
class Point:
    """A point that an edition of 2016 or 2017 made (`report.evidence.Criterion`), and the shares by `STANDINGS` today.

    None in the place of shares where no question asks about it.
    """

    edition: int
    criterion: object
    shares: tuple[int | None, ...]
    bar: tuple[Segment, ...] = ()


@dataclass(frozen=True)
class Figures:
    """The tables of an edition, of all or of those with some labels (`of`, by facet). `n` organisations, `step` percent.

    `groups` by facet: of all each of its values, of a group of sectors the sizes in it. Gaps and others are points.
    """

    of: Mapping[str, str]
    n: int
    step: int
    levels: tuple[Row, ...]
    gaps: tuple[Point, ...]
    others: tuple[Point, ...]
    groups: Mapping[str, tuple[Row, ...]]

    @property
    def nought(self) -> float:
        """The most, in percent, that a share of 0 stands for: half a step."""
        return self.step / 2

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
    cells: Cells,
    titles: Mapping[str, object],
    editions: Iterable,
    orders: Mapping[str, Sequence[str]],
    of: Mapping[str, str] = ALL,
) -> Figures | None:
    """What the cells of an edition say of all, or of those with some labels; None where no such cell is published.

    `titles` are those of dimensions by key (one that has none is called by its key), `editions` those of 2016 and 2017,
    `orders` the keys of each facet in their order.
    """
    cell = next((cell for cell in cells if all(cell[facet] == of.get(facet, "") for facet in FACETS)), None)
    if cell is None:
        return None
    points = [
        Point(edition.edition, made, _standings(cell, made.key)) for edition in editions for made in edition.criteria
    ]
    levels = list(_levels(cell, titles))
    groups = {facet: list(_group(cells, facet, orders[facet], of)) for facet in FACETS}
    width, of_groups = _width((*points, *levels)), _width(chain(*groups.values()))
    points = sorted((replace(point, bar=_bar(point.shares[:DRAWN], width)) for point in points), key=_by_edition)
    return Figures(
        of=of,
        n=cell["n"],
        step=cell["step"],
        levels=_drawn(levels, width),
        gaps=tuple(sorted((point for point in points if point.criterion.kind == GAP), key=_closed, reverse=True)),
        others=tuple(point for point in points if point.criterion.kind != GAP),
        groups={facet: _drawn(rows, of_groups) for facet, rows in groups.items()},
    )


def _width(those: Iterable[Row | Point]) -> int:
    """Percent on the whole width of bars that stand together; small groups have the coarsest shares, and a width of their own."""
    return max([100, *(sum(_told(one.shares)) for one in those)])


def _drawn(rows: Iterable[Row], width: int) -> tuple[Row, ...]:
    return tuple(replace(row, bar=_bar(row.shares, width)) for row in rows)


def _told(shares: Sequence[int | None]) -> list[int]:
    return [share or 0 for share in shares]


def _bar(shares: Sequence[int | None], width: int) -> tuple[Segment, ...]:
    """The shares one after the other; rounded ones may fall short of a hundred, or go beyond it: then `width` is wider."""
    pieces, reached = [], 0
    for place, share in enumerate(_told(shares), start=1):
        if share:
            left, wide, middle = (f"{100 * of / width:.2f}%" for of in (reached, share, reached + share / 2))
            pieces.append(Segment(place, share, left, wide, middle, share >= ROOM))
        reached += share
    return tuple(pieces)


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
    ends = None if median is None else (median, end_of(median))
    missing = sum(shares.get(value, 0) for value in without)
    return Row(name, (*(shares.get(level, 0) for level in LEVELS), missing), cell["n"], ends)


def _group(cells: Cells, facet: str, order: Sequence[str], of: Mapping[str, str]) -> Iterable[Row]:
    """Those that carry one label more than `of`, by its key, in an order; a key of another list comes last.

    Of all each value of a facet, of a group of sectors its sizes: nothing else is published.
    """
    for cell in sorted(cells, key=lambda cell: order.index(cell[facet]) if cell[facet] in order else len(order)):
        others = all(cell[other] == of.get(other, "") for other in FACETS if other != facet)
        if cell[facet] and others and facet not in of:
            yield _row(cell, cell[facet], LEVEL, BAND, (NO_SCORE,))
