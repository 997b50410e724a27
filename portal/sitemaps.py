"""Sitemaps (sitemaps.org): an index, files of the articles by month and of documents by year.

A <lastmod> stands only where it is known to be true; search engines stop believing sites that
guess. A month's is not known without reading the whole month, so the index has none; a document's
page changes with its relations, which bear no date, so documents have none.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from xml.sax.saxutils import escape

from django.db.models import Count, DateField
from django.db.models.functions import TruncYear
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.caching import kept, public
from documents.models import Document
from news.listing import first_moment, month_after, months_of
from news.models import Article, Category
from portal.addresses import absolute
from portal.middleware import site_of
from portal.models import Page
from portal.syndication import xml_text

# The standard allows 50,000; a smaller file is answered in a moment.
PER_FILE = 10_000
# https://developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap
NEWS_WITHIN = timedelta(hours=48)
NEWS_LIMIT = 1000
NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
NEWS_NAMESPACE = 'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'


@dataclass(frozen=True)
class PartFile:
    """File `number` (from 1) of what went public in `period`, a year or a month such as 2023-12."""

    first: date
    period: str
    number: int

    @property
    def name(self) -> str:
        """2023-12 for the first file, 2023-12-2 for the second."""
        return self.period + (f"-{self.number}" if self.number > 1 else "")

    @property
    def rows(self) -> slice:
        """Where its entries stand in the period, oldest first: a new one moves none of them."""
        return slice((self.number - 1) * PER_FILE, self.number * PER_FILE)


@require_safe
@public()
@kept()
def index(request: HttpRequest) -> HttpResponse:
    """The list of all sitemaps but the one of news, which robots.txt names."""
    months = [reverse("sitemap-month", args=[file.name]) for file in _month_files()]
    years = [reverse("sitemap-year", args=[file.name]) for file in _year_files()]
    paths = [reverse("sitemap-pages"), reverse("sitemap-categories"), *months, *years]
    return _answer("sitemapindex", (_entry("sitemap", path) for path in paths))


@require_safe
@public()
@kept()
def month(request: HttpRequest, name: str) -> HttpResponse:
    """The live articles of one month; 404 for a name that the index does not have."""
    return _answer("urlset", _articles_of(_file_named(name, _month_files())))


@require_safe
@public()
@kept()
def year(request: HttpRequest, name: str) -> HttpResponse:
    """The public documents that went live in one year; 404 for a name not in the index."""
    return _answer("urlset", _documents_of(_file_named(name, _year_files())))


@require_safe
@public()
@kept()
def categories(request: HttpRequest) -> HttpResponse:
    """All categories."""
    return _answer("urlset", (_url(c.get_absolute_url()) for c in Category.objects.all()))


@require_safe
@public()
@kept()
def pages(request: HttpRequest) -> HttpResponse:
    """The front page, the lists of all news and documents, the statistics, the static pages."""
    lists = (reverse(name) for name in ("home", "news:index", "documents:index", "statistics"))
    static = (page.get_absolute_url() for page in Page.objects.published())
    return _answer("urlset", (_url(path) for path in (*lists, *static)))


@require_safe
@public()
@kept()
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


def _file_named(name: str, files: list[PartFile]) -> PartFile:
    file = next((file for file in files if file.name == name), None)
    if file is None:
        raise Http404("No such sitemap.")
    return file


def _month_files() -> list[PartFile]:
    """Every file of every month, newest month first; one query on a table of counts."""
    return [
        file
        for month in months_of()
        for file in _parts(month.first, f"{month.first:%Y-%m}", month.articles)
    ]


def _year_files() -> list[PartFile]:
    """Every file of every year, newest year first; one query."""
    counted = (
        Document.objects.published()
        .annotate(year=TruncYear("went_live_at", output_field=DateField()))
        .values_list("year")
        .annotate(total=Count("pk"))
        .order_by("-year")
    )
    return [file for year, total in counted for file in _parts(year, f"{year:%Y}", total)]


def _parts(first: date, period: str, entries: int) -> list[PartFile]:
    files = -(-entries // PER_FILE)
    return [PartFile(first, period, number) for number in range(1, files + 1)]


def _articles_of(file: PartFile) -> Iterator[str]:
    articles = Article.objects.published().filter(
        published_at__gte=first_moment(file.first),
        published_at__lt=first_moment(month_after(file.first)),
    )
    rows = articles.order_by("published_at", "pk").values_list("slug", "pk", "live__went_live_at")
    for slug, pk, went_live_at in rows[file.rows]:
        yield _url(_path(slug, pk), went_live_at)


def _documents_of(file: PartFile) -> Iterator[str]:
    documents = Document.objects.published().filter(
        went_live_at__gte=first_moment(file.first),
        went_live_at__lt=first_moment(file.first.replace(year=file.first.year + 1)),
    )
    rows = documents.order_by("went_live_at", "pk").values_list("slug", "pk")
    for slug, pk in rows[file.rows]:
        yield _url(reverse("documents:document", args=[slug, pk]))


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
