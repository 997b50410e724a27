"""Converting what was written in fonts before Unicode, where it stands among Unicode."""

from collections.abc import Collection, Iterator, Mapping

from core import legacy
from core.legacy import Encoding
from core.markup import BREAK, Element, Node, Span, parse, serialise, text_of
from core.richtext import only_safe

_LINES = frozenset("p h2 h3 h4 li th td figcaption caption blockquote".split())


def converted(fields: Mapping[str, str], html: Collection[str] = ("body",)) -> dict[str, str]:
    """`fields` in Unicode: text by name, that of the fields named in `html` with markup.

    Only the lines in a legacy encoding change; whatever is Unicode already stays as it is.
    """
    return {
        name: _converted_html(text) if name in html else _converted_text(text)
        for name, text in fields.items()
    }


def _converted_text(text: str) -> str:
    lines = text.split("\n")
    only = _only_encoding(lines)
    return "\n".join(_in_unicode(line, _encoding(line, only)) for line in lines)


def _converted_html(html: str) -> str:
    root = parse(only_safe(html))
    lines = [*_lines(root)]
    only = _only_encoding([text_of(line) for line in lines])
    if only is None and not any(legacy.suspected(text_of(line)) for line in lines):
        return html
    for line in lines:
        if encoding := _encoding(text_of(line), only):
            line.children = [_node_in_unicode(node, encoding) for node in line.children]
    return "\n".join(serialise([node]) for node in root.children if isinstance(node, Element))


def _lines(element: Element) -> Iterator[Element]:
    """The elements that hold text themselves and no other such element."""
    for child in element.children:
        if isinstance(child, Element):
            inner = [*_lines(child)]
            if child.tag in _LINES and not inner:
                yield child
            yield from inner


def _node_in_unicode(node: Node, encoding: Encoding) -> Node:
    if isinstance(node, Span):
        return Span(legacy.convert(node.text, encoding).replace(BREAK, " "), node.marks)
    node.children = [_node_in_unicode(child, encoding) for child in node.children]
    return node


def _only_encoding(lines: list[str]) -> Encoding | None:
    """The encoding of all lines that are in one."""
    found = {encoding for line in lines if (encoding := legacy.suspected(line))}
    return found.pop() if len(found) == 1 else None


def _encoding(line: str, only: Encoding | None) -> Encoding | None:
    """The encoding of `line`; one word is enough where other lines are in the encoding `only`."""
    if only and legacy.fits(line, only):
        return only
    return legacy.suspected(line)


def _in_unicode(line: str, encoding: Encoding | None) -> str:
    return legacy.convert(line, encoding) if encoding else line
