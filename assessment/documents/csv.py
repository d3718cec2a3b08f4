"""CSV files that spreadsheet programs open as they should: accents, separators, and no cell that runs as a formula."""

import csv
import io
import re
from collections.abc import Iterable
from datetime import date

from django.utils.translation import get_language

from assessment.documents.cells import Cell, Form, Number, clean
from assessment.documents.facts import facts
from assessment.report import Report

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# The same inside a text, where a program that takes the other separator for its own would begin a cell.
INSIDE = re.compile(r"([,;\t\r\n]\"*)(?=[=+\-@＝＋－＠])")


def csv_table(rows: Iterable[Iterable[Cell]], *, language: str) -> bytes:
    """Rows of cells as CSV in UTF-8 with its mark; French spreadsheet programs expect semicolons, English ones commas.

    Texts are made safe; numbers are written in the reader's form and stay numbers, also negative ones.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";" if language == "fr" else ",")
    writer.writerows([_written(cell, language) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


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
