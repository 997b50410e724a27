"""The files of a document: immutable rows, stored under the digest of their bytes.

A row is added by `attach()` alone. Replacing a file adds a row and points the old one to it, so
that an old address can say where the new file is.
"""

import hashlib
import logging
import re
from functools import partial
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.signals import post_delete
from django.dispatch import receiver
from django.urls import reverse
from django.utils import timezone

from core.audit import record
from core.fields import NFCCharField, NFCTextField
from core.publishing import move, rewritten
from core.text import nfc, slugify
from core.workflow import Action, State
from documents import extraction, search, secrecy, vault

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from documents.models import Document

_log = logging.getLogger(__name__)


class FileRole(models.TextChoices):
    """What a file is to its document."""

    MAIN = "main", "Văn bản chính"
    APPENDIX = "appendix", "Phụ lục"
    ACCESSIBLE = "accessible", "Bản dễ tiếp cận"


class TextState(models.TextChoices):
    """Where the text of a file comes from, or why there is none yet."""

    LAYER = "layer", "Có lớp văn bản"
    WAITING = "waiting", "Chưa có lớp văn bản, chờ nhận dạng"
    RECOGNISED = "recognised", "Chữ nhận dạng từ bản quét"
    PARTIAL = "partial", "Có trang chưa có lớp văn bản"
    NONE = "none", "Chưa có lớp văn bản"


class FileKind(models.TextChoices):
    """What a file really is; the value is the ending of its name."""

    PDF = "pdf", "PDF"
    DOCX = "docx", "Word (DOCX)"
    XLSX = "xlsx", "Excel (XLSX)"
    ODT = "odt", "OpenDocument (ODT)"
    JPEG = "jpeg", "Ảnh JPEG"
    PNG = "png", "Ảnh PNG"


CONTENT_TYPES = {
    FileKind.PDF: "application/pdf",
    FileKind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    FileKind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    FileKind.ODT: "application/vnd.oasis.opendocument.text",
    FileKind.JPEG: "image/jpeg",
    FileKind.PNG: "image/png",
}
PUBLISHED = (
    "Văn bản đã đăng nên không thêm, thay tệp trực tiếp. Hãy bấm “Soạn đính chính” rồi gửi tệp "
    "ở đó."
)
NOT_STORED = (
    "Máy chủ chưa lưu được tệp, có thể vì hết chỗ trống. Hãy báo người quản trị, rồi gửi lại tệp."
)
# The line that a scanning app leaves on each page: the only words of a page nobody has read.
SCANNED_WITH = re.compile(
    r"^.*\b(?:scanned (?:with|by)|quét (?:bằng|bởi|từ|với))\b.*$", re.I | re.M
)
# Kinds that may be a scan: their pages can be pictures of text.
SCANNABLE = (FileKind.PDF, FileKind.JPEG, FileKind.PNG)


class FileQuerySet(models.QuerySet["DocumentFile"]):
    """What may be asked of files."""

    def current(self) -> "FileQuerySet":
        """Keep the files that no other has replaced, in their order; texts are left out."""
        return self.filter(replaced_by=None).order_by("order", "pk").defer("text")

    def uncleared(self) -> "FileQuerySet":
        """Keep the files that `needs_clearance` is true of."""
        return self.exclude(text_state=TextState.LAYER).filter(cleared_by=None)


