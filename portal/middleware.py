"""What stands around every view: the site's settings, whatever is due, and compression."""

from collections.abc import Callable

from django.db.models import Exists
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils import timezone

from core.publishing import State, promote_due
from news.models import Edition
from portal.models import SiteSettings


class TextGZipMiddleware(GZipMiddleware):
    """Compresses everything but pictures, which are compressed already."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Leave answers of type image/… as they are."""
        if response.headers.get("Content-Type", "").startswith("image/"):
            return response
        return super().process_response(request, response)


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
    """Return the site's settings after promoting the editions whose hour has come."""
    now = timezone.now()
    due = Edition.objects.filter(state=State.APPROVED, publish_at__lte=now)
    site = SiteSettings.objects.annotate(is_due=Exists(due)).first()
    if site is None or site.is_due:
        promote_due(Edition, now)
    return site or SiteSettings()
