"""What the first page of a document seems to say about it: suggestions for a clerk to confirm.

The layouts are those of Hướng dẫn 36-HD/VPTW (2018) for Party documents and of Nghị định
30/2020/NĐ-CP for those of the state. The two columns of a header come merged or in any order, and
recognised scans lose diacritics; so landmarks are looked for in letters without diacritics, in
which capitals still tell the parts apart.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from core.text import nfc
from documents import signs

# In characters. What is longer is not read, so that no text takes long.
_TEXT = 40_000
_FIRST_PAGE = 5_000
_HEADER = 2_000
_SIGNATURE = 800
_ABSTRACT = 500

_TYPES = (
    "Báo cáo, Biên bản, Chỉ thị, Chiến lược, Chương trình, Công điện, Dự án, Đề án, Giấy mời,"
    " Hướng dẫn, Kế hoạch, Kết luận, Lời kêu gọi, Luật, Nghị định, Nghị quyết, Pháp lệnh,"
    " Phương án, Quy chế, Quy định, Quy hoạch, Quyết định, Thông báo, Thông cáo, Thông tri,"
    " Thông tư, Tờ trình, Tuyên bố"
).split(", ")

# Công văn: the one type that is not printed on the document.
_OFFICIAL_LETTER = "Công văn"

_POSITIONS = (
    "Bí thư, Phó Bí thư, Phó Bí thư Thường trực, Tổng Bí thư, Chủ tịch, Phó Chủ tịch,"
    " Phó Chủ tịch Thường trực, Trưởng ban, Phó Trưởng ban, Phó Trưởng ban Thường trực,"
    " Chánh Văn phòng, Phó Chánh Văn phòng, Chủ nhiệm, Phó Chủ nhiệm,"
    " Phó Chủ nhiệm Thường trực, Giám đốc, Phó Giám đốc, Hiệu trưởng, Phó Hiệu trưởng,"
    " Thủ tướng, Phó Thủ tướng, Bộ trưởng, Thứ trưởng, Trưởng phòng, Phó Trưởng phòng"
).split(", ")

# A line of the header that begins so names a body; any other goes on with the line above.
_BODIES = (
    "Đảng, Chi bộ, Ban, Ủy ban, UBND, HĐND,"
    " Hội, Văn phòng, Bộ, Sở, Chính phủ, Thủ tướng, Chủ tịch, Quốc hội, Đại hội, Đoàn, Công đoàn,"
    " Liên đoàn, Mặt trận, Công an, Tòa án, Viện, Cục, Tổng cục, Trường, Trung tâm, Công ty"
).split(", ")


@dataclass(frozen=True)
class Guess:
    """What a document seems to say about itself; "" or None where it seems to say nothing.

    `sign_text`, `issuer_name` (without the body above it), `abstract` and `signer` are as printed,
    `type_name` and `position` in their usual spelling.
    """

    sign: signs.Sign | None = None
    sign_text: str = ""
    type_name: str = ""
    issuer_name: str = ""
    issued_on: date | None = None
    abstract: str = ""
    signer: str = ""
    position: str = ""


class _Page:
    """A text with, at the same offsets in `bare`, its letters without diacritics."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.bare = _bare(text)

    def __getitem__(self, part: slice) -> "_Page":
        return _Page(self.text[part])

    def until(self, pattern: re.Pattern[str]) -> "_Page":
        """The page up to the first match, or all of it."""
        match = pattern.search(self.bare)
        return self[: match.start()] if match else self

    def without(self, pattern: re.Pattern[str]) -> "_Page":
        """The page with a line break in place of each match."""
        ends = [0, *(end for match in pattern.finditer(self.bare) for end in match.span()), None]
        kept = zip(ends[::2], ends[1::2], strict=True)
        return _Page("\n".join(self.text[start:end] for start, end in kept))

    def lines(self) -> list[str]:
        """The lines that are not blank."""
        return [line for line in map(str.strip, self.text.split("\n")) if line]


