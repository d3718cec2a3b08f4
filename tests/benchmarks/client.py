"""A browser reduced to one kept connection and its cookies: cheap, so that the two cores are left to the server."""

import json
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

CSRF = "bench" * 6 + "00"  # a token is good when form and cookie agree
TIMEOUT = 30


@dataclass(frozen=True, slots=True)
class Reply:
    path: str
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def location(self) -> str:
        return self.headers["location"]

    def json(self):
        return json.loads(self.body)


class Browser:
    """Sends a request, waits for its reply, and insists on the status that is expected."""

    def __init__(self, port: int):
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._replies = self._socket.makefile("rb")
        self._head = f"Host: 127.0.0.1:{port}\r\nCookie: csrftoken={CSRF}\r\nAccept-Language: en\r\n"

    def __enter__(self) -> "Browser":
        return self

    def __exit__(self, *_error) -> None:
        self._replies.close()
        self._socket.close()

    def get(self, path: str, expect: int = 200, **headers: str) -> Reply:
        return self._exchange("GET", path, headers, b"", expect)

    def post(self, path: str, fields: dict[str, str], expect: int = 302, **headers: str) -> Reply:
        body = urlencode(fields | {"csrfmiddlewaretoken": CSRF}).encode()
        headers |= {"Content-Type": "application/x-www-form-urlencoded", "Content-Length": str(len(body))}
        return self._exchange("POST", path, headers, body, expect)

    def _exchange(self, verb: str, path: str, headers: dict[str, str], body: bytes, expect: int) -> Reply:
        lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
        self._socket.sendall(f"{verb} {path} HTTP/1.1\r\n{self._head}{lines}\r\n".encode() + body)
        status = int(self._replies.readline().split()[1])
        found = {}
        while (line := self._replies.readline().decode().strip()) != "":
            name, _colon, value = line.partition(": ")
            found[name.lower()] = value
        reply = Reply(path, status, found, self._replies.read(int(found.get("content-length", 0))))
        if status != expect:
            raise RuntimeError(f"{verb} {path} gave {status}, not {expect}: {reply.body[:300]!r}")
        return reply


def times_per_second(job: Callable[[], None], seconds: float) -> float:
    """How often a job is done in a second, over some seconds."""
    done, start = 0, time.perf_counter()
    while (spent := time.perf_counter() - start) < seconds:
        job()
        done += 1
    return done / spent


def durations(job: Callable[[], None], seconds: float) -> list[float]:
    """The milliseconds that a job took each time, over some seconds."""
    found: list[float] = []
    while sum(found) < seconds * 1000:
        start = time.perf_counter()
        job()
        found.append((time.perf_counter() - start) * 1000)
    return found


def timed(ask: Callable[..., Reply], *arguments, **headers) -> tuple[Reply, float]:
    """A reply, and the milliseconds it took."""
    start = time.perf_counter()
    reply = ask(*arguments, **headers)
    return reply, (time.perf_counter() - start) * 1000
