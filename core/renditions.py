"""The files of photos: their addresses, and how they are made.

Files lie in `photos/<key>/` of the default storage: `<width>.webp` renditions and `social.jpg`
for link cards; the first folder of a photo also holds `original.<ext>`, which is never served.
The key is `<20 hex digits>-<W>x<H>`, with the pixel size of the largest rendition, so that a
`srcset` follows from a `src` without the database.
"""

import io
import re
import secrets
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image, ImageCms

STANDARD_WIDTHS = (400, 800, 1200, 1600)
SOCIAL_WIDTH = 1200
KEY_PATTERN = "[0-9a-f]{20}-[1-9][0-9]{0,4}x[1-9][0-9]{0,4}"
_WEBP = {"format": "WEBP", "quality": 78, "method": 6}
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
    return width, height_of(width, largest)


def srcset_for(src: str) -> str | None:
    """The `srcset` value that belongs to a rendition's `src`; None when it is not one of ours."""
    parsed = _parse_src(src)
    if parsed is None:
        return None
    key, (largest_width, _), _ = parsed
    return ", ".join(f"{url_of(key, w)} {w}w" for w in rendition_widths(largest_width))


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
    largest = largest_size(key)
    return (key, largest, width) if width in rendition_widths(largest[0]) else None


def largest_size(key: str) -> tuple[int, int]:
    """Pixel width and height of the largest rendition under `key`."""
    width, height = key.partition("-")[2].split("x")
    return int(width), int(height)


def height_of(width: int, size: tuple[int, int]) -> int:
    """Height of a picture of `size` scaled to `width`; a thin panorama keeps one pixel."""
    return max(1, round(size[1] * width / size[0]))


def url_of(key: str, width: int) -> str:
    """Address of the rendition `width` pixels wide."""
    return f"{settings.MEDIA_URL}photos/{key}/{width}.webp"


def src_of(key: str, width: int) -> str:
    """Address of the smallest rendition at least `width` pixels wide, else of the largest."""
    widths = rendition_widths(largest_size(key)[0])
    return url_of(key, next((w for w in widths if w >= width), widths[-1]))


def srgb(image: Image.Image) -> Image.Image:
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


def new_key(size: tuple[int, int]) -> str:
    """A key that nobody has, for the renditions of a picture of `size`."""
    width = min(size[0], STANDARD_WIDTHS[-1])
    return f"{secrets.token_hex(10)}-{width}x{height_of(width, size)}"


def write(key: str, image: Image.Image) -> None:
    """Store every rendition of `image`, and its JPEG for link cards, under `key`."""
    size = largest_size(key)
    largest = image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
    for width in rendition_widths(size[0]):
        _write(key, f"{width}.webp", _scaled(largest, width), _WEBP)
    social = _on_white(_scaled(largest, min(size[0], SOCIAL_WIDTH)))
    _write(key, "social.jpg", social, {"format": "JPEG", "quality": 85})


def write_original(key: str, image: Image.Image, format: str) -> None:
    """Store `image` in full size beside the renditions under `key`."""
    extension, options = _ORIGINALS[format]
    _write(key, f"original.{extension}", image, options)


def read_original(key: str, format: str) -> Image.Image:
    """The picture that `write_original` stored; OSError when it is lost."""
    with default_storage.open(f"photos/{key}/original.{_ORIGINALS[format][0]}") as file:
        image = Image.open(io.BytesIO(file.read()))
        image.load()
        return image


def cut(image: Image.Image, left: int, top: int, right: int, bottom: int) -> Image.Image:
    """`image` without so many percent of its width or height at each side."""
    width, height = image.size
    box = (
        round(width * left / 100),
        round(height * top / 100),
        round(width * (100 - right) / 100),
        round(height * (100 - bottom) / 100),
    )
    return image.crop((*box[:2], max(box[2], box[0] + 1), max(box[3], box[1] + 1)))


@contextmanager
def removed_on_failure(key: str) -> Iterator[None]:
    """Remove every file under `key` when what is done meanwhile fails."""
    with ExitStack() as on_failure:
        on_failure.callback(remove, key)
        yield
        on_failure.pop_all()


def _scaled(image: Image.Image, width: int) -> Image.Image:
    size = width, height_of(width, image.size)
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


def remove(key: str) -> None:
    """Remove every file under `key`; files that are already gone are no error."""
    folder = f"photos/{key}"
    try:
        names = default_storage.listdir(folder)[1]
    except FileNotFoundError:
        return
    for name in names:
        default_storage.delete(f"{folder}/{name}")
    default_storage.delete(folder)
