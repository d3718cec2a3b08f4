"""The administration with very many results: its lists, its first page and the file that it makes of them."""

from collections.abc import Callable, Iterator
from resource import RUSAGE_SELF, getrusage
from statistics import median

from django.core.cache import caches
from django.db import connection
from django.db.models import AutoField, Model
from django.test import Client
from django.urls import reverse

from assessment.models import Answer, DimensionResult, Organisation, Response, Result, Round
from tests import factories
from tests.benchmarks.client import timed
from tests.benchmarks.measures import Count
from tests.benchmarks.table import Row, at_most
from tests.benchmarks.urls import KIBIBYTE

FEW, MANY = 10_000, 100_000  # results
ANSWERED = 10_000  # of them have their answers, as many as are given in five weeks
TIMES = 3  # each page is asked for
QUERIES, EXPORT_MB = 24, 8
# Of each list what is asked of it.
LISTS = {
    "organisation": ["", "?sector=retail&size=large", "?q=Company+5001", "?q=elan+5000", "?o=1", "?p=900"],
    "round": ["", "?mode=solo&organisation__sector=retail", "?q=elan+5000", "?o=0"],
    "response": ["", "?state=submitted&role__exact=marketing", "?q=elan+5000", "?o=0"],
    "result": ["", "?level=3&round__organisation__sector=retail", "?q=elan+5000", "?o=1", "?p=900", "?_facets=True"],
}


def lists(key: str) -> Iterator[Row]:
    """What the lists and the export take with many copies of the result behind a key."""
    client = Client(headers={"host": "127.0.0.1"})
    factories.sign_in(client, factories.account(is_staff=True, is_superuser=True), second_factor=True)
    seed = Response.objects.with_key(key).get()
    _copies(seed, 1, FEW)
    before = _exported(client)
    _copies(seed, FEW + 1, MANY)
    more = _exported(client) - before
    yield at_most(f"memory of exporting {MANY:,} results, more than of {FEW:,}", more, EXPORT_MB, "MB")
    for name, asked in LISTS.items():
        for query in asked:
            address = reverse(f"admin:assessment_{name}_changelist") + query
            yield _page(f"list of {name}s {query}".strip(), lambda address=address: client.get(address))
    yield _page("first page of the administration, cold", lambda: _first_page(client))


def _page(name: str, ask: Callable) -> Row:
    """A page's queries, and its median time in this process."""
    ask()
    count = Count()
    with connection.execute_wrapper(count):
        status = ask().status_code
    if status != 200:
        raise RuntimeError(f"{name}: {status}")
    spent = median([timed(ask)[1] for _time in range(TIMES)])
    met = count.queries <= QUERIES
    return Row(name, f"{count.queries} queries, {spent:.0f} ms", bar=f"at most {QUERIES} queries", met=met)


def _first_page(client: Client):
    caches["local"].clear()
    return client.get(reverse("admin:index"))


def _exported(client: Client) -> float:
    """Carry everything away; the most memory, in MB, that this process ever held."""
    answer = client.post(reverse("admin:assessment_result_export_csv"), {"demonstrations": "on"})
    for _piece in answer.streaming_content:
        pass
    return getrusage(RUSAGE_SELF).ru_maxrss * KIBIBYTE / 2**20


# Copies --------------------------------------------------------------------------------------------------------------
def _copies(seed: Response, first: int, last: int) -> None:
    """Copies of an organisation with its round, its response and what hangs on them, five minutes from each other."""
    of = f"generate_series({first}, {last}) i JOIN assessment_organisation o ON o.slug = 'company-' || i"
    rounds = f"{of} JOIN assessment_round r ON r.organisation_id = o.id"
    responses = f"{rounds} JOIN assessment_response p ON p.round_id = r.id"
    results = f"{responses} JOIN assessment_result x ON x.response_id = p.id"
    at = "now() - i * interval '5 minutes'"
    copy_rows(
        Organisation, seed.round.organisation_id, f"generate_series({first}, {last}) i",
        name="CASE i % 5 WHEN 0 THEN 'L’Élan ' ELSE 'Company ' END || i",
        slug="'company-' || i", sector="(array['retail','health','finance'])[1 + i % 3]", is_demo="i % 50 = 0", created_at=at,
        size="(array['micro','small-medium','large'])[1 + i % 3]",
    )  # fmt: skip
    copy_rows(Round, seed.round_id, of, organisation_id="o.id", opened_at=at)
    key_hash = "md5(i::text) || md5('x' || i)"
    copy_rows(Response, seed.pk, rounds, round_id="r.id", key_hash=key_hash, started_at=at, submitted_at=at)
    here = {"round_id": "r.id", "response_id": "p.id", "level": "1 + i % 5", "score": "i % 101", "created_at": at}
    copy_rows(Result, seed.result.pk, responses, **here)
    for part in seed.result.dimensions.all():
        copy_rows(DimensionResult, part.pk, results, result_id="x.id")
    answered = f"{responses} AND i <= {ANSWERED}"
    for answer in seed.answers.all():
        copy_rows(Answer, answer.pk, answered, response_id="p.id", saved_at=at)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def copy_rows(model: type[Model], row: int, source: str, **changed: str) -> None:
    """Insert copies of a row, one for each of `source`, with some columns changed."""
    by_database = isinstance(model._meta.pk, AutoField)
    columns = [field.column for field in model._meta.concrete_fields if not (field.primary_key and by_database)]
    changed = changed if by_database else changed | {"id": "(random() * 4e18)::bigint"}
    values = [changed.get(column, f's."{column}"') for column in columns]
    table = model._meta.db_table
    names = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({names}) SELECT {', '.join(values)} FROM {table} s, {source} WHERE s.id = {row}"
        )
