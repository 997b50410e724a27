"""Finding entries: which ones, in what order, and how many there are of each kind.

All of it in one statement: what a page shows of them comes with it.

The index says in no time which entries have all words. For a word that stands in most texts these
are too many to sort: the newest days are asked first (`windows.py`), earlier ones only until MOST
entries are found, and the numbers are given as “more than”. Of what is found, the newest that have
all words in their title, and then the newest of the others, are ranked by what their texts say.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, NamedTuple

from core.listing import PER_PAGE
from core.search.entries import filter_lexeme
from core.search.extracts import READ
from core.search.planning import planned_once
from core.search.query import (
    IN_TITLE,
    Query,
    Term,
    quoted,
    sign_candidates,
    with_signs,
    without_places,
)
from core.search.tokens import SIGN, Token
from core.search.vocabulary import frequencies
from core.search.windows import TIMES, Window, windows

# More entries than this are neither counted nor shown.
MOST = 300
# So many are ranked: the newest that have all words in the title or bear the sign, then the others.
RANKED = 60
FACETS = ("kind", "section", "type", "issuer", "year")
COLUMNS = "id, day, kind, section, type, issuer, date_part('year', day)::int AS year"


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


# Of a long body, what is looked through and the letter that says that there is more.
COLUMNS_SHOWN = ", ".join((*Shown._fields[:-1], f"left(body, {READ[-1] + 1})"))
NOTHING_SHOWN = ", ".join(["NULL"] * len(Shown._fields))


@dataclass(frozen=True)
class Asked:
    """What is looked for: the query, facets by their names, and whether newest come first.

    Shown is one page of what is found, after the first `skipped`.
    """

    query: Query
    chosen: Mapping[str, str | int] = field(default_factory=dict)
    newest_first: bool = False
    internal: bool = False
    skipped: int = 0

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

    Beside their keys, one page of them. Of phrases, not always the `whole` of the texts was read.
    """

    query: Query
    keys: list[int]
    shown: list[Shown]
    total: int
    facets: Mapping[str, Mapping[Any, int]]
    most: int = MOST
    whole: bool = True

    @property
    def bounded(self) -> bool:
        """True when there are more than `most`, which is all that was counted."""
        return self.total > self.most

    @property
    def partial(self) -> bool:
        """True when there may be more in the facets than is counted."""
        return self.bounded or not self.whole


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
    days = windows(MOST, at_most, asked.year)
    if "<->" in condition:
        days = days[: len(TIMES)]
    return _search(asked, condition, days, "|" if partly else "&")


