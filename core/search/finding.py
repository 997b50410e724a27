"""Finding entries: which ones, in what order, and how many there are of each kind.

The index says in no time which entries have all words. For a word that stands in most texts these
are too many to sort: then only the newest months are asked, as many as hold MOST entries, and the
numbers are given as “more than”. Of what is found, the newest and those that have all words in
their title are ranked by what their texts say.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import partial
from typing import Any

from django.db import connection, transaction

from core.search.entries import filter_lexeme, month_lexeme
from core.search.query import Query, Term, quoted, sign_candidates, with_signs
from core.search.tokens import SIGN, Token
from core.search.vocabulary import frequencies

# More entries than this are not counted, nor, where texts must be read for phrases, than this.
MOST, MOST_READ = 10_000, 1_500
# So many of the newest, and so many of those with all words in the title, are ranked.
RANKED = 250
# Words that stand in no more than so many times that are looked up in all entries at once.
RARE = 7
# Fewer than this among the newest, and all are looked at.
FEW = 800
# So many texts can be read in a moment.
MOST_TO_READ = 20_000
FACETS = ("kind", "section", "type", "issuer", "year")
COLUMNS = "id, day, kind, section, type, issuer, extract(year FROM day)::int AS year"


@dataclass(frozen=True)
class Asked:
    """What is looked for: the query, facets by their names, and whether newest come first."""

    query: Query
    chosen: Mapping[str, str | int] = field(default_factory=dict)
    newest_first: bool = False
    internal: bool = False

    @property
    def filters(self) -> str:
        """The tsquery of the facets chosen, "" for none."""
        return " & ".join(quoted(filter_lexeme(*one)) for one in self.chosen.items())


@dataclass(frozen=True)
class Found:
    """The entries that answer, in order (as many as can be seen), and what is counted of them.

    Of very many, those of the months `since` a day were looked at; None: all.
    """

    query: Query
    keys: list[int]
    total: int
    facets: Mapping[str, Mapping[Any, int]]
    most: int = MOST
    since: date | None = None

    @property
    def bounded(self) -> bool:
        """True when there are more than `most`, which is all that was counted."""
        return self.total > self.most


def understood(query: Query, *, internal: bool) -> tuple[Query, dict[Term, int]]:
    """Return the query with the signs that exist and with the marks that count.

    Beside it stands in how many entries each of its terms can be at most. One query.
    """
    exact = [word.exact for word in query.words]
    signs = sign_candidates(query)
    folded = [word.folded for word in query.words]
    as_typed, any_marks = frequencies([*exact, *signs], folded, internal=internal)
    query = replace(with_signs(query, as_typed.keys() & set(signs)), exact=frozenset(as_typed))

    def entries(word: Token) -> int:
        counts = as_typed if word.marked and word.exact in as_typed else any_marks
        return counts.get(query.lexeme(word), 0)

    return query, {term: min(map(entries, term.words)) for term in query.terms}


def search(asked: Asked, condition: str, at_most: int | None, *, partly: bool = False) -> Found:
    """Return what satisfies the tsquery `condition`: `at_most` so many entries, None unknown.

    Where the condition asks for some words only, `partly` says so.
    """
    reads = "<->" in condition
    most = MOST_READ if reads else MOST
    with transaction.atomic(), connection.cursor() as cursor:
        # Texts are never read one by one: the index is always quicker.
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL jit = off")

        def found_since(first: date | None) -> Found:
            return _search(cursor, asked, condition, first, most, "|" if partly else "&")

        if at_most is not None and at_most <= RARE * most:
            return found_since(None)
        widen = _widen_reading if reads else _widen
        return widen(partial(day_of, cursor), found_since)


def _widen(
    day_of: Callable[[int], date | None], found_since: Callable[[date | None], Found]
) -> Found:
    """Look at the newest entries, then at as many as should be enough, then at all."""
    first = day_of(2 * MOST)
    if first is None:
        return found_since(None)
    found = found_since(first)
    if FEW <= found.total <= MOST:
        days = (date.today() - first).days + 31
        first -= timedelta(days=int(1.3 * days * MOST / found.total))
        found = found_since(first)
    return found if found.bounded else found_since(None)


def _widen_reading(
    day_of: Callable[[int], date | None], found_since: Callable[[date | None], Found]
) -> Found:
    """Look at the newest entries, then at as many as can be read in a moment, and no more."""
    for entries in (2 * MOST_READ, MOST_TO_READ):
        first = day_of(entries)
        found = found_since(first)
        if first is None or found.bounded:
            break
    return found


def day_of(cursor: Any, entries: int) -> date | None:
    """Return the day since which there are so many public entries; None: there are fewer."""
    newest = "SELECT day FROM core_searchentry WHERE NOT internal ORDER BY day DESC"
    cursor.execute(f"{newest} OFFSET %s LIMIT 1", [entries])
    row = cursor.fetchone()
    return row and row[0]


def words_since(first: date) -> str:
    """Return the tsquery of all entries since the month of `first`: its months, then years."""
    months = [month_lexeme(first.replace(month=month, day=1)) for month in range(first.month, 13)]
    # One more year: what is dated ahead is found too.
    years = range(first.year + 1, date.today().year + 2)
    return " | ".join(map(quoted, [*months, *(filter_lexeme("year", year) for year in years)]))


MATCHING = """
    SELECT {columns} FROM core_searchentry WHERE NOT internal AND vector @@ %({name})s::tsquery
