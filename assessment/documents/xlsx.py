"""A report for spreadsheet programs: numbers that are numbers, texts that are never formulas."""

import io
import re
import tempfile
import zipfile
from collections.abc import Iterable, Sequence
from datetime import UTC, date
from typing import IO

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from assessment.documents.cells import Cell, Column, Form, Number, Table, clean
from assessment.documents.tables import tables
from assessment.report.parts import Report
from assessment.text.cleaning import isolated

FORMATS = {
    Form.WHOLE: "0",
    Form.TENTHS: "0.0",
    Form.EXACT: "0.0#####",
    Form.PART: "0%",
    Form.SHARE: "0%",
    Form.SHARE_TENTHS: "0.0%",
    Form.GAIN: "+0.0;-0.0;0.0",
    Form.CHANGE: "+0;-0;0",
}
LONG_FORMATS = FORMATS | {Form.EXACT: "0.0"}  # of a long sheet: the value stays exact
NARROWEST, WIDEST = 12, 40  # characters of a column of a long sheet
DATES = {"en": "yyyy-mm-dd", "fr": "dd/mm/yyyy"}
MOST_UNITS = 32_767  # of UTF-16 that a cell holds
ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")  # what a spreadsheet program would read as a character's number
RUNS = ("=", "+", "-", "@", "\t", "\r", "\n", "'")  # texts that become something else when somebody edits the cell
ZIP_DATE = (1980, 1, 1, 0, 0, 0)  # the earliest a zip file knows
LINE, HIGHEST = 15, 400  # points: of one line, and of the highest row
INK, TINT = "1B2330", "E9E6DE"


def report_xlsx(report: Report) -> bytes:
    """The report as an XLSX workbook in the active language; the same report gives the same bytes."""
    import openpyxl  # late: pages are served without it

    book = openpyxl.Workbook()
    book.remove(book.active)
    for table in tables(report):
        _fill(book.create_sheet(table.title), table)
    _properties(book, report)
    return _packed(book)


def _fill(sheet, table: Table) -> None:
    from openpyxl.utils import get_column_letter

    rows = list(table.rows())
    for number, cells in enumerate([table.heads, *rows], start=1):
        for place, value in enumerate(cells, start=1):
            _write(sheet.cell(number, place), value)
        sheet.row_dimensions[number].height = _height(cells, table.columns)
    for place, column in enumerate(table.columns, start=1):
        of_numbers = column.is_narrow and any(isinstance(row[place - 1], Number) for row in rows)
        _lay_out(next(sheet.iter_cols(place, place)), of_numbers=of_numbers)
        sheet.column_dimensions[get_column_letter(place)].width = column.width
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = sheet.dimensions
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_setup.fitToHeight = 0


def _write(cell, value: Cell) -> None:
    if value == "":
        return  # an empty cell, not one that holds an empty text
    if isinstance(value, str):
        cell.value = as_text(value)
        cell.data_type = "s"  # past the library's guess: a text that begins with = is a text
        cell.quotePrefix = value.startswith(RUNS)  # and stays one when the cell is edited
    elif isinstance(value, Number):
        cell.value, cell.number_format = value.value, FORMATS[value.form]
    elif isinstance(value, date):
        cell.value, cell.number_format = value, DATES[get_language()]


def _height(cells: Sequence[Cell], columns: Sequence[Column]) -> int:
    """A height in points that shows every line: not every program finds it by itself."""
    lines = [
        sum(1 + len(line) // (column.width - 3) for line in text.split("\n"))
        for text, column in zip(cells, columns, strict=True)
        if isinstance(text, str)
    ]
    return min(LINE * max(lines, default=1) + 3, HIGHEST)


def _lay_out(cells: Sequence, *, of_numbers: bool) -> None:
    """A column's alignment, its head in bold on a tint."""
    from openpyxl.styles import Alignment, Font, PatternFill

    side = {"horizontal": "right"} if of_numbers else {"horizontal": "left", "indent": 1}
    for cell in cells:
        cell.alignment = Alignment(vertical="top", wrap_text=True, **side)
    cells[0].font = Font(name="Calibri", size=11, bold=True, color=INK)
    cells[0].fill = PatternFill("solid", fgColor=TINT)


def as_text(text: str) -> str:
    """A text that a cell can hold: characters that XML cannot carry replaced, what is too long cut with a note."""
    lines = clean(text).replace("\r\n", "\n").replace("\r", "\n")  # XML knows no other line end
    escaped = ESCAPED.sub("_x005F_", lines)
    units = escaped.encode("utf-16-le")
    if len(units) <= 2 * MOST_UNITS:
        return escaped
    note = _(" […] Cut here: a cell of a spreadsheet holds no more.")
    kept = units[: 2 * (MOST_UNITS - len(note))].decode("utf-16-le", "ignore")
    return kept + note


def _properties(book, report: Report) -> None:
    """Title and language; nobody's name, no machine's, and the date of the result."""
    made_at = report.subject.made_at.astimezone(UTC).replace(tzinfo=None)
    book.properties.creator = _("Social media maturity")
    book.properties.title = as_text(_("Report: %(name)s") % {"name": isolated(report.subject.organisation)})
    book.properties.language = get_language()
    book.properties.created = book.properties.modified = made_at


def _packed(book) -> bytes:
    """The workbook as a file in which no part is dated by this machine's clock."""
    from openpyxl.writer.excel import ExcelWriter

    written, packed = io.BytesIO(), io.BytesIO()
    ExcelWriter(book, zipfile.ZipFile(written, "w")).save()
    with zipfile.ZipFile(written) as parts, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for name in parts.namelist():
            file.writestr(zipfile.ZipInfo(name, ZIP_DATE), parts.read(name), zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def long_xlsx(title: str, rows: Iterable[Sequence[Cell]]) -> IO[bytes]:
    """One sheet of as many rows as there may be, the first of them its head, as an open file: little of it is in memory."""
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet(as_text(title)[:31])
    sheet.freeze_panes = "B2"
    rows = iter(rows)
    _begin(sheet, next(rows, []))
    for row in rows:
        sheet.append([_plain(sheet, cell) for cell in row])
    book.properties.creator = _("Social media maturity")
    file = tempfile.TemporaryFile()  # noqa: SIM115 -- whoever sends it closes it, and then it is gone
    book.save(file)
    file.seek(0)
    return file


def _begin(sheet, head: Sequence[str]) -> None:
    """The widths, which stand before all rows, and the head in bold."""
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    cells = []
    for place, title in enumerate(head, start=1):
        width = min(max(len(title) + 2, NARROWEST), WIDEST)
        sheet.column_dimensions[get_column_letter(place)].width = width
        cell = WriteOnlyCell(sheet)
        _write(cell, title)
        cell.font = Font(name="Calibri", size=11, bold=True, color=INK)
        cells.append(cell)
    sheet.append(cells)


def _plain(sheet, value: Cell):
    """What a row of a long sheet takes: a cell of its own for numbers, and where a text would become something else."""
    from openpyxl.cell import WriteOnlyCell

    if isinstance(value, Number):
        cell = WriteOnlyCell(sheet, value.value)
        cell.number_format = LONG_FORMATS[value.form]
        return cell
    if not isinstance(value, str) or not value.startswith(RUNS):
        return as_text(value) if isinstance(value, str) else value
    cell = WriteOnlyCell(sheet)
    _write(cell, value)
    return cell
