"""Carrying results away: what the list shows, anonymous by default, safe, streamed, in as many queries however long."""

import csv
import io
import tracemalloc
import weakref
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import openpyxl
import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assessment.accounts.groups import make_groups
from assessment.documents.results import results_table
from assessment.documents.xlsx import long_xlsx
from assessment.results import export
from assessment.results.export import ResultRow
from tests import factories
from tests.factories import NOON
from tests.test_groups import client_of

EVIL = '=HYPERLINK("https://evil.example")'


@pytest.fixture
def analyst(client, questionnaire):
    make_groups()
    return client_of(client, "analyst")


@pytest.fixture
def boss(boss, questionnaire):
    return boss


def exported(client, form: str = "csv", query: dict | None = None, **ticks):
    address = reverse(f"admin:assessment_result_export_{form}", query=query)
    return client.post(address, dict.fromkeys(ticks, "on"))


def rows_of(answer) -> list[dict[str, str]]:
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.getvalue().decode("utf-8-sig"), newline="")))


def some_results() -> None:
    """Two of one sector, one of another, one demonstration."""
    named = {"Un": {}, "Deux": {"sector": "retail"}, "Trois": {"sector": "health"}, EVIL: {"is_demo": True}}
    for place, (name, facts) in enumerate(named.items()):
        at = factories.NOON + place * timedelta(seconds=1)
        factories.submitted(factories.organisation(name, **facts), factories.level(2), at=at)


def test_an_analyst_gets_results_without_names_and_days(analyst):
    some_results()
    answer = exported(analyst)
    rows = rows_of(answer)
    assert len(rows) == 3
    for name in (b"Un", b"Deux", b"Trois", b"evil", b"2026-11-0"):
        assert name not in answer.getvalue()
    row = rows[0]
    assert (row["Sector"], row["Size"], row["Market"]) == (
        "Health and social care",
        "1 to 9 people",
        "Businesses (B2B)",
    )
    assert (row["Date"], row["Score"], row["Level"], row["Kind of round"]) == ("2026-11", "25", "2", "solo")
    assert row["Questionnaire"] == "barometer 1"
    dimension = next(name for name in row if name.endswith(": coverage"))
    assert (row[dimension], row[dimension.replace("coverage", "score")]) == ("1", "25")
    assert "Organisation" not in row


def test_names_are_for_those_with_the_permission_and_the_tick(analyst, client, questionnaire):
    some_results()
    assert exported(analyst, names=True).status_code == 403
    boss = factories.account("boss@example.org", is_staff=True, is_superuser=True)
    factories.sign_in(client, boss, second_factor=True)
    assert "Organisation" not in rows_of(exported(client))[0]
    row = rows_of(exported(client, names=True))[0]
    assert (row["Organisation"], row["Round"], row["Date"]) == ("Trois", "1", "2026-11-02")


def test_the_permission_to_name_is_one_that_can_be_given(analyst):
    some_results()
    from django.contrib.auth import get_user_model

    user = get_user_model().objects.get(pk=analyst.session["_auth_user_id"])
    user.user_permissions.add(Permission.objects.get(codename="export_names"))
    assert {row["Organisation"] for row in rows_of(exported(analyst, names=True))} == {"Un", "Deux", "Trois"}


def test_demonstrations_come_when_they_are_asked_for_and_are_marked(boss):
    some_results()
    assert [row["Demonstration"] for row in rows_of(exported(boss))] == ["no"] * 3
    assert [row["Demonstration"] for row in rows_of(exported(boss, demonstrations=True))] == ["yes", "no", "no", "no"]
    rows = rows_of(exported(boss, query={"round__organisation__is_demo__exact": 1}))
    assert [row["Demonstration"] for row in rows] == ["yes"]


def test_what_the_filters_show_is_what_is_exported(boss):
    some_results()
    factories.submitted(factories.organisation("Quatre"), factories.level(4), at=NOON + timedelta(days=60))
    assert len(rows_of(exported(boss, query={"round__organisation__sector": "health"}))) == 1
    assert len(rows_of(exported(boss, query={"level": "2"}))) == 3
    assert len(rows_of(exported(boss, query={"created_at__year": 2027}))) == 1
    assert len(rows_of(exported(boss, query={"q": "Deux"}))) == 1
    assert [row["Score"] for row in rows_of(exported(boss, query={"o": "3"}))] == ["25", "25", "25", "75"]
    assert exported(boss, query={"response__email": "x"}).status_code in (302, 400)


def shown(client, **query) -> int:
    return client.get(reverse("admin:assessment_result_changelist"), query).context["cl"].result_count


