"""What every answer of the site carries, what production insists on, and what is written down nowhere."""

import gzip
import logging
import os
import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from csp.middleware import CSPMiddleware
from django.contrib import admin
from django.core import mail, signing
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessment import access
from assessment.accounts.cookies import STARTED
from assessment.models import Answer, Response, Session, Share
from assessment.models.secret import derived_key
from assessment.organisations.keeping import claim_link
from assessment.organisations.people import invite_person
from assessment.rounds.inviting import open_link
from assessment.views.middleware import SharedPolicy
from tests import factories

ROOT = Path(__file__).parent.parent
CHART_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
NOTE = "our secret plan for spring"


@pytest.fixture
def scene(questionnaire):
    """A submitted response with a note and a link, a reading link, and a draft."""
    response, key = factories.started()
    factories.answer(response, factories.level(2))
    answers = response.answers.all()
    answers.update(note=NOTE, evidence="https://intranet.example.org/secret-evidence", revision=7)
    Client().post(reverse("review", args=[key]))
    response.refresh_from_db()
    _row, token = factories.reading_link(response, days=90, at=timezone.now())
    _draft, draft_key = factories.started()
    return {"response": response, "key": key, "token": token, "draft": draft_key}


def pages(scene):
    """Addresses of every kind of page, with the status each answers with."""
    key, token, draft = scene["key"], scene["token"], scene["draft"]
    return {
        "/": 200,
        "/example/": 200,
        "/methodology/": 200,
        "/privacy/": 200,
        "/legal/": 200,
        "/start/": 200,
        "/accounts/login/": 200,
        "/health/live": 200,
        "/health/ready": 200,
        f"/r/{draft}/": 200,
        f"/r/{draft}/strategy/": 200,
        f"/r/{draft}/context/": 200,
        f"/r/{draft}/review/": 200,
        f"/r/{key}/": 200,
        f"/r/{key}/report/": 200,
        f"/r/{key}/report.json": 200,
        f"/r/{key}/share/": 200,
        f"/shared/{token}/": 200,
        f"/shared/{token}/report.json": 200,
        "/organisations/": 302,
        "/accounts/signup/": 200,
        "/accounts/password/reset/": 200,
        "/admin/login/": 302,
        "/nowhere/": 404,
        "/r/wrong/": 404,
        f"/r/{key}/correct/": 302,
    }


def directives(policy):
    return {name: values for name, *values in (part.split() for part in policy.split(";"))}


def own(policy):
    page = HttpResponse()
    page._csp_replace = policy
    return page


@pytest.mark.parametrize(
    "answer",
    [
        lambda request: HttpResponse(),
        lambda request: own({"frame-ancestors": ["*"]}),
        lambda request: HttpResponse(headers={"Content-Security-Policy": CHART_POLICY}),
    ],
)
def test_the_policy_worded_once_is_the_one_that_django_csp_words_each_time(rf, answer):
    shared, each_time = SharedPolicy(answer), CSPMiddleware(answer)
    for _twice in range(2):
        assert dict(shared(rf.get("/")).items()) == dict(each_time(rf.get("/")).items())


# Headers -------------------------------------------------------------------------------------------------------------
def test_every_page_carries_the_strict_policy_and_the_other_headers(scene, client):
    for address, status in pages(scene).items():
        page = client.get(address)
        assert page.status_code == status, address
        policy = directives(page["Content-Security-Policy"])
        assert policy["default-src"] == ["'none'"], address
        assert policy["script-src"] == policy["style-src"] == policy["form-action"] == ["'self'"], address
        assert policy["frame-ancestors"] == policy["base-uri"] == ["'none'"], address
        assert "unsafe" not in page["Content-Security-Policy"], address
        assert page["X-Frame-Options"] == "DENY", address
        assert page["X-Content-Type-Options"] == "nosniff", address
        assert page["Referrer-Policy"] in ("same-origin", "no-referrer"), address
        assert page["Cross-Origin-Opener-Policy"] == "same-origin", address
        for power in ("camera", "geolocation", "microphone"):
            assert f"{power}=()" in page["Permissions-Policy"], address


