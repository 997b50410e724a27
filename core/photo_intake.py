"""Many photos at once: each is stored by itself, so that a bad file holds up no other."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from core.media import Photo
from core.text import nfc

if TYPE_CHECKING:
    from django.contrib.auth.models import User


class Result(StrEnum):
    """What became of a file."""

    MADE = "made"
    KNOWN = "known"
    REFUSED = "refused"


@dataclass(frozen=True)
class Outcome:
    """What became of the file `name`, in words; `photo` is the one made or there already."""

    name: str
    result: Result
    words: str
    photo: Photo | None = None


def receive(upload: UploadedFile, *, credit: str, by: "User") -> Outcome:
    """Store `upload` unless it is refused or the library has it; never raises for it."""
    name = nfc(upload.name or "tệp không tên")
    try:
        if known := Photo.objects.same_as(upload):
            return Outcome(name, Result.KNOWN, "Kho đã có đúng tệp này nên không thêm.", known)
        photo = Photo.objects.create_from_upload(upload, credit=credit, by=by)
    except ValidationError as error:
        return Outcome(name, Result.REFUSED, " ".join(error.messages))
    return Outcome(name, Result.MADE, "Đã vào kho, chờ mô tả.", photo)
