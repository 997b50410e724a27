"""What is offered while somebody types: titles and signs that the words may become."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db import connection, transaction

from core.search.entries import Kind, SearchEntry
from core.search.finding import Days, day_of, understood, words_since
from core.search.query import IN_TITLE, Query, parse, quoted
from core.search.tokens import Token, sign_token
from core.text import fold

OFFERED = 8
SHORTEST = 2  # letters
COMPLETIONS = 10  # of the last word
# So many of the newest titles are looked at: among the newest entries, or among more by the index.
TITLES = 40
NEWEST, WINDOW, WIDER = 100, 3_000, 10

# Not all of the last day: at a large portal there are many more.
FIND = """
    SELECT kind, label, title, address, day FROM (
        SELECT * FROM core_searchentry WHERE {readers} ORDER BY day DESC LIMIT %s
    ) AS newest
    WHERE vector @@ %s::tsquery LIMIT %s
"""
# The index of words comes first: by their days, all entries might be read for a few.
FIND_INDEXED = """
    WITH found AS MATERIALIZED (
        SELECT kind, label, title, address, day FROM core_searchentry
        WHERE {readers} AND vector @@ %s::tsquery
    )
    SELECT * FROM found ORDER BY day DESC LIMIT %s
"""
COMPLETE = """
    SELECT {form}, sum(entries) FROM core_searchword
    WHERE folded LIKE ANY(%s) AND {form} LIKE ANY(%s) AND (NOT internal OR %s)
    GROUP BY 1 ORDER BY 2 DESC LIMIT %s
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
    before, _ = understood(replace(query, terms=query.terms[:-1]), internal=internal)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL jit = off")
        lasts = _completed(cursor, last, query.text.split()[-1], internal)
        if not lasts:
            return []
        wanted = [quoted(IN_TITLE + before.lexeme(word)) for word in whole]
        wanted.append(f"({' | '.join(quoted(IN_TITLE + word) for word in lasts)})")
        rows = _titles(cursor, " & ".join(wanted), "NOT internal")
        if internal:
            rows += _titles(cursor, " & ".join(wanted), "internal")
    typed = fold(query.text)
    rows.sort(key=lambda row: (typed not in fold(row[2]), not fold(row[2]).startswith(typed)))
    return [_suggestion(*row[:4]) for row in rows[:OFFERED]]


def _completed(cursor: Any, last: Token, typed: str, internal: bool) -> list[str]:
    """The commonest words that begin so: with their marks if `last` has some and any does."""
    # An unfinished quy may become quyết: which letter it ends in is not settled yet.
    begun, plain = {last.exact, typed.lower()}, {last.folded, fold(typed)}
    marked = _complete(cursor, "word", begun, internal) if last.marked else []
    return marked or _complete(cursor, "folded", plain, internal)


def _complete(cursor: Any, form: str, begun: set[str], internal: bool) -> list[str]:
    # What a word is made of holds neither % nor _.
    plain = [f"{fold(one)}%" for one in begun]
    values = [plain, [f"{one}%" for one in begun], internal, COMPLETIONS]
    cursor.execute(COMPLETE.format(form=form), values)
    return [word for word, _ in cursor.fetchall()]


def _titles(cursor: Any, condition: str, readers: str) -> list[tuple[str, str, str, str, date]]:
    cursor.execute(FIND.format(readers=readers), [NEWEST, condition, TITLES])
    rows = cursor.fetchall()
    if len(rows) == TITLES:
        return rows
    first = day_of(WINDOW)
    for _ in range(2):
        months = f" & ({words_since(first)})" if first else ""
        cursor.execute(FIND_INDEXED.format(readers=readers), [condition + months, TITLES])
        rows = cursor.fetchall()
        if first is None or len(rows) >= OFFERED:
            return rows
        first = Days().earlier(first, WIDER)
    cursor.execute(FIND_INDEXED.format(readers=readers), [condition, TITLES])
    return cursor.fetchall()


def _suggestion(kind: str, label: str, title: str, address: str) -> Suggestion:
    named = f"{label}: {title}" if label and label != title else title
    return Suggestion(named, str(Kind(kind).label), address)
