"""Writing many entries: all anew, one by one in place of the former, or those that are missing."""

from collections import Counter
from collections.abc import Iterable
from itertools import islice
from typing import Any, TypeVar

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet

from core.search import vocabulary
from core.search.entries import Content, Kind, SearchEntry, counted, entry_of, index, remove
from core.search.vocabulary import SearchWord

BATCH = 1_000
Things = TypeVar("Things", bound=QuerySet[Any])


class Tally:
    """In how many of some entries each word stands, as rows of the vocabulary."""

    def __init__(self, entries: Iterable[SearchEntry]) -> None:
        self._number: Counter[tuple[str, bool]] = Counter()
        self._written: dict[tuple[str, bool], tuple[str, str]] = {}
        for entry in entries:
            words = counted(entry)
            self._number.update(words.keys())
            for key, forms in words.items():
                self._written.setdefault(key, forms)

    def rows(self) -> list[tuple[str, bool, str, str, int]]:
        """Return word, whether internal, its two forms and the number; sorted."""
        return [(*key, *self._written[key], number) for key, number in sorted(self._number.items())]


def rebuild(contents: Iterable[Content]) -> tuple[int, int, int]:
    """Write the entries of `contents`, which is all that may be found; take away all others.

    Return how many were written and taken away, and the number of words. What is published
    meanwhile is written by its own transaction and stays.
    """
    newest = SearchEntry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    kept: dict[str, set[int]] = {kind: set() for kind in Kind}
    for content in contents:
        index(content)
        kept[content.kind].add(content.object_id)
    stored = SearchEntry.objects.filter(pk__lte=newest).values_list("kind", "object_id")
    left_over = [(kind, pk) for kind, pk in stored.iterator() if pk not in kept[kind]]
    for kind, pk in left_over:
        remove(Kind(kind), pk)
    return sum(map(len, kept.values())), len(left_over), recount()


def without_entry(things: Things, kind: Kind) -> Things:
    """Keep those of `things` that have no entry."""
    return things.filter(
        ~Exists(SearchEntry.objects.filter(kind=kind, object_id=OuterRef("pk")).order_by())
    )


def write_missing(contents: Iterable[Content]) -> int:
    """Write the entries of `contents`, which have none yet, many at once; return how many.

    What has been written stays when it is broken off. Belongs where nobody else publishes.
    """
    rows, written = iter(contents), 0
    while batch := [entry_of(content) for content in islice(rows, BATCH)]:
        with transaction.atomic():
            SearchEntry.objects.bulk_create(batch)
            vocabulary.add(Tally(batch).rows())
        written += len(batch)
    return written


@transaction.atomic
def prune(existing: dict[Kind, QuerySet[Any]]) -> None:
    """Take away the entries whose things are no longer among the keys `existing`, by kind."""
    for kind, keys in existing.items():
        SearchEntry.objects.filter(kind=kind).exclude(object_id__in=keys).delete()
    recount()


@transaction.atomic
def recount() -> int:
    """Count all words anew; readers see the former counts until it is done."""
    with connection.cursor() as cursor:
        # Whoever publishes waits; whoever searches does not.
        cursor.execute("LOCK TABLE core_searchword IN SHARE ROW EXCLUSIVE MODE")
    rows = Tally(SearchEntry.objects.defer("vector").iterator(chunk_size=200)).rows()
    SearchWord.objects.all().delete()
    names = ("word", "internal", "shown", "folded", "entries")
    words = (SearchWord(**dict(zip(names, row, strict=True))) for row in rows)
    SearchWord.objects.bulk_create(words, batch_size=BATCH)
    return len(rows)
