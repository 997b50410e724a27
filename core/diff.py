"""What differs between two texts, word by word, in the blocks that readers see.

Words are compared by Myers' greedy method (“An O(ND) Difference Algorithm”, 1986), whose cost
grows with the number of differences: texts that differ in more than EDITS words are compared
block by block, so that no pair of texts takes long.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum
from html.parser import HTMLParser
from itertools import groupby

from django.conf import settings

from core.text import nfc

EDITS = 900
# A number, a date or a sign is one word; marks that NFC cannot compose stay with their letter.
_WORD = re.compile(
    r"\s*(?:\w[\w\u0300-\u036f]*(?:[.,/:–-]\w[\w\u0300-\u036f]*)*|[^\w\s][\u0300-\u036f]*)"
)
# So few kept words between longer changes hinder the reader more than they tell.
LONE = 2
BLOCKS = frozenset(
    "p h1 h2 h3 h4 h5 h6 li blockquote figcaption caption td th pre dt dd div figure".split()
)
BETWEEN = frozenset(("ul", "ol", "table", "tr", "section", "video"))


class Fate(Enum):
    """What became of some words."""

    KEPT = "kept"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True)
class Piece:
    """A word with the space before it, a picture (its address), or the beginning of a block."""

    text: str
    block: str = ""
    picture: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        """What makes it the same as another: spaces do not count."""
        return self.text.strip(), self.block, self.picture


@dataclass
class Run:
    """Words, or one picture, that share a fate."""

    fate: Fate
    text: str
    picture: str = ""

    @property
    def shown(self) -> bool:
        """True for a picture of our own; any other is named."""
        return self.picture.startswith(f"{settings.MEDIA_URL}photos/")


@dataclass
class Block:
    """A paragraph, heading, list item or cell; `fate` is that of the break before it."""

    tag: str
    fate: Fate
    runs: list[Run] = field(default_factory=list)

    @property
    def changed(self) -> bool:
        """True when anything in it was added or removed."""
        return self.fate != Fate.KEPT or any(run.fate != Fate.KEPT for run in self.runs)


def compare_html(old: str, new: str) -> list[Block]:
    """Return the blocks of both texts in order, with what was kept, added and removed in each."""
    blocks: list[Block] = []
    for fate, piece in _readable(_changes(_pieces(old), _pieces(new))):
        if piece.block or not blocks:
            blocks.append(Block(piece.block or "p", fate))
        if not piece.block:
            _append(blocks[-1].runs, fate, piece)
    return [block for block in blocks if block.runs]


def compare_text(old: str, new: str) -> list[Run]:
    """Return what was kept, added and removed in a text without tags."""
    runs: list[Run] = []
    for fate, piece in _readable(_changes(list(_words(old)), list(_words(new)))):
        _append(runs, fate, piece)
    return runs


def _append(runs: list[Run], fate: Fate, piece: Piece) -> None:
    last = runs[-1] if runs else None
    text = piece.text
    # The first word of one side has no space before it, and may follow a word of the other.
    if last and last.text[-1:].isalnum() and text[:1].isalnum():
        text = f" {text}"
    if last and last.fate == fate and not last.picture and not piece.picture:
        last.text += text
    else:
        runs.append(Run(fate, text, piece.picture))


def _words(text: str) -> Iterator[Piece]:
    text = " ".join(nfc(text).split())
    yield from (Piece(found[0]) for found in _WORD.finditer(text))


def _pieces(html: str) -> list[Piece]:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    reader.end_block()
    return reader.pieces


class _Reader(HTMLParser):
    """Turns HTML into pieces; tags within a block are passed over."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[Piece] = []
        self._tag, self._text = "p", ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in BLOCKS or tag in BETWEEN:
            self.end_block()
            self._tag = tag if tag in BLOCKS else "p"
        elif tag == "br":
            self._text += " "
        if tag in ("img", "video"):
            self.end_block()
            given = dict(attrs)
            address = given.get("src") or given.get("data-key") or ""
            words = nfc(given.get("alt") or given.get("title") or "")
            self.pieces += [Piece("", block="figure"), Piece(words, picture=address or "?")]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag in BLOCKS or tag in BETWEEN:
            self.end_block()
            self._tag = "p"

    def handle_data(self, data: str) -> None:
        self._text += data

    def end_block(self) -> None:
        """Begin another block, unless this one says nothing."""
        words = list(_words(self._text))
        if words:
            self.pieces += [Piece("", block=self._tag), *words]
        self._text = ""


Change = tuple[Fate, Piece]


def _changes(old: list[Piece], new: list[Piece]) -> list[Change]:
    """Return every piece of both with its fate; what is kept is written as in `new`."""
    pairs = _common([one.key for one in old], [one.key for one in new])
    if pairs is None:
        return _by_blocks(old, new)
    return list(_told(pairs, old, new))


