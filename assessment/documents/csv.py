"""CSV files that spreadsheet programs open as they should: accents, separators, and no cell that runs as a formula."""

import csv
import io
import re
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import islice

from django.utils.translation import get_language

from assessment.documents.cells import Cell, Form, Number, clean
from assessment.documents.facts import facts
from assessment.report.parts import Report

ROWS = 200  # in one piece
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# The same inside a text, where a program that takes the other separator for its own would begin a cell.
INSIDE = re.compile(r"([,;\t\r\n]\"*)(?=[=+\-@＝＋－＠])")


def csv_table(rows: Iterable[Iterable[Cell]], *, language: str) -> bytes:
    """Rows of cells as CSV in UTF-8 with its mark; French spreadsheet programs expect semicolons, English ones commas.

    Texts are made safe; numbers are written in the reader's form and stay numbers, also negative ones.
    """
    return b"".join(csv_lines(rows, language=language))


def csv_lines(rows: Iterable[Iterable[Cell]], *, language: str) -> Iterator[bytes]:
    """The same, a piece at a time: of as many rows as there may be, a few hundred are in memory."""
    yield BOM_UTF8
    rows = iter(rows)
    while some := list(islice(rows, ROWS)):
        out = io.StringIO(newline="")
        writer = csv.writer(out, delimiter=";" if language == "fr" else ",")
        writer.writerows([_written(cell, language) for cell in row] for row in some)
        yield out.getvalue().encode()


def safe(cell: str) -> str:
    """A text as a spreadsheet program shall show it: what it would run as a formula comes after an apostrophe."""
    apart = INSIDE.sub(r"\1'", cell)
    return f"'{apart}" if apart.startswith(FORMULA) else apart


def report_csv(report: Report) -> bytes:
    """The report as one flat table in the active language: a head, then one row for each fact."""
    return csv_table(facts(report), language=get_language())


def _written(cell: Cell, language: str) -> str:
    if isinstance(cell, Number):
        return _number(cell).replace(".", "," if language == "fr" else ".")
    if isinstance(cell, date):
        return cell.isoformat()
    return safe(clean(cell or ""))


def _number(cell: Number) -> str:
    """A number with a point, without grouping; shares as percentages."""
    value = cell.value * 100 if cell.form in (Form.SHARE, Form.SHARE_TENTHS) else cell.value
    if cell.form in (Form.TENTHS, Form.GAIN):
        return f"{value:.1f}"
    plain = f"{value:f}"
    return plain.rstrip("0").rstrip(".") if "." in plain else plain
