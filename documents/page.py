"""What the page of a document shows beside it: force, relations, files, neighbours, a QR code.

Every query keeps to `readable`, the documents that the reader of the page may read.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import groupby
from typing import Any

import segno
from django.conf import settings
from django.db.models import F
from django.utils import timezone

from documents.files import DocumentFile
from documents.models import Document, DocumentQuerySet, Field, Relation, RelationKind
from documents.validity import SUFFERS, validity

NEIGHBOURS = 4
QUIET_ZONE = 4  # modules around a QR code (ISO/IEC 18004)

# The documents of one heading, each with the provisions concerned ("" all).
Group = list[tuple[Document, str]]


@dataclass(frozen=True)
class HeldFile:
    """A current file and those that it replaced, newest first, with the moments of replacement."""

    file: DocumentFile
    earlier: list[tuple[DocumentFile, datetime]]


@dataclass(frozen=True)
class QrCode:
    """A QR code as one SVG path of horizontal strokes, `size` modules wide with its border."""

    size: int
    path: str


def context_of(document: Document, readable: DocumentQuerySet) -> dict[str, Any]:
    """Return what templates/documents/document.html shows; five queries at most."""
    acted_on_by = _relations(document, "target", "source", readable)
    acts = _relations(document, "source", "target", readable)
    fields = list(document.fields.all())
    return {
        "document": document,
        "validity": validity(document, timezone.localdate(), acted_on_by),
        "relations": _groups(acts, acted_on_by),
        "fields": fields,
        "files": held_files(document),
        **_neighbours(document, fields, readable),
        "qr": qr_code(settings.SITE_URL + document.get_absolute_url()),
    }


def held_files(document: Document) -> list[HeldFile]:
    """Return the current files of `document` in their order; one query."""
    files = list(document.files.order_by("order", "pk").defer("text"))
    replaced = {file.replaced_by_id: file for file in files if file.replaced_by_id}
    held = []
    for file in files:
        if file.replaced_by_id is None:
            earlier, later = [], file
            while before := replaced.get(later.pk):
                earlier.append((before, later.added_at))
                later = before
            held.append(HeldFile(file, earlier))
    return held


# A third of what the whole page costs, and always the same.
@lru_cache(maxsize=500)
def qr_code(address: str) -> QrCode:
    """Return `address` as a QR code that survives a fold or a stain on paper (level M)."""
    code = segno.make_qr(address, error="m")
    rows = enumerate(code.matrix, start=QUIET_ZONE)
    path = "".join(f"M{x} {y}.5h{length}" for y, row in rows for x, length in _runs(row))
    return QrCode(len(code.matrix) + 2 * QUIET_ZONE, path)


def _runs(row: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Where dark modules begin in `row`, and how many follow each other."""
    x = QUIET_ZONE
    for is_dark, run in groupby(row):
        length = len(list(run))
        if is_dark:
            yield x, length
        x += length


def _relations(
    document: Document, here: str, there: str, readable: DocumentQuerySet
) -> list[Relation]:
    """The relations in which `document` stands `here` and a readable one `there`, newest first."""
    needed = ("sign", "abstract", "slug", "issued_on", "effective_on", "went_live_at")
    relations = Relation.objects.filter(**{here: document, f"{there}__in": readable})
    return list(
        relations.select_related(f"{there}__type")
        .only("kind", "provisions", f"{there}__type__name", *(f"{there}__{n}" for n in needed))
        .order_by(F(f"{there}__issued_on").desc(nulls_last=True), f"-{there}_id")
    )


def _groups(acts: Iterable[Relation], acted_on_by: Iterable[Relation]) -> dict[str, Group]:
    """Both ways of bearing on others, under a heading for each kind that there is."""
    groups: dict[str, Group] = {}
    for kind in RelationKind:
        suffered = [(act.source, act.provisions) for act in acted_on_by if act.kind == kind]
        done = [(act.target, act.provisions) for act in acts if act.kind == kind]
        groups |= {SUFFERS[kind]: suffered, kind.label.lower(): done}
    return {heading: group for heading, group in groups.items() if group}


def _neighbours(
    document: Document, fields: list[Field], readable: DocumentQuerySet
) -> dict[str, list[Document]]:
    """The newest of the same type, and those of other types on the same fields; one query."""
    others = readable.exclude(pk=document.pk).for_cards()
    newest = others.filter(type=document.type_id)[:NEIGHBOURS]
    if fields:
        about = Document.fields.through.objects.filter(field__in=fields).values("document")
        elsewhere = others.filter(pk__in=about).exclude(type=document.type_id)
        newest = newest.union(elsewhere[:NEIGHBOURS], all=True).newest_first()
    found: dict[str, list[Document]] = {"same_type": [], "same_fields": []}
    for other in newest:
        same = "same_type" if other.type_id == document.type_id else "same_fields"
        found[same].append(other)
    return found
