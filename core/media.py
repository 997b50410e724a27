"""Photos: checked uploads, stripped of metadata and stored in responsive renditions.

Files of a photo live in `photos/<key>/` of the default storage: `<width>.webp` renditions,
`social.jpg` for link cards and `original.<ext>`, which is never served. The key is
`<20 hex digits>-<W>x<H>`, with the pixel size of the largest rendition, so that a `srcset`
follows from a `src` without the database.
"""

import hashlib
import io
import re
import secrets
from contextlib import ExitStack
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, models, transaction
from django.db.models.signals import post_delete
from django.dispatch import receiver
from PIL import Image, ImageCms

from core.fields import FoldedField, NFCCharField
from core.uploads import Picture, Readable, decode_picture, read_upload

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

STANDARD_WIDTHS = (400, 800, 1200, 1600)
SOCIAL_WIDTH = 1200
KEY_PATTERN = "[0-9a-f]{20}-[1-9][0-9]{0,4}x[1-9][0-9]{0,4}"
_WEBP = {"format": "WEBP", "quality": 78, "method": 4}
_ORIGINALS: dict[str, tuple[str, dict[str, Any]]] = {
    "jpeg": ("jpg", {"format": "JPEG", "quality": 92}),
    "png": ("png", {"format": "PNG"}),
    "gif": ("png", {"format": "PNG"}),
    "webp": ("webp", {"format": "WEBP", "quality": 92}),
    "avif": ("webp", {"format": "WEBP", "quality": 92}),
}


def rendition_widths(width: int) -> tuple[int, ...]:
    """Pixel widths, ascending, of the renditions of a photo whose largest is `width` wide."""
    return (*(standard for standard in STANDARD_WIDTHS if standard < width), width)


def size_of(src: str) -> tuple[int, int] | None:
    """Pixel width and height of the rendition at `src`; None when it is not one of ours."""
    parsed = _parse_src(src)
    if parsed is None:
        return None
    _, largest, width = parsed
    return width, _height(width, largest)


def srcset_for(src: str) -> str | None:
    """The `srcset` value that belongs to a rendition's `src`; None when it is not one of ours."""
    parsed = _parse_src(src)
    if parsed is None:
        return None
    key, (largest_width, _), _ = parsed
    return ", ".join(f"{_url(key, w)} {w}w" for w in rendition_widths(largest_width))


def key_of(src: str) -> str | None:
    """Key of the photo whose rendition is at `src`; None when it is not one of ours."""
    parsed = _parse_src(src)
    return parsed[0] if parsed else None


def _parse_src(src: str) -> tuple[str, tuple[int, int], int] | None:
    """Key, size of the largest rendition, and width named by the address of a rendition."""
    pattern = rf"{re.escape(settings.MEDIA_URL)}photos/({KEY_PATTERN})/([1-9][0-9]{{0,4}})\.webp"
    match = re.fullmatch(pattern, src)
    if match is None:
        return None
    key, width = match[1], int(match[2])
    largest = _largest_size(key)
    return (key, largest, width) if width in rendition_widths(largest[0]) else None


def _largest_size(key: str) -> tuple[int, int]:
    width, height = key.partition("-")[2].split("x")
    return int(width), int(height)


def _height(width: int, size: tuple[int, int]) -> int:
    """Height of a picture of `size` scaled to `width`; a thin panorama keeps one pixel."""
    return max(1, round(size[1] * width / size[0]))


def _url(key: str, width: int) -> str:
    return f"{settings.MEDIA_URL}photos/{key}/{width}.webp"


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

    def _store(self, photo: "Photo", picture: Picture) -> "Photo":
        image = _srgb(picture.image)
        photo.width = min(image.width, STANDARD_WIDTHS[-1])
        photo.height = _height(photo.width, image.size)
        photo.key = f"{secrets.token_hex(10)}-{photo.width}x{photo.height}"
        photo.full_clean(exclude={"sha256", "created_by"})
        try:
            with ExitStack() as on_failure:
                on_failure.callback(_remove_files, photo.key)
                _write_files(photo.key, image, picture.format)
                with transaction.atomic(self.db):
                    photo.save(force_insert=True, using=self.db)
                on_failure.pop_all()
        except IntegrityError:
            # Somebody stored the same bytes since we looked.
            return self.get(sha256=photo.sha256)
        return photo


