"""What an uploaded video file really is, judged by its content and never by its name."""

import hashlib
import re
import struct
from collections.abc import Iterator
from typing import Protocol

from django.core.exceptions import ValidationError

SIZE_LIMIT = 500 * 1024 * 1024
_BLOCK = 1024 * 1024
_MOVIE_LIMIT = 32 * 1024 * 1024  # an index of many hours
_WEBM = re.compile(rb"\x1a\x45\xdf\xa3.{0,60}\x42\x82.webm", re.DOTALL)
_ADVICE = "Hãy chuyển video sang MP4 (H.264) rồi gửi lại."
# Sample entries (ISO/IEC 14496-12 and -15, av1-isobmff) of what every current browser plays.
_PLAYED = (b"avc1", b"avc3", b"av01", b"vp09")


class Seekable(Protocol):
    """The part of an uploaded file that is used here."""

    def seek(self, offset: int, whence: int = 0, /) -> object: ...
    def tell(self) -> int: ...
    def read(self, size: int, /) -> bytes: ...


def size_of_file(file: Seekable) -> int:
    """Number of bytes; ValidationError when there are none or more than SIZE_LIMIT."""
    file.seek(0, 2)
    size = file.tell()
    if not size:
        raise ValidationError("Tệp rỗng (0 byte). Hãy chọn lại tệp video.", code="empty")
    if size > SIZE_LIMIT:
        raise ValidationError(
            f"Tệp lớn hơn {SIZE_LIMIT // 1024 // 1024} MB. Hãy giảm kích thước video, hoặc đăng "
            "video lên kênh của cơ quan rồi ghi địa chỉ.",
            code="too_large",
        )
    return size


def format_of(file: Seekable) -> str:
    """ "mp4" or "webm"; ValidationError, in Vietnamese, when browsers would not play it."""
    size = size_of_file(file)
    file.seek(0)
    head = file.read(64 + 16)
    if _WEBM.match(head):
        return "webm"
    if head[4:8] != b"ftyp":
        raise ValidationError(f"Tệp này không phải video MP4 hoặc WebM. {_ADVICE}", code="unknown")
    if head[8:12] == b"qt  ":
        raise ValidationError(f"Video QuickTime (.mov) chưa dùng được. {_ADVICE}", code="quicktime")
    _refuse_unless_played(file, size)
    return "mp4"


def digest(file: Seekable) -> str:
    """SHA-256 of all bytes, in hexadecimal."""
    sha256 = hashlib.sha256()
    file.seek(0)
    while block := file.read(_BLOCK):
        sha256.update(block)
    file.seek(0)
    return sha256.hexdigest()


def _refuse_unless_played(file: Seekable, size: int) -> None:
    parts = {kind: (start, length) for kind, start, length in _boxes(file, size)}
    if b"moov" not in parts or b"mdat" not in parts or parts[b"moov"][1] > _MOVIE_LIMIT:
        raise ValidationError(
            "Tệp video bị hỏng hoặc tải lên chưa trọn vẹn. Hãy gửi lại hoặc chọn tệp khác.",
            code="damaged",
        )
    start, length = parts[b"moov"]
    file.seek(start)
    movie = file.read(length)
    if not any(name in movie for name in _PLAYED):
        raise ValidationError(
            f"Nhiều trình duyệt không phát được kiểu nén của video này. {_ADVICE}", code="codec"
        )


def _boxes(file: Seekable, size: int) -> Iterator[tuple[bytes, int, int]]:
    """Kind, first byte and length of each part that lies wholly in the file (14496-12, 4.2)."""
    at = 0
    while at + 8 <= size:
        file.seek(at)
        head = file.read(16)
        length, kind = struct.unpack(">I4s", head[:8])
        if length == 1 and len(head) == 16:
            length = struct.unpack(">Q", head[8:])[0]
        length = length or size - at  # 0: up to the end
        if length < 8 or at + length > size:
            return
        yield kind, at, length
        at += length
