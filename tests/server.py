"""The site as it runs in production: a server process of its own, on a database of its own, that can be killed."""

import fcntl
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from time import monotonic, sleep
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg

ROOT = Path(__file__).resolve().parent.parent
FILLED = "filled"  # the database that those of the tests are copied from
# What no page uses; compressing it would take most of the time.
UNUSED = ["modeltranslation", "gis", "*.rtl.*", "bootstrap-*", "bootstrap.*.js*", "bootstrap.js*", "bootstrap.css*"]
UNUSED += ["xregexp.js", "jquery.js", "select2.full.js", "select2.css"]  # the admin asks for the small ones


@contextmanager
def fresh_database(folder: Path, *, like: str | None = None) -> Iterator[str]:
    """The DATABASE_URL of a database of its own, of the kind that is being tested: empty, or a copy of another."""
    url = os.environ["DATABASE_URL"]
    if url.startswith("sqlite"):
        if like:
            shutil.copy(like.removeprefix("sqlite:///"), folder / "site.sqlite3")
        yield f"sqlite:///{folder}/site.sqlite3"
        return
    name = f"site_{uuid4().hex}"
    model = urlsplit(like).path.removeprefix("/") if like else "template1"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{model}"')
    try:
        yield urlsplit(url)._replace(path=f"/{name}").geturl()
    finally:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def filled_database(folder: Path, common: Path) -> Iterator[str]:
    """The same with the tables and the shipped content: a copy of one that is made once for all test processes.

    `common` is a folder of them all.
    """
    with ExitStack() as stack:
        with alone(common / "filled.lock"):
            model, is_there = _model_of_all(os.environ["DATABASE_URL"], common)
            if not is_there:
                Site(model, common / "static").fill()
            url = stack.enter_context(fresh_database(folder, like=model))
        yield url


