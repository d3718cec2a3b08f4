"""What is measured, one function per subject; each gives rows of the table."""

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from html import unescape
from io import StringIO
from random import Random
from statistics import mean, median

from tests.benchmarks import visits
from tests.benchmarks.client import CSRF, Browser, timed
from tests.benchmarks.server import WORKERS
from tests.benchmarks.table import Row, at_least, at_most, ratio

CLIENTS = 4
CALLS = 150  # of each page, for its milliseconds
WINDOW = 2.5  # seconds of a rate
ROUNDS = 2  # of such seconds, for a page and its floor
COLD = 12  # reports that nobody has opened before
AT_MOST_MS, CHART_MS, FLOOR_SHARE, SUBMISSIONS, WEIGHT = 10, 20, 0.5, 35, 120
PDF_MS, PDF_KB = 100, 200
SOURCE = re.compile(r'<(?:link[^>]*? href|script[^>]*? src|img[^>]*? src)="(/static/[^"]+)"')
CHART = re.compile(r'<img[^>]*? on-light" src="([^"]+\.svg[^"]*)"')
KIND = re.compile(r"/charts/(\w+)")  # those of all dimensions together


class Bench:
    """A running server, the client processes, and one finished and one open questionnaire to look at."""

    def __init__(self, port: int, pool: ProcessPoolExecutor, questions: visits.Questions):
        self.port, self.pool, self.questions = port, pool, questions
        with Browser(port) as browser:
            self.draft = visits.start(browser)
            self.finished = visits.submission(browser, questions, Random(0), follow=False)
        self.dimension = f"/r/{self.draft}/{next(iter(questions))}/"
        self.report = f"/r/{self.finished}/report/"

    def rate(self, job: Callable[..., float], *, seconds: float = WINDOW, numbered: bool = False) -> float:
        """How often a second all client processes together do a job."""
        jobs = [partial(job, process=place) if numbered else job for place in range(CLIENTS)]
        return sum(each.result() for each in [self.pool.submit(job, seconds=seconds) for job in jobs])


def pages(bench: Bench) -> Iterator[Row]:
    """The two pages beside their floors: alone, and as many as the server can."""
    for name, path in (("dimension page", bench.dimension), ("report page, warm", bench.report)):
        own, floor = _alone(bench, path, f"/bench{path}")
        yield at_most(f"{name}, one at a time", own, AT_MOST_MS, "ms", floor)
        own, floor = _in_turn(bench, path, f"/bench{path}")
        yield ratio(f"{name}, {CLIENTS} clients", own, floor, FLOOR_SHARE, "/s")


def _in_turn(bench: Bench, *paths: str) -> list[float]:
    """How often a second each page is read; they take turns, so that what else the machine does meets them all."""
    rates = [[bench.rate(partial(visits.reads, bench.port, path)) for path in paths] for _ in range(ROUNDS)]
    return [mean(column) for column in zip(*rates, strict=True)]


