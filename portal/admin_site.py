"""The newsroom: Django's admin under the portal's name.

Django's app registry reads this module before models are loaded: functions import them.
"""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from csp.decorators import csp_replace
from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django.views.i18n import JavaScriptCatalog

from core.editor import EDITOR_CSP

# The editor's needs, and frames for the preview of our own pages.
ADMIN_CSP = {**EDITOR_CSP, "frame-src": ["'self'"]}
APP_ORDER = ("news", "documents", "stats", "core", "portal", "auth")
SHOWN = 8
View = TypeVar("View", bound=Callable[..., HttpResponseBase])


class PortalAdminConfig(AdminConfig):
    """Makes PortalAdminSite the default site."""

    default_site = "portal.admin_site.PortalAdminSite"


class PortalAdminSite(AdminSite):
    """The admin in Vietnamese, which begins with what there is to do."""

    site_title = "Tòa soạn"
    index_title = "Công việc"
    enable_nav_sidebar = False

    def admin_view(self, view: View, cacheable: bool = False) -> View:
        """Give every page of the newsroom, and no other, the policy that the editor needs."""
        return cast(View, csp_replace(ADMIN_CSP)(super().admin_view(view, cacheable)))

    def get_urls(self) -> list[URLResolver | URLPattern]:
        """Add the address where an open form asks whether its writer is still signed in."""
        return [path("phien/", session_state, name="session"), *super().get_urls()]

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """Name the site in the header."""
        from portal.middleware import site_of

        header = f"Tòa soạn · {site_of(request).short_name}"
        return {**super().each_context(request), "site_header": header}

    def i18n_javascript(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Add our words to those of Django's scripts."""
        return JavaScriptCatalog(packages=["django.contrib.admin", "portal"]).get(request)

    def get_app_list(
        self, request: HttpRequest, app_label: str | None = None
    ) -> list[dict[str, Any]]:
        """List the apps in the order of an editor's day."""
        apps = super().get_app_list(request, app_label)
        order = {label: place for place, label in enumerate(APP_ORDER)}
        return sorted(apps, key=lambda app: order.get(app["app_label"], len(order)))

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        """Show what there is to do first."""
        from documents.clerk.desk import waiting

        desk = newsroom_desk(request) if request.user.has_perm("news.view_article") else {}
        records = {"records": waiting(request.user)}
        return super().index(request, {**desk, **records, **(extra_context or {})})


@require_safe
@never_cache
def session_state(request: HttpRequest) -> HttpResponse:
    """Answer {"user": id} of the signed-in member of staff, or null."""
    user = request.user
    return JsonResponse({"user": user.pk if user.is_active and user.is_staff else None})


def newsroom_desk(request: HttpRequest) -> dict[str, Any]:
    """Return the editor's own drafts, what is scheduled, and what went live last: 3 queries."""
    from core.publishing import State
    from news.models import Article, Edition

    editions = Edition.objects.defer("body")
    drafts = editions.filter(state=State.DRAFT, created_by=request.user.pk)
    scheduled = editions.filter(state=State.APPROVED)
    latest = Article.objects.published().select_related("live").defer("live__body")
    return {
        "drafts": drafts.order_by("-updated_at")[:SHOWN],
        "scheduled": scheduled.order_by("publish_at")[:SHOWN],
        "latest": latest[:SHOWN],
    }
