"""The front page."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.caching import kept, public
from core.prepared import prepared
from core.version_cache import remembered
from news.cards import Card, Cards
from news.models import Article, Category
from portal.middleware import site_of
from stats import history
from stats.models import Kind

LATEST = 9
PER_SECTION = 4
MOST_READ = 5
TRENDING_FOR = 60  # seconds


@dataclass(frozen=True)
class FrontPage:
    """One lead, the latest, a block for each chosen section, and what is read most these days."""

    lead: Card | None
    latest: list[Card]
    sections: list[tuple[Category, list[Card]]]
    most_read: list[Card]


@require_safe
@public()
@kept()
def home(request: HttpRequest) -> HttpResponse:
    """The front page."""
    return render(request, "home.html", {"front": front_page(site_of(request).lead_id)})


def front_page(lead_id: int | None) -> FrontPage:
    """Choose what stands on the front page; four queries, whatever the number of articles."""
    newest = dict(_newest_with_photos())
    sections = {section: section.latest for section in _sections_with_latest()}
    read = remembered("trending", _trending, TRENDING_FOR)
    lead = _lead(lead_id, newest)
    cards = Cards({lead, *newest, *read}.union(*sections.values()) - {None})

    def chosen(pks: Iterable[int], most: int) -> list[Card]:
        return cards.some([pk for pk in pks if pk != lead][:most])

    blocks = ((section, chosen(pks, PER_SECTION)) for section, pks in sections.items())
    return FrontPage(
        lead=Card(lead, cards) if lead else None,
        latest=chosen(newest, LATEST),
        sections=[block for block in blocks if block[1]],
        most_read=cards.some(read),
    )


@prepared
def _newest_with_photos() -> QuerySet[Article, tuple[int, int | None]]:
    """The ids of the newest articles, with those of their photos."""
    return Article.objects.published().values_list("pk", "live__lead_photo")[: LATEST + 1]


@prepared
def _sections_with_latest() -> QuerySet[Category]:
    """The chosen sections in their order, each with the ids of its newest articles."""
    latest = Article.objects.published().filter(section=OuterRef("pk")).values("pk")
    sections = Category.objects.filter(parent=None, on_home=True)
    # One more than shown: the lead may be among them.
    return sections.annotate(latest=ArraySubquery(latest[: PER_SECTION + 1]))


def _trending() -> list[int]:
    published = Article.objects.published()
    return history.trending(Kind.ARTICLE, published, timezone.localdate(), MOST_READ)


@prepared
def _public(pk: int) -> QuerySet[Article, int]:
    return Article.objects.published().filter(pk=pk).values_list("pk", flat=True)


def _lead(chosen: int | None, newest: Mapping[int, int | None]) -> int | None:
    """The chosen article if it is public, else the newest with a photo, else the newest."""
    if chosen in newest or (chosen and _public(chosen)):
        return chosen
    with_photo = (pk for pk, photo in newest.items() if photo)
    return next(with_photo, next(iter(newest), None))
