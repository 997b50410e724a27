"""RSS 2.0 and Atom of the whole site and of each category."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.contrib.syndication.views import Feed
from django.core.files.storage import default_storage
from django.db.models import Case, F, TextField, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed, Enclosure, Rss201rev2Feed, SyndicationFeed
from django.utils.html import escape
from django.views.decorators.http import require_safe

from core.caching import public
from core.text import excerpt
from news.models import Article, ArticleQuerySet, Category, Edition
from portal.addresses import absolute
from portal.middleware import site_of
from portal.models import SiteSettings

NEWEST = 30
EXCERPT = 300

# https://www.w3.org/TR/xml/#charsets
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_text(text: str) -> str:
    """Return `text` without the characters that XML 1.0 forbids even when escaped."""
    return _NOT_XML.sub("", text)


@require_safe
@public()
def rss(request: HttpRequest, slug: str = "") -> HttpResponse:
    """The newest articles of the site, or of a category, in RSS 2.0."""
    return RssFeed()(request, slug)


@require_safe
@public()
def atom(request: HttpRequest, slug: str = "") -> HttpResponse:
    """The newest articles of the site, or of a category, in Atom."""
    return AtomFeed()(request, slug)


@dataclass(frozen=True)
class Channel:
    """What a feed is of: the site, or one category of it."""

    site: SiteSettings
    category: Category | None


class Item(NamedTuple):
    """A published article, its live edition, and its summary."""

    article: Article
    edition: Edition
    summary: str


class RssFeed(Feed):
    """The RSS 2.0 feed of a Channel.

    Every address is absolute already, so that Django never builds one from the Host header.
    """

    feed_type: type[SyndicationFeed] = Rss201rev2Feed
    route = "rss"
    language = "vi"
    item_guid_is_permalink = False

    def __call__(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = super().__call__(request, *args, **kwargs)
        # A withdrawal takes the newest date back: only the ETag tells that the feed has changed.
        del response["Last-Modified"]
        return response

    def get_object(self, request: HttpRequest, slug: str) -> Channel:
        """Return the channel of the category `slug`, of the site when empty; 404 for none."""
        category = get_object_or_404(Category, slug=slug) if slug else None
        return Channel(site_of(request), category)

    def title(self, channel: Channel) -> str:
        site, category = channel.site, channel.category
        return xml_text(f"{category.name} – {site.name}" if category else site.name)

    def description(self, channel: Channel) -> str:
        said = channel.category.description if channel.category else channel.site.description
        return xml_text(said) or self.title(channel)

    subtitle = description

    def link(self, channel: Channel) -> str:
        category = channel.category
        return absolute(category.get_absolute_url() if category else reverse("home"))

    def feed_url(self, channel: Channel) -> str:
        return absolute(
            reverse(self.route, args=[channel.category.slug] if channel.category else [])
        )

    feed_guid = feed_url

    def author_name(self, channel: Channel) -> str:
        return xml_text(channel.site.owner or channel.site.name)

    def items(self, channel: Channel) -> list[Item]:
        """Return the newest published articles; one query."""
        articles = Article.objects.published()
        if channel.category:
            articles = articles.in_category(channel.category)
        return _newest(articles)

    def item_title(self, item: Item) -> str:
        return xml_text(item.edition.title)

    def item_description(self, item: Item) -> str:
        """Return HTML, as both formats expect."""
        return escape(xml_text(item.summary))

    def item_link(self, item: Item) -> str:
        return absolute(item.article.get_absolute_url())

    def item_guid(self, item: Item) -> str:
        """Return an address that outlives every title, since the id alone decides."""
        return absolute(reverse("news:article", args=["bai-viet", item.article.pk]))

    def item_author_name(self, item: Item) -> str | None:
        """Return the pen name or the unit; None leaves the author to the channel."""
        unit = item.edition.unit
        return xml_text(item.edition.pen_name or (unit.name if unit else "")) or None

    def item_pubdate(self, item: Item) -> datetime | None:
        return _local(item.article.published_at)

    def item_updateddate(self, item: Item) -> datetime | None:
        return _local(item.edition.went_live_at)

    def item_categories(self, item: Item) -> list[str]:
        return [xml_text(item.article.category.name)]

    def item_enclosures(self, item: Item) -> list[Enclosure]:
        photo = item.edition.lead_photo
        length = _length(photo.key) if photo else None
        if photo is None or length is None:
            return []
        return [Enclosure(absolute(photo.social_url), str(length), "image/jpeg")]


class AtomFeed(RssFeed):
    """The Atom feed of a Channel."""

    feed_type = Atom1Feed
    route = "atom"


def _newest(articles: ArticleQuerySet) -> list[Item]:
    """The newest of `articles`; a body, which is long, is read only in place of a summary."""
    unsummarised = Case(
        When(live__summary="", then=F("live__body")), default=Value(""), output_field=TextField()
    )
    found = (
        articles.select_related("category", "live__lead_photo", "live__unit")
        .defer("live__body", "live__folded")
        .annotate(unsummarised=unsummarised)
    )
    return [
        Item(article, article.live, article.live.summary or excerpt(article.unsummarised, EXCERPT))
        for article in found[:NEWEST]
        if article.live
    ]


def _local(moment: datetime | None) -> datetime | None:
    return timezone.localtime(moment) if moment else None


def _length(key: str) -> int | None:
    """Size in bytes of a photo's picture for link cards; None while the file is missing."""
    try:
        return default_storage.size(f"photos/{key}/social.jpg")
    except FileNotFoundError:
        return None
