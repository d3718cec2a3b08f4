"""Whose alphabet the lists of the administration know: names in its order, found however they are typed."""

from operator import attrgetter

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.urls import reverse

from assessment.models import Organisation, Response, Result, Round, Study
from assessment.text.comparing import searchable
from tests import factories
from tests.test_admin import address, form_of, queries

pytestmark = pytest.mark.every_case

IN_ORDER = ["Cœur", "Eau vive", "Élan vital", "Fabrique", "L’Atelier d’Aurélie", "Zoé"]
MADE = ["Zoé", "Élan vital", "Eau vive", "L’Atelier d’Aurélie", "Cœur", "Fabrique"]
LISTS = [Organisation, Round, Response, Result]
FOUND = [
    ("elan", "Élan vital"),
    ("ÉLAN", "Élan vital"),
    ("E\u0301lan", "Élan vital"),
    ("vital élan", "Élan vital"),
    ("vital\u00a0élan", "Élan vital"),
    ("“élan vital”", "Élan vital"),
    ("« elan vital »", "Élan vital"),
    ("coeur", "Cœur"),
    ("L'Atelier", "L’Atelier d’Aurélie"),
    ("d'aurelie l'atelier", "L’Atelier d’Aurélie"),
    ("l`atelier d´aurélie", "L’Atelier d’Aurélie"),
]
NOT_FOUND = ["elan nowhere", '"vital élan"', "%", "_", "\\", '"\\"', "elan'x", "é%'\"é"]
NOTHING = ["\0", "\u200b \u2060", " "]
LONG = ["x" * 10_000, "é" * 10_000, "a " * 5_000, "' " * 5_000, '" ' * 5_000, "\\" * 10_000]


@pytest.fixture(scope="module")
def rows(module_rows):
    with module_rows.unblock():
        for name in MADE:
            factories.submitted(factories.organisation(name))


@pytest.fixture
def named(rows, boss):
    return boss


def shown(client, model, **query):
    """The names of organisations on a list, from above to below."""
    rows = client.get(address(model, "changelist"), query).context["cl"].result_list
    path = {Organisation: "name", Round: "organisation.name"}.get(model, "round.organisation.name")
    return [attrgetter(path)(row) for row in rows]


# Search --------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("model", LISTS)
def test_an_organisation_is_found_as_people_type_its_name(named, model):
    assert {typed: shown(named, model, q=typed) for typed, _name in FOUND} == {typed: [name] for typed, name in FOUND}


def test_all_words_of_a_search_are_meant_and_no_sign_stands_for_another(named):
    assert {typed for typed in NOT_FOUND if shown(named, Organisation, q=typed)} == set()


def test_a_search_for_nothing_that_is_seen_is_none(named):
    for typed in NOTHING:
        assert shown(named, Organisation, q=typed) == IN_ORDER


@pytest.mark.parametrize("model", [Organisation, Result, LogEntry])
def test_a_search_of_any_length_gets_an_ordinary_answer(named, model):
    for typed in LONG:
        assert named.get(address(model, "changelist"), {"q": typed}).status_code == 200, typed[:9]


def test_what_is_on_record_is_found_by_the_words_in_it(boss, questionnaire):
    organisation = factories.organisation("Maison")
    page = address(Organisation, "change", organisation.pk)
    boss.post(page, form_of(boss, page) | {"name": "L’Élan"})
    for typed in ("l'elan", "ÉLAN", "maison"):
        assert boss.get(address(LogEntry, "changelist"), {"q": typed}).context["cl"].result_count == 1, typed
    LogEntry.objects.update(object_repr="")  # by what it says of the values alone
    for typed in ("l'elan", "ÉLAN", "maison"):
        assert boss.get(address(LogEntry, "changelist"), {"q": typed}).context["cl"].result_count == 1, typed


def test_accounts_are_found_by_names_and_addresses_however_they_are_typed(boss):
    account = factories.account("helene@example.org")
    get_user_model().objects.filter(pk=account.pk).update(last_name="Lefèvre")
    page = boss.get(reverse("admin:auth_user_changelist"), {"q": "LEFEVRE Helene"})
    assert [row.pk for row in page.context["cl"].result_list] == [account.pk]
    page = boss.get(reverse("admin:account_emailaddress_changelist"), {"q": "ｈｅｌｅｎｅ\u200b@example.org"})
    assert [row.user_id for row in page.context["cl"].result_list] == [account.pk]


