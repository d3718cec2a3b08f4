"""The lists of the administration and what is behind them: they open, filter and search, whatever is asked of them."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.urls import reverse

from assessment.models import Edition, Organisation, Response, Result, Round, SignIn
from tests.sampling import THOROUGH, sample
from tests.test_admin import PAST, REGISTERED, address, boss, more_of_everything, queries

__all__ = ["boss"]
LANGUAGES = ("en", "fr")
# Each in one language by turns; in both when it is to be thorough.
LOOKS = [
    (model, language)
    for place, model in enumerate(REGISTERED)
    for language in (LANGUAGES if THOROUGH else LANGUAGES[place % 2 :][:1])
]
ODD = ["", "a\0b", "é%'\"", "-1", "9" * 30]


@pytest.fixture(scope="module")
def plenty(module_rows):
    """Rows in every list, which all tests of this module share."""
    with module_rows.unblock():
        more_of_everything()


@pytest.fixture
def filled(plenty, boss):
    return boss


@pytest.fixture
def short_lists(monkeypatch):
    """Two rows a page: where thousands of questions are put to a list, its rows are not what is looked at."""
    for model in REGISTERED:
        monkeypatch.setattr(admin.site._registry[model], "list_per_page", 2)
        monkeypatch.setattr(admin.site._registry[model], "list_max_show_all", 3)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_first_page_names_everything(filled, language):
    filled.cookies["language"] = language
    page = filled.get(reverse("admin:index")).content.decode()
    for model in REGISTERED:
        assert address(model, "changelist") in page


@pytest.mark.parametrize(("model", "language"), LOOKS)
def test_the_list_and_each_page_behind_it_open(filled, model, language):
    filled.cookies["language"] = language
    assert filled.get(address(model, "changelist")).status_code == 200
    for pk in list(model.objects.order_by("pk").values_list("pk", flat=True))[:: max(1, model.objects.count() // 3)]:
        assert filled.get(address(model, "change", pk)).status_code == 200
        assert filled.get(address(model, "history", pk)).status_code == 200


@pytest.mark.parametrize("model", REGISTERED)
def test_the_page_to_add_one_opens_or_is_not_allowed(filled, model):
    expected = 403 if model in (*PAST, Authenticator, Edition, LogEntry, Organisation, SignIn) else 200
    assert filled.get(address(model, "add")).status_code == expected


@pytest.mark.parametrize("model", REGISTERED)
def test_a_list_takes_as_many_queries_for_many_rows_as_for_few(filled, model):
    page = address(model, "changelist")
    filled.get(page)
    rows, few = model.objects.count(), queries(filled, page)
    more_of_everything()
    assert model.objects.count() > rows
    assert queries(filled, page) == few


@pytest.mark.parametrize("model", PAST)
def test_the_past_can_only_be_read(filled, model):
    row = model.objects.first()
    page = address(model, "change", row.pk)
    before = model.objects.filter(pk=row.pk).values().get()
    assert 'name="_save"' not in filled.get(page).content.decode()
    assert filled.post(page, {"state": "draft", "score": 1, "mode": "open"}).status_code == 403
    assert filled.post(address(model, "add"), {}).status_code == 403
    assert filled.post(address(model, "delete", row.pk), {"post": "yes"}).status_code == 403
    data = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
    filled.post(address(model, "changelist"), data)
    assert model.objects.filter(pk=row.pk).values().get() == before


@pytest.mark.parametrize("path", ["email", "key_hash", "answers__note", "answers__choices", "shares__token_hash"])
@pytest.mark.parametrize("lookup", ["", "__startswith", "__contains", "__regex"])
def test_what_is_not_shown_cannot_be_guessed_by_a_filter(filled, path, lookup):
    assert filled.get(address(Response, "changelist"), {path + lookup: "secret"}).status_code in (302, 400)
    for model, start in [(Result, "response__"), (Round, "responses__"), (Organisation, "rounds__responses__")]:
        assert filled.get(address(model, "changelist"), {start + path + lookup: "s"}).status_code in (302, 400)


@pytest.mark.parametrize("model", REGISTERED)
def test_no_list_can_be_asked_about_what_hangs_on_its_rows_or_about_a_field_that_is_no_filter(
    filled, short_lists, model
):
    """Who answered what, who belongs where: every way from a row to others, and each of its own fields."""
    options, page = admin.site._registry[model], address(model, "changelist")
    offered = {entry[0] if isinstance(entry, tuple) else entry for entry in options.list_filter}
    ways = {field.name for field in model._meta.get_fields()} - offered - {options.date_hierarchy}
    assert ways
    asked = [f"{name}{lookup}" for name in ways for lookup in ("", "__isnull")]
    answered = [query for query in asked if filled.get(page, {query: "1"}).status_code not in (302, 400)]
    assert answered == []


def test_searching_an_address_or_a_note_finds_nothing(filled):
    for model in (*PAST, Organisation):
        page = filled.get(address(model, "changelist"), {"q": "secret@example.org"})
        assert page.context["cl"].result_count == 0


@pytest.mark.parametrize("model", REGISTERED)
def test_every_filter_that_is_offered_works(filled, short_lists, model):
    page = filled.get(address(model, "changelist"))
    choices = [
        choice["query_string"]
        for spec in page.context["cl"].filter_specs
        for choice in sample(list(spec.choices(page.context["cl"])), 3)
    ]
    for query in choices:
        assert filled.get(address(model, "changelist") + query).status_code == 200


@pytest.mark.parametrize("model", REGISTERED)
def test_no_filter_or_search_fails_whatever_is_asked(boss, short_lists, model):
    options, page = admin.site._registry[model], address(model, "changelist")
    names = ["q", "o", "p", "all", "e", "_facets", "_popup", "_to_field", "pk", "pk__in", "nowhere"]
    for name in options.list_filter:
        names += [name, f"{name}__exact", f"{name}__in", f"{name}__isnull", f"{name}__id__exact"]
    if options.date_hierarchy:
        names += [f"{options.date_hierarchy}__{part}" for part in ("year", "month", "day", "gte", "lt")]
    failed = []
    for place, name in enumerate(names):
        for value in ODD if THOROUGH or name == "q" else [ODD[place % len(ODD)]]:
            status = boss.get(page, {name: value}).status_code
            if status not in (200, 302, 400):
                failed.append((name, value[:20], status))
    assert failed == []


@pytest.mark.parametrize("year", ["0", "1", "9999", "10000", "-1", "9" * 30])
def test_dates_out_of_every_calendar_are_refused(filled, year):
    for model in (*PAST, Organisation):
        field = admin.site._registry[model].date_hierarchy
        for query in ({f"{field}__year": year}, {f"{field}__year": year, f"{field}__month": 12, f"{field}__day": 31}):
            assert filled.get(address(model, "changelist"), query).status_code in (200, 302, 400)


@pytest.mark.parametrize("model", [model for model in REGISTERED if admin.site._registry[model].search_fields])
def test_a_search_finds_a_row_by_its_words(filled, model):
    row = model.objects.first()
    field = admin.site._registry[model].search_fields[0].lstrip("=^@")
    word = model.objects.filter(pk=row.pk).values_list(field, flat=True).get()
    page = filled.get(address(model, "changelist"), {"q": word})
    assert row.pk in page.context["cl"].queryset.values_list("pk", flat=True)


@pytest.mark.parametrize("term", ODD)
def test_completing_a_field_never_fails(filled, term):
    query = {"app_label": "assessment", "model_name": "choice", "field_name": "figure", "term": term}
    assert filled.get(reverse("admin:autocomplete"), query).status_code in (200, 400, 403)


def test_pages_of_rows_that_do_not_exist_lead_back(filled):
    for model in REGISTERED:
        for pk in ("0", "9" * 30, "nowhere", "_5F", "1_002F"):
            answer = filled.get(address(model, "change", pk))
            assert answer.status_code in (302, 404)
    assert re.match("/admin/", filled.get(address(Round, "change", "0")).url)
    assert get_user_model().objects.exists()