class Photo(models.Model):
    """A picture of the photo library, with the texts that stand wherever it is shown."""

    # What partials/photo.html reads.
    CARD_FIELDS = ("key", "width", "height", "alt")

    key = models.CharField("mã tệp", max_length=32, unique=True, editable=False)
    width = models.PositiveIntegerField("chiều rộng", editable=False)
    height = models.PositiveIntegerField("chiều cao", editable=False)
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
        )
        constraints = (
            models.UniqueConstraint(fields=["sha256"], name="photo_sha256_unique"),
            models.CheckConstraint(
                condition=models.Q(width__gt=0, height__gt=0), name="photo_size_positive"
            ),
            models.CheckConstraint(
                condition=models.Q(decorative=False) | models.Q(alt=""),
                name="photo_decorative_without_alt",
                violation_error_message="Ảnh trang trí thì để trống mô tả; ảnh có mô tả thì bỏ "
                "dấu chọn “ảnh trang trí”.",
            ),
        )

    def __str__(self) -> str:
        return self.caption or self.alt or self.key

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
        width = min(self.width, SOCIAL_WIDTH)
        return width, _height(width, (self.width, self.height))

    @property
    def srcset(self) -> str:
        """The `srcset` value with every rendition."""
        return srcset_for(self.url) or ""

    @property
    def needs_alt(self) -> bool:
        """Whether nobody has yet described the photo or declared it decorative."""
        return not self.alt.strip() and not self.decorative

    def src(self, width: int) -> str:
        """Address of the smallest rendition at least `width` pixels wide, else of the largest."""
        widths = rendition_widths(self.width)
        return _url(self.key, next((w for w in widths if w >= width), widths[-1]))


@receiver(post_delete, sender=Photo)
def _remove_files_after_commit(instance: Photo, using: str, **kwargs: Any) -> None:
    transaction.on_commit(partial(_remove_files, instance.key), using=using)


def _srgb(image: Image.Image) -> Image.Image:
    """`image` in 8-bit sRGB, with alpha only where needed and without metadata."""
    profile = image.info.get("icc_profile")
    if image.mode.startswith("I"):
        image = image.convert("I").point([value >> 8 for value in range(2**16)], "L")
        image.info.pop("transparency", None)  # a 16-bit value, meaningless now
    if image.mode not in ("RGB", "CMYK") or image.has_transparency_data:
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    image = _from_profile(image, profile) if profile else image
    image = image.convert("RGB") if image.mode == "CMYK" else image
    # Pillow's writers would copy the profile and comments that `info` still holds.
    image.info = {}
    return image


def _from_profile(image: Image.Image, profile: bytes) -> Image.Image:
    """`image` converted from its ICC profile; unchanged when that profile cannot be used."""
    mode = "RGB" if image.mode == "CMYK" else image.mode
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        target = ImageCms.createProfile("sRGB")
        return ImageCms.profileToProfile(image, source, target, outputMode=mode) or image
    except (ImageCms.PyCMSError, OSError):
        return image


def _write_files(key: str, image: Image.Image, format: str) -> None:
    extension, options = _ORIGINALS[format]
    _write(key, f"original.{extension}", image, options)
    size = _largest_size(key)
    largest = image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
    for width in rendition_widths(size[0]):
        _write(key, f"{width}.webp", _scaled(largest, width), _WEBP)
    social = _on_white(_scaled(largest, min(size[0], SOCIAL_WIDTH)))
    _write(key, "social.jpg", social, {"format": "JPEG", "quality": 85})


def _scaled(image: Image.Image, width: int) -> Image.Image:
    size = width, _height(width, image.size)
    return image.resize(size, Image.Resampling.LANCZOS)


def _on_white(image: Image.Image) -> Image.Image:
    """`image` without alpha, for formats that have none."""
    if image.mode == "RGB":
        return image
    background = Image.new("RGBA", image.size, "white")
    return Image.alpha_composite(background, image).convert("RGB")


def _write(key: str, name: str, image: Image.Image, options: dict[str, Any]) -> None:
    buffer = io.BytesIO()
    image.save(buffer, **options)
    default_storage.save(f"photos/{key}/{name}", ContentFile(buffer.getvalue()))


def _remove_files(key: str) -> None:
    """Remove every file of the photo `key`; files that are already gone are no error."""
    folder = f"photos/{key}"
    try:
        names = default_storage.listdir(folder)[1]
    except FileNotFoundError:
        return
    for name in names:
        default_storage.delete(f"{folder}/{name}")
    default_storage.delete(folder)