def _bare(text: str) -> str:
    """`text` without diacritics, character for character."""
    letters = {ord(char): unicodedata.normalize("NFD", char)[0] for char in set(text)}
    return text.translate(letters | {ord("Đ"): "D", ord("đ"): "d"})


def _capitals(names: list[str]) -> str:
    """A pattern for `names` in bare capitals, the longest first since some begin like others."""
    return "|".join(_bare(name.upper()) for name in sorted(names, key=len, reverse=True))


def _named(names: list[str], capitals: str) -> str:
    return next(name for name in names if _bare(name.upper()) == capitals)


_MOTTO = (
    r"DANG CONG SAN VIET NAM|CONG HOA XA HOI CHU NGHIA VIET NAM"
    r"|Doc lap ?\W? ?Tu do ?\W? ?Hanh phuc"
)
_PLACE = r"(?<![A-Za-z/-])(?:TP ?\. ?)?(?:[A-Z][a-z]{1,7} ){0,4}[A-Z][a-z]{1,7} ?[,.;] ?\n?"
# Figures are often read as letters: O5, l2.
_DAY = (
    r"[Nn]gay ?(?P<day>[0-9OoIl]{0,2})[ .]{0,9}thang ?(?P<month>[0-9OoIl]{0,2})[ .]{0,9}"
    r"nam ?(?P<year>20[0-9]{2}|19[0-9]{2}|)"
)
_FIGURES = str.maketrans("OoIl", "0011")
_DATELINE = re.compile(_PLACE + _DAY)
_DATELINE_OF_HEADER = re.compile(rf"(?:{_PLACE}|^){_DAY}", re.MULTILINE)

_NUMBER_WORD = re.compile(r"\bS[o0O] ?[:.]? ?$|^$")
_NUMBER_WORD_ANYWHERE = re.compile(r"\bS[o0] ?[:.]? ?$")
_NUMBER = r"\bS[o0O] ?[:.]? ?(?P<number>[0-9]{0,6}[A-Za-z]? ?[-/] ?[0-9A-Z][0-9A-Za-z&/-]{1,30})"
_NUMBER_LINE = re.compile(_NUMBER)

_TYPE = re.compile(rf"(?P<type>{_capitals(_TYPES)})(?![A-Za-z])")
# What a merged line may have before the type: the motto, a date, a sign, a rule.
_BEFORE_TYPE = re.compile(r"(?:^|[0-9*_-]|NAM|/[A-Z-]{2,9}) ?$")
_ABOUT = re.compile(r"\bV ?/ ?[vV][:.]? ")
_ADDRESSEE = re.compile("Kinh g[uo]i")
_HEADER_PARTS = re.compile(
    rf"{_MOTTO}|(?:{_PLACE}|^){_DAY}|{_NUMBER}"
    r"|[-_=*.~]{3,}|\*|BAN MINH HOA|DU THAO|HOA TOC|^(?:THUONG )?KHAN$|^(?:TOI |TUYET )?MAT$",
    re.MULTILINE,
)
_HEADER_SIGNS = re.compile(rf"{_MOTTO}|{_NUMBER}")
_BODY = re.compile(rf"(?:[A-Z]{{2,8}} UY|{_capitals(_BODIES)})\b")
_SPECKS = " '‘’`\"|%.,:;"
_SHOUTED = re.compile(r"[A-Z][A-Z0-9 ,.&()-]+")

_TEXT_BEGINS = re.compile(
    rf"{_MOTTO}|{_PLACE}{_DAY}|\bSo ?[:.]? ?[0-9]{{1,6}}[-/]|[-_=*.~]{{3,}}| \*|\n\*|\n\n"
    r"|\n(?:[IVX]{1,4} ?[.)/-]|[0-9]{1,2} ?[.)/] |[-+] )"
    r"|(?<=\n)(?:Trong|Nham|Qua|Sau|Theo|Tiep tuc|Ngay|Xet|Hom nay|Tai|De(?! an)) "
    r"|(?<=[ \n])(?:- )?(?:Can cu|Thuc hien|Thi hanh|Dieu 1|T/M) |Kinh gui"
)

