"""The page that names an organisation and begins."""

import re
from datetime import timedelta
from smtplib import SMTPServerDisconnected

import pytest
from django.core import mail
from django.db import connection
from django.forms.boundfield import BoundField
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assessment.models import Count, Organisation, Questionnaire, Response, Round
from tests import factories

FIELDS = ("name", "sector", "size", "market", "role")


@pytest.fixture
def start(client, questionnaire):
    return lambda **fields: client.post("/start/", factories.START | fields)


def key_of(page):
    return page["Location"].split("/")[2]


def errors(page):
    return page.context["form"].errors


def test_it_asks_for_five_facts_and_an_optional_address(client, questionnaire):
    page = client.get("/start/")
    assert page.status_code == 200
    visible = {field.name: field.field for field in page.context["form"].visible_fields()}
    assert list(visible) == [*FIELDS, "email"]
    assert [name for name, field in visible.items() if not field.required] == ["email"]


def test_it_opens_the_first_solo_round_of_a_new_organisation(start):
    before = timezone.now()
    page = start(name="  Maison\n Dupont ")
    response = Response.objects.with_key(key_of(page)).get()
    assert page["Location"] == reverse("dimension", args=[key_of(page), "strategy"])
    assert (response.state, response.role, response.opens_round, response.submitted_at) == (
        "draft",
        "marketing",
        True,
        None,
    )
    assert before <= response.started_at <= timezone.now()
    assert (response.round.number, response.round.mode, response.round.excluded) == (1, Round.Mode.SOLO, [])
    assert response.round.questionnaire == Questionnaire.objects.current()
    organisation = response.round.organisation
    assert organisation.name == "Maison Dupont"
    assert {name: getattr(organisation, name) for name in ("sector", "size", "market")} == factories.FACTS
    assert organisation.is_demo is False
    assert organisation.slug.startswith("maison-dupont-")


def test_the_other_language_keeps_what_was_typed_and_begins_nothing(client, questionnaire):
    """Also without a script: the buttons of the languages belong to the form."""
    text = client.get("/start/").content.decode()
    assert re.findall(r'<button form="start" name="language" value="(\w+)"', text) == ["en", "fr"]
    before_them = text[: text.index('name="language"')]
    assert '<button form="start" class="visually-hidden"' in before_them  # so that Enter begins, and switches nothing
    page = client.post("/start/", {"name": "Test Langue", "sector": "retail", "email": "no address", "language": "fr"})
    shown = page.context["form"]
    assert page.status_code == 200
    assert (page["Content-Language"], page.cookies["language"].value) == ("fr", "fr")
    assert (shown["name"].value(), shown["sector"].value(), shown["email"].value()) == (
        "Test Langue",
        "retail",
        "no address",
    )
    assert not shown.errors
    assert 'lang="fr"' in page.content.decode()[:100]
    assert not Response.objects.exists()
    assert client.get("/methodology/")["Content-Language"] == "fr"


@pytest.mark.parametrize("code", ["xx", "", "\0"])
def test_a_language_that_is_none_changes_nothing(client, questionnaire, code):
    page = client.post("/start/", {"name": "Test Langue", "language": code})
    assert (page.status_code, page["Content-Language"], page.cookies.keys()) == (200, "en", {"csrftoken": 1}.keys())
    assert page.context["form"]["name"].value() == "Test Langue"


def test_the_address_keeps_the_elisions_of_a_name(start):
    start(name="L’Atelier d’Aurélie")
    assert re.fullmatch("l-atelier-d-aurelie-[0-9a-f]{8}", Organisation.objects.get().slug)


def test_two_of_one_name_are_two_organisations(start):
    assert key_of(start()) != key_of(start())
    assert Organisation.objects.filter(name="Maison Dupont").count() == 2
    assert len(set(Organisation.objects.values_list("slug", flat=True))) == 2


def test_the_same_form_twice_starts_once(client, start):
    token = client.get("/start/").context["form"].initial["token"]
    first, second = start(token=token, email="anne@example.org"), start(token=token, email="anne@example.org")
    assert key_of(first) == key_of(second)
    assert second["Location"] == reverse("respond", args=[key_of(first)])
    assert Organisation.objects.count() == Response.objects.count() == len(mail.outbox) == 1


@pytest.mark.parametrize("languages", [["en", "en"], ["fr", "fr"]])
def test_an_empty_form_is_rendered_once_and_has_another_token_each_time(client, questionnaire, monkeypatch, languages):
    pages, tokens, rendered = [], [], []
    shown = BoundField.as_widget
    monkeypatch.setattr(
        BoundField, "as_widget", lambda field, *a, **b: rendered.append(field.name) or shown(field, *a, **b)
    )
    for language in languages:
        page = client.get("/start/", headers={"Accept-Language": language})
        tokens.append(page.context["form"].initial["token"])
        assert f'value="{tokens[-1]}"' in page.content.decode()
        pages.append(re.sub('(?<=value=")[^"]*', "", page.content.decode().replace(tokens[-1], "")))
    assert tokens[0] != tokens[1]
    assert pages[0] == pages[1]
    assert sorted(rendered) == sorted([*FIELDS, "email", "token", "token"])


