"""Whether a document is in force on a day, and why.

The dates on which force ends, wholly and partly, are kept by the trigger document_standing; here
they are put into words. Dates count in Asia/Ho_Chi_Minh.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone

if TYPE_CHECKING:
    from documents.models import Document, Relation


class Status(models.TextChoices):
    """What may be said of a document's force; the value stands in addresses."""

    IN_FORCE = "con-hieu-luc", "Còn hiệu lực"
    PARTLY = "mot-phan", "Hết hiệu lực một phần"
    PENDING = "chua-hieu-luc", "Chưa có hiệu lực"
    REPLACED = "bi-thay-the", "Bị thay thế"
    ENDED = "het-hieu-luc", "Hết hiệu lực"


def status(document: "Document", on: date) -> Status:
    """Return the status of `document` on the day `on`.

    What has ended has ended even before its first day in force; a document without any date
    counts as in force until something ends it.
    """
    if document.ended_on and document.ended_on <= on:
        return Status.REPLACED if document.ended_by == "replaces" else Status.ENDED
    if document.in_force_from and on < document.in_force_from:
        return Status.PENDING
    if document.partly_ended_on and document.partly_ended_on <= on:
        return Status.PARTLY
    return Status.IN_FORCE


IN_FORCE_FROM = Coalesce("effective_on", "issued_on")


def conditions(on: date) -> Mapping[Status, Q]:
    """Return, for each status, the condition that a document has it on the day `on`.

    Needs the annotation `in_force_from` = IN_FORCE_FROM.
    """
    ended = Q(ended_on__lte=on)
    running = Q(ended_on=None) | Q(ended_on__gt=on)
    begun = Q(in_force_from=None) | Q(in_force_from__lte=on)
    partly = Q(partly_ended_on__lte=on)
    whole = Q(partly_ended_on=None) | Q(partly_ended_on__gt=on)
    return MappingProxyType(
        {
            Status.IN_FORCE: running & begun & whole,
            Status.PARTLY: running & begun & partly,
            Status.PENDING: running & Q(in_force_from__gt=on),
            Status.REPLACED: ended & Q(ended_by="replaces"),
            Status.ENDED: ended & ~Q(ended_by="replaces"),
        }
    )


@dataclass(frozen=True)
class Reason:
    """A sentence in three parts, so that a page can link the document that it names."""

    before: str
    document: "Document | None" = None
    after: str = ""

    def __str__(self) -> str:
        return f"{self.before}{self.document or ''}{self.after}"


@dataclass(frozen=True)
class Validity:
    """Whether a document is in force, and the sentences that say why."""

    status: Status
    reasons: list[Reason]


SUFFERS = MappingProxyType(
    {
        "replaces": "bị thay thế bởi",
        "amends": "được sửa đổi, bổ sung bởi",
        "abolishes": "bị bãi bỏ bởi",
        "guides": "được hướng dẫn bởi",
    }
)


def validity(document: "Document", on: date, readable: Iterable["Relation"]) -> Validity:
    """Return the status of `document` on the day `on`, with its reasons.

    `readable` are the relations of other documents to it, of those alone that this reader may
    read. What an unreadable one does counts, but is told as a date without a cause.
    """
    acts = [act for act in readable if act.kind != "guides"]
    endings = _endings(document, on, acts)
    found = status(document, on)
    if found == Status.REPLACED and not any(ending.document for ending in endings):
        found = Status.ENDED
    if found in (Status.REPLACED, Status.ENDED):
        return Validity(found, endings)
    parts = _partial_endings(document, on, acts)
    return Validity(found, [*_beginning(document, on), *parts, *endings] or [NOTHING_KNOWN])


NOTHING_KNOWN = Reason("Thư viện chưa có văn bản nào thay thế hoặc bãi bỏ.")


def _beginning(document: "Document", on: date) -> list[Reason]:
    if document.in_force_from is None:
        return []
    will = "Sẽ có" if document.in_force_from > on else "Có"
    return [Reason(f"{will} hiệu lực từ ngày {document.in_force_from:%d/%m/%Y}.")]


def _endings(document: "Document", on: date, acts: list["Relation"]) -> list[Reason]:
    """What ends all of `document` on the first day on which anything does."""
    end = document.ended_on
    if end is None:
        return []
    whole = [act for act in acts if not _is_partial(act)]
    named = [_reason(act, on) for act in whole if since(act.source) == end]
    if document.expires_on == end:
        named.append(Reason(f"{_ends(end, on)} theo chính văn bản."))
    return named or [Reason(f"{_ends(end, on)}.")]


def _partial_endings(document: "Document", on: date, acts: list["Relation"]) -> list[Reason]:
    first = document.partly_ended_on
    if first is None:
        return []
    partial = sorted(filter(_is_partial, acts), key=lambda act: since(act.source))
    named = [_reason(act, on) for act in partial]
    if not partial or since(partial[0].source) > first:
        named.insert(0, Reason(f"{_ends(first, on, ' một phần')}."))
    return named


def _reason(act: "Relation", on: date) -> Reason:
    day = since(act.source)
    verb = SUFFERS[act.kind] if day <= on else f"sẽ {SUFFERS[act.kind]}"
    part = f", phần: {act.provisions}" if act.provisions else ""
    return Reason(f"{verb[0].upper()}{verb[1:]} ", act.source, f" từ ngày {day:%d/%m/%Y}{part}.")


def _ends(end: date, on: date, part: str = "") -> str:
    return f"{'Hết' if end <= on else 'Sẽ hết'} hiệu lực{part} từ ngày {end:%d/%m/%Y}"


def _is_partial(act: "Relation") -> bool:
    return act.kind == "amends" or bool(act.provisions)


def since(actor: "Document") -> date:
    """Return the day from which what the live document `actor` does counts.

    The trigger document_standing reckons alike.
    """
    return actor.in_force_from or timezone.localdate(actor.went_live_at)
