"""Letters that are not what they seem."""

import re
from collections.abc import Iterator

from core import legacy
from core.problems import Problem
from core.proofreading.passage import Passage
from core.syllables import is_syllable

_WORD = re.compile(r"[^\W\d_]+")
_OF_OTHER_SCRIPTS = re.compile("[\u0370-\u03ff\u0400-\u052f]")
_LATIN = re.compile("[A-Za-zÀ-ÿĂăĐđĨĩŨũƠơƯư\u1ea0-\u1ef9]")
# Eth and African d for đ, and letters of full width: keyboards and converters write them.
_D_LIKE = str.maketrans("ÐƉðɖ", "ĐĐđđ")
_FULL_WIDTH = re.compile("[\uff21-\uff3a\uff41-\uff5a]+")
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u0300-\u036f\u200b\u2060\ufeff\ufffd\ue000-\uf8ff]"
)


def legacy_encoding(passage: Passage) -> Iterator[Problem]:
    """Refuse text of the fonts before Unicode: readers see "§¶ng bé" for "Đảng bộ"."""
    encoding = legacy.suspected(passage.text)
    if encoding is None:
        return
    start = passage.text[:60].strip()
    yield passage.error(
        "legacy_encoding",
        f"“{start}” viết bằng bảng mã cũ {encoding.value}, bạn đọc không đọc được: "
        f"đúng ra là “{legacy.convert(start, encoding)}”. Hãy bấm “Chuyển sang Unicode”.",
        start,
    )


def lookalikes(passage: Passage) -> Iterator[Problem]:
    """Refuse words with a letter that only looks like the right one; search never finds them."""
    if passage.text.isascii() or legacy.suspected(passage.text):
        return
    for match in _WORD.finditer(passage.text):
        word = match[0]
        if not word.isascii() and is_disguised(word):
            names = ", ".join(_name(char) for char in dict.fromkeys(word) if _is_odd(char))
            yield passage.error(
                "lookalike",
                f"Từ “{word}” có chữ trông giống nhưng không phải chữ tiếng Việt ({names}). "
                "Hãy xóa từ này rồi gõ lại.",
                word,
            )


def invisible(passage: Passage) -> Iterator[Problem]:
    """Refuse characters that nobody can see, and marks that stand without their letter."""
    if match := _INVISIBLE.search(passage.text):
        spot = passage.around(*match.span(), 20)
        yield passage.error(
            "invisible",
            f"Cạnh “{spot}” có ký tự ẩn hoặc dấu đứng rời khỏi chữ ({_name(match[0])}). "
            "Hãy xóa mấy chữ này rồi gõ lại.",
            spot,
        )


def is_disguised(word: str) -> bool:
    """Whether `word` has a letter in it that only looks like one of Vietnamese."""
    if _FULL_WIDTH.search(word):
        return True
    if _OF_OTHER_SCRIPTS.search(word):
        return bool(_LATIN.search(word))
    plain = word.translate(_D_LIKE)
    return plain != word and is_syllable(plain)


def _is_odd(char: str) -> bool:
    return bool(_OF_OTHER_SCRIPTS.match(char) or _FULL_WIDTH.match(char) or char in "ÐƉðɖ")


def _name(char: str) -> str:
    return f"{char} U+{ord(char):04X}" if char.isprintable() else f"U+{ord(char):04X}"
