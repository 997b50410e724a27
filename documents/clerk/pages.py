"""Pages beside the form: suggestions, files for the clerk's eyes, many files, a register."""

import io
from datetime import date
from typing import TYPE_CHECKING, Any

import openpyxl
from django.contrib import messages
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.core import signing
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    JsonResponse,
)
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.dateparse import parse_date
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST, require_safe
from openpyxl.styles import Font

from core.newsroom import row_number, writer
from core.publishing import Refused
from core.templatetags.portal import number
from documents import corrections, extraction, signs, vault
from documents.clerk import desk, intake, register, suggestions
from documents.clerk.forms import ACCEPTED
from documents.clerk.inlines import cited
from documents.downloads import SHOWN_IN_PLACE
from documents.files import CONTENT_TYPES, DocumentFile, FileKind
from documents.models import Document

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin as _Admin
else:
    _Admin = object

SALT = "documents.clerk.register"
A_DAY = 24 * 3600
FILES_PER_REQUEST = 100  # Django's DATA_UPLOAD_MAX_NUMBER_FILES


class DocumentChoices(AutocompleteJsonView):
    """Answers the box that chooses a document."""

    def process_request(self, request: HttpRequest) -> Any:
        """Refuse to search other tables: their boxes ask Django's own view."""
        found = super().process_request(request)
        if found[1].model is not Document:
            raise PermissionDenied
        return found

    def get_queryset(self) -> Any:
        """Fetch what names a document along with it."""
        return super().get_queryset().filter(corrects=None).select_related("type", "issuer")

    def serialize_result(self, obj: Any, to_field_name: str) -> dict[str, str]:
        """Name each document so that it cannot be taken for another."""
        return {"id": str(obj.pk), "text": cited(obj)}


