"""The meaning of pasted HTML: Word, LibreOffice, Google Docs and web markup as few plain elements.

Nothing here is about safety: core.richtext has nh3 parse what comes in and judge what goes out.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby

from core.markup import BREAK, Element, Mark, Node, Span, style, without_invisible
from core.text import nfc

# The order in which marks are nested, outermost first: one text has one serialisation.
MARKS = ("a", "strong", "em", "cite", "u", "s", "sub", "sup")
HEADINGS = frozenset({"h2", "h3", "h4"})
ALIGNED = HEADINGS | {"p", "th", "td"}
DIVISIONS = frozenset(
    "div section article header footer main aside nav address center pre dl dt dd details summary"
    " fieldset form".split()
)
RENAMED = {
    "b": "strong",
    "i": "em",
    "ins": "u",
    "del": "s",
    "strike": "s",
    "h1": "h2",
    "h5": "h4",
    "h6": "h4",
}
_STYLED_MARKS = {
    "strong": re.compile(r"(?<!-)font-weight:\s*(?:bold|[6-9]00)"),
    "em": re.compile(r"(?<!-)font-style:\s*italic"),
    "u": re.compile(r"text-decoration[^;]*:[^;]*underline"),
    "s": re.compile(r"text-decoration[^;]*:[^;]*line-through"),
    "sub": re.compile(r"vertical-align:\s*sub"),
    "sup": re.compile(r"vertical-align:\s*super"),
}
# Not mso-bidi-font-weight, which Word writes on every bold text.
_NORMAL_WEIGHT = re.compile(r"(?<!-)font-weight:\s*(?:normal|[1-4]00)")
_ALIGNMENT = re.compile(r"text-align:\s*(center|right)")
_SPACES = re.compile(r"\s+")


def blocks(root: Element) -> list[Element]:
    """The content of a parsed tree as a list of plain blocks, in normal form."""
    return _as_blocks(_converted(root))


def _converted(element: Element) -> list[Node]:
    return [new for child in element.children for new in _convert(child)]


def _convert(node: Node) -> list[Node]:
    if isinstance(node, Span):
        return [Span(_SPACES.sub(" ", nfc(without_invisible(node.text))))]
    tag = RENAMED.get(node.tag, node.tag)
    children = _converted(node)
    if convert := _CONVERTERS.get(tag):
        return list(convert(Element(tag, node.attrs, children)))
    for mark in _marks(tag, node):
        children = _marked(mark, children)
    return children


def _marks(tag: str, element: Element) -> Iterator[Mark]:
    if tag == "a":
        if element.attrs.get("href"):
            yield Mark("a", tuple(sorted(element.attrs.items())))
    elif tag in MARKS:
        if not (tag == "strong" and _NORMAL_WEIGHT.search(style(element))):
            yield Mark(tag)
    else:
        for name, pattern in _STYLED_MARKS.items():
            if pattern.search(style(element)):
                yield Mark(name)


def _marked(mark: Mark, nodes: list[Node]) -> list[Node]:
    """`nodes` with `mark` on every text in them that does not carry such a mark already."""
    for index, node in enumerate(nodes):
        if isinstance(node, Element):
            if mark.tag != "strong" or node.tag not in HEADINGS:
                node.children = _marked(mark, node.children)
        elif mark.tag not in {given.tag for given in node.marks}:
            marks = sorted((*node.marks, mark), key=lambda given: MARKS.index(given.tag))
            nodes[index] = Span(node.text, tuple(marks))
    return nodes


def _as_blocks(nodes: Iterable[Node], tag: str = "p", align: str = "") -> list[Element]:
    """`nodes` as blocks that may stand anywhere: text becomes elements named `tag`."""
    found: list[Element] = []
    for is_text, group in groupby(nodes, lambda node: isinstance(node, Span)):
        if is_text:
            lines = _split_at_blank_lines([node for node in group if isinstance(node, Span)])
            found += [Element(tag, _class(align), list(line)) for line in lines if line]
        else:
            for node in group:
                if isinstance(node, Element):
                    found += _standing_alone(node, align)
    return found


def _standing_alone(element: Element, align: str) -> list[Element]:
    if element.tag in {"li", "figcaption", "caption"}:
        return _as_blocks(element.children)
    if align and element.tag in ALIGNED and "class" not in element.attrs:
        element.attrs["class"] = align
    return [element]


def _split_at_blank_lines(spans: list[Span]) -> Iterator[list[Span]]:
    spans = [span for span in _collapsed(spans) if span.text]
    line: list[Span] = []
    for index, span in enumerate(spans):
        beside = {
            other.text for other in (*spans[index + 1 : index + 2], *spans[index - 1 : index])
        }
        if span.text == BREAK and BREAK in beside:
            yield tidy(line)
            line = []
        else:
            line.append(span)
    yield tidy(line)


def _collapsed(spans: list[Span]) -> list[Span]:
    """`spans` with one space where there were several, and none beside a break or an edge."""
    collapsed: list[Span] = []
    before = BREAK
    for span in spans:
        text = span.text
        if text != BREAK and before.endswith((" ", BREAK)):
            text = text.lstrip(" ")
        if text == BREAK:
            _strip_end(collapsed)
        if text:
            collapsed.append(Span(text, span.marks))
            before = text
    _strip_end(collapsed)
    return collapsed


def _strip_end(spans: list[Span]) -> None:
    if spans and spans[-1].text.endswith(" "):
        text = spans[-1].text.rstrip(" ")
        spans[-1:] = [Span(text, spans[-1].marks)] if text else []


def tidy(spans: list[Span]) -> list[Span]:
    """Text of one block: spaces collapsed, no break at the edges, never two in a row."""
    tidied: list[Span] = []
    for span in _collapsed(spans):
        if span.text != BREAK or (tidied and tidied[-1].text != BREAK):
            tidied.append(span)
    if tidied and tidied[-1].text == BREAK:
        tidied.pop()
    return tidied


def _spans(nodes: Iterable[Node]) -> list[Span]:
    """The text of `nodes` without its blocks."""
    found: list[Span] = []
    for node in nodes:
        found += [node] if isinstance(node, Span) else [Span(BREAK), *_spans(node.children)]
    return found


def _class(name: str) -> dict[str, str]:
    return {"class": name} if name else {}


def _only(element: Element, *names: str) -> dict[str, str]:
    return {name: element.attrs[name] for name in names if name in element.attrs}


def _alignment(element: Element) -> str:
    """The class that says what the style, the align attribute or the class said."""
    match = _ALIGNMENT.search(style(element))
    asked = match[1] if match else element.attrs.get("align", "").lower()
    names = element.attrs.get("class", "").split()
    for side in ("center", "right"):
        if asked == side or f"text-{side}" in names:
            return f"text-{side}"
    return ""


def _text_block(element: Element) -> list[Element]:
    return _as_blocks(element.children, element.tag, _alignment(element))


def _heading(element: Element) -> list[Element]:
    """A heading is bold by itself; Word says so once more."""
    element.children = [
        Span(node.text, tuple(mark for mark in node.marks if mark.tag != "strong"))
        if isinstance(node, Span)
        else node
        for node in element.children
    ]
    return _text_block(element)


def _division(element: Element) -> list[Element]:
    if "gallery" in element.attrs.get("class", "").split():
        return _gallery(element)
    align = "text-center" if element.tag == "center" else _alignment(element)
    return _as_blocks(element.children, "p", align)


def _gallery(element: Element) -> list[Element]:
    """The photos in one group, and after them whatever else stood between them."""
    content = [
        node
        for block in _as_blocks(element.children)
        for node in (block.children if block.tag == "div" else [block])
        if isinstance(node, Element)
    ]
    photos = [node for node in content if node.attrs.get("class") == "photo"]
    others = [node for node in content if node.attrs.get("class") != "photo"]
    return [Element("div", {"class": "gallery"}, [*photos]), *others] if photos else others


def _break(element: Element) -> list[Node]:
    return [Span(BREAK)]


def _rule(element: Element) -> list[Element]:
    return [Element("hr")]


def _flow(nodes: list[Node]) -> list[Node]:
    """Content of a list item or cell: bare text, or text and blocks, or several blocks."""
    found: list[Node] = [*_as_blocks(nodes)]
    paragraphs = [node for node in found if isinstance(node, Element) and node.tag == "p"]
    if len(paragraphs) == 1 and found[0] is paragraphs[0]:
        found[:1] = paragraphs[0].children
    return found


def _item(element: Element) -> list[Element]:
    return [Element("li", {}, _flow(element.children))]


def _list(element: Element) -> list[Element]:
    items: list[Element] = []
    for node in element.children:
        if isinstance(node, Element) and node.tag == "li":
            items.append(node)
        elif isinstance(node, Element) and node.tag in {"ul", "ol"} and items:
            items[-1].children = _flow([*items[-1].children, node])
        elif isinstance(node, Element) or node.text.strip():
            items.append(Element("li", {}, _flow([node])))
    items = [item for item in items if item.children]
    attrs = _only(element, "start", "type") if element.tag == "ol" else {}
    return [Element(element.tag, attrs, [*items])] if items else []


def _quote(element: Element) -> list[Element]:
    inside = _as_blocks(element.children)
    return [Element("blockquote", {}, [*inside])] if inside else []


def _image(element: Element) -> list[Element]:
    """A picture is always a figure; core.richtext has already refused what is not ours."""
    if not element.attrs.get("src"):
        return []
    return [Element("figure", {"class": "photo"}, [Element("img", element.attrs)])]


def _video(element: Element) -> list[Element]:
    """A video is always a figure; core.richtext has already refused what is not ours."""
    if not element.attrs.get("src"):
        return []
    return [Element("figure", {"class": "video"}, [Element("video", element.attrs)])]


def _figure(element: Element) -> list[Element]:
    """The photos in a figure, the last of them with the caption; without any, its text."""
    content = _as_blocks(element.children)
    photos = [node for node in content if node.tag == "figure"]
    if not photos or any(node.tag in {"table", "div"} for node in content):
        return content
    image, *captions = photos[-1].children
    captions += [node for node in content if node.tag != "figure"]
    caption = tidy(_spans(captions))
    photos[-1].children = [image, Element("figcaption", {}, [*caption])] if caption else [image]
    if "video" in element.attrs.get("class", "").split() and _has_link(caption):
        photos[-1].attrs = {"class": "video"}  # on another site: its picture, and the way there
    return photos


def _has_link(spans: list[Span]) -> bool:
    return any(mark.tag == "a" for span in spans for mark in span.marks)


def _kept_figcaption(element: Element) -> list[Element]:
    return [Element(element.tag, {}, [*element.children])]


def _caption(element: Element) -> list[Element]:
    return [Element("caption", {}, [*tidy(_spans(element.children))])]


def _cell(element: Element) -> list[Element]:
    attrs = _only(element, "colspan", "rowspan", "scope")
    align = _alignment(element)
    content = _flow(element.children)
    paragraph = _only_paragraph(element.children)
    align = align or (paragraph.attrs.get("class", "") if paragraph else "")
    return [Element(element.tag, attrs | _class(align), content)]


def _only_paragraph(nodes: list[Node]) -> Element | None:
    found = [node for node in nodes if isinstance(node, Element) or node.text.strip()]
    only = found[0] if len(found) == 1 else None
    return only if isinstance(only, Element) and only.tag == "p" else None


def _rows(element: Element) -> list[Element]:
    """A row or group of rows: text between cells has no place in it."""
    return [Element(element.tag, {}, [n for n in element.children if isinstance(n, Element)])]


def _table(element: Element) -> list[Element]:
    if not has_content(element):
        return []
    parts = [node for node in element.children if isinstance(node, Element)]
    return [
        Element("table", {}, [part for part in parts if part.tag != "caption" or part.children])
    ]


def has_content(node: Node) -> bool:
    """Whether `node` shows a reader anything."""
    if isinstance(node, Span):
        return bool(node.text.strip())
    return node.tag in {"img", "video"} or any(map(has_content, node.children))


_CONVERTERS: dict[str, Callable[[Element], list[Element] | list[Node]]] = {
    "p": _text_block,
    **dict.fromkeys(HEADINGS, _heading),
    **dict.fromkeys(DIVISIONS, _division),
    **dict.fromkeys(("ul", "ol"), _list),
    **dict.fromkeys(("td", "th"), _cell),
    **dict.fromkeys(("tr", "thead", "tbody", "tfoot"), _rows),
    "li": _item,
    "blockquote": _quote,
    "figure": _figure,
    "figcaption": _kept_figcaption,
    "caption": _caption,
    "table": _table,
    "img": _image,
    "video": _video,
    "br": _break,
    "hr": _rule,
}