"""
MATCHING_INTERNAL = """
    UNION ALL
    SELECT {columns} FROM core_searchentry WHERE internal AND vector @@ %({name})s::tsquery
"""
SEARCH = """
    WITH found AS MATERIALIZED ({found}),
    newest AS MATERIALIZED (SELECT * FROM found ORDER BY day DESC, id DESC LIMIT %(most)s + 1),
    {candidates}
    facets AS (
        SELECT grouping(kind, section, type, issuer, year) AS set,
            kind, section, type, issuer, year, count(*) AS entries
        FROM newest
        GROUP BY GROUPING SETS ((kind), (section), (type), (issuer), (year), ())
    )
    SELECT 'facet', set, coalesce(
        kind, section::text, type::text, issuer::text, year::text
    ), entries FROM facets
    UNION ALL {answers}
"""
BY_DAY = ("", "(SELECT 'key', id, NULL, NULL FROM newest ORDER BY day DESC, id DESC LIMIT 1000)")
# What is long is read once: joined to nothing, the vector becomes a value in memory.
RANKED_BY_TEXT = """
    titled AS MATERIALIZED ({titled}),
    chosen AS (
        (SELECT id FROM newest ORDER BY day DESC, id DESC LIMIT %(ranked)s)
        UNION (SELECT id FROM titled ORDER BY day DESC, id DESC LIMIT %(ranked)s)
    ),
    texts AS MATERIALIZED (
        SELECT id, day, sign, title, vector || ''::tsvector AS vector
        FROM core_searchentry JOIN chosen USING (id)
    ),
    scored AS (SELECT id, day, {score} AS score FROM texts),
    rest AS (
        SELECT id, day FROM newest WHERE id NOT IN (SELECT id FROM chosen)
        ORDER BY day DESC, id DESC LIMIT 1000
    ),
"""
RANKED_ANSWERS = """
    (SELECT 'key', id, NULL, NULL FROM (
        SELECT id, day, score FROM scored UNION ALL SELECT id, day, -1 FROM rest
    ) AS every ORDER BY score DESC, day DESC, id DESC LIMIT 1000)
"""
# A tsquery of words gives between 0 and 1 by how near each other they stand; the rest are bonuses.
SCORE = """
    ts_rank_cd('{{0.05, 0.15, 0.5, 1.0}}', vector, %(words)s::tsquery, 1 | 32)
    + CASE WHEN vector @@ %(title)s::tsquery THEN 1.0 + 20.0 / (20 + length(title)) ELSE 0 END
    + 0.2 * exp((least(day, current_date) - current_date) / 700.0)
    {pairs} {sign}
"""


def _search(
    cursor: Any, asked: Asked, condition: str, since: date | None, most: int, operator: str
) -> Found:
    matching = MATCHING + (MATCHING_INTERNAL if asked.internal else "")
    candidates, answers = BY_DAY if asked.newest_first else (RANKED_BY_TEXT, RANKED_ANSWERS)
    query = asked.query
    months = words_since(since) if since else ""
    values = {
        "found": _all_of(condition, asked.filters, months),
        "title": query.condition_of_title(),
        "titled": _all_of(query.condition_of_title(), condition, asked.filters, months),
        "words": f" {operator} ".join(quoted(query.lexeme(word)) for word in query.words),
        "most": most,
        "ranked": RANKED,
    }
    score = SCORE.format(pairs=_bonus_of_pairs(query, values), sign=_bonus_of_sign(query, values))
    candidates = candidates.format(
        titled=matching.format(columns="id, day", name="titled"), score=score
    )
    found = matching.format(columns=COLUMNS, name="found")
    cursor.execute(SEARCH.format(found=found, candidates=candidates, answers=answers), values)
    return _found(query, cursor.fetchall(), most, since)


def _all_of(*conditions: str) -> str:
    return " & ".join(f"({condition})" for condition in conditions if condition)


def _bonus_of_pairs(query: Query, values: dict[str, Any]) -> str:
    """Words are pairs of syllables: neighbours in the query should be neighbours in the text."""
    pairs = query.pairs()
    terms = []
    for number, pair in enumerate(pairs):
        first, _, second = pair.partition(" <-> ")
        values[f"pair{number}"] = pair
        values[f"top{number}"] = f"{first}:AB <-> {second}:AB"
        weight = 1.0 / len(pairs)
        for name, share in ((f"pair{number}", 0.8), (f"top{number}", 0.6)):
            terms.append(f"+ {share * weight} * (vector @@ %({name})s::tsquery)::int")
    return " ".join(terms)


def _bonus_of_sign(query: Query, values: dict[str, Any]) -> str:
    """The document that bears a sign goes before those that cite it."""
    signs = [word.exact[1:] for word in query.words if word.exact.startswith(SIGN)]
    values["signs"] = signs
    return "+ 10 * (sign = ANY(%(signs)s))::int" if signs else ""


def _found(
    query: Query, rows: list[tuple[str, int, str, int]], most: int, since: date | None
) -> Found:
    keys, total = [], 0
    facets: dict[str, dict[Any, int]] = defaultdict(dict)
    for what, number, value, entries in rows:
        if what == "key":
            keys.append(number)
        elif number == 31:  # every bit of GROUPING: none of the columns
            total = entries
        elif value is not None:
            name = FACETS[5 - (31 - number).bit_length()]
            facets[name][value if name == "kind" else int(value)] = entries
    return Found(query, keys, total, facets, most, since)
