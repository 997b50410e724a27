"""Categories, units, and who works on which, in the newsroom."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.forms import BaseInlineFormSet
from django.http import HttpRequest
from django.urls import reverse

from core.newsroom import FoldedSearchAdmin, PlainAdmin
from core.text import fold
from news.forms import CategoryForm
from news.models import Assignment, Category, Unit


@admin.register(Category)
class CategoryAdmin(PlainAdmin):
    """Categories, few enough to be searched in memory."""

    form = CategoryForm
    list_display = ("name", "parent", "order", "on_home")
    list_editable = ("order", "on_home")
    list_select_related = ("parent",)
    search_fields = ("name",)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Category], search_term: str
    ) -> tuple[QuerySet[Category], bool]:
        """Find every word, with or without diacritics."""
        words = fold(search_term).split()
        found = [c.pk for c in Category.objects.all() if all(w in fold(c.name) for w in words)]
        return queryset.filter(pk__in=found), False


@admin.register(Unit)
class UnitAdmin(FoldedSearchAdmin):
    """Contributing units; those no longer active are not offered to writers."""

    list_display = ("name", "short_name", "active")
    list_filter = ("active",)
    search_help_text = "Tìm theo tên, có dấu hoặc không dấu."

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Unit], search_term: str
    ) -> tuple[QuerySet[Unit], bool]:
        """Offer writers the active units alone."""
        if request.path == reverse("admin:autocomplete"):
            queryset = queryset.filter(active=True)
        return super().get_search_results(request, queryset, search_term)


class AssignmentRows(BaseInlineFormSet):
    """Rows whose boxes bear names: the head of a column is no label."""

    def add_fields(self, form: Any, index: Any) -> None:
        """Name every box, that which deletes the row too."""
        super().add_fields(form, index)
        for field in form.fields.values():
            field.widget.attrs["aria-label"] = field.label


class AssignmentInline(admin.TabularInline):
    """What is assigned to an account, on its page (portal/account_admin.py)."""

    model = Assignment
    formset = AssignmentRows
    extra = 1
    autocomplete_fields = ("category", "unit")
    verbose_name_plural = "Chuyên mục và đơn vị được giao"

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Keep one's own rights out of one's own hands."""
        return _of_another(request, obj) and super().has_add_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Keep one's own rights out of one's own hands."""
        return _of_another(request, obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Keep one's own rights out of one's own hands."""
        return _of_another(request, obj) and super().has_delete_permission(request, obj)


def _of_another(request: HttpRequest, account: Any) -> bool:
    return account is None or account.pk != request.user.pk
