"""The database locked, away, full or read-only: told as that, soon, and over by itself; nothing acknowledged is lost."""

import json
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from threading import get_ident
from time import sleep
from types import SimpleNamespace

import pytest
from django.db import (
    DatabaseError,
    IntegrityError,
    InterfaceError,
    OperationalError,
    ProgrammingError,
    close_old_connections,
    connection,
    transaction,
)
from django.db.backends.base import base
from django.test import Client

from assessment.models.limit import Count
from assessment.views.outages import AWAY, CONFLICT, DISK, FULL, LOCKED, READ_ONLY, Patience, outage_of, patience
from config.sqlite import base as sqlite_base
from tests import factories
from tests.server import ROOT, Site, fresh_database
from tests.test_dimension import at_once

SQLITE = connection.vendor == "sqlite"
pytestmark = pytest.mark.every_case
on_sqlite = pytest.mark.any_database
on_postgresql = pytest.mark.postgresql


# Which errors are outages ----------------------------------------------------------------------------------------------
STATES = {
    "25006": READ_ONLY,
    "25P03": AWAY,
    "40001": CONFLICT,
    "40P01": CONFLICT,
    "53100": FULL,
    "53200": AWAY,
    "53300": AWAY,
    "55P03": LOCKED,
    "57014": LOCKED,
    "57P01": AWAY,
    "57P03": AWAY,
    "58030": DISK,
    "08006": AWAY,
    "42P01": None,  # no such table
    "23505": None,
    "22003": None,
    "54001": None,
}


@on_postgresql
@pytest.mark.parametrize("state", STATES)
def test_postgresql_s_outages_are_known_by_their_states(db, state):
    with pytest.raises(DatabaseError) as raised, connection.cursor() as cursor:
        cursor.execute(f"DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '{state}'; END $$")
    assert outage_of(raised.value) == STATES[state]


@on_sqlite
def test_sqlite_s_outages_are_known_by_their_codes(tmp_path):
    with (
        closing(sqlite3.connect(tmp_path / "a", timeout=0)) as one,
        closing(sqlite3.connect(tmp_path / "a", timeout=0)) as other,
    ):
        one.execute("CREATE TABLE t (x)")
        one.execute("PRAGMA max_page_count = 4")
        one.execute("BEGIN EXCLUSIVE")
        found = [_error(other, "INSERT INTO t VALUES (1)")]
        one.rollback()
        other.execute("PRAGMA query_only = ON")
        found += [_error(other, "INSERT INTO t VALUES (1)"), _error(one, "INSERT INTO t VALUES (zeroblob(1000000))")]
        found += [_error(one, "SELECT * FROM nothing"), _error(one, "SELECT")]
    assert found == [LOCKED, READ_ONLY, FULL, None, None]


def _error(database, statement):
    try:
        database.execute(statement)
    except sqlite3.Error as error:
        told = OperationalError()
        told.__cause__ = error
        return outage_of(told)
    raise AssertionError(statement)


def test_an_error_without_a_word_of_the_database_is_one_of_the_way_there():
    assert outage_of(OperationalError("connection refused")) == outage_of(InterfaceError()) == AWAY
    for error in (None, ProgrammingError(), IntegrityError(), ValueError(), OSError(2, "No such file")):
        assert outage_of(error) is None
    assert outage_of(OSError(28, "No space left on device")) == FULL


# What a request gets ----------------------------------------------------------------------------------------------------
class Failing:
    """What every statement ends with, as often as wanted."""

    def __init__(self, error, times=1000):
        self.error, self.times = error, times

    def __call__(self, execute, sql, params, many, context):
        if self.times:
            self.times -= 1
            raise self.error
        return execute(sql, params, many, context)


def quiet():
    """Gets what a visitor gets, also of an error."""
    return Client(raise_request_exception=False)


@pytest.fixture
def quiet_client():
    return quiet()


@pytest.mark.parametrize("language", ["en", "fr"])
def test_an_outage_is_a_page_in_the_reader_s_language_that_says_when_to_try_again(
    quiet_client, questionnaire, language
):
    _response, key = factories.started()
    quiet_client.force_login(factories.account())  # so that a session is asked for, too
    with connection.execute_wrapper(Failing(OperationalError("connection refused"))):
        for page in (
            quiet_client.get("/", headers={"accept-language": language}),
            quiet_client.get("/nowhere/", headers={"accept-language": language}),
            quiet_client.post(f"/r/{key}/strategy/", {}, headers={"accept-language": language}),
        ):
            text = page.content.decode()
            assert (page.status_code, page["Retry-After"]) == (503, "5")
            assert f'<html lang="{language}">' in text
            assert "default-src 'none'" in page["Content-Security-Policy"]
            assert "no-store" in page["Cache-Control"]
            assert '<meta name="interrupts" content="yes">' in text  # what was typed is kept in the browser
            assert "<form" not in text
            assert "connection refused" not in text


