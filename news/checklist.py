"""What must be right before an edition may be public: one short function per check.

Each check returns sentences for the editor, in Vietnamese, saying what to do.
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from core.media import Photo, key_of
from core.text import plain_text

if TYPE_CHECKING:
    from news.models import Edition

# The sanitiser writes attributes in double quotes.
IMAGE = re.compile(r"<img\b[^>]*>")
SRC = re.compile(r'\bsrc="([^"]*)"')
ALT = re.compile(r'\balt="\s*[^"\s]')


def problems(edition: "Edition") -> list[str]:
    """Return every reason why `edition` may not be published; empty when there is none."""
    return [message for check in CHECKS for message in check(edition)]


def empty_body(edition: "Edition") -> Iterator[str]:
    """Refuse an article that says nothing."""
    if not plain_text(edition.body).strip() and "<img" not in edition.body:
        yield "Bài chưa có nội dung. Hãy nhập nội dung trước khi đăng."


def lead_photo_without_alt(edition: "Edition") -> Iterator[str]:
    """Refuse a lead photo that says nothing to a reader who cannot see it (WCAG 1.1.1)."""
    if edition.lead_photo and edition.lead_photo.needs_alt:
        yield (
            "Ảnh chính chưa có mô tả (alt). Hãy mở ảnh, ghi ảnh cho thấy gì, "
            "hoặc đánh dấu là ảnh trang trí."
        )


def body_photos_without_alt(edition: "Edition") -> Iterator[str]:
    """Refuse body photos without a description, unless the library calls them decorative."""
    nameless = [
        (number, key_of(found[1]) if (found := SRC.search(tag)) else None)
        for number, tag in enumerate(IMAGE.findall(edition.body), start=1)
        if not ALT.search(tag)
    ]
    if not nameless:
        return
    keys = [key for _, key in nameless if key]
    decorative = set(
        Photo.objects.filter(key__in=keys, decorative=True).values_list("key", flat=True)
    )
    for number, key in nameless:
        if key not in decorative:
            yield (
                f"Ảnh thứ {number} trong nội dung chưa có mô tả (alt). "
                "Hãy bấm đúp vào ảnh và ghi ảnh cho thấy gì."
            )


CHECKS = (empty_body, lead_photo_without_alt, body_photos_without_alt)
