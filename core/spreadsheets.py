"""Cells of workbooks that no spreadsheet takes for anything but what they say."""

from datetime import date

from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font

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
