"""The site's own tables, and the accounts, in the newsroom."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import Resolver404, resolve
from django.utils import timezone

from core.newsroom import KeptFormAdmin, PlainAdmin, SlugForm
from portal import account_admin, counted_lists, report_admin
from portal.models import MenuItem, Page, SiteSettings, WebLink

__all__ = ["account_admin", "counted_lists", "report_admin"]


@admin.register(SiteSettings)
class SiteSettingsAdmin(PlainAdmin):
    """The one row about the site: its list is its form."""

    autocomplete_fields = ("lead",)
    fieldsets = (
        ("Tên trang", {"fields": ("name", "short_name", "superior", "description")}),
        ("Cơ quan", {"fields": ("owner", "responsible", "licence")}),
        ("Liên hệ", {"fields": ("address", "phone", "email")}),
        ("Trang chủ", {"fields": ("lead",)}),
    )

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Go to the form."""
        if SiteSettings.objects.exists():
            return redirect("admin:portal_sitesettings_change", 1)
        return redirect("admin:portal_sitesettings_add")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Allow the first row only."""
        return super().has_add_permission(request) and not SiteSettings.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: SiteSettings | None = None) -> bool:
        """Refuse: a site has a name."""
        return False

    def save_model(self, request: HttpRequest, obj: SiteSettings, form: Any, change: bool) -> None:
        """Keep to the one row."""
        obj.pk = 1
        super().save_model(request, obj, form, change)

    def response_post_save_change(
        self, request: HttpRequest, obj: SiteSettings
    ) -> HttpResponseRedirect:
        """Stay on the form: there is no list."""
        return redirect(request.path)


@admin.register(MenuItem, WebLink)
class LinkAdmin(PlainAdmin):
    """Links in the order in which they are shown."""

    list_display = ("label", "url", "order")
    list_editable = ("url", "order")


class PageForm(SlugForm):
    """A static page at an address that nothing else has."""

    class Meta:
        model = Page
        fields = ("title", "slug", "body", "visible")

    def clean(self) -> dict[str, Any]:
        """Refuse an address that another page of the portal answers."""
        cleaned = super().clean()
        try:
            taken = resolve(f"/{cleaned.get('slug') or '-'}/").url_name != "page"
        except Resolver404:
            taken = False
        if taken:
            raise ValidationError({"slug": "Địa chỉ này đã có trang khác dùng. Hãy đặt tên khác."})
        return cleaned


@admin.register(Page)
class PageAdmin(KeptFormAdmin):
    """Static pages such as Giới thiệu."""

    form = PageForm
    list_display = ("title", "slug", "visible", "updated_at")

    def save_model(self, request: HttpRequest, obj: Page, form: Any, change: bool) -> None:
        """Note the moment."""
        obj.updated_at = timezone.now()
        super().save_model(request, obj, form, change)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Tell the browser how old the stored page is."""
        context["saved_at"] = getattr(context["original"], "updated_at", None)
        return super().render_change_form(request, context, *args, **kwargs)
