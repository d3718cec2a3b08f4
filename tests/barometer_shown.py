"""Every figure of the live barometer read out of page, filters, files, brochure, charts and peers, beside what it must be.

What it must be comes from the test's own log of batches (`barometer_world.naive`), so that a figure shown anywhere that is not
computed from sums over whole batches is found. Nothing here asks a database: what is shown is made from cells alone.
"""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction

from django.template.loader import render_to_string
from django.utils import translation

from assessment.barometer import peers, shown
from assessment.barometer.nightly import as_data
from assessment.barometer.sealing import Facets
from assessment.barometer.sums import Cell
from assessment.content.structure import Text
from assessment.documents import brochure, drawings, edition, edition_charts
from assessment.models import Edition
from assessment.report.evidence import Criterion
from assessment.report.evidence import Edition as Study
from assessment.wording.barometer import labels as words
from assessment.wording.numbers import fact
from assessment.wording.peers import _shares
from tests.barometer_world import CRITERIA, MARKETS, SECTORS, SIZES, YEAR, Told, in_order
from tests.test_charts import texts

ORDERS = {"sector": SECTORS, "size": SIZES, "market": MARKETS}
TITLES = {"strategy": "Strategy"}
LEVELS = ("1", "2", "3", "4", "5")
STANDINGS = ("reached", "partly", "not-yet", "unknown", "not-applicable")


def _point(place: int) -> Criterion:
    name = f"Point {chr(ord('A') + place)}"
    text = Text(name, name)
    return Criterion(f"c{place}", "gap" if place % 2 else "practice", text, text, "strategy", "read")


POINTS = tuple(map(_point, range(CRITERIA)))
GAPS = [f"{point.title} 2016: {point.text}" for point in POINTS if point.kind == "gap"]
STUDY = Study(2016, Text("", ""), "", Text("", ""), None, Text("", ""), vendor=False, criteria=POINTS)


def problems(cells: Iterable[Cell], expected: Mapping[Facets, Told]) -> list[str]:
    """What any of them says that is not what it must be."""
    told = Edition(year=YEAR, cells=[as_data(cell) for cell in cells])
    with translation.override("en"):
        found = [*_json(told, expected), *_csv(told, expected), *_pages(told, expected), *_peers(told, expected)]
        return [*found, *_brochure(told, expected), *_charts(told, expected[Facets()])]


# Files ---------------------------------------------------------------------------------------------------------------
def _json(told: Edition, expected: Mapping[Facets, Told]) -> Iterator[str]:
    data = json.loads(edition.edition_json(told))
    assert set(data) == {"edition", "invented", "closed", "unit", "method", "cite", "cells"}
    found = {Facets(*(cell.pop(facet) or "" for facet in Facets._fields)): Told(**cell) for cell in data["cells"]}
    if found != expected:
        yield "JSON"


def _csv(told: Edition, expected: Mapping[Facets, Told]) -> Iterator[str]:
    rows = list(csv.DictReader(io.StringIO(edition.edition_csv(told).decode("utf-8-sig"))))
    found = sorted(
        tuple(row[name] for name in (*Facets._fields, "organisations", "step", "item", "value", "percent"))
        for row in rows
    )
    must = sorted(
        (*labels, str(of.n), str(of.step), item, value, str(percent))
        for labels, of in expected.items()
        for item, shares in of.shares.items()
        for value, percent in shares.items()
    )
    if found != must:
        yield "CSV"


# Pages ---------------------------------------------------------------------------------------------------------------
def _pages(told: Edition, expected: Mapping[Facets, Told]) -> Iterator[str]:
    """The page of the edition and of each filter; a filter of which nothing is published has none."""
    for labels in (Facets(*of) for of in _all_labels()):
        of = {facet: label for facet, label in labels._asdict().items() if label}
        figures = shown.figures(told.cells, TITLES, [STUDY], ORDERS, of)
        if (figures is None) != (labels not in expected):
            yield f"whether there is a page of {labels}"
        elif figures and (labels.market == "" or not (labels.sector or labels.size)):
            page = render_to_string("assessment/_barometer.html", {"edition": told, "figures": figures})
            yield from (f"page of {labels}: {wrong}" for wrong in _page(page, labels, expected))


def _all_labels() -> Iterator[tuple[str, str, str]]:
    yield from ((sector, size, "") for sector in ("", *SECTORS) for size in ("", *SIZES))
    yield from (("", "", market) for market in MARKETS)


