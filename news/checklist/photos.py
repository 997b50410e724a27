"""Checks of the lead photo, and of the photos and videos in the body."""

import re
from collections.abc import Iterator

from core.media import Photo, key_of
from core.problems import Problem
from core.proofreading import Passage
from core.text import fold
from core.video import Video, video_key_of
from news.checklist.text import BODY, Picture, Text

LEAD_WIDTH = 800  # what the article column shows on most screens
_READ = ("key", "former_keys", "decorative", "credit")
_LEAD = Passage("lead_photo", "")
_BODY = Passage(BODY, "")
_PLACEHOLDERS = frozenset(
    "anh tin bai|anh bai viet|anh|hinh|hinh anh|anh minh hoa|hinh minh hoa|anh dai dien|anh chup"
    "|anh tu lieu|anh bai|anh tin|anh dan|buc anh|buc hinh|chu thich anh|mo ta anh|alt|image|img"
    "|images|photo|picture|pic|untitled|screenshot|thumbnail|no image|default|logo|banner".split(
        "|"
    )
)
_FILE_NAME = re.compile(
    r".*\.(?:jpe?g|png|gif|webp|avif|heic|bmp|tiff?)"
    r"|(?:img|dsc[nf]?|pxl|mvimg|image|photo|screenshot|fb_img|received|z|anh|hinh)[-_ ]?\d[\w-]*",
    re.IGNORECASE,
)
_CREDITED = re.compile(r"(?:ảnh|nguồn|tác giả)\s*:|\((?:ảnh|nguồn)\b", re.IGNORECASE)


def lead_photo(text: Text) -> Iterator[Problem]:
    """Judge the lead photo: its size, whose it is, what it tells the blind (WCAG 1.1.1)."""
    photo = text.edition.lead_photo
    if photo is None:
        return
    if photo.needs_alt:
        yield _LEAD.error(
            "photo_without_alt",
            "Ảnh chính chưa có mô tả (alt). Hãy mở ảnh trong kho ảnh, ghi ảnh cho thấy gì, hoặc "
            "đánh dấu là ảnh trang trí.",
        )
    elif photo.alt.strip() and is_placeholder(photo.alt):
        yield _LEAD.error("placeholder_alt", f"Ảnh chính {_says_nothing(photo.alt)}", photo.alt)
    if photo.width < LEAD_WIDTH:
        yield _LEAD.warning(
            "small_lead_photo",
            f"Ảnh chính chỉ rộng {photo.width} điểm ảnh nên sẽ mờ. Hãy chọn ảnh rộng từ "
            f"{LEAD_WIDTH} điểm ảnh.",
        )
    told = (("caption", "chú thích", photo.caption), ("credit", "nguồn ảnh", photo.credit))
    for name, noun, words in told:
        if not words.strip() and not photo.decorative:
            message = f"Ảnh chính chưa có {noun}. Hãy mở ảnh trong kho ảnh và điền."
            yield _LEAD.warning(f"photo_without_{name}", message)


def body_photos(text: Text) -> Iterator[Problem]:
    """Judge the photos of the body; the library says which are decorative, and whose they are."""
    if not text.pictures:
        return
    keys = {key for picture in text.pictures if (key := key_of(picture.src))}
    known = {
        key: photo
        for photo in Photo.objects.with_keys(keys).only(*_READ)
        for key in (photo.key, *photo.former_keys)
    }
    shown = [(picture, known.get(key_of(picture.src) or "")) for picture in text.pictures]
    serious = [(picture, photo) for picture, photo in shown if not (photo and photo.decorative)]
    for picture, photo in serious:
        yield from _alt(picture)
        if photo is None:
            yield _BODY.error(
                "photo_gone",
                f"Ảnh thứ {picture.number} trong nội dung không còn trong kho ảnh. Hãy bỏ ảnh ấy "
                "hoặc chọn ảnh khác.",
            )
    if nameless := [picture for picture, _ in serious if not picture.caption.strip()]:
        yield _BODY.warning(
            "photo_without_caption",
            f"Ảnh thứ {_numbers(nameless)} trong nội dung chưa có chú thích. Hãy bấm đúp vào ảnh "
            "và ghi ai, việc gì, ở đâu.",
        )
    if ownerless := [picture for picture, photo in serious if not _is_credited(picture, photo)]:
        yield _BODY.warning(
            "photo_without_credit",
            f"Ảnh thứ {_numbers(ownerless)} trong nội dung chưa ghi nguồn. Hãy ghi “Ảnh: …” ở "
            "chú thích, hoặc điền nguồn ảnh trong kho ảnh.",
        )


def _alt(picture: Picture) -> Iterator[Problem]:
    if not picture.alt.strip():
        yield _BODY.error(
            "photo_without_alt",
            f"Ảnh thứ {picture.number} trong nội dung chưa có mô tả (alt). "
            "Hãy bấm đúp vào ảnh và ghi ảnh cho thấy gì.",
        )
    elif is_placeholder(picture.alt):
        message = f"Ảnh thứ {picture.number} trong nội dung {_says_nothing(picture.alt)}"
        yield _BODY.error("placeholder_alt", message, picture.alt)


def silent_videos(text: Text) -> Iterator[Problem]:
    """Point at videos that say nothing to who does not hear them (WCAG 1.2.2)."""
    if keys := {key for src in text.videos if (key := video_key_of(src))}:
        for title in Video.objects.filter(key__in=keys, captions="").values_list(
            "title", flat=True
        ):
            yield _BODY.warning(
                "video_without_captions",
                f"Video “{title}” chưa có phụ đề cho người không nghe được. Hãy mở video trong kho "
                "và thêm tệp phụ đề; video không có lời thì giữ nguyên.",
            )


def is_placeholder(alt: str) -> bool:
    """Whether `alt` says nothing about the picture: "anh tin bai", "Ảnh 1", "IMG_2041.jpg"."""
    if _FILE_NAME.fullmatch(alt.strip()):
        return True
    words = " ".join(re.findall("[a-z]+", fold(alt)))
    return len(words) < 2 or words in _PLACEHOLDERS


def _says_nothing(alt: str) -> str:
    return (
        f"có mô tả “{alt}”, chưa nói ảnh cho thấy gì. Hãy ghi một câu cho người không "
        "nhìn thấy ảnh."
    )


def _is_credited(picture: Picture, photo: Photo | None) -> bool:
    return bool(photo and photo.credit.strip()) or bool(_CREDITED.search(picture.caption))


def _numbers(pictures: list[Picture]) -> str:
    return ", ".join(str(picture.number) for picture in pictures)
