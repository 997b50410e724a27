"""What is shown of an entry that was found: its words in their place, marked, as they were written.

Pieces are plain text, each with whether it answers the query; whoever shows them escapes them.
Places are counted in parts, which is what stands between spaces: a text is cut there at once.
"""

from collections.abc import Iterable, Iterator
from itertools import accumulate, chain, pairwise
from typing import NamedTuple

from core.search.query import Query
from core.search.tokens import wholes, words

# So many letters are looked through for the best place: all of them unless it is in the first.
READ = (2_000, 40_000)
SHOWN = 40  # parts
BEFORE = 6  # parts, of those shown
FOLLOWING = SHOWN - BEFORE
# What stands before a sign or a date says what it is; then it is so long at most.
ANNOUNCED, LONGEST_WHOLE = 10, 100
_OTHER_SPACES = "\n\t\f"

Piece = tuple[str, bool]


class Hit(NamedTuple):
    """What answers: where it stands in the text, in which part, and as what it is compared."""

    start: int
    end: int
    part: int
    exact: str


def highlighted(text: str, query: Query) -> list[Piece]:
    """Return the whole of `text` in pieces."""
    return _pieces(text, _hits(text, _flat(text, len(text)), query), 0, len(text))


def extract(text: str, query: Query) -> list[Piece]:
    """Return the stretch of `text` in which most of the words stand nearest each other.

    Its beginning, where none does; "…" stands where something was left out.
    """
    for letters in READ:
        flat = _flat(text, letters)
        hits = _hits(text, flat, query)
        best, near = _best(hits, query.spellings)
        start, end = _around(flat, best)
        if len(text) <= letters or (near == query.spellings and end < len(flat)):
            break
    pieces = _pieces(text, (hit for hit in hits if start <= hit.start < end), start, end)
    before, after = [("… ", False)] if start else [], [(" …", False)] if end < len(text) else []
    return [*before, *pieces, *after]


def _flat(text: str, letters: int) -> str:
    """The first `letters` of `text`, without a part that goes on, and with one kind of space."""
    flat = text[:letters]
    for space in _OTHER_SPACES:
        flat = flat.replace(space, " ")
    return flat if len(text) <= letters else flat.rpartition(" ")[0] or flat


def _around(flat: str, place: int) -> tuple[int, int]:
    """Where the parts around `place` that are shown begin and end: at words, but for the ends."""
    before = flat[:place].rsplit(" ", BEFORE + 1)
    start = len(before[0]) + 1 if len(before) > BEFORE + 1 else 0
    parts = flat[start:].split(" ", SHOWN)
    end = len(flat)
    if len(parts) > SHOWN:
        end -= len(parts.pop()) + 1
        ends = list(words(parts[-1]))
        end += ends[-1].end() - len(parts[-1]) if ends else 0
    elif start:
        parts = flat.rsplit(" ", SHOWN)
        start = len(parts[0]) + 1 if len(parts) > SHOWN else 0
        parts = parts[-SHOWN:]
    if start:
        begin = next(words(parts[0]), None)
        start += begin.start() if begin else 0
    return start, end


def _hits(text: str, flat: str, query: Query) -> list[Hit]:
    """What of `flat`, with which `text` begins, answers, in its order."""
    hits = _written(flat, query) if query.written else None
    if hits is None:
        hits = list(_with_wholes(text, _compared(flat, query), query))
    return _meant(hits, query)


def _written(flat: str, query: Query) -> list[Hit] | None:
    """What `_compared()` finds, in a third of the time; None where lower case has other places."""
    lowered = flat.lower().replace("ð", "đ")
    if len(lowered) != len(flat):
        return None
    found = sorted(
        (at, at + len(word), exact)
        for word, exact in query.written.items()
        for at in _places(word, lowered)
    )
    hits, part, counted = [], 0, 0
    for start, end, exact in found:
        part, counted = part + lowered.count(" ", counted, start), start
        hits.append(Hit(start, end, part, exact))
    return hits


def _places(word: str, lowered: str) -> Iterator[int]:
    """Where `word` stands by itself."""
    at = lowered.find(word)
    while at >= 0:
        end = at + len(word)
        if not (lowered[at - 1 : at].isalpha() or lowered[end : end + 1].isalpha()):
            yield at
        at = lowered.find(word, end)


def _compared(flat: str, query: Query) -> list[Hit]:
    """What answers among all words, each compared."""
    parts = flat.split(" ")
    lengths = accumulate(map(len, parts[:-1]), initial=0)  # of all before each of them
    places = zip(lengths, map(query.answers.__getitem__, parts), strict=True)
    return [
        Hit(length + part + start, length + part + end, part, exact)
        for part, (length, found) in enumerate(places)
        if found
        for start, end, exact in found
    ]


def _with_wholes(text: str, hits: list[Hit], query: Query) -> Iterator[Hit]:
    """`hits` with the signs and dates that were looked for: each begins with its number."""
    for hit in hits:
        if hit.exact in query.numbers:
            before = max(0, hit.start - ANNOUNCED)
            for one in wholes(text[before : hit.start + LONGEST_WHOLE]):
                if before + one.start == hit.start and one.exact in query.lexemes:
                    yield Hit(hit.start, before + one.end, hit.part, one.exact)
            if hit.exact not in query.lexemes:
                continue
        yield hit


def _meant(hits: list[Hit], query: Query) -> list[Hit]:
    """Of words without marks many look alike (dựng, đứng): where some stand side by side, as
    syllables of one word do, these alone are meant."""
    if query.marked or len(query.words) < 2:
        return hits
    near = (
        (one, other)
        for one, other in pairwise(hits)
        if other.part - one.part < 2 and one.end <= other.start
    )
    beside = set(chain.from_iterable(near))
    return [hit for hit in hits if hit in beside] or hits


def _best(hits: list[Hit], most: int | None) -> tuple[int, int]:
    """The place after which, within what is shown, most different words follow, and how many.

    First of equals; there can be no more than `most`.
    """
    best, nearest = 0, 0
    for number, hit in enumerate(hits):
        if nearest == most:
            break
        end = hit.part + FOLLOWING
        near = {one.exact for one in hits[number : number + SHOWN] if one.part < end}
        if len(near) > nearest:
            best, nearest = hit.start, len(near)
    return best, nearest


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
