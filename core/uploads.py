"""What an uploaded file really is, judged by its content and never by its name."""

import io
import re
import struct
import threading
import warnings
import zipfile
import zlib
from dataclasses import dataclass
from typing import Protocol

from django.core.exceptions import ValidationError
from PIL import ExifTags, Image

SIZE_LIMIT = 20 * 1024 * 1024
PIXEL_LIMIT = 50_000_000
SIDE_LIMIT = 16_383  # the longest side that the WebP format can hold

# A picture of PIXEL_LIMIT pixels takes up to 1.5 GB to open: a process opens one at a time.
PICTURE_TURN = threading.Lock()

# Pillow only warns between its limit and twice its limit: a bomb is refused everywhere, not noted.
Image.MAX_IMAGE_PIXELS = PIXEL_LIMIT
warnings.filterwarnings("error", category=Image.DecompressionBombWarning)

_SIGNATURES = {
    "jpeg": re.compile(rb"\xff\xd8\xff"),
    "png": re.compile(rb"\x89PNG\r\n\x1a\n"),
    "gif": re.compile(rb"GIF8[79]a"),
    "webp": re.compile(rb"RIFF.{4}WEBP", re.DOTALL),
    "avif": re.compile(rb".{4}ftypavi[fs]", re.DOTALL),
    "heic": re.compile(rb".{4}ftyp(?:he[iv][cmsx]|mif1|msf1)", re.DOTALL),
    "svg": re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:\?xml|!--|!doctype svg|svg)", re.IGNORECASE),
}
_READ_AS_A_PROGRAM = re.compile(rb"<\?php|<script[\s>/]|<html[\s>]|<!doctype html", re.IGNORECASE)
# What Pillow's decoders raise on broken files, as seen when feeding them damaged ones.
_BROKEN = (
    OSError,
    RuntimeError,
    SyntaxError,
    ValueError,
    EOFError,
    LookupError,
    TypeError,
    OverflowError,
    struct.error,
    zlib.error,
)
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_ADVICE = "Hãy chuyển ảnh sang JPEG hoặc PNG rồi tải lên lại."


class Readable(Protocol):
    """The part of an uploaded file that is used here."""

    def seek(self, offset: int, /) -> object: ...
    def read(self, size: int, /) -> bytes: ...


@dataclass(frozen=True)
class Picture:
    """A decoded still picture, the right way up, and the format that it came in."""

    image: Image.Image
    format: str


def read_upload(file: Readable) -> bytes:
    """All bytes of `file`; ValidationError when there are none or more than SIZE_LIMIT."""
    file.seek(0)
    content = file.read(SIZE_LIMIT + 1)
    if not content:
        raise ValidationError("Tệp rỗng (0 byte). Hãy chọn lại tệp ảnh.", code="empty")
    if len(content) > SIZE_LIMIT:
        limit = SIZE_LIMIT // 1024 // 1024
        raise ValidationError(
            f"Tệp lớn hơn {limit} MB. Hãy giảm kích thước ảnh rồi tải lên lại.", code="too_large"
        )
    return content


def decode_picture(content: bytes) -> Picture:
    """The still JPEG, PNG, WebP, GIF or AVIF in `content`; ValidationError when it is none.

    A file that also opens as a web page, PHP, PDF or ZIP is refused. Other bytes after the end
    of the picture are allowed, since telephones put them there: photos are never stored as
    they came, so whatever is not pixels is left behind.
    """
    format = _picture_format(content)
    _refuse_polyglot(content)
    with PICTURE_TURN, _opened(content, format) as image:
        _refuse_bomb(image)
        try:
            _refuse_animation(image, format)
            return Picture(_upright(image), format)
        except _BROKEN as error:
            raise _damaged() from error


def _picture_format(content: bytes) -> str:
    format = next((name for name, sign in _SIGNATURES.items() if sign.match(content)), None)
    if format == "heic":
        raise ValidationError(f"Ảnh HEIC của điện thoại chưa dùng được. {_ADVICE}", code="heic")
    if format == "svg":
        raise ValidationError(f"Tệp SVG có thể chứa mã lệnh. {_ADVICE}", code="svg")
    if format is None:
        raise ValidationError(f"Tệp này không phải là ảnh. {_ADVICE}", code="not_a_picture")
    return format


def _refuse_polyglot(content: bytes) -> None:
    if (
        b"%PDF-" in content[:1024]  # readers look for the header that far
        or _READ_AS_A_PROGRAM.search(content)
        or zipfile.is_zipfile(io.BytesIO(content))
    ):
        raise ValidationError(
            "Tệp ảnh có chứa nội dung khác (trang web, mã lệnh hoặc tệp nén). "
            "Hãy mở ảnh, lưu thành một tệp JPEG mới rồi tải lên lại.",
            code="polyglot",
        )


def _opened(content: bytes, format: str) -> Image.Image:
    """The picture with only its header read."""
    try:
        return Image.open(io.BytesIO(content), formats=[format])
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise _too_many_pixels() from error
    except _BROKEN as error:
        raise _damaged() from error


def _refuse_bomb(image: Image.Image) -> None:
    if image.width * image.height > PIXEL_LIMIT or max(image.size) > SIDE_LIMIT:
        raise _too_many_pixels()


def _refuse_animation(image: Image.Image, format: str) -> None:
    # A JPEG may carry previews of itself as further frames.
    if format != "jpeg" and getattr(image, "is_animated", False):
        raise ValidationError(
            "Ảnh động không dùng được. Hãy lưu một khung hình thành JPEG hoặc PNG.",
            code="animated",
        )


def _upright(image: Image.Image) -> Image.Image:
    """`image` turned as its metadata says; Pillow's exif_transpose fails on odd unrelated tags."""
    image.load()
    turn = _TURNS.get(image.getexif().get(ExifTags.Base.Orientation, 1))
    return image if turn is None else image.transpose(turn)


def _too_many_pixels() -> ValidationError:
    return ValidationError(
        f"Ảnh quá lớn: tối đa {PIXEL_LIMIT // 1_000_000} triệu điểm ảnh và mỗi cạnh tối đa "
        "16.383 điểm ảnh. Hãy thu nhỏ ảnh rồi tải lên lại.",
        code="too_many_pixels",
    )


def _damaged() -> ValidationError:
    return ValidationError(
        "Tệp ảnh bị hỏng hoặc tải lên chưa trọn vẹn. Hãy tải lên lại hoặc chọn ảnh khác.",
        code="damaged",
    )
