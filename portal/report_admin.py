"""“Báo cáo truy cập” and “Số liệu ban đầu” in the newsroom."""

from io import BytesIO
from typing import Any

from django import forms
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe
from openpyxl import Workbook
from openpyxl.styles import Font

from core.newsroom import PlainAdmin, writer
from core.spreadsheets import cell, harmless
from core.templatetags.portal import number
from documents.files import CONTENT_TYPES, FileKind
from portal import reports
from stats import history
from stats.charts import Place
from stats.models import Kind, Opening, SiteDay

LONGEST_SHEET_NAME = 31  # Excel's limit


@admin.register(SiteDay)
class ReportAdmin(PlainAdmin):
    """The report, in the place of a list of days: they are never edited."""

    def get_urls(self) -> list[URLPattern]:
        """Put the workbook before the usual addresses."""
        export = self.admin_site.admin_view(self.export_view)
        return [path("xuat/", export, name="stats_siteday_export"), *super().get_urls()]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Refuse: the counter writes the days."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: SiteDay | None = None) -> bool:
        """Refuse: days are never edited."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: SiteDay | None = None) -> bool:
        """Refuse: days are kept for ever."""
        return False

    @method_decorator(require_safe)
    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the report that the address asks for."""
        wanted = self._wanted(request)
        today = timezone.localdate()
        first = history.first_day() or today
        context = {
            **self.admin_site.each_context(request),
            "title": "Báo cáo truy cập",
            "opts": self.opts,
            "asked": wanted,
            "units": reports.UNIT_NAMES.items(),
            "years": range(today.year, first.year - 1, -1),
            "months": range(1, 13),
            "chart": reports.chart(wanted),
            "breakdowns": reports.breakdowns(wanted),
        }
        return TemplateResponse(request, "admin/report.html", context)

    @method_decorator(require_safe)
    def export_view(self, request: HttpRequest) -> HttpResponse:
        """Answer the same report as a workbook, a sheet for the chart and for each breakdown."""
        wanted = self._wanted(request)
        content_type = CONTENT_TYPES[FileKind.XLSX]
        response = HttpResponse(_workbook(wanted), content_type=content_type)
        name = f"Báo cáo truy cập {wanted.name.replace('/', '-')}.xlsx"
        response["Content-Disposition"] = content_disposition_header(True, name)
        return response

    def _wanted(self, request: HttpRequest) -> reports.Asked:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return reports.asked(request.GET.dict())


def _workbook(wanted: reports.Asked) -> bytes:
    book = Workbook(write_only=True)
    chart = reports.chart(wanted)
    _add_sheet(book, "Lượt truy cập", chart.unit, list(chart.places))
    for found in reports.breakdowns(wanted):
        _add_sheet(book, found.title, found.of, found.rows)
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def _add_sheet(book: Workbook, title: str, of: str, rows: list[Place]) -> None:
    sheet = book.create_sheet(title.replace(",", "")[:LONGEST_SHEET_NAME])
    sheet.freeze_panes = "A2"
    sheet.column_dimensions["A"].width = 50
    bold = Font(bold=True)
    headings = (of, "Kỳ này", "Cùng kỳ năm trước", "Tăng, giảm")
    sheet.append([cell(sheet, heading, font=bold) for heading in headings])
    for row in rows:
        values = (row.label, row.value, row.before, row.change)
        sheet.append([cell(sheet, harmless(value)) for value in values])


class OpeningForm(forms.ModelForm):
    """A figure of the old site; what it is of must exist, and no total may fall below zero."""

    kind = forms.ChoiceField(
        label="Số liệu của",
        required=False,
        choices=[
            ("", "Toàn trang (lượt truy cập)"),
            (Kind.ARTICLE, "Một bài viết (lượt xem)"),
            (Kind.DOCUMENT, "Một văn bản (lượt xem)"),
            (Kind.DOWNLOAD, "Một văn bản (lượt tải)"),
        ],
    )

    class Meta:
        model = Opening
        fields = ("kind", "object_id", "amount", "source", "dated", "reason")
        labels = {"object_id": "Số của bài hoặc văn bản"}
        help_texts = {
            "object_id": "Số ở cuối địa chỉ của bài hoặc văn bản, như 12 trong hoi-nghi-12.",
            "source": "Số này lấy ở đâu; bạn đọc thấy ở trang Thống kê truy cập.",
            "reason": "Chỉ ghi khi điều chỉnh số đã nhập; số điều chỉnh giảm mang dấu trừ.",
        }
        widgets = {"reason": AdminTextareaWidget(attrs={"rows": 3})}

    def clean(self) -> dict[str, Any]:
        """Refuse what is of nothing, and what would make a total negative."""
        cleaned = super().clean() or self.cleaned_data
        kind, object_id = cleaned.get("kind"), cleaned.get("object_id")
        amount = cleaned.get("amount") or 0
        if kind and object_id is not None:
            model = apps.get_model(settings.COUNTED_MODELS[kind])
            if not model._default_manager.filter(pk=object_id).exists():
                raise ValidationError({"object_id": "Không có bài hoặc văn bản mang số này."})
            total = history.totals_of([kind], object_id)[kind]
        else:
            total = history.opening()
        if total + amount < 0:
            raise ValidationError(
                {"amount": f"Hiện chỉ có {number(total)} lượt: không thể giảm nhiều hơn."}
            )
        return cleaned


@admin.register(Opening)
class OpeningAdmin(PlainAdmin):
    """Figures of the old site: entered once, corrected by another row, never changed."""

    form = OpeningForm
    list_display = ("of", "signed_amount", "source", "dated", "reason", "entered_by", "entered_at")
    list_select_related = ("entered_by",)
    list_per_page = 50
    sortable_by = ()

    def has_change_permission(self, request: HttpRequest, obj: Opening | None = None) -> bool:
        """Refuse: a correction is another row."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Opening | None = None) -> bool:
        """Refuse: what was told to readers stays on record."""
        return False

    def save_model(self, request: HttpRequest, obj: Opening, form: Any, change: bool) -> None:
        """Note who has entered it."""
        obj.entered_by = writer(request)
        super().save_model(request, obj, form, change)

    @admin.display(description="Số liệu của")
    def of(self, opening: Opening) -> str:
        """Return what the figure is of."""
        return opening.of()

    @admin.display(description="Số lượt")
    def signed_amount(self, opening: Opening) -> str:
        """Return the amount as readers see it; a decrease has its sign."""
        return number(opening.amount)
