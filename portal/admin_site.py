"""The newsroom: Django's admin under the portal's name.

Django's app registry reads this module before models are loaded: functions import them.
"""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from csp.decorators import csp_replace
from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django.views.generic import RedirectView
from django.views.i18n import JavaScriptCatalog

from core.editor import EDITOR_CSP

# The editor's needs, and frames for the preview of our own pages.
ADMIN_CSP = {**EDITOR_CSP, "frame-src": ["'self'"]}
APP_ORDER = ("news", "documents", "stats", "core", "portal", "auth")
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
        """Add where an open form asks for its writer; lead to the one page for passwords."""
        from portal.schedule import schedule

        to_own_page = RedirectView.as_view(pattern_name="password-change")
        return [
            path("phien/", session_state, name="session"),
            path("lich-dang/", self.admin_view(schedule), name="schedule"),
            path("password_change/", to_own_page, name="password_change"),
            path(
                "r/<int:content_type_id>/<int:object_id>/",
                self.admin_view(self.view_on_site),
                name="view_on_site",
            ),
            # Django's own tells every member of staff every address, which holds the title.
            *(one for one in super().get_urls() if getattr(one, "name", "") != "view_on_site"),
        ]

    def view_on_site(
        self, request: HttpRequest, content_type_id: int, object_id: int
    ) -> HttpResponse:
        """Lead to the public page of what the newsroom shows to who asks; 404 for all else."""
        from django.contrib.contenttypes.models import ContentType

        found = ContentType.objects.filter(pk=content_type_id).first()
        model = found.model_class() if found else None
        newsroom = self._registry.get(model) if model else None
        subject = newsroom.get_object(request, str(object_id)) if newsroom else None
        if not (newsroom and subject and newsroom.has_view_permission(request, subject)):
            raise Http404("Nothing that this person may look at.")
        if not hasattr(subject, "get_absolute_url"):
            raise Http404("It has no public page.")
        return redirect(subject)

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Send everybody to the one page where people sign in, with where they wanted to go."""
        from django.contrib.auth.views import redirect_to_login

        wanted = request.GET.get(REDIRECT_FIELD_NAME) or reverse("admin:index")
        return redirect_to_login(wanted)

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
        from portal.account_page import arrival
        from portal.desk import blocks

        context = {
            "arrival": arrival(request),
            "blocks": blocks(request),
            "records": waiting(request.user),
            **(extra_context or {}),
        }
        return super().index(request, context)


@require_safe
@never_cache
def session_state(request: HttpRequest) -> HttpResponse:
    """Answer {"user": id} of the signed-in member of staff, or null."""
    user = request.user
    return JsonResponse({"user": user.pk if user.is_active and user.is_staff else None})
