"""Small pages of the site itself."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_safe

from core.caching import kept, public
from portal.addresses import absolute
from portal.middleware import site_of
from portal.models import Page

DAY = 24 * 3600  # seconds


@require_safe
@public()
@kept()
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """A static page such as Giới thiệu."""
    found = get_object_or_404(Page.objects.published(), slug=slug)
    return render(request, "page.html", {"page": found})


@require_safe
@public(DAY)
@kept()
def robots(request: HttpRequest) -> HttpResponse:
    """What search engines may read: everything public but our own lists of results (RFC 9309)."""
    lines = (
        "User-agent: *",
        f"Disallow: {reverse('admin:index')}",
        f"Disallow: {reverse('search')}",
        f"Sitemap: {absolute(reverse('sitemap'))}",
        f"Sitemap: {absolute(reverse('sitemap-news'))}",
    )
    return HttpResponse("\n".join((*lines, "")), content_type="text/plain; charset=utf-8")


@require_safe
@public(DAY)
@kept()
def manifest(request: HttpRequest) -> HttpResponse:
    """How a phone shows the portal among its applications (w3.org/TR/appmanifest)."""
    site = site_of(request)
    return JsonResponse(
        {
            "name": site.name,
            "short_name": site.short_name,
            "description": site.description,
            "lang": "vi",
            "start_url": reverse("home"),
            "display": "minimal-ui",
            "background_color": "#ffffff",
            "theme_color": "#a3121a",
            "icons": [
                _icon("icons/icon-192.png", "192x192"),
                _icon("icons/icon-512.png", "512x512"),
                _icon("icons/icon-512.png", "512x512", purpose="maskable"),
            ],
        },
        content_type="application/manifest+json",
    )


@require_safe
@public(DAY)
def favicon(request: HttpRequest) -> HttpResponse:
    """The icon, for programs that ask for this address without reading a page."""
    return redirect(static("icons/favicon.ico"))


def _icon(name: str, sizes: str, purpose: str = "any") -> dict[str, str]:
    return {"src": static(name), "sizes": sizes, "type": "image/png", "purpose": purpose}