def _model_of_all(url: str, common: Path) -> tuple[str, bool]:
    """The address of the database that the others are copied from, and whether it is there already."""
    if url.startswith("sqlite"):
        path = common / f"{FILLED}.sqlite3"
        return f"sqlite:///{path}", path.exists()
    with psycopg.connect(url, autocommit=True) as connection:
        there = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [FILLED]).fetchone()
        if there is None:
            connection.execute(f'CREATE DATABASE "{FILLED}"')
    return urlsplit(url)._replace(path=f"/{FILLED}").geturl(), there is not None


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """No other test process is in such a block of that name."""
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Site:
    """A server with its database: `start`, `kill` and `start` again, `rows` to look at what is stored."""

    def __init__(self, database_url: str, static: Path, *, workers: int = 2) -> None:
        self.database_url = database_url
        self.gunicorn = ["--config", "config/gunicorn.py"]
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.log = static.parent / f"site-{self.port}.log"  # what it says to the console
        # What an installation may set is not inherited: only what is named here counts.
        self.environment = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ} | {
            "DATABASE_URL": database_url,
            "SECRET_KEY": uuid4().hex * 2,
            "HTTPS": "0",
            "QUEUE_SECONDS": "20",  # on a busy machine
            "BIND": f"127.0.0.1:{self.port}",
            "WORKERS": str(workers),
            "SITE_ADDRESS": self.address,
            "STATIC_ROOT": str(static),
            # All visitors of a test come from one network address.
            "STARTS_PER_HOUR": "1000000",
            "MAILS_PER_HOUR": "1000000",
            "WRONG_KEYS": "1000000",
        }
        self.process: subprocess.Popen | None = None

    def manage(self, *arguments: str) -> str:
        """What a management command prints; an error when it fails."""
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def fill(self) -> None:
        """The tables and the shipped content, by one process, as each takes a while to start."""
        commands = "call_command('migrate', verbosity=0); call_command('load_content')"
        self.manage("shell", "-v0", "-c", f"from django.core.management import call_command; {commands}")

    def start(self) -> None:
        command = [sys.executable, "-m", "gunicorn", *self.gunicorn, "--log-level", "critical"]
        null = subprocess.DEVNULL
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=self.environment, start_new_session=True, stdout=null, stderr=log
            )
        self.wait_until_ready()

    def wait_until_ready(self) -> None:
        """Until the server says that its database is in order; an error when it does not within a minute."""
        until = monotonic() + 60
        while monotonic() < until:
            try:
                with urllib.request.urlopen(f"{self.address}/health/ready", timeout=5) as answer:
                    assert answer.status == 200
                    return
            except OSError:
                sleep(0.02)
        raise AssertionError("the server did not come back")

    def kill(self) -> None:
        """End the server and all its workers at once, without a chance to tidy up."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def worker(self) -> subprocess.Popen:
        """A worker that sends what is due; the caller ends it."""
        command = [sys.executable, "manage.py", "db_worker"]
        null = subprocess.DEVNULL
        return subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=null, stderr=null)

    def deliver(self) -> None:
        """Send what is due."""
        self.manage("db_worker", "--batch")

    def mails(self) -> list[EmailMessage]:
        """What was mailed, the latest last."""
        folder = Path(self.environment["EMAIL_URL"].removeprefix("filemail://"))
        files = sorted(folder.glob("*"), key=lambda path: path.stat().st_mtime_ns)
        texts = [text for path in files for text in re.split(rb"^-{70,}\n", path.read_bytes(), flags=re.MULTILINE)]
        return [message_from_bytes(text, policy=default) for text in texts if text.strip()]

    def change(self, statement: str) -> None:
        """Change the database behind the server's back."""
        if self.database_url.startswith("sqlite"):
            with (
                closing(sqlite3.connect(self.database_url.removeprefix("sqlite:///"), timeout=20)) as connection,
                connection,
            ):
                connection.execute(statement)
            return
        with psycopg.connect(self.database_url) as connection:
            connection.execute(statement)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Another program holds what every answer is written to; reading goes on."""
        if self.database_url.startswith("sqlite"):
            with closing(sqlite3.connect(self.database_url.removeprefix("sqlite:///"), timeout=20)) as connection:
                connection.execute("BEGIN EXCLUSIVE")
                yield
                connection.rollback()
            return
        with psycopg.connect(self.database_url) as connection:
            connection.execute("LOCK TABLE assessment_response, assessment_answer IN EXCLUSIVE MODE")
            yield

    def rows(self, query: str) -> list[tuple]:
        """What the database holds, read past the server."""
        if self.database_url.startswith("sqlite"):
            with closing(sqlite3.connect(self.database_url.removeprefix("sqlite:///"))) as connection:
                return connection.execute(query).fetchall()
        with psycopg.connect(self.database_url) as connection:
            return connection.execute(query).fetchall()


@contextmanager
def no_door(_url: str) -> Iterator[None]:
    yield None


@contextmanager
def running_site(folder: Path, static: Path, *, workers: int = 2, behind: Callable = no_door) -> Iterator[Site]:
    """A site with the shipped content that runs within this block; `behind` a door to its database that can be closed."""
    (folder / "database").mkdir()
    with filled_database(folder / "database", static.parent) as url, behind(url) as door:
        site = Site(url, static, workers=workers)
        site.environment["EMAIL_URL"] = f"filemail:///{folder / 'mails'}"
        if door:
            site.door, site.environment["DATABASE_URL"] = door, door.url
        site.start()
        try:
            yield site
        finally:
            site.kill()


def collect_static(folder: Path) -> Path:
    """The static files as production serves them, collected once for all test processes that share the folder."""
    target = folder / "static"
    with alone(folder / "static.lock"):
        if not (target / "staticfiles.json").exists():
            ignored = [part for pattern in UNUSED for part in ("--ignore", pattern)]
            Site("sqlite:///:memory:", target).manage("collectstatic", "--noinput", *ignored)
    return target


def printed(pattern: str, text: str) -> str:
    """The part of a printed text that a pattern's group names."""
    found = re.search(pattern, text)
    assert found, text
    return found[1]
