"""The list of documents as a file to work with: CSV and XLSX of what its address asks for."""

from collections.abc import Iterator

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from core.caching import public_unless_signed_in
from core.spreadsheets import Value, csv_lines, harmless, workbook
from core.templatetags.portal import number
from documents.files import CONTENT_TYPES, FileKind
from documents.listing import Reader, asked
from documents.models import Document, DocumentQuerySet
from documents.validity import status

# A workbook is made in memory; CSV, which is streamed, has no end.
MOST_ROWS = 10_000
CUT = f"Tệp này chỉ có {number(MOST_ROWS)} văn bản đầu. Hãy lọc hẹp hơn, hoặc tải tệp CSV để có đủ."
CHUNK = 1_000
# Column → its width in a workbook, in letters.
COLUMNS = {
    "Số, ký hiệu": 18,
    "Loại văn bản": 16,
    "Trích yếu": 70,
    "Cơ quan ban hành": 40,
    "Nhiệm kỳ hoặc năm": 18,
    "Ngày ban hành": 14,
    "Ngày có hiệu lực": 16,
    "Hiệu lực": 24,
    "Lĩnh vực": 30,
    "Phạm vi": 18,
    "Địa chỉ": 60,
}


@require_safe
@public_unless_signed_in
def csv_file(request: HttpRequest) -> HttpResponseBase:
    """All documents asked for in CSV (RFC 4180), in UTF-8 with the mark that Excel looks for."""
    rows = _rows(*_found(request))
    lines = csv_lines(COLUMNS, rows)
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    return _attached(response, "csv")


@require_safe
@public_unless_signed_in
def xlsx_file(request: HttpRequest) -> HttpResponseBase:
    """The first MOST_ROWS documents asked for as a workbook, with a note where there are more."""
    documents, reader = _found(request)
    rows = list(_rows(documents[: MOST_ROWS + 1], reader))
    note = CUT if len(rows) > MOST_ROWS else ""
    content = workbook("Văn bản", COLUMNS, rows[:MOST_ROWS], note=note)
    response = HttpResponse(content, content_type=CONTENT_TYPES[FileKind.XLSX])
    return _attached(response, "xlsx")


def _found(request: HttpRequest) -> tuple[DocumentQuerySet, Reader]:
    wanted, reader = asked(request.GET), Reader(request.user, timezone.localdate())
    return wanted.ordered(wanted.documents(reader)), reader


def _attached(response: HttpResponseBase, suffix: str) -> HttpResponseBase:
    name = f"Danh sách văn bản {timezone.localdate():%d-%m-%Y}.{suffix}"
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response


def _rows(documents: DocumentQuerySet, reader: Reader) -> Iterator[list[Value]]:
    found = documents.for_cards().prefetch_related("fields")
    for document in found.iterator(chunk_size=CHUNK):
        yield [harmless(value) for value in _row(document, reader)]


def _row(document: Document, reader: Reader) -> list[Value]:
    return [
        document.sign,
        str(document.type),
        document.abstract,
        str(document.issuer),
        document.term,
        document.issued_on,
        document.in_force_from,
        str(status(document, reader.day).label),
        ", ".join(field.name for field in document.fields.all()),
        document.get_visibility_display(),
        f"{settings.SITE_URL}{document.get_absolute_url()}",
    ]
