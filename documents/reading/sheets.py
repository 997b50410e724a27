"""Text of an XLSX workbook, and its cells as people see them."""

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime

from documents.reading.markup import Attributes, Visitor, visit
from documents.reading.package import Package
from documents.reading.plain import Text, tidy
from documents.reading.refusal import Refusal

_DRAWN = r"xl/(?:worksheets|chartsheets|drawings)/[^/]*\.xml"
_LOADING = re.compile(r"\b(?:WEBSERVICE|RTD|CALL|REGISTER(?:\.ID)?)\s*\(|\|\s*'", re.IGNORECASE)
_HEADINGS = re.compile("(?:odd|even|first)(?:Header|Footer)")
_HEADING_CODES = re.compile(r'&(?:"[^"]*"|K[0-9A-F]{6}|\d+|[A-Z])')
# What openpyxl raises on workbooks that are XML but make no sense.
_BROKEN = (
    zipfile.BadZipFile,
    AttributeError,
    LookupError,
    OverflowError,
    SyntaxError,
    TypeError,
    ValueError,
)


class _Sheet(Visitor):
    """What openpyxl does not tell: text boxes, printed headings, and what formulas load."""

    def __init__(self) -> None:
        self.text: list[str] = []
        self._in = ""
        self._formula = ""
        self._cell = False

    def start(self, name: str, attributes: Attributes) -> None:
        self._in = name
        self._formula = ""
        self._cell = self._cell or name == "c"

    def end(self, name: str) -> None:
        self._in = ""
        self._cell = self._cell and name != "c"
        if name == "f" and _LOADING.search(self._formula):
            raise Refusal("remote")
        if name == "p" or _HEADINGS.fullmatch(name):
            self.text.append("\n")

    def data(self, text: str) -> None:
        if self._in == "f":
            self._formula += text
        elif _HEADINGS.fullmatch(self._in):
            self.text.append(_HEADING_CODES.sub(" ", text))
        elif self._in == "t" and not self._cell:
            self.text.append(text)


def text(package: Package, content: bytes) -> str:
    """Text of all sheets, their printed headings first; Refusal when a formula loads something."""
    beside = _Sheet()
    for name in package.matching(_DRAWN):
        visit(package.read(name), beside)
    whole = Text()
    whole.add_page("".join(beside.text))
    for row in cells(content):
        whole.add_page("\t".join(filter(None, row)))
    return whole.whole("\n").strip()


def cells(content: bytes, *, first_sheet_only: bool = False) -> Iterator[list[str]]:
    """Every filled row of a workbook as text, without the empty cells at its end."""
    import openpyxl  # slow to load, and the readers of other office files start without it

    try:
        workbook = openpyxl.load_workbook(
            io.BytesIO(content), read_only=True, data_only=True, keep_links=False
        )
        if not workbook.worksheets:
            raise Refusal("damaged")
        for sheet in workbook.worksheets[: 1 if first_sheet_only else None]:
            sheet.reset_dimensions()  # a file can claim a million rows that it does not have
            for row in sheet.iter_rows(values_only=True):
                if any(value is not None for value in row):
                    yield filled([_shown(value) for value in row])
    except _BROKEN as error:
        raise Refusal("damaged") from error


def filled(row: list[str]) -> list[str]:
    """`row` without the empty cells at its end."""
    while row and not row[-1]:
        row.pop()
    return row


def _shown(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime) and (value.hour or value.minute):
        return f"{value:%d/%m/%Y %H:%M}"
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return tidy(str(value))
