"""Documents cited in running text: “Chỉ thị số 24-CT/TU ngày 29/6/2017 của Ban Thường vụ Tỉnh ủy”.

A mention is found by its sign; type word, date and issuer are read around it. It means a document
of the library only where all that it says leaves exactly one: nothing is guessed.
"""

import re
import unicodedata
from calendar import monthrange
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

from core.text import fold, nfc
from documents import signs
from documents.models import Document
from documents.signs import Sign

# Those of migration 0003, and those of the state (Luật 64/2025/QH15, Nghị định 30/2020/NĐ-CP).
KINDS = (
    *("Nghị quyết", "Chỉ thị", "Kết luận", "Quyết định", "Qu[yi] định", "Qu[yi] chế"),
    *("Thông tri", "Hướng dẫn", "Chương trình", "Kế hoạch", "Đề án", "Báo cáo", "Tờ trình"),
    *("Thông báo", "Công văn", "Biên bản", "Thông cáo", "Tuyên bố", "Lời kêu gọi", "Nghị định"),
    *("Thông tư", "Bộ luật", "Luật", "Pháp lệnh", "Lệnh", "Công điện", "Phương án", "Dự án"),
)
ISSUER_MAX_LENGTH = 80
_LONGEST_LEAD = 120
_FEW = r"\s{0,4}"
_NUMBERS = rf"(?P<numbers>(?:[0-9]{{1,4}}{_FEW}(?:,|;|và|và các){_FEW}){{1,6}})?"
_KIND = "|".join(KINDS).replace(" ", r"\s{1,4}")
_BEFORE = re.compile(
    rf"(?:(?<!\w)(?P<kind>{_KIND})"
    rf"(?:\s{{1,4}}liên\s{{1,4}}tịch)?\s{{1,4}})?(?:(?<!\w)số{_FEW}[:.]?{_FEW}{_NUMBERS})?\Z",
    re.IGNORECASE,
)
_DAY, _MONTH, _YEAR = "(?P<day>[0-9]{1,2})", "(?P<month>[0-9]{1,2})", "(?P<year>(?:19|20)[0-9]{2})"
_ISSUED = rf"{_FEW},?{_FEW}(?:được{_FEW})?(?:(?:ban hành|ký){_FEW})?"
_DATES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_ISSUED}ngày{_FEW}{_DAY}{_FEW}([/.-]){_FEW}{_MONTH}{_FEW}\2{_FEW}{_YEAR}(?![0-9])",
        rf"{_ISSUED}ngày{_FEW}{_DAY}{_FEW}tháng{_FEW}{_MONTH}{_FEW},?{_FEW}năm{_FEW}{_YEAR}(?!\w)",
        rf"{_FEW}\({_FEW}(?:ngày{_FEW})?{_DAY}{_FEW}([/.-]){_FEW}{_MONTH}{_FEW}\2{_FEW}{_YEAR}{_FEW}\)",
        rf"{_ISSUED}tháng{_FEW}{_MONTH}{_FEW}(?:/|,?{_FEW}năm){_FEW}{_YEAR}(?!\w)",
        rf"{_ISSUED}năm{_FEW}{_YEAR}(?!\w)",
        rf"{_FEW}\({_FEW}(?:năm{_FEW})?{_YEAR}{_FEW}\)",
    )
)
_ISSUER = re.compile(
    rf"{_FEW},?{_FEW}của\s{{1,4}}(?P<issuer>[^\n.,;:()“”\"]{{2,{ISSUER_MAX_LENGTH}}}?)"
    r"(?=\s{1,4}(?:về|nhằm|để|đối với|trong|khóa|khoá)\s|[\n.,;:()“”\"]|\s{0,4}\Z)"
)


class Said(Protocol):
    """What a text says of a document: `kind` and `issuer` are "" and the days None when unsaid.

    `kind` is folded; the document was issued from `first_day` to `last_day`. What is `doubtful`
    is for a person to decide.
    """

    kind: str
    issuer: str
    first_day: date | None
    last_day: date | None
    doubtful: bool


@dataclass(frozen=True)
class Mention:
    """A document named in a text at `text[start:end]`, its sign at `text[sign_start:sign_end]`."""

    sign: Sign
    start: int
    end: int
    sign_start: int
    sign_end: int
    kind: str = ""
    issuer: str = ""
    first_day: date | None = None
    last_day: date | None = None
    doubtful: bool = False