def test_the_pages_of_the_admin_carry_the_strict_policy_too(scene):
    client = Client()
    factories.sign_in(client, factories.account(is_staff=True, is_superuser=True), second_factor=True)
    for address in ("/admin/", "/admin/assessment/response/", "/admin/assessment/question/add/"):
        assert "unsafe" not in client.get(address)["Content-Security-Policy"]


def test_no_page_needs_what_the_policy_forbids(scene, client):
    """No inline script or style, no handler in an attribute, and nothing from another host."""
    for address in pages(scene):
        text = client.get(address).content.decode()
        assert not re.search(r"<script(?![^>]* src=)", text), address
        assert "<style" not in text, address
        assert not re.search(r"<[^>]+ (?:style|on[a-z]+)\s*=", text), address
        text = re.sub(r'<link rel="canonical"[^>]*>', "", text)  # names an address, and loads nothing
        loaded = re.findall(r"<(?:script|img|source|link|iframe)[^>]* (?:src|srcset|href)=[\"']([^\"']+)", text)
        assert [place for place in loaded if not place.startswith("/") or place.startswith("//")] == [], address


def test_charts_alone_may_style_themselves_and_can_do_nothing_else(scene, client):
    for name in ("rule", "radar", "bars", "gains", "questions-charter"):
        for base in ("/example/", f"/r/{scene['key']}/", f"/shared/{scene['token']}/"):
            page = client.get(f"{base}charts/{name}.svg")
            assert page["Content-Security-Policy"] == CHART_POLICY
            assert page["X-Content-Type-Options"] == "nosniff"
            assert page["Content-Type"].startswith("image/svg+xml")
            assert "<script" not in page.content.decode()


def test_pages_under_a_secret_address_are_neither_indexed_nor_stored(scene, client):
    for address, status in pages(scene).items():
        if address.startswith(("/r/", "/shared/")) and status == 200:
            page = client.get(address)
            assert page["X-Robots-Tag"] == "noindex, nofollow", address
            assert set(page["Cache-Control"].split(", ")) >= {"private", "no-store"}, address


def test_the_charts_of_a_reading_link_end_with_it(scene, client):
    kept = client.get(f"/r/{scene['key']}/charts/bars.svg")
    assert "no-store" not in kept["Cache-Control"]
    assert "private" in kept["Cache-Control"]
    assert "no-store" in client.get(f"/shared/{scene['token']}/charts/bars.svg")["Cache-Control"]
    for address in (f"/r/{scene['key']}/charts/bars.svg", f"/shared/{scene['token']}/charts/bars.svg"):
        assert client.get(address)["X-Robots-Tag"] == "noindex, nofollow"


def test_redirects_and_refusals_under_a_secret_address_are_not_stored_either(scene, client):
    for page in (
        client.get(f"/r/{scene['key']}/strategy/"),
        client.post(f"/r/{scene['draft']}/strategy/", {"strategy-document": "level-9"}),
        client.post(f"/r/{scene['draft']}/mail/", {"email": "nobody"}),
    ):
        assert "no-store" in page["Cache-Control"]


def test_the_home_page_of_who_started_is_not_stored_as_it_names_their_address(questionnaire, client):
    assert "Cache-Control" not in client.get("/") or "no-store" not in client.get("/")["Cache-Control"]
    start = client.post("/start/", factories.START)
    home = client.get("/")
    key = start["Location"].split("/")[2]
    assert key in home.content.decode()
    assert "no-store" in home["Cache-Control"]


def test_a_key_in_the_home_page_s_cookie_that_was_tampered_with_is_ignored(scene, client):
    client.cookies["started"] = f"{scene['key']}:1tYabc:forged-forged-forged"
    assert scene["key"] not in client.get("/").content.decode()


def test_cookies_are_for_this_site_and_unreadable_for_scripts(questionnaire, client):
    client.post("/start/", factories.START)
    client.post("/language/", {"language": "fr", "next": "/"})
    assert {"started", "language"} <= client.cookies.keys()
    client.get("/start/")
    for name, cookie in client.cookies.items():
        assert cookie["httponly"], name
        assert cookie["samesite"] == "Lax", name


def test_links_that_people_typed_open_without_a_way_back(scene, client):
    text = client.get(f"/r/{scene['key']}/report/").content.decode()
    link = re.search(r"<a[^>]*intranet\.example\.org[^>]*>", text).group()
    assert "noopener" in link
    assert "noreferrer" in link