_ON_BEHALF = r"(?:T/M|K/T|T/L|TM|KT|TL|TUQ)[. ] ?"
_AUTHORITY = re.compile(rf"(?:^| ){_ON_BEHALF}(?=[A-Z]{{2}})", re.MULTILINE)
_POSITION = re.compile(
    rf"(?<![A-Z] )(?<![A-Za-z])(?P<position>{_capitals(_POSITIONS)})(?![A-Za-z])"
)
_POSITION_LINE = re.compile(rf"(?:^|[:;,.] )(?:{_capitals(_POSITIONS)})$", re.MULTILINE)
_PERSON = (
    r"(?P<name>(?!Noi Nhan|Da Ky|Nhu Tren)[A-Z][a-z]{1,6}(?: [A-Z][a-z]{1,6}){0,3}"
    r" [A-Z][a-z]{0,6})$"
)
_NAME_LINE = re.compile(rf"^(?:[A-Z][A-Za-z]{{1,3}}\. ?)*{_PERSON}", re.MULTILINE)
_NAME_AT_END = re.compile(rf"[ .]{_PERSON}", re.MULTILINE)
_RECIPIENT = re.compile(r"^[-+].*(?:D/c|[Dd]ong chi).*$", re.MULTILINE)


def guess(text: str) -> Guess:
    """Guess what `text`, a document from its first page on, says about the document.

    Pages are parted by form feeds. Any text is taken, its first 40,000 characters are read.
    """
    whole = _Page(_tidy(text))
    first = _Page(whole.text.partition("\f")[0][:_FIRST_PAGE])
    heading = _heading(first)
    header = _header(first, heading)
    sign, sign_text = _sign(header, first)
    signer, position = _signature(whole)
    return Guess(
        sign=sign,
        sign_text=sign_text,
        type_name=_type_name(header, first, heading),
        issuer_name=_issuer_name(header),
        issued_on=_issued_on(header, first),
        abstract=_abstract(first[heading.end() :]) if heading else _subject(header, first),
        signer=signer,
        position=position,
    )


def _tidy(text: str) -> str:
    """The part that is read, in NFC, with plain spaces, none of them doubled or beside a break."""
    plain = nfc(text[:_TEXT]).replace("Ð", "Đ").replace("ð", "đ").replace("\r\n", "\n")
    lines = ("\f".join(map(_single_spaced, line.split("\f"))) for line in re.split("[\n\r]", plain))
    return "\n".join(lines)


def _single_spaced(text: str) -> str:
    return " ".join(text.split())


def _heading(first: _Page) -> re.Match[str] | None:
    """Where the type of the document is printed; an official letter has none."""
    for match in _TYPE.finditer(first.until(_ADDRESSEE).bare):
        line_before = first.bare[max(match.start() - 40, 0) : match.start()].rpartition("\n")[2]
        if _BEFORE_TYPE.search(line_before):
            return match
    return None


def _header(first: _Page, heading: re.Match[str] | None) -> _Page:
    """What is printed above the type or the addressee; the top where columns are out of order."""
    above = first[: heading.start()] if heading else first.until(_ADDRESSEE)
    tops = above[:_HEADER], first[:_HEADER].without(_TYPE)
    return next((top for top in tops if _HEADER_SIGNS.search(top.bare)), _Page(""))


def _sign(header: _Page, first: _Page) -> tuple[signs.Sign | None, str]:
    """The sign and the text it is read from; documents that are cited have signs too."""
    found = _sign_after(_NUMBER_WORD, header)
    unread = _NUMBER_LINE.search(header.bare)
    if not found and unread:
        text = header.text[slice(*unread.span("number"))]
        return signs.parse(text), text
    return found or _sign_after(_NUMBER_WORD_ANYWHERE, first) or (None, "")


