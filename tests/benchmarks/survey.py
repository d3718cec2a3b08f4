"""`python -m tests.benchmarks.survey [sqlite|postgresql] [seconds]`: whole submissions beside django-survey-and-report.

Both ask the same questions in the same sections, and are served by as many of the same workers, in one run, in turn, to the
same client, which reads every page. Prints a table; timing decides nothing.
"""

import json
import os
import subprocess
import sys
import tempfile
import venv
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial
from importlib.metadata import version
from multiprocessing import get_context
from pathlib import Path
from random import Random
from statistics import median, quantiles

from tests.benchmarks import visits
from tests.benchmarks.__main__ import _questions
from tests.benchmarks.client import Browser, durations
from tests.benchmarks.server import ROOT, production, served
from tests.benchmarks.table import Row, at_most, printed, ratio
from tests.environment import postgresql, sqlite

PACKAGE = "django-survey-and-report==1.5.0"
SAME = ("Django", "gunicorn", "waitress")  # in the version that the product runs on
SITE = "tests.benchmarks.survey_site"
CLIENTS, WINDOW, TURNS = (1, 8), 5.0, 3
WAIT = "20"  # seconds for the database or a thread, as the other waits: nobody is sent away
TIMES, TAIL = 3, 2  # at least so many times as fast; p95 at most so many medians
NOTE = """
A submission here: POST start; for each of the five scored dimensions GET and POST, all {questions} questions answered; GET of the
page that the last one leads to; GET review; POST review, which scores. There: for each of the five sections GET and POST; GET of
the page that confirms. Load of the machine when it began and when it ended, of {cores} cores: {before:.1f}, {after:.1f}.
"""


class Visitor(Browser):
    """A browser that also keeps its session."""

    def post(self, path: str, fields: dict[str, str], expect: int = 302, **headers: str):
        reply = super().post(path, fields, expect, **headers)
        session = reply.headers.get("set-cookie", "").partition(";")[0].strip()
        if session.startswith("sessionid=") and session not in self._head:
            self._head = self._head.replace("Cookie: ", f"Cookie: {session}; ")
        return reply


def theirs(port: int, survey: int, sections: Sequence[dict[str, list[str]]], random: Random) -> None:
    """A whole submission to the survey, every page read."""
    with Visitor(port) as browser:
        page = f"/{survey}/"
        for section in sections:
            browser.get(page)
            page = browser.post(page, {name: random.choice(values) for name, values in section.items()}).location
        if not page.startswith("/confirm/"):
            raise RuntimeError(f"A whole submission led to {page}: nothing was saved")
        browser.get(page)


def ours(port: int, questions: visits.Questions, random: Random) -> None:
    """A whole submission to the product, every page read."""
    with Browser(port) as browser:
        visits.submission(browser, questions, random, follow=True)


def visiting(job: Callable[..., None], place: int, seconds: float) -> list[float]:
    """How long each submission took, one after the other, in milliseconds."""
    return durations(partial(job, random=Random(place)), seconds)


def main(database: str = "sqlite", window: str = str(WINDOW)) -> int:
    before = os.getloadavg()[0]
    with production(database, DATABASE_WAIT=WAIT, QUEUE_SECONDS=WAIT), served() as port:
        questions = _questions()
        with rival(database) as (their_port, told):
            jobs = partial(ours, port, questions), partial(theirs, their_port, told["survey"], told["sections"])
            rows = [row for clients in CLIENTS for row in beside(clients, float(window), *jobs)]
    print(f"{PACKAGE} (the floor), {database}, 2 workers each")
    print(printed(rows))
    asked = sum(map(len, questions.values()))
    print(NOTE.format(questions=asked, cores=os.cpu_count(), before=before, after=os.getloadavg()[0]))
    return 0


def beside(clients: int, seconds: float, *jobs: Callable[..., None]) -> Iterator[Row]:
    """The rows for so many clients at once; the two take turns, so that what else the machine does meets both."""
    times: list[list[float]] = [[] for _job in jobs]
    with ProcessPoolExecutor(clients, get_context("spawn")) as pool:
        for turn in range(TURNS + 1):
            for job, found in zip(jobs, times, strict=True):
                runs = [pool.submit(visiting, job, place, seconds if turn else 1) for place in range(clients)]
                spent = [time for run in runs for time in run.result()]
                found += spent if turn else []  # the first turn wakes everybody
    # Of clients that never rest: as many at once as there are clients, each done after its own time.
    own, floor = (1000 * clients * len(found) / sum(found) for found in times)
    whom = "1 client" if clients == 1 else f"{clients} clients"
    yield ratio(f"whole submissions, {whom}", own, floor, TIMES, "/s")
    for name, found in zip(("ours", "theirs"), times, strict=True):
        tail = quantiles(found, n=20)[-1] / median(found)
        yield at_most(f"p95 / median, {whom}, {name}", tail, TAIL if name == "ours" else None, "")


@contextmanager
def rival(database: str) -> Iterator[tuple[int, dict]]:
    """The other package, installed and served with our questions; its port, and what its forms take."""
    started = {"postgresql": partial(postgresql, waits_for_disk=True), "sqlite": sqlite}[database]
    with tempfile.TemporaryDirectory(prefix="survey-") as folder, started() as url:
        python = installed(Path(folder, "venv"))
        environment = os.environ | {"DJANGO_SETTINGS_MODULE": SITE, "SURVEY_DATABASE": url}
        command = [python, "-m", SITE]
        made = subprocess.run(
            command,
            input=json.dumps(_texts()),
            env=environment,
            cwd=ROOT,
            check=True,
            text=True,
            stdout=subprocess.PIPE,
        )
        with served(python=python, app="django.core.wsgi:get_wsgi_application()", env=environment) as port:
            yield port, json.loads(made.stdout)


def installed(folder: Path) -> str:
    """The Python of a new environment that holds the package and what serves it."""
    venv.create(folder, with_pip=True)
    python = str(folder / "bin" / "python")
    same = [f"{name}=={version(name)}" for name in SAME]
    subprocess.run([python, "-m", "pip", "install", "--quiet", PACKAGE, "psycopg[binary,pool]", *same], check=True)
    return python


def _texts() -> list[dict]:
    """The sections with their questions and choices, as the product asks them in English."""
    from assessment.models import Questionnaire
    from assessment.models.outline import outline

    return [
        {
            "title": part.title.en,
            "questions": [(asked.text.en, [choice.text.en for choice in asked.choices]) for asked in part.questions],
        }
        for part in outline(Questionnaire.objects.current()).content.dimensions
        if part.scored
    ]


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
