"""How the records clerk narrows the list of documents."""

from datetime import date
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from core.workflow import State
from documents.clerk import desk
from documents.models import Document, DocumentType, Visibility

YEARS_SHOWN = 10


class ConditionFilter(admin.SimpleListFilter):
    """A filter whose choices are `CONDITIONS`: words and what they keep, by their address."""

    CONDITIONS: ClassVar[dict[str, tuple[str, Q]]]

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Offer every choice."""
        return [(key, label) for key, (label, _) in self.CONDITIONS.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Document]) -> QuerySet[Document]:
        """Keep what was chosen."""
        chosen = self.CONDITIONS.get(self.value() or "")
        return queryset.filter(chosen[1]) if chosen else queryset


class TaskFilter(ConditionFilter):
    """By what is left to do."""

    title = "việc cần làm"
    parameter_name = "viec"
    CONDITIONS = {
        "khan": ("Đăng khẩn, chờ xác nhận", desk.URGENT),
        "dinh-chinh": ("Bản đính chính", Q(corrects__isnull=False)),
        "xac-nhan": ("Bản nháp cần xác nhận", desk.UNCONFIRMED),
        "ban-quet": (
            "Có bản quét chưa xác nhận",
            Q(pk__in=desk.UNCLEARED.values("document")),
        ),
        "nhan-dang": ("Bản quét đang nhận dạng", Q(pk__in=desk.BEING_READ.values("document"))),
        "dau-mat": ("Dấu mật", Q(pk__in=desk.MARKED.values("document"))),
    }


class StateFilter(ConditionFilter):
    """By what has become of a document."""

    title = "tình trạng"
    parameter_name = "tinh-trang"
    CONDITIONS = {
        "nhap": ("Bản nháp", Q(state=State.DRAFT)),
        "cho-duyet": ("Chờ duyệt", Q(state=State.SUBMITTED)),
        "tra-lai": ("Trả lại", Q(state=State.RETURNED)),
        "hen-gio": ("Hẹn giờ đăng", Q(state=State.APPROVED)),
        "dang": ("Đang đăng", Q(state=State.LIVE)),
        "go": ("Đã gỡ", Q(state=State.WITHDRAWN)),
    }


class VisibilityFilter(ConditionFilter):
    """By who may read."""

    title = "phạm vi"
    parameter_name = "pham-vi"
    CONDITIONS = {
        "cong-khai": ("Công khai", Q(visibility=Visibility.PUBLIC)),
        "noi-bo": ("Lưu hành nội bộ", Q(visibility=Visibility.INTERNAL)),
    }


class TypeFilter(admin.SimpleListFilter):
    """By type, all of them offered, in their order."""

    title = "loại văn bản"
    parameter_name = "loai"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Offer every type."""
        return [(one.slug, one.name) for one in DocumentType.objects.all()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Document]) -> QuerySet[Document]:
        """Keep the chosen type."""
        known = self.value() in dict(self.lookup_choices)
        return queryset.filter(type__slug=self.value()) if known else queryset


class YearFilter(admin.SimpleListFilter):
    """By year of issue; years long gone are one choice, so that nothing has to be counted."""

    title = "năm ban hành"
    parameter_name = "nam"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Offer the last years, all before them, and the undated."""
        years = [str(self._this_year() - back) for back in range(YEARS_SHOWN)]
        return [
            *((year, year) for year in years),
            ("truoc", f"Trước năm {years[-1]}"),
            ("khong-ro", "Chưa rõ ngày"),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Document]) -> QuerySet[Document]:
        """Keep the chosen years."""
        value = self.value()
        if value == "khong-ro":
            return queryset.filter(issued_on=None)
        if value == "truoc":
            first_shown = date(self._this_year() - YEARS_SHOWN + 1, 1, 1)
            return queryset.filter(issued_on__lt=first_shown)
        known = value in dict(self.lookup_choices)
        return queryset.filter(issued_on__year=value) if known else queryset

    def _this_year(self) -> int:
        return timezone.localdate().year
