"""`python -m tests.benchmarks.barometer [number]`: the live barometer with a million organisations over a year of nights.

On PostgreSQL; rows are made by SQL, results are spread evenly over the year, one address in twelve is of one provider.
"""

import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from resource import RUSAGE_SELF, getrusage
from statistics import quantiles

from tests.benchmarks import visits
from tests.benchmarks.client import Browser, timed
from tests.benchmarks.measures import Count
from tests.benchmarks.server import production, served
from tests.benchmarks.table import Row, at_most, printed

KIBIBYTE = 1 if sys.platform == "darwin" else 1024  # bytes
FEW, MANY = 1_000, 1_000_000
CPU_SECONDS, SECONDS, RATIO = 60, 600, 1.2
PERCENTILES, ASKED = 8, 60  # so many, each of a page so many times
YEAR = 2026
BEGIN, END = datetime(YEAR, 1, 15, 3, tzinfo=UTC), datetime(YEAR + 1, 1, 31, 3, tzinfo=UTC)
ADDRESSES = {
    "/barometer/": "/barometer/",
    "an edition": f"/barometer/{YEAR}/",
    "those of a sector": f"/barometer/{YEAR}/?sector=trade",
    "figures as CSV": f"/barometer/{YEAR}.csv",
    "figures as JSON": f"/barometer/{YEAR}.json",
}
SECTORS = "array['industry','retail','services','technology','public','association','finance','health']"
SIZES, MARKETS = "array['micro','small-medium','intermediate','large']", "array['b2b','b2c','both','other']"


def main(number: str = str(MANY)) -> int:
    many, rows, found = int(number), [], []
    with production():
        for size in (FEW, many):
            fill(size)
            rows += told(size, nights(), many)
            found.append(pages())
            print(printed(rows), flush=True)  # those of many come an hour later
    few, more = found
    rows = [beside(page, few[page], more[page]) for page in few]
    print(printed(rows))
    return 0


# A year --------------------------------------------------------------------------------------------------------------
def nights() -> dict[str, float]:
    """Every night of the year; seconds in all, of CPU for grouping and choosing, and MB after a month and in the end."""
    from assessment.barometer import nightly

    seal, spent = nightly.seal, {"cpu": 0.0, "batches": 0, "most waiting": 0}

    def measured(those, **options):
        those, begun = list(those), time.process_time()
        batches = seal(those, **options)
        spent["cpu"] += time.process_time() - begun
        spent["batches"] += len(batches)
        spent["most waiting"] = max(spent["most waiting"], len(those))
        return batches

    nightly.seal = measured
    begun, at, random = time.perf_counter(), BEGIN, Random(1)
    cpu, of_database = time.process_time(), _cpu_of_database()
    try:
        while at <= END:
            nightly.night(at=at, random=random)
            at += timedelta(days=1)
            if (at - BEGIN).days % 10 == 1:
                _analyze()  # as the database does by itself from one real night to the next
            if at - BEGIN == timedelta(days=30):
                spent["memory, a month"] = _memory()
            if at == END:
                spent["size"] = _size()
    finally:
        nightly.seal = seal
    cpu, of_database = time.process_time() - cpu, _cpu_of_database() - of_database
    spent |= {"seconds": time.perf_counter() - begun, "memory": _memory()}
    return spent | {"cpu here": cpu, "cpu of the database": of_database}


def told(size: int, spent: dict[str, float], many: int) -> Iterator[Row]:
    from assessment.models import Edition

    edition = Edition.objects.get(year=YEAR)
    counted, is_bar = edition.cells[0]["n"], size == many
    yield Row(f"{size:,} organisations, counted about", f"{counted:,} in {spent['batches']:,} batches")
    yield Row("most who waited in a night", f"{spent['most waiting']:,}")
    yield at_most("a year of nights, grouping and choosing", spent["cpu"], CPU_SECONDS if is_bar else None, "s of CPU")
    yield at_most("a year of nights, with the database", spent["seconds"], SECONDS if is_bar else None, "s")
    yield Row(
        "of these, CPU here and of the database", f"{spent['cpu here']:.0f} and {spent['cpu of the database']:.0f} s"
    )
    yield Row("memory after a month, and in the end", f"{spent['memory, a month']:.0f} and {spent['memory']:.0f} MB")
    yield Row("tables of the edition before it closes", f"{spent['size']:.1f} MB")


def _memory() -> float:
    """The most that this process ever held, in MB."""
    return getrusage(RUSAGE_SELF).ru_maxrss * KIBIBYTE / 2**20


def _analyze() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "VACUUM ANALYZE assessment_counted, assessment_labelsum, assessment_edition, assessment_organisation"
        )


def _size() -> float:
    from django.db import connection

    names = ("counted", "labelsum", "edition")
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + " + ".join(f"pg_total_relation_size('assessment_{name}')" for name in names))
        return cursor.fetchone()[0] / 2**20


