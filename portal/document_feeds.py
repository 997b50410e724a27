"""RSS 2.0 and Atom of the public documents: all, or those of one type, issuer or field."""

from datetime import datetime
from typing import NamedTuple

from django.db.models import Exists, Model, OuterRef, Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed, Enclosure
from django.utils.html import escape
from django.views.decorators.http import require_safe

from core.caching import kept, public
from core.version_cache import remembered
from documents.files import FileRole
from documents.models import Document, DocumentFile, DocumentType, Field, Issuer
from portal.addresses import absolute
from portal.middleware import site_of
from portal.syndication import NEWEST, Channel, ChannelFeed, local, xml_text

TITLE = "Văn bản"


class Kind(NamedTuple):
    """What documents may be followed by; `name` says so before the name of one."""

    model: type[DocumentType | Issuer | Field]
    lookup: str
    name: str


# Each by the parameter that filters the list of documents by it.
KINDS = {
    "loai": Kind(DocumentType, "type", "Văn bản loại"),
    "co-quan": Kind(Issuer, "issuer", "Văn bản của"),
    "linh-vuc": Kind(Field, "fields", "Văn bản lĩnh vực"),
}


@require_safe
@public()
@kept()
def rss(request: HttpRequest, kind: str = "", slug: str = "") -> HttpResponse:
    """The newest documents, all or of one kind, in RSS 2.0."""
    return RssFeed()(request, kind, slug)


@require_safe
@public()
@kept()
def atom(request: HttpRequest, kind: str = "", slug: str = "") -> HttpResponse:
    """The newest documents, all or of one kind, in Atom."""
    return AtomFeed()(request, kind, slug)


class RssFeed(ChannelFeed):
    """The RSS 2.0 feed of documents, newest publication first."""

    route = "rss-documents"

    def get_object(self, request: HttpRequest, kind: str, slug: str) -> Channel:
        """Return the channel of all documents, or of one type, issuer or field."""
        site, documents = site_of(request), Document.objects.published()
        page, name = reverse("documents:index"), TITLE
        if not kind:
            return Channel(site, name, "", page, reverse(self.route), documents)
        followed = _followed(kind, slug)
        return Channel(
            site,
            f"{KINDS[kind].name} {followed}",
            "",
            f"{page}?{kind}={slug}",
            reverse(self.route, args=[kind, slug]),
            documents.filter(**{KINDS[kind].lookup: followed}),
        )

    def items(self, channel: Channel) -> list[Document]:
        """Return the documents that went live last, kept for both formats; two queries."""
        return remembered(f"feed of {channel.page}", lambda: _newest(channel.content))

    def item_title(self, item: Document) -> str:
        return xml_text(f"{item.sign}: {item.abstract}" if item.sign else item.abstract)

    def item_description(self, item: Document) -> str:
        """Return HTML, as both formats expect."""
        day = f", ngày {item.issued_on:%d/%m/%Y}" if item.issued_on else ""
        return escape(xml_text(f"{item.type} của {item.issuer}{day}. {item.abstract}"))

    def item_link(self, item: Document) -> str:
        return absolute(item.get_absolute_url())

    def item_guid(self, item: Document) -> str:
        """Return an address that outlives every slug, since the id alone decides."""
        return absolute(reverse("documents:document", args=["van-ban", item.pk]))

    def item_author_name(self, item: Document) -> str:
        return xml_text(str(item.issuer))

    def item_pubdate(self, item: Document) -> datetime | None:
        return local(item.went_live_at)

    item_updateddate = item_pubdate

    def item_categories(self, item: Document) -> list[str]:
        return [xml_text(str(item.type))]

    def item_enclosures(self, item: Document) -> list[Enclosure]:
        """Return the main file; RSS allows no more than one."""
        return [
            Enclosure(absolute(file.get_absolute_url()), str(file.size), file.content_type)
            for file in item.files.all()[:1]
        ]


class AtomFeed(RssFeed):
    """The same in Atom."""

    feed_type = Atom1Feed
    route = "atom-documents"


def _newest(documents: QuerySet[Document]) -> list[Document]:
    """The newest of `documents`, with their main files."""
    main = DocumentFile.objects.current().filter(role=FileRole.MAIN)
    newest = documents.order_by("-went_live_at", "-pk").select_related("type", "issuer")
    files = Prefetch("files", main)
    return list(newest.defer("folded", "words").prefetch_related(files)[:NEWEST])


def _followed(kind: str, slug: str) -> Model:
    """What `kind` and `slug` name; 404 unless a public document belongs to it.

    The name of what internal documents alone belong to would tell of them.
    """
    if kind not in KINDS:
        raise Http404("Nothing to follow documents by.")
    model, lookup, _ = KINDS[kind]
    belonging = Document.objects.published().filter(**{lookup: OuterRef("pk")})
    return get_object_or_404(model.objects.filter(Exists(belonging)), slug=slug)
