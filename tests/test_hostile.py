"""Whatever is sent, whoever sends it: a page of ours that says what was wrong, and no more than a line of log."""

import json
from dataclasses import replace

import pytest
from django.core import signals
from django.db import close_old_connections, transaction
from django.test import Client
from django.urls import reverse

from tests import hostile
from tests.hostile_scene import hostile_scene
from tests.test_access import TABLE

pytestmark = pytest.mark.every_case

SEED, NUMBER = 13, 400  # requests; `make bench` sends 20,000


@pytest.fixture
def application(db):
    """The site as a server calls it."""
    from config.wsgi import application

    started, finished = signals.request_started, signals.request_finished
    for signal in (started, finished):  # the connection holds the transaction of this test
        signal.disconnect(close_old_connections)
    yield application
    for signal in (started, finished):
        signal.connect(close_old_connections)


@pytest.fixture
def generator(application, questionnaire):
    return hostile_scene(SEED, look=lambda request: hostile.ask(application, request).body.decode(errors="replace"))


def test_no_request_however_malformed_is_a_mistake_of_ours(application, generator, written):
    failed, long = [], []
    for request in generator.requests(NUMBER):
        before = written.tell()
        with transaction.atomic():  # each finds the same
            answer = hostile.ask(application, request)
            transaction.set_rollback(True)
        if answer.status >= 500 and answer.status != 503:
            failed.append(f"{answer.status} {request}\n{written.getvalue()[before:][-600:]}")
        if written.tell() - before > 300:
            long.append(f"{written.tell() - before} bytes of log: {request}")
    assert failed == []
    assert long == []


# One by one -------------------------------------------------------------------------------------------------------------
FORM = "application/x-www-form-urlencoded"


def sent(method, target, content_type="", body=b"", cookie="", **headers):
    """A request with a form token that is good."""
    named = [(name.replace("_", "-"), value) for name, value in headers.items()]
    cookies = f"csrftoken={hostile.TOKEN}; {cookie}"
    return hostile.Request(method, target, [("Content-Type", content_type), ("Cookie", cookies), *named], body, "")


MULTIPART = "multipart/form-data"
MALFORMED = {
    "another charset": (sent("POST", "/start/", f"{FORM}; charset=iso-8859-1", b"a=b"), 415),
    "a charset of two bytes": (sent("POST", "/start/", f"{FORM}; charset=utf-16", b"a=b"), 415),
    "a charset of nobody": (sent("POST", "/nowhere/", f"{FORM}; charset=klingon", b"a=b"), 415),
    "a charset in pieces": (sent("POST", "/start/", f"{FORM}; charset*=a'b'c; charset*0=text", b"a=b"), 400),
    "a name in pieces": (
        sent(
            "POST",
            "/start/",
            f"{MULTIPART}; boundary=x",
            b"--x\r\nContent-Disposition: form-data; name*=a'b'c; name*0=text\r\n\r\n1\r\n--x--\r\n",
        ),
        400,
    ),
    "a charset that is none, by GET": (sent("GET", "/?a=b", "text/plain; charset=hex"), 415),
    "a charset in a charset": (sent("GET", "/", "text/plain; charset*=klingon''x"), 400),
    "no boundary": (sent("POST", "/start/", MULTIPART, b"x"), 400),
    "no boundary at no address": (sent("POST", "/nowhere/", MULTIPART, b"x"), 404),
    "a foreign boundary": (sent("POST", "/start/", f"{MULTIPART}; boundary=\xe9", b"x"), 400),
    "a boundary without end": (sent("POST", "/start/", f"{MULTIPART}; boundary={'b' * 9000}", b"x"), 400),
    "too many fields": (sent("POST", "/nowhere/", FORM, b"&".join([b"a=b"] * 2000)), 404),
    "too many fields of a form": (sent("POST", "/start/", FORM, b"&".join([b"a=b"] * 2000)), 400),
    "too much": (sent("POST", "/start/", FORM, b"a" * 300_000), 400),
    "what it accepts is no type": (sent("GET", "/language/", Accept="a/b;c*=klingon''x"), 400),
    "a host of nobody": (sent("GET", "/", Host="evil.example"), 400),
}