def _alone(bench: Bench, *paths: str) -> list[float]:
    """The median time of each page, asked for in turn by one client."""
    times: dict[str, list[float]] = {path: [] for path in paths}
    for _visit in range(CALLS // visits.PAGES_A_VISIT):
        with Browser(bench.port) as browser:
            for path in [*paths] * visits.PAGES_A_VISIT:
                times[path].append(timed(browser.get, path)[1])
    return [median(times[path]) for path in paths]


def memory(bench: Bench) -> Iterator[Row]:
    """The workers before anybody has asked for a chart."""
    workers = {}
    while len(workers) < WORKERS:
        with Browser(bench.port) as browser:
            found = browser.get("/bench/worker/").json()
            workers[found["pid"]] = found
    loaded = sorted({name for found in workers.values() for name in found["loaded"]})
    yield Row(
        "loaded after pages only", ", ".join(loaded) or "none", bar="no matplotlib, typst, openpyxl", met=not loaded
    )
    yield at_most("memory of such a worker", max(found["memory"] for found in workers.values()) / 2**20, None, "MB")


def charts(bench: Bench) -> Iterator[Row]:
    """Reports and charts nobody has asked for before, and the same charts once more."""
    random, whole, again, floors = Random(2), [], [], []
    cold: dict[str, list[float]] = {}
    page_floor, chart_floor = _alone(bench, f"/bench{bench.report}")[0], _empty_figure()
    _load(bench, f"/r/{bench.finished}/charts/rule.svg?scheme=dark")
    for _ in range(COLD):
        with Browser(bench.port) as browser:
            key = visits.submission(browser, bench.questions, random, follow=False)
            page, spent = timed(browser.get, f"/r/{key}/report/")
            drawn = [timed(browser.get, unescape(address)) for address in CHART.findall(page.body.decode())]
            again += [timed(browser.get, reply.path, 304, If_None_Match=reply.headers["etag"])[1] for reply, _ in drawn]
        for reply, each in drawn:
            cold.setdefault(KIND.search(reply.path)[1], []).append(each)
        whole.append(spent + sum(each for _, each in drawn))
        floors.append(page_floor + len(drawn) * chart_floor)
    yield at_most("report page, cold, with its charts", median(whole), None, "ms", floor=median(floors))
    for kind, times in cold.items():
        yield at_most(f"chart {kind}, cold", median(times), CHART_MS, "ms", floor=chart_floor)
    yield at_most("one chart, asked again (304)", median(again), CHART_MS, "ms")


def documents(bench: Bench) -> Iterator[Row]:
    """Reports as PDF and a chart as a picture, made by the worker that has their charts: a connection stays with one."""
    random, times, sizes, pictures = Random(3), [], [], []
    _load(bench, f"/r/{bench.finished}/report.pdf")
    for _ in range(COLD):
        with Browser(bench.port) as browser:
            key = visits.submission(browser, bench.questions, random, follow=False)
            for address in CHART.findall(browser.get(f"/r/{key}/report/").body.decode()):
                browser.get(unescape(address))
            document, spent = timed(browser.get, f"/r/{key}/report.pdf")
            pictures.append(timed(browser.get, f"/r/{key}/charts/bars.png")[1])
        times.append(spent)
        sizes.append(len(document.body) / 1000)
    yield at_most("report PDF, cold with its charts made", median(times), PDF_MS, "ms")
    yield at_most("report PDF, the largest", max(sizes), PDF_KB, "kB")
    yield at_most("a chart as PNG, cold with its SVG made", median(pictures), None, "ms")


def _empty_figure() -> float:
    """The median time in which matplotlib writes a figure with nothing on it, in this process, without a server."""
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    def write() -> None:
        figure = Figure(figsize=(6, 6))
        figure.add_axes((0, 0, 1, 1))
        FigureCanvasSVG(figure).print_svg(StringIO())

    write()
    return median([timed(write)[1] for _ in range(COLD)])


def _load(bench: Bench, address: str) -> None:
    """Ask for something until each worker has loaded what it takes to make it."""
    ready = set()
    while len(ready) < WORKERS:
        with Browser(bench.port) as browser:
            browser.get(address)
            ready.add(browser.get("/bench/worker/").json()["pid"])


def answering(bench: Bench, url: str, rows: visits.Rows) -> Iterator[Row]:
    """Whole submissions beside the raw insertion of the same rows, and single answers."""
    floor = bench.rate(partial(visits.raw_inserts, url, rows), numbered=True)
    runs = partial(visits.submissions, bench.port, bench.questions)
    for name, follow, report in (
        ("submissions, every page read", True, False),
        ("submissions, and the report read", True, True),
        ("submissions, forms sent only", False, False),
    ):
        done = bench.rate(partial(runs, follow, report), seconds=2 * WINDOW)
        yield at_least(name, done, SUBMISSIONS, "/s", floor)
    yield Row(
        "answers saved one by one", f"{bench.rate(partial(visits.autosaves, bench.port, bench.questions)):.0f} /s"
    )


def weights(bench: Bench) -> Iterator[Row]:
    """A first visit: the page and what it links to on this site, without charts, as they go over the wire."""
    for name, path in (("home", "/"), ("dimension page", bench.dimension), ("report page", bench.report)):
        with Browser(bench.port) as browser:
            page = browser.get(path).body.decode()
            parts = {path, *SOURCE.findall(page)}
            sent = sum(len(browser.get(part, Accept_Encoding="gzip, br").body) for part in parts)
        yield at_most(f"weight of a first visit: {name}", sent / 1000, WEIGHT, "kB")


def queries(bench: Bench) -> Iterator[Row]:
    """Queries a request, counted in this process by the same code."""
    from django.db import connection
    from django.test import Client

    client = Client(headers={"host": "127.0.0.1"}, enforce_csrf_checks=True)
    client.cookies["csrftoken"] = CSRF
    question, choices = next(iter(next(iter(bench.questions.values())).items()))
    fields = {"csrfmiddlewaretoken": CSRF, "save": question, question: choices[0]}

    def save(choice: str):
        return client.post(bench.dimension, fields | {question: choice}, headers={"accept": "application/json"})

    for name, bar, job in (
        ("dimension page", 4, lambda turn: client.get(bench.dimension)),
        ("one answer saved", 5, lambda turn: save(choices[turn])),
        ("report page, warm", 4, lambda turn: client.get(bench.report)),
    ):
        job(0)
        count = Count()
        with connection.execute_wrapper(count):
            status = job(1).status_code
        if status != 200:
            raise RuntimeError(f"{name}: {status}")
        yield at_most(f"queries: {name}", count.queries, bar, "")


class Count:
    """Counts the queries that pass."""

    queries = 0

    def __call__(self, execute, *query):
        self.queries += 1
        return execute(*query)