@pytest.mark.every_case
def test_a_start_is_counted_and_stored_in_one_transaction(lasting, client):
    with CaptureQueriesContext(connection) as asked:
        assert client.post("/start/", factories.START).status_code == 302
    assert [query["sql"] for query in asked if query["sql"].startswith(("INSERT", "UPDATE"))]
    assert sum(query["sql"] == "COMMIT" for query in asked) == 1


def test_nobody_chooses_their_own_key(start):
    assert key_of(start(token="my-key")) != "my-key"
    assert key_of(start(token="my-key:forged")) != "my-key"


def test_reading_the_page_stores_nothing(client, questionnaire):
    client.get("/start/")
    client.head("/start/")
    assert not Organisation.objects.exists()
    assert not Response.objects.exists()


def test_the_browser_that_started_is_remembered_and_led_back(client, start):
    key = key_of(start())
    cookie = client.cookies["started"]
    assert cookie["httponly"]
    assert int(cookie["max-age"]) == timedelta(days=90).total_seconds()
    home = client.get("/").content.decode()
    assert "Go on with what was begun here" in home
    assert reverse("respond", args=[key]) in home


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("value", ["", "   ", None])
def test_a_fact_that_is_missing_is_asked_for_and_nothing_else_is_lost(client, questionnaire, field, value):
    sent = factories.START | {"name": "Société Générique", "email": "anne@example.org"}
    sent = {name: text for name, text in (sent | {field: value}).items() if text is not None}
    page = client.post("/start/", sent)
    assert page.status_code == 422
    assert list(errors(page)) == [field]
    text = page.content.decode()
    assert 'role="alert"' in text
    assert f'href="#id_{field}"' in text
    assert "anne@example.org" in text
    assert field == "name" or "Société Générique" in text
    assert not Organisation.objects.exists()


def test_an_empty_form_is_answered_with_what_is_missing(client, questionnaire):
    page = client.post("/start/")
    assert page.status_code == 422
    assert list(errors(page)) == list(FIELDS)


@pytest.mark.parametrize("field", FIELDS[1:])
@pytest.mark.parametrize("value", ["no-such-key", "\0", "<script>alert(1)</script>", "x" * 10000, "é"])
def test_what_is_not_on_a_list_is_refused(start, field, value):
    page = start(**{field: value})
    assert page.status_code == 422
    assert list(errors(page)) == [field]
    assert "<script>alert" not in page.content.decode()


@pytest.mark.parametrize("name", ["x" * 201, "a\0b", "\0"])
def test_a_name_that_cannot_be_stored_gets_one_clear_message(start, name):
    page = start(name=name)
    assert page.status_code == 422
    assert len(errors(page)["name"]) == 1


@pytest.mark.parametrize(
    "name",
    [
        "x" * 200,
        "<b>Dupont & Fils</b>",
        "日本株式会社",
        "🦊",
        "'; DROP TABLE--",
        "{{ 7*7 }}",
        "%(name)s %s",
        "👨‍👩‍👧 Fils",
        "شركة",
        "می‌خواهم",
    ],
)
def test_any_name_is_stored_as_it_is_and_shown_as_text(client, start, name):
    page = start(name=name)
    assert Organisation.objects.get().name == name
    assert Organisation.objects.get().slug.isascii()
    shown = client.get(page["Location"])
    assert shown.status_code == 200
    assert "<b>Dupont" not in shown.content.decode()


@pytest.mark.parametrize(
    ("name", "stored"),
    [
        ("Acme\u202ex", "Acmex"),
        ("\ufeffAc\u00adme \x0b Ltd\u200b", "Acme Ltd"),
        ("E\u0301lan", "Élan"),
    ],
)
def test_a_name_is_cleaned_of_what_nobody_sees(start, name, stored):
    assert start(name=name).status_code == 302
    assert Organisation.objects.get().name == stored


@pytest.mark.parametrize("name", ["\u200b\u200b", "\u3164", "\u2800 \u00ad", "\u0301"])
def test_a_name_of_nothing_is_refused(start, name):
    page = start(name=name)
    assert page.status_code == 422
    assert errors(page) == {"name": ["Nothing of this can be read. Please type it out."]}
    assert not Organisation.objects.exists()


@pytest.mark.parametrize(
    "email",
    [
        "nobody",
        "a@b",
        "a b@example.org",
        "a@example.org\nBcc: b@example.org",
        "x" * 300 + "@example.org",
        "a@exa\0mple.org",
    ],
)
def test_an_address_that_cannot_be_one_is_refused(start, email):
    page = start(email=email)
    assert page.status_code == 422
    assert list(errors(page)) == ["email"]
    assert mail.outbox == []