@pytest.mark.parametrize(
    "address",
    ["/start/", "/language/", "/accounts/login/", "/r/{draft}/strategy/", "/r/{draft}/review/", "/r/{key}/share/"],
)
def test_a_form_from_elsewhere_is_refused(scene, address):
    page = Client(enforce_csrf_checks=True).post(address.format(**scene), factories.START)
    assert page.status_code == 403
    assert "This form could not be accepted" in page.content.decode()


@pytest.mark.parametrize("address", ["/start/", "/language/", "/accounts/logout/"])
@pytest.mark.parametrize(
    ("came_from", "back"),
    [
        ("http://testserver/organisations/x/plan/?step=a&b=1#c", "/organisations/x/plan/?step=a&amp;b=1"),
        ("http://elsewhere.example/start/", None),
        ("javascript:alert(1)", None),
        ("http://testserver//elsewhere.example/", None),
        ("http://[", None),
        ("", None),
    ],
)
def test_a_refused_form_leads_back_to_its_page_on_this_site_alone(address, came_from, back):
    """Also in the other language, as the address that took the form may be none to go to."""
    page = Client(enforce_csrf_checks=True).post(address, headers={"Referer": came_from}).content.decode()
    assert re.findall(r'href="([^"]*)">Back to the form', page) == ([back] if back else [])
    assert f'name="next" value="{back or address}"' in page


# Production ----------------------------------------------------------------------------------------------------------
def run(code_or_command, **environment):
    """Run Python, or manage.py, as on a server: nothing in the environment but what is named."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    command = [sys.executable, "-W", "error"]
    command += ["-c", code_or_command] if isinstance(code_or_command, str) else ["manage.py", *code_or_command]
    return subprocess.run(
        command, capture_output=True, text=True, cwd=ROOT, env=kept | environment, timeout=120, check=False
    )


@pytest.fixture(scope="module")
def production(tmp_path_factory):
    place = tmp_path_factory.mktemp("production") / "db.sqlite3"
    return {
        "SECRET_KEY": "k3-9fjw0-2ksl4mcvn57aqpzx81gtrb6yhudei-of-a-server-XKCD-0192837465",
        "ALLOWED_HOSTS": "maturity.example.org",
        "DATABASE_URL": f"sqlite:///{place}",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }


def test_the_deployment_check_finds_nothing_in_production(production):
    done = run(["check", "--deploy", "--fail-level", "WARNING"], **production)
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


@pytest.mark.parametrize("debug", [{}, {"DEBUG": "0"}, {"DEBUG": "false"}, {"DEBUG": ""}])
@pytest.mark.parametrize("key", [{}, {"SECRET_KEY": ""}])
def test_production_refuses_to_start_without_a_secret_key(production, key, debug):
    environment = {name: value for name, value in production.items() if name != "SECRET_KEY"}
    done = run("import config.wsgi", **environment | key | debug)
    assert done.returncode != 0
    assert "SECRET_KEY" in done.stderr or "DEBUG" in done.stderr


def setting(name, production, **environment):
    done = run(f"from django.conf import settings; print(repr(settings.{name}))", **production | environment)
    return done.stdout.strip() if done.returncode == 0 else "refused"


def test_production_speaks_https_only(production, static):
    code = """
