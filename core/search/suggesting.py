"""What is offered while somebody types: titles and signs that the words may become."""

from dataclasses import dataclass, replace

from core.search.entries import Kind, SearchEntry
from core.search.finding import understood
from core.search.planning import planned_once
from core.search.query import IN_TITLE, Query, parse, quoted
from core.search.tokens import Token, sign_token
from core.search.windows import windows
from core.text import fold

OFFERED = 8
SHORTEST = 2  # letters
COMPLETIONS = 10  # of the last word
# So many titles are looked at, of the newest; among about so many entries, or more by and by.
TITLES, ENTRIES = 40, 2_000
FIND = """
    SELECT kind, label, title, address FROM core_searchentry
    WHERE {readers} AND vector @@ %(condition)s::tsquery {within}
    ORDER BY day + 0 DESC LIMIT %(most)s
"""
COMPLETE = """
    SELECT {form}, sum(entries) FROM core_searchword
    WHERE folded LIKE ANY(%(plain)s::text[]) AND {form} LIKE ANY(%(begun)s::text[]) AND {readers}
    GROUP BY 1 ORDER BY 2 DESC LIMIT %(most)s
"""


@dataclass(frozen=True)
class Suggestion:
    """A title, the kind of thing it belongs to, and where that is."""

    text: str
    kind: str
    address: str


def suggestions(typed: str, *, internal: bool) -> list[Suggestion]:
    """Return what `typed`, whose last word may be unfinished, can become; best first."""
    query = parse(typed)
    if not query.terms or len(query.text) < SHORTEST:
        return []
    found = _by_sign(query, internal)
    if len(found) < OFFERED:
        found += _by_title(query, internal)
    return list({one.text: one for one in found}.values())[:OFFERED]


def _by_sign(query: Query, internal: bool) -> list[Suggestion]:
    if not query.text[0].isdigit():
        return []
    begun = SearchEntry.objects.exclude(sign="").filter(sign__startswith=sign_token(query.text)[1:])
    found: list[SearchEntry] = []
    for readers in (False, True) if internal else (False,):
        named = begun.filter(internal=readers).order_by("sign")
        found += named.only("kind", "label", "title", "address")[:OFFERED]
    return [_suggestion(one.kind, one.label, one.title, one.address) for one in found]


def _by_title(query: Query, internal: bool) -> list[Suggestion]:
    """The newest titles with all words, those first in which they stand as they were typed."""
    *whole, last = query.words
    before, counts = understood(replace(query, terms=query.terms[:-1]), internal=internal)
    lasts = _completed(last, query.text.split()[-1], internal)
    wanted = [quoted(IN_TITLE + before.lexeme(word)) for word in whole]
    wanted.append(f"({' | '.join(quoted(IN_TITLE + word) for word in lasts)})")
    at_most = min([*counts.values(), sum(lasts.values())])
    if not at_most:
        return []
    rows = _titles(" & ".join(wanted), at_most, "NOT internal")
    if internal:
        rows += _titles(" & ".join(wanted), at_most, "internal")
    typed = fold(query.text)
    rows.sort(key=lambda row: (typed not in fold(row[2]), not fold(row[2]).startswith(typed)))
    return [_suggestion(*row) for row in rows[:OFFERED]]


def _completed(last: Token, typed: str, internal: bool) -> dict[str, int]:
    """The commonest words that begin so, with how many entries have them: with their marks if
    `last` has some and any does."""
    # An unfinished quy may become quyết: which letter it ends in is not settled yet.
    begun, plain = {last.exact, typed.lower()}, {last.folded, fold(typed)}
    marked = _complete("word", begun, internal) if last.marked else {}
    return marked or _complete("folded", plain, internal)


def _complete(form: str, begun: set[str], internal: bool) -> dict[str, int]:
    # What a word is made of holds neither % nor _.
    values = {
        "plain": [f"{fold(one)}%" for one in begun],
        "begun": [f"{one}%" for one in begun],
        "most": COMPLETIONS,
    }
    readers = "true" if internal else "NOT internal"
    return dict(planned_once(COMPLETE.format(form=form, readers=readers), values))


def _titles(condition: str, at_most: int, readers: str) -> list[tuple[str, str, str, str]]:
    found: list[tuple[str, str, str, str]] = []
    for window in windows(ENTRIES, at_most):
        values = {"condition": condition, "most": TITLES, **window.values()}
        found += planned_once(FIND.format(readers=readers, within=window.condition()), values)
        if len(found) >= OFFERED:
            break
    return found


def _suggestion(kind: str, label: str, title: str, address: str) -> Suggestion:
    named = f"{label}: {title}" if label and label != title else title
    return Suggestion(named, str(Kind(kind).label), address)
