"""What visitors do, as functions that a client process runs for some seconds; each returns how often a second."""

import secrets
from collections.abc import Mapping, Sequence
from itertools import count, cycle
from random import Random

import psycopg

from tests.benchmarks.client import Browser, times_per_second

PAGES_A_VISIT = 10  # then a new connection, so that both workers get their share
START = {"name": "Bench", "sector": "retail", "size": "micro", "market": "b2b", "role": "marketing", "email": ""}
# The questions of each scored dimension with their choices, by key.
Questions = Mapping[str, Mapping[str, Sequence[str]]]
Rows = Sequence[tuple[str, Sequence[Mapping]]]


def reads(port: int, path: str, seconds: float) -> float:
    """Pages read."""

    def visit() -> None:
        with Browser(port) as browser:
            for _ in range(PAGES_A_VISIT):
                browser.get(path)

    return times_per_second(visit, seconds) * PAGES_A_VISIT


def start(browser: Browser, name: str = "Bench") -> str:
    """Begin, and give the key of the new questionnaire."""
    return browser.post("/start/", START | {"name": name}).location.split("/")[2]


def submission(browser: Browser, questions: Questions, random: Random, *, follow: bool, name: str = "Bench") -> str:
    """A whole submission, and its key. With `follow` as a browser without JavaScript does it: every page is read."""
    key = start(browser, name)
    for dimension, asked in questions.items():
        page = f"/r/{key}/{dimension}/"
        if follow:
            browser.get(page)
        after = browser.post(page, _form(asked, random)).location
    if follow:
        browser.get(after)
        browser.get(f"/r/{key}/review/")
    browser.post(f"/r/{key}/review/", {})
    return key


def _form(asked: Mapping[str, Sequence[str]], random: Random) -> dict[str, str]:
    """All that a dimension's page sends when every question has a choice and no note."""
    fields = {}
    for question, choices in asked.items():
        fields |= {question: random.choice(choices), f"{question}.revision": "0"}
        fields |= {f"{question}.note": "", f"{question}.evidence": ""}
    return fields


def submissions(port: int, questions: Questions, follow: bool, report: bool, seconds: float) -> float:
    """Whole submissions, each by a new visitor with a connection of their own; `report`: who reads their report at the end."""
    random = Random(1)

    def visit() -> None:
        with Browser(port) as browser:
            key = submission(browser, questions, random, follow=follow)
            if report:
                browser.get(f"/r/{key}/report/")

    return times_per_second(visit, seconds)


def autosaves(port: int, questions: Questions, seconds: float) -> float:
    """Answers saved one by one, as the page's script does: each changes what is stored."""
    dimension, asked = next(iter(questions.items()))
    revisions = dict.fromkeys(asked, 0)
    order, turn = cycle(asked), count()
    with Browser(port) as browser:
        key = start(browser)

        def save() -> None:
            question = next(order)
            choice = asked[question][next(turn) // len(asked) % len(asked[question])]
            fields = {"save": question, question: choice, f"{question}.revision": str(revisions[question])}
            fields |= {f"{question}.note": "", f"{question}.evidence": ""}
            reply = browser.post(f"/r/{key}/{dimension}/", fields, expect=200, Accept="application/json")
            revisions[question] = reply.json()["questions"][question]["revision"]

        return times_per_second(save, seconds)


def raw_inserts(url: str, rows: Rows, process: int, seconds: float) -> float:
    """The rows of a submission put into their tables by hand, a transaction each: the floor of a submission."""
    numbers = count()
    with psycopg.connect(url) as connection, connection.cursor() as cursor:

        def insert() -> None:
            mark, ids = f"{process}-{next(numbers)}", {}
            for table, entries in rows:
                entries = [_renewed(entry, ids, mark) for entry in entries]
                names = ", ".join(entries[0])
                places = ", ".join(f"({', '.join(['%s'] * len(entry))})" for entry in entries)
                values = [value for entry in entries for value in entry.values()]
                cursor.execute(f"INSERT INTO {table} ({names}) VALUES {places} RETURNING id", values)
                ids[f"{table.removeprefix('assessment_')}_id"] = cursor.fetchone()[0]
            connection.commit()

        return times_per_second(insert, seconds)


def _renewed(entry: Mapping, ids: Mapping[str, int], mark: str) -> dict:
    """A row of a new submission: its own parents, and its own value where one must be unique."""
    unique: dict = {name: mark for name in ("slug", "key_hash") if name in entry}
    if "id" in entry:
        unique["id"] = secrets.randbits(62)
    return dict(entry) | unique | {name: ids[name] for name in ids if name in entry}
