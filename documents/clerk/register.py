"""A register of documents (XLSX or CSV): checked row by row, then imported all or nothing."""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.search import SearchVector
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Value
from django.utils import timezone

from core.audit import AuditEntry
from core.text import fold, nfc
from core.workflow import Action
from documents import search, signs
from documents.catalogue import Field, Signer
from documents.clerk.names import Names
from documents.models import TERM, Document, Visibility, lock_documents

if TYPE_CHECKING:
    from django.contrib.auth.models import User

ROW_LIMIT = 5000
HEADER_WITHIN = 15
EARLIEST_YEAR = 1900
# What each column is called: first as in the template, then as registers call it.
COLUMNS = {
    "sign": ("Số, ký hiệu", "so va ky hieu", "so ky hieu van ban", "so hieu", "ky hieu"),
    "issued_on": ("Ngày ban hành", "ngay thang", "ngay van ban", "ngay thang van ban", "ngay ky"),
    "abstract": ("Trích yếu", "trich yeu noi dung", "ve viec", "noi dung", "ten van ban"),
    "type": ("Loại", "loai van ban", "ten loai", "the loai"),
    "issuer": ("Cơ quan", "co quan ban hanh", "noi ban hanh", "don vi ban hanh"),
    "signer": ("Người ký", "ho ten nguoi ky"),
    "position": ("Chức vụ", "chuc vu nguoi ky"),
    "fields": ("Lĩnh vực",),
    "term": ("Nhiệm kỳ", "nhiem ky hoac nam"),
    "effective_on": ("Ngày hiệu lực", "ngay co hieu luc", "hieu luc tu ngay"),
    "visibility": ("Phạm vi", "pham vi luu hanh"),
}
NEEDED = ("sign", "abstract", "type", "issuer")
LIMITS = {
    "sign": Document._meta.get_field("sign").max_length,
    "abstract": Document._meta.get_field("abstract").max_length,
    "signer": Signer._meta.get_field("name").max_length,
    "position": Signer._meta.get_field("position").max_length,
}
VISIBILITIES = {
    "": Visibility.PUBLIC,
    "cong khai": Visibility.PUBLIC,
    "noi bo": Visibility.INTERNAL,
    "luu hanh noi bo": Visibility.INTERNAL,
}
_DAY = re.compile(r"\d{1,2}/\d{1,2}/\d{4}")
_SEPARATORS = re.compile("[;,\n]")


class Verdict(StrEnum):
    """What the import would do with a row."""

    NEW = "new"
    KNOWN = "known"
    WRONG = "wrong"


@dataclass
class Row:
    """One row: its number among those with words, the document that it describes, and a verdict."""

    number: int
    written: dict[str, str]
    document: Document
    fields: list[Field] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    known: Document | None = None

    @property
    def verdict(self) -> Verdict:
        """Wrong comes first: what is not understood may not pass for known."""
        if self.problems:
            return Verdict.WRONG
        return Verdict.KNOWN if self.known else Verdict.NEW

    @property
    def key(self) -> tuple[Any, ...]:
        """What tells the document from every other, but for the term: the database's own key."""
        it = self.document
        return it.issuer_id, it.type_id, it.number, it.suffix


@dataclass(frozen=True)
class Report:
    """What an import would do, row by row."""

    rows: list[Row]

    def count(self, verdict: Verdict) -> int:
        """Return how many rows have `verdict`."""
        return sum(row.verdict == verdict for row in self.rows)

    @property
    def new(self) -> int:
        """How many documents would be made."""
        return self.count(Verdict.NEW)

    @property
    def known(self) -> int:
        """How many rows the library has already."""
        return self.count(Verdict.KNOWN)

    @property
    def wrong(self) -> int:
        """How many rows stand in the way."""
        return self.count(Verdict.WRONG)

    @property
    def ready(self) -> bool:
        """True when nothing is wrong and something is new."""
        return bool(self.new) and not self.wrong


