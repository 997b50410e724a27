"""What each kind of public page may cost: the one table of it.

`manage.py explain_pages` and the tests of the pages hold the pages against it.
"""

from typing import NamedTuple, Protocol
from urllib.parse import quote

from django.urls import reverse

from documents.models import Document
from news.listing import months_of
from news.models import Article, Category
from portal.models import Page

# Statements of a page that is not kept, once its process has what pages share.
BUDGET = {
    "home": 3,
    "news": 1,
    "article": 3,
    "documents": 2,
    "document": 9,
    "page": 1,
    "statistics": 11,
    "feed": 0,
}
DEEP = "?trang=50"
SEARCH = f"?q={quote('tuyên truyền')}"


class Asked(NamedTuple):
    """A page to look at: its name, the key of its BUDGET, and its address."""

    name: str
    kind: str
    address: str


class Shown(Protocol):
    """What has a page of its own."""

    def get_absolute_url(self) -> str:
        """Return the page's address."""
        ...


def pages() -> list[Asked]:
    """Return a page of each kind that there is something to show on, some lists deep within too."""
    news, documents = reverse("news:index"), reverse("documents:index")
    return [
        Asked("Trang chủ", "home", reverse("home")),
        Asked("Tin tức", "news", news),
        Asked("Tin tức, trang 50", "news", news + DEEP),
        *_month(),
        *_page_of("Chuyên mục", "news", Category.objects.filter(parent=None).first()),
        *_page_of("Bài viết", "article", Article.objects.published().first()),
        Asked("Văn bản", "documents", documents),
        Asked("Văn bản, trang 50", "documents", documents + DEEP),
        Asked("Tìm văn bản", "documents", documents + SEARCH),
        *_page_of("Một văn bản", "document", Document.objects.published().first()),
        *_page_of("Trang tĩnh", "page", Page.objects.filter(visible=True).first()),
        Asked("Thống kê", "statistics", reverse("statistics")),
        Asked("RSS", "feed", reverse("rss")),
    ]


def _page_of(name: str, kind: str, shown: Shown | None) -> list[Asked]:
    return [Asked(name, kind, shown.get_absolute_url())] if shown else []


def _month() -> list[Asked]:
    firsts = [month.first for month in months_of()[:1]]
    return [
        Asked("Tháng", "news", reverse("news:month", args=[first.year, first.month]))
        for first in firsts
    ]