def _page(page: str, labels: Facets, expected: Mapping[Facets, Told]) -> Iterator[str]:
    of, tables = expected[labels], [_rows(table) for table in re.findall(r"<tbody>(.*?)</tbody>", page, re.DOTALL)]
    text = _plain(page)
    if f"how about {of.n} organisations stand" not in text or f"rounded to steps of {of.step}%" not in text:
        yield "how many they are, or the step"
    rows = {name: numbers for table in tables for name, *numbers in table}
    must = _rows_of(labels, expected)
    yield from (f"row {name}" for name in must.keys() | rows.keys() if must.get(name) != rows.get(name))
    bars = [
        [int(number) for number in re.findall(r">(\d+)</text>", bar)]
        for bar in re.findall(r'<svg class="stack"[^>]*>(.*?)</svg>', page)
    ]
    drawn = [numbers[:-1] for name, numbers in must.items() if name in ("The whole", "Strategy")]
    drawn += [numbers[:4] for name, numbers in must.items() if name.startswith("Point")]
    drawn += [shares for _n, *shares in (numbers for numbers in must.values() if " of " in numbers[0])]
    sizes = {f"About {numbers[0]} organisations" for numbers in must.values() if " of " in numbers[0]}
    if set(re.findall(r"About \d+ of \d+ organisations", text)) != sizes:
        yield "how many a group has"
    if sorted(bar for bar in bars if bar) != sorted(bar for numbers in drawn if (bar := _wide(numbers))):
        yield "bars"
    nought = f"{of.step / 2:g}"  # percent, for which a share of 0 stands
    known = {*re.findall(r"\d+", " ".join(number for row in must.values() for number in row)), str(of.step), nought}
    if not set(re.findall(r"([\d.]+)%", text.replace('width="100%"', ""))) <= known:
        yield "a share that is in no table"
    closed = [int(numbers[0]) for name, numbers in must.items() if name in GAPS and numbers[0] != "–"]
    least = f"{min(closed)}%" if min(closed) else f"Up to {nought}%"
    if max(closed) > min(closed) and not all(
        f"{told} have closed the gap" in text for told in (f"{max(closed)}%", least)
    ):
        yield "the main finding"


def _rows_of(labels: Facets, expected: Mapping[Facets, Told]) -> dict[str, list[str]]:
    """The rows of all tables about those with these labels, by their names."""
    of = expected[labels]
    must = {"The whole": [*_levels(of, "level", "none"), _band(of, "band")]}
    must["Strategy"] = [
        *_levels(of, "dimensions.strategy.level", "not-applicable", "not-enough-answers"),
        _band(of, "dimensions.strategy.band"),
    ]
    must |= {f"{point.title} 2016: {point.text}": _standings(of, point) for point in POINTS}
    for label in _within(labels, expected):
        facet = next(name for name, value in label._asdict().items() if value and not getattr(labels, name))
        name = fact(getattr(label, facet), "group" if facet == "sector" else facet)
        must[name] = [f"{expected[label].n} of {of.n}", *_levels(expected[label], "level", "none")]
    return must


def _within(labels: Facets, expected: Mapping[Facets, Told]) -> list[Facets]:
    """The groups that a page lists: of all each value of a facet, of a group of sectors its sizes."""
    if labels == Facets():
        return [other for other in expected if sum(map(bool, other)) == 1]
    is_one = sum(map(bool, labels)) == 1 and not labels.market
    return [other for other in expected if is_one and sum(map(bool, other)) == 2 and set(labels) < set(other) | {""}]


def _wide(numbers: Sequence[str]) -> list[int]:
    """The shares for which a bar has room."""
    return [int(number) for number in numbers if number not in ("–", "0") and int(number) >= shown.ROOM]


def _rows(table: str) -> list[list[str]]:
    return [
        [_plain(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)]
        for row in re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)
    ]


def _plain(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).replace("\N{NO-BREAK SPACE}", " ").split())


def _levels(of: Told, name: str, *without: str) -> list[str]:
    shares = of.shares.get(name, {})
    return [str(shares.get(level, 0)) for level in LEVELS] + [str(sum(shares.get(value, 0) for value in without))]


def _band(of: Told, name: str) -> str:
    return _ends(of.medians[name], of.medians[name]) if name in of.medians else "–"


def _ends(low: int, high: int) -> str:
    return f"{low}–{100 if high == 90 else high + 9}"


def _standings(of: Told, point: Criterion) -> list[str]:
    shares = of.shares.get(f"criteria.{point.key}")
    return ["–" if shares is None else str(shares.get(standing, 0)) for standing in STANDINGS]