MATCHING = """
    SELECT * FROM core_searchentry WHERE {readers} AND vector @@ %({condition})s::tsquery {within}
"""
AMONG_FOUND = " AND %(last{number})s >= (SELECT day FROM earliest)"
NEWEST = "ORDER BY day + 0 DESC, id DESC"
# A window is looked at only when those before it have too few.
WINDOW = f"(SELECT {{columns}} FROM ({{matching}}) AS every {NEWEST} LIMIT {{most}})"
# Texts are read from the newest on, and no more of them than are needed.
WINDOW_READ = f"""
    (SELECT {{columns}} FROM (SELECT * FROM ({{matching}}) AS every {NEWEST} OFFSET 0) AS likely
    WHERE vector @@ %({{name}})s::tsquery LIMIT {{most}})
"""
SEARCH = f"""
    WITH found AS MATERIALIZED ({{found}}),
    {{candidates}}
    answers AS MATERIALIZED (SELECT ARRAY({{answers}} LIMIT %(most)s) AS keys),
    facets AS (
        SELECT grouping(kind, section, type, issuer, year) AS set,
            kind, section, type, issuer, year, count(*) AS entries
        FROM found
        GROUP BY GROUPING SETS ((kind), (section), (type), (issuer), (year), ())
    )
    SELECT {COLUMNS_SHOWN}, NULL::int, NULL, NULL::bigint, NULL::bigint[] FROM core_searchentry
    WHERE id = ANY((SELECT keys[%(skipped)s + 1:%(skipped)s + {PER_PAGE}] FROM answers)::bigint[])
    UNION ALL SELECT {NOTHING_SHOWN}, set,
        coalesce(kind, section::text, type::text, issuer::text, year::text), entries, NULL
    FROM facets
    UNION ALL SELECT {NOTHING_SHOWN}, NULL, NULL, NULL, keys FROM answers
"""
BY_DAY = ("", "SELECT id FROM found ORDER BY day DESC, id DESC")
# What is long is read once: without OFFSET, each use of it in the score would read it anew.
RANKED_BY_TEXT = """
    earliest AS MATERIALIZED (SELECT min(day) AS day FROM found),
    titled AS MATERIALIZED ({titled}),
    chosen AS (
        SELECT id FROM titled
        UNION ALL (
            SELECT id FROM found WHERE id NOT IN (SELECT id FROM titled)
            ORDER BY day DESC, id DESC LIMIT {ranked} - (SELECT count(*) FROM titled)
        )
    ),
    scored AS (
        SELECT id, day, {score} AS score FROM core_searchentry JOIN chosen USING (id)
        CROSS JOIN LATERAL (SELECT ARRAY[vector] AS read OFFSET 0) AS once
    ),
    rest AS (SELECT id, day FROM found WHERE id NOT IN (SELECT id FROM chosen)),
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


def _search(asked: Asked, condition: str, days: Sequence[Window], operator: str) -> Found:
    candidates, answers = BY_DAY if asked.newest_first else (RANKED_BY_TEXT, RANKED_ANSWERS)
    query, reads, title = asked.query, "<->" in condition, asked.query.condition_of_title()
    signs = [quoted(IN_TITLE + word.exact) for word in query.words if word.exact.startswith(SIGN)]
    best = " | ".join([f"({title})", *signs])
    values: dict[str, Any] = {
        "found": _all_of(condition, asked.filters),
        "title": title,
        "titled": _all_of(best, condition if reads or signs else "", asked.filters),
        "words": f" {operator} ".join(quoted(query.lexeme(word)) for word in query.words),
        "most": MOST,
        "skipped": asked.skipped,
    }
    for number, window in enumerate(days):
        values |= window.values(number)
    for name in ("found", "titled"):
        values[f"{name}_words"] = without_places(values[name])
    score = SCORE.format(pairs=_bonus_of_pairs(query, values), sign=_bonus_of_sign(query, values))
    found, titled = (_matching(asked, days, reads, name) for name in ("found", "titled"))
    candidates = candidates.format(titled=titled, ranked=RANKED, score=score)
    sql = SEARCH.format(found=found, candidates=candidates, answers=answers)
    whole = not reads or days[-1].first is None
    return _found(asked, planned_once(sql, values), MOST, whole)


def _matching(asked: Asked, days: Sequence[Window], reads: bool, name: str) -> str:
    """SQL of the newest entries that satisfy the tsquery `name`, window by window."""
    template, condition = (WINDOW_READ, f"{name}_words") if reads else (WINDOW, name)
    columns, most = (COLUMNS, "%(most)s + 1") if name == "found" else ("id, day", str(RANKED))
    readers = ["NOT internal", *(["internal"] if asked.internal else [])]
    found = []
    for number, window in enumerate(days):
        within = window.condition(number)
        within += AMONG_FOUND.format(number=number) if number and name == "titled" else ""
        matching = " UNION ALL ".join(
            MATCHING.format(readers=one, condition=condition, within=within) for one in readers
        )
        found.append(template.format(columns=columns, matching=matching, name=name, most=most))
    return f"SELECT * FROM ({' UNION ALL '.join(found)}) AS newest LIMIT {most}"


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


def _found(asked: Asked, rows: list[tuple[Any, ...]], most: int, whole: bool) -> Found:
    keys, total = [], 0
    shown: dict[int, Shown] = {}
    facets: dict[str, dict[Any, int]] = defaultdict(dict)
    for *entry, number, value, entries, ordered in rows:
        if ordered is not None:
            keys = ordered
        elif number is None:
            one = Shown(*entry)
            shown[one.id] = one
        elif number == 31:  # every bit of GROUPING: none of the columns
            total = entries
        elif value is not None:
            name = FACETS[5 - (31 - number).bit_length()]
            facets[name][value if name == "kind" else int(value)] = entries
    page = keys[asked.skipped : asked.skipped + PER_PAGE]
    return Found(asked.query, keys, [shown[key] for key in page], total, facets, most, whole)
