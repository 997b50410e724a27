"""What is shown of an entry that was found: its words in their place, marked, as they were written.

Pieces are plain text, each with whether it answers the query; whoever shows them escapes them.
Texts are long, so no more of one is read than is needed to know its best place.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable
from itertools import islice
from operator import attrgetter, itemgetter
from typing import NamedTuple

from core.search.query import Query
from core.search.tokens import wholes, words

# So many words are looked through for the best place, and so many are shown.
READ, SHOWN = 6_000, 40
BEFORE = 6  # words, of those shown
FOLLOWING = SHOWN - BEFORE
AT_ONCE = 48  # words

Piece = tuple[str, bool]


class Hit(NamedTuple):
    """A word that answers, as it is compared; `text[start:end]` is where it stands."""

    start: int
    end: int
    position: int
    exact: str


class _Reading(NamedTuple):
    """The words of a text as far as they were read, and in their order those that answer."""

    words: list[re.Match[str]]
    hits: list[Hit]


def highlighted(text: str, query: Query) -> list[Piece]:
    """Return the whole of `text` in pieces."""
    return _pieces(text, _meant(_read(text, query, len(text)).hits, query), 0, len(text))


def extract(text: str, query: Query) -> list[Piece]:
    """Return the stretch of `text` in which most of the words stand nearest each other.

    Its beginning, where none does; "…" stands where something was left out.
    """
    read, hits = _read(text, query, READ, query.spellings)
    if not read:
        return []
    hits = _meant(hits, query)
    first = _first_shown(_best(hits)[0]) if hits else 0
    last = min(len(read), first + SHOWN) - 1
    first = max(0, last - SHOWN + 1)
    start = read[first].start() if first else 0
    end = read[last].end() if last + 1 < len(read) or len(read) == READ else len(text)
    pieces = _pieces(text, (hit for hit in hits if first <= hit.position <= last), start, end)
    before, after = [("… ", False)] if start else [], [(" …", False)] if end < len(text) else []
    return [*before, *pieces, *after]


def _read(text: str, query: Query, longest: int, most: int | None = None) -> _Reading:
    """Read `longest` words, or until what is shown around the first place where `most` different
    ones that answer stand together is known."""
    read: list[re.Match[str]] = []
    hits: list[Hit] = []
    left = islice(words(text), longest)
    while block := list(islice(left, AT_ONCE)):
        hits += _hits(block, len(read), query)
        read += block
        if most and _is_known(hits, most, len(read)):
            break
    found = sorted([*_wholes(text, read, query), *hits], key=attrgetter("position"))
    return _Reading(read, found)


def _hits(block: list[re.Match[str]], position: int, query: Query) -> list[Hit]:
    """The words of `block`, whose first is at `position`, that answer."""
    compared = map(query.answers.__getitem__, map(itemgetter(0), block))
    return [
        Hit(*block[number].span(), position + number, exact)
        for number, exact in enumerate(compared)
        if exact
    ]


def _is_known(hits: list[Hit], most: int, read: int) -> bool:
    """Whether no better place can come, and all that is shown of it was read, and a word more."""
    if len({hit.exact for hit in hits}) < most:
        return False
    best, near = _best(hits)
    return near == most and _first_shown(best) + SHOWN < read


def _wholes(text: str, read: list[re.Match[str]], query: Query) -> list[Hit]:
    """Signs and dates that were looked for, each at the position of its first part."""
    if not query.names_wholes:
        return []
    starts = [word.start() for word in read]
    return [
        Hit(one.start, one.end, bisect_left(starts, one.start), one.exact)
        for one in wholes(text)
        if one.exact in query.lexemes and one.start <= starts[-1]
    ]


def _meant(hits: list[Hit], query: Query) -> list[Hit]:
    """Of words without marks many look alike (dựng, đứng): where some stand side by side, as
    syllables of one word do, these alone are meant."""
    if query.marked or len(query.words) < 2:
        return hits
    places = {hit.position for hit in hits}
    beside = [one for one in hits if places & {one.position - 1, one.position + 1}]
    return beside or hits


def _best(hits: list[Hit]) -> tuple[int, int]:
    """The place after which, within what is shown, most different words follow, and how many;
    first of equals."""
    best, most = hits[0].position, 0
    for number, hit in enumerate(hits):
        following = hits[number : number + SHOWN]
        end = hit.position + FOLLOWING
        near = {word.exact for word in following if word.position < end}
        if len(near) > most:
            best, most = hit.position, len(near)
    return best, most


def _first_shown(best: int) -> int:
    return max(0, best - BEFORE)


def _pieces(text: str, hits: Iterable[Hit], start: int, end: int) -> list[Piece]:
    """`text[start:end]` cut around the hits; two with nothing but a space between are one."""
    pieces: list[Piece] = []
    at = start
    for hit in hits:
        if hit.start < at:
            continue
        between = text[at : hit.start]
        if pieces and pieces[-1][1] and not between.strip():
            pieces[-1] = (pieces[-1][0] + between + text[hit.start : hit.end], True)
        else:
            pieces += [(between, False)] if between else []
            pieces.append((text[hit.start : hit.end], True))
        at = hit.end
    return [*pieces, (text[at:end], False)] if at < end else pieces
