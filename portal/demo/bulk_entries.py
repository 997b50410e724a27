"""What search knows of the articles of bulk.py: the entries of their originals, numbered.

To take a million texts apart one by one would be an hour's work.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date

from django.db import connection

from core.search import vocabulary
from core.search.entries import SearchEntry, counted, entry_of
from news.indexing import content_of
from news.models import Article, Edition

# Stand in an original for the article's number and key, and for the day of its publication.
NUMBER, KEY, DAY = "987654321", 876543219, date(1001, 1, 1)
# Longer numbers are no words that are counted.
LARGEST_COUNTED = 9_999
# So many are written without their index of words, which is then made in a tenth of the time.
MANY = 50_000


def _replaced(column: str, by: Mapping[str, str]) -> str:
    for placeholder, sql in by.items():
        column = f"replace({column}, '{placeholder}', {sql})"
    return column


_NUMBERS = {NUMBER: "made.number::text", str(KEY): "made.article::text"}
_LEXEMES = {
    NUMBER: "made.number::text",
    f"@year:{DAY.year}": "'@year:' || extract(year FROM made.day)",
}
CHANGES = {
    "id": "nextval(pg_get_serial_sequence('core_searchentry', 'id'))",
    "object_id": "made.article",
    "day": "made.day",
    "address": _replaced("own.address", _NUMBERS),
    "title": _replaced("own.title", _NUMBERS),
    "vector": f"{_replaced('own.vector::text', _LEXEMES)}::tsvector",
}


def original(article: Article, edition: Edition) -> SearchEntry:
    """Return the unsaved entry of an unsaved article, whose key is KEY, with its text."""
    return entry_of(replace(content_of(article, edition), day=DAY))


@contextmanager
def indexed_after(number: int) -> Iterator[None]:
    """Let the block write `number` entries; while they are many, whoever searches has to wait."""
    if number < MANY:
        yield
        return
    words = next(index for index in SearchEntry._meta.indexes if index.name == "search_public")
    with connection.schema_editor() as editor:
        editor.remove_index(SearchEntry, words)
    yield
    with connection.schema_editor() as editor:
        editor.execute("SET LOCAL maintenance_work_mem = '512MB'")
        editor.add_index(SearchEntry, words)


def count(originals: Sequence[SearchEntry], numbers: range) -> None:
    """Count the words of copies of `originals` that are numbered so, one after the other."""
    total: Counter[tuple[str, bool]] = Counter()
    forms: dict[tuple[str, bool], tuple[str, str]] = {}
    for place, entry in enumerate(originals):
        words = counted(entry)
        total.update(dict.fromkeys(words, len(numbers[place :: len(originals)])))
        forms |= words
    for number in numbers:
        if number <= LARGEST_COUNTED:
            total[str(number), False] += 1
            forms.setdefault((str(number), False), (str(number), str(number)))
    vocabulary.add([(*key, *forms[key], entries) for key, entries in sorted(total.items())])
