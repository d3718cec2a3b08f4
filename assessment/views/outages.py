"""Outages of the database: which errors mean that it is away, locked, full or read-only, and how long requests wait for it.

A request waits for a lock or a connection as long as the settings say. Once one has waited in vain the next ones wait
`HURRIED` seconds at most, so that many at once are all told soon and the pages that can be read are; after `CALM` seconds
without such an end all is as before.
"""

import errno
import sqlite3
from dataclasses import dataclass
from time import monotonic
from weakref import WeakSet

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.db import DatabaseCache
from django.core.signals import request_started
from django.db import DatabaseError, InterfaceError, OperationalError, connections, router
from django.db.backends.signals import connection_created

HURRIED = 0.25  # seconds
CALM = 5.0  # seconds


@dataclass(frozen=True)
class Outage:
    """Why a request cannot be answered now, and in how many seconds to try again."""

    reason: str
    retry_after: int
    is_over: bool = False  # the same request may succeed at once
    is_wait: bool = False  # somebody waited in vain


AWAY = Outage("the database cannot be reached", 5, is_wait=True)
LOCKED = Outage("the database is locked", 2, is_wait=True)
CONFLICT = Outage("two transactions stood in each other's way", 1, is_over=True)
READ_ONLY = Outage("the database cannot be written to", 30)
FULL = Outage("the disk is full", 30)
DISK = Outage("the disk cannot be read or written", 30)
BUSY = Outage("too many requests at once", 5)  # not the database: the threads of this server

# By the primary result codes of SQLite: https://www.sqlite.org/rescode.html
OF_SQLITE = {5: LOCKED, 6: LOCKED, 8: READ_ONLY, 10: DISK, 13: FULL, 14: AWAY}
# By SQLSTATE, the longest beginning first: https://www.postgresql.org/docs/current/errcodes-appendix.html
OF_POSTGRESQL = {
    "25006": READ_ONLY,
    "25P03": AWAY,  # idle_in_transaction_session_timeout
    "40": CONFLICT,
    "53100": FULL,
    "53": AWAY,  # memory or connections are used up
    "55P03": LOCKED,
    "57014": LOCKED,  # statement_timeout
    "57": AWAY,
    "58": DISK,
    "08": AWAY,
}
FULL_DISK = {errno.ENOSPC, errno.EDQUOT}


def outage_of(error: BaseException | None) -> Outage | None:
    """What an error says of the database or its disk; None when it is a mistake of the program, such as a missing table."""
    if isinstance(error, OSError) and error.errno in FULL_DISK:
        return FULL
    if not isinstance(error, DatabaseError | InterfaceError):
        return None
    cause = error.__cause__
    if (code := getattr(cause, "sqlite_errorcode", None)) is not None:
        return OF_SQLITE.get(code & 0xFF)
    if state := getattr(cause, "sqlstate", None):
        return next((found for begins, found in OF_POSTGRESQL.items() if state.startswith(begins)), None)
    return AWAY if isinstance(error, OperationalError | InterfaceError) else None  # it never answered


class Patience:
    """How long this process waits: `shorten` when somebody waited in vain, `apply` to each connection before its use."""

    def __init__(self) -> None:
        self._hurried_until = float("-inf")
        self._shortened: WeakSet = WeakSet()  # connections to PostgreSQL, which a pool hands out again

    @property
    def is_short(self) -> bool:
        return monotonic() < self._hurried_until

    def shorten(self) -> None:
        self._hurried_until = monotonic() + CALM
        for connection in connections.all(initialized_only=True):
            self._wait_for_a_connection(connection, HURRIED)

    def apply(self, connection, **_sent) -> None:
        """Called by Django for each connection that it opens or takes out of its pool."""
        if connection.vendor == "sqlite":
            seconds = HURRIED if self.is_short else connection.settings_dict["OPTIONS"]["timeout"]
            connection.connection.execute(f"PRAGMA busy_timeout = {int(seconds * 1000)}")
            return
        raw = connection.connection
        if self.is_short:
            raw.execute(f"SET lock_timeout = {int(HURRIED * 1000)}")
            self._shortened.add(raw)
            return
        self._wait_for_a_connection(connection, connection.settings_dict["OPTIONS"]["pool"]["timeout"])
        if raw in self._shortened:
            raw.execute("RESET lock_timeout")
            self._shortened.discard(raw)

    def begin(self, **_sent) -> None:
        """Called by Django when a request begins, as a file of SQLite that is open already is not opened for it."""
        for connection in connections.all(initialized_only=True):
            if connection.vendor == "sqlite" and connection.connection:
                self.apply(connection)

    def _wait_for_a_connection(self, connection, seconds: float) -> None:
        if pool := getattr(connection, "pool", None):
            pool.timeout = seconds


patience = Patience()
_kept_open: dict[str, sqlite3.Connection] = {}


def keep_readable(connection, **_sent) -> None:
    """Hold one connection to each file of SQLite, so that the files beside it stay: to make them anew takes a free disk.

    For a process that serves pages; called by Django for each connection that it opens.
    """
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite" and name not in _kept_open:
        _kept_open[name] = sqlite3.connect(name, check_same_thread=False)
        _kept_open[name].execute("SELECT 1 FROM sqlite_master").fetchone()


class AttemptsCache(DatabaseCache):
    """Django's, in which an outage is one: taken for a refusal, it would tell people that they asked too often."""

    def _base_set(self, mode, key, value, timeout=DEFAULT_TIMEOUT):
        failed: list[DatabaseError] = []

        def note(execute, sql, params, many, context):
            try:
                return execute(sql, params, many, context)
            except DatabaseError as error:
                failed.append(error)
                raise

        with connections[router.db_for_write(self.cache_model_class)].execute_wrapper(note):
            done = super()._base_set(mode, key, value, timeout)
        if not done and failed and outage_of(failed[-1]):
            raise failed[-1]
        return done


def register() -> None:
    """Once, when the site starts."""
    connection_created.connect(patience.apply, dispatch_uid="patience")
    request_started.connect(patience.begin, dispatch_uid="patience")
