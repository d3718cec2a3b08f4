"""CSV files that spreadsheet programs open as they should: accents, separators, and no cell that runs as a formula."""

import csv
import io
from collections.abc import Iterable

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def csv_table(rows: Iterable[Iterable[str]], *, language: str) -> bytes:
    """Rows of texts as CSV in UTF-8 with its mark; French spreadsheet programs expect semicolons, English ones commas."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";" if language == "fr" else ",")
    writer.writerows([safe(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def safe(cell: str) -> str:
    """A text as a spreadsheet program shall show it: one that it would run as a formula begins with an apostrophe."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell
