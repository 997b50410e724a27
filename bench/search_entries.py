"""A million entries made of the demonstration's own words, for bench/search.

Each entry is a title, four paragraphs out of some thousands and two words of its own, so words keep
how common they are in the demonstration; the own ones are rare, down to once in half a million.
"""

import random
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from time import perf_counter
from typing import Any

from django.db import connection

from core.search.entries import SearchEntry, vector_of
from core.search.tokens import tokens
from core.text import plain_text
from portal.demo import clauses, directives, texts

TITLES = PARAGRAPHS = 4_000
RARE = 60_000
CLAUSES = 6  # in a paragraph
STEP = 50_000
INDEXES = ("search_public", "search_internal", "search_newest", "search_sign")

PARTS = """
    CREATE TEMP TABLE {name} (id int PRIMARY KEY, text text, vector tsvector);
    INSERT INTO {name} SELECT * FROM unnest(%s::int[], %s::text[], %s::tsvector[]);
    ANALYZE {name};
"""
FILL = """
    INSERT INTO core_searchentry (
        kind, object_id, internal, day, section, type, issuer, sign, address, label, title, summary,
        body, vector
    )
    SELECT kind, n, false, day, section, type, issuer, sign, '/tin-tuc/' || n || '/', '',
        title.text, '', concat_ws(E'\n', p1.text, p2.text, p3.text, p4.text, r1.text, r2.text),
        title.vector || p1.vector || p2.vector || p3.vector || p4.vector || r1.vector || r2.vector
        || array_to_tsvector(array_remove(ARRAY[
            '@kind:' || kind, '@section:' || section, '@type:' || type, '@issuer:' || issuer,
            '@year:' || extract(year FROM day)::int, '@' || to_char(day, 'YYYY-MM'),
            '^#' || nullif(sign, ''), '#' || nullif(sign, '')
        ], NULL))
    FROM (
        SELECT n, day, kind,
            CASE kind WHEN 'article' THEN 1 + mod(n, 12) END AS section,
            CASE kind WHEN 'document' THEN 1 + mod(n, 25) END AS type,
            CASE kind WHEN 'document' THEN 1 + mod(n, 40) END AS issuer,
            CASE kind WHEN 'document' THEN n || 'khubnd' ELSE '' END AS sign
        FROM (
            SELECT n, current_date - 6000 + (n * 6000.0 / %(entries)s)::int AS day,
                CASE WHEN mod(n, 6) = 0 THEN 'document' ELSE 'article' END AS kind
            FROM generate_series(%(first)s, %(last)s) AS n
        ) AS numbered
    ) AS entry
    JOIN titles AS title ON title.id = abs(mod(hashint8(n * 11), %(titles)s))
    JOIN paragraphs AS p1 ON p1.id = abs(mod(hashint8(n * 11 + 1), %(paragraphs)s))
    JOIN paragraphs AS p2 ON p2.id = abs(mod(hashint8(n * 11 + 2), %(paragraphs)s))
    JOIN paragraphs AS p3 ON p3.id = abs(mod(hashint8(n * 11 + 3), %(paragraphs)s))
    JOIN paragraphs AS p4 ON p4.id = abs(mod(hashint8(n * 11 + 4), %(paragraphs)s))
    JOIN rare AS r1 ON r1.id = floor(
        %(rare)s * power(abs(mod(hashint8(n * 11 + 5), 100000)) / 100000.0, 3))
    JOIN rare AS r2 ON r2.id = abs(mod(hashint8(n * 11 + 6), %(rare)s))
    ORDER BY n
"""
# Counted in one entry of fifty: reading all million again would take an hour.
VOCABULARY = """
    INSERT INTO core_searchword (word, internal, shown, folded, entries)
    SELECT word, false, word, folded, greatest(1, 50 * coalesce(ndoc, 0))
    FROM unnest(%s::text[], %s::text[]) AS known (word, folded)
    LEFT JOIN ts_stat('SELECT vector FROM core_searchentry TABLESAMPLE SYSTEM (2)') USING (word)
    UNION ALL
    SELECT '#' || sign, false, '#' || sign, '#' || sign, 1 FROM core_searchentry WHERE sign <> ''
"""


def fill(entries: int) -> None:
    """Write `entries` entries into an empty table, and print how long each step took."""
    with connection.cursor() as cursor:
        known = _make_parts(cursor)
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = ANY(%s)", [list(INDEXES)])
        definitions = [row[0] for row in cursor.fetchall()]
        cursor.execute("".join(f"DROP INDEX {name};" for name in INDEXES))
        with timed(f"{entries} entries"):
            for first in range(1, entries + 1, STEP):
                _fill(cursor, first, min(entries, first + STEP - 1), entries)
        cursor.execute("SET maintenance_work_mem = '1GB'")
        with timed("indexes"):
            for definition in definitions:
                cursor.execute(definition)
        with timed("vocabulary"):
            cursor.execute(VOCABULARY, [list(known), list(known.values())])
        cursor.execute("VACUUM ANALYZE core_searchentry")
        cursor.execute("VACUUM ANALYZE core_searchword")


def _fill(cursor: Any, first: int, last: int, entries: int) -> None:
    sizes = {"titles": TITLES, "paragraphs": PARAGRAPHS, "rare": RARE}
    cursor.execute(FILL, {"first": first, "last": last, "entries": entries, **sizes})


@contextmanager
def timed(what: str) -> Iterator[None]:
    """Print how many seconds the block took."""
    started = perf_counter()
    yield
    print(f"{what}: {perf_counter() - started:.0f} s", flush=True)


def _make_parts(cursor: Any) -> dict[str, str]:
    """Store the texts that entries are made of; return every word of them, folded."""
    chance = random.Random(6)
    drafts = texts.articles_of_the_year()
    bodies = [plain_text("\n".join(one.blocks)) for one in drafts]
    bodies += [clauses.paper(one).words for one in directives.directives()]
    said = [part.strip() for body in bodies for part in re.split(r"[.;\n]", body)]
    said = list(dict.fromkeys(part for part in said if len(part) > 30))
    words = [word for body in bodies for word in re.findall(r"[^\W\d_]+", body)]
    parts = {
        "titles": [_title(chance, [one.title for one in drafts], said) for _ in range(TITLES)],
        "paragraphs": [_paragraph(chance, said, words) for _ in range(PARAGRAPHS)],
        "rare": [_rare(number) for number in range(RARE)],
    }
    for name, made in parts.items():
        rows = [vector(text, in_title=name == "titles") for text in made]
        cursor.execute(PARTS.format(name=name), [list(range(len(made))), made, rows])
    return {
        word.exact: word.folded for made in parts.values() for text in made for word in tokens(text)
    }


def vector(text: str, *, in_title: bool) -> str:
    """Return the words of a part as an entry has them, without what entries are filtered by."""
    where = {"title": text} if in_title else {"title": "", "body": text}
    whole = vector_of(SearchEntry(kind="article", day=date(2000, 1, 1), **where))
    return re.sub(r"'@[^']*' ?", "", whole)


def _title(chance: random.Random, titles: list[str], said: list[str]) -> str:
    return chance.choice(titles) if chance.random() < 0.5 else chance.choice(said)[:90]


def _paragraph(chance: random.Random, said: list[str], words: list[str]) -> str:
    some = [chance.choice(said) for _ in range(CLAUSES - 1)]
    return ". ".join([*some, " ".join(chance.choice(words) for _ in range(14))])


def _rare(number: int) -> str:
    """A word that no text has: consonants and vowels by turns, from the number."""
    word = ""
    while number or len(word) < 4:
        word = "btđchlmnrsvx"[number % 11] + "aăeiouơưêâ"[number // 11 % 10] + word
        number //= 110
    return word
