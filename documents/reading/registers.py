"""Rows of a register: the first sheet of an XLSX workbook, or a CSV file."""

import csv
import io
from collections.abc import Iterator

from documents.reading import sheets
from documents.reading.package import Package
from documents.reading.plain import tidy
from documents.reading.refusal import Refusal

ROW_LIMIT = 20_000
_SEPARATORS = ";\t,"


def rows(content: bytes) -> list[list[str]]:
    """Filled rows as text, dates as dd/mm/yyyy; Refusal when it is no table or too long a one."""
    taken = []
    for row in _rows(content):
        if any(row):
            taken.append(row)
        if len(taken) > ROW_LIMIT:
            raise Refusal("too_many_rows")
    return taken


def _rows(content: bytes) -> Iterator[list[str]]:
    if not content.startswith(b"PK\x03\x04"):
        return _rows_of_csv(_decoded(content))
    package = Package(content)
    package.refuse_unless_plain()
    if "xl/workbook.xml" not in package.names:
        raise Refusal("not_a_table")
    return sheets.cells(content, first_sheet_only=True)


def _decoded(content: bytes) -> str:
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise Refusal("not_a_table") from error
    if "\0" in text:
        raise Refusal("not_a_table")
    return text


def _rows_of_csv(text: str) -> Iterator[list[str]]:
    first_line = text.partition("\n")[0]
    separator = max(_SEPARATORS, key=first_line.count)  # Vietnamese Excel writes semicolons
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True):
            yield sheets.filled([tidy(value) for value in row])
    except csv.Error as error:
        raise Refusal("not_a_table") from error
