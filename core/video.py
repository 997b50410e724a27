"""Videos: our own files, judged by content and played by the browser itself, or links to others'.

A file lies at `videos/<key>.<format>` of the default storage and never changes.
"""

import hashlib
import re
import secrets
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import models, transaction
from django.db.models import Q
from django.db.models.signals import post_delete
from django.dispatch import receiver

from core import footage
from core.fields import FoldedField, NFCCharField, NFCTextField
from core.media import Photo

KEY_PATTERN = "[0-9a-f]{20}"
FORMATS = ("mp4", "webm")


def video_key_of(src: str) -> str | None:
    """Key of the video whose file is at `src`; None when it is not one of ours."""
    media = re.escape(settings.MEDIA_URL)
    match = re.fullmatch(rf"{media}videos/({KEY_PATTERN})\.(?:{'|'.join(FORMATS)})", src)
    return match[1] if match else None


def captions_in(body: str) -> dict[str, str]:
    """Digest of the captions of each video of ours that `body` shows, by key."""
    keys = set(re.findall(rf"videos/({KEY_PATTERN})\.", body))
    if not keys:
        return {}
    rows = Video.objects.filter(key__in=keys).exclude(captions="").values_list("key", "captions")
    return {key: hashlib.sha256(captions.encode()).hexdigest() for key, captions in rows}


def new_key() -> str:
    """A key that nobody has."""
    return secrets.token_hex(10)


class Video(models.Model):
    """A video of the library: a file of ours, or a link to a page of another site."""

    title = NFCCharField("tên video", max_length=200)
    key = models.CharField("mã tệp", max_length=20, unique=True, editable=False, default=new_key)
    format = models.CharField("định dạng", max_length=4, blank=True, editable=False)
    size = models.PositiveBigIntegerField("dung lượng", default=0, editable=False)
    sha256 = models.CharField("mã băm SHA-256", max_length=64, blank=True, editable=False)
    link = models.URLField(
        "địa chỉ video ở trang khác",
        max_length=500,
        blank=True,
        help_text="Ví dụ trang YouTube của cơ quan. Bạn đọc bấm vào thì mở trang ấy.",
    )
    poster = models.ForeignKey(
        Photo,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="ảnh bìa",
    )
    captions = NFCTextField("phụ đề (WebVTT)", blank=True, editable=False)
    transcript = NFCTextField(
        "lời trong video",
        blank=True,
        help_text="Cho người không nghe được và cho người không xem được video.",
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name="người tải lên",
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    created_at = models.DateTimeField("tải lên lúc", auto_now_add=True)
    folded = FoldedField(source=("title",))

    class Meta:
        verbose_name = "video"
        verbose_name_plural = "video"
        ordering = ("-created_at", "-id")
        indexes = (
            models.Index(fields=["-created_at", "-id"], name="video_newest"),
            GinIndex(fields=["folded"], opclasses=["gin_trgm_ops"], name="video_folded_trgm"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["sha256"], condition=~Q(sha256=""), name="video_sha256_unique"
            ),
            models.CheckConstraint(
                condition=Q(format__in=FORMATS, link="", size__gt=0) & ~Q(sha256="")
                | Q(format="", sha256="", size=0, captions="") & ~Q(link=""),
                name="video_is_a_file_or_a_link",
                violation_error_message="Hãy chọn một tệp video hoặc ghi một địa chỉ, không ghi "
                "cả hai.",
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def path(self) -> str:
        """Name of the file in the default storage."""
        return f"videos/{self.key}.{self.format}"

    @property
    def url(self) -> str:
        """Address of the file of ours, or of the other site's page."""
        return self.link or f"{settings.MEDIA_URL}{self.path}"

    @property
    def captions_url(self) -> str:
        """Address of the captions."""
        return f"{settings.MEDIA_URL}videos/{self.key}.vtt"

    @property
    def site(self) -> str:
        """Name of the other site's host, "" for a file of ours."""
        return (urlsplit(self.link).hostname or "").removeprefix("www.")

    def describe(self, file: UploadedFile) -> None:
        """Take over what `file` is; ValidationError, in Vietnamese, when it is refused."""
        kind, digest = footage.format_of(file), footage.digest(file)
        if twin := Video.objects.filter(sha256=digest).first():
            raise ValidationError(
                f"Video này đã có trong kho với tên “{twin.title}”. Hãy dùng video đó.",
                code="known",
            )
        self.format, self.size, self.sha256 = kind, footage.size_of_file(file), digest

    def keep(self, file: UploadedFile) -> None:
        """Store the described `file`; a transaction rolled back later leaves it, unreferenced."""
        file.seek(0)
        default_storage.save(self.path, file)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete the video; ProtectedError while a text shows it (as Photo.delete)."""
        with transaction.atomic():
            Video.objects.select_for_update().filter(pk=self.pk).first()
            return super().delete(*args, **kwargs)


@receiver(post_delete, sender=Video)
def _remove_file_after_commit(instance: Video, using: str, **kwargs: Any) -> None:
    if instance.format:
        transaction.on_commit(partial(default_storage.delete, instance.path), using=using)
