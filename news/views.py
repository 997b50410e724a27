"""Public pages of the news."""

from datetime import datetime
from typing import Any

from csp.decorators import csp_replace
from django.contrib.auth.models import User
from django.db.models import BigAutoField, Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from core.caching import kept, public
from core.prepared import prepared
from core.version_cache import remembered
from core.workflow import PUBLISHED_STATES
from news import sharing
from news.cards import Cards
from news.citations import references, with_link
from news.listing import Month, first_moment, listing, months_of
from news.models import Article, ArticleQuerySet, Category, Change, Edition
from news.related import with_surroundings


@require_safe
@public()
@kept("trang")
def index(request: HttpRequest) -> HttpResponse:
    """All news, newest first, with the archive of months."""
    months = _all_months()
    page = listing(Article.objects.published(), months, request.GET.get("trang", ""))
    return render(request, "news/index.html", {"page": page, "months": months})


@require_safe
@public()
@kept("trang")
def category(request: HttpRequest, slug: str) -> HttpResponse:
    """One category: a subsection alone, a section with its subsections."""
    categories = remembered("categories", lambda: list(Category.objects.all()))
    here = next((c for c in categories if c.slug == slug), None)
    if here is None:
        raise Http404("No such category.")
    children = [c for c in categories if c.parent_id == here.pk]
    articles = Article.objects.published().in_category(here)
    months = remembered(f"months {here.pk}", lambda: months_of([here, *children]))
    page = listing(articles, months, request.GET.get("trang", ""))
    parent = next((c for c in categories if c.pk == here.parent_id), None)
    context = {"category": here, "parent": parent, "children": children, "page": page}
    return render(request, "news/category.html", context)


@require_safe
@public()
@kept("trang")
def month(request: HttpRequest, year: int, month: int) -> HttpResponse:
    """The articles of one month; 404 for a month that has none."""
    months = _all_months()
    here = next((m for m in months if (m.first.year, m.first.month) == (year, month)), None)
    if here is None:
        raise Http404("No article in this month.")
    articles = Article.objects.published().filter(published_at__gte=first_moment(here.first))
    page = listing(articles, [here], request.GET.get("trang", ""))
    return render(request, "news/month.html", {"page": page, "month": here, "months": months})


@require_safe
@public()
@kept()
def article(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One article: the id decides, a wrong slug redirects, a withdrawn one is gone (410)."""
    found = next(iter(_page(pk)), None) if pk <= BigAutoField.MAX_BIGINT else None
    if found is None:
        raise Http404("No such article.")
    if found.withdrawn:
        return render(request, "news/withdrawn.html", {"article": found}, status=410)
    if not found.live:
        return _to_preview(request, found)
    if slug != found.slug:
        return redirect(found, permanent=True)
    return render(request, "news/article.html", _page_of(found, found.live))


@prepared
def _page(pk: int) -> ArticleQuerySet:
    return _for_page().filter(pk=pk)


def _for_page() -> ArticleQuerySet:
    cites = Exists(with_link(OuterRef("live")))
    return with_surroundings(Article.objects.for_page()).annotate(cites=cites)


@require_safe
@never_cache
@xframe_options_sameorigin
@csp_replace({"frame-ancestors": ["'self'"]})  # type: ignore[arg-type]  # it knows no arguments
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The working edition of an article as readers would see it; 404 for who may not.

    The newsroom shows it in frames, as wide as a desk and as a phone.
    """
    found = _visible(request, pk)
    edition = found.working_edition() if found else None
    if found is None or edition is None:
        raise Http404("No preview for this person.")
    response = render(request, "news/article.html", _page_of(found, edition) | {"preview": True})
    response["X-Robots-Tag"] = "noindex"
    return response


@require_safe
@never_cache
def shared(request: HttpRequest, token: str) -> HttpResponse:
    """The text behind a signed link (news/sharing.py), as it stands now; 404 for any other."""
    edition = sharing.shared(token)
    if edition is None:
        raise Http404("No such link, or no longer.")
    found = _for_page().get(pk=edition.article_id)
    if found.live_id == edition.pk:
        return redirect(found)
    context = _page_of(found, edition) | {"preview": True, "shared": True}
    response = render(request, "news/article.html", context)
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    return response


def _visible(request: HttpRequest, pk: int) -> Article | None:
    """The article, if the newsroom shows it to who is signed in."""
    user = request.user
    if not (isinstance(user, User) and user.is_staff and user.has_perm("news.view_article")):
        return None
    return _for_page().visible_to(user).filter(pk=pk).first()


@never_cache
def _to_preview(request: HttpRequest, found: Article) -> HttpResponse:
    if not _visible(request, found.pk):
        raise Http404("Not published.")
    return redirect("news:preview", pk=found.pk)


def corrections(edition: Edition) -> list[tuple[datetime | None, str]]:
    """Return when readers were told that something was wrong, and what; up to `edition`."""
    if edition.number == 1:
        return []
    earlier = Edition.objects.filter(
        article=edition.article_id,
        number__lt=edition.number,
        change=Change.SUBSTANTIVE,
        state__in=PUBLISHED_STATES,
    ).order_by("number")
    notes = list(earlier.values_list("went_live_at", "correction_note"))
    if edition.change == Change.SUBSTANTIVE:
        notes.append((edition.went_live_at or timezone.now(), edition.correction_note))
    return notes


def _all_months() -> list[Month]:
    return remembered("months", months_of)


def _page_of(found: Article, edition: Edition) -> dict[str, Any]:
    is_live = edition == found.live
    if is_live:
        edition.category = found.category  # the same, and already loaded
    return {
        "article": found,
        "path": found.get_absolute_url(),
        "edition": edition,
        "references": [] if is_live and not vars(found)["cites"] else references(edition),
        "corrections": corrections(edition),
        "related": Cards(vars(found)["alike"]),
    }
