"""An edition of the live barometer as files: all of its published cells, with keys in the place of words."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from django.urls import reverse

from assessment.documents.cells import Cell, Form, Number
from assessment.documents.csv import csv_table
from assessment.documents.json import plain_json
from assessment.models import Edition
from assessment.models.secret import site_address

UNIT = "percent of the organisations of the cell, rounded"
METHOD = [
    "Each organisation that agreed counts once, with one result of the year.",
    "Figures are sums over groups of ten or more, never over fewer; a cell is published from ten organisations on.",
    "Organisations are told to the nearest five, shares in steps of `step` percent: they need not add up to 100.",
    "Those who take part chose to, and assess themselves: they are no sample of all companies.",
]
INVENTED = "Invented figures: no organisation stands behind this edition."
HEAD = (
    "edition",
    "invented",
    "sector",
    "size",
    "market",
    "organisations",
    "step",
    "item",
    "value",
    "percent",
    "unit",
    "source",
)


def edition_json(edition: Edition) -> bytes:
    """The cells as they are published; a label that a cell does not have is null, a share that rounds to nothing left out."""
    note = {"note": INVENTED} if edition.invented else {}
    cells = [cell | {facet: cell[facet] or None for facet in ("sector", "size", "market")} for cell in edition.cells]
    told = {"edition": edition.year, "invented": edition.invented, **note, "closed": edition.is_closed}
    told |= {"unit": UNIT, "method": METHOD, "cite": cited(edition), "cells": cells}
    return plain_json(told)


def cited(edition: Edition) -> str:
    """How to cite it, with the address that stays."""
    address = site_address(reverse("edition", args=[edition.year]))
    name = f"edition {edition.year}{' (invented figures)' * edition.invented}"
    return f"Social media maturity, The live barometer, {name}, {address}"


def edition_csv(edition: Edition) -> bytes:
    """One row for each share, with commas, the same in every language; its unit in a sign, as thousands of rows repeat it."""
    return csv_table([HEAD, *(row for cell in edition.cells for row in _rows(edition, cell))], language="en")


def _rows(edition: Edition, cell: Mapping[str, Any]) -> Iterator[list[Cell]]:
    of = [_whole(edition.year), "invented" if edition.invented else "", cell["sector"], cell["size"], cell["market"]]
    for item, shares in cell["shares"].items():
        for value, percent in shares.items():
            yield [*of, _whole(cell["n"]), _whole(cell["step"]), item, value, _whole(percent), "%", cited(edition)]


def _whole(number: int) -> Number:
    return Number(Decimal(number), Form.WHOLE)
