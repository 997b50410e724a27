"""What somebody may have meant: words like those that were typed, from what the public can read."""

from collections.abc import Iterator, Mapping
from itertools import islice, product

from core.search.planning import planned_once
from core.search.query import Query, parse
from core.search.tokens import Token, tokens

LIKE = 40  # words looked at
CHOSEN = 4  # of them, for each word typed
MOST_REPLACED = 6  # words typed
MOST_TRIED = 12  # queries
SHORT = 4  # letters

KNOWN = """
    SELECT folded FROM core_searchword WHERE folded = ANY(%(words)s::text[]) AND NOT internal
"""
NEAR = """
    SELECT folded, entries, shown FROM core_searchword
    WHERE folded %% %(word)s AND folded <> %(word)s AND NOT internal
    ORDER BY similarity(folded, %(word)s) DESC, entries DESC LIMIT %(most)s
"""


def corrections(query: Query) -> Iterator[tuple[Query, bool]]:
    """Yield queries in which words are others like them, the likeliest first.

    Words that nothing has are replaced all at once. Where each is known, they are replaced one
    after the other; then the second is true: the words must stand side by side, or any would do.
    """
    words = [word for word in query.words if word.folded.isalpha()][:MOST_REPLACED]
    known = _known(words)
    unknown = [word for word in words if word.folded not in known]
    replacements = (
        (dict(zip(unknown, chosen, strict=True)) for chosen in product(*map(_like, unknown)))
        if unknown
        else ({word: new} for word in words for new in _like(word))
    )
    for new in islice(replacements, MOST_TRIED):
        yield _replaced(query, new), not unknown


def _known(words: list[Token]) -> set[str]:
    rows = planned_once(KNOWN, {"words": [word.folded for word in words]})
    return {folded for (folded,) in rows}


def _like(word: Token) -> list[str]:
    """The words that `word` may be a slip for, as people write them: nearest, then commonest."""
    found = sorted(
        planned_once(NEAR, {"word": word.folded, "most": LIKE}),
        key=lambda row: (distance(word.folded, row[0]), -row[1]),
    )
    # Of short words a letter says much.
    bearable = 1 if len(word.folded) <= SHORT else 2
    found = [row for row in found if distance(word.folded, row[0]) <= bearable]
    best = {folded: shown for folded, _, shown in reversed(found)}
    return [best[folded] for folded in dict.fromkeys(row[0] for row in found)][:CHOSEN]


def distance(first: str, second: str) -> int:
    """Return how many letters were left out, added, mistaken or swapped with the next one."""
    before: list[int] = []
    row = list(range(len(second) + 1))
    for i, letter in enumerate(first, start=1):
        earlier, before, row = before, row, [i]
        for j, other in enumerate(second, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == second[j - 2] and first[i - 2] == other:
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
    return row[-1]


def _replaced(query: Query, new: Mapping[Token, str]) -> Query:
    shown = {word.exact: text for word, text in new.items()}
    text = query.text
    for token in reversed(list(tokens(text))):
        if token.exact in shown:
            text = text[: token.start] + shown[token.exact] + text[token.end :]
    return parse(text)
