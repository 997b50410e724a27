"""Lists as Word writes them: paragraphs that only their mso-list style tells from others."""

import re
from dataclasses import dataclass, field

from core.markup import Element, Node, Span, style, text_of

_LIST = re.compile(r"mso-list:\s*l(\d+)\s+level(\d+)")
_MARKER = re.compile(r"mso-list:\s*ignore")
_NUMBER = re.compile(
    r"\(?(?:(?P<number>\d{1,3})|(?P<letter>[A-Za-z])|(?P<roman>[ivxl]{2,6}|[IVXL]{2,6}))[.)]"
)
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50}


def restore_lists(parent: Element) -> None:
    """Turn runs of Word's list paragraphs in `parent`, at any depth, into nested ul and ol.

    Labels that a list cannot show ("1.1.", "Điều 2.") stay as text in their paragraph.
    """
    lists = _OpenLists()
    kept: list[Node] = []
    for node in parent.children:
        item = _item(node) if isinstance(node, Element) else None
        if item:
            kept += lists.add(item)
        elif lists.levels and not text_of(node).strip() and isinstance(node, Span):
            continue
        else:
            lists.levels.clear()
            kept.append(node)
            if isinstance(node, Element):
                restore_lists(node)
    parent.children = kept


@dataclass(slots=True)
class _Item:
    list_id: str
    level: int
    label: str
    children: list[Node]

    def list_element(self) -> Element:
        match = _NUMBER.fullmatch(self.label)
        if match is None:
            return Element("ul")
        if match["number"]:
            return Element("ol", _start(int(match["number"])))
        if roman := match["roman"]:
            kind = "i" if roman.islower() else "I"
            return Element("ol", {"type": kind} | _start(_value(roman.lower())))
        letter = match["letter"]
        kind = letter if letter in "iI" else ("a" if letter.islower() else "A")
        start = 1 if letter in "iI" else ord(letter) - ord(kind) + 1
        return Element("ol", {"type": kind} | _start(start))


def _value(roman: str) -> int:
    """The number that a Roman one of small letters writes."""
    values = [_ROMAN[letter] for letter in roman]
    following = [*values[1:], 0]
    return sum(-one if one < other else one for one, other in zip(values, following, strict=True))


def _start(first: int) -> dict[str, str]:
    return {"start": str(first)} if first > 1 else {}


@dataclass(slots=True)
class _OpenLists:
    """The lists that the next item may continue, outermost first."""

    levels: list[tuple[int, str, Element]] = field(default_factory=list)

    def add(self, item: _Item) -> list[Element]:
        """Put `item` in its list; a list that begins at the outermost level is returned."""
        self._close_what_ended(item)
        begun: list[Element] = []
        if not self.levels or self.levels[-1][0] < item.level:
            new = item.list_element()
            if self.levels:
                self._innermost_item().children.append(new)
            else:
                begun.append(new)
            self.levels.append((item.level, item.list_id, new))
        self.levels[-1][2].children.append(Element("li", {}, item.children))
        return begun

    def _close_what_ended(self, item: _Item) -> None:
        while self.levels and self.levels[-1][0] > item.level:
            self.levels.pop()
        if self.levels and self.levels[-1][0] == item.level and self.levels[-1][1] != item.list_id:
            self.levels.pop()

    def _innermost_item(self) -> Element:
        last = self.levels[-1][2].children[-1]
        assert isinstance(last, Element)
        return last


def _item(element: Element) -> _Item | None:
    match = _LIST.search(style(element))
    marker = _marker(element) if match else None
    if match is None or marker is None:
        return None
    label = "".join(text_of(marker).split())
    if not (_NUMBER.fullmatch(label) or _is_bullet(label)):
        return None
    marker.children.clear()
    return _Item(match[1], int(match[2]), label, element.children)


def _is_bullet(label: str) -> bool:
    """Bullets come as symbols, as an o in Courier New, as a letter of Wingdings, or as pictures."""
    return len(label) <= 1


def _marker(element: Element) -> Element | None:
    for child in element.children:
        if isinstance(child, Element):
            found = child if _MARKER.search(style(child)) else _marker(child)
            if found:
                return found
    return None
