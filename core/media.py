"""Photos: checked uploads, stripped of metadata, their files made by core/renditions.py."""

import hashlib
from collections.abc import Iterable
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MaxValueValidator
from django.db import IntegrityError, models, transaction
from django.db.models import F, Q
from django.db.models.signals import post_delete
from django.dispatch import receiver

from core import renditions
from core.fields import FoldedField, NFCCharField
from core.renditions import KEY_PATTERN, key_of, rendition_widths, size_of, srcset_for
from core.uploads import PICTURE_TURN, Picture, Readable, decode_picture, read_upload

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

__all__ = ["KEY_PATTERN", "Photo", "key_of", "rendition_widths", "size_of", "srcset_for"]


def _percent(
    label: str, *, default: int = 0, most: int = 90
) -> "models.PositiveSmallIntegerField[int, int]":
    return models.PositiveSmallIntegerField(
        label, default=default, validators=[MaxValueValidator(most)]
    )


class PhotoQuerySet(models.QuerySet["Photo"]):
    """Makes photos: nothing else writes their files."""

    def create_from_upload(
        self,
        file: Readable,
        *,
        alt: str = "",
        caption: str = "",
        credit: str = "",
        taken_on: date | None = None,
        decorative: bool = False,
        by: "AbstractBaseUser | None" = None,
    ) -> "Photo":
        """The stored photo of `file`, or the existing one when the same bytes came before.

        ValidationError, in Vietnamese, when the file or the texts are refused. Files are
        removed when the row cannot be written; a transaction that the caller rolls back
        later leaves them behind, unreferenced.
        """
        content = read_upload(file)
        digest = hashlib.sha256(content).hexdigest()
        existing = self.filter(sha256=digest).first()
        if existing is not None:
            return existing
        picture = decode_picture(content)
        photo = self.model(
            sha256=digest,
            original_format=picture.format,
            alt=alt,
            caption=caption,
            credit=credit,
            taken_on=taken_on,
            decorative=decorative,
            created_by=by,
        )
        return self._store(photo, picture)

    def same_as(self, file: Readable) -> "Photo | None":
        """The stored photo of the same bytes; ValidationError as of `read_upload`."""
        return self.filter(sha256=hashlib.sha256(read_upload(file)).hexdigest()).first()

    def with_keys(self, keys: Iterable[str]) -> Self:
        """Keep the photos whose renditions, of today or former ones, lie under `keys`."""
        keys = list(keys)
        return self.filter(Q(key__in=keys) | Q(former_keys__overlap=keys))

    def _store(self, photo: "Photo", picture: Picture) -> "Photo":
        image = renditions.srgb(picture.image)
        photo.take_new_key(image.size)
        photo.full_clean(exclude={"sha256", "created_by"})
        try:
            with renditions.removed_on_failure(photo.key):
                renditions.write_original(photo.key, image, picture.format)
                renditions.write(photo.key, image)
                with transaction.atomic(self.db):
                    photo.save(force_insert=True, using=self.db)
        except IntegrityError:
            # Somebody stored the same bytes since we looked.
            return self.get(sha256=photo.sha256)
        return photo