def test_a_script_gets_the_same_as_json(quiet_client, questionnaire):
    _response, key = factories.started()
    with connection.execute_wrapper(Failing(OperationalError("connection refused"))):
        page = quiet_client.post(
            f"/r/{key}/strategy/", {"save": "strategy-document"}, headers={"accept": "application/json"}
        )
    told = json.loads(page.content)
    assert (page.status_code, page["Retry-After"]) == (503, "5")
    assert (told["saved"], told["retry_after"]) == (False, 5)
    assert told["message"].startswith("Not saved")


def test_a_mistake_of_ours_is_no_outage(quiet_client, questionnaire):
    for error in (ProgrammingError("no such table"), IntegrityError("twice")):
        with connection.execute_wrapper(Failing(error)):
            assert quiet_client.get("/").status_code == 500


def test_what_stood_in_another_s_way_is_done_once_more(quiet_client, questionnaire):
    conflict = OperationalError("deadlock detected")
    conflict.__cause__ = type("DeadlockDetected", (Exception,), {"sqlstate": "40P01"})()
    for times, status in ((1, 200), (2, 503)):
        with connection.execute_wrapper(Failing(conflict, times)):
            assert quiet_client.get("/").status_code == status


@on_postgresql
def test_submitting_correcting_and_erasing_of_one_key_at_once_is_no_mistake_of_ours(lasting):
    for _time in range(12):
        _response, key = factories.submitted()
        calls = [
            lambda place=place, key=key: quiet().post(f"/r/{key}/{place}/").status_code
            for place in ["correct", "review", "erase", "correct", "review", "erase"]
        ]
        assert set(at_once(*calls)) <= {302, 404, 503}


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_database_that_is_read_only_is_read(quiet_client, questionnaire, method):
    _response, key = factories.started()
    only, also = (
        ("PRAGMA query_only = ON", "PRAGMA query_only = OFF") if SQLITE else ("SET transaction_read_only = on", "")
    )
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(only)
        page = getattr(quiet_client, method)(f"/r/{key}/strategy/", {"strategy-document": "level-2"})
        transaction.set_rollback(True)
    if SQLITE:
        with connection.cursor() as cursor:
            cursor.execute(also)
    assert (page.status_code, page.get("Retry-After")) == ((200, None) if method == "get" else (503, "30"))


def test_one_line_of_log_tells_an_outage(quiet_client, questionnaire, written):
    with connection.execute_wrapper(Failing(OperationalError("connection refused"))):
        quiet_client.get("/r/secret-secret-secret-secret/report/")
        quiet_client.get("/" + "x" * 3000)
    assert written.getvalue().splitlines()[0] == "Unavailable, the database cannot be reached: /r/.../report/"
    assert all(len(line) < 300 for line in written.getvalue().splitlines())


# How long requests wait -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("is_short", [False, True])
def test_after_one_waited_in_vain_the_next_wait_less_for_a_while(transactional_db, monkeypatch, is_short):
    hasty = Patience()
    if is_short:
        hasty.shorten()
    for haste in (is_short, False):
        monkeypatch.setattr(hasty, "_hurried_until", float("inf") if haste else float("-inf"))
        connection.ensure_connection()
        hasty.apply(connection)
        with connection.cursor() as cursor:
            cursor.execute(
                "PRAGMA busy_timeout" if SQLITE else "SELECT setting FROM pg_settings WHERE name = 'lock_timeout'"
            )
            (found,) = cursor.fetchone()
        assert int(found) == (250 if haste else 20_000)
        if SQLITE:  # a pool would hand what is shortened here to a later test, and no other Patience knows of it
            connection.close()


@on_sqlite
@pytest.mark.parametrize("is_short", [False, True])
def test_a_file_that_is_open_already_is_waited_for_as_long_as_one_that_is_opened(
    quiet_client, transactional_db, monkeypatch, is_short
):
    connection.ensure_connection()
    connection.connection.execute("PRAGMA busy_timeout = 1000")
    monkeypatch.setattr(patience, "_hurried_until", float("inf") if is_short else float("-inf"))
    quiet_client.get("/health/live")
    (found,) = connection.connection.execute("PRAGMA busy_timeout").fetchone()
    connection.close()
    assert found == (250 if is_short else 20_000)


def begin():
    with transaction.atomic():
        pass


