"""The newsroom: one “Bài viết” for the editor, who never meets editions."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db.models import FilteredRelation, Prefetch, Q, QuerySet
from django.db.models.functions import Coalesce
from django.forms import ModelForm, modelform_factory
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.views.decorators.http import require_safe

from core.admin import thumbnail
from core.newsroom import (
    BoundedPaginator,
    FoldedSearchAdmin,
    PlainAdmin,
    PublicationAdmin,
    all_words,
    confirmed,
    row_number,
)
from core.publishing import OPEN_STATES, PUBLISHED_STATES, State
from core.text import fold
from core.widgets import PhotoInput
from news import desk
from news.desk import status_of
from news.filters import MonthFilter, SectionFilter, StatusFilter
from news.forms import ArticleForm, CategoryForm
from news.models import Article, Category, Edition, Unit

# The editions that a list may have to show; superseded ones are history.
SHOWN_STATES = (*OPEN_STATES, State.LIVE, State.WITHDRAWN)


class ArticleList(ChangeList):
    """The rows of one page with the editions that they show: one query for all of them."""

    def get_queryset(self, request: HttpRequest, *args: Any, **kwargs: Any) -> QuerySet[Article]:
        """Fetch the editions along with the articles."""
        editions = (
            Edition.objects.filter(state__in=SHOWN_STATES)
            .select_related("category", "unit", "lead_photo")
            .defer("body")
            .order_by("-number")
        )
        found = super().get_queryset(request, *args, **kwargs)
        return found.prefetch_related(Prefetch("editions", editions))

    def get_ordering(self, request: HttpRequest, queryset: QuerySet[Article]) -> list[Any]:
        """Put the newest work first: what was written, withdrawn or published last."""
        last = Coalesce("open__updated_at", "withdrawn_at", "published_at", "created_at")
        return [last.desc(), "-pk"]


def shown(article: Article) -> Edition:
    """Return the edition that a row of ArticleList speaks of: open, else live, else withdrawn."""
    fetched = article.editions.all()
    return min(fetched, key=lambda one: (not one.is_open, one.state != State.LIVE))


@admin.register(Article)
class ArticleAdmin(PublicationAdmin):
    """Articles as editors think of them: write, look, publish, withdraw."""

    list_display = ("picture", "headline", "status", "section_name", "unit_name", "moment")
    list_display_links = ("headline",)
    list_filter = (StatusFilter, SectionFilter, MonthFilter)
    list_per_page = 50
    paginator = BoundedPaginator
    search_fields = ("title",)  # shows the box; get_search_results searches
    search_help_text = "Tìm theo tiêu đề và tóm tắt, có dấu hoặc không dấu, hoặc theo số của bài."
    sortable_by = ()
    change_form_template = "admin/news/article/change_form.html"
    publish_permission = Edition.publish_permission
    noun = "bài"
    withdraw_path = "go-bai"
    fieldsets = (
        (None, {"fields": ("title", "summary", "body"), "classes": ("text",)}),
        ("Chuyên mục", {"fields": ("category",)}),
        ("Ảnh chính", {"fields": ("lead_photo",)}),
        ("Tác giả và nguồn", {"fields": ("pen_name", "unit", "source_name", "source_url")}),
        ("Thời gian đăng", {"fields": ("publish_at",)}),
    )

    # The list

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        """Return the list with editions."""
        return ArticleList

    def get_queryset(self, request: HttpRequest) -> QuerySet[Article]:
        """Join the open edition, at most one per article, as `open`."""
        is_open = Q(editions__state__in=OPEN_STATES)
        open_edition = FilteredRelation("editions", condition=is_open)
        return super().get_queryset(request).annotate(open=open_edition)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Article], search_term: str
    ) -> tuple[QuerySet[Article], bool]:
        """Find every word, with or without diacritics, in what the newsroom or readers see.

        Boxes that choose an article offer what is public: the front page shows nothing else.
        """
        if request.path == reverse("admin:autocomplete"):
            queryset = queryset.filter(live__isnull=False).select_related("live")
            queryset = queryset.defer("live__body")
        if not search_term.strip():
            return queryset, False
        editions = Edition.objects.filter(state__in=SHOWN_STATES)
        found = Q(pk__in=editions.filter(all_words("folded", search_term)).values("article"))
        number = row_number(search_term.strip())
        if number is not None:
            found |= Q(pk=number)
        return queryset.filter(found), False

    @admin.display(description="Ảnh")
    def picture(self, article: Article) -> str:
        """Return the lead photo in small."""
        return thumbnail(shown(article).lead_photo)

    @admin.display(description="Tiêu đề")
    def headline(self, article: Article) -> str:
        """Return the title being worked on."""
        return shown(article).title

    @admin.display(description="Tình trạng")
    def status(self, article: Article) -> str:
        """Return the status in words, with a modest colour."""
        kind, words = status_of(article, shown(article))
        return format_html('<span class="state state-{}">{}</span>', kind, words)

    @admin.display(description="Chuyên mục")
    def section_name(self, article: Article) -> str:
        """Return the category that the edition names."""
        return str(shown(article).category)

    @admin.display(description="Đơn vị", empty_value="")
    def unit_name(self, article: Article) -> str:
        """Return the contributing unit."""
        unit = shown(article).unit
        return (unit.short_name or unit.name) if unit else ""

    @admin.display(description="Ngày")
    def moment(self, article: Article) -> datetime | None:
        """Return when readers got it or will get it, else when it was last written."""
        edition = shown(article)
        scheduled = edition.publish_at if edition.state == State.APPROVED else None
        return scheduled or (article.published_at if article.live_id else edition.updated_at)

    # The form

    def get_form(
        self, request: HttpRequest, obj: Article | None = None, change: bool = False, **kwargs: Any
    ) -> type[ModelForm]:
        """Return the form over the edition that the article is being written in."""
        form: Any = modelform_factory(
            Edition,
            form=ArticleForm,
            fields=kwargs["fields"],
            formfield_callback=partial(self.formfield_for_dbfield, request=request),
        )
        form.user = request.user
        return form

    def get_autocomplete_fields(self, request: HttpRequest) -> tuple[str, ...]:
        """Fields of Edition, which Django would look for in Article."""
        return ("category", "unit")

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Choose photos from the library."""
        if db_field.name == "lead_photo":
            kwargs["widget"] = PhotoInput()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def has_change_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        """Leave a scheduled article to those who may publish: nobody else reads it before."""
        may = super().has_change_permission(request, obj)
        if obj is None or not may or self.may_publish(request):
            return may
        return not obj.editions.filter(state=State.APPROVED).exists()

    def has_delete_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        """Keep what readers have seen, or will see unless who may publish says otherwise."""
        may = super().has_delete_permission(request, obj)
        if obj is None or not may:
            return may
        kept = (*PUBLISHED_STATES, *(() if self.may_publish(request) else (State.APPROVED,)))
        return not obj.editions.filter(state__in=kept).exists()

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Name the articles alone: editions are nothing to the editor."""
        return [str(article) for article in objs], {}, set(), []

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Add what the buttons depend on, and words that fit articles."""
        article, form = context["original"], context["adminform"].form
        edition = form.instance
        context |= {
            "title": "Sửa bài viết" if article else "Viết bài mới",
            "subtitle": None,
            "edition": edition,
            "saved_at": edition.updated_at if article else None,
            "may_publish": self.may_publish(request),
            "is_scheduled": edition.state == State.APPROVED,
        }
        if article:
            context["status"] = status_of(article, edition)
        return super().render_change_form(request, context, *args, **kwargs)

    def save_form(self, request: HttpRequest, form: Any, change: bool) -> Article:
        """Store the text; say so unless the button does more than that."""
        article = cast(ArticleForm, form).save_text()
        if form.images_removed:
            self.message_user(
                request,
                f"{form.images_removed} ảnh dán từ nơi khác không được đưa vào bài. Hãy lưu ảnh "
                "thành tệp rồi tải lên bằng nút “Ảnh từ kho”.",
                messages.WARNING,
            )
        if MOVES.keys().isdisjoint(request.POST):
            self.message_user(request, saved_words(article, form), messages.SUCCESS)
        return article

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Nothing left to do: `save_form` stored article and edition together."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Nothing left to do: the form has no many-to-many fields."""

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Note changes alone: a button pressed on an unchanged text changes none."""
        return super().log_change(request, obj, message) if message else None

    # What happens after the text was stored

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Do what the button says, then return to the article."""
        return self._respond(request, obj)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        """Do what the button says, then return to the article."""
        return self._respond(request, obj)

    def _respond(self, request: HttpRequest, article: Article) -> HttpResponse:
        for button in MOVES.keys() & request.POST.keys():
            self.attempt(request, partial(MOVES[button], Article.objects.get(pk=article.pk)))
        page = "preview" if "_preview" in request.POST else "change"
        return confirmed(redirect(f"admin:news_article_{page}", article.pk), request)

    # Further pages

    def get_urls(self) -> list[URLPattern]:
        """Put the pages of one article before the usual ones."""
        preview = self.admin_site.admin_view(self.preview_view)
        own = path("<int:pk>/xem-truoc/", preview, name="news_article_preview")
        return [own, *super().get_urls()]

    @method_decorator(require_safe)
    def preview_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The public page of what is being written, as wide as a desk and as a phone."""
        article = get_object_or_404(Article, pk=pk)
        if not self.has_view_permission(request, article):
            raise PermissionDenied
        return self.page(request, "admin/news/article/preview.html", article, title="Xem trước")

    def withdraw(self, subject: Article, *, by: Any, reason: str) -> str:
        """Take the article down (news/desk.py)."""
        return desk.withdraw(subject, by=by, reason=reason)


# The buttons that do more than store the text.
MOVES: dict[str, Callable[..., str]] = {
    "_publish": desk.publish,
    "_unschedule": desk.unschedule,
}


def saved_words(article: Article, form: ArticleForm) -> str:
    """Say what storing has changed, and who sees it."""
    if not form.changed_data:
        return "Không có gì thay đổi nên không có gì phải lưu."
    if form.instance.state == State.APPROVED:
        return "Đã lưu. Bài vẫn hẹn giờ đăng như cũ."
    if article.live_id:
        return "Đã lưu bản sửa. Bạn đọc vẫn thấy bản đang đăng."
    return "Đã lưu bản nháp. Chỉ tòa soạn thấy."


@admin.register(Category)
class CategoryAdmin(PlainAdmin):
    """Categories, few enough to be searched in memory."""

    form = CategoryForm
    list_display = ("name", "parent", "order", "on_home")
    list_editable = ("order", "on_home")
    list_select_related = ("parent",)
    search_fields = ("name",)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Category], search_term: str
    ) -> tuple[QuerySet[Category], bool]:
        """Find every word, with or without diacritics."""
        words = fold(search_term).split()
        found = [c.pk for c in Category.objects.all() if all(w in fold(c.name) for w in words)]
        return queryset.filter(pk__in=found), False


@admin.register(Unit)
class UnitAdmin(FoldedSearchAdmin):
    """Contributing units; those no longer active are not offered to writers."""

    list_display = ("name", "short_name", "active")
    list_filter = ("active",)
    search_help_text = "Tìm theo tên, có dấu hoặc không dấu."

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Unit], search_term: str
    ) -> tuple[QuerySet[Unit], bool]:
        """Offer writers the active units alone."""
        if request.path == reverse("admin:autocomplete"):
            queryset = queryset.filter(active=True)
        return super().get_search_results(request, queryset, search_term)
