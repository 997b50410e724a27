"""What the search of the whole portal knows of documents, and how it knows a sign."""

from collections.abc import Iterator
from typing import Any

from django.utils import timezone

from core.publishing import Publishable
from core.search.entries import Content, Kind, index, remove
from core.workflow import State
from documents import signs
from documents.models import Document, DocumentQuerySet, Visibility


def found_signs(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield where each sign printed in `text` begins and ends, and its key."""
    for found in signs.find(text):
        yield found.start, found.end, signs.key(found.sign)


def follow(*, version: Publishable, **kwargs: Any) -> None:
    """Bring the entry in line with what may be read, in the transaction of a move (`moved`)."""
    if isinstance(version, Document) and not version.is_open:
        refresh(version.corrects_id or version.pk)


def refresh(pk: int) -> None:
    """Write the entry of the document `pk`, or take it away when nobody may read it."""
    document = Document.objects.filter(pk=pk, state=State.LIVE).for_page().first()
    if document is None:
        remove(Kind.DOCUMENT, pk)
    else:
        index(content_of(document))


def contents(live: DocumentQuerySet) -> Iterator[Content]:
    """Yield what readers and cadres may find of the `live` documents, oldest first."""
    for document in live.newest_first().reverse().for_page().iterator(chunk_size=200):
        yield content_of(document)


def content_of(document: Document) -> Content:
    """Return what can be found of a live document, the words of its current files included."""
    texts = document.files.filter(replaced_by=None).order_by("order", "pk")
    issued = f"ngày {document.issued_on:%d/%m/%Y}" if document.issued_on else ""
    who = (str(document.issuer), document.issuer.short_name if document.issuer else "", issued)
    went_live = document.went_live_at
    assert went_live is not None
    return Content(
        kind=Kind.DOCUMENT,
        object_id=document.pk,
        address=document.get_absolute_url(),
        label=str(document) if document.sign else str(document.type),
        title=document.abstract,
        summary=" ".join(filter(None, (*who, str(document.signer or "")))),
        body="\n".join(texts.values_list("text", flat=True)),
        sign=signs.key(sign) if (sign := signs.parse(document.sign)) else document.sign,
        day=document.issued_on or timezone.localdate(went_live),
        internal=document.visibility == Visibility.INTERNAL,
        type=document.type_id,
        issuer=document.issuer_id,
    )
