"""Who waits for an edition of the live barometer: rule 1 (README.md of this folder), from rows to plain values.

A night looks only at the results that settled since the one before, and at the candidates: those it saw already and could not
count. What it takes depends on these, not on how many were ever counted.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from allauth.account.models import EmailAddress
from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet
from django.utils import timezone

from assessment.barometer.sealing import SETTLED, Applicant, Facets, Waiting, waiting
from assessment.barometer.sums import to_five
from assessment.content.files import organisation_lists
from assessment.models.barometer import Candidate, Counted, Edition
from assessment.models.organisation import WORDING, Membership, Organisation
from assessment.models.result import Result
from assessment.text.addresses import domain_of

AT_ONCE = 500  # rows that are read or written at a time


@dataclass(frozen=True, slots=True)
class Found:
    """Those who wait, the numbers of those to be looked at again, and the day of the youngest result that was looked at."""

    waiting: list[Waiting]
    stay: set[int]
    seen_to: date | None


def look(edition: Edition, *, at: datetime, lock: bool = False) -> Found:
    """Everybody who waits to be sealed in an edition at a time; with `lock` none of them changes its mind meanwhile.

    To be looked at again are those who wait, and those who only lack an owner with a confirmed address or are marked as a
    demonstration. Whoever has no result that rule 1 lets count has to make another one, which is looked at when it settles.
    """
    at = local(at)
    seen_to = _seen_to(edition, at=at)
    settled = _settled(edition.year, seen_to, at=at)
    numbers = sorted({*_known(edition), *_organisations(settled, edition)})
    found = Found([], set(), _youngest(settled) or seen_to)
    for start in range(0, len(numbers), AT_ONCE):
        rows = _agreed(numbers[start : start + AT_ONCE], lock=lock)
        able = {row.pk: row for row in rows if row.may_count}
        those = [one for of in _applicants(able, edition.year) if (one := waiting(of, year=edition.year, at=at))]
        found.waiting.extend(those)
        found.stay.update((one.organisation for one in those), (row.pk for row in rows if not row.may_count))
    return found


def remember(edition: Edition, found: Found, *, counted: Collection[int]) -> None:
    """Store who is to be looked at again, without those that are counted now, and up to which day results were looked at."""
    before = set(edition.candidates.values_list("organisation_id", flat=True))
    after = found.stay.difference(counted)
    gone, new = sorted(before - after), sorted(after - before)
    for start in range(0, len(gone), AT_ONCE):
        edition.candidates.filter(organisation_id__in=gone[start : start + AT_ONCE]).delete()
    Candidate.objects.bulk_create(
        (Candidate(edition_id=edition.pk, organisation_id=number) for number in new), batch_size=AT_ONCE
    )
    if edition.seen_to != found.seen_to:
        edition.seen_to = found.seen_to
        edition.save(update_fields=["seen_to"])


def all_waiting(year: int, *, at: datetime) -> list[Waiting]:
    """Everybody who waits to be sealed in the real edition of a year, whether or not a night has made it."""
    edition = Edition.objects.filter(year=year, invented=False).defer("cells").first()
    return look(edition or Edition(year=year), at=at).waiting


def about_waiting(year: int, *, at: datetime) -> int:
    """How many wait, to five: for administrators alone."""
    return to_five(len(all_waiting(year, at=at)))


def local(at: datetime) -> datetime:
    """A time in the site's time zone, whatever that of a reader is."""
    return timezone.localtime(at, timezone.get_default_timezone())


# Rows ----------------------------------------------------------------------------------------------------------------
def _seen_to(edition: Edition, *, at: datetime) -> date | None:
    """The day up to which results were looked at; None if nothing of it has settled by now: a clock was ahead, or is behind."""
    is_past = edition.seen_to and edition.seen_to <= (at - SETTLED).astimezone(UTC).date()
    return edition.seen_to if is_past else None


