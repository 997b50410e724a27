"""The words of each document, file texts included, for a search without diacritics."""

import re
from typing import TYPE_CHECKING

from django.contrib.postgres.search import SearchQuery
from django.db import connection
from django.db.models import BooleanField, Exists, F, Func, Q

from core.text import fold
from documents import signs

if TYPE_CHECKING:
    from documents.models import DocumentQuerySet

# A tsvector holds at most 1 MB; more words than this are beyond what anybody searches for.
LETTERS = 300_000  # bytes of UTF-8


def refresh(document_pk: int) -> None:
    """Write the searchable words of one document anew, from its row and its current files."""
    from documents.models import Document

    document = Document.objects.only("sign", "abstract").get(pk=document_pk)
    texts = document.files.filter(replaced_by=None).values_list("text", flat=True)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE documents_document SET words = to_tsvector('simple', %s) WHERE id = %s",
            [words_of(document.sign, document.abstract, *texts), document_pk],
        )


def words_of(*texts: str) -> str:
    """Return the words of `texts`, folded, with nothing but spaces between them.

    PostgreSQL's own parser would take signs for paths and dashes for minus.
    """
    words = " ".join(re.findall(r"[^\W_]+", fold(" ".join(texts))))
    return words.encode()[:LETTERS].decode(errors="ignore")


def unpacked(words: F) -> Func:
    """Return an expression that is always true, and tells the planner what `words` cost to read.

    It stands beside every match and as the condition of the index of words, so that the planner
    thinks it dear to match rows one by one, and free to ask the index. Without it, some common
    words would be looked up in thousands of rows, each unpacked for it.
    """
    return Func(words, function="documents_unpacked", output_field=BooleanField())


def all_of(text: str) -> Q:
    """Return the condition that a document holds every word of `text`; without words, none does."""
    query = SearchQuery(words_of(text), config="simple")
    return Q(words=query) & Q(unpacked(F("words")))


def answer_to(text: str, readable: "DocumentQuerySet") -> Q:
    """Return the condition that a document answers `text` as people type it.

    A sign asks for those of the `readable` documents that bear it, and for its words when there
    are none.
    """
    sign = signs.parse(text)
    if sign is None:
        return all_of(text)
    bearing = readable.order_by().with_sign(sign)
    return Q(sign_key=signs.key(sign)) | ~Q(Exists(bearing)) & all_of(text)
