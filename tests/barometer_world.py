"""The live barometer over a generated history, with its own log of who was sealed with whom; and what it must be by that log.

`World` does on plain values what a night does, by the rules themselves. `broken` names what is done
wrongly on purpose: a test that holds the promise has to find each of them.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import pairwise, product
from random import Random

from assessment.barometer import sealing, sums
from assessment.barometer.sealing import Applicant, Batch, Facets
from assessment.barometer.sums import Items, Sum

YEAR = 2026
START = datetime(YEAR, 2, 1, 3, tzinfo=UTC)
DAY = timedelta(days=1)
SECTORS, SIZES, MARKETS = ("production", "trade", "services"), ("micro", "large"), ("b2b", "b2c")
CRITERIA = 20
STANDINGS = ("reached", "partly", "not-yet", "unknown")
PROVIDERS = ("mail.example", "post.example")  # of the addresses of many
BREAKS = (
    "two batches",
    "batch of nine",
    "replaced result",
    "counts those waiting",
    "unrounded share",
    "date beside counted",
)


@dataclass
class Organisation:
    """One that takes part, with what it stands at now."""

    number: int
    facets: Facets
    ties: frozenset
    agreed_at: datetime | None
    since: datetime | None
    results: list[tuple[datetime, int]] = field(default_factory=list)


@dataclass(frozen=True)
class Night:
    """What was published after a night, how many batches had been sealed by then, and the rows of those counted."""

    at: datetime
    cells: dict[Facets, sums.Cell]
    sealed: int
    counted: list[tuple]


class World:
    """Organisations, what is stored of them, and the log of the test."""

    def __init__(self, random: Random, broken: str = "") -> None:
        self.random, self.broken = random, broken
        self.organisations: dict[int, Organisation] = {}
        self.answers: dict[int, Items] = {}  # by the number of a result
        self.sums: dict[Facets, Sum] = {}
        self.deleted: set[int] = set()
        self.counted: list[tuple] = []
        self.log: list[tuple[Batch, list[Items]]] = []
        self.nights: list[Night] = []
        self.likely = [self._weights() for _ in range(CRITERIA)]

    def _weights(self) -> list[float]:
        return [self.random.random() + 0.1 for _ in STANDINGS]

    # What happens --------------------------------------------------------------------------------------------------
    def join(self, at: datetime) -> None:
        """Somebody agrees, and makes a result soon after."""
        number, random = len(self.organisations) + 1, self.random
        facets = Facets(random.choice(SECTORS), random.choice(SIZES), random.choice(MARKETS))
        domain = random.choice(PROVIDERS) if random.random() < 0.2 else f"{number}.example"
        reader = random.choice(range(1, number + 1)) if random.random() < 0.1 else number
        self.organisations[number] = Organisation(number, facets, frozenset({reader, domain}), at, at)
        self.make_result(number, at + timedelta(hours=random.randrange(1, 72)))

    def make_result(self, number: int, at: datetime) -> None:
        result = len(self.answers) + 1
        picked = {
            f"criteria.c{place}": self.random.choices(STANDINGS, weights)[0]
            for place, weights in enumerate(self.likely)
        }
        self.answers[result] = picked | {"level": str(self.random.randrange(1, 6))} | scored(Random(result))
        self.organisations[number].results.append((at, result))

    def live(self, at: datetime) -> None:
        """What happens to organisations between two nights, beside new ones."""
        random, alive = self.random, [number for number in self.organisations if number not in self.deleted]
        for number in random.sample(alive, min(len(alive), 6)):
            one = self.organisations[number]
            what = random.choice(("withdraw", "agree", "facets", "result", "replace", "nothing"))
            if what == "withdraw":
                one.agreed_at = one.since = None
            elif what == "agree":
                one.agreed_at, one.since = at, one.since or at
            elif what == "facets":
                one.facets = Facets(random.choice(SECTORS), random.choice(SIZES), random.choice(MARKETS))
            elif what == "result":
                self.make_result(number, at)
            elif what == "replace" and one.results:
                self.replace_result(one)
        if random.random() < 0.1 and alive:
            self.delete(random.choice(alive))

    def replace_result(self, one: Organisation) -> None:
        """A correction takes the place of the last result."""
        _when, old = one.results.pop()
        self.make_result(one.number, self.nights[-1].at if self.nights else START)
        if self.broken == "replaced result":
            for batch, _ in self.log:
                if old in [member.result for member in batch.members]:
                    other = self.answers[one.results[-1][1]]
                    for name, value in self.answers[old].items():
                        counts = self.sums[batch.labels].counts[name]
                        counts[value] -= 1
                        counts[other[name]] = counts.get(other[name], 0) + 1

    def delete(self, number: int) -> None:
        """For good: whoever starts anew is another organisation, and may count once more (rule 6)."""
        self.deleted.add(number)
        self.organisations[number].results.clear()
        self.organisations[number].agreed_at = None
        self.counted = [row for row in self.counted if row[0] != number]

    # A night -------------------------------------------------------------------------------------------------------
    def night(self, at: datetime, *, interrupted: bool = False) -> None:
        """As the command does it, whole or not at all."""
        smallest = sealing.SMALLEST
        if self.broken == "batch of nine":
            sealing.SMALLEST = sums.SMALLEST = 9
        try:
            self._night(at, interrupted=interrupted)
        finally:
            sealing.SMALLEST = sums.SMALLEST = smallest

    def _night(self, at: datetime, *, interrupted: bool) -> None:
        waiting = [found for one in self._applicants() if (found := sealing.waiting(one, year=YEAR, at=at))]
        batches = sealing.seal(waiting, at=at, random=self.random, final=at.date() >= sealing.final_day(YEAR))
        if interrupted:
            return
        for batch in batches:
            answers = [self.answers[one.result] for one in batch.members]
            self.log.append((batch, answers))
            for counted in answers:
                self.sums.setdefault(batch.labels, Sum()).add(counted)
            date = (at,) if self.broken == "date beside counted" else ()
            self.counted += [(one.organisation, *date) for one in batch.members]
        if batches:
            self.random.shuffle(self.counted)
        sealed = {one.organisation for batch in batches for one in batch.members}
        still = sum(one.organisation not in sealed for one in waiting)
        self.nights.append(Night(at, self._published(still), len(self.log), list(self.counted)))

    def _applicants(self) -> Iterable[Applicant]:
        counted = {row[0] for row in self.counted}
        if self.broken == "two batches":
            counted = {number for number in counted if number % 7}
        for one in self.organisations.values():
            if one.agreed_at and one.number not in counted:
                yield Applicant(one.number, one.facets, one.ties, one.agreed_at, one.since, one.results)

    def _published(self, still: int) -> dict[Facets, sums.Cell]:
        found = {cell.labels: cell for cell in sums.published(self.sums)}
        if self.broken == "unrounded share":
            for labels, cell in found.items():
                total = Sum()
                for own, summed in self.sums.items():
                    if own.carries(labels):
                        total.add_sum(summed)
                exact = {
                    name: {v: round(100 * k / total.n) for v, k in of.items()} for name, of in total.counts.items()
                }
                found[labels] = replace(cell, shares=exact)
        if self.broken == "counts those waiting" and Facets() in found:
            found[Facets()] = replace(found[Facets()], n=found[Facets()].n + still)
        return found


def scored(random: Random) -> Items:
    """The band of the whole and a dimension of a result, now and then without a score."""
    state = random.choice(("not-applicable", "not-enough-answers"))
    level, band = (
        (str(random.randrange(1, 6)), str(random.randrange(0, 100, 10))) if random.random() < 0.8 else (state, state)
    )
    whole = str(random.randrange(0, 100, 10)) if random.random() < 0.9 else "none"
    return {"band": whole, "dimensions.strategy.level": level, "dimensions.strategy.band": band}


def lived(seed: int, *, broken: str = "", organisations: int = 220, nights: int = 60) -> World:
    """A history of so many organisations and nights up to the final one; some nights are interrupted, some doubled."""
    random = Random(seed)
    world, at = World(random, broken), START
    for night in range(nights):
        final = night >= nights - 2
        at = (
            datetime(YEAR + 1, 1, 31, 3, tzinfo=UTC) + (night - nights + 2) * DAY
            if final
            else at + random.randrange(1, 6) * DAY
        )
        for _ in range(
            random.randrange(2 * organisations // (nights - 20) + 1) if len(world.organisations) < organisations else 0
        ):
            world.join(at - DAY)
        world.live(at - timedelta(hours=2))
        if random.random() < 0.15:
            world.night(at, interrupted=True)
        world.night(at)
        if random.random() < 0.15:
            world.night(at)
    while len(world.organisations) < 200:  # they come too late to count
        world.join(at)
    return world


# What must hold ------------------------------------------------------------------------------------------------------
def problems(world: World) -> list[str]:
    """What of the promise does not hold in a history, by the test's own log."""
    return [*wrong_batches(world), *wrong_figures(world), *told_apart(world), *named(world)]


