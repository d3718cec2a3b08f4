"""Django's backend for SQLite, in which those who want to write ask again in short steps.

SQLite itself sleeps longer after each try, up to a tenth of a second: with several writers the file often lies idle while all
of them sleep, and who has waited longest has the worst chance.
"""

from time import monotonic, sleep

from django.db import OperationalError
from django.db.backends.sqlite3 import base

STEP = 0.002  # seconds


class DatabaseWrapper(base.DatabaseWrapper):
    def _start_transaction_under_autocommit(self) -> None:
        """Wait for other writers as long as this connection waits for a lock at all."""
        (wait,) = self.connection.execute("PRAGMA busy_timeout").fetchone()  # milliseconds
        until = monotonic() + wait / 1000
        self.connection.execute("PRAGMA busy_timeout = 0")
        try:
            while not self._has_begun(is_last=monotonic() >= until):
                sleep(STEP)
        finally:
            self.connection.execute(f"PRAGMA busy_timeout = {wait}")

    def _has_begun(self, *, is_last: bool) -> bool:
        try:
            super()._start_transaction_under_autocommit()
        except OperationalError as error:
            is_busy = getattr(error.__cause__, "sqlite_errorcode", 0) & 0xFF == base.Database.SQLITE_BUSY
            if is_last or not is_busy:
                raise
            return False
        return True