def _told(
    pairs: list[tuple[int, int]], old: Sequence[Piece], new: Sequence[Piece]
) -> Iterator[Change]:
    was, now = 0, 0
    for there, here in [*pairs, (len(old), len(new))]:
        yield from ((Fate.REMOVED, piece) for piece in old[was:there])
        yield from ((Fate.ADDED, piece) for piece in new[now:here])
        if here < len(new):
            yield Fate.KEPT, new[here]
        was, now = there + 1, here + 1


def _by_blocks(old: list[Piece], new: list[Piece]) -> list[Change]:
    before, after = _blocks_of(old), _blocks_of(new)
    keys = [[tuple(piece.key for piece in block) for block in side] for side in (before, after)]
    pairs = _common(*keys) or []
    found: list[Change] = []
    was, now = 0, 0
    for there, here in [*pairs, (len(before), len(after))]:
        found += [(Fate.REMOVED, piece) for block in before[was:there] for piece in block]
        found += [(Fate.ADDED, piece) for block in after[now:here] for piece in block]
        if here < len(after):
            found += [(Fate.KEPT, piece) for piece in after[here]]
        was, now = there + 1, here + 1
    return found


def _blocks_of(pieces: list[Piece]) -> list[list[Piece]]:
    blocks: list[list[Piece]] = []
    for piece in pieces:
        if piece.block or not blocks:
            blocks.append([])
        blocks[-1].append(piece)
    return blocks


def _common(old: Sequence[object], new: Sequence[object]) -> list[tuple[int, int]] | None:
    """Return the longest common subsequence as pairs of places; None beyond EDITS differences."""
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    end = 0
    most = min(len(old), len(new)) - start
    while end < most and old[-1 - end] == new[-1 - end]:
        end += 1
    middle = _shortest(old[start : len(old) - end], new[start : len(new) - end])
    if middle is None:
        return None
    head = [(place, place) for place in range(start)]
    tail = [(len(old) - place, len(new) - place) for place in range(end, 0, -1)]
    return [*head, *((x + start, y + start) for x, y in middle), *tail]


def _shortest(old: Sequence[object], new: Sequence[object]) -> list[tuple[int, int]] | None:
    """Myers' greedy search: per diagonal x - y, how far it has come and over what it went."""
    furthest: dict[int, tuple[int, _Trail]] = {1: (0, None)}
    for edits in range(min(len(old) + len(new), EDITS) + 1):
        for diagonal in range(-edits, edits + 1, 2):
            x, trail = _step(furthest, diagonal)
            begun, y = x, x - diagonal
            while x < len(old) and y < len(new) and old[x] == new[y]:
                x, y = x + 1, y + 1
            if x > begun:
                trail = (trail, begun, begun - diagonal, x - begun)
            furthest[diagonal] = x, trail
            if x >= len(old) and y >= len(new):
                return _unwound(trail)
    return None


# What lies before, then a stretch of pairs: both beginnings and the length.
_Trail = tuple["_Trail", int, int, int] | None


def _step(furthest: dict[int, tuple[int, "_Trail"]], diagonal: int) -> tuple[int, "_Trail"]:
    """Begin the next path on `diagonal`: one down from its upper neighbour, or one to the right."""
    nowhere: tuple[int, _Trail] = (-2, None)
    down, right = furthest.get(diagonal + 1, nowhere), furthest.get(diagonal - 1, nowhere)
    return down if down[0] > right[0] else (right[0] + 1, right[1])


def _unwound(trail: "_Trail") -> list[tuple[int, int]]:
    stretches = []
    while trail:
        trail, x, y, length = trail
        stretches.append([(x + step, y + step) for step in range(length)])
    return [pair for stretch in reversed(stretches) for pair in stretch]


def _readable(changes: list[Change]) -> Iterator[Change]:
    """Yield removals before additions, lone words between longer changes counted among these."""
    groups = [list(group) for _, group in groupby(changes, lambda one: one[0] == Fate.KEPT)]
    waiting: list[Change] = []
    for index, group in enumerate(groups):
        if group[0][0] != Fate.KEPT:
            waiting += group
        elif waiting and _is_lone(group, groups[index + 1 : index + 2], waiting):
            waiting += [(fate, piece) for _, piece in group for fate in (Fate.REMOVED, Fate.ADDED)]
        else:
            yield from _removals_first(waiting)
            yield from group
            waiting = []
    yield from _removals_first(waiting)


def _is_lone(group: list[Change], following: list[list[Change]], before: list[Change]) -> bool:
    if len(group) > LONE or not following or any(one.block or one.picture for _, one in group):
        return False
    return min(len(before), len(following[0])) > 2 * len(group)


def _removals_first(changes: list[Change]) -> list[Change]:
    return sorted(changes, key=lambda one: one[0] == Fate.ADDED)