@pytest.mark.parametrize("name", MALFORMED)
def test_what_is_malformed_is_told_by_a_page_of_ours_in_the_reader_s_language(
    application, questionnaire, written, name
):
    request, status = MALFORMED[name]
    for language in ("en", "fr"):
        asked = replace(request, headers=[*request.headers, ("Accept-Language", language)])
        answer = hostile.ask(application, asked)
        text = answer.body.decode()
        assert answer.status == status
        assert f'<html lang="{language}">' in text
        assert "<h1>" in text
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert len(written.getvalue()) < 2 * 300


def test_a_form_that_calls_its_charset_by_its_other_name_is_read(application, questionnaire):
    body = f"csrfmiddlewaretoken={hostile.TOKEN}&name=\u00c9t\u00e9".encode()
    answer = hostile.ask(application, sent("POST", "/start/", f"{FORM}; charset=UTF8", body))
    assert answer.status == 422
    assert 'value="\u00c9t\u00e9"' in answer.body.decode()


def test_a_length_that_is_no_number_is_refused(client, db):
    assert client.get("/", CONTENT_LENGTH="many").status_code == 400


@pytest.mark.parametrize(("target", "status"), [("/nowhere/", 404), ("/?a=b", 415)])
def test_a_script_is_told_as_json_what_was_wrong(application, questionnaire, target, status):
    asked = {"Accept": "application/json", "Accept_Language": "fr"}
    answer = hostile.ask(application, sent("GET", target, "x; charset=hex" if status == 415 else "", **asked))
    assert answer.status == status
    assert json.loads(answer.body)["saved"] is False


def test_a_next_that_is_no_address_is_refused_on_every_page_of_accounts(client, boss):
    for name in [name for name in TABLE if name.startswith(("account_", "mfa_"))]:
        for visitor in (Client(), boss):
            for place in ("http://[::1", "//["):
                assert visitor.get(reverse(name), {"next": place}).status_code < 500
                assert visitor.post(reverse(name), {"next": place}).status_code < 500
    page = Client().get(reverse("account_login"), {"next": "http://[::1"})
    assert page.status_code == 400
    assert "This request could not be understood" in page.content.decode()


@pytest.mark.parametrize("word", ["abc", "account_login", "home", "admin:index", "http://["])
def test_a_next_that_is_a_word_leads_to_the_first_page_of_the_administration(boss, word):
    assert boss.get("/admin/login/", {"next": word})["Location"] == "/admin/"


@pytest.mark.parametrize("number", ["9" * 19, "9" * 40, "-" + "9" * 30])
def test_a_number_too_large_for_the_database_is_a_wrong_choice(boss, questionnaire, number):
    page = boss.post("/admin/assessment/referencelevel/add/", {"findings": number, "edition": number, "dimension": "x"})
    assert page.status_code == 200
    assert "findings" in page.context["errors"].as_text() or page.context["adminform"].form.errors["findings"]
    assert boss.get(f"/admin/assessment/finding/?id__in=1,{number}").status_code in (200, 302, 400)


@pytest.mark.parametrize(
    ("method", "address"),
    [
        ("TRACE", "/"),
        ("DELETE", "/start/"),
        ("PUT", "/accounts/login/"),
        ("PROPFIND", "/methodology/"),
        ("POST", "/health/live"),
        ("POST", "/health/ready"),
    ],
)
@pytest.mark.parametrize(
    ("language", "said"), [("en", "does not take such a request"), ("fr", "n’accepte pas ce type")]
)
def test_a_method_that_an_address_does_not_take_gets_a_page_of_ours(
    client, questionnaire, method, address, language, said
):
    client.handler.enforce_csrf_checks = True
    page = client.generic(method, address, headers={"Accept-Language": language})
    assert page.status_code == 405
    assert "GET" in page["Allow"]
    assert said in page.content.decode()
    told = client.generic(method, address, headers={"Accept": "application/json"})
    assert (told.status_code, told.json()["saved"]) == (405, False)


def test_a_line_of_log_is_short_in_bytes_too(client, db, written):
    client.get("/", headers={"Host": "é" * 500})
    (line,) = written.getvalue().splitlines()
    assert len(line.encode()) < 300