def test_a_period_limits_the_list_and_the_export_to_its_first_and_last_day_included(boss):
    some_results()
    factories.submitted(factories.organisation("Quatre"), factories.level(4), at=NOON + timedelta(days=60))
    periods = {"2026-11-02..2026-11-02": 3, "2026-11-03..": 1, "..2026-11-01": 0, "..2027-01-01": 4, "..": 4}
    for period, number in periods.items():
        since, until = period.split("..")
        assert len(rows_of(exported(boss, query={"since": since, "until": until}))) == number, period
    assert shown(boss, since="2026-11-02", until="2026-11-02") == 4  # the demonstration is on the list
    assert shown(boss, since="2026-11-02", round__organisation__sector="health", level="2") == 1
    assert shown(boss, since="2027-01-01", created_at__year="2026") == 0
    page = boss.get(reverse("admin:assessment_result_changelist"), {"since": "2026-11-02", "level": "2", "p": "0"})
    form = page.content.decode().partition('class="period"')[2].partition("</form>")[0]
    assert '<input type="hidden" name="level" value="2">' in form
    assert 'value="2026-11-02"' in form
    assert 'name="p"' not in form


def test_the_days_of_a_period_are_those_of_the_site(boss):
    factories.submitted(at=datetime(2026, 11, 2, 23, 30, tzinfo=UTC))  # half past midnight in Paris
    assert shown(boss, since="2026-11-03") == 1
    assert shown(boss, until="2026-11-02") == 0


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize(
    "query",
    [
        {"since": "soon"},
        {"until": "2026-02-30"},
        {"since": "0001-01-01"},
        {"until": "9999-12-31"},
        {"since": "2026-11-03", "until": "2026-11-02"},
        {"since": "\0"},
    ],
)
def test_what_is_no_period_is_said_and_limits_nothing_and_is_not_exported(boss, query, language):
    boss.cookies["language"] = language
    some_results()
    page = boss.get(reverse("admin:assessment_result_changelist"), query)
    assert page.context["cl"].result_count == 4
    assert 'class="errorlist"' in page.content.decode()
    assert [message.level_tag for message in page.context["messages"]] == ["error"]
    answer = exported(boss, query=query)
    assert answer.status_code == 302
    assert boss.get(answer["Location"]).context["cl"].result_count == 4
    assert not LogEntry.objects.exists()


@pytest.mark.parametrize("name", ["organisation", "round", "response"])
def test_other_lists_take_a_period_too(boss, name):
    some_results()
    list_ = reverse(f"admin:assessment_{name}_changelist")
    assert boss.get(list_, {"since": "2026-11-01"}).context["cl"].result_count == 4
    assert boss.get(list_, {"until": "2020-01-01"}).context["cl"].result_count == 0


