"""Extracted text as it is kept: NFC, no control characters, bounded."""

import re

from core.text import nfc
from documents.reading.refusal import Refusal

# Refused beyond, not cut: a marking of secrecy after the cut would go unseen.
TEXT_LIMIT = 2_000_000
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ufeff\ufffe\uffff\ud800-\udfff]")
_LINE_END = re.compile(r"[ \t\u00a0]*(?:\r\n?|[\n\u2028\u2029])")
_GAP = re.compile(r"\n{3,}")


def tidy(text: str) -> str:
    """NFC `text` that PostgreSQL can store, without blanks at line ends or long gaps."""
    lines = _LINE_END.sub("\n", text.replace("\f", "\n"))
    return nfc(_GAP.sub("\n\n", _CONTROLS.sub("", lines))).strip()


class Text:
    """Collects pages (or parts) of text; Refusal when together they are too long."""

    def __init__(self) -> None:
        self._pages: list[str] = []
        self._size = 0

    def add_page(self, text: str) -> None:
        """Add one page, tidied."""
        self._size += len(text)
        if self._size > TEXT_LIMIT:
            raise Refusal("too_much_text")
        self._pages.append(tidy(text))

    def whole(self, separator: str = "\f") -> str:
        """All pages, `separator` between them; "" when none has a word."""
        return separator.join(self._pages) if any(self._pages) else ""
