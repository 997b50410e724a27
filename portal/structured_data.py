"""Pages in the words of schema.org, for JSON-LD (developers.google.com/search/docs)."""

from collections.abc import Sequence
from typing import Any

from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone

from core.templatetags.portal import iso
from core.version_cache import remembered
from documents.models import Document
from documents.validity import Status, status
from news.models import Article, Category, Edition
from portal.addresses import absolute
from portal.models import SiteSettings

Thing = dict[str, Any]


def website(site: SiteSettings) -> list[Thing]:
    """Return the site and the body that answers for it."""
    about = _thing(
        "WebSite",
        name=site.name,
        alternateName=site.short_name,
        description=site.description,
        url=absolute(reverse("home")),
        inLanguage="vi",
        publisher={"@id": _publisher_id()},
    )
    contact = _thing("Organization", email=site.email, telephone=site.phone, address=site.address)
    return [about, contact | publisher(site)]


def publisher(site: SiteSettings) -> Thing:
    """Return the body that owns the site, with its logo; all pages have it."""
    return remembered("publisher", lambda: _publisher(site))


def _publisher(site: SiteSettings) -> Thing:
    logo = _thing("ImageObject", url=absolute(static("icons/icon-512.png")), width=512, height=512)
    return {
        "@type": "Organization",
        "@id": _publisher_id(),
        "name": site.owner or site.name,
        "url": absolute(reverse("home")),
        "logo": logo,
    }


def news_article(
    site: SiteSettings, article: Article, edition: Edition, description: str, address: str
) -> Thing:
    """Return a published article in its live edition, whose page is at `address`."""
    photo, body = edition.lead_photo, publisher(site)
    return _thing(
        "NewsArticle",
        headline=edition.title,
        description=description,
        mainEntityOfPage=address,
        url=address,
        inLanguage="vi",
        articleSection=edition.category.name,
        datePublished=iso(article.published_at),
        dateModified=iso(edition.went_live_at),
        image=[absolute(photo.social_url)] if photo else [],
        author=_author(edition) or {"@id": body["@id"]},
        publisher=body,
        isBasedOn=_source(edition),
    )


def legislation(document: Document, name: str, description: str) -> Thing:
    """Return a public document; its force today is told where its dates are known."""
    address = absolute(document.get_absolute_url())
    return _thing(
        "Legislation",
        name=name,
        abstract=document.abstract,
        description=description,
        legislationIdentifier=document.sign,
        legislationType=str(document.type),
        legislationPassedBy=_thing("Organization", name=str(document.issuer)),
        legislationDate=document.issued_on.isoformat() if document.issued_on else "",
        legislationLegalForce=_legal_force(document),
        mainEntityOfPage=address,
        url=address,
        inLanguage="vi",
        datePublished=iso(document.went_live_at),
    )


def breadcrumbs(trail: Sequence[tuple[str, str]]) -> Thing:
    """Return the way from the front page through `trail`, pairs of a name and a path."""
    steps = [("Trang chủ", reverse("home")), *trail]
    places = [
        _thing("ListItem", position=position, name=name, item=absolute(path))
        for position, (name, path) in enumerate(steps, start=1)
    ]
    return _thing("BreadcrumbList", itemListElement=places)


def category_trail(category: Category) -> list[tuple[str, str]]:
    """Return the steps that lead into `category`; its parent must be loaded."""
    return remembered(f"trail {category.pk}", lambda: _trail(category))


def _trail(category: Category) -> list[tuple[str, str]]:
    return [(c.name, c.get_absolute_url()) for c in (category.parent, category) if c]


def _author(edition: Edition) -> Thing:
    unit = _thing("Organization", name=edition.unit.name) if edition.unit else {}
    if edition.pen_name:
        return _thing("Person", name=edition.pen_name, affiliation=unit)
    return unit


def _source(edition: Edition) -> Thing:
    """What a repost reproduces."""
    if not edition.source_name:
        return {}
    origin = _thing("Organization", name=edition.source_name)
    return _thing("CreativeWork", url=edition.source_url, publisher=origin)


def _legal_force(document: Document) -> str:
    found = status(document, timezone.localdate())
    if found == Status.IN_FORCE and document.in_force_from is None:
        return ""
    words = {Status.IN_FORCE: "InForce", Status.PARTLY: "PartiallyInForce"}
    return f"https://schema.org/{words.get(found, 'NotInForce')}"


def _publisher_id() -> str:
    return absolute(reverse("home") + "#co-quan-chu-quan")


def _thing(kind: str, **properties: Any) -> Thing:
    """A thing of schema.org with the properties that have a value."""
    return {"@type": kind} | {name: value for name, value in properties.items() if value}