def test_no_name_runs_as_a_formula(boss):
    some_results()
    row = rows_of(exported(boss, names=True, demonstrations=True))[0]
    assert row["Organisation"] == f"'{EVIL}"
    book = openpyxl.load_workbook(io.BytesIO(exported(boss, "xlsx", names=True, demonstrations=True).getvalue()))
    cell = book.active["A2"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == (EVIL, "s", True)


def test_a_workbook_holds_the_same_with_numbers_that_are_numbers(analyst):
    some_results()
    rows = rows_of(exported(analyst))
    book = openpyxl.load_workbook(io.BytesIO(exported(analyst, "xlsx").getvalue()))
    head, *lines = book.active.iter_rows(values_only=True)
    assert list(head) == list(rows[0])
    assert len(lines) == 3
    line = dict(zip(head, lines[0], strict=True))
    assert (line["Score"], line["Level"], line["Sector"]) == (25, 2, "Health and social care")


def test_a_workbook_can_be_read_as_it_is(analyst):
    some_results()
    sheet = openpyxl.load_workbook(io.BytesIO(exported(analyst, "xlsx").getvalue())).active
    assert all(cell.font.bold for cell in sheet[1])
    assert all(not cell.font.bold for cell in sheet[2])
    forms = {head.value: cell.number_format for head, cell in zip(sheet[1], sheet[2], strict=True)}
    assert (forms["Score"], forms["Level"]) == ("0.0", "0")
    assert {form for name, form in forms.items() if name.endswith(": coverage")} == {"0%"}
    widths = {head.value: sheet.column_dimensions[head.column_letter].width for head in sheet[1]}
    assert widths["Highest possible score"] > len("Highest possible score")


@pytest.mark.parametrize("language", ["en", "fr"])
def test_both_files_have_the_same_plain_name_with_the_date(boss, language):
    boss.cookies["language"] = language
    some_results()
    for form in ("csv", "xlsx"):
        name = f"results-{timezone.localdate():%Y-%m-%d}.{form}"
        answer = exported(boss, form)
        assert answer.getvalue()  # which also closes it
        assert answer["Content-Disposition"] == f'attachment; filename="{name}"'


def test_a_result_without_a_score_is_listed_with_empty_cells(boss):
    factories.submitted(factories.organisation(), lambda question: None)
    row = rows_of(exported(boss))[0]
    assert (row["Score"], row["Level"], row["Lowest possible score"]) == ("", "", "0")


def test_a_long_export_takes_as_many_queries_as_a_short_one_and_is_made_while_it_is_sent(boss, monkeypatch):
    monkeypatch.setattr(export, "CHUNK", 2)
    some_results()
    taken = []
    for _time in range(2):
        with CaptureQueriesContext(connection) as captured:
            answer = exported(boss)
            assert answer.streaming
            assert len(rows_of(answer)) in (3, 6)
        taken.append(len(captured))
        some_results()
    assert taken[0] == taken[1]


def made_rows(number: int, alive: weakref.WeakSet) -> Iterator[ResultRow]:
    """Rows as they come from the database; those that somebody still holds are `alive`."""
    parts = {key: export.Part(Decimal(50), 3, Decimal(1)) for key in ("strategy", "roi", "training")}
    for count in range(number):
        facts = {"organisation": f"Company {count}", "sector": "retail", "size": "micro", "market": "b2b"}
        row = HeldRow(
            **facts, round=1, is_demo=False, mode="solo", questionnaire="barometer", version=1, made_at=NOON,
            score=Decimal(50), level=3, low=Decimal(40), high=Decimal(60), dimensions=parts,
        )  # fmt: skip
        alive.add(row)
        yield row


class HeldRow(ResultRow):
    """One that can be watched; told from others by which it is."""

    __slots__ = ("__weakref__",)
    __hash__ = object.__hash__


def peak_of(number: int) -> tuple[int, int]:
    """The most bytes, and the most rows, that are held while a workbook of so many rows is made."""
    alive, most = weakref.WeakSet(), [0]

    def watched() -> Iterator[ResultRow]:
        for row in made_rows(number, alive):
            most[0] = max(most[0], len(alive))
            yield row

    titles = {key: key for key in ("strategy", "roi", "training")}
    tracemalloc.start()
    long_xlsx("Results", results_table(watched(), titles, named=True)).close()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak, most[0]


def test_a_workbook_is_made_in_memory_that_does_not_grow_with_its_rows():
    peak_of(10)  # what is loaded and made once
    few, _held = peak_of(100)
    many, held = peak_of(1500)
    assert held <= 3
    assert many - few < 100_000  # 1,400 rows held anywhere would be several times that


def test_rows_are_fetched_in_chunks(boss, monkeypatch):
    some_results()
    asked = []
    iterator = export.QuerySet.iterator
    monkeypatch.setattr(
        export.QuerySet,
        "iterator",
        lambda self, chunk_size=None: asked.append(chunk_size) or iterator(self, chunk_size),
    )
    exported(boss).getvalue()
    assert export.CHUNK in asked


def test_every_export_is_on_record_with_its_filters(boss):
    some_results()
    query = {"level": "2", "round__organisation__sector": "retail", "since": "2026-01-01", "q": "shop"}
    assert exported(boss, "xlsx", query=query, names=True).getvalue()
    entry = LogEntry.objects.get()
    shown = boss.get(reverse("admin:admin_logentry_change", args=[entry.pk])).content.decode()
    limits = ("Level: “2”", "Sector: “Retail", "Period: “2026-01-01”", "Search: “shop”")
    for part in ("Results were exported.", "XLSX", "Names: “Yes”", *limits):
        assert part in shown
    assert "sector=" not in shown


def test_a_link_exports_nothing(boss):
    address = reverse("admin:assessment_result_export_csv")
    assert boss.get(address).status_code == 405
    assert LogEntry.objects.count() == 0


def test_the_list_offers_the_export_of_what_it_shows(boss, client):
    some_results()
    page = boss.get(reverse("admin:assessment_result_changelist"), {"level": "2"}).content.decode()
    for form in ("csv", "xlsx"):
        assert f"{reverse(f'admin:assessment_result_export_{form}')}?level=2" in page
    assert 'name="names"' in page
    make_groups()
    page = client_of(client, "analyst").get(reverse("admin:assessment_result_changelist")).content.decode()
    assert 'name="names"' not in page


def test_an_export_is_written_in_the_reader_s_language(boss):
    some_results()
    boss.cookies["language"] = "fr"
    text = exported(boss).getvalue().decode("utf-8-sig")
    assert "Santé et action sociale;1 à 9 personnes;Entreprises (B2B)" in text