def wrong_batches(world: World) -> list[str]:
    found, members = [], [one.organisation for batch, _ in world.log for one in batch.members]
    if len(members) != len(set(members)):
        found.append("an organisation is in two batches")
    for batch, _ in world.log:
        if not 10 <= len(batch.members) <= 19:
            found.append(f"a batch of {len(batch.members)}")
        ties = [tie for one in batch.members for tie in one.ties]
        if len(ties) != len(set(ties)):
            found.append("two of a batch are tied")
        if any(
            label and {getattr(one.facets, name) for one in batch.members} != {label}
            for name, label in zip(Facets._fields, batch.labels, strict=True)
        ):
            found.append("a label that not all of a batch share")
    return found


def wrong_figures(world: World) -> list[str]:
    """Every published figure is computed from sums over whole batches, by another implementation of the rounding."""
    for night in world.nights:
        if night.cells.keys() != (expected := naive(world.log[: night.sealed])).keys():
            return [f"cells of {night.at:%d %B}: {night.cells.keys() ^ expected.keys()}"]
        for labels, cell in night.cells.items():
            if Told(cell.n, cell.step, cell.shares, cell.medians) != expected[labels]:
                return [f"figures of {labels} on {night.at:%d %B}"]
    return []


@dataclass(frozen=True)
class Told:
    """What is published of a cell."""

    n: int
    step: int
    shares: dict[str, dict[str, int]]
    medians: dict[str, int]


