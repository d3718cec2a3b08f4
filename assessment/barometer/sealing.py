"""Rules 1 and 2 of the live barometer, in plain Python: which organisation waits with which result, and how those that wait
are sealed in batches of ten to nineteen. Time and chance come from the caller; nothing here knows a row, a clock or a page.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from heapq import heappop, heappush
from random import Random
from typing import NamedTuple

SMALLEST, LARGEST = 10, 19
"""Members of a batch: nobody can tell fewer than `SMALLEST` organisations apart by any figures."""
SETTLED = timedelta(days=14)
"""A result younger than that does not count yet: it may still be corrected."""
APART = timedelta(days=300)
"""At least that between two results with which an organisation counts."""
WIDER_AFTER = timedelta(days=12)
"""After each of these times an organisation also waits among those that share fewer facets with it (`POOLS`)."""


class Facets(NamedTuple):
    """Sector group, size and market by their keys; as labels of a batch "" where its members do not share one."""

    sector: str = ""
    size: str = ""
    market: str = ""

    def only(self, names: Collection[str]) -> "Facets":
        """The same with nothing but these facets."""
        return Facets(*(value if name in names else "" for name, value in zip(self._fields, self, strict=True)))

    def carries(self, label: "Facets") -> bool:
        """Whether these have each facet that a label names."""
        return all(value in ("", own) for own, value in zip(self, label, strict=True))


POOLS: tuple[tuple[str, ...], ...] = (
    ("sector", "size", "market"),
    ("sector", "size"),
    ("sector", "market"),
    ("size", "market"),
    ("sector",),
    ("size",),
    ("market",),
    (),
)
"""What those in one pool share, step by step: who has waited `step * WIDER_AFTER` also stands in the pool of that step."""


@dataclass(frozen=True, slots=True)
class Applicant:
    """An organisation that may count; the caller made sure of what rows say at once: it is no demonstration, agreed to the
    present wording, has an owner with a confirmed address and was not counted in this edition yet.

    `ties`: the people who may read it and their mail domains, of which no two in a batch share one. `agreed_at`: when it agreed
    to the present wording, `since`: from when on it has agreed to one or another. `results` are its round results, the
    time of each in the site's time zone and its number.
    """

    organisation: int
    facets: Facets
    ties: frozenset[Hashable]
    agreed_at: datetime
    since: datetime
    results: Sequence[tuple[datetime, int]]


@dataclass(frozen=True, slots=True)
class Waiting:
    """An organisation that waits to be sealed with one result, from the time on at which that was settled."""

    organisation: int
    result: int
    facets: Facets
    ties: frozenset[Hashable]
    waits_since: datetime


@dataclass(frozen=True, slots=True)
class Batch:
    """Ten to nineteen organisations whose results are summed together, and the facets that all of them share."""

    labels: Facets
    members: tuple[Waiting, ...]


def final_day(year: int) -> date:
    """The day on which what still waits of an edition is sealed: 31 January of the next year."""
    return date(year + 1, 1, 31)


def waiting(applicant: Applicant, *, year: int, at: datetime) -> Waiting | None:
    """The result with which an organisation waits for the edition of a year, at a time; None while it has none.

    Rule 1: its first round result of that year after it agreed, at least 14 days old and at least 300 days after the one it
    counted with before. No row says which that was: it is taken to be the first of the year before that it agreed to count.
    """
    made = sorted(applicant.results)
    before = next((when for when, _ in made if when.year == year - 1 and when > applicant.since), None)
    for when, result in made:
        is_apart = before is None or when - before >= APART
        if when.year == year and when > applicant.agreed_at and is_apart:
            settled = when + SETTLED
            is_settled = settled <= at
            return (
                Waiting(applicant.organisation, result, applicant.facets, applicant.ties, settled)
                if is_settled
                else None
            )
    return None


def seal(all_waiting: Iterable[Waiting], *, at: datetime, random: Random, final: bool = False) -> list[Batch]:
    """The batches in which those that wait are sealed on a night; who is in none goes on waiting.

    Rule 2: pool by pool, from all facets down to none, each pool of ten or more is sealed whole as far as no two in a batch
    are tied. With `final` all that is left then is one more pool, whatever it shares and however long it waited.
    """
    left = list(all_waiting)
    sealed: list[Batch] = []
    pools = [(step * WIDER_AFTER, names) for step, names in enumerate(POOLS)]
    for waited, names in [*pools, *([(None, ())] if final else [])]:
        pool: dict[Facets, list[Waiting]] = defaultdict(list)
        for one in left:
            if waited is None or at - one.waits_since >= waited:
                pool[one.facets.only(names)].append(one)
        made = [batch for together in pool.values() for batch in dealt(together, random)]
        sealed += [Batch(shared(members), tuple(members)) for members in made]
        gone = {one.organisation for members in made for one in members}
        left = [one for one in left if one.organisation not in gone]
    return sealed


def shared(members: Iterable[Waiting]) -> Facets:
    """The labels of a batch: the facets that all its members share."""
    values = (set(column) for column in zip(*(one.facets for one in members), strict=True))
    return Facets(*(value.pop() if len(value) == 1 else "" for value in values))


def dealt(together: Sequence[Waiting], random: Random) -> list[list[Waiting]]:
    """As many batches of 10 to 19 as can be made of a pool, in random order, of which no two members are tied; or none."""
    number = len(together) // SMALLEST
    while number:
        batches = _deal(together, number, random)
        if all(len(batch) >= SMALLEST for batch in batches):
            return batches
        number = min(number - 1, sum(map(len, batches)) // SMALLEST)
    return []


def _deal(together: Sequence[Waiting], number: int, random: Random) -> list[list[Waiting]]:
    """Each to the smallest of so many batches in which nobody is tied to them, as cards are dealt; some to none.

    Those whose tie is the commonest come first: they are the hardest to place.
    """
    commonness = Counter(tie for one in together for tie in one.ties)
    order = random.sample(together, len(together))
    order.sort(key=lambda one: -max((commonness[tie] for tie in one.ties), default=0))
    batches: list[list[Waiting]] = [[] for _ in range(number)]
    tied: list[set[Hashable]] = [set() for _ in range(number)]
    placed: Counter[Hashable] = Counter()
    smallest_first = [(0, place) for place in range(number)]
    for one in order:
        if any(placed[tie] == number for tie in one.ties):
            continue  # each batch has one who is tied to it
        passed = []
        while smallest_first and not tied[smallest_first[0][1]].isdisjoint(one.ties):
            passed.append(heappop(smallest_first))
        if smallest_first:
            _, place = heappop(smallest_first)
            batches[place].append(one)
            tied[place] |= one.ties
            placed.update(one.ties)
            if len(batches[place]) < LARGEST:
                passed.append((len(batches[place]), place))
        for entry in passed:
            heappush(smallest_first, entry)
    return batches
