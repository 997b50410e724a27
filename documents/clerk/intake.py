"""Many files at once: each becomes a draft, filled with what its first page seems to say."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction

from core.publishing import rewritten
from core.text import nfc
from core.workflow import Action
from documents import signs
from documents.clerk import proposals, relating
from documents.clerk.guessing import guess
from documents.clerk.names import Names
from documents.files import DocumentFile, attach, digest, release
from documents.models import Document

if TYPE_CHECKING:
    from django.contrib.auth.models import User


class Result(StrEnum):
    """What became of a file."""

    MADE = "made"
    KNOWN = "known"
    REFUSED = "refused"


@dataclass(frozen=True)
class Outcome:
    """What became of the file `name`, in words; `document` is the one made or there already."""

    name: str
    result: Result
    words: str
    document: Document | None = None


class _Known(Exception):
    """The library has it already."""

    def __init__(self, document: Document, words: str) -> None:
        super().__init__(words)
        self.document, self.words = document, words


def receive(upload: UploadedFile, *, by: "User") -> Outcome:
    """Make a draft of `upload`, unless it is refused or the library has it; never raises for it."""
    name = nfc(upload.name or "tệp không tên")
    try:
        with transaction.atomic():
            document = _draft(upload, by)
        return Outcome(name, Result.MADE, "Đã tạo bản nháp, chờ xác nhận.", document)
    except _Known as known:
        outcome = Outcome(name, Result.KNOWN, known.words, known.document)
    except ValidationError as error:
        outcome = Outcome(name, Result.REFUSED, " ".join(error.messages))
    except IntegrityError as error:
        words = f"{relating.refusal_of(error)} Hãy tải lên lại."
        outcome = Outcome(name, Result.REFUSED, words)
    release(digest(upload))
    return outcome


def _draft(upload: UploadedFile, by: "User") -> Document:
    _refuse_known_bytes(digest(upload))
    upload.seek(0)
    document = Document.objects.create(created_by=by)
    # Reads the file, then locks the documents until commit: what is asked below stays true.
    file = attach(document, upload, by=by)
    _refuse_known_bytes(file.sha256, besides=document)
    _fill(document, file)
    _refuse_known_key(document)
    document.save()
    # Nobody has confirmed it: documents/clerk/desk.py tells such drafts by these two moments.
    document.updated_at = document.created_at
    document.save(update_fields=["updated_at"])
    rewritten(document, by=by, action=Action.CREATE, what=f"Từ tệp {file.name}")
    return document


def _fill(document: Document, file: DocumentFile) -> None:
    for name, value in proposals.fitting(guess(file.text), Names()).items():
        setattr(document, name, value)
    if not document.sign and (sign := proposals.sign_in_name(file.name)):
        document.sign = str(sign)


def _refuse_known_bytes(sha256: str, besides: Document | None = None) -> None:
    others = DocumentFile.objects.exclude(document=besides) if besides else DocumentFile.objects
    file = others.filter(sha256=sha256).select_related("document__type").first()
    if file:
        raise _Known(file.document, "Thư viện đã có đúng tệp này nên không tạo thêm.")


def _refuse_known_key(document: Document) -> None:
    """Refuse a twin, and what the same body issued under the same sign on the same day."""
    sign = signs.parse(document.sign)
    if sign is None or not (document.issuer_id and document.type_id):
        return
    same = (
        Document.objects.originals()
        .with_sign(sign)
        .exclude(pk=document.pk)
        .filter(issuer=document.issuer_id, type=document.type_id)
    )
    same_day = same.exclude(issued_on=None).filter(issued_on=document.issued_on)
    if twin := document.twins().first() or same_day.first():
        raise _Known(twin, "Thư viện đã có văn bản này nên không tạo thêm.")
