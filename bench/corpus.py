"""What the portal was loaded with, in the form in which its peers are given the same."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from core.listing import PER_PAGE

WORDS = "tuyên truyền"  # searched for
DEEP, DEEPEST = 50, 5_000


@dataclass(frozen=True)
class Category:
    """A section of the news: its subsections' articles are its own."""

    pk: int
    name: str
    slug: str
    articles: int


@dataclass(frozen=True)
class Photo:
    """A photo's original file."""

    pk: int
    file: Path
    width: int
    height: int
    alt: str


class Corpus:
    """The articles of the portal's database, read as they are asked for."""

    def __init__(self) -> None:
        from django.conf import settings

        from news.models import Article

        self.published = Article.objects.published()
        self.articles = self.published.count()
        self.categories = self._categories()
        self.largest = max(self.categories, key=lambda category: category.articles)
        self.photos = list(self._photos(Path(settings.MEDIA_ROOT)))
        newest = self.published[0]
        self.newest, self.newest_address = newest.pk, newest.get_absolute_url()

    @property
    def deep(self) -> int:
        """Number of the page of the largest category that is measured: 50, or its last."""
        return min(DEEP, -(-self.largest.articles // PER_PAGE))

    @property
    def deepest(self) -> int:
        """Number of the page of all news that is measured: 5,000, or the last."""
        return min(DEEPEST, -(-self.articles // PER_PAGE))

    def rows(self) -> Iterator[dict[str, Any]]:
        """Yield the articles, newest first: what a reader sees of each."""
        columns = {
            "title": "live__title",
            "summary": "live__summary",
            "body": "live__body",
            "photo": "live__lead_photo",
        }
        rows = self.published.values_list(
            "pk", "slug", "section", "published_at", *columns.values()
        )
        names = ("pk", "slug", "category", "date", *columns)
        for row in rows.iterator(chunk_size=500):
            yield dict(zip(names, row, strict=True))

    def _categories(self) -> list[Category]:
        from django.db.models import Count

        from news.models import Category as Section

        counted = dict(self.published.order_by().values_list("section").annotate(Count("pk")))
        top = Section.objects.filter(parent=None)
        return [Category(c.pk, c.name, c.slug, counted.get(c.pk, 0)) for c in top]

    def _photos(self, media: Path) -> Iterator[Photo]:
        from core.media import Photo as Stored

        for photo in Stored.objects.all():
            yield Photo(photo.pk, original(media, photo), photo.width, photo.height, photo.alt)


def original(media: Path, photo: Any) -> Path:
    """Return the file that all renditions of `photo` are made from."""
    folder = media / "photos" / (photo.former_keys[0] if photo.former_keys else photo.key)
    return next(folder.glob("original.*"))


def query(**parameters: str | int) -> str:
    """Return a query string with its question mark."""
    return f"?{urlencode(parameters)}"