# The brochure --------------------------------------------------------------------------------------------------------
def _brochure(told: Edition, expected: Mapping[Facets, Told]) -> Iterator[str]:
    """What its template is given to lay out."""
    of, must = expected[Facets()], _rows_of(Facets(), expected)
    data = brochure.brochure(shown.figures(told.cells, TITLES, [STUDY], ORDERS), told, [STUDY])
    found = {name: numbers for name, *numbers in (row["cells"] for row in data["levels"]["rows"])}
    for table in (data["groups"] or {"tables": []})["tables"]:
        found |= {name: [f"{n} of {of.n}", *shares] for name, *shares, n in (row["cells"] for row in table["rows"])}
    for row in (*data["gaps"]["rows"], *data["points"]["rows"]):
        drawn = {place: number for place, _width, number in row["bar"] or ()}
        name, numbers = f"{row['title']} {row['text']}", [drawn.get(place, "0") for place in range(4)]
        if numbers != [number.replace("–", "0") for number in must[name][:4]]:
            yield f"brochure: {name}"
        found[name] = must[name]
    yield from (f"brochure: row {name}" for name in must.keys() | found.keys() if must.get(name) != found.get(name))
    known = {*re.findall(r"\d+", " ".join(number for row in must.values() for number in row)), str(of.n)}
    known |= {f"{of.step / 2:g}", *LEVELS}
    if not set(re.findall(r"[\d.]+", " ".join(key["big"] for key in data["cover"]["keys"]))) <= known:
        yield "brochure: a key figure that is in no table"


# Charts --------------------------------------------------------------------------------------------------------------
def _charts(told: Edition, of: Told) -> Iterator[str]:
    figures = shown.figures(told.cells, TITLES, [STUDY], ORDERS)
    rows = {"The whole": _levels(of, "level", "none")}
    rows["Strategy"] = _levels(of, "dimensions.strategy.level", "not-applicable", "not-enough-answers")
    rows |= {str(point.title): _standings(of, point) for point in POINTS}
    beside = {"The whole": _band(of, "band"), "Strategy": _band(of, "dimensions.strategy.band")}
    seen = set()
    for name in ("gaps", "points", "levels"):
        found = texts(drawings.svg(edition_charts.drawing(figures, told, name), "light"))
        for row in rows.keys() & set(found):
            seen.add(row)
            place = found.index(row) + 1
            if (ends := beside.get(row, "2016")) == "–":
                place -= 1  # nothing stands beside its name
            numbers = found[place + 1 :: 2 if name == "levels" else 1]
            must = [number for number in rows[row] if number not in ("–", "0")]
            if numbers[: len(must)] != must or (ends != "–" and ends not in found[place]):
                yield f"chart of {name}: {row}"
        if f"about {of.n} organisations" not in " ".join(found) or f"steps of {of.step}%" not in " ".join(found):
            yield f"chart of {name}: how many they are, or the step"
    yield from (f"no chart has {row}" for row in rows.keys() - seen)


# Peers ---------------------------------------------------------------------------------------------------------------
def _peers(told: Edition, expected: Mapping[Facets, Told]) -> Iterator[str]:
    """What each organisation is told of its peers, whichever it is, and that it is told by one cell alone."""
    for own in (Facets(sector, size) for sector in ("", *SECTORS) for size in ("", *SIZES)):
        best = next(label for label in (own, Facets(own.sector), Facets(size=own.size), Facets()) if label in expected)
        found, of = peers.peers_in(told, own), expected[best]
        if found != peers.peers_in(
            Edition(year=YEAR, cells=[cell for cell in told.cells if Facets(*map(cell.get, Facets._fields)) == best]),
            own,
        ):
            yield f"peers of {own} rest on more than one cell"
        levels, bands = (
            {int(value): share for value, share in of.shares.get(name, {}).items() if value.isdigit()}
            for name in ("level", "band")
        )
        strategy = in_order(of.shares.get("dimensions.strategy.band", {}))
        middle = {"strategy": _half(strategy)} if of.medians and strategy else {}
        must = (of.n, of.step, levels, bands if of.medians else {}, middle)
        if (found.n, found.step, dict(found.levels), dict(found.bands), dict(found.middle)) != must:
            yield f"peers of {own}"
        yield from (
            f"peers of {own} at level {level}"
            for level in range(1, 6)
            if not _is_said(_shares(found, level), of, max(level, 2), best)
        )


def _half(values: Sequence[int]) -> tuple[int, int]:
    low, high = (values[-(-quarter * len(values) // 4) - 1] for quarter in (1, 3))
    return low, 100 if high == 90 else high + 9


def _is_said(sentence: str, of: Told, level: int, best: Facets) -> bool:
    """Whether a sentence tells the number of a cell, whom it holds, and the share at a level or above of its shares."""
    standing = in_order(of.shares.get("level", {}))
    share = of.step * round(Fraction(100 * sum(at >= level for at in standing), len(standing) * of.step))
    told = {0: "few or none", 100: "most or all"}.get(share, f"some {share}%")
    whom = (
        words({facet: label for facet, label in best._asdict().items() if label}).lower() or "of all sectors and sizes"
    )
    return all(
        part in sentence.replace("\N{NO-BREAK SPACE}", " ").lower()
        for part in (f"about {of.n} organisations", whom, told, f"at level {level}")
    )
