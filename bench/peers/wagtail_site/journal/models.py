"""Home, categories and articles: what the portal's public pages show, as pages of Wagtail."""

from django.core.paginator import Paginator
from django.db import models
from django.db.models import Prefetch
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField
from wagtail.images import get_image_model
from wagtail.models import Page
from wagtail.search import index

LATEST, PER_SECTION, PER_PAGE = 10, 4, 20
RENDITIONS = ("width-400", "width-800")


def cards(articles):
    """Load what a card shows, in as few queries as Wagtail's documentation knows how to."""
    images = get_image_model().objects.prefetch_renditions(*RENDITIONS)
    return articles.prefetch_related(Prefetch("lead", queryset=images))


class HomePage(Page):
    """The latest articles, then some of each category."""

    def get_context(self, request):
        newest = ArticlePage.objects.live().order_by("-date")
        sections = CategoryPage.objects.child_of(self).live().in_menu()
        return super().get_context(request) | {
            "latest": cards(newest)[:LATEST],
            "sections": [(s, cards(newest.child_of(s))[:PER_SECTION]) for s in sections],
        }


class CategoryPage(Page):
    """A numbered list of articles, newest first."""

    def get_context(self, request):
        articles = cards(ArticlePage.objects.child_of(self).live().order_by("-date"))
        page = Paginator(articles, PER_PAGE).get_page(request.GET.get("page"))
        return super().get_context(request) | {"articles": page}


class ArticlePage(Page):
    """One article."""

    date = models.DateTimeField(db_index=True)
    summary = models.TextField(blank=True)
    body = RichTextField(blank=True)
    lead = models.ForeignKey(
        "wagtailimages.Image", null=True, on_delete=models.SET_NULL, related_name="+"
    )

    content_panels = [*Page.content_panels, *map(FieldPanel, ("date", "summary", "body", "lead"))]
    search_fields = [
        *Page.search_fields,
        index.SearchField("summary"),
        index.SearchField("body"),
        index.FilterField("date"),
    ]

    def get_context(self, request):
        others = ArticlePage.objects.sibling_of(self, inclusive=False).live().order_by("-date")
        return super().get_context(request) | {
            "related": cards(others)[:PER_SECTION],
            "older": others.filter(date__lt=self.date).first(),
            "newer": others.filter(date__gt=self.date).last(),
        }
