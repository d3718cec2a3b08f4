"""`python -m tests.benchmarks.hostile [sqlite|postgresql] [number] [seed]`: hostile requests to the served site.

Prints how many ended with a mistake of ours, the slowest, what each wrote into the log, and the memory of the workers; fails
when there was a mistake.
"""

import re
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from tests.benchmarks.server import production, served
from tests.benchmarks.table import Row, at_most, printed

NUMBER, SEED, AT_ONCE = 20_000, 13, 4
SCENE = 1000  # requests until people sign in anew and what was deleted is there again
SECONDS, LOG_BYTES = 2, 300
MANY = dict.fromkeys(["WRONG_KEYS", "MAILS_PER_HOUR", "JOINS_PER_HOUR", "DOCUMENTS_PER_HOUR"], "1000000000")
STATUS = re.compile(rb"HTTP/1\.[01] (\d{3})")


@dataclass
class Outcome:
    """What came back of all requests."""

    statuses: Counter = field(default_factory=Counter)
    failed: list[str] = field(default_factory=list)
    bare: int = 0  # refused by the server before the site: what is no HTTP, or a line too long for it
    slowest: tuple[float, str] = (0.0, "")


def raw(request, port: int) -> bytes:
    """As it goes over the line."""
    headers = [("Host", f"127.0.0.1:{port}"), ("Connection", "close"), ("Content-Length", str(len(request.body)))]
    lines = "".join(f"{name}: {value}\r\n" for name, value in [*headers, *request.headers])
    return f"{request.method} {request.target} HTTP/1.1\r\n{lines}\r\n".encode("latin-1", "replace") + request.body


def exchange(request, port: int) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=60) as line:
        try:
            line.sendall(raw(request, port))
            line.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # it was refused before it was read to its end
        parts = []
        try:
            while part := line.recv(65_536):
                parts.append(part)
        except ConnectionResetError:
            pass
    return b"".join(parts)


def send(port: int, outcome: Outcome, request) -> None:
    start = time.monotonic()
    answer = exchange(request, port)
    seconds = time.monotonic() - start
    found = STATUS.match(answer)
    status = int(found[1]) if found else 0
    is_bare = b"Content-Security-Policy" not in answer.partition(b"\r\n\r\n")[0]
    outcome.statuses[status] += 1
    outcome.bare += is_bare and status < 500
    if status >= 500 and (status != 503 or is_bare):
        outcome.failed.append(f"{status} {request}")
    outcome.slowest = max(outcome.slowest, (seconds, str(request)))


def memory() -> float:
    """Of all workers together, in MB."""
    listed = subprocess.run(["ps", "-eo", "rss=,args="], capture_output=True, text=True, check=True).stdout
    sizes = [int(line.split()[0]) for line in listed.splitlines() if "gunicorn --config" in line]
    return sum(sizes) / 1024


def scene(seed: int, port: int):
    """People who are signed in, and a questionnaire to answer, whatever was done before."""
    from django.db.models import QuerySet

    from assessment.models import Questionnaire
    from tests.hostile_scene import hostile_scene

    if Questionnaire.objects.current() is None:
        latest = Questionnaire.objects.exclude(status="draft").order_by("-version").first()
        QuerySet(Questionnaire).filter(pk=latest.pk).update(status="published")
    return hostile_scene(seed, look=lambda request: exchange(request, port).decode(errors="replace"), slow=0.3)


def run(number: int, seed: int, port: int) -> tuple[Outcome, list[float]]:
    outcome, sizes = Outcome(), []
    for begun in range(0, number, SCENE):
        generator = scene(seed + begun, port)
        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(lambda request: send(port, outcome, request), generator.requests(min(SCENE, number - begun))))
        sizes.append(memory())
    return outcome, sizes


def main(database: str = "postgresql", number: str = str(NUMBER), seed: str = str(SEED)) -> int:
    environment = MANY | {"BEHIND_PROXY": "1", "EMAIL_URL": "dummymail://", "DJANGO_SETTINGS_MODULE": "config.settings"}
    with production(database, **environment), tempfile.TemporaryFile() as log, served(log) as port:
        outcome, sizes = run(int(number), int(seed), port)
        log.seek(0)
        written = log.read()
    seconds, slowest = outcome.slowest
    rows = [
        at_most(f"hostile requests on {database}: 5xx but 503, of {number}", len(outcome.failed), 0, ""),
        at_most("slowest", seconds, SECONDS, "s"),
        at_most("log, on average", len(written) / int(number), LOG_BYTES, "B"),
        at_most("longest line of log", max(map(len, written.splitlines()), default=0), LOG_BYTES, "B"),
        Row("workers after the first thousand, half and all", ", ".join(f"{size:.0f} MB" for size in _some(sizes))),
        Row("answers", ", ".join(f"{status}: {times}" for status, times in sorted(outcome.statuses.items()))),
        Row("refused by the server before the site", str(outcome.bare)),
    ]
    print(printed(rows))
    print("slowest:", slowest[:300])
    print("\n".join(outcome.failed[:50]))
    if outcome.failed:
        print(written.decode(errors="replace")[-6000:])
    return 1 if outcome.failed or len(written) > LOG_BYTES * int(number) else 0


def _some(sizes: list[float]) -> list[float]:
    return [sizes[0], sizes[len(sizes) // 2], sizes[-1]]


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
