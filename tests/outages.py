"""What befalls a database, done to that of a `Site` for the length of a block."""

import resource
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import psycopg

from tests.server import Site, free_port


@contextmanager
def locked(site: Site) -> Iterator[None]:
    """Another program writes, and goes on writing."""
    with site.locked():
        yield


@contextmanager
def away(site: Site) -> Iterator[None]:
    """PostgreSQL answers nobody (its door is closed, see `Door`); of SQLite the folder is gone."""
    if door := getattr(site, "door", None):
        door.close()
        yield
        door.open()
        return
    folder = Path(site.database_url.removeprefix("sqlite:///")).parent
    elsewhere = folder.with_name(f"{folder.name}-elsewhere")
    folder.rename(elsewhere)
    try:
        yield
    finally:
        elsewhere.rename(folder)


@contextmanager
def read_only(site: Site) -> Iterator[None]:
    """PostgreSQL lets nobody write, as one that has become a copy of another."""
    name = urlsplit(site.database_url).path.removeprefix("/")
    _begin_anew(site, f'ALTER DATABASE "{name}" SET default_transaction_read_only = on')
    try:
        yield
    finally:
        _begin_anew(site, f'ALTER DATABASE "{name}" RESET default_transaction_read_only')


def _begin_anew(site: Site, statement: str) -> None:
    """Change what holds for new connections, and end those there are."""
    with psycopg.connect(site.database_url, autocommit=True) as connection:
        connection.execute("SET default_transaction_read_only = off")
        connection.execute(statement)
        others = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        connection.execute(f"SELECT pg_terminate_backend(pid) {others}")


@contextmanager
def disk_full(site: Site) -> Iterator[None]:
    """The server's processes can write no file any further."""
    before = {pid: resource.prlimit(pid, resource.RLIMIT_FSIZE) for pid in workers_of(site)}
    for pid, (_soft, hard) in before.items():
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (1, hard))
    try:
        yield
    finally:
        for pid, limits in before.items():
            resource.prlimit(pid, resource.RLIMIT_FSIZE, limits)


def workers_of(site: Site) -> list[int]:
    parent = site.process.pid
    return [int(pid) for pid in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]


@contextmanager
def door(url: str) -> Iterator["Door | None"]:
    """An open door to PostgreSQL; SQLite has none."""
    if url.startswith("sqlite"):
        yield None
        return
    made = Door(url)
    made.open()
    try:
        yield made
    finally:
        made.close()


class Door:
    """A port that leads to PostgreSQL until it is closed: then nobody gets in, and whoever is in is thrown out."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._place = parse_qs(parts.query)["host"][0] + "/.s.PGSQL.5432"
        self._open_sockets: list[socket.socket] = []
        self.port = free_port()
        user = parts.username or "postgres"
        self.url = f"postgresql://{user}@127.0.0.1:{self.port}{parts.path}"

    def open(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", self.port), reuse_port=True)
        Thread(target=self._welcome, args=[self._listener], daemon=True).start()

    def close(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for one in self._open_sockets:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
        self._open_sockets.clear()

    def _welcome(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                guest, _address = listener.accept()
                server = socket.socket(socket.AF_UNIX)
                server.connect(self._place)
                self._open_sockets += [guest, server]
                for one, other in ((guest, server), (server, guest)):
                    Thread(target=_carry, args=[one, other], daemon=True).start()


def _carry(one: socket.socket, other: socket.socket) -> None:
    with suppress(OSError):
        while data := one.recv(65_536):
            other.sendall(data)
    with suppress(OSError):  # whoever is killed leaves nothing open behind them
        other.shutdown(socket.SHUT_RDWR)