def _sign_after(word: re.Pattern[str], page: _Page) -> tuple[signs.Sign, str] | None:
    for found in signs.find(page.text):
        line_before = page.bare[max(found.start - 12, 0) : found.start].rpartition("\n")[2]
        if word.search(line_before):
            return found.sign, page.text[found.start : found.end]
    return None


def _type_name(header: _Page, first: _Page, heading: re.Match[str] | None) -> str:
    if heading:
        return _named(_TYPES, heading["type"])
    is_letter = _ABOUT.search(header.bare) or _ADDRESSEE.search(first.bare)
    return _OFFICIAL_LETTER if is_letter else ""


def _issuer_name(header: _Page) -> str:
    """The last body named in the header: a superior body stands above it."""
    names: list[str] = []
    for printed in header.without(_HEADER_PARTS).lines():
        line = printed.strip(_SPECKS)
        if not _SHOUTED.fullmatch(_bare(line)):
            continue
        if names and not _BODY.match(_bare(line)):
            names[-1] += f" {line}"
        else:
            names.append(line)
    return names[-1] if names else ""


def _issued_on(header: _Page, first: _Page) -> date | None:
    match = _DATELINE_OF_HEADER.search(header.bare) or _DATELINE.search(first.bare)
    if match is None:
        return None
    day, month, year = (match[part].translate(_FIGURES) for part in ("day", "month", "year"))
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _abstract(below: _Page) -> str:
    """The abstract at the top of what is printed below the type."""
    lines = _Page(below.text.lstrip(" \n:*")).until(_TEXT_BEGINS).lines()
    ends = (at for at, line in enumerate(lines) if at and _is_other_text(lines[at - 1], line))
    return _shortened(lines[: next(ends, None)])


def _is_other_text(before: str, line: str) -> bool:
    """Whether `line` is no part of the abstract that `before` belongs to."""
    shouted = bool(_SHOUTED.fullmatch(_bare(line))) and len(line.split()) > 2
    return before.endswith(".") or (shouted and not _SHOUTED.fullmatch(_bare(before)))


def _subject(header: _Page, first: _Page) -> str:
    """The abstract of an official letter: what follows V/v, or stands below the sign."""
    about = _ABOUT.search(header.bare)
    above = about or (_ADDRESSEE.search(first.bare) and _NUMBER_LINE.search(header.bare))
    if not above:
        return ""
    lines = header[above.end() :].without(_HEADER_PARTS).lines()
    return _shortened([line for line in lines if not _SHOUTED.fullmatch(_bare(line))])


def _shortened(lines: list[str]) -> str:
    text = " ".join(lines)
    return text if len(text) <= _ABSTRACT else text[:_ABSTRACT].rpartition(" ")[0]


def _signature(whole: _Page) -> tuple[str, str]:
    """Signer and position, from the first signature: what follows it is appended."""
    on_behalf = _AUTHORITY.search(whole.bare)
    start = on_behalf or _POSITION_LINE.search(whole.bare)
    if start is None:
        return "", ""
    block = whole[start.start() : start.start() + _SIGNATURE].without(_RECIPIENT)
    position = _position(block)
    below = block[position.end() :] if position else block
    name = _NAME_LINE.search(below.bare) or _NAME_AT_END.search(below.bare)
    if not name and not on_behalf:
        return "", ""
    signer = below.text[slice(*name.span("name"))] if name else ""
    return signer, _named(_POSITIONS, position["position"]) if position else ""


def _position(block: _Page) -> re.Match[str] | None:
    """The signer's own position, not that of the one they sign for (K/T BÍ THƯ)."""
    for match in _POSITION.finditer(block.bare):
        if not re.search(f"{_ON_BEHALF}$", block.bare[max(match.start() - 6, 0) : match.start()]):
            return match
    return None
