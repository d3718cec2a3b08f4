"""The site as `make serve` runs it in production, on PostgreSQL, for the length of a measurement."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import IO

from tests.environment import postgresql, sqlite

ROOT = Path(__file__).resolve().parents[2]
WORKERS = 2
GUNICORN = ["--config", "config/gunicorn.py"]


@contextmanager
def production(database: str = "postgresql", **environment: str) -> Iterator[None]:
    """This process, and those it starts, set up as in production on a database of their own with the shipped content."""
    started = {"postgresql": partial(postgresql, waits_for_disk=True), "sqlite": sqlite}[database]
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, started() as url:
        os.environ |= {
            "DATABASE_URL": url,
            "DEBUG": "0",
            "HTTPS": "0",
            "ALLOWED_HOSTS": "127.0.0.1",
            "SECRET_KEY": "only-for-the-length-of-a-bench-" + "0123456789" * 3,
            "STATIC_ROOT": str(Path(folder, "static")),
            "STARTS_PER_HOUR": "1000000000",  # all visitors of a bench come from one network address
            "DJANGO_SETTINGS_MODULE": "tests.benchmarks.settings",
        } | environment
        import django
        from django.core.management import call_command
        from django.db import connection

        django.setup()
        call_command("migrate", verbosity=0)
        call_command("load_content", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        try:
            yield
        finally:
            connection.close_pool() if database == "postgresql" else connection.close()


@contextmanager
def served(
    log: IO | None = None,
    *,
    workers: int = WORKERS,
    python: str = sys.executable,
    app: str = "config.wsgi",
    env: Mapping[str, str] | None = None,
) -> Iterator[int]:
    """The port that the workers listen on; what they write goes to `log`, or where this process writes."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [python, "-m", "gunicorn", *GUNICORN, "--workers", str(workers), "--log-level", "warning"]
    process = subprocess.Popen([*command, "--bind", f"127.0.0.1:{port}", app], cwd=ROOT, stderr=log, env=env)
    try:
        _wait(port, process)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait(port: int, process: subprocess.Popen, seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until and process.poll() is None:
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("The server did not start.")