class Photo(models.Model):
    """A picture of the photo library, with the texts that stand wherever it is shown."""

    # What partials/photo.html reads.
    CARD_FIELDS = ("key", "width", "height", "alt", "focus_x", "focus_y")
    CUTS = ("cut_left", "cut_top", "cut_right", "cut_bottom")

    key = models.CharField("mã tệp", max_length=32, unique=True, editable=False)
    width = models.PositiveIntegerField("chiều rộng", editable=False)
    height = models.PositiveIntegerField("chiều cao", editable=False)
    # In time order; the first folder of a photo holds its original.
    former_keys = ArrayField(
        models.CharField(max_length=32), default=list, blank=True, editable=False
    )
    original_format = models.CharField("định dạng gốc", max_length=8, editable=False)
    sha256 = models.CharField("mã băm SHA-256", max_length=64, editable=False)
    alt = NFCCharField(
        "mô tả ảnh",
        max_length=300,
        blank=True,
        help_text="Nói ngắn gọn trong ảnh có gì, cho người không nhìn thấy ảnh.",
    )
    decorative = models.BooleanField("ảnh trang trí, không cần mô tả", default=False)
    caption = NFCCharField("chú thích", max_length=500, blank=True)
    credit = NFCCharField("nguồn ảnh", max_length=200, blank=True)
    taken_on = models.DateField("ngày chụp", null=True, blank=True)
    focus_x = _percent("điểm chính, từ trái (%)", default=50, most=100)
    focus_y = _percent("điểm chính, từ trên (%)", default=50, most=100)
    cut_left = _percent("cắt bên trái (%)")
    cut_top = _percent("cắt phía trên (%)")
    cut_right = _percent("cắt bên phải (%)")
    cut_bottom = _percent("cắt phía dưới (%)")
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
    folded = FoldedField(source=("alt", "caption", "credit"))

    objects = PhotoQuerySet.as_manager()

    class Meta:
        verbose_name = "ảnh"
        verbose_name_plural = "ảnh"
        ordering = ("-created_at", "-id")
        indexes = (
            models.Index(fields=["-created_at", "-id"], name="photo_newest"),
            GinIndex(fields=["folded"], opclasses=["gin_trgm_ops"], name="photo_folded_trgm"),
            GinIndex(fields=["former_keys"], name="photo_former_keys"),
        )
        constraints = (
            models.UniqueConstraint(fields=["sha256"], name="photo_sha256_unique"),
            models.CheckConstraint(
                condition=Q(width__gt=0, height__gt=0), name="photo_size_positive"
            ),
            models.CheckConstraint(
                condition=Q(decorative=False) | Q(alt=""),
                name="photo_decorative_without_alt",
                violation_error_message="Ảnh trang trí thì để trống mô tả; ảnh có mô tả thì bỏ "
                "dấu chọn “ảnh trang trí”.",
            ),
            models.CheckConstraint(
                condition=Q(focus_x__lte=100, focus_y__lte=100), name="photo_focus_in_the_picture"
            ),
            models.CheckConstraint(
                condition=Q(cut_left__lte=90 - F("cut_right"), cut_top__lte=90 - F("cut_bottom")),
                name="photo_cut_leaves_a_tenth",
                violation_error_message="Khung cắt phải giữ lại ít nhất một phần mười chiều rộng "
                "và chiều cao của ảnh.",
            ),
        )

    def __str__(self) -> str:
        return self.caption or self.alt or f"Ảnh số {self.pk}"

    @property
    def url(self) -> str:
        """Address of the rendition for a column of text."""
        return self.src(800)

    @property
    def social_url(self) -> str:
        """Address of the JPEG for link cards, at most SOCIAL_WIDTH wide."""
        return f"{settings.MEDIA_URL}photos/{self.key}/social.jpg"

    @property
    def social_size(self) -> tuple[int, int]:
        """Pixel width and height of the JPEG for link cards."""
        width = min(self.width, renditions.SOCIAL_WIDTH)
        return width, renditions.height_of(width, (self.width, self.height))

    @property
    def srcset(self) -> str:
        """The `srcset` value with every rendition."""
        return srcset_for(self.url) or ""

    @property
    def needs_alt(self) -> bool:
        """Whether nobody has yet described the photo or declared it decorative."""
        return not self.alt.strip() and not self.decorative

    @property
    def focus_class(self) -> str:
        """Classes of static/css/components/photo.css that keep the focal point in sight."""
        points = {"x": self.focus_x, "y": self.focus_y}
        return " ".join(
            f"focus-{axis}-{tens}" for axis, point in points.items() if (tens := _tens(point)) != 50
        )

    @property
    def uncut_url(self) -> str:
        """Address of the rendition of the whole picture."""
        return renditions.src_of([*self.former_keys, self.key][0], 800)

    def src(self, width: int) -> str:
        """Address of the smallest rendition at least `width` pixels wide, else of the largest."""
        return renditions.src_of(self.key, width)

    def take_new_key(self, size: tuple[int, int]) -> None:
        """Name the files that renditions of a picture of `size` are about to be written to."""
        self.key = renditions.new_key(size)
        self.width, self.height = renditions.largest_size(self.key)

    def recut(self) -> None:
        """Save with new renditions of what the cuts leave of the original.

        The former renditions stay as they are: published texts show them. OSError, with nothing
        changed, when the original is lost.
        """
        with transaction.atomic(), PICTURE_TURN:
            stored = Photo.objects.select_for_update().get(pk=self.pk)
            self.former_keys = [*stored.former_keys, stored.key]
            original = renditions.read_original(self.former_keys[0], self.original_format)
            image = renditions.cut(original, *(getattr(self, name) for name in self.CUTS))
            self.take_new_key(image.size)
            with renditions.removed_on_failure(self.key):
                renditions.write(self.key, image)
                self.save()

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete the photo; ProtectedError while anything shows it.

        Locked first: a text that is being saved with the photo has noted its use, and locked the
        photo, by then (SQL function core_note_uses_of).
        """
        with transaction.atomic():
            Photo.objects.select_for_update().filter(pk=self.pk).first()
            return super().delete(*args, **kwargs)


def _tens(percent: int) -> int:
    return (percent + 5) // 10 * 10


@receiver(post_delete, sender=Photo)
def _remove_files_after_commit(instance: Photo, using: str, **kwargs: Any) -> None:
    for key in (instance.key, *instance.former_keys):
        transaction.on_commit(partial(renditions.remove, key), using=using)
