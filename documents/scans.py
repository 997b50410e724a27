"""Reading scans in the background: words for those files that came without a text layer.

Files wait in the table itself (text_state "waiting"). A worker holds a session lock on the file
that it reads, so that several share the work; when one is killed, PostgreSQL lets its lock go and
the file is simply taken again.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.db import connection, transaction

from core.publishing import move
from core.workflow import Action, State
from documents import extraction, indexing, search, secrecy, vault
from documents.files import DocumentFile, TextState
from documents.models import Document

# What readers find in place of a document that turns out to carry a marking: nothing about it.
NOTICE = "Văn bản đang được kiểm tra lại."
# Refusals that say nothing about the file: it waits on.
PASSING = ("busy", "no_recogniser")

_log = logging.getLogger(__name__)


def read_waiting() -> int:
    """Read every scan that waits and that no other worker has in hand; return how many."""
    if not extraction.can_recognise():
        return 0
    waiting = DocumentFile.objects.filter(text_state=TextState.WAITING)
    return sum(_read(pk) for pk in waiting.order_by("pk").values_list("pk", flat=True))


def _read(pk: int) -> bool:
    with _in_hand(pk) as mine:
        file = DocumentFile.objects.filter(pk=pk, text_state=TextState.WAITING).first()
        text = _words(file) if mine and file else None
        return text is not None and _store(pk, text)


def _words(file: DocumentFile) -> str | None:
    """The words of a scan, "" when it has none to give, None when it has to wait on."""
    try:
        return extraction.recognise(vault.path(file.sha256).read_bytes()).strip()
    except ValidationError as refusal:
        if refusal.code in PASSING:
            return None
        _log.warning("scan %s gives no words: %s", file.pk, refusal.code)
    except FileNotFoundError:
        _log.error("the bytes of scan %s are missing", file.pk)
    return ""


@contextmanager
def _in_hand(pk: int) -> Iterator[bool]:
    """Hold the file `pk` against other workers, if none of them holds it: yields whether."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext('documents.scan'), %s)", [pk])
        (mine,) = cursor.fetchone()
    try:
        yield mine
    finally:
        if mine:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtext('documents.scan'), %s)", [pk])


@transaction.atomic
def _store(pk: int, text: str) -> bool:
    """Keep the words, unless the file was deleted; what turns out secret goes off the site."""
    document = Document.objects.filter(files=pk).first()
    file = document and document.locked().files.filter(pk=pk).first()
    if not file:
        return False
    file.text = text
    file.text_state = TextState.RECOGNISED if text else TextState.NONE
    file.marking = file.marking or secrecy.marking(text)
    file.save(update_fields=["text", "text_state", "marking"])
    search.refresh(file.document_id)
    indexing.refresh(file.document_id)
    if file.marking and file.replaced_by_id is None:
        _take_down(file)
    return True


def _take_down(file: DocumentFile) -> None:
    document = Document.objects.get(pk=file.document_id)
    if document.state != State.LIVE:
        return
    why = f"Máy nhận dạng chữ thấy dấu “{file.marking}” trong tệp {file.name}."
    withdrawn = move(document, Action.WITHDRAW, reason=why)
    # The audit trail says why; readers are told nothing about the content.
    Document.objects.filter(pk=withdrawn.pk).update(withdrawal_notice=NOTICE)