import django; django.setup()
from django.test import Client
plain, secure = Client(), Client(headers={"host": "maturity.example.org"})
moved = plain.get("/privacy/", headers={"host": "maturity.example.org"})
print(moved.status_code, moved["Location"])
page = Client().get("/privacy/", secure=True, headers={"host": "maturity.example.org"})
print(page.status_code, page["Strict-Transport-Security"])
print(Client().get("/health/live", headers={"host": "maturity.example.org"}).status_code)
login = Client().get("/accounts/login/", secure=True, headers={"host": "maturity.example.org"})
cookie = login.cookies["csrftoken"]
print(bool(cookie["secure"]), bool(cookie["httponly"]), cookie["samesite"])
print(Client().get("/privacy/", secure=True, headers={"host": "evil.example"}).status_code)
"""
    done = run(code, **production, STATIC_ROOT=str(static))
    assert done.stdout.splitlines() == [
        "301 https://maturity.example.org/privacy/",
        "200 max-age=31536000",
        "200",
        "True True Lax",
        "400",
    ], done.stderr


@pytest.mark.parametrize("name", ["SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "LANGUAGE_COOKIE_SECURE"])
def test_cookies_are_secure_in_production(production, name):
    assert setting(name, production) == "True"


def test_a_forwarded_header_counts_only_behind_a_proxy(production):
    assert setting("SECURE_PROXY_SSL_HEADER", production) == "None"
    assert "HTTP_X_FORWARDED_PROTO" in setting("SECURE_PROXY_SSL_HEADER", production, BEHIND_PROXY="1")


# What is written down ------------------------------------------------------------------------------------------------
def test_requests_that_fail_leave_no_key_in_the_log(scene, client, written, monkeypatch):
    key, token = scene["key"], scene["token"]
    client.get(f"/r/{key}x/")
    client.get(f"/r/{key}/nowhere.pdf")
    client.get(f"/shared/{token}x/report.json?back=/r/{key}/report/")
    client.put(f"/r/{key}/correct/")
    Client(enforce_csrf_checks=True).post(f"/r/{key}/mail/")
    assert written.getvalue().count("/r/.../") >= 3
    assert "/shared/.../" in written.getvalue()
    assert key not in written.getvalue()
    assert token not in written.getvalue()


def test_a_server_error_leaves_no_key_in_the_log_nor_in_its_traceback(scene, written, monkeypatch):
    key = scene["key"]

    def broken(key, *rest):
        reverse("dimension", args=[key])  # its message quotes the key without an address around it

    monkeypatch.setattr(access, "response", broken)
    page = Client(raise_request_exception=False).get(f"/r/{key}/")
    assert page.status_code == 500
    assert key not in page.content.decode()
    assert "NoReverseMatch" in written.getvalue()
    assert "Internal Server Error: /r/.../" in written.getvalue()
    assert key not in written.getvalue()


def test_what_the_development_server_writes_has_no_key(written):
    logging.getLogger("django.server").info('"%s" %s %s', "GET /r/s3cr3t-k3y/report/ HTTP/1.1", "200", "12")
    logging.getLogger("django.server").info("GET /shared/s3cr3t-t0ken?x=1 and %(path)s", {"path": "/join/s3cr3t"})
    logging.getLogger("anything").error("next=%s", "%2Fr%2Fs3cr3t-k3y%2Freport%2F")
    logging.getLogger("django.server").info(
        "GET /keep/s3cr3t/ and /accounts/login/?next=/invitation/s3cr3t/ and /r/s3cr3t/keep/"
    )
    logging.getLogger("django.server").info(
        "GET //r//s3cr3t/ POST /mail/stop/s3cr3t/ and /accounts/login/?next=%2Fmail%2Fstop%2Fs3cr3t%2F"
    )
    assert written.getvalue().count("...") == 10
    assert "/r/.../keep/" in written.getvalue()
    assert "s3cr3t" not in written.getvalue()
    assert '"GET /r/.../report/ HTTP/1.1" 200 12' in written.getvalue()


def test_a_log_line_whose_arguments_do_not_fit_breaks_nothing(written):
    logging.getLogger("anything").error("%d of %d at /r/s3cr3t/", "one")
    assert "s3cr3t" not in written.getvalue()


def test_the_log_of_a_mail_that_could_not_be_sent_has_no_key(scene, client, written, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9  # nothing listens there
    client.post(f"/r/{scene['key']}/mail/", {"email": "somebody@example.org"})
    assert "could not be sent" in written.getvalue()
    assert scene["key"] not in written.getvalue()


# What is stored ------------------------------------------------------------------------------------------------------
def everything_stored():
    """Every value of every column of every table, as text."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            for line in cursor.fetchall():
                yield from ((table, str(value)) for value in line if value is not None)


