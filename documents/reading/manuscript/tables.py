"""Tables: Word says of each cell that it continues the one above; HTML says how tall that is."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from xml.etree.ElementTree import Element

from documents.blocks import Block, Cell, Row, Table
from documents.reading.manuscript.tree import switched_on, value

_COLUMN_LIMIT = 63  # Word's own
_Blocks = Callable[[Element], Iterable[Block]]


def table(element: Element, blocks: _Blocks) -> Table:
    """The table `element`, the text of its cells read by `blocks`."""
    rows: list[list[Cell]] = []
    heads: list[bool] = []
    above: dict[int, tuple[int, int]] = {}  # column → place of the cell that may be continued
    for row in _children(element, "tr"):
        properties = row.find("trPr")
        if properties is not None and properties.find("del") is not None:
            continue
        rows.append([])
        heads.append(_is_head(properties))
        column = 0
        for cell in _children(row, "tc"):
            width = _width(cell)
            if _continues(cell) and column in above:
                at, place = above[column]
                rows[at][place] = replace(rows[at][place], rows=len(rows) - at)
            else:
                above[column] = (len(rows) - 1, len(rows[-1]))
                rows[-1].append(Cell(tuple(blocks(cell)), width))
            column += width
    return Table(tuple(Row(tuple(row), head) for row, head in zip(rows, heads, strict=True)))


def _children(parent: Element, name: str) -> Iterator[Element]:
    """Rows or cells, also those in content controls."""
    for child in parent:
        if child.tag == name:
            yield child
        elif child.tag in ("sdt", "sdtContent", "customXml", "ins"):
            yield from _children(child, name)


def _is_head(properties: Element | None) -> bool:
    head = properties.find("tblHeader") if properties is not None else None
    return head is not None and switched_on(head)


def _width(cell: Element) -> int:
    span = value(cell.find("tcPr"), "gridSpan", "1")
    return min(max(int(span), 1), _COLUMN_LIMIT) if span.isdecimal() else 1


def _continues(cell: Element) -> bool:
    merge = cell.find("tcPr/vMerge")
    return merge is not None and merge.get("val", "continue") != "restart"
