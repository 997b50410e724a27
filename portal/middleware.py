"""What stands around every view: the site's settings, whatever is due, and compression."""

import re
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.auth.models import User
from django.db.models import Exists, Q
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils import timezone

from core.publishing import Publishable, is_due, settle_due
from documents.models import Document
from news.models import Edition
from portal.models import SiteSettings

# What can be given an hour to go live.
SCHEDULED: tuple[type[Publishable], ...] = (Edition, Document)

TEXT = re.compile(r"text/|application/([\w.]+\+)?(json|xml|javascript)\b|image/svg")


class TextGZipMiddleware(GZipMiddleware):
    """Compresses text; pictures and documents are compressed already, and asked for in ranges."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Leave answers of any other type as they are."""
        if TEXT.match(response.headers.get("Content-Type", "")):
            return super().process_response(request, response)
        return response


class StaffCookieMiddleware:
    """Mark the browser of a member of staff by a cookie that lives as long as the session's.

    The counter passes such hits over without asking the database who it was. Stands outside
    SessionMiddleware, whose cookie it follows: signing in, renewed, signing out.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        session = response.cookies.get(settings.SESSION_COOKIE_NAME)
        if session is not None:
            user = get_user(request)
            if isinstance(user, User) and user.is_staff:
                marker = session.copy()
                marker.set(settings.STAFF_COOKIE_NAME, "1", "1")
                response.cookies[settings.STAFF_COOKIE_NAME] = marker
            elif settings.STAFF_COOKIE_NAME in request.COOKIES:
                response.delete_cookie(
                    settings.STAFF_COOKIE_NAME, samesite=settings.SESSION_COOKIE_SAMESITE
                )
        return response


class SiteMiddleware:
    """Load the site's settings; publish what is due first (design: scheduling needs no cron)."""

    # Their answers carry no page: no settings to load, nothing to promote.
    WITHOUT_SITE = frozenset({"media"})

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *args: object) -> None:
        """Run once a view was found, before it asks for articles; one query if nothing is due."""
        match = request.resolver_match
        if match and self.WITHOUT_SITE.isdisjoint(match.namespaces):
            site_of(request)


def site_of(request: HttpRequest) -> SiteSettings:
    """Return the site's settings, loaded once per request."""
    loaded = vars(request)
    if "portal_site" not in loaded:
        loaded["portal_site"] = _load_site()
    site: SiteSettings = loaded["portal_site"]
    return site


def _load_site() -> SiteSettings:
    """Return the site's settings after moving the versions whose hour has come."""
    now = timezone.now()
    due = [
        Exists(model._default_manager.filter(condition))
        for model in SCHEDULED
        for condition in is_due(now)
    ]
    site = SiteSettings.objects.annotate(is_due=Q(*due, _connector=Q.OR)).first()
    if site is None or site.is_due:
        for model in SCHEDULED:
            settle_due(model, now)
    return site or SiteSettings()