def test_neither_keys_nor_tokens_are_stored(questionnaire, client, monkeypatch):
    monkeypatch.setattr("assessment.views.sharing.MOST", 1000)
    start = client.post("/start/", factories.START | {"email": "anne@example.org"})
    key = start["Location"].split("/")[2]
    client.post(f"/r/{key}/strategy/", {"strategy-document": "level-3", "strategy-document.note": "as agreed"})
    client.post(f"/r/{key}/mail/", {"email": "anne@example.org"})
    client.post(f"/r/{key}/review/")
    for _ in range(150):  # more than a cookie holds, if nobody reads the page in between
        client.post(f"/r/{key}/share/", factories.SHARE)
    client.post(f"/r/{key}/correct/")
    stored = list(everything_stored()) + [("session", str(row.get_decoded())) for row in Session.objects.all()]
    tokens = re.findall(r"/shared/([\w-]+)/", client.get(f"/r/{key}/share/").content.decode())
    assert tokens
    assert ("assessment_answer", "as agreed") in stored  # the search does see what is stored
    assert [table for table, value in stored for secret in (key, *tokens) if secret in value] == []


@pytest.mark.parametrize("sends", [False, True])
@pytest.mark.parametrize("name", ["keep", "keep_by_link", "invitation"])
def test_signing_up_on_the_way_to_a_secret_address_writes_it_down_nowhere(scene, client, written, name, sends):
    """Neither in the session, where the way on is kept, nor in an address that a proxy logs."""
    organisation = scene["response"].round.organisation
    secret = {
        "keep": scene["key"],
        "keep_by_link": claim_link(scene["response"], at=timezone.now()).token,
        "invitation": invite_person(organisation, "viewer", at=timezone.now()).token,
    }[name]
    place = reverse(name, args=[secret])
    client.cookies[STARTED.name] = signed(STARTED.name, scene["key"])
    shown = client.get(place).content.decode()
    asked = client.post(place)["Location"] if sends else re.search(r'href="(/accounts/login/[^"]*)"', shown).group(1)
    assert not Session.objects.exists()
    signed_up = client.post(
        asked.replace("login", "signup"),
        {"email": "new@example.org", "password1": "a long enough one", "next": reverse("account_continue")},
    )
    sessions = [("session", str(row.get_decoded())) for row in Session.objects.all()]
    assert reverse("account_continue") in str(sessions)  # the search does see where the way leads on
    code = re.search(r"^\s*([A-Z0-9]{4}-[A-Z0-9]{4})\s*$", mail.outbox[-1].body, re.MULTILINE).group(1)
    confirmed = client.post(signed_up["Location"], {"code": code})
    sessions += [("session", str(row.get_decoded())) for row in Session.objects.all()]
    assert [table for table, value in [*everything_stored(), *sessions] if secret in value] == []
    assert secret not in asked + signed_up["Location"] + confirmed["Location"] + written.getvalue()
    assert client.get(confirmed["Location"])["Location"] == place


def signed(name, value):
    """The value of a signed cookie, as the site sets it."""
    return signing.get_cookie_signer(salt=name).sign(value)


def test_keys_and_tokens_are_long_and_never_the_same(questionnaire):
    keys = {factories.started()[1] for _ in range(50)}
    assert len(keys) == 50
    assert min(len(key) for key in keys) * 6 >= 128  # six bits a character


def test_derived_secrets_are_as_long(questionnaire):
    """What is worked out from a seed cannot be guessed either: four bits a character."""
    response, _key = factories.started()
    link = open_link(response.round, at=timezone.now())
    person = invite_person(response.round.organisation, "viewer", at=timezone.now())
    for secret in (derived_key("anything", 1), link.token, link.response_key, person.token):
        assert re.fullmatch("[0-9a-f]+", secret)
        assert len(secret) * 4 >= 128


