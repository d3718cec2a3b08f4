"""`python -m tests.benchmarks.connections [sqlite|postgresql]`: slow and silent connections to the served site.

For a minute 200 connections each that say nothing, half a header, half a body, and a byte now and then; what the server closes
is opened again. Meanwhile people answer whole questionnaires. Fails when one is not answered.
"""

import socket
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from random import Random
from statistics import median
from threading import Event

from tests.benchmarks import visits
from tests.benchmarks.__main__ import _questions
from tests.benchmarks.client import Browser, timed
from tests.benchmarks.server import production, served
from tests.benchmarks.table import Row, at_most, printed

EACH, SECONDS, LIVE_MS = 200, 60, 1000
HEADER = b"POST /start/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
BODY = HEADER + b"Content-Length: 1000\r\n\r\nname=Mais"
KINDS = {"silent": b"", "half a header": HEADER, "half a body": BODY, "byte by byte": BODY}


def hold(port: int, kind: str, over: Event) -> int:
    """Keep connections of a kind open; how often the server closed one."""
    lines = {}
    closed = -EACH
    while not over.wait(1):
        for place in range(EACH):
            if place not in lines or not _lives(lines[place], b"a" if kind == "byte by byte" else b""):
                with suppress(OSError):
                    lines.pop(place).close() if place in lines else None
                    lines[place] = socket.create_connection(("127.0.0.1", port), timeout=10)
                    lines[place].sendall(KINDS[kind])
                    lines[place].setblocking(False)
                    closed += 1
    for line in lines.values():
        line.close()
    return closed


def _lives(line: socket.socket, more: bytes) -> bool:
    """Whether the other side has not closed; with some more bytes, where there are."""
    try:
        if line.recv(65_536) == b"":
            return False
    except BlockingIOError:
        pass
    except OSError:
        return False
    try:
        line.sendall(more)
    except OSError:
        return False
    return True


def watch(port: int, over: Event) -> list[float]:
    """How many milliseconds a new connection waited for /health/live, again and again."""
    times = []
    while not over.wait(0.25):
        start = time.perf_counter()
        with Browser(port) as browser:
            browser.get("/health/live")
        times.append((time.perf_counter() - start) * 1000)
    return times


def answer(port: int, questions: visits.Questions, over: Event) -> list[float]:
    """How many seconds each whole questionnaire took, one after the other."""
    times, random = [], Random(1)
    while not over.is_set():
        with Browser(port) as browser:
            times.append(timed(visits.submission, browser, questions, random, follow=True)[1] / 1000)
    return times


def _told(times: list[float]) -> str:
    slowest = ", ".join(f"{time:.0f}" for time in sorted(times)[-5:])
    return f"{median(times):.0f} ms of {len(times)}; {slowest} ms"


def main(database: str = "postgresql") -> int:
    with production(database), served() as port, ThreadPoolExecutor(len(KINDS) + 2) as pool:
        questions, over = _questions(), Event()
        held = {kind: pool.submit(hold, port, kind, over) for kind in KINDS}
        time.sleep(5)  # until they are there
        live, people = pool.submit(watch, port, over), pool.submit(answer, port, questions, over)
        time.sleep(SECONDS)
        over.set()
        rows = [
            at_most(
                f"/health/live beside {EACH * len(KINDS)} slow connections, the slowest",
                max(live.result()),
                LIVE_MS,
                "ms",
            ),
            Row("/health/live, the median, and the five slowest", _told(live.result())),
            Row("questionnaires answered meanwhile", str(len(people.result()))),
            Row("a questionnaire, the slowest", f"{max(people.result()):.1f} s"),
            Row("closed by the server", ", ".join(f"{kind}: {one.result()}" for kind, one in held.items())),
        ]
    print(f"Slow connections, {database}")
    print(printed(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