def check(table: list[list[str]]) -> Report:
    """Return what importing `table`, rows as `extraction.rows` reads them, would do.

    Raises ValidationError, in Vietnamese, when it is no register or too long a one.
    """
    at, columns = _header(table)
    below = table[at + 1 :]
    if len(below) > ROW_LIMIT:
        limit = f"{ROW_LIMIT:,}".replace(",", ".")
        raise ValidationError(f"Sổ có hơn {limit} dòng. Hãy tách thành nhiều tệp.")
    if not below:
        raise ValidationError("Sổ chưa có dòng nào dưới dòng tên cột. Hãy điền rồi tải lên lại.")
    names = Names()
    rows = [_row(number, columns, cells, names) for number, cells in enumerate(below, at + 2)]
    _find_known(rows)
    _find_repeated(rows)
    return Report(rows)


@transaction.atomic
def import_all(table: list[list[str]], *, expected: int, by: "User") -> tuple[Report, bool]:
    """Make a draft of every new row; return the report and whether it was done.

    Nothing is made when a row is wrong or not just `expected` rows are new any more.
    """
    lock_documents()
    report = check(table)
    done = report.ready and report.new == expected
    if done:
        _make_all([row for row in report.rows if row.verdict == Verdict.NEW], by)
    return report, done


def _header(table: list[list[str]]) -> tuple[int, dict[int, str]]:
    """Where the names of the columns stand, and which column is what."""
    known = {_plain(name): column for column, names in COLUMNS.items() for name in names}
    for at, cells in enumerate(table[:HEADER_WITHIN]):
        named = [(known.get(_plain(cell)), place) for place, cell in enumerate(cells)]
        # The first of two columns of one name counts.
        columns = {column: place for column, place in reversed(named) if column}
        if len(columns) >= 2 and "sign" in columns:
            if missing := [COLUMNS[name][0] for name in NEEDED if name not in columns]:
                raise ValidationError(
                    f"Sổ thiếu cột: {', '.join(missing)}. Hãy thêm cột rồi tải lên lại."
                )
            return at, {place: column for column, place in columns.items()}
    raise ValidationError(
        "Không thấy dòng tên cột (Số, ký hiệu; Trích yếu; Loại; Cơ quan …) trong "
        f"{HEADER_WITHIN} dòng đầu. Hãy dùng tệp mẫu."
    )


def _plain(header: str) -> str:
    return " ".join(re.findall("[a-z0-9]+", fold(header)))


def _row(number: int, columns: dict[int, str], cells: list[str], names: Names) -> Row:
    written = dict.fromkeys(COLUMNS, "") | {
        column: " ".join(cells[place].split())
        for place, column in columns.items()
        if place < len(cells)
    }
    row = Row(number, written, Document(sign=written["sign"], abstract=written["abstract"]))
    _read_sign(row)
    _read_names(row, names)
    for name in ("issued_on", "effective_on"):
        setattr(row.document, name, _day(row, name))
    _read_choices(row)
    return row


def _read_sign(row: Row) -> None:
    sign = signs.parse(row.written["sign"])
    if sign is None:
        row.problems.append("Số, ký hiệu trống hoặc chưa đúng dạng, như 24-CT/TU, 123/KH-UBND.")
        return
    row.document.number, row.document.suffix = sign.number, sign.suffix
    row.document.term = row.written["term"] or str(sign.year or "")
    if not row.written["abstract"]:
        row.problems.append("Thiếu trích yếu.")


def _read_names(row: Row, names: Names) -> None:
    written = row.written
    row.document.type = names.type(written["type"])
    row.document.issuer = names.issuer(written["issuer"])
    for label, name, found, place in (
        ("loại văn bản", written["type"], row.document.type, "Loại văn bản"),
        ("cơ quan", written["issuer"], row.document.issuer, "Cơ quan ban hành"),
    ):
        if not found:
            row.problems.append(_unknown(label, name, place))
    for name in filter(None, map(str.strip, _SEPARATORS.split(written["fields"]))):
        if one := names.field(name):
            row.fields.append(one)
        else:
            row.problems.append(_unknown("lĩnh vực", name, "Lĩnh vực"))


def _unknown(label: str, name: str, place: str) -> str:
    if not name:
        return f"Thiếu {label}."
    return (
        f"Không có đúng một {label} tên “{name}”. Hãy sửa ô này theo danh mục, hoặc thêm vào mục "
        f"{place}."
    )


