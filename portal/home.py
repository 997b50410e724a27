"""The front page."""

from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.caching import kept, public
from news.models import Article, Category
from portal.middleware import site_of
from stats import history
from stats.models import Kind

LATEST = 9
PER_SECTION = 4
MOST_READ = 5


@dataclass(frozen=True)
class FrontPage:
    """One lead, the latest, a block for each chosen section, and what is read most these days."""

    lead: Article | None
    latest: list[Article]
    sections: list[tuple[Category, list[Article]]]
    most_read: list[Article]


@require_safe
@public()
@kept()
def home(request: HttpRequest) -> HttpResponse:
    """The front page."""
    return render(request, "home.html", {"front": front_page(site_of(request).lead_id)})


def front_page(lead_id: int | None) -> FrontPage:
    """Choose what stands on the front page; four queries, whatever the number of articles."""
    newest = list(Article.objects.published().values_list("pk", flat=True)[: LATEST + 1])
    sections = _sections_with_latest()
    read = history.trending(
        Kind.ARTICLE, Article.objects.published(), timezone.localdate(), MOST_READ
    )
    wanted = {lead_id, *newest, *read}.union(*sections.values()) - {None}
    cards = Article.objects.published().for_cards().in_bulk(wanted)

    def chosen(pks: list[int], most: int) -> list[Article]:
        return [cards[pk] for pk in pks if pk in cards and cards[pk] != lead][:most]

    lead = cards.get(lead_id) if lead_id else None
    lead = lead or _newest_with_photo([cards[pk] for pk in newest if pk in cards])
    blocks = ((section, chosen(pks, PER_SECTION)) for section, pks in sections.items())
    filled = [block for block in blocks if block[1]]
    most_read = [cards[pk] for pk in read if pk in cards]
    return FrontPage(lead, chosen(newest, LATEST), filled, most_read)


def _sections_with_latest() -> dict[Category, list[int]]:
    """Return the chosen sections in their order, each with the ids of its newest articles."""
    latest = Article.objects.published().filter(section=OuterRef("pk")).values("pk")
    sections = Category.objects.filter(parent=None, on_home=True)
    # One more than shown: the lead may be among them.
    with_latest = sections.annotate(latest=ArraySubquery(latest[: PER_SECTION + 1]))
    return {section: section.latest for section in with_latest}


def _newest_with_photo(articles: list[Article]) -> Article | None:
    with_photo = (a for a in articles if a.live and a.live.lead_photo)
    return next(with_photo, articles[0] if articles else None)