def _settled(year: int, seen_to: date | None, *, at: datetime) -> QuerySet[Result]:
    """The results of an edition's year that are old enough, from the last day on that was looked at.

    That day itself once more: of it there may have been more to come.
    """
    begin, end = (datetime(of, 1, 1, tzinfo=timezone.get_default_timezone()) for of in (year, year + 1))
    if seen_to:
        begin = max(begin, datetime.combine(seen_to, time.min, UTC))
    return Result.objects.filter(created_at__gte=begin, created_at__lt=min(end, at - SETTLED + timedelta.resolution))


def _youngest(settled: QuerySet[Result]) -> date | None:
    """The day of the last of these. Not that of the night: one whose clock is ahead would pass over what comes until then."""
    last = settled.aggregate(last=Max("created_at"))["last"]
    return last and last.astimezone(UTC).date()


def _known(edition: Edition) -> QuerySet:
    """The candidates; not one that was counted meanwhile, by a version of the product that knew of no candidates."""
    counted = Counted.objects.filter(edition=edition.pk, organisation=OuterRef("organisation"))
    known = Candidate.objects.filter(edition=edition.pk).exclude(Exists(counted))
    return known.values_list("organisation_id", flat=True)


def _organisations(settled: QuerySet[Result], edition: Edition) -> QuerySet:
    """Whose these results are: of those that agreed before they made one, and were not counted."""
    counted = Counted.objects.filter(edition=edition.pk, organisation=OuterRef("round__organisation"))
    after_agreeing = settled.of_rounds().filter(round__organisation__agreed_at__lt=F("created_at"))
    return after_agreeing.exclude(Exists(counted)).order_by().values_list("round__organisation", flat=True)


def _agreed(numbers: Collection[int], *, lock: bool) -> list:
    """Which of these agree to the present wording, and of each whether all else is as rule 1 asks (`may_count`)."""
    confirmed = EmailAddress.objects.filter(user=OuterRef("user"), verified=True)
    owners = Membership.objects.owners().filter(Exists(confirmed), organisation=OuterRef("pk"))
    agreed = Organisation.objects.filter(pk__in=numbers, agreed_wording=WORDING, contributes_since__isnull=False)
    rows = agreed.annotate(may_count=Q(is_demo=False) & Exists(owners)).order_by("pk")
    rows = rows.select_for_update(no_key=True) if lock else rows
    return list(
        rows.values_list("pk", "sector", "size", "market", "agreed_at", "contributes_since", "may_count", named=True)
    )


def _applicants(rows: Mapping[int, tuple], year: int) -> Iterator[Applicant]:
    """What rule 1 asks of each of these, by number; two queries."""
    group_of = organisation_lists().group_of
    ties, made = _ties(rows), _results(rows, year)
    for number, row in rows.items():
        facets = Facets(group_of(row.sector), row.size, row.market)
        since = row.agreed_at, row.contributes_since
        yield Applicant(number, facets, frozenset(ties[number]), *since, made[number])


def _ties(organisations: Collection[int]) -> dict[int, set]:
    """For each of these the people who may read it, and the domains of their addresses."""
    found = defaultdict(set)
    people = Membership.objects.filter(organisation__in=organisations).order_by()
    addresses = people.values_list("organisation", "user", "user__email", "user__emailaddress__email")
    for organisation, user, *emails in addresses:
        found[organisation] |= {user, *(domain_of(email) for email in emails if email)}
    return found


def _results(organisations: Collection[int], year: int) -> dict[int, list[tuple[datetime, int]]]:
    """The round results of each of these in an edition's year and the year before."""
    found = defaultdict(list)
    since = datetime(year - 1, 1, 1, tzinfo=timezone.get_default_timezone())
    rows = Result.objects.of_rounds().filter(round__organisation__in=organisations, created_at__gte=since).order_by()
    for organisation, when, number in rows.values_list("round__organisation", "created_at", "pk"):
        found[organisation].append((local(when), number))
    return found
