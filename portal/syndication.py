"""What the feeds of the portal have in common, whatever they are of."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.syndication.views import Feed
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.feedgenerator import Rss201rev2Feed, SyndicationFeed

from portal.addresses import absolute
from portal.models import SiteSettings

NEWEST = 30

# https://www.w3.org/TR/xml/#charsets
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_text(text: str) -> str:
    """Return `text` without the characters that XML 1.0 forbids even when escaped."""
    return _NOT_XML.sub("", text)


def local(moment: datetime | None) -> datetime | None:
    """Return `moment` in the portal's time zone."""
    return timezone.localtime(moment) if moment else None


@dataclass(frozen=True)
class Channel:
    """What a feed is of: its name ("" for the whole site), the paths of its page and of itself."""

    site: SiteSettings
    name: str
    description: str
    page: str
    path: str
    content: QuerySet[Any]


class ChannelFeed(Feed):
    """An RSS 2.0 feed of a Channel.

    Every address is absolute already, so that Django never builds one from the Host header.
    """

    feed_type: type[SyndicationFeed] = Rss201rev2Feed
    language = "vi"
    item_guid_is_permalink = False

    def __call__(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = super().__call__(request, *args, **kwargs)
        # A withdrawal takes the newest date back: only the ETag tells that the feed has changed.
        del response["Last-Modified"]
        return response

    def title(self, channel: Channel) -> str:
        site, name = channel.site, channel.name
        return xml_text(f"{name} – {site.name}" if name else site.name)

    def description(self, channel: Channel) -> str:
        return xml_text(channel.description) or self.title(channel)

    subtitle = description

    def link(self, channel: Channel) -> str:
        return absolute(channel.page)

    def feed_url(self, channel: Channel) -> str:
        return absolute(channel.path)

    feed_guid = feed_url

    def author_name(self, channel: Channel) -> str:
        return xml_text(channel.site.owner or channel.site.name)