class DocumentPages(_Admin):
    """The pages of DocumentAdmin that are neither list nor form."""

    def get_urls(self) -> list[URLPattern]:
        """Put these before the usual ones."""
        wrap = self.admin_site.admin_view
        choose = DocumentChoices.as_view(admin_site=self.admin_site)
        pages: tuple[tuple[str, Any, str], ...] = (
            ("goi-y/", self.suggest_view, "suggest"),
            ("chon/", choose, "choose"),
            ("tep/<int:pk>/", self.file_view, "file"),
            ("tep/<int:pk>/trang-dau/", self.picture_view, "picture"),
            ("nhan-tep/", self.intake_view, "intake"),
            ("nhap-so/", self.register_view, "register"),
            ("nhap-so/mau.xlsx", self.template_view, "template"),
            ("<int:pk>/dinh-chinh/", self.correct_view, "correct"),
        )
        own = [
            path(place, wrap(view), name=f"documents_document_{name}")
            for place, view, name in pages
        ]
        return [*own, *super().get_urls()]

    @method_decorator(require_safe)
    def suggest_view(self, request: HttpRequest) -> HttpResponse:
        """Answer as JSON what the sign typed so far suggests (documents/clerk/suggestions.py)."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        given = request.GET
        sign = signs.parse(given.get("so", "").replace("\x00", ""))
        on, own = _day(given.get("ngay", "")), row_number(given.get("van-ban", ""))
        issuer = row_number(given.get("co-quan", ""))
        answer: dict[str, Any] = {"sign": "", "types": [], "issuers": [], "same": []}
        if sign:
            answer = {
                "sign": str(sign),
                "types": [_choice(row) for row in suggestions.types(sign)],
                "issuers": [_choice(row) for row in suggestions.issuers(sign, on)],
                "same": [
                    {
                        "url": reverse("admin:documents_document_change", args=[one.pk]),
                        "text": cited(one),
                        "state": one.get_state_display(),
                    }
                    for one in suggestions.same_sign(sign, besides=own)
                ],
            }
        return JsonResponse(answer | {"terms": suggestions.terms(issuer, sign, on)})

    @method_decorator(require_POST)
    def correct_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Open the correction of a document that was public; begin one if there is none."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        document = get_object_or_404(self.get_queryset(request), pk=pk)
        try:
            document = corrections.begin(document, by=writer(request))
        except Refused as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
        return redirect("admin:documents_document_change", document.pk)

    @method_decorator(require_safe)
    def file_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """A file of any document, published or not, for who keeps the documents."""
        file = self._file(request, pk)
        return FileResponse(
            _opened(file),
            content_type=file.content_type,
            filename=file.name,
            as_attachment=file.kind not in SHOWN_IN_PLACE,
        )

    @method_decorator(require_safe)
    def picture_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """The picture of a file's first page, for who keeps the documents."""
        return FileResponse(
            _opened(self._file(request, pk), vault.PREVIEW), content_type="image/webp"
        )

    def _file(self, request: HttpRequest, pk: int) -> DocumentFile:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return get_object_or_404(DocumentFile.objects.defer("text"), pk=pk)

    def intake_view(self, request: HttpRequest) -> HttpResponse:
        """Take in many files; answer the script, which sends them one by one, in JSON."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        files = request.FILES.getlist("files") if request.method == "POST" else []
        outcomes = [_described(intake.receive(file, by=writer(request))) for file in files]
        if request.method == "POST" and request.headers.get("Accept") == "application/json":
            return JsonResponse({"outcomes": outcomes})
        context = {
            "outcomes": outcomes,
            "nothing_sent": request.method == "POST" and not files,
            "unconfirmed": desk.unconfirmed().count(),
            "accepted": ACCEPTED,
            "limit": FILES_PER_REQUEST,
        }
        return self._render(request, "intake", "Nhận nhiều tệp", **context)

    def register_view(self, request: HttpRequest) -> HttpResponse:
        """Check a register row by row; then, on a second button, import all or nothing.

        Between the two the rows stay in the form, signed: what was checked is what is imported.
        """
        if not self.has_add_permission(request):
            raise PermissionDenied
        context: dict[str, Any] = {"limit": register.ROW_LIMIT}
        try:
            if "_import" in request.POST:
                return self._import(request)
            if request.method == "POST":
                context |= _checked(_uploaded_table(request))
        except ValidationError as error:
            context["problem"] = " ".join(error.messages)
        return self._render(request, "register", "Nhập sổ văn bản", **context)

    def _import(self, request: HttpRequest) -> HttpResponse:
        table, expected = _signed_table(request.POST.get("table", ""))
        report, done = register.import_all(table, expected=expected, by=writer(request))
        if done:
            words = (
                f"Đã nhập {number(report.new)} văn bản thành bản nháp, chỉ văn thư thấy. "
                "Hãy mở từng bản để thêm tệp rồi gửi duyệt."
            )
            self.message_user(request, words, messages.SUCCESS)
            drafts = {"tinh-trang": "nhap"}
            return redirect(reverse("admin:documents_document_changelist", query=drafts))
        changed = "Danh mục hoặc thư viện vừa thay đổi nên chưa nhập dòng nào. Hãy xem lại báo cáo."
        context = {"limit": register.ROW_LIMIT, "problem": changed, **_checked(table, report)}
        return self._render(request, "register", "Nhập sổ văn bản", **context)

    @method_decorator(require_safe)
    def template_view(self, request: HttpRequest) -> HttpResponse:
        """An empty register with the names of the columns."""
        book = openpyxl.Workbook()
        sheet = book.active
        sheet.title = "Sổ văn bản"
        for place, names in enumerate(register.COLUMNS.values(), start=1):
            cell = sheet.cell(1, place, names[0])
            cell.font = Font(bold=True)
            # Text, or the spreadsheet would turn 01/02/2023 into what it takes for a date.
            letter = cell.column_letter
            sheet.column_dimensions[letter].number_format = "@"
            sheet.column_dimensions[letter].width = 60 if names[0] == "Trích yếu" else 20
        sheet.freeze_panes = "A2"
        content = io.BytesIO()
        book.save(content)
        return HttpResponse(
            content.getvalue(),
            content_type=CONTENT_TYPES[FileKind.XLSX],
            headers={"Content-Disposition": 'attachment; filename="so-van-ban.xlsx"'},
        )

    def _render(
        self, request: HttpRequest, template: str, title: str, **context: Any
    ) -> HttpResponse:
        context |= {**self.admin_site.each_context(request), "opts": self.opts, "title": title}
        return TemplateResponse(request, f"admin/documents/document/{template}.html", context)


def _described(outcome: intake.Outcome) -> dict[str, str]:
    document = outcome.document
    return {
        "name": outcome.name,
        "result": outcome.result,
        "words": outcome.words,
        "document": str(document) if document else "",
        "url": reverse("admin:documents_document_change", args=[document.pk]) if document else "",
    }


def _uploaded_table(request: HttpRequest) -> list[list[str]]:
    file = request.FILES.get("file")
    if not isinstance(file, UploadedFile):
        raise ValidationError("Chưa có tệp. Hãy chọn tệp XLSX hoặc CSV rồi bấm “Kiểm tra”.")
    if file.size and file.size > extraction.SIZE_LIMIT:
        raise extraction.too_large()
    return extraction.rows(file.read())


def _checked(table: list[list[str]], report: register.Report | None = None) -> dict[str, Any]:
    """The report for the page and, when all may be imported, the rows signed for the next step."""
    report = report or register.check(table)
    signed = signing.dumps([table, report.new], salt=SALT, compress=True) if report.ready else ""
    return {"report": report, "signed": signed}


def _signed_table(signed: str) -> tuple[list[list[str]], int]:
    try:
        table, expected = signing.loads(signed, salt=SALT, max_age=A_DAY)
    except signing.BadSignature as error:
        raise ValidationError("Báo cáo đã quá một ngày. Hãy tải tệp lên lại.") from error
    return table, expected


def _opened(file: DocumentFile, suffix: str = "") -> Any:
    try:
        return vault.path(file.sha256, suffix).open("rb")
    except FileNotFoundError as error:
        raise Http404("The bytes are missing.") from error


def _choice(row: Any) -> dict[str, str]:
    return {"id": str(row.pk), "text": str(row)}


def _day(text: str) -> date | None:
    """The day typed as dd/mm/yyyy, or None."""
    try:
        return parse_date("-".join(reversed(text.split("/"))))
    except ValueError:
        return None