# The admin -----------------------------------------------------------------------------------------------------------
def test_the_admin_shows_neither_keys_nor_answers_nor_notes_nor_addresses(scene, client):
    response = scene["response"]
    Response.objects.filter(pk=response.pk).update(email="anne@example.org")
    factories.sign_in(client, factories.account(is_staff=True, is_superuser=True), second_factor=True)
    hidden = [scene["key"], scene["token"], response.key_hash, NOTE, "secret-evidence", "anne@example.org"]
    hidden += [response.shares.get().token_hash, response.round.organisation.slug]
    result = response.result
    addresses = [
        "/admin/",
        "/admin/assessment/",
        f"/admin/assessment/response/?q={response.round.organisation.name}",
        f"/admin/assessment/response/{response.pk}/change/",
        f"/admin/assessment/response/{response.pk}/history/",
        f"/admin/assessment/round/{response.round_id}/change/",
        f"/admin/assessment/result/{result.pk}/change/",
        f"/admin/assessment/organisation/{response.round.organisation_id}/change/",
        f"/admin/assessment/organisation/{response.round.organisation_id}/delete/",
    ]
    addresses += [f"/admin/assessment/{model}/" for model in ("organisation", "round", "response", "result")]
    for address in addresses:
        page = client.get(address)
        assert page.status_code == 200, address
        assert [secret for secret in hidden if secret in page.content.decode()] == [], address
    chosen = response.round.questionnaire.dimensions.first().questions.first().choices.get(key="level-2")
    assert chosen.text_en not in client.get(f"/admin/assessment/response/{response.pk}/change/").content.decode()


def test_the_admin_has_no_page_for_answers_or_reading_links(questionnaire):
    hidden = {Answer, Share, Session}
    assert hidden.isdisjoint(admin.site._registry)


@pytest.mark.parametrize("lookup", ["key_hash__startswith=a", "answers__note__contains=s", "email__contains=a"])
def test_the_admin_s_filters_cannot_be_bent_to_guess_what_is_hidden(scene, client, lookup):
    factories.sign_in(client, factories.account(is_staff=True, is_superuser=True), second_factor=True)
    page = client.get(f"/admin/assessment/response/?{lookup}")
    assert page.status_code in (302, 400)


def test_the_mail_with_the_address_goes_to_nobody_else(scene, client):
    client.post(f"/r/{scene['key']}/mail/", {"email": "anne@example.org"})
    (sent,) = mail.outbox
    assert sent.recipients() == ["anne@example.org"]
    assert sent.attachments == []


def test_sessions_end_after_two_weeks(settings):
    assert timedelta(seconds=settings.SESSION_COOKIE_AGE) <= timedelta(days=14)


# Compression ---------------------------------------------------------------------------------------------------------
PACKED = {"accept-encoding": "gzip, br"}


@pytest.mark.any_database
def test_pages_and_charts_come_compressed_to_who_can_read_that(client, questionnaire):
    for address in ("/", "/methodology/", "/example/charts/bars.svg", "/no-such-page/"):
        plain, packed = client.get(address), client.get(address, headers=PACKED)
        assert packed["Content-Encoding"] == "gzip", address
        assert len(packed.content) < len(plain.content) / 2
        assert "Accept-Encoding" in packed["Vary"]
        assert "Content-Encoding" not in plain


@pytest.mark.any_database
def test_what_is_packed_already_stays_as_it_is(client, questionnaire):
    for address in ("/example/report.pdf", "/example/report.xlsx", "/example/charts/bars.png"):
        assert "Content-Encoding" not in client.get(address, headers=PACKED), address


@pytest.mark.any_database
def test_no_two_compressed_pages_with_a_form_are_alike_or_of_one_length(client, questionnaire):
    client.get("/start/")
    pages = [client.get("/start/", headers=PACKED).content for _time in range(8)]
    assert len({gzip.decompress(page) for page in pages}) == 8  # the token of the form
    assert len({len(page) for page in pages}) > 3


@pytest.mark.any_database
def test_a_chart_that_came_compressed_is_not_sent_twice(client, questionnaire):
    first = client.get("/example/charts/bars.svg", headers=PACKED)
    assert first["ETag"].startswith("W/")
    again = client.get("/example/charts/bars.svg", headers=PACKED | {"if-none-match": first["ETag"]})
    assert again.status_code == 304


# Where programs look -------------------------------------------------------------------------------------------------
@pytest.mark.any_database
def test_programs_find_what_they_look_for(client, questionnaire):
    robots = client.get("/robots.txt")
    assert robots["Content-Type"].startswith("text/plain")
    assert "Disallow: /organisations/" in robots.content.decode()
    assert "/shared/" not in robots.content.decode()  # whoever is sent a link may see its preview
    assert client.get("/favicon.ico")["Location"].endswith("favicon.ico")
    assert client.get("/.well-known/change-password")["Location"] == reverse("account_change_password")
