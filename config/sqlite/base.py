"""Django's backend for SQLite, in which those who want to write ask again in short steps, one of a process at a time.

SQLite itself sleeps longer after each try, up to a tenth of a second: with several writers the file often lies idle while all
of them sleep, and who has waited longest has the worst chance. And each thread that asks holds up the one that writes.
"""

from sqlite3 import SQLITE_BUSY, SQLITE_BUSY_RECOVERY, OperationalError
from threading import Lock
from time import monotonic, sleep

from django.db.backends.sqlite3 import base

STEP = 0.002  # seconds
TURN = Lock()  # of the thread of this process that asks
PASSING = (SQLITE_BUSY, SQLITE_BUSY_RECOVERY)  # not a snapshot that grew old: that one stays busy for ever
WRITING = ("BEGIN", "INSERT", "UPDATE", "DELETE")  # what waits for other writers, unless it has its turn already


class Cursor(base.SQLiteCursorWrapper):
    def execute(self, query, params=None):
        """Wait for other writers as long as this connection waits for a lock at all."""
        if self.connection.in_transaction or not query.startswith(WRITING):
            return super().execute(query, params)
        ask = self.connection.execute
        (wait,) = ask("PRAGMA busy_timeout").fetchone()  # milliseconds
        until = monotonic() + wait / 1000
        ask("PRAGMA busy_timeout = 0")
        has_turn = TURN.acquire(timeout=wait / 1000)
        try:
            while True:
                is_last = monotonic() >= until
                try:
                    return super().execute(query, params)
                except OperationalError as error:
                    if is_last or error.sqlite_errorcode not in PASSING:
                        raise
                sleep(STEP)
        finally:
            if has_turn:
                TURN.release()
            ask(f"PRAGMA busy_timeout = {wait}")


class DatabaseWrapper(base.DatabaseWrapper):
    def create_cursor(self, name=None):
        return self.connection.cursor(factory=Cursor)