def naive(log: Sequence[tuple[Batch, list[Items]]]) -> dict[Facets, Told]:
    """The published cells, written down once more from the members of batches."""
    found = {}
    for label in (Facets(*label) for label in product(("", *SECTORS), ("", *SIZES), ("", *MARKETS))):
        if label.market and (label.sector or label.size):
            continue
        there = [own for batch, answers in log for own in answers if covers(label, batch.labels)]
        n = len(there)
        if n < 10:
            continue
        step = 20 if n < 50 else 10 if n < 100 else 5 if n < 500 else 1
        shares = defaultdict(dict)
        for name in sorted({name for own in there for name in own}):
            for value, number in sorted(Counter(own[name] for own in there).items()):
                if percent := step * round(Fraction(100 * number, n * step)):
                    shares[name][value] = percent
        bands = {name: values for name, of in shares.items() if name.endswith("band") and (values := in_order(of))}
        medians = {name: values[(len(values) + 1) // 2 - 1] for name, values in bands.items()} if n >= 20 else {}
        found[label] = Told(5 * round(Fraction(n, 5)), step, dict(shares), medians)
    return found


def in_order(shares: Mapping[str, int]) -> list[int]:
    """The values that are numbers, each as often as its share has percents, from the lowest on."""
    return sorted(int(value) for value, percent in shares.items() if value.isdigit() for _ in range(percent))


def covers(label: Facets, labels: Facets) -> bool:
    return all(wanted in ("", own) for wanted, own in zip(label, labels, strict=True))


def told_apart(world: World) -> list[str]:
    """Those of whom all figures of all nights say the same are ten or more, also for whoever knows some or is one of them."""
    column = defaultdict(list)
    before = 0
    for night in world.nights:
        for batch, _ in world.log[before : night.sealed]:
            rests = frozenset(labels for labels in night.cells if covers(labels, batch.labels))
            for one in batch.members:
                column[one.organisation].append((night.at, rests, batch.labels))
        before = night.sealed
    groups = defaultdict(set)
    for organisation, said in column.items():
        groups[tuple(said)].add(organisation)
    found = [f"{len(group)} organisations are told apart" for group in groups.values() if len(group) < 10]
    known = set(world.random.sample(sorted(column), len(column) // 20))
    for group in groups.values():
        unknown = group - known
        if len(unknown) == 1 or (len(unknown) == 2 and len(group) > 2 and not known):
            found.append("a value is determined by the others that are known")
        if unknown and len(unknown) - 1 == 1:  # one of them takes itself off
            found.append("a value is determined by one's own")
    return found


def named(world: World) -> list[str]:
    """What a dump of those counted says of batches: by a column, or by the order of its rows."""
    place = {one.organisation: number for number, (batch, _) in enumerate(world.log) for one in batch.members}
    return [told for night in world.nights for told in names_batches(night.counted, place)][:1]


def names_batches(rows: Sequence[tuple], batch_of: dict[int, int]) -> list[str]:
    """The columns of these rows, whose first is an organisation, and the orders that lay one batch apart from the others.

    A column does when all that have one value of it are one batch; an order does when a batch stands together in it. While
    there is one batch alone, everybody knows it.
    """
    batches = defaultdict(set)
    for row in rows:
        if row[0] in batch_of:
            batches[batch_of[row[0]]].add(row[0])
    whole = {frozenset(members) for members in batches.values() if len(members) > 4}  # some of it may be deleted
    if len(whole) < 2:
        return []
    found = []
    for column in range(1, len(rows[0])):  # the number of an organisation was there before
        same = defaultdict(set)
        for row in rows:
            same[row[column]].add(row[0])
        found += [f"column {column} names a batch" for group in same.values() if frozenset(group) in whole]
        found += [
            f"by column {column} a batch stands together"
            for order in [sorted(rows, key=lambda row: row[column])]
            if stands_together(order, whole)
        ]
    return found + ["the order of rows names a batch"] * stands_together(rows, whole)


def stands_together(rows: Sequence[tuple], whole: set[frozenset]) -> bool:
    places = {row[0]: place for place, row in enumerate(rows)}
    spans = ((max(at) - min(at) + 1, len(at)) for group in whole for at in [[places[one] for one in group]])
    return any(span <= size + 1 for span, size in spans)


# The attacker --------------------------------------------------------------------------------------------------------
def attack(world: World, *, known: int = 0) -> float:
    """How many of 20 criteria are certain of each member who is not known, on average over the batches.

    Certain to somebody who knows each batch, its night, every exact number of organisations and all of so many of its members,
    and who sees all nights. Of each count before and after a batch only the interval is known that its rounded share allows.
    Intervals are narrowed forwards and backwards over all nights, over all cells in which the batch counts, and by the values
    of a criterion, which add up.
    """
    ranges, certain = bounds(world), 0
    for number, (batch, answers) in enumerate(world.log):
        others = len(batch.members) - min(known, len(batch.members) - 1)
        for name in (f"criteria.c{place}" for place in range(CRITERIA)):
            told = {value: sum(own[name] == value for own in answers[others:]) for value in STANDINGS}
            certain += any(ranges[number, name, value][0] - told[value] >= others for value in STANDINGS)
    return certain / len(world.log)


def bounds(world: World) -> dict[tuple[int, str, str], tuple[int, int]]:
    """For each batch, criterion and standing the least and the most of its members who can have it."""
    sizes = [len(batch.members) for batch, _ in world.log]
    found = {
        (number, f"criteria.c{place}", value): (0, size)
        for number, size in enumerate(sizes)
        for place in range(CRITERIA)
        for value in STANDINGS
    }
    for label in {label for night in world.nights for label in night.cells}:
        nights = seen(world, label)
        for name, value in product((f"criteria.c{place}" for place in range(CRITERIA)), STANDINGS):
            for number, low, high in chain(nights, name, value):
                old = found[number, name, value]
                found[number, name, value] = max(old[0], low), min(old[1], high)
    for number, size in enumerate(sizes):
        for name in (f"criteria.c{place}" for place in range(CRITERIA)):
            of = {value: found[number, name, value] for value in STANDINGS}
            for value, (low, high) in of.items():
                others = [pair for other, pair in of.items() if other != value]
                low = max(low, size - sum(pair[1] for pair in others))
                found[number, name, value] = low, min(high, size - sum(pair[0] for pair in others))
    return found


def seen(world: World, label: Facets) -> list[tuple[int, int, list[int], sums.Cell | None]]:
    """Each night on which a cell grew: how many it had before and after, the batches that came, and what was shown after."""
    found, before, n = [], 0, 0
    for night in world.nights:
        new = [number for number in range(before, night.sealed) if covers(label, world.log[number][0].labels)]
        before = night.sealed
        if new:
            more = sum(len(world.log[number][0].members) for number in new)
            found.append((n, n + more, new, night.cells.get(label)))
            n += more
    return found


def chain(nights, name: str, value: str) -> list[tuple[int, int, int]]:
    """What a cell's rounded shares of one value over the nights say of each batch that came alone."""
    limits = [(0, 0)]
    for _before, after, _new, cell in nights:
        limits.append(allowed(cell.shares.get(name, {}).get(value, 0), after) if cell else (0, after))
    grown = [after - before for before, after, _new, _cell in nights]
    for place, more in enumerate(grown):
        (low, high), (next_low, next_high) = limits[place], limits[place + 1]
        limits[place + 1] = max(next_low, low), min(next_high, high + more)
    for place in reversed(range(len(grown))):
        (low, high), (next_low, next_high) = limits[place], limits[place + 1]
        limits[place] = max(low, next_low - grown[place]), min(high, next_high)
    found = []
    for ((low, high), (next_low, next_high)), more, (_before, _after, new, _cell) in zip(
        pairwise(limits), grown, nights, strict=True
    ):
        if len(new) == 1:
            found.append((new[0], max(0, next_low - high), min(more, next_high - low)))
    return found


_allowed: dict[tuple[int, int], tuple[int, int]] = {}


def allowed(percent: int, n: int) -> tuple[int, int]:
    """The least and the most of n that round to a share."""
    if (percent, n) not in _allowed:
        fitting = [number for number in range(n + 1) if sums.share(number, n) == percent]
        _allowed[percent, n] = (fitting[0], fitting[-1])
    return _allowed[percent, n]
