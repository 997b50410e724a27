"""Search and feed."""

from django.contrib.syndication.views import Feed
from django.core.paginator import Paginator
from django.shortcuts import render

from journal.models import PER_PAGE, ArticlePage, cards


def search(request):
    """A page of what Wagtail's search of the database finds, best first."""
    words = request.GET.get("q", "")
    found = cards(ArticlePage.objects.live()).search(words)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "journal/search.html", {"words": words, "articles": page})


class Latest(Feed):
    """The newest articles."""

    title = "Journal"
    link = "/"
    description = "The newest articles."

    def items(self):
        return ArticlePage.objects.live().order_by("-date")[:PER_PAGE]

    def item_description(self, item):
        return item.summary

    def item_pubdate(self, item):
        return item.date

    def item_link(self, item):
        return item.url
