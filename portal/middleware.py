"""What stands around every view: the site's settings, whatever is due, and compression."""

import re
import secrets
from collections.abc import Callable
from functools import partial
from gzip import GzipFile
from io import BytesIO
from time import monotonic

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.auth.models import User
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware, re_accepts_gzip
from django.utils import timezone
from django.utils.cache import patch_vary_headers

from core import version_cache
from portal import freshness
from portal.models import SiteSettings

TEXT = re.compile(r"text/|application/([\w.]+\+)?(json|xml|javascript)\b|image/svg")


class TextGZipMiddleware(GZipMiddleware):
    """Compresses text; pictures and documents are compressed already, and asked for in ranges.

    A page takes half the time that Django takes, for 3 % more bytes; those that are kept are
    compressed once, and better (core/cached_page.py).
    """

    LEVEL, SHORTEST = 4, 200  # Django's are 6 and 200 bytes

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Leave answers of any other type as they are."""
        if not TEXT.match(response.headers.get("Content-Type", "")):
            return response
        if not isinstance(response, HttpResponse):
            return super().process_response(request, response)
        if len(response.content) >= self.SHORTEST and "Content-Encoding" not in response.headers:
            patch_vary_headers(response, ["Accept-Encoding"])
            if re_accepts_gzip.search(request.META.get("HTTP_ACCEPT_ENCODING", "")):
                self._compress(response)
        return response

    def _compress(self, response: HttpResponse) -> None:
        # As in Django, a random name keeps the length of what is compressed secret (BREACH).
        packed, name = BytesIO(), "a" * secrets.randbelow(self.max_random_bytes)
        with GzipFile(name, "wb", self.LEVEL, packed, mtime=0) as file:
            file.write(response.content)
        response.content = packed.getvalue()
        headers = response.headers
        headers["Content-Encoding"], headers["Content-Length"] = "gzip", str(len(response.content))
        if headers.get("ETag", "").startswith('"'):
            headers["ETag"] = f"W/{headers['ETag']}"  # RFC 9110, 8.8.1


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
    """Publish what is due, and let the page be made of what is kept (design: no cron)."""

    # Their answers carry no page: nothing to promote.
    WITHOUT_SITE = frozenset({"media"})

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with version_cache.entries_from(partial(_entries_for, request)):
            return self.get_response(request)

    def process_view(self, request: HttpRequest, *args: object) -> None:
        """Run once a view was found, before it asks for articles."""
        match = request.resolver_match
        if match and self.WITHOUT_SITE.isdisjoint(match.namespaces):
            version_cache.find_entries()


def _entries_for(request: HttpRequest) -> version_cache.Entries | None:
    """Return what pages share as of this second; for the newsroom, as of this moment.

    None to who may see what is not committed.
    """
    if connection.in_atomic_block or request.method not in ("GET", "HEAD"):
        freshness.publish_due(timezone.now())
        return None
    is_signed_in = settings.SESSION_COOKIE_NAME in request.COOKIES
    watch = freshness.watch
    store = watch.store_now() if is_signed_in else watch.store_at(monotonic())
    return store.entries if store else None


def site_of(request: HttpRequest) -> SiteSettings:
    """Return the site's settings, to be read and not changed; loaded once per request at most."""
    loaded = vars(request)
    if "portal_site" not in loaded:
        loaded["portal_site"] = version_cache.remembered("site", _load_site)
    site: SiteSettings = loaded["portal_site"]
    return site


def _load_site() -> SiteSettings:
    return SiteSettings.objects.first() or SiteSettings()
