"""A word processor's file in, a draft out: with its photos in the library, or nothing at all."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import PurePath
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.db import transaction
from django.utils import timezone

from core import renditions
from core.media import Photo
from core.text import excerpt, nfc
from documents import extraction, manuscript
from documents.blocks import Manuscript
from news.models import Article, Category, Edition, Unit
from news.word.body import Body
from news.word.letters import in_unicode
from news.word.parts import TITLE_LIMIT, parts

if TYPE_CHECKING:
    from django.contrib.auth.models import User

_MISSING = {
    "linked": "Có ảnh chỉ được liên kết từ nơi khác, không nằm trong tệp nên không lấy được. Hãy "
    "tải ảnh ấy lên kho ảnh rồi chèn vào bài.",
    "object": "Có đối tượng nhúng (chẳng hạn bảng tính) không lấy được. Hãy chép thành "
    "bảng hoặc lưu thành ảnh.",
    "chart": "Có biểu đồ hoặc sơ đồ không lấy được. Hãy lưu thành ảnh rồi chèn vào bài.",
    "formula": "Có công thức, chỉ lấy được chữ và số. Hãy xem lại chỗ ấy.",
}
_UNUSABLE = "Ảnh thứ {} ở định dạng {} không dùng được. Hãy lưu ảnh thành JPEG hoặc PNG rồi chèn."


class Result(StrEnum):
    """What became of a file."""

    MADE = "made"
    REFUSED = "refused"


@dataclass(frozen=True)
class Outcome:
    """What became of the file `name`, in words; `remarks` are what the editor should look at."""

    name: str
    result: Result
    words: str
    remarks: tuple[str, ...] = ()
    edition: Edition | None = None


@dataclass
class _Photos:
    """The photos of one file as the library has them, and what to say of them."""

    taken: list[Photo | None] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    known: set[int] = field(default_factory=set)


def receive(
    upload: UploadedFile, *, by: "User", category: Category, unit: Unit | None = None
) -> Outcome:
    """Make a draft of `upload`, unless it is refused; never raises for it."""
    name = nfc(upload.name or "tệp không tên")
    try:
        if (upload.size or 0) > extraction.SIZE_LIMIT:
            raise extraction.too_large()
        text, was_old = in_unicode(manuscript.read(upload.read()))
        edition, remarks = _draft(text, name, by=by, category=category, unit=unit)
    except ValidationError as error:
        return Outcome(name, Result.REFUSED, " ".join(error.messages))
    if was_old:
        remarks.append("Đã chuyển chữ phông cũ (TCVN3, VNI, ký hiệu) sang Unicode. Hãy đọc lại.")
    return Outcome(name, Result.MADE, "Đã tạo bản nháp:", tuple(remarks), edition)


def _draft(
    text: Manuscript, name: str, *, by: "User", category: Category, unit: Unit | None
) -> tuple[Edition, list[str]]:
    found = parts(text.blocks)
    with _files_of_failed_photos_removed() as keys, transaction.atomic():
        photos = _stored(text.photos, by, keys)
        body = Body(text, photos.taken).html(found.blocks)
        if not (body or found.title):
            raise ValidationError("Tệp không có chữ và không có ảnh nào dùng được.")
        edition = Article.objects.draft(
            by=by,
            category=category,
            unit=unit,
            title=found.title or _title_from(name),
            summary=found.summary,
            body=body,
        )
    return edition, [*_remarks(text, photos), *_remarks_on_title(found.title)]


@contextmanager
def _files_of_failed_photos_removed() -> Iterator[set[str]]:
    """Yield a set for the keys of new photos; whatever fails, no files stay without a photo."""
    keys: set[str] = set()
    try:
        yield keys
    except BaseException:
        for key in keys.difference(Photo.objects.with_keys(keys).values_list("key", flat=True)):
            renditions.remove(key)
        raise


def _stored(contents: Sequence[bytes], by: "User", keys: set[str]) -> _Photos:
    """Put the pictures into the library; `keys` takes those of photos that it did not have."""
    photos = _Photos()
    began = timezone.now()
    for number, content in enumerate(contents, start=1):
        try:
            photo = Photo.objects.create_from_upload(SimpleUploadedFile("anh-word", content), by=by)
        except ValidationError as error:
            photos.taken.append(None)
            photos.remarks.append(_why_not(number, content, error))
            continue
        photos.taken.append(photo)
        if photo.created_at < began:
            photos.known.add(photo.pk)
        else:
            keys.add(photo.key)
    return photos


def _why_not(number: int, content: bytes, error: ValidationError) -> str:
    if form := _drawing_format(content):
        return _UNUSABLE.format(number, form)
    return f"Ảnh thứ {number} không lấy được: {' '.join(error.messages)}"


def _drawing_format(content: bytes) -> str:
    """The name of a format that Word draws in and browsers do not show, or ""."""
    if content[40:44] == b" EMF":
        return "EMF"
    if content.startswith((b"\xd7\xcd\xc6\x9a", b"\x01\x00\x09\x00")):
        return "WMF"
    if content.startswith((b"II*\x00", b"MM\x00*")):
        return "TIFF"
    return "BMP" if content.startswith(b"BM") else ""


def _remarks(text: Manuscript, photos: _Photos) -> list[str]:
    remarks = _remarks_on_photos({photo.pk: photo for photo in photos.taken if photo}, photos.known)
    cropped = [number + 1 for number in sorted(text.cropped) if photos.taken[number]]
    if cropped:
        which = ", ".join(map(str, cropped))
        remarks.append(
            f"Ảnh thứ {which} được cắt bớt trong Word, nhưng kho ảnh giữ cả phần đã cắt. "
            "Hãy xem lại."
        )
    return [*remarks, *photos.remarks, *(_MISSING[one] for one in sorted(text.missing))]


def _remarks_on_photos(taken: dict[int, Photo], known: set[int]) -> list[str]:
    """What the library got and had, and what the editor must still write."""
    nameless = sum(photo.needs_alt for photo in taken.values())
    counted = {
        f"{len(taken) - len(known)} ảnh mới đã vào kho ảnh.": len(taken) - len(known),
        f"{len(known)} ảnh đã có sẵn trong kho, không lưu thêm.": len(known),
        f"Hãy ghi mô tả (alt) cho {nameless} ảnh trước khi gửi duyệt.": nameless,
    }
    words = " ".join(sentence for sentence, count in counted.items() if count)
    return [words] if words else []


def _remarks_on_title(title: str) -> list[str]:
    return [] if title else ["Không rõ tiêu đề nên lấy tên tệp làm tiêu đề. Hãy sửa lại."]


def _title_from(name: str) -> str:
    words = " ".join(PurePath(name).stem.replace("_", " ").replace("-", " ").split())
    return excerpt(words, TITLE_LIMIT) or "Bài chưa có tiêu đề"
