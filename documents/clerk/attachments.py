"""The files that come with a form: taken in once the form is stored, each by itself.

Reading a file takes seconds, during which nobody else should wait for the lock of the documents.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from documents.files import DocumentFile, attach, digest, release
from documents.models import Document

if TYPE_CHECKING:
    from django.contrib.auth.models import User


@dataclass(frozen=True)
class Stored:
    """A document as its form has stored it, and the files that came with the form."""

    document: Document
    replacements: list[tuple[DocumentFile, UploadedFile]]
    uploads: list[UploadedFile]
    role: str


def take_in(stored: Stored, *, by: "User") -> Iterator[tuple[bool, str]]:
    """Attach the files; yield for each whether it was taken, and what to tell the clerk."""
    for old, upload in [*stored.replacements, *((None, new) for new in stored.uploads)]:
        try:
            yield True, _attach(stored, old, upload, by)
        except ValidationError as refusal:
            release(digest(upload))
            yield False, f"Không nhận tệp “{upload.name}”. {' '.join(refusal.messages)}"


@transaction.atomic
def _attach(stored: Stored, old: DocumentFile | None, upload: UploadedFile, by: "User") -> str:
    upload.seek(0)
    file = attach(stored.document, upload, by=by, role=stored.role, replaces=old)
    if old is None:
        return f"Đã thêm tệp “{file.name}”."
    # Nobody has its address yet; and it may have been replaced for what it says.
    old.delete()
    if file.stands_for_id:
        return f"Đã thay bằng “{file.name}”; bạn đọc vẫn thấy tệp cũ đến khi đính chính được duyệt."
    return f"Đã thay bằng “{file.name}”; tệp cũ đã xóa khỏi máy chủ vì chưa ai thấy."
