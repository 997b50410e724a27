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
from typing import Any, NamedTuple

from django.db import connection

from core.search.entries import filter_lexeme, month_lexeme
from core.search.planning import planned_once
from core.search.query import Query, Term, quoted, sign_candidates, with_signs, without_places
from core.search.tokens import SIGN, Token
from core.search.vocabulary import frequencies

# More entries than this are not counted, nor, where texts must be read for phrases, than this.
MOST, MOST_READ = 2_000, 1_500
# So many of the newest, and so many of those with all words in the title, are ranked.
RANKED = 250
# Words that stand in no more than so many times that are looked up in all entries at once.
RARE = 2
# Fewer than this among the newest, and all are looked at.
FEW = 200
# So many texts can be read in a moment.
MOST_TO_READ = 20_000
FACETS = ("kind", "section", "type", "issuer", "year")
COLUMNS = "id, day, kind, section, type, issuer, date_part('year', day)::int AS year"


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

    @property
    def year(self) -> int | None:
        """The year chosen, if any."""
        return int(self.chosen["year"]) if "year" in self.chosen else None


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

    @property
    def partial(self) -> bool:
        """True when there may be more in the facets than is counted."""
        return self.bounded or self.since is not None


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

    def found_since(first: date | None) -> Found:
        return _search(asked, condition, first, most, "|" if partly else "&")

    if at_most is not None and at_most <= RARE * most:
        return found_since(None)
    days = Days.of(asked.year)
    if reads:
        return _widen_reading(found_since, days)
    return _widen(found_since, days, _share(at_most))


ENTRIES = "SELECT reltuples FROM pg_class WHERE oid = 'core_searchentry'::regclass"


def _share(at_most: int | None) -> float:
    """Return which part of all entries, roughly, `at_most` are; 1 for None."""
    entries: float = planned_once(ENTRIES, {})[0][0]
    return min(1.0, at_most / entries) if at_most is not None and entries > 0 else 1.0


@dataclass(frozen=True)
class Days:
    """The days that may be looked at, newest first: all, or those of one year."""

    first: date = date.min
    last: date = date.max

    @classmethod
    def of(cls, year: int | None) -> "Days":
        """Return the days of `year`; None: all."""
        return cls(date(year, 1, 1), date(year, 12, 31)) if year else cls()

    def with_entries(self, entries: int) -> date | None:
        """Return the day since which there are so many public entries; None: there are fewer."""
        rows = planned_once(DAY_OF, {"entries": entries, "last": self.last})
        return rows[0][0] if rows and rows[0][0] > self.first else None

    def earlier(self, first: date, times: float) -> date | None:
        """Return the day since which there are as many days, `times` over, as since `first`."""
        last = min(self.last, date.today())
        days = int(times * max(1, (last - first).days + 1))
        return last - timedelta(days=days) if days < (last - self.first).days else None


DAY_OF = """
    SELECT day FROM core_searchentry WHERE NOT internal AND day <= %(last)s
    ORDER BY day DESC OFFSET %(entries)s LIMIT 1
"""


def day_of(entries: int) -> date | None:
    """Return the day since which there are so many public entries; None: there are fewer."""
    return Days().with_entries(entries)


