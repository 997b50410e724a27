"""What a page tells machines about itself: search engines, link cards, feed readers.

Everything comes from what the views put into the context anyway; nothing is queried. A page
that no builder knows (an error, a preview, a withdrawn article) asks not to be indexed.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.template.context import Context
from django.templatetags.static import static
from django.urls import reverse

from core.media import Photo
from core.text import excerpt
from news.listing import Listing, Month
from news.models import Article, Category, Edition
from portal.addresses import absolute, numbered
from portal.models import Page, SiteSettings
from portal.structured_data import Thing, breadcrumbs, category_trail, news_article, website


@dataclass(frozen=True)
class CardImage:
    """The picture of a link card; its sizes are pixels."""

    url: str
    width: int
    height: int
    type: str
    alt: str = ""
    is_photo: bool = False


@dataclass(frozen=True)
class Metadata:
    """What partials/meta.html writes; without a canonical address: not to be indexed."""

    title: str
    description: str
    canonical: str = ""
    image: CardImage | None = None
    article: Article | None = None
    category: Category | None = None
    graph: list[Thing] = field(default_factory=list)


def describe(context: Context) -> Metadata:
    """Return the metadata of the page that is being rendered with `context`."""
    known = (build for name, build in _BUILDERS.items() if name in context)
    return next(known, _unlisted)(context)


def summary_of(edition: Edition) -> str:
    """Return the summary of an article, or the beginning of its body, on one line."""
    return " ".join(edition.summary.split()) or excerpt(edition.body)


def _unlisted(context: Context) -> Metadata:
    site: SiteSettings = context["site"]
    return Metadata(site.name, site.description or site.name)


def _of_article(context: Context) -> Metadata:
    site, article, edition = context["site"], context["article"], context["edition"]
    description, path = summary_of(edition), article.get_absolute_url()
    trail = [*category_trail(edition.category), (edition.title, path)]
    return Metadata(
        edition.title,
        description,
        absolute(path),
        _card(edition.lead_photo) if edition.lead_photo else _logo(),
        article,
        graph=[news_article(site, article, edition, description), breadcrumbs(trail)],
    )


def _of_home(context: Context) -> Metadata:
    site: SiteSettings = context["site"]
    home = absolute(reverse("home"))
    return Metadata(site.name, site.description or site.name, home, _logo(), graph=website(site))


def _of_category(context: Context) -> Metadata:
    category: Category = context["category"]
    site, page = context["site"], context["page"]
    description = category.description or f"Tin, bài của {site.name}: {category.name}."
    trail = category_trail(category)
    return _of_list(category.name, description, trail, page, category)


def _of_month(context: Context) -> Metadata:
    month: Month = context["month"]
    title = f"Tin, bài tháng {month.first:%m/%Y}"
    path = reverse("news:month", args=[month.first.year, month.first.month])
    return _of_list(title, f"{title} của {context['site'].name}.", [(title, path)], context["page"])


def _of_index(context: Context) -> Metadata:
    description = f"Tin, bài mới nhất của {context['site'].name}."
    return _of_list("Tin, bài", description, [("Tin, bài", reverse("news:index"))], context["page"])


def _of_list(
    title: str,
    description: str,
    trail: list[tuple[str, str]],
    page: Listing,
    category: Category | None = None,
) -> Metadata:
    """Describe one page of a list whose first page is where `trail` ends."""
    canonical = absolute(numbered(trail[-1][1], page.number))
    graph = [breadcrumbs(trail)]
    return Metadata(title, description, canonical, _logo(), category=category, graph=graph)


def _of_static_page(context: Context) -> Metadata:
    page: Page = context["page"]
    description, path = excerpt(page.body) or page.title, page.get_absolute_url()
    graph = [breadcrumbs([(page.title, path)])]
    return Metadata(page.title, description, absolute(path), _logo(), graph=graph)


# The first variable that a page's context has decides, so the order matters.
_BUILDERS: dict[str, Callable[[Context], Metadata]] = {
    "preview": _unlisted,
    "edition": _of_article,
    "front": _of_home,
    "category": _of_category,
    "month": _of_month,
    "months": _of_index,
    "page": _of_static_page,
}


def _card(photo: Photo) -> CardImage:
    width, height = photo.social_size
    url = absolute(photo.social_url)
    return CardImage(url, width, height, "image/jpeg", photo.alt, is_photo=True)


def _logo() -> CardImage:
    return CardImage(absolute(static("icons/icon-512.png")), 512, 512, "image/png")