def test_the_address_of_the_questionnaire_is_mailed_to_who_asks_for_it(start):
    key = key_of(start(email="anne@example.org"))
    (sent,) = mail.outbox
    assert sent.to == ["anne@example.org"]
    assert f"http://testserver/r/{key}/" in sent.body
    assert Response.objects.get().email == "anne@example.org"


def test_an_address_is_cleaned_of_what_came_with_it(start):
    start(email=" <mailto:Anne@exam\u200bple.org> ")
    assert Response.objects.get().email == mail.outbox[0].to[0] == "Anne@example.org"


def test_no_mail_is_sent_to_who_does_not_ask(start):
    start()
    assert mail.outbox == []


@pytest.mark.parametrize("language", ["en", "fr"])
def test_nothing_that_a_guest_typed_goes_to_an_address_that_did_not_ask(client, start, language):
    """A10: a stranger's name of an organisation was mailed to whomever they named, in this site's name."""
    client.cookies["language"] = language
    start(name="You won 1000 EUR: claim at https://evil.example/win", email="victim@example.org")
    (sent,) = mail.outbox
    assert "evil" not in sent.body + sent.subject
    assert "1000" not in sent.body
    assert ("somebody typed your address" if language == "en" else "quelqu’un a saisi votre adresse") in sent.body
    assert (
        "If it was not you, do nothing" if language == "en" else "Si ce n’est pas vous, ne faites rien"
    ) in sent.body


def test_one_address_gets_a_few_mails_a_day_whoever_asks_from_wherever(client, start):
    for number in range(5):
        page = client.post(
            "/start/",
            factories.START | {"email": f"Vic.Tim+{number}@example.org"},
            REMOTE_ADDR=f"192.0.2.{number}",
        )
        assert page.status_code == 302
    assert len(mail.outbox) == 3
    assert "No other mail was sent" in client.get(page["Location"]).content.decode()
    _response, key = factories.started()
    client.post(reverse("mail", args=[key]), {"email": "vic.tim@example.org"}, REMOTE_ADDR="192.0.2.99")
    assert len(mail.outbox) == 3
    assert "vic.tim" not in str(list(Count.objects.values()))
    Count.objects.update(until=timezone.now() - timedelta(seconds=1))
    client.post(reverse("mail", args=[key]), {"email": "vic.tim@example.org"})
    assert len(mail.outbox) == 4


def test_mails_at_the_start_count_as_mails_of_their_network(client, start, settings):
    settings.MAILS_PER_HOUR = 2
    pages = [start(email=f"anne{number}@example.org") for number in range(3)]
    assert [page.status_code for page in pages] == [302] * 3  # the questionnaire begins all the same
    assert len(mail.outbox) == 2
    assert "No other mail was sent" in client.get(pages[2]["Location"]).content.decode()


def test_a_mail_that_cannot_be_sent_stops_nobody_and_is_told(client, start, monkeypatch):
    def refuse(*args, **kwargs):
        raise SMTPServerDisconnected("gone")

    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)
    page = start(email="anne@example.org")
    assert page.status_code == 302
    assert "could not be sent" in client.get(page["Location"]).content.decode()


def test_without_a_published_questionnaire_it_says_so(client, nothing_published):
    for page in (client.get("/start/"), client.post("/start/", factories.START)):
        assert page.status_code == 503
        assert "closed at the moment" in page.content.decode()
    assert not Organisation.objects.exists()


def test_the_lists_are_in_the_reader_s_language(client, questionnaire):
    text = client.get("/start/", headers={"accept-language": "fr"}).content.decode()
    assert "Banque et assurance" in text
    assert "Banking and insurance" not in text


@pytest.mark.parametrize(("size", "status"), [(900, 422), (1200, 400)])
def test_a_form_with_hundreds_of_fields_is_junk_and_more_is_not_read(client, questionnaire, size, status):
    assert client.post("/start/", {f"field{number}": "x" for number in range(size)}).status_code == status


def test_a_form_of_megabytes_is_not_read(client, questionnaire):
    assert client.post("/start/", factories.START | {"name": "x" * 1_000_000}).status_code in (400, 422)
    body = "name=" + "x" * 1_000_000
    page = client.post("/start/", body, content_type="application/x-www-form-urlencoded")
    assert page.status_code == 400
    assert "could not be understood" in page.content.decode()


@pytest.mark.parametrize(
    "content_type",
    ["application/json", "text/plain", "multipart/form-data", "multipart/form-data; boundary=x", "nonsense"],
)
@pytest.mark.parametrize(
    "body", [b"", b"{}", b"\xff\xfe\0", b'--x\r\nContent-Disposition: form-data; name="name"\r\n\r\nA']
)
def test_a_body_of_another_kind_is_an_error_of_the_sender(client, questionnaire, content_type, body):
    assert 400 <= client.generic("POST", "/start/", body, content_type=content_type).status_code < 500
    assert not Organisation.objects.exists()