def find(text: str) -> Iterator[Mention]:
    """Yield every mention in `text`, whatever its normal form, in order."""
    composed, places = _composed(text)
    for found in signs.find(composed):
        for mention in _around(composed, found):
            yield replace(
                mention,
                start=places[mention.start],
                end=places[mention.end],
                sign_start=places[mention.sign_start],
                sign_end=places[mention.sign_end],
            )


def _composed(text: str) -> tuple[str, Sequence[int]]:
    """`text` in NFC, and where in `text` each of its letters, and its end, stands."""
    if unicodedata.is_normalized("NFC", text):
        return text, range(len(text) + 1)
    letters, places = [], []
    for cluster in re.finditer(r".[\u0300-\u036f]*", text, re.DOTALL):
        letter = nfc(cluster[0])
        letters.append(letter)
        places += [cluster.start()] * len(letter)
    return "".join(letters), [*places, len(text)]


def _around(text: str, found: signs.Found) -> Iterator[Mention]:
    """The mention with the sign `found`, after those of “số 01, 02-KL/TW” that share its symbol."""
    offset = max(0, found.start - _LONGEST_LEAD)
    before = _BEFORE.search(text[offset : found.start])
    kind = _folded_kind((before and before["kind"]) or "")
    start = offset + before.start() if before else found.start
    if before and before["numbers"]:
        start = found.start
        for number in re.finditer("[0-9]+", before["numbers"]):
            if int(number[0]):
                at = offset + before.start("numbers") + number.start()
                span = (at, at + len(number[0])) * 2
                sign = replace(found.sign, number=int(number[0]), suffix="")
                yield Mention(sign, *span, kind=kind, doubtful=True)
    first, last, end = _issued(text, found.end)
    issuer = _ISSUER.match(text, end)
    named = " ".join(issuer["issuer"].split()) if issuer else ""
    named = named if named[:1].isupper() else ""
    yield Mention(found.sign, start, end, found.start, found.end, kind, named, first, last)


def _folded_kind(words: str) -> str:
    return " ".join(fold(words).split()).replace("qui ", "quy ")


def _issued(text: str, end: int) -> tuple[date | None, date | None, int]:
    """The first and the last day that the words at `end` may mean, and where those words end."""
    for pattern in _DATES:
        if match := pattern.match(text, end):
            said = match.groupdict()
            year, month, day = (int(said.get(name) or 0) for name in ("year", "month", "day"))
            try:
                first = date(year, month or 1, day or 1)
            except ValueError:
                return None, None, end
            last = first if day else date(year, month or 12, monthrange(year, month or 12)[1])
            return first, last, match.end()
    return None, None, end


# In the library


def bearers(keys: Collection[str]) -> dict[str, list[Document]]:
    """Return the public documents whose sign is one of `keys`, by that key; one query."""
    found: dict[str, list[Document]] = defaultdict(list)
    documents = Document.objects.published().filter(sign_key__in=keys)
    for document in documents.select_related("type", "issuer").only("sign_key", *_READ):
        found[document.sign_key].append(document)
    return found


_READ = ("sign", "slug", "abstract", "issued_on", "ended_on", "type__name", "issuer__name")


def candidates(said: Said, documents: Iterable[Document], day: date) -> list[Document]:
    """Return those of `documents`, which bear its sign, that a text of `day` may mean by `said`.

    No text cites what was issued after it.
    """
    return [
        document
        for document in documents
        if (not said.kind or _folded_kind(str(document.type)) == said.kind)
        and (document.issued_on is None or document.issued_on <= day)
        and _may_be_of(said, document.issued_on)
    ]


def certain(said: Said, documents: Iterable[Document], day: date) -> Document | None:
    """Return the one document that `said` means beyond doubt, or None; as `candidates()`."""
    found = candidates(said, documents, day)
    if len(found) > 1 and said.issuer:
        found = [document for document in found if _agrees(said.issuer, document)]
    if said.doubtful or len(found) != 1:
        return None
    document = found[0]
    if said.first_day and document.issued_on is None:
        return None
    to_the_day = said.first_day is not None and said.first_day == said.last_day
    return document if to_the_day or _agrees(said.issuer, document) else None


def _may_be_of(said: Said, day: date | None) -> bool:
    if day is None or said.first_day is None or said.last_day is None:
        return True
    return said.first_day <= day <= said.last_day


def _agrees(named: str, document: Document) -> bool:
    """Whether `named` is the issuer, in full or in part (Tỉnh ủy, Trung ương); True when unsaid."""
    return not named or f" {fold(named)} " in f" {fold(str(document.issuer))} "