def _widen(found_since: Callable[[date | None], Found], days: Days, share: float) -> Found:
    """Look at as many of the newest entries as should be enough, once more, then at all."""
    first = days.with_entries(MOST + MOST // 2)
    first = first and days.earlier(first, 1 / share)
    found = found_since(first)
    if first and FEW <= found.total <= MOST:
        first = days.earlier(first, 1.3 * MOST / found.total)
        found = found_since(first)
    return found if first is None or found.bounded else found_since(None)


def _widen_reading(found_since: Callable[[date | None], Found], days: Days) -> Found:
    """Look at the newest entries, then at as many as can be read in a moment, and no more."""
    for entries in (2 * MOST_READ, MOST_TO_READ):
        first = days.with_entries(entries)
        found = found_since(first)
        if first is None or found.bounded:
            break
    return found


# One look into the index of days for each year that has entries.
YEARS = """
    WITH RECURSIVE newest AS (
        (SELECT day FROM core_searchentry WHERE NOT internal ORDER BY day DESC LIMIT 1)
        UNION ALL
        SELECT (
            SELECT day FROM core_searchentry
            WHERE NOT internal AND day < date_trunc('year', newest.day)::date
            ORDER BY day DESC LIMIT 1
        ) FROM newest WHERE day IS NOT NULL
    )
    SELECT date_part('year', day)::int FROM newest WHERE day IS NOT NULL
"""


def years() -> list[int]:
    """Return the years of which there are public entries, newest first."""
    return [year for (year,) in planned_once(YEARS, {})]


def words_since(first: date, year: int | None = None) -> str:
    """Return the tsquery of all entries since the month of `first`, or of those in its `year`:
    its months, then years."""
    months = [month_lexeme(first.replace(month=month, day=1)) for month in range(first.month, 13)]
    # One more year: what is dated ahead is found too.
    later = range(first.year + 1, (year or date.today().year + 1) + 1)
    return " | ".join(map(quoted, [*months, *(filter_lexeme("year", one) for one in later)]))


# The index knows months. Plus 0, for the day's own index would have texts read one by one.
MATCHING = """
    SELECT {columns} FROM core_searchentry
    WHERE {readers} AND vector @@ %({name})s::tsquery AND day + 0 >= %(since)s
"""
# Texts are read from the newest on, and no more of them than are needed.
MATCHING_READ = """
    (SELECT {columns} FROM (
        SELECT *, day + 0 AS at FROM core_searchentry
        WHERE {readers} AND vector @@ %({name}_words)s::tsquery AND day + 0 >= %(since)s
        ORDER BY at DESC, id DESC OFFSET 0
    ) AS likely
    WHERE vector @@ %({name})s::tsquery ORDER BY at DESC, id DESC LIMIT {most})
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
    SELECT set, coalesce(kind, section::text, type::text, issuer::text, year::text), entries, NULL
    FROM facets
    UNION ALL SELECT NULL, NULL, NULL, ARRAY({answers} LIMIT 1000)
"""
BY_DAY = ("", "SELECT id FROM newest ORDER BY day DESC, id DESC")
# What is long is read once: without OFFSET, each use of it in the score would read it anew.
RANKED_BY_TEXT = """
    titled AS MATERIALIZED ({titled}),
    chosen AS (
        (SELECT id FROM newest ORDER BY day DESC, id DESC LIMIT {ranked})
        UNION (SELECT id FROM titled ORDER BY day DESC, id DESC LIMIT {ranked})
    ),
    scored AS (
        SELECT id, day, {score} AS score FROM core_searchentry JOIN chosen USING (id)
        CROSS JOIN LATERAL (SELECT ARRAY[vector] AS read OFFSET 0) AS once
    ),
    rest AS (
        SELECT id, day FROM newest WHERE id NOT IN (SELECT id FROM chosen)
        ORDER BY day DESC, id DESC LIMIT 1000
    ),
"""
RANKED_ANSWERS = """
    SELECT id FROM (
        SELECT id, day, score FROM scored UNION ALL SELECT id, day, -1 FROM rest
    ) AS every ORDER BY score DESC, day DESC, id DESC
"""
# A tsquery of words gives between 0 and 1 by how near each other they stand; the rest are bonuses.
SCORE = """
    ts_rank_cd('{{0.05, 0.15, 0.5, 1.0}}', read[1], %(words)s::tsquery, 1 | 32)
    + CASE WHEN read[1] @@ %(title)s::tsquery THEN 1 + 20::float / (20 + length(title)) ELSE 0 END
    + 0.2::float * exp((least(day, current_date) - current_date) / 700::float)
    {pairs} {sign}
"""


def _search(asked: Asked, condition: str, since: date | None, most: int, operator: str) -> Found:
    matching = MATCHING_READ if "<->" in condition else MATCHING
    readers = ["NOT internal", *(["internal"] if asked.internal else [])]
    candidates, answers = BY_DAY if asked.newest_first else (RANKED_BY_TEXT, RANKED_ANSWERS)
    query = asked.query
    months = words_since(since, asked.year) if since else ""
    values: dict[str, Any] = {
        "found": _all_of(condition, asked.filters, months),
        "title": query.condition_of_title(),
        "titled": _all_of(query.condition_of_title(), condition, asked.filters, months),
        "words": f" {operator} ".join(quoted(query.lexeme(word)) for word in query.words),
        "since": since or date.min,
        "most": most,
    }
    score = SCORE.format(pairs=_bonus_of_pairs(query, values), sign=_bonus_of_sign(query, values))
    for name in ("found", "titled"):
        values[f"{name}_words"] = without_places(values[name])
    found, titled = (
        " UNION ALL ".join(
            matching.format(columns=columns, name=name, most=most, readers=one) for one in readers
        )
        for columns, name, most in (
            (COLUMNS, "found", "%(most)s + 1"),
            ("id, day", "titled", str(RANKED)),
        )
    )
    candidates = candidates.format(titled=titled, ranked=RANKED, score=score)
    sql = SEARCH.format(found=found, candidates=candidates, answers=answers)
    return _found(query, planned_once(sql, values), most, since)


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
            terms.append(f"+ {share * weight}::float * (read[1] @@ %({name})s::tsquery)::int")
    return " ".join(terms)


def _bonus_of_sign(query: Query, values: dict[str, Any]) -> str:
    """The document that bears a sign goes before those that cite it."""
    signs = [word.exact[1:] for word in query.words if word.exact.startswith(SIGN)]
    values["signs"] = signs
    return "+ 10 * (sign = ANY(%(signs)s::text[]))::int" if signs else ""


def _found(
    query: Query, rows: list[tuple[int | None, Any, Any, Any]], most: int, since: date | None
) -> Found:
    keys, total = [], 0
    facets: dict[str, dict[Any, int]] = defaultdict(dict)
    for number, value, entries, ordered in rows:
        if number is None:
            keys = ordered
        elif number == 31:  # every bit of GROUPING: none of the columns
            total = entries
        elif value is not None:
            name = FACETS[5 - (31 - number).bit_length()]
            facets[name][value if name == "kind" else int(value)] = entries
    return Found(query, keys, total, facets, most, since)


class Shown(NamedTuple):
    """What readers are shown of an entry."""

    id: int
    kind: str
    internal: bool
    day: date
    address: str
    label: str
    title: str
    summary: str
    body: str


SHOWN = f"SELECT {', '.join(Shown._fields)} FROM core_searchentry WHERE id = ANY(%s)"


def shown(keys: list[int]) -> list[Shown]:
    """Return the entries of `keys` that there still are, in this order; one query."""
    with connection.cursor() as cursor:
        cursor.execute(SHOWN, [keys])
        entries = {row[0]: Shown(*row) for row in cursor.fetchall()}
    return [entries[key] for key in keys if key in entries]
