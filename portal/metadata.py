"""What a page tells machines about itself: search engines, link cards, feed readers.

Everything comes from what the views put into the context anyway; nothing is queried. A page
that no builder knows (an error, a preview, a withdrawn article) asks not to be indexed.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from django.template.context import Context
from django.templatetags.static import static
from django.urls import reverse

from core.media import Photo
from core.templatetags.portal import iso
from core.text import excerpt
from documents.listing import Listing
from documents.models import Document
from news.listing import Month
from news.models import Article, Category, Edition
from portal.addresses import absolute, numbered
from portal.models import Page, SiteSettings
from portal.structured_data import (
    Thing,
    breadcrumbs,
    category_trail,
    legislation,
    news_article,
    website,
)

DOCUMENTS = "Văn bản"


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
class FeedLink:
    """The feeds, in both formats, of what a page shows."""

    title: str
    rss: str
    atom: str


@dataclass(frozen=True)
class Metadata:
    """What partials/meta.html writes; without a canonical address: `robots` instead."""

    title: str
    description: str
    canonical: str = ""
    image: CardImage | None = None
    article: Article | None = None
    robots: str = "noindex"
    feeds: list[FeedLink] = field(default_factory=list)
    graph: list[Thing] = field(default_factory=list)

    def properties(self, site: SiteSettings) -> Iterator[tuple[str, str | int]]:
        """Yield what link cards show of a page of `site` that has an address (ogp.me)."""
        assert self.image
        yield "og:type", "article" if self.article else "website"
        yield "og:url", self.canonical
        yield "og:title", self.title
        yield "og:description", self.description
        yield "og:site_name", site.name
        yield "og:locale", "vi_VN"
        yield "og:image", self.image.url
        yield "og:image:type", self.image.type
        yield "og:image:width", self.image.width
        yield "og:image:height", self.image.height
        if self.image.alt:
            yield "og:image:alt", self.image.alt
        if self.article and self.article.live:
            yield "article:published_time", iso(self.article.published_at)
            yield "article:modified_time", iso(self.article.live.went_live_at)
            yield "article:section", self.article.category.name


def describe(context: Context) -> Metadata:
    """Return the metadata of the page that is being rendered with `context`."""
    known = (build for name, build in _BUILDERS.items() if name in context)
    return next(known, _by_address)(context)


def summary_of(edition: Edition) -> str:
    """Return the summary of an article, or the beginning of its body, on one line."""
    return " ".join(edition.summary.split()) or excerpt(edition.body)


def _unlisted(context: Context) -> Metadata:
    site: SiteSettings = context["site"]
    return Metadata(site.name, site.description or site.name)


def _of_article(context: Context) -> Metadata:
    site, article, edition = context["site"], context["article"], context["edition"]
    description, path = summary_of(edition), context["path"]
    address = absolute(path)
    trail = [*category_trail(edition.category), (edition.title, path)]
    return Metadata(
        edition.title,
        description,
        address,
        _card(edition.lead_photo) if edition.lead_photo else _logo(),
        article,
        graph=[news_article(site, article, edition, description, address), breadcrumbs(trail)],
    )


def _of_results(context: Context) -> Metadata:
    """Describe what a search found; unless it is for one reader alone, links may be followed."""
    site: SiteSettings = context["site"]
    robots = "noindex" if context["user"].is_authenticated else "noindex, follow"
    return Metadata(site.name, site.description or site.name, robots=robots)


def _of_home(context: Context) -> Metadata:
    site: SiteSettings = context["site"]
    home = absolute(reverse("home"))
    return Metadata(site.name, site.description or site.name, home, _logo(), graph=website(site))


def _of_category(context: Context) -> Metadata:
    category: Category = context["category"]
    site, page = context["site"], context["page"]
    description = category.description or f"Tin, bài của {site.name}: {category.name}."
    trail = category_trail(category)
    args = [category.slug]
    feed = FeedLink(category.name, reverse("rss", args=args), reverse("atom", args=args))
    return _of_list(category.name, description, trail, page.number, [feed])


def _of_month(context: Context) -> Metadata:
    month: Month = context["month"]
    title = f"Tin, bài tháng {month.first:%m/%Y}"
    path = reverse("news:month", args=[month.first.year, month.first.month])
    description = f"{title} của {context['site'].name}."
    return _of_list(title, description, [(title, path)], context["page"].number)


def _of_index(context: Context) -> Metadata:
    description = f"Tin, bài mới nhất của {context['site'].name}."
    trail = [("Tin, bài", reverse("news:index"))]
    return _of_list("Tin, bài", description, trail, context["page"].number)


def _of_document(context: Context) -> Metadata:
    """Describe a document that everybody may read; of any other, nothing is told."""
    document: Document = context["document"]
    if not document.is_public:
        return _unlisted(context)
    name, path = str(document), document.get_absolute_url()
    followed = {"co-quan": document.issuer, "loai": document.type}
    issued = f", ban hành ngày {document.issued_on:%d/%m/%Y}" if document.issued_on else ""
    description = f"{document.abstract} ({document.type} của {document.issuer}{issued})"
    return Metadata(
        f"{name}: {document.abstract}" if document.sign else name,
        description,
        absolute(path),
        _logo(),
        feeds=_document_feeds(
            *((kind, one.slug, one.name) for kind, one in followed.items() if one)
        ),
        graph=[
            legislation(document, name, description),
            breadcrumbs([_documents_step(), (name, path)]),
        ],
    )


def _of_documents(context: Context) -> Metadata:
    """Describe the list of documents; a filtered one is for its reader, not for an index."""
    description = f"Văn bản chỉ đạo, điều hành do {context['site'].name} đăng."
    listing: Listing = context["listing"]
    if set(context["request"].GET) - {"trang"}:
        feeds = _document_feeds(*listing.followed)
        return Metadata(DOCUMENTS, description, robots="noindex, follow", feeds=feeds)
    trail, feeds = [_documents_step()], _document_feeds()
    return _of_list(DOCUMENTS, description, trail, listing.number, feeds)


def _documents_step() -> tuple[str, str]:
    return DOCUMENTS, reverse("documents:index")


def _document_feeds(*followed: tuple[str, str, str]) -> list[FeedLink]:
    """The feeds of all documents, and of each kind, slug and name that is `followed`."""
    feeds = [FeedLink(DOCUMENTS, reverse("rss-documents"), reverse("atom-documents"))]
    for *args, name in followed:
        rss, atom = reverse("rss-documents", args=args), reverse("atom-documents", args=args)
        feeds.append(FeedLink(f"{DOCUMENTS}: {name}", rss, atom))
    return feeds


def _by_address(context: Context) -> Metadata:
    """Describe the form that verifies copies; its answers, and all other pages, stay unlisted."""
    path = reverse("documents:verify")
    if context["request"].get_full_path() != path or "problem" in context:
        return _unlisted(context)
    title, description = (
        "Kiểm tra bản sao",
        "Kiểm tra một tệp có đúng là văn bản đã đăng hay không.",
    )
    return _of_list(title, description, [_documents_step(), (title, path)], 1)


def _of_statistics(context: Context) -> Metadata:
    title, path = "Thống kê truy cập", reverse("statistics")
    description = f"Lượt truy cập, bài đọc nhiều, cách đếm của {context['site'].name}."
    return _of_list(title, description, [(title, path)], 1)


def _of_list(
    title: str,
    description: str,
    trail: list[tuple[str, str]],
    number: int,
    feeds: list[FeedLink] | None = None,
) -> Metadata:
    """Describe page `number` of a list whose first page is where `trail` ends."""
    canonical = absolute(numbered(trail[-1][1], number))
    graph = [breadcrumbs(trail)]
    return Metadata(title, description, canonical, _logo(), feeds=feeds or [], graph=graph)


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
    "results": _of_results,
    "document": _of_document,
    "listing": _of_documents,
    "category": _of_category,
    "month": _of_month,
    "months": _of_index,
    "page": _of_static_page,
    "statistics": _of_statistics,
}


def _card(photo: Photo) -> CardImage:
    width, height = photo.social_size
    url = absolute(photo.social_url)
    return CardImage(url, width, height, "image/jpeg", photo.alt, is_photo=True)


def _logo() -> CardImage:
    return CardImage(absolute(static("icons/icon-512.png")), 512, 512, "image/png")
