"""`python -m tests.benchmarks.memory [sqlite|postgresql] [number]`: what a worker holds after ten thousand documents.

One worker makes them all, four at once, of organisations and answers of which no two are alike.
"""

import sys
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from pathlib import Path
from random import Random

from tests.benchmarks import visits
from tests.benchmarks.__main__ import _questions
from tests.benchmarks.client import Browser
from tests.benchmarks.measures import CHART
from tests.benchmarks.server import production, served
from tests.benchmarks.table import Row, at_most, printed

NUMBER, AT_ONCE, MEMORY_MB, SHOWN = 10_000, 4, 300, 10
DOCUMENTS = ("report.pdf", "summary.pdf", "report.xlsx", "report.csv", "report.json")
CHARTS = 5  # of each report: three as PNG, the others as SVG
A_REPORT = len(DOCUMENTS) + CHARTS


def make(port: int, questions: visits.Questions, seed: int) -> None:
    """All documents of one new report."""
    random = Random(seed)
    with Browser(port) as browser:
        name = "".join(random.choice("abcdefghijklmnopqrstuvwxyzéàü ") for _ in range(40)).strip().title()
        key = visits.submission(browser, questions, random, follow=False, name=name)
        charts = [unescape(each) for each in CHART.findall(browser.get(f"/r/{key}/report/").body.decode())]
        picked = random.sample(charts, CHARTS)
        pictures = [address.replace(".svg", ".png") for address in picked[:3]]
        for address in [*(f"/r/{key}/{document}" for document in DOCUMENTS), *pictures, *picked[3:]]:
            browser.get(address)


def held(port: int) -> float:
    """What the worker holds now, in MB."""
    with Browser(port) as browser:
        pid = browser.get("/bench/worker/").json()["pid"]
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:")) / 1024


def main(database: str = "sqlite", number: str = str(NUMBER)) -> int:
    reports = int(number) // A_REPORT
    with (
        production(database, DOCUMENTS_PER_HOUR="1000000000"),
        served(workers=1) as port,
        ThreadPoolExecutor(AT_ONCE) as pool,
    ):
        questions, sizes = _questions(), [held(port)]
        for part in range(SHOWN):
            seeds = range(reports * part // SHOWN, reports * (part + 1) // SHOWN)
            list(pool.map(lambda seed: make(port, questions, seed), seeds))
            sizes.append(held(port))
            print(f"{seeds.stop * A_REPORT} documents: {sizes[-1]:.0f} MB", flush=True)
    rows = [
        at_most(f"a worker after {reports * A_REPORT} documents, the most on the way", max(sizes), MEMORY_MB, "MB"),
        Row("before, and after each tenth", ", ".join(f"{size:.0f}" for size in sizes)),
    ]
    print(printed(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