class DocumentFile(models.Model):
    """One file, forever as it was uploaded (trigger file_immutable)."""

    document = models.ForeignKey(
        "documents.Document", on_delete=models.CASCADE, related_name="files", editable=False
    )
    role = models.CharField("vai trò", max_length=10, choices=FileRole, default=FileRole.MAIN)
    order = models.PositiveSmallIntegerField("thứ tự", default=0)
    name = NFCCharField("tên tệp", max_length=150, editable=False)
    kind = models.CharField("loại tệp", max_length=4, choices=FileKind, editable=False)
    sha256 = models.CharField("SHA-256", max_length=64, db_index=True, editable=False)
    size = models.PositiveIntegerField("số byte", editable=False)
    pages = models.PositiveIntegerField("số trang", null=True, editable=False)
    text = NFCTextField("văn bản trong tệp", blank=True, editable=False)
    text_state = models.CharField("lớp văn bản", max_length=10, choices=TextState, editable=False)
    marking = models.CharField("dấu mật tìm thấy", max_length=10, blank=True, editable=False)
    has_preview = models.BooleanField(default=False, editable=False)
    replaced_by = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="replaces", editable=False
    )
    # In a correction: the file of the document that this one is, or takes the place of.
    stands_for = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    cleared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name="người xác nhận không mật",
    )
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name="người thêm",
    )
    added_at = models.DateTimeField("thêm lúc", default=timezone.now, editable=False)

    objects = FileQuerySet.as_manager()

    class Meta:
        verbose_name = "tệp"
        verbose_name_plural = "tệp"
        ordering = ("order", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("document", "sha256"),
                name="file_once_per_document",
                condition=Q(replaced_by=None),
                violation_error_message="Tệp này đã có trong văn bản.",
            ),
            models.CheckConstraint(
                name="file_sha256_well_formed", condition=Q(sha256__regex=r"^[0-9a-f]{64}$")
            ),
            models.CheckConstraint(name="file_role_known", condition=Q(role__in=FileRole.values)),
            models.CheckConstraint(name="file_kind_known", condition=Q(kind__in=FileKind.values)),
            models.CheckConstraint(
                name="file_text_state_known", condition=Q(text_state__in=TextState.values)
            ),
            models.CheckConstraint(
                name="file_not_replaced_by_itself",
                condition=Q(replaced_by=None) | ~Q(replaced_by=F("pk")),
            ),
        )
        indexes = (
            models.Index(F("id"), name="file_waiting", condition=Q(text_state=TextState.WAITING)),
        )

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("documents:file", args=[self.pk, self.download_name])

    @property
    def preview_url(self) -> str:
        """Address of the picture of the first page; only when `has_preview`."""
        return reverse("documents:preview", args=[self.pk])

    @property
    def download_name(self) -> str:
        """Return the file's name without diacritics, for addresses."""
        return f"{slugify(self.name.rpartition('.')[0], max_length=80) or 'tep'}.{self.kind}"

    @property
    def content_type(self) -> str:
        """Return the media type that the content was found to be."""
        return CONTENT_TYPES[FileKind(self.kind)]

    @property
    def has_text(self) -> bool:
        """True when the file's words are known."""
        return self.text_state in (TextState.LAYER, TextState.RECOGNISED, TextState.PARTIAL)

    @property
    def needs_clearance(self) -> bool:
        """True while nobody, neither the text nor a person, has ruled out a secrecy marking.

        Recognised text does not count: a stamp across a scan is easily misread.
        """
        return self.text_state != TextState.LAYER and self.cleared_by_id is None


def digest(file: UploadedFile) -> str:
    """Return the SHA-256 of `file` in hexadecimal."""
    whole = hashlib.sha256()
    for chunk in file.chunks():
        whole.update(chunk)
    return whole.hexdigest()


def attach(
    document: "Document",
    upload: UploadedFile,
    *,
    by: "User | None",
    role: str = FileRole.MAIN,
    replaces: DocumentFile | None = None,
) -> DocumentFile:
    """Check and store `upload` as a file of `document`; the bytes are kept as they came.

    Raises ValidationError, in Vietnamese, when the file is refused or is already there, and when
    the document was public: its files change by a correction (documents/corrections.py).
    """
    file = examine(upload, by=by)
    add(file, document, role=role, replaces=replaces)
    return file


