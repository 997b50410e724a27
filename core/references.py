"""Links laid over rich text when it is shown; what is stored stays as it was written."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html import escape, unescape

# A tag as nh3 writes it: it quotes every value, and leaves > as it is within.
_TAG = re.compile(r'<(?P<closing>/?)(?P<tag>[a-z][a-z0-9]*)[^>"]*(?:"[^"]*"[^>"]*)*>')
_PIECE = re.compile(rf"{_TAG.pattern}|(?P<entity>&#?\w+;)|[^<&]+|.", re.DOTALL)
_FORMATS = frozenset("strong em u s sub cite".split())
_WITHIN_LINES = _FORMATS | {"a", "sup", "br"}
# Where no link may stand: in another, and in headings, which stay plain.
_CLOSED = ("a", "h2", "h3", "h4")
_OPENED_BEFORE = re.compile(rf"(?:<(?:{'|'.join(_FORMATS)})>)+\Z")
_CLOSED_AFTER = re.compile(rf"(?:</(?:{'|'.join(_FORMATS)})>)+")
_LONGEST_OPENING = 60


@dataclass(frozen=True)
class Reference:
    """A link over `words`, the very HTML that stands at `start`.

    `title` says where it leads; `mark`, shown behind it, what to know of that; `kind` is a word
    for the style sheet.
    """

    start: int
    words: str
    href: str
    title: str
    mark: str
    kind: str


@dataclass
class Line:
    """What stands between two breaks: for each letter of `text`, where it is in the HTML.

    None for a letter over which no link may stand.
    """

    text: str = ""
    places: list[tuple[int, int] | None] = field(default_factory=list)

    def add(self, words: str, places: Iterable[tuple[int, int] | None]) -> None:
        """Write on."""
        self.text += words
        self.places += places


def lines(html: str) -> Iterator[Line]:
    """Yield the lines of cleaned `html`, without the marks of its footnotes."""
    line, within = Line(), Counter[str]()
    for piece in _PIECE.finditer(html):
        tag = piece["tag"]
        if tag and tag not in _WITHIN_LINES:
            yield line
            line = Line()
        if tag == "br":
            line.add("\n", [piece.span()])
        elif tag:
            within[tag] += -1 if piece["closing"] else 1
        elif not within["sup"]:
            closed = any(within[name] > 0 for name in _CLOSED)
            line.add(*_letters(piece, closed))
    yield line


def _letters(piece: re.Match[str], closed: bool) -> tuple[str, list[tuple[int, int] | None]]:
    start, end = piece.span()
    words = unescape(piece[0]) if piece["entity"] else piece[0]
    if closed:
        return words, [None] * len(words)
    if piece["entity"]:
        return words, [(start, end)] * len(words)
    return words, [(at, at + 1) for at in range(start, end)]


def place(html: str, line: Line, start: int, end: int) -> tuple[int, int] | None:
    """Return where in `html` a link over `line.text[start:end]` may stand, or None.

    It takes in the formats that begin or end with those words.
    """
    letters = line.places[start:end]
    free = [letter for letter in letters if letter]
    if not free or len(free) < len(letters):
        return None
    first, last = free[0][0], free[-1][1]
    opened = _OPENED_BEFORE.search(html[max(0, first - _LONGEST_OPENING) : first])
    closed = _CLOSED_AFTER.match(html, last)
    earlier = first - len(opened[0]) if opened else first
    later = closed.end() if closed else last
    spans = ((first, last), (first, later), (earlier, last), (earlier, later))
    return next((span for span in spans if _is_whole(html[slice(*span)])), None)


def _is_whole(html: str) -> bool:
    """Whether every format in `html` begins and ends there, and nothing else does."""
    opened: list[str] = []
    for tag in _TAG.finditer(html):
        if tag["tag"] == "br":
            continue
        if tag["tag"] not in _FORMATS:
            return False
        if not tag["closing"]:
            opened.append(tag["tag"])
        elif not opened or opened.pop() != tag["tag"]:
            return False
    return not opened


def laid_over(html: str, references: Iterable[Reference]) -> str:
    """Return safe `html` with `references` laid over it; what they say is escaped.

    One whose words no longer stand at its place, or cut through a tag, is left out.
    """
    references = sorted(references, key=lambda reference: reference.start)
    tags = [tag.span() for tag in _TAG.finditer(html)] if references else []
    parts, done = [], 0
    for one in references:
        end = one.start + len(one.words)
        cut = any(first < at < last for first, last in tags for at in (one.start, end))
        if one.start < done or html[one.start : end] != one.words or cut:
            continue
        parts += [html[done : one.start], _link(one)]
        done = end
    return "".join([*parts, html[done:]])


def _link(one: Reference) -> str:
    return (
        f'<a class="reference" href="{escape(one.href)}" aria-description="{escape(one.title)}">'
        f'{one.words}</a><small class="reference__mark reference__mark--{escape(one.kind)}">'
        f" ({escape(one.mark)})</small>"
    )
