"""RSS 2.0 and Atom of the whole site and of each category."""

from datetime import datetime
from typing import NamedTuple

from django.core.files.storage import default_storage
from django.db.models import Case, F, QuerySet, TextField, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed, Enclosure
from django.utils.html import escape
from django.views.decorators.http import require_safe

from core.caching import kept, public
from core.text import excerpt
from core.version_cache import remembered
from news.models import Article, Category, Edition
from portal.addresses import absolute
from portal.middleware import site_of
from portal.syndication import NEWEST, Channel, ChannelFeed, local, xml_text

EXCERPT = 300


@require_safe
@public()
@kept()
def rss(request: HttpRequest, slug: str = "") -> HttpResponse:
    """The newest articles of the site, or of a category, in RSS 2.0."""
    return RssFeed()(request, slug)


@require_safe
@public()
@kept()
def atom(request: HttpRequest, slug: str = "") -> HttpResponse:
    """The newest articles of the site, or of a category, in Atom."""
    return AtomFeed()(request, slug)


class Item(NamedTuple):
    """What feeds tell of a published article; `guid` outlives every title, and is an address."""

    title: str
    summary: str
    address: str
    guid: str
    author: str | None
    published: datetime | None
    updated: datetime | None
    category: str
    enclosures: list[Enclosure]


class RssFeed(ChannelFeed):
    """The RSS 2.0 feed of the site, or of a category."""

    route = "rss"

    def get_object(self, request: HttpRequest, slug: str) -> Channel:
        """Return the channel of the category `slug`, of the site when empty; 404 for none."""
        site, articles = site_of(request), Article.objects.published()
        if not slug:
            return Channel(
                site, "", site.description, reverse("home"), reverse(self.route), articles
            )
        category = get_object_or_404(Category, slug=slug)
        return Channel(
            site,
            category.name,
            category.description,
            category.get_absolute_url(),
            reverse(self.route, args=[slug]),
            articles.in_category(category),
        )

    def items(self, channel: Channel) -> list[Item]:
        """Return the newest published articles, kept for both formats; one query."""
        return remembered(f"feed of {channel.page}", lambda: _newest(channel.content))

    def item_title(self, item: Item) -> str:
        return item.title

    def item_description(self, item: Item) -> str:
        """Return HTML, as both formats expect."""
        return escape(item.summary)

    def item_link(self, item: Item) -> str:
        return item.address

    def item_guid(self, item: Item) -> str:
        return item.guid

    def item_author_name(self, item: Item) -> str | None:
        """Return the pen name or the unit; None leaves the author to the channel."""
        return item.author

    def item_pubdate(self, item: Item) -> datetime | None:
        return item.published

    def item_updateddate(self, item: Item) -> datetime | None:
        return item.updated

    def item_categories(self, item: Item) -> list[str]:
        return [item.category]

    def item_enclosures(self, item: Item) -> list[Enclosure]:
        return item.enclosures


class AtomFeed(RssFeed):
    """The same in Atom."""

    feed_type = Atom1Feed
    route = "atom"


def _newest(articles: QuerySet[Article]) -> list[Item]:
    """The newest of `articles`; a body, which is long, is read only in place of a summary."""
    unsummarised = Case(
        When(live__summary="", then=F("live__body")), default=Value(""), output_field=TextField()
    )
    found = (
        articles.select_related("category", "live__lead_photo", "live__unit")
        .defer("live__body", "live__folded")
        .annotate(unsummarised=unsummarised)
    )
    return [_item(article, article.live) for article in found[:NEWEST] if article.live]


def _item(article: Article, edition: Edition) -> Item:
    unit = edition.unit.name if edition.unit else ""
    return Item(
        xml_text(edition.title),
        xml_text(edition.summary or excerpt(vars(article)["unsummarised"], EXCERPT)),
        absolute(article.get_absolute_url()),
        absolute(reverse("news:article", args=["bai-viet", article.pk])),
        xml_text(edition.pen_name or unit) or None,
        local(article.published_at),
        local(edition.went_live_at),
        xml_text(article.category.name),
        _enclosures(edition),
    )


def _enclosures(edition: Edition) -> list[Enclosure]:
    """The picture of a link card, once it was made."""
    photo = edition.lead_photo
    length = _length(photo.key) if photo else None
    if photo is None or length is None:
        return []
    return [Enclosure(absolute(photo.social_url), str(length), "image/jpeg")]


def _length(key: str) -> int | None:
    """Size in bytes of a photo's picture for link cards; None while the file is missing."""
    try:
        return default_storage.size(f"photos/{key}/social.jpg")
    except FileNotFoundError:
        return None