def _day(row: Row, name: str) -> date | None:
    """The day written in a cell; a wrong one is reported, never guessed."""
    text = row.written[name]
    if not text:
        return None
    try:
        day = datetime.strptime(text if _DAY.fullmatch(text) else "", "%d/%m/%Y").date()
    except ValueError:
        day = date.min
    if day.year >= EARLIEST_YEAR:
        return day
    row.problems.append(f"{COLUMNS[name][0]} “{text}” chưa đúng. Hãy ghi ngày/tháng/năm đủ số.")
    return None


def _read_choices(row: Row) -> None:
    if not re.fullmatch(TERM, row.document.term):
        row.problems.append(
            f"Nhiệm kỳ “{row.document.term}” chưa đúng. Hãy ghi như 2020-2025 hoặc 2022."
        )
    visibility = VISIBILITIES.get(_plain(row.written["visibility"]))
    if visibility is None:
        row.problems.append("Phạm vi phải là “Công khai” hoặc “Lưu hành nội bộ”.")
    row.document.visibility = visibility or Visibility.INTERNAL
    for column, limit in LIMITS.items():
        if limit and len(row.written[column]) > limit:
            row.problems.append(f"{COLUMNS[column][0]} dài quá {limit} ký tự.")


def _find_known(rows: list[Row]) -> None:
    """Note which rows the library has: the same key, or the same but for the term on that day."""
    numbers: dict[tuple[Any, Any], set[int]] = defaultdict(set)
    for row in rows:
        if None not in row.key:
            numbers[row.key[:2]].add(row.key[2])
    stored: dict[tuple[Any, ...], list[Document]] = defaultdict(list)
    for (issuer, type_), wanted in numbers.items():
        same = Document.objects.originals().filter(
            issuer=issuer, type=type_, number__in=wanted, congress=False
        )
        for document in same.select_related("type").defer("words", "folded").order_by():
            stored[Row(0, {}, document).key].append(document)
    for row in rows:
        row.known = next((one for one in stored[row.key] if _is_same(row.document, one)), None)


def _is_same(one: Document, other: Document) -> bool:
    same_day = one.issued_on is not None and one.issued_on == other.issued_on
    return one.term == other.term or same_day


def _find_repeated(rows: list[Row]) -> None:
    first: dict[tuple[Any, ...], int] = {}
    for row in rows:
        key = (*row.key, row.document.term)
        if None not in key and first.setdefault(key, row.number) != row.number:
            row.problems.append(f"Trùng với dòng {first[key]}. Hãy bỏ một dòng.")


def _make_all(rows: list[Row], by: "User") -> None:
    """Store the documents in few statements: thousands of them, while all others wait."""
    signers: dict[tuple[str, str], Signer] = {}
    for row in rows:
        document, words = row.document, (row.document.sign, row.document.abstract)
        document.created_by = by
        document.signer = _signer(row, signers)
        document.follow_sign()
        # Later than created_at: a clerk has read the register (desk.UNCONFIRMED).
        document.updated_at = timezone.now()
        document.words = SearchVector(Value(search.words_of(*words)), config="simple")
    Document.objects.bulk_create([row.document for row in rows], batch_size=500)
    link = Document.fields.through
    link.objects.bulk_create(
        [link(document=row.document, field=one) for row in rows for one in row.fields]
    )
    _note_all([row.document for row in rows], by)


def _note_all(documents: list[Document], by: "User") -> None:
    """Write into the audit trail who has made the drafts, and so may not approve them."""
    subject = ContentType.objects.get_for_model(Document)
    AuditEntry.objects.bulk_create(
        AuditEntry(
            actor=by,
            action=Action.CREATE,
            from_state=document.state,
            to_state=document.state,
            reason="Từ sổ văn bản",
            content_type=subject,
            object_id=document.pk,
            version_id=document.pk,
            title=str(document),
        )
        for document in documents
    )


def _signer(row: Row, known: dict[tuple[str, str], Signer]) -> Signer | None:
    key = nfc(row.written["signer"]), nfc(row.written["position"])
    if not key[0]:
        return None
    if key not in known:
        known[key], _ = Signer.objects.get_or_create(name=key[0], position=key[1])
    return known[key]
