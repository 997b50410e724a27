"""What is shown of an entry that was found: its words in their place, marked, as they were written.

Pieces are plain text, each with whether it answers the query; whoever shows them escapes them.
"""

from collections.abc import Iterable
from itertools import islice

from core.search.query import Query, is_whole
from core.search.tokens import Token, tokens

# So many words are looked through for the best place, and so many are shown.
READ, SHOWN = 6_000, 40
BEFORE = 6  # words, of those shown

Piece = tuple[str, bool]


def highlighted(text: str, query: Query) -> list[Piece]:
    """Return the whole of `text` in pieces."""
    return _pieces(text, _hits(list(tokens(text)), query), 0, len(text))


def extract(text: str, query: Query) -> list[Piece]:
    """Return the stretch of `text` in which most of the words stand nearest each other.

    Its beginning, where none does; "…" stands where something was left out.
    """
    read = list(islice(tokens(text), READ))
    words = [word for word in read if not is_whole(word)]
    if not words:
        return []
    hits = _hits(read, query)
    first = max(0, _best(hits) - BEFORE) if hits else 0
    last = min(len(words), first + SHOWN) - 1
    first = max(0, last - SHOWN + 1)
    start = words[first].start if first else 0
    end = words[last].end if last + 1 < len(words) or len(read) == READ else len(text)
    pieces = _pieces(text, (hit for hit in hits if first <= hit.position <= last), start, end)
    before, after = [("… ", False)] if start else [], [(" …", False)] if end < len(text) else []
    return [*before, *pieces, *after]


def _hits(words: list[Token], query: Query) -> list[Token]:
    """The words that answer. Of words without marks many look alike (dựng, đứng): where some
    stand side by side, as syllables of one word do, these alone are meant."""
    hits = [word for word in words if query.answered_by(word)]
    if query.marked or len(query.words) < 2:
        return hits
    places = {word.position for word in hits}
    beside = [one for one in hits if places & {one.position - 1, one.position + 1}]
    return beside or hits


def _best(hits: list[Token]) -> int:
    """The place after which, within what is shown, most different words follow; first of equals."""
    best, most = hits[0].position, 0
    for number, hit in enumerate(hits):
        following = hits[number : number + SHOWN]
        end = hit.position + SHOWN - BEFORE
        near = {word.exact for word in following if word.position < end}
        if len(near) > most:
            best, most = hit.position, len(near)
    return best


def _pieces(text: str, hits: Iterable[Token], start: int, end: int) -> list[Piece]:
    """`text[start:end]` cut around the hits; two with nothing but a space between are one."""
    pieces: list[Piece] = []
    at = start
    for hit in sorted(hits, key=lambda token: token.start):
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
