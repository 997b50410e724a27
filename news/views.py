"""Public pages of the news."""

from typing import Any

from csp.decorators import csp_replace
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from core.caching import public
from news.listing import first_moment, listing, months_of
from news.models import Article, Category, Edition
from news.related import neighbours, related


@require_safe
@public()
def index(request: HttpRequest) -> HttpResponse:
    """All news, newest first, with the archive of months."""
    months = months_of()
    page = listing(Article.objects.published(), months, request.GET.get("trang", ""))
    return render(request, "news/index.html", {"page": page, "months": months})


@require_safe
@public()
def category(request: HttpRequest, slug: str) -> HttpResponse:
    """One category: a subsection alone, a section with its subsections."""
    categories = list(Category.objects.all())
    here = next((c for c in categories if c.slug == slug), None)
    if here is None:
        raise Http404("No such category.")
    children = [c for c in categories if c.parent_id == here.pk]
    articles = Article.objects.published().in_category(here)
    months = months_of([here, *children])
    page = listing(articles, months, request.GET.get("trang", ""))
    parent = next((c for c in categories if c.pk == here.parent_id), None)
    context = {"category": here, "parent": parent, "children": children, "page": page}
    return render(request, "news/category.html", context)


@require_safe
@public()
def month(request: HttpRequest, year: int, month: int) -> HttpResponse:
    """The articles of one month; 404 for a month that has none."""
    months = months_of()
    here = next((m for m in months if (m.first.year, m.first.month) == (year, month)), None)
    if here is None:
        raise Http404("No article in this month.")
    articles = Article.objects.published().filter(published_at__gte=first_moment(here.first))
    page = listing(articles, [here], request.GET.get("trang", ""))
    return render(request, "news/month.html", {"page": page, "month": here, "months": months})


@require_safe
@public()
def article(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One article: the id decides, a wrong slug redirects, a withdrawn one is gone (410)."""
    found = get_object_or_404(Article.objects.for_page(), pk=pk)
    if found.withdrawn:
        return render(request, "news/withdrawn.html", {"article": found}, status=410)
    if not found.live:
        return _to_preview(request, found)
    if slug != found.slug:
        return redirect(found, permanent=True)
    return render(request, "news/article.html", _page_of(found, found.live))


@require_safe
@never_cache
@xframe_options_sameorigin
@csp_replace({"frame-ancestors": ["'self'"]})  # type: ignore[arg-type]  # it knows no arguments
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The working edition of an article as readers would see it; 404 for who may not.

    The newsroom shows it in frames, as wide as a desk and as a phone.
    """
    found = get_object_or_404(Article.objects.for_page(), pk=pk)
    edition = found.working_edition()
    if edition is None or not may_preview(request):
        raise Http404("No preview for this person.")
    response = render(request, "news/article.html", _page_of(found, edition) | {"preview": True})
    response["X-Robots-Tag"] = "noindex"
    return response


def may_preview(request: HttpRequest) -> bool:
    """Return whether the signed-in person may read what is not public yet."""
    user = request.user
    may = user.has_perm("news.view_article") or user.has_perm("news.change_article")
    return user.is_staff and may


@never_cache
def _to_preview(request: HttpRequest, found: Article) -> HttpResponse:
    if not may_preview(request):
        raise Http404("Not published.")
    return redirect("news:preview", pk=found.pk)


def _page_of(found: Article, edition: Edition) -> dict[str, Any]:
    if edition == found.live:
        edition.category = found.category  # the same, and already loaded
    return {
        "article": found,
        "edition": edition,
        "related": related(found, edition),
        "neighbours": neighbours(found) if found.live else {},
    }
