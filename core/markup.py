"""HTML as a small tree of elements and marked text: read from nh3's output, written back."""

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import groupby
from typing import NamedTuple

from core.text import nfc

VOID = frozenset({"br", "hr", "img"})
# Deeper nesting carries no meaning in an article and would exhaust Python's stack.
MAX_DEPTH = 60

# Control characters, lone surrogates, zero-width space, soft hyphen, byte order mark, and the
# combining solidus, which NFC would merge with the < or > of a tag beside it.
_INVISIBLE = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\xad\u0338\u200b\ufeff\ud800-\udfff]")


class Mark(NamedTuple):
    """An inline element that a piece of text stands in, with its attributes."""

    tag: str
    attrs: tuple[tuple[str, str], ...] = ()


class Span(NamedTuple):
    """A piece of text and the marks on it; a line break is the text "\\n"."""

    text: str
    marks: tuple[Mark, ...] = ()


@dataclass(slots=True)
class Element:
    """A parsed element, and after conversion a block."""

    tag: str
    attrs: dict[str, str] = field(default_factory=dict)
    children: "list[Node]" = field(default_factory=list)


Node = Element | Span
BREAK = "\n"


def without_invisible(text: str) -> str:
    """`text` without the characters that nobody can see and that XML or PostgreSQL refuse."""
    return _INVISIBLE.sub("", text)


def parse(markup: str) -> Element:
    """The tree of well-formed HTML (as nh3 writes it), at most MAX_DEPTH deep."""
    builder = _TreeBuilder()
    builder.feed(markup)
    builder.close()
    return builder.open[0]


class _TreeBuilder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open = [Element("root")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        if len(self.open) < MAX_DEPTH:
            self.open[-1].children.append(element)
        else:
            element = self.open[-1]
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(Span(data))


def style(element: Element) -> str:
    """The element's style attribute in lower case, "" without one."""
    return element.attrs.get("style", "").lower()


def text_of(node: Node) -> str:
    """All text in `node`, as written."""
    return node.text if isinstance(node, Span) else "".join(map(text_of, node.children))


def serialise(nodes: Iterable[Node]) -> str:
    """`nodes` as HTML, their text in NFC."""
    parts: list[str] = []
    for is_text, group in groupby(nodes, lambda node: isinstance(node, Span)):
        if is_text:
            parts.append(_inline([node for node in group if isinstance(node, Span)]))
        else:
            parts += [_block(node) for node in group if isinstance(node, Element)]
    return "".join(parts)


def _block(element: Element) -> str:
    opened = _opening(element.tag, element.attrs.items())
    if element.tag in VOID:
        return opened
    return f"{opened}{serialise(element.children)}</{element.tag}>"


def _inline(spans: list[Span], depth: int = 0) -> str:
    parts: list[str] = []
    for mark, group in groupby(spans, lambda span: span.marks[depth : depth + 1]):
        if mark:
            inside = _inline(list(group), depth + 1)
            parts.append(f"{_opening(mark[0].tag, mark[0].attrs)}{inside}</{mark[0].tag}>")
        else:
            text = nfc("".join(span.text for span in group))
            parts.append(html.escape(text, quote=False).replace(BREAK, "<br>"))
    return "".join(parts)


def _opening(tag: str, attrs: Iterable[tuple[str, str]]) -> str:
    written = "".join(f' {name}="{html.escape(nfc(value))}"' for name, value in attrs)
    return f"<{tag}{written}>"
