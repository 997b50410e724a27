"""Fields: what Word computes. Their results are text; of HYPERLINK the address matters too."""

import re
from dataclasses import dataclass, field

from documents.reading.links import is_plain_link

_HYPERLINK = re.compile(r'\s*HYPERLINK\s+"?([^"\s\\]+)', re.IGNORECASE)


def link_of(instruction: str) -> str:
    """The address that a field leads to, "" when it leads nowhere that a reader may go."""
    match = _HYPERLINK.match(instruction)
    return plain(match[1]) if match else ""


def plain(target: str) -> str:
    """`target` when it is an address of the web, of mail or of a telephone, else ""."""
    return target if is_plain_link(target) and ":" in target else ""


@dataclass
class Fields:
    """The fields that are open at a point of the text, outermost first."""

    _open: list[list[str]] = field(default_factory=list)  # instruction, address

    def mark(self, kind: str) -> None:
        """Take note of the beginning, the middle or the end of a field."""
        if kind == "begin":
            self._open.append(["", ""])
        elif self._open and kind == "separate":
            self._open[-1][1] = link_of(self._open[-1][0])
        elif self._open and kind == "end":
            self._open.pop()

    def instruct(self, text: str) -> None:
        """Take note of a part of the innermost field's instruction."""
        if self._open:
            self._open[-1][0] += text

    @property
    def link(self) -> str:
        """The address that the text here leads to, or ""."""
        return next((link for _, link in reversed(self._open) if link), "")
