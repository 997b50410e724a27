"""Sitemaps (sitemaps.org): an index, and a file for each month of articles.

A <lastmod> stands only where it is known to be true; search engines stop believing sites that
guess. A month's is not known without reading the whole month, so the index has none.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from xml.sax.saxutils import escape

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.caching import public
from news.listing import first_moment, month_after, months_of
from news.models import Article, Category
from portal.addresses import absolute
from portal.feeds import xml_text
from portal.middleware import site_of
from portal.models import Page

# The standard allows 50,000; a smaller file is answered in a moment.
PER_FILE = 10_000
# https://developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap
NEWS_WITHIN = timedelta(hours=48)
NEWS_LIMIT = 1000
NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
NEWS_NAMESPACE = 'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'


@dataclass(frozen=True)
class MonthFile:
    """File `number` (from 1) of the articles of the month that begins on `first`."""

    first: date
    number: int

    @property
    def name(self) -> str:
        """2023-12 for the first file, 2023-12-2 for the second."""
        return f"{self.first:%Y-%m}" + (f"-{self.number}" if self.number > 1 else "")


@require_safe
@public()
def index(request: HttpRequest) -> HttpResponse:
    """The list of all sitemaps but the one of news, which robots.txt names."""
    months = [reverse("sitemap-month", args=[file.name]) for file in _month_files()]
    paths = [reverse("sitemap-pages"), reverse("sitemap-categories"), *months]
    return _answer("sitemapindex", (_entry("sitemap", path) for path in paths))


@require_safe
@public()
def month(request: HttpRequest, name: str) -> HttpResponse:
    """The live articles of one MonthFile; 404 for a name that the index does not have."""
    file = next((file for file in _month_files() if file.name == name), None)
    if file is None:
        raise Http404("No such sitemap.")
    return _answer("urlset", _articles_of(file))


@require_safe
@public()
def categories(request: HttpRequest) -> HttpResponse:
    """All categories."""
    return _answer("urlset", (_url(c.get_absolute_url()) for c in Category.objects.all()))


@require_safe
@public()
def pages(request: HttpRequest) -> HttpResponse:
    """The front page, the list of all news, and the static pages."""
    static = (_url(page.get_absolute_url()) for page in Page.objects.published())
    return _answer("urlset", [_url(reverse("home")), _url(reverse("news:index")), *static])


@require_safe
@public()
def news(request: HttpRequest) -> HttpResponse:
    """The articles of the last two days, in Google's news sitemap format."""
    since = timezone.now() - NEWS_WITHIN
    recent = Article.objects.published().filter(published_at__gte=since)
    rows = recent.values_list("slug", "pk", "live__title", "published_at")[:NEWS_LIMIT]
    publication = site_of(request).name
    entries = (
        _url(_path(slug, pk), more=_news(publication, title, published_at))
        for slug, pk, title, published_at in rows
        if published_at
    )
    return _answer("urlset", entries, namespaces=f"{NAMESPACE} {NEWS_NAMESPACE}")


def _month_files() -> list[MonthFile]:
    """Every file of every month, newest month first; one query on a table of counts."""
    return [
        MonthFile(month.first, number)
        for month in months_of()
        for number in range(1, -(-month.articles // PER_FILE) + 1)
    ]


def _articles_of(file: MonthFile) -> Iterator[str]:
    """The entries of one file, oldest first, so that a new article moves none between files."""
    articles = Article.objects.published().filter(
        published_at__gte=first_moment(file.first),
        published_at__lt=first_moment(month_after(file.first)),
    )
    rows = articles.order_by("published_at", "pk").values_list("slug", "pk", "live__went_live_at")
    start = (file.number - 1) * PER_FILE
    for slug, pk, went_live_at in rows[start : start + PER_FILE]:
        yield _url(_path(slug, pk), went_live_at)


def _path(slug: str, pk: int) -> str:
    return reverse("news:article", args=[slug, pk])


def _news(publication: str, title: str, published_at: datetime) -> str:
    return (
        f"<news:news><news:publication><news:name>{_text(publication)}</news:name>"
        "<news:language>vi</news:language></news:publication>"
        f"<news:publication_date>{_iso(published_at)}</news:publication_date>"
        f"<news:title>{_text(title)}</news:title></news:news>"
    )


def _url(path: str, changed: datetime | None = None, more: str = "") -> str:
    lastmod = f"<lastmod>{_iso(changed)}</lastmod>" if changed else ""
    return _entry("url", path, lastmod + more)


def _entry(tag: str, path: str, more: str = "") -> str:
    return f"<{tag}><loc>{_text(absolute(path))}</loc>{more}</{tag}>\n"


def _text(text: str) -> str:
    return escape(xml_text(text))


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


def _answer(root: str, entries: Iterable[str], namespaces: str = NAMESPACE) -> HttpResponse:
    parts = ['<?xml version="1.0" encoding="UTF-8"?>\n', f"<{root} {namespaces}>\n", *entries]
    content = "".join([*parts, f"</{root}>\n"])
    return HttpResponse(content, content_type="application/xml; charset=utf-8")
