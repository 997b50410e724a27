"""The pages of the bin: throwing away, the list, taking back, deleting for good."""

from functools import partial
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.newsroom import writer
from core.workflow import Right, State
from news import bin, rights
from news.models import Article, Edition

if TYPE_CHECKING:
    from core.newsroom import PublicationAdmin as _Admin
else:
    _Admin = object

SHOWN = 200
EMPTIES = "news.empty_bin"
asks_first = method_decorator(require_http_methods(["GET", "HEAD", "POST"]))


def may_throw_away(edition: Edition | None, article: Article, request: HttpRequest) -> bool:
    """Return whether `news.bin.throw_away` would let the person."""
    return (
        edition is not None
        and article.published_at is None
        and edition.state in (State.DRAFT, State.RETURNED)
        and edition.grants(writer(request), Right.WRITE)
    )


class BinPages(_Admin):
    """The pages of ArticleAdmin about what was thrown away."""

    def get_urls(self) -> list[URLPattern]:
        """Put these before the usual ones."""
        wrap = self.admin_site.admin_view
        pages: tuple[tuple[str, Any, str], ...] = (
            ("thung-rac/", self.bin_list_view, "bin_list"),
            ("<int:pk>/bo/", self.throw_away_view, "bin"),
            ("<int:pk>/lay-lai/", self.take_back_view, "take_back"),
            ("<int:pk>/xoa-han/", self.delete_for_good_view, "delete_for_good"),
        )
        own = [path(route, wrap(view), name=f"news_article_{name}") for route, view, name in pages]
        return [*own, *super().get_urls()]

    def binned(self, request: HttpRequest) -> QuerySet[Article]:
        """Return what of the bin the person may see: all of it who empties it."""
        thrown = Article.objects.filter(binned_at__isnull=False).order_by("-binned_at", "-pk")
        user = writer(request)
        if user.has_perm(EMPTIES):
            return thrown
        if not user.has_perm("news.view_article"):
            raise PermissionDenied
        return rights.visible(thrown, user)

    @method_decorator(require_safe)
    def bin_list_view(self, request: HttpRequest) -> HttpResponse:
        """What lies in the bin, the latest first."""
        found = self.binned(request).select_related("binned_by")
        articles = found.prefetch_related("editions")[:SHOWN]
        rows = [(one, one.editions.all()[0]) for one in articles if one.editions.all()]
        user = writer(request)
        context = {
            **self.admin_site.each_context(request),
            "title": "Thùng rác",
            "opts": self.opts,
            "rows": rows,
            "may_write": user.has_perm(rights.WRITES),
            "may_empty": user.has_perm(EMPTIES),
            "shown": SHOWN,
        }
        return TemplateResponse(request, "admin/news/article/bin.html", context)

    @asks_first
    def throw_away_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask, then put a draft into the bin."""
        article = get_object_or_404(self.get_queryset(request), pk=pk)
        if request.method == "POST":
            done = self.attempt(request, partial(bin.throw_away, article))
            page = "admin:news_article_changelist" if done else None
            return redirect(page) if page else redirect(self.address("change", article))
        return self.page(
            request, "admin/news/article/throw_away.html", article, title="Bỏ vào thùng rác"
        )

    @method_decorator(require_POST)
    def take_back_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take a draft out of the bin and open it."""
        article = get_object_or_404(self.binned(request), pk=pk)
        if self.attempt(request, partial(bin.take_back, article)):
            return redirect(self.address("change", article))
        return redirect("admin:news_article_bin_list")

    @asks_first
    def delete_for_good_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask, then delete what lies in the bin."""
        article = get_object_or_404(self.binned(request), pk=pk)
        if not writer(request).has_perm(EMPTIES):
            raise PermissionDenied
        if request.method == "POST":
            self.attempt(request, partial(bin.delete_for_good, article))
            return redirect("admin:news_article_bin_list")
        return self.page(
            request, "admin/news/article/delete_for_good.html", article, title="Xóa hẳn"
        )
