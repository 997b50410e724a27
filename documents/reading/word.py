"""Text of a DOCX, and what its fields would do when the file is opened."""

import re

from documents.reading.links import is_plain_link
from documents.reading.markup import Attributes, Visitor, visit
from documents.reading.package import Package
from documents.reading.plain import Text
from documents.reading.refusal import Refusal

# Fields that load, run or disguise: QUOTE spells other fields by character codes.
_FIELD = re.compile(
    r"\s*(?:DDE|DDEAUTO|LINK|INCLUDETEXT|INCLUDEPICTURE|IMPORT|INCLUDE|DATABASE|MACROBUTTON|RD"
    r"|QUOTE|EMBED)\b",
    re.IGNORECASE,
)
_HYPERLINK = re.compile(r'\s*HYPERLINK\s+"?([^"\s\\]+)', re.IGNORECASE)
# Headers first: a stamp of secrecy in one belongs to the head of the first page.
_BODY = r"word/document\d*\.xml"
_ORDER = (r"word/header\d*\.xml", _BODY, r"word/(?:foot|end)notes\d*\.xml")
_BREAKS = {"br": "\n", "cr": "\n", "tab": "\t"}


class _Part(Visitor):
    """Text of one part of a Word file."""

    def __init__(self) -> None:
        self.text: list[str] = []
        self._fields: list[str] = []
        self._in = ""
        self._fallbacks = 0

    def start(self, name: str, attributes: Attributes) -> None:
        self._in = name
        if name == "Fallback":  # the same text once more, for old programs
            self._fallbacks += 1
        elif name == "fldSimple":
            _refuse_field(attributes.get("instr", ""))
        elif name == "fldChar":
            self._mark(attributes.get("fldCharType", ""))
        elif name in _BREAKS and (name != "tab" or not attributes):  # with them a tab stop
            self.text.append(_BREAKS[name])

    def end(self, name: str) -> None:
        self._in = ""
        if name == "Fallback":
            self._fallbacks -= 1
        elif name in ("p", "tr"):
            self.text.append("\n")
        elif name == "tc" and self.text and self.text[-1] == "\n":
            self.text[-1] = "\t"

    def data(self, text: str) -> None:
        if self._in == "t" and not self._fallbacks:
            self.text.append(text)
        elif self._in == "instrText" and self._fields:
            self._fields[-1] += text

    def _mark(self, kind: str) -> None:
        """Begin a field, or judge one whose instruction is complete."""
        if kind == "begin":
            self._fields.append("")
        elif self._fields and kind in ("separate", "end"):
            _refuse_field(self._fields[-1])
            if kind == "end":
                self._fields.pop()


def _refuse_field(instruction: str) -> None:
    if _FIELD.match(instruction):
        raise Refusal("remote")
    link = _HYPERLINK.match(instruction)
    if link and not is_plain_link(link[1]):
        raise Refusal("link")


def text(package: Package) -> str:
    """Text of headers, body and notes; Refusal when a field loads something."""
    if not package.matching(_BODY):
        raise Refusal("damaged")
    texts = {name: _visited(package, name) for name in package.matching(r"word/[^/]*\.xml")}
    whole = Text()
    for pattern in _ORDER:
        for name in package.matching(pattern):
            whole.add_page(texts[name])
    return whole.whole("\n")


def _visited(package: Package, name: str) -> str:
    part = _Part()
    visit(package.read(name), part)
    return "".join(part.text)