@on_sqlite
@pytest.mark.parametrize("write", [begin, Count.objects.all().delete, lambda: Count.objects.update(number=1)])
def test_who_waits_to_write_asks_again_in_short_steps_until_it_is_too_long(lasting, monkeypatch, write):
    """Also one statement alone: asking more seldom than the others it would wait until they are done."""
    connection.ensure_connection()
    steps = []
    with closing(sqlite3.connect(connection.settings_dict["NAME"], check_same_thread=False)) as other:
        monkeypatch.setattr(sqlite_base, "sleep", lambda seconds: steps.append(seconds) or other.rollback())
        other.execute("BEGIN IMMEDIATE")
        write()
        assert steps == [sqlite_base.STEP]
        other.execute("BEGIN IMMEDIATE")
        connection.connection.execute("PRAGMA busy_timeout = 0")
        with pytest.raises(OperationalError):
            write()
        other.rollback()
    assert connection.connection.execute("PRAGMA busy_timeout").fetchone() == (0,)
    connection.close()
    assert len(steps) == 1


@on_sqlite
def test_of_the_threads_that_wait_to_write_one_asks_at_a_time(lasting, monkeypatch):
    """The others would hold up whoever writes, each time they ask."""
    connection.ensure_connection()
    asking = []
    with closing(sqlite3.connect(connection.settings_dict["NAME"], check_same_thread=False)) as other:

        def note(seconds):
            asking.append(get_ident())
            sleep(seconds)
            if len(asking) == 60:
                other.rollback()

        def write(_number):
            with closing(connection):
                begin()

        monkeypatch.setattr(sqlite_base, "sleep", note)
        other.execute("BEGIN IMMEDIATE")
        with ThreadPoolExecutor(3) as pool:
            list(pool.map(write, range(3)))
    assert len(set(asking[:60])) == 1


@on_sqlite
def test_a_thread_keeps_its_file_open_for_the_next_requests_and_not_for_long(transactional_db, monkeypatch):
    clock = SimpleNamespace(now=1000.0)
    monkeypatch.setattr(base, "time", SimpleNamespace(monotonic=lambda: clock.now))
    connection.close()
    connection.ensure_connection()
    opened = connection.connection
    close_old_connections()
    assert connection.connection is opened
    clock.now += 2
    close_old_connections()
    assert connection.connection is None


# Starting ----------------------------------------------------------------------------------------------------------------
def test_two_migrations_at_once_are_one_after_the_other(tmp_path, transactional_db):
    with fresh_database(tmp_path) as url, ThreadPoolExecutor(2) as pool:
        site = Site(url, tmp_path)
        told = list(pool.map(lambda _number: site.manage("migrate", "auth"), range(2)))
    assert sorted("No migrations to apply" in text for text in told) == [False, True]


def test_without_static_files_nothing_starts_and_it_is_said_why(tmp_path):
    environment = {"SECRET_KEY": "k" * 50, "STATIC_ROOT": str(tmp_path), "DATABASE_URL": f"sqlite:///{tmp_path}/db"}
    done = subprocess.run(
        [sys.executable, "-c", "import config.wsgi"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "collectstatic" in done.stderr.splitlines()[-1]


# Too many at once -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "Too many people use the site at this moment."), ("fr", "Trop de personnes utilisent le site")],
)
def test_who_waited_too_long_for_a_thread_is_told_to_come_again(quiet_client, questionnaire, language, said):
    headers = {"Accept-Language": language}
    assert quiet_client.get("/", headers=headers, **{"queue.seconds": 1.9}).status_code == 200
    page = quiet_client.get("/", headers=headers, **{"queue.seconds": 2.1})
    assert (page.status_code, page["Retry-After"]) == (503, "5")
    assert said in page.content.decode()
    saved = quiet_client.post("/start/", headers={"Accept": "application/json"}, **{"queue.seconds": 2.1})
    assert (saved.status_code, saved.json()["saved"]) == (503, False)


def test_whether_the_process_lives_is_answered_however_long_it_took(quiet_client, db):
    assert quiet_client.get("/health/live", **{"queue.seconds": 9.0}).status_code == 200


@on_sqlite
@pytest.mark.parametrize("page", ["/accounts/signup/", "/accounts/password/reset/"])
def test_a_database_that_cannot_be_written_to_is_no_reason_to_say_that_somebody_asked_too_often(
    quiet_client, lasting, page, monkeypatch
):
    connection.ensure_connection()
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "timeout", 0.1)
    fields = {"email": "anne@example.org", "password1": "a long sentence of mine"}
    with closing(sqlite3.connect(connection.settings_dict["NAME"])) as other:
        other.execute("BEGIN IMMEDIATE")
        assert quiet_client.post(page, fields).status_code == 503
        other.rollback()
    monkeypatch.undo()
    assert quiet_client.post(page, fields).status_code in (200, 302, 422)
