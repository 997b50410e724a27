"""How the newsroom narrows its list of articles."""

from datetime import date
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from core.workflow import State
from news.listing import Month, first_moment, month_after, months_of
from news.models import Article, Category

MONTHS_SHOWN = 12


class StatusFilter(admin.SimpleListFilter):
    """By what has become of an article; expects the alias `open` of ArticleAdmin."""

    title = "tình trạng"
    parameter_name = "tinh-trang"
    CONDITIONS: ClassVar = {
        "nhap": ("Bản nháp", Q(open__state=State.DRAFT, live=None, withdrawn_at=None)),
        "cho-duyet": ("Chờ duyệt", Q(open__state=State.SUBMITTED)),
        "tra-lai": ("Trả lại", Q(open__state=State.RETURNED)),
        "hen-gio": ("Đã duyệt, hẹn giờ đăng", Q(open__state=State.APPROVED)),
        "dang": ("Đang đăng", Q(live__isnull=False)),
        "khan": ("Đăng khẩn, chờ xác nhận", Q(live__unconfirmed=True)),
        "sua": ("Đang đăng, có bản sửa", Q(live__isnull=False, open__isnull=False)),
        "go": ("Đã gỡ", Q(withdrawn_at__isnull=False)),
    }

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Offer every status."""
        return [(key, label) for key, (label, _) in self.CONDITIONS.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> QuerySet[Article]:
        """Keep the chosen status."""
        chosen = self.CONDITIONS.get(self.value() or "")
        return queryset.filter(chosen[1]) if chosen else queryset


class SectionFilter(admin.SimpleListFilter):
    """By category, subsections included; a draft counts where it will stand."""

    title = "chuyên mục"
    parameter_name = "chuyen-muc"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Offer the sections, each followed by its subsections."""
        self.categories = list(Category.objects.all())
        return [
            (str(one.pk), f"– {one}" if one.parent_id else str(one))
            for section in self.categories
            if not section.parent_id
            for one in self._with_children(section.pk)
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> QuerySet[Article]:
        """Keep the chosen category."""
        chosen = [c for c in self.categories if str(c.pk) == self.value()]
        if not chosen:
            return queryset
        here = self._with_children(chosen[0].pk)
        return queryset.filter(
            Q(open=None, category__in=here) | Q(open__category__in=here),
        )

    def _with_children(self, pk: int) -> list[Category]:
        here = [c for c in self.categories if c.pk == pk or c.parent_id == pk]
        return sorted(here, key=lambda c: c.pk != pk)


class MonthFilter(admin.SimpleListFilter):
    """By month of publication, older ones by year."""

    title = "thời gian đăng"
    parameter_name = "thoi-gian"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Offer the latest months and the years before them."""
        months = months_of()
        years = dict.fromkeys(month.first.year for month in months[MONTHS_SHOWN:])
        return [
            *(_month_choice(month) for month in months[:MONTHS_SHOWN]),
            *((str(year), f"Năm {year}") for year in years),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> QuerySet[Article]:
        """Keep the chosen month or year."""
        if self.value() not in dict(self.lookup_choices):
            return queryset
        year, _, month = str(self.value()).partition("-")
        first = date(int(year), int(month or 1), 1)
        end = month_after(first) if month else date(first.year + 1, 1, 1)
        return queryset.filter(
            published_at__gte=first_moment(first), published_at__lt=first_moment(end)
        )


def _month_choice(month: Month) -> tuple[str, str]:
    return f"{month.first:%Y-%m}", f"Tháng {month.first:%m/%Y} ({month.articles})"