def _cpu_of_database() -> int:
    """The seconds of CPU that the database has worked for this connection."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        ask = ["ps", "-o", "time=", "-p", str(cursor.fetchone()[0])]
    told = subprocess.run(ask, capture_output=True, text=True, check=True).stdout.strip()
    return sum(int(float(part)) * 60**place for place, part in enumerate(reversed(told.split(":"))))


# Pages ---------------------------------------------------------------------------------------------------------------
def pages() -> dict[str, tuple[float, int]]:
    """Of each page the 95th percentile in ms, and its queries when nothing is kept of it."""
    from tests.benchmarks.__main__ import _questions

    with served() as port, Browser(port) as browser:
        key = visits.submission(browser, _questions(), Random(0), follow=False)
        asked = ADDRESSES | {"a report with peers": f"/r/{key}/report/"}
        return {name: (_percentile(browser, address), _queries(address)) for name, address in asked.items()}


def _percentile(browser: Browser, address: str) -> float:
    """The least of some, as others may use the machine meanwhile."""
    browser.get(address)
    return min(quantiles([timed(browser.get, address)[1] for _ in range(ASKED)], n=20)[-1] for _ in range(PERCENTILES))


def _queries(address: str) -> int:
    from django.core.cache import caches
    from django.db import connection
    from django.test import Client

    client, count = Client(headers={"host": "127.0.0.1"}), Count()
    client.get(address)
    for name in ("parts", "local"):
        caches[name].clear()
    with connection.execute_wrapper(count):
        client.get(address)
    return count.queries


def beside(page: str, few: tuple[float, int], many: tuple[float, int]) -> Row:
    """A page with many organisations beside the same with few."""
    ratio, measured = many[0] / few[0], f"{few[0]:.2f} and {many[0]:.2f} ms, {few[1]} and {many[1]} queries"
    is_met = ratio <= RATIO and few[1] == many[1]
    return Row(
        f"{page}: p95 with few and many", measured, "", f"{ratio:.2f}", f"at most {RATIO} x, as many queries", is_met
    )


# Rows ----------------------------------------------------------------------------------------------------------------
def fill(number: int) -> None:
    """So many organisations that take part, each with an owner and a result of its own day; those of before go."""
    from allauth.account.models import EmailAddress
    from django.contrib.auth import get_user_model
    from django.db import connection

    from assessment.models import Edition, Membership, Organisation, Response, Result, Round
    from tests.barometer_rows import take_part
    from tests.benchmarks.lists import copy_rows

    Edition.objects.all().delete()
    users = get_user_model()
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE assessment_organisation, auth_user CASCADE")
        cursor.execute("SET session_replication_role = replica")  # copies of rows that hold: no key is looked up again
        cursor.execute("SET statement_timeout = 0")
    for level in range(1, 6):
        take_part(1, made=BEGIN, levels=(level,))
    agreed = f"timestamptz '{YEAR - 1}-12-01 00:00+00'"
    made = f"timestamptz '{YEAR}-01-01 12:00+00' + i * interval '1 second' * {360 * 86400 // number}"
    address = "'owner' || i || CASE WHEN i % 12 = 0 THEN '@gmail.com' ELSE '@house' || i || '.example' END"
    for level, seed in enumerate(Organisation.objects.order_by("pk")[:5]):
        series = f"generate_series({level + 1}, {number}, 5) i"
        of = f"{series} JOIN assessment_organisation o ON o.slug = 'bench-' || i"
        whose = f"{series} JOIN auth_user u ON u.username = 'bench-' || i"
        member = seed.memberships.get()
        facets = (("sector", SECTORS, 8), ("size", SIZES, 4), ("market", MARKETS, 4))
        picked = {name: f"({array})[1 + floor(random() ^ 1.5 * {size})::int]" for name, array, size in facets}
        named = {"name": "'Bench ' || i", "slug": "'bench-' || i"}
        copy_rows(Organisation, seed.pk, series, **named, **picked, agreed_at=agreed, contributes_since=agreed)
        copy_rows(users, member.user_id, series, username="'bench-' || i", email=address)
        copy_rows(
            EmailAddress, EmailAddress.objects.get(user=member.user_id).pk, whose, user_id="u.id", email="u.email"
        )
        both = f"{of} JOIN auth_user u ON u.username = o.slug"
        copy_rows(Membership, member.pk, both, organisation_id="o.id", user_id="u.id")
        first = seed.rounds.get()
        copy_rows(Round, first.pk, of, organisation_id="o.id")
        rounds = f"{of} JOIN assessment_round r ON r.organisation_id = o.id"
        response = first.responses.get()
        copy_rows(Response, response.pk, rounds, round_id="r.id", key_hash="md5(i::text) || md5('x' || i)")
        responses = f"{rounds} JOIN assessment_response p ON p.round_id = r.id"
        copy_rows(Result, response.result.pk, responses, round_id="r.id", response_id="p.id", created_at=made)
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = DEFAULT")
        Organisation.objects.exclude(slug__startswith="bench-").delete()
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("RESET statement_timeout")


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
