"""The newsroom's lists of articles and documents with how often each was seen and downloaded."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ORDER_VAR, ChangeList
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from hitcount.models import BlacklistIP, BlacklistUserAgent, Hit, HitCount

from core.templatetags.portal import number
from documents.admin import DocumentAdmin
from documents.models import Document
from news.admin import ArticleAdmin, ArticleList
from news.models import Article
from stats import totals
from stats.models import Kind


def total(kind: str) -> Coalesce:
    """Return the public total of each row of a query, 0 where nothing was counted."""
    of_row = HitCount.objects.filter(
        content_type=totals.content_type(kind), object_pk=OuterRef("pk")
    )
    return Coalesce(Subquery(of_row.order_by().values("hits")[:1]), 0)


class CountedArticleList(ArticleList):
    """ArticleList, which can also be put in the order of its figures."""

    def get_ordering(self, request: HttpRequest, queryset: QuerySet[Article]) -> list[Any]:
        """Follow the column that was clicked; else the newest work first."""
        if ORDER_VAR in self.params:
            return ChangeList.get_ordering(self, request, queryset)
        return super().get_ordering(request, queryset)


admin.site.unregister((Article, Document))
# The loader alone writes totals; nothing is kept of a hit, and nobody is banned.
admin.site.unregister((Hit, HitCount, BlacklistIP, BlacklistUserAgent))


@admin.register(Article)
class CountedArticleAdmin(ArticleAdmin):
    """Articles with their views."""

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        """Add a column."""
        return (*super().get_list_display(request), "views")

    def get_sortable_by(self, request: HttpRequest) -> tuple[str, ...]:
        """Sort by the figures alone."""
        return ("views",)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        """Return the list that knows figures."""
        return CountedArticleList

    def get_queryset(self, request: HttpRequest) -> QuerySet[Article]:
        """Add the views."""
        return super().get_queryset(request).annotate(views=total(Kind.ARTICLE))

    @admin.display(description="Lượt xem", ordering="-views")
    def views(self, article: Any) -> str:
        """Return how often the article was seen."""
        return number(article.views)


@admin.register(Document)
class CountedDocumentAdmin(DocumentAdmin):
    """Documents with their views and downloads."""

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        """Add two columns."""
        return (*super().get_list_display(request), "views", "downloads")

    def get_sortable_by(self, request: HttpRequest) -> tuple[str, ...]:
        """Sort by the figures alone."""
        return ("views", "downloads")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Document]:
        """Add views and downloads."""
        counted = {"views": total(Kind.DOCUMENT), "downloads": total(Kind.DOWNLOAD)}
        return super().get_queryset(request).annotate(**counted)

    @admin.display(description="Lượt xem", ordering="-views")
    def views(self, document: Any) -> str:
        """Return how often the document's page was seen."""
        return number(document.views)

    @admin.display(description="Lượt tải", ordering="-downloads")
    def downloads(self, document: Any) -> str:
        """Return how often its files were downloaded."""
        return number(document.downloads)
