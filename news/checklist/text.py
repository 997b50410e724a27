"""An edition taken apart for the checks: passages, pictures and links of its body."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from core.markup import Element, Node, Span, parse
from core.proofreading import Passage
from core.richtext import only_safe

if TYPE_CHECKING:
    from news.models import Edition

BODY = "body"
_LINES = frozenset("p h2 h3 h4 li th td figcaption caption blockquote".split())


@dataclass(frozen=True)
class Picture:
    """A picture of the body, the `number`th from 1."""

    number: int
    src: str
    alt: str
    caption: str


@dataclass(frozen=True)
class Link:
    """A link of the body; `words` are those that a reader presses."""

    href: str
    words: str


@dataclass
class Text:
    """The text of an edition, each part as its author wrote it."""

    edition: "Edition"
    passages: list[Passage] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    # Addresses of the video files of the body.
    videos: list[str] = field(default_factory=list)

    @property
    def has_body(self) -> bool:
        """Whether the body shows a reader anything."""
        seen = self.pictures or self.videos
        return bool(seen) or any(passage.field == BODY for passage in self.passages)


def read(edition: "Edition") -> Text:
    """Return `edition` taken apart; asks the database for its lead photo at most."""
    text = Text(edition)
    for name in ("title", "summary", "pen_name", "source_name", "correction_note"):
        _add(text, name, str(getattr(edition, name, "")))
    if lead := edition.lead_photo:
        for words in (lead.alt, lead.caption, lead.credit):
            _add(text, "lead_photo", words)
    _read_element(text, parse(only_safe(edition.body)), "")
    return text


def _add(text: Text, name: str, words: str) -> None:
    text.passages += [Passage(name, line.strip()) for line in words.split("\n") if line.strip()]


def _read_element(text: Text, element: Element, caption: str) -> None:
    """Read `element` in the order of its parts; `caption` belongs to the figure it stands in."""
    if element.tag == "figure":
        caption = " ".join(_words(part) for part in _elements(element) if part.tag == "figcaption")
    elif element.tag == "img":
        alt = element.attrs.get("alt", "")
        _add(text, BODY, alt)
        number = len(text.pictures) + 1
        text.pictures.append(Picture(number, element.attrs.get("src", ""), alt, caption))
    elif element.tag == "video":
        text.videos.append(element.attrs.get("src", ""))
    elif element.tag == "a":
        link = Link(element.attrs.get("href", ""), _words(element))
        text.links.append(link)
        if link.href.startswith(("mailto:", "tel:")):
            _add(text, BODY, link.href.partition(":")[2])
    if element.tag in _LINES:
        own = [child for child in element.children if not _holds_lines(child)]
        _add(text, BODY, "".join(map(_words, own)))
    for child in _elements(element):
        _read_element(text, child, caption)


def _elements(element: Element) -> Iterator[Element]:
    return (child for child in element.children if isinstance(child, Element))


def _holds_lines(node: Node) -> bool:
    if isinstance(node, Span):
        return False
    return node.tag in _LINES or any(map(_holds_lines, node.children))


def _words(node: Node) -> str:
    """The text of `node` with a line break for each <br>."""
    if isinstance(node, Span):
        return node.text
    return "\n" if node.tag == "br" else "".join(map(_words, node.children))
