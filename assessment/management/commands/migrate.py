"""`manage.py migrate`: Django's, one at a time, so that several hosts may start at once; the second finds nothing to do."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.management.commands import migrate
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

NUMBER = 6_372_148_095  # of the advisory lock: any that no other program in the database takes


class Command(migrate.Command):
    def handle(self, *args, database: str, **options):
        with _alone(connections[database]):
            return super().handle(*args, database=database, **options)


@contextmanager
def _alone(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Wait until no other migration of this database runs; a process that dies gives its lock back."""
    lock = {"postgresql": _advisory_lock, "sqlite": _lock_of_folder}[connection.vendor]
    with lock(connection):
        yield


@contextmanager
def _advisory_lock(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """On a connection of its own, as the other one may be closed meanwhile; a pool takes it back as it was."""
    own = connection.copy()
    try:
        with own.cursor() as cursor:
            for name in ("lock_timeout", "statement_timeout"):
                cursor.execute(f"SET {name} = 0")
            cursor.execute("SELECT pg_advisory_lock(%s)", [NUMBER])
            yield
            cursor.execute("SELECT pg_advisory_unlock(%s)", [NUMBER])
            for name in ("lock_timeout", "statement_timeout"):
                cursor.execute(f"RESET {name}")
    finally:
        own.close()


@contextmanager
def _lock_of_folder(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """On the folder of the file: SQLite would lose its own locks on the file if another lock on it were given back."""
    name = connection.settings_dict["NAME"]
    if connection.is_in_memory_db():
        yield
        return
    folder = os.open(Path(name).resolve().parent, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)
