"""Workbooks and CSV whose cells no spreadsheet takes for anything but what they say."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from io import BytesIO, StringIO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

BYTE_ORDER_MARK = "\ufeff"  # Excel looks for it in CSV

# What spreadsheets take for the beginning of a formula (OWASP, CSV Injection).
FORMULA = ("=", "+", "-", "@", "\t", "\r")

Value = str | int | date | None


def harmless(value: Value) -> Value:
    """Return `value` as no program takes it for a formula."""
    if isinstance(value, str) and value.startswith(FORMULA):
        return f"'{value}"
    return value


def cell(sheet: object, value: Value, font: Font | None = None) -> WriteOnlyCell:
    """Return a cell of `sheet`: dates as dates, texts without what XML forbids."""
    if isinstance(value, str):
        value = ILLEGAL_CHARACTERS_RE.sub("", value)
    made = WriteOnlyCell(sheet, value)
    if isinstance(value, date):
        made.number_format = "dd/mm/yyyy"
    if font:
        made.font = font
    return made


def workbook(
    title: str, columns: Mapping[str, int], rows: Iterable[Iterable[Value]], *, note: str = ""
) -> bytes:
    """Return a workbook of one sheet: `columns` are names and widths in letters, `note` ends it."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    for place, width in enumerate(columns.values(), start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    heading = Font(bold=True)
    sheet.append([cell(sheet, name, font=heading) for name in columns])
    for row in rows:
        sheet.append([cell(sheet, value) for value in row])
    if note:
        sheet.append([cell(sheet, note, font=heading)])
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def csv_lines(columns: Iterable[str], rows: Iterable[Iterable[Value]]) -> Iterator[str]:
    """Yield CSV (RFC 4180) in pieces worth sending, with the mark that Excel looks for."""
    buffer = StringIO()
    writer = csv.writer(buffer)
    buffer.write(BYTE_ORDER_MARK)
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_written(value) for value in row])
        if buffer.tell() > 1 << 16:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


def _written(value: Value) -> str:
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else str(value or "")
