"""The audit trail in the newsroom: to be read, narrowed and taken away as a file, never changed."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, QuerySet
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    StreamingHttpResponse,
)
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.decorators import method_decorator
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core.audit import AuditEntry
from core.newsroom import BoundedPaginator, PlainAdmin, row_number
from core.people import name_of
from core.spreadsheets import Value, csv_lines, harmless, workbook
from core.templatetags.portal import number
from core.text import fold

MOST_ROWS = 10_000
CUT = f"Tệp này chỉ có {number(MOST_ROWS)} mục mới nhất. Hãy lọc hẹp hơn."
# Column → its width in a workbook, in letters.
COLUMNS = {
    "Lúc": 18,
    "Người thực hiện": 26,
    "Tài khoản": 20,
    "Việc": 22,
    "Loại": 16,
    "Số": 10,
    "Tên": 60,
    "Từ trạng thái": 20,
    "Sang trạng thái": 20,
    "Lý do, nội dung": 60,
}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class BoxFilter(admin.SimpleListFilter):
    """A filter that is typed into a box."""

    template = "admin/core/auditentry/box.html"
    kind = "text"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Django leaves a filter without choices out."""
        return [("", str(self.title))]

    def choices(self, changelist: Any) -> Iterator[Any]:
        """Return what the box holds, and what else the address asks for."""
        others = changelist.params.items()
        yield {
            "value": self.value() or "",
            "name": self.parameter_name,
            "kind": self.kind,
            "others": [pair for pair in others if pair[0] != self.parameter_name],
            "suggested": self.suggested(),
        }

    def suggested(self) -> list[str]:
        """Return what the box offers."""
        return []


class PersonFilter(BoxFilter):
    """By who did it: every word of the name or the account, with or without diacritics."""

    title = "người thực hiện"
    parameter_name = "nguoi"
    MOST = 500

    def suggested(self) -> list[str]:
        """Offer the people of the newsroom."""
        staff = get_user_model().objects.filter(is_staff=True).order_by("last_name", "pk")
        return [name_of(one) for one in staff[: self.MOST]]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Keep what such people did; there are hundreds of accounts, so Python looks."""
        words = fold((self.value() or "").replace("\x00", " ")).split()
        if not words:
            return queryset
        people = get_user_model().objects.all()
        names = ((one.pk, fold(f"{name_of(one)} {one.get_username()}")) for one in people)
        return queryset.filter(
            actor__in=[pk for pk, name in names if all(word in name for word in words)]
        )


class DayFilter(BoxFilter):
    """One end of a period."""

    kind = "date"

    def day(self) -> date | None:
        """Return the day that is asked for, None for what is no day."""
        try:
            return parse_date(self.value() or "")
        except ValueError:
            return None


class FromFilter(DayFilter):
    """From the first moment of a day."""

    title = "từ ngày"
    parameter_name = "tu"

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Keep what happened since."""
        day = self.day()
        return queryset.filter(at__gte=midnight(day)) if day else queryset


class ToFilter(DayFilter):
    """Until the last moment of a day."""

    title = "đến ngày"
    parameter_name = "den"

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Keep what happened before."""
        day = self.day()
        if not day or day == date.max:
            return queryset
        return queryset.filter(at__lt=midnight(day + timedelta(days=1)))


def midnight(day: date) -> datetime:
    """Return the first moment of `day` in Vietnam; year 1 is none in UTC."""
    return timezone.make_aware(datetime.combine(max(day, date(1900, 1, 1)), time.min))


class KindFilter(admin.SimpleListFilter):
    """By what it happened to."""

    title = "loại"
    parameter_name = "loai"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Offer the kinds in the trail that the person may look at."""
        told = Exists(AuditEntry.objects.filter(content_type=OuterRef("pk")))
        kinds = ContentType.objects.filter(told, pk__in=visible_kinds(request))
        return [(str(kind.pk), str(kind.name).capitalize()) for kind in kinds]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Keep the chosen kind."""
        chosen = row_number(self.value() or "")
        return queryset.filter(content_type=chosen) if chosen is not None else queryset


def visible_kinds(request: HttpRequest) -> set[int]:
    """Return the ids of the kinds of things that the person may look at."""
    return {
        kind.pk
        for kind in ContentType.objects.all()
        if any(
            request.user.has_perm(f"{kind.app_label}.{verb}_{kind.model}")
            for verb in ("view", "change")
        )
    }


@admin.register(AuditEntry)
class AuditEntryAdmin(PlainAdmin):
    """The audit trail, to be read only."""

    list_display = ("at", "actor_name", "action", "title", "reason")
    list_display_links = None
    list_filter = (PersonFilter, FromFilter, ToFilter, KindFilter, "action")
    list_select_related = ("actor",)
    list_per_page = 50
    paginator = BoundedPaginator
    sortable_by = ()
    change_list_template = "admin/core/auditentry/change_list.html"

    def get_urls(self) -> list[URLPattern]:
        """Put the two files before the usual addresses."""
        view = self.admin_site.admin_view(self.export_view)
        own = path("xuat/<str:suffix>/", view, name="core_auditentry_export")
        return [own, *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[AuditEntry]:
        """Keep the trail of what may be looked at: it names drafts and internal documents."""
        return super().get_queryset(request).filter(content_type__in=visible_kinds(request))

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Refuse: the portal writes the trail."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: AuditEntry | None = None) -> bool:
        """Refuse: the trail is append-only."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: AuditEntry | None = None) -> bool:
        """Refuse: the trail is append-only."""
        return False

    @admin.display(description="Người thực hiện")
    def actor_name(self, entry: AuditEntry) -> str:
        """Return who did it; the portal itself has no account."""
        return name_of(entry.actor) if entry.actor else "Tự động"

    @method_decorator(require_safe)
    @method_decorator(never_cache)
    def export_view(self, request: HttpRequest, suffix: str) -> HttpResponseBase:
        """The newest MOST_ROWS entries that the list would show, as CSV or as a workbook."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if suffix not in ("csv", "xlsx"):
            raise Http404("No such format.")
        found = self.get_changelist_instance(request).get_queryset(request)
        entries = list(found.select_related("actor", "content_type")[: MOST_ROWS + 1])
        rows = [[harmless(value) for value in _row(entry)] for entry in entries[:MOST_ROWS]]
        note = CUT if len(entries) > MOST_ROWS else ""
        return _attached(_csv(rows, note) if suffix == "csv" else _workbook(rows, note), suffix)


def _row(entry: AuditEntry) -> list[Value]:
    return [
        f"{timezone.localtime(entry.at):%d/%m/%Y %H:%M:%S}",
        name_of(entry.actor) if entry.actor else "Tự động",
        entry.actor.get_username() if entry.actor else "",
        entry.get_action_display(),
        str(entry.content_type.name),
        entry.object_id,
        entry.title,
        entry.get_from_state_display(),
        entry.get_to_state_display(),
        entry.reason,
    ]


def _csv(rows: list[list[Value]], note: str) -> HttpResponseBase:
    lines = csv_lines(COLUMNS, [*rows, [note]] if note else rows)
    return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")


def _workbook(rows: list[list[Value]], note: str) -> HttpResponseBase:
    return HttpResponse(workbook("Nhật ký", COLUMNS, rows, note=note), content_type=XLSX)


def _attached(response: HttpResponseBase, suffix: str) -> HttpResponseBase:
    name = f"Nhật ký {timezone.localdate():%d-%m-%Y}.{suffix}"
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response
