"""Markings of secrecy (Mật, Tối mật, Tuyệt mật) in the text or the metadata of a file.

What carries one may not be published (law 29/2018/QH14; the stamps: circular 24/2020/TT-BCA), so
doubt at the head of a document counts as a marking. Titles and sentences that only speak of
secrets are none.
"""

import re
import unicodedata
from collections.abc import Iterator

LEVELS = {"TUYỆT": "Tuyệt mật", "TỐI": "Tối mật", "": "Mật"}

_HEAD_LINES = 20
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_SPACED = re.compile(r"(?<!\w)[^\W\d_](?: {1,4}[^\W\d_]){2,}(?!\w)")  # M Ậ T
_LEVEL = r"(?:(?P<level>TUYỆT|TỐI)\s*)?MẬT(?!\w)"
_STAMP = re.compile(rf"(?<!\w){_LEVEL}")
_ALONE = re.compile(r"(?:(?:CẤP|MỨC)?ĐỘ(?:BÍ)?MẬT)?(?P<level>TUYỆT|TỐI)?MẬT")
_LABELLED = re.compile(rf"(?<!\w)ĐỘ\s+(?:BÍ\s+)?MẬT\s*:\s*{_LEVEL}", re.IGNORECASE)
_QUOTED = re.compile('[“"«‘][^“”"«»‘’]{1,40}[”"»’]')
# Levels that a title lists: “độ Tối mật và độ Mật”, “đóng dấu Mật”.
_LISTED = re.compile(
    r"(?<!\w)(?:ĐỘ|DẤU)\s+(?:(?:TUYỆT|TỐI)\s+)?MẬT(?!\w|\s*:)"
    r"(?:\s*(?:,|;|VÀ|HOẶC)\s*(?:(?:ĐỘ|DẤU)\s+)?(?:(?:TUYỆT|TỐI)\s+)?MẬT(?!\w))*",
    re.IGNORECASE,
)
# Words with which MẬT, in capitals like them, is a word of another meaning.
_BEFORE = frozenset("BÍ BẢO THÂN CƠ CẨN GIẢI ONG ĐƯỜNG RỈ TÚI ĐỘ".split())
_AFTER = frozenset(
    "TRẬN MÃ ONG ĐỘ THIẾT KHẨU THƯ NGHỊ BÁO LỆNH VỤ GẤU HIỆU TÔNG NHÀ ĐÀM DANH MÍA THÁM".split()
)


def marking(text: str) -> str:
    """Return the highest marking that `text` carries: "Tuyệt mật", "Tối mật", "Mật" or "".

    A marking is a line that says nothing else (in capitals, in the head or after “Độ mật:”), or
    a word in capitals in the head, where a stamp and the heading beside it become one line. The
    head is the first 20 lines of the first page.
    """
    found = set(_found(unicodedata.normalize("NFKC", _INVISIBLE.sub("", text))))
    return next((name for level, name in LEVELS.items() if level in found), "")


def _found(text: str) -> Iterator[str]:
    """The levels of all markings in `text`, as the keys of LEVELS."""
    before = ""
    for in_head, line in _lines(text):
        if not _ends_a_compound(before, line):
            yield from _alone(line, in_head)
            if in_head:
                yield from _in_head(line)
        before = line


def _lines(text: str) -> Iterator[tuple[bool, str]]:
    """Every line with a word, and whether it is in the head."""
    for page_number, page in enumerate(text.split("\f")):
        lines = (line for line in page.splitlines() if line.strip())
        for line_number, line in enumerate(lines):
            yield page_number == 0 and line_number < _HEAD_LINES, line


def _ends_a_compound(before: str, line: str) -> bool:
    """True when a line break stands inside “bí mật” or “bảo mật”."""
    return before.upper().endswith(("BÍ", "BẢO")) and line.upper().startswith("MẬT")


def _alone(line: str, in_head: bool) -> Iterator[str]:
    """The level that the line, or in the head an item of a list on it, consists of."""
    parts = re.split(r"[,;|]", _LISTED.sub("…x", line)) if in_head else []
    for part in (line, *parts):
        match = _ALONE.fullmatch("".join(char for char in part.upper() if char.isalnum()))
        if match and (in_head or part.isupper() or ":" in part):
            yield match["level"] or ""


def _in_head(line: str) -> Iterator[str]:
    """The levels stamped or named by a label among other words of a line."""
    for match in _LABELLED.finditer(line):
        yield (match["level"] or "").upper()
    words = _SPACED.sub(lambda match: match[0].replace(" ", ""), line)
    words = _LISTED.sub("", _QUOTED.sub("", words))
    for match in _STAMP.finditer(words):
        before = re.findall(r"\w+", words[: match.start()])[-1:]
        after = re.findall(r"\w+", words[match.end() :])[:1]
        if _BEFORE.isdisjoint(before) and _AFTER.isdisjoint(after):
            yield match["level"] or ""