def test_a_field_that_completes_what_is_typed_finds_the_same(boss):
    account = factories.account("helene@example.org")
    get_user_model().objects.filter(pk=account.pk).update(last_name="Lefèvre")
    complete = {"app_label": "assessment", "model_name": "membership", "field_name": "user"}
    for typed in ("lefevre", "LEFE\u0300VRE", "“lefèvre”"):
        told = boss.get(reverse("admin:autocomplete"), complete | {"term": typed}).json()["results"]
        assert [entry["id"] for entry in told] == [str(account.pk)], typed
    for typed in (*NOTHING, *LONG):
        assert boss.get(reverse("admin:autocomplete"), complete | {"term": typed}).status_code == 200


# Order ---------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("model", "column"), [(Organisation, 1), (Round, 0), (Response, 0), (Result, 1)])
def test_a_column_of_names_is_put_into_the_order_of_the_alphabet(named, model, column):
    assert shown(named, model, o=column) == IN_ORDER
    assert shown(named, model, o=f"-{column}") == IN_ORDER[::-1]


@pytest.mark.parametrize("model", [Organisation, Round])
def test_a_list_by_names_stands_in_it_from_the_start(named, model):
    assert shown(named, model) == shown(named, model, all="") == IN_ORDER
    assert shown(named, model, q="a") == [name for name in IN_ORDER if "a" in searchable(name)]


def test_its_pages_follow_one_another(named, monkeypatch):
    monkeypatch.setattr(admin.site._registry[Organisation], "list_per_page", 2)
    pages = [shown(named, Organisation, p=number) for number in (1, 2, 3)]
    assert pages == [IN_ORDER[:2], IN_ORDER[2:4], IN_ORDER[4:]]
    assert named.get(address(Organisation, "changelist"), {"p": 4}).status_code == 302
    assert shown(named, Organisation, all="") == IN_ORDER


def test_rounds_of_one_name_stay_together(named):
    first, second = Organisation.objects.get(name="Zoé"), factories.organisation("Zoé")
    for organisation in (second, first, second):
        factories.submitted(organisation)
    rows = named.get(address(Round, "changelist"), {"q": "zoe"}).context["cl"].result_list
    places = [(row.organisation_id, row.number) for row in rows]
    assert places == sorted(places)
    assert len(places) == 4


def test_a_list_of_very_many_is_put_into_it_when_that_is_asked_for_at_no_more_queries(named, monkeypatch):
    page = address(Organisation, "changelist")
    few = queries(named, page)
    monkeypatch.setattr("assessment.admin.lists.FEW", len(MADE) - 1)
    assert shown(named, Organisation) != IN_ORDER
    assert shown(named, Organisation, o=1) == IN_ORDER
    assert queries(named, page) == queries(named, f"{page}?o=1") == few


@pytest.mark.parametrize("language", ["en", "fr"])
def test_texts_of_two_languages_are_ordered_in_the_reader_s(boss, questionnaire, language):
    boss.cookies["language"] = language
    for english, french in {"Wood": "Écorce", "Bark": "Zèbre", "Zebra": "Eau"}.items():
        Study.objects.create(key=f"of-{english.lower()}", title_en=english, title_fr=french, publisher="We")
    rows = boss.get(address(Study, "changelist"), {"o": 1}).context["cl"].result_list
    own = [getattr(row, f"title_{language}") for row in rows if row.key.startswith("of-")]
    assert own == {"en": ["Bark", "Wood", "Zebra"], "fr": ["Eau", "Écorce", "Zèbre"]}[language]


def test_kinds_of_things_stand_in_it(boss):
    boss.cookies["language"] = "fr"
    apps = boss.get(reverse("admin:app_list", args=["assessment"])).context["app_list"]
    names = [str(entry["name"]) for entry in apps[0]["models"]]
    assert "Études" in names
    assert names == sorted(names, key=searchable)
