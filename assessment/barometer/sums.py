"""Rules 3 and 4 of the live barometer, in plain Python: what of a result is counted, the sums of batches by their labels, and
the cells that are published of them, each share rounded. Every figure that anybody sees is one of these cells.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from assessment.barometer.sealing import SMALLEST, Facets
from assessment.scoring import DimensionState, Result
from assessment.scoring.levels import band_of

STEPS = ((50, 20), (100, 10), (500, 5))
"""Below so many organisations shares are rounded to steps of so many percent; from the last number on to 1."""
N_STEP = 5
"""How many organisations a cell has is told to the nearest five."""
FEWEST_FOR_MEDIAN = 20
NO_SCORE = "none"
"""In the place of a level or a band of the whole, where there is no overall score."""
LEVEL, BAND = "level", "band"
Items = dict[str, str]
Counts = dict[str, dict[str, int]]


def items(result: Result) -> Items:
    """What of a result is counted: by name, the one value it has. No answer, no note, no question.

    `level` (1 to 5) and `band` (the lower end of ten points: 0 to 90) of the whole, likewise `dimensions.<key>.level` and
    `.band`, and `criteria.<key>` with its standing. `result` is what is shown of it (`models.Result.values`).
    """
    dimensions = ((part.key, part.state.value, part.level, part.score) for part in result.dimensions)
    criteria = ((told.key, told.standing.value) for told in result.criteria)
    return items_of(result.level, result.score, dimensions, criteria)


def items_of(
    level: int | None,
    score: Fraction | None,
    dimensions: Iterable[tuple[str, str, int | None, Fraction | None]],
    criteria: Iterable[tuple[str, str]],
) -> Items:
    """The same of the few values that it takes: dimensions by key, state, level and score, criteria by key and standing."""
    found = {LEVEL: str(level or NO_SCORE), BAND: NO_SCORE if score is None else str(band_of(score))}
    for key, state, own_level, own_score in dimensions:
        is_scored = state == DimensionState.SCORED and own_score is not None
        found[f"dimensions.{key}.{LEVEL}"] = str(own_level) if is_scored else state
        found[f"dimensions.{key}.{BAND}"] = str(band_of(own_score)) if is_scored else state
    found.update((f"criteria.{key}", standing) for key, standing in criteria)
    return found


@dataclass
class Sum:
    """How many organisations, and how many of them have each value of each item."""

    n: int = 0
    counts: Counts = field(default_factory=dict)

    def add(self, counted: Items) -> None:
        """One organisation more."""
        self.n += 1
        for name, value in counted.items():
            values = self.counts.setdefault(name, {})
            values[value] = values.get(value, 0) + 1

    def add_sum(self, other: "Sum") -> None:
        """All the organisations of another sum more."""
        self.n += other.n
        for name, counted in other.counts.items():
            values = self.counts.setdefault(name, {})
            for value, number in counted.items():
                values[value] = values.get(value, 0) + number


@dataclass(frozen=True)
class Cell:
    """What is published of those who share a label: about how many they are, and percentages by item and value, in a step.

    A share that is rounded to nothing is left out, so that a value nobody has looks like one that few have. `medians` by the name
    of a band, from 20 organisations on.
    """

    labels: Facets
    n: int
    step: int
    shares: Mapping[str, Mapping[str, int]]
    medians: Mapping[str, int]


def published(sums: Mapping[Facets, Sum]) -> list[Cell]:
    """The cells of an edition: all, each sector group, size and market, and each sector group by size, from ten on.

    Rule 4. `sums` are those of whole batches, by their labels.
    """
    found = []
    for label in _labels(sums):
        total = Sum()
        for labels, summed in sums.items():
            if labels.carries(label):
                total.add_sum(summed)
        if total.n >= SMALLEST:
            found.append(_cell(label, total))
    return found


def _labels(sums: Iterable[Facets]) -> Iterator[Facets]:
    """Everything, then each value of each facet, then each sector group by each size."""
    sectors, sizes, markets = (
        [value for value in sorted(set(column)) if value] for column in zip(Facets(), *sums, strict=True)
    )
    yield Facets()
    yield from (Facets(sector=sector) for sector in sectors)
    yield from (Facets(size=size) for size in sizes)
    yield from (Facets(market=market) for market in markets)
    yield from (Facets(sector, size) for sector in sectors for size in sizes)


def _cell(label: Facets, total: Sum) -> Cell:
    shares = {}
    for name, counted in sorted(total.counts.items()):
        rounded = {value: share(number, total.n) for value, number in sorted(counted.items())}
        if shown := {value: percent for value, percent in rounded.items() if percent}:
            shares[name] = shown
    bands = {name: values for name, values in shares.items() if name.split(".")[-1] == BAND}
    medians = {name: median for name, values in bands.items() if (median := _median(values)) is not None}
    return Cell(label, to_five(total.n), step_of(total.n), shares, medians if total.n >= FEWEST_FOR_MEDIAN else {})


def share(number: int, of: int) -> int:
    """A share in percent, rounded to the step that so many organisations allow; halves to the even step."""
    step = step_of(of)
    whole, rest = divmod(100 * number, step * of)
    is_up = 2 * rest > step * of or (2 * rest == step * of and whole % 2)
    return step * (whole + bool(is_up))


def step_of(n: int) -> int:
    """To how many percent shares of so many organisations are rounded."""
    return next((step for below, step in STEPS if n < below), 1)


def to_five(n: int) -> int:
    """How many organisations, as it is told: to the nearest five."""
    return N_STEP * round(n / N_STEP)


def _median(shares: Mapping[str, int]) -> int | None:
    """The lower end of the band in which the middle organisation lies, as far as rounded shares tell; None without any."""
    bands = sorted((int(value), percent) for value, percent in shares.items() if value.isdigit())
    reached, half = 0, sum(percent for _, percent in bands) / 2
    for band, percent in bands:
        reached += percent
        if reached >= half:
            return band
    return None
