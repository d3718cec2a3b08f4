"""What is done with an edition, in one transaction each: a night, and closing it; and what can be checked of one.

From rows to plain values and back; the rules are those of `sealing` and `sums` (README.md of this folder).
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from fractions import Fraction
from random import Random, SystemRandom

from django.db import transaction
from django.db.models import Max, Min
from django.db.models.fields.json import KT

from assessment import scoring
from assessment.barometer import candidates
from assessment.barometer.candidates import AT_ONCE, local
from assessment.barometer.sealing import SMALLEST, Batch, Facets, Waiting, final_day, seal
from assessment.barometer.sums import Cell, Items, Sum, items, items_of, published
from assessment.models.barometer import Counted, Edition, LabelSum
from assessment.models.organisation import Organisation
from assessment.models.result import Result

TRIED = 4000  # numbers at most, among which those counted are looked for
MIXED = 500  # of those counted before, the rows that are written anew with those of a night


class StillRunsError(Exception):
    """An edition cannot be closed before its year is over."""


# Verbs ---------------------------------------------------------------------------------------------------------------
def night(*, at: datetime, random: Random | None = None) -> list[Edition]:
    """Seal what waits, edition by edition, and close the one whose last day has come; the editions as they are then.

    One night at a time: another one waits, and finds what this one left. Twice is once. Each edition is done whole or not at all.
    """
    at, random = local(at), random or SystemRandom()
    return [_night(year, at=at, random=random, final=at.date() >= final_day(year)) for year in _running(at)]


def _running(at: datetime) -> list[int]:
    """The years whose editions take results: this one, and the last until its final sealing."""
    unclosed = Edition.objects.filter(year=at.year - 1, invented=False, is_closed=False)
    takes_last = at.date() < final_day(at.year - 1) or unclosed.exists()
    return [at.year - 1, at.year] if takes_last else [at.year]


@transaction.atomic
def _night(year: int, *, at: datetime, random: Random, final: bool) -> Edition:
    edition = Edition.objects.lock(year)
    if not edition.is_closed:
        _seal(edition, at=at, random=random, final=final)
        if final:
            _forget(edition)
    return edition


def close(year: int, *, at: datetime, random: Random | None = None) -> Edition:
    """Seal what still waits of an edition, keep its published cells and delete everything else of it; twice is once.

    The night does it on 31 January of the next year. StillRunsError before the year is over.
    """
    at = local(at)
    if at.year <= year:
        raise StillRunsError
    return _night(year, at=at, random=random or SystemRandom(), final=True)


@transaction.atomic
def invent(
    year: int, invented: Iterable[tuple[Facets, scoring.Result]], *, at: datetime, random: Random
) -> Edition | None:
    """An edition of invented organisations, sealed by the same rules as in one final night; twice is once.

    None, and nothing is made, where a real organisation has agreed to count.
    """
    if Organisation.objects.agreed().exists():
        return None
    edition, is_new = Edition.objects.get_or_create(year=year, invented=True, defaults={"is_closed": True})
    if is_new:
        results = dict(enumerate(invented))
        days = {number: timedelta(days=random.randrange(100)) for number in results}
        those = [
            Waiting(number, number, of, frozenset({number}), at - days[number]) for number, (of, _) in results.items()
        ]
        summed: dict[Facets, Sum] = {}
        for batch in seal(those, at=at, random=random, final=True):
            for one in batch.members:
                summed.setdefault(batch.labels, Sum()).add(items(results[one.result][1]))
        edition.publish(as_data(cell) for cell in published(summed))
    return edition


def _seal(edition: Edition, *, at: datetime, random: Random, final: bool) -> None:
    """What waits is sealed, summed, published and remembered as counted: rules 2 to 4."""
    found = candidates.look(edition, at=at, lock=True)
    batches = seal(found.waiting, at=at, random=random, final=final)
    organisations = [one.organisation for batch in batches for one in batch.members]
    candidates.remember(edition, found, counted=organisations)
    if not batches:
        return
    summed = stored_sums(edition)
    for batch, counted in _items_of(batches):
        summed.setdefault(batch.labels, Sum()).add(counted)
    edition.sums.all().delete()  # all are written anew, so that their order does not tell which ones grew
    LabelSum.objects.bulk_create(
        LabelSum(edition=edition, **labels._asdict(), n=of.n, counts=of.counts) for labels, of in sorted(summed.items())
    )
    edition.publish(as_data(cell) for cell in published(summed))
    _remember(edition, organisations, random)


def _remember(edition: Edition, organisations: Sequence[int], random: Random) -> None:
    """Write down who was counted, in random order, among rows written before: the order of rows tells no batch (rule 3)."""
    others = _some_counted(edition, random)
    edition.counted.filter(organisation_id__in=others).delete()
    rows = [*others, *organisations]
    random.shuffle(rows)
    Counted.objects.bulk_create(
        (Counted(edition_id=edition.pk, organisation_id=number) for number in rows), batch_size=AT_ONCE
    )


def _some_counted(edition: Edition, random: Random) -> list[int]:
    """As many as `MIXED` of those counted, each as likely as another.

    Of many they are drawn by their numbers, as many as it takes: to put a million in random order takes half a second.
    """
    counted = edition.counted.values_list("organisation_id", flat=True)
    ends = counted.aggregate(low=Min("organisation_id"), high=Max("organisation_id"))
    if ends["low"] is None:
        return []
    numbers = range(ends["low"], ends["high"] + 1)
    share = Fraction(
        sum(edition.sums.values_list("n", flat=True)), len(numbers)
    )  # of the numbers, that are of those counted
    tried = int(MIXED / share * Fraction(5, 4))  # a quarter more than needed
    if tried <= TRIED < len(numbers):
        found = sorted(counted.filter(organisation_id__in=random.sample(numbers, tried)))
        if len(found) >= MIXED:
            return random.sample(found, MIXED)
    return list(counted.order_by("?")[:MIXED])


def _forget(edition: Edition) -> None:
    """Of a closed edition nothing stays but its rounded cells."""
    edition.sums.all().delete()
    edition.counted.all().delete()
    edition.candidates.all().delete()
    edition.is_closed, edition.seen_to = True, None
    edition.save(update_fields=["is_closed", "seen_to"])


# What is counted -----------------------------------------------------------------------------------------------------
def _items_of(batches: Sequence[Batch]) -> Iterator[tuple[Batch, Items]]:
    """What is counted of each member of these batches; some hundred results are held at a time."""
    members = [(batch, one.result) for batch in batches for one in batch.members]
    for start in range(0, len(members), AT_ONCE):
        some = members[start : start + AT_ONCE]
        counted = _counted([number for _, number in some])
        for batch, number in some:
            yield batch, counted[number]


def _counted(numbers: Sequence[int]) -> dict[int, Items]:
    """What is counted of each of these results; of exact ones only those parts are read, as there may be a million."""
    results = Result.objects.filter(pk__in=numbers).order_by()
    parts = KT("record__score"), "record__dimensions", "record__criteria"
    rows = results.filter(levels_only=False).values_list("pk", "level", *parts)
    found = {number: _of_record(*kept) for number, *kept in rows}
    hidden = results.filter(levels_only=True).select_related("questionnaire")
    return found | {result.pk: items(result.values) for result in hidden}


def _of_record(level: int | None, score: str | None, dimensions: list[dict], criteria: list[dict] | None) -> Items:
    """What is counted of these parts of a record (`scoring.record`); one by version 1 of the rules has no criteria."""
    told = ((of["key"], of["state"], of["level"], _exact(of["score"])) for of in dimensions)
    return items_of(level, _exact(score), told, ((of["key"], of["standing"]) for of in criteria or ()))


def _exact(score: str | int | None) -> Fraction | None:
    """A score of a record, such as "50" or "125/3"; SQLite hands the first over as a number.

    Taken apart here, which is several times quicker than by `Fraction`, as each result has six.
    """
    return None if score is None else Fraction(*map(int, str(score).split("/")))


# What is stored ------------------------------------------------------------------------------------------------------
def stored_sums(edition: Edition) -> dict[Facets, Sum]:
    """The sums of an edition by their labels."""
    return {Facets(row.sector, row.size, row.market): Sum(row.n, row.counts) for row in edition.sums.all()}


def as_data(cell: Cell) -> dict:
    """A cell as it is stored with its edition, and given away as data."""
    return cell.labels._asdict() | {"n": cell.n, "step": cell.step, "shares": cell.shares, "medians": cell.medians}


def problems(edition: Edition) -> list[str]:
    """What does not hold of an edition, as far as it can be told without batches; two queries."""
    summed, name = stored_sums(edition), f"{edition.year}{' (invented)' if edition.invented else ''}"
    counted = edition.counted.count()
    found = [f"{name}: a sum of {of.n} organisations, {labels}" for labels, of in summed.items() if of.n < SMALLEST]
    for labels, of in summed.items():
        wrong = [item for item, values in of.counts.items() if sum(values.values()) > of.n or min(values.values()) < 0]
        found += [f"{name}: more have a value of {item} than are counted, {labels}" for item in wrong]
    if edition.is_closed:
        return found + [f"{name}: closed, and yet there are sums or organisations counted"] * bool(summed or counted)
    if edition.cells != [as_data(cell) for cell in published(summed)]:
        found.append(f"{name}: what is published is not what the sums give")
    if counted > sum(of.n for of in summed.values()):
        found.append(f"{name}: more organisations are counted than summed")
    return found