def examine(upload: UploadedFile, *, by: "User | None") -> DocumentFile:
    """Check and store the bytes of `upload`; return what is known of them, in no document yet.

    Raises ValidationError, in Vietnamese, when the file is refused.
    """
    if upload.size and upload.size > extraction.SIZE_LIMIT:
        raise extraction.too_large()
    content = upload.read()
    reading = extraction.read(content)
    file = DocumentFile(
        name=_stored_name(upload.name or "", reading.kind),
        kind=reading.kind,
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        pages=reading.pages,
        text=reading.text,
        text_state=_text_state(reading),
        marking=secrecy.marking(reading.text) or secrecy.marking(reading.metadata),
        has_preview=bool(reading.preview),
        added_by=by,
    )
    try:
        vault.keep(file.sha256, content)
        if reading.preview:
            vault.keep(file.sha256, reading.preview, vault.PREVIEW)
    except OSError as error:
        _log.exception("a file cannot be stored")
        raise ValidationError(NOT_STORED, code="not_stored") from error
    return file


def add(
    file: DocumentFile,
    document: "Document",
    *,
    role: str = FileRole.MAIN,
    replaces: DocumentFile | None = None,
) -> None:
    """Make the examined `file` one of `document`, in place of `replaces` if given.

    An approved document loses its approval. Raises ValidationError as `attach()` does.
    """
    with transaction.atomic():
        try:
            document = document.locked()
        except ObjectDoesNotExist as error:
            raise ValidationError("Văn bản này vừa bị xóa.", code="no_document") from error
        _refuse_unless_fit(file, document)
        if document.state == State.APPROVED:
            document = move(document, Action.VOID)  # type: ignore[assignment]
        file.document = document
        file.role = replaces.role if replaces else role
        file.order = replaces.order if replaces else document.files.count()
        file.stands_for_id = replaces.stands_for_id if replaces else None
        file.save()
        if replaces:
            replaced = DocumentFile.objects.filter(pk=replaces.pk, replaced_by=None)
            if not replaced.update(replaced_by=file):
                raise ValidationError("Tệp này vừa được người khác thay. Hãy mở lại trang.")
        action = Action.REPLACE if replaces else Action.ATTACH
        what = f"{file.name} (SHA-256 {file.sha256})"
        rewritten(document, by=file.added_by, action=action, what=what)
        search.refresh(document.pk)


def _refuse_unless_fit(file: DocumentFile, document: "Document") -> None:
    if not document.is_open:
        raise ValidationError(PUBLISHED, code="published")
    if document.files.current().filter(sha256=file.sha256).exists():
        raise ValidationError(f"Tệp “{file.name}” đã có trong văn bản này.", code="twice")
    if not vault.path(file.sha256).is_file():
        raise ValidationError("Tệp vừa bị xóa cùng một văn bản khác. Hãy gửi lại.", code="gone")


def clear(file: DocumentFile, *, by: "User") -> None:
    """Note that `by` has read a file without text layer and found no secrecy marking."""
    with transaction.atomic():
        document = file.document.locked()
        fresh = DocumentFile.objects.filter(pk=file.pk, cleared_by=None)
        if fresh.update(cleared_by=by):
            record(document, Action.CLEAR, by=by, reason=f"{file.name} (SHA-256 {file.sha256})")


def _stored_name(given: str, kind: str) -> str:
    """The name that people gave, with the ending that fits the content."""
    stem = nfc(given.replace("\\", "/").rpartition("/")[2])
    stem = "".join(char for char in stem if char.isprintable())
    stem = stem.rpartition(".")[0] or stem
    return f"{stem.strip(' .')[:140] or 'van-ban'}.{kind}"


def _text_state(reading: extraction.Reading) -> TextState:
    pages = [SCANNED_WITH.sub("", page).strip() for page in reading.text.split("\f")]
    if any(pages):
        return TextState.LAYER if all(pages) else TextState.PARTIAL
    if reading.kind in SCANNABLE and extraction.can_recognise():
        return TextState.WAITING
    return TextState.NONE


@receiver(post_delete, sender=DocumentFile)
def remove_bytes(instance: DocumentFile, **kwargs: object) -> None:
    """Remove the bytes once no row names them any more."""
    transaction.on_commit(partial(release, instance.sha256))


@transaction.atomic
def release(sha256: str) -> None:
    """Remove the bytes with this digest unless a row names them."""
    from documents.models import lock_documents

    lock_documents()  # or `add()` could find bytes that are about to go
    if not DocumentFile.objects.filter(sha256=sha256).exists():
        vault.discard(sha256)
