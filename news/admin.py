"""The newsroom: one “Bài viết” for the editor, who never meets editions."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, FilteredRelation, OuterRef, Prefetch, Q, QuerySet
from django.forms import ModelForm, modelform_factory
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.views.decorators.http import require_safe

from core import remarks
from core.admin import thumbnail
from core.audit import acknowledged
from core.deeds import Offer
from core.newsroom import (
    BoundedPaginator,
    PublicationAdmin,
    all_words,
    row_number,
    writer,
)
from core.publishing import Publishable
from core.widgets import PhotoInput, ShownText
from core.workflow import OPEN_STATES, Right, State
from news import desk, rights
from news.bin_pages import BinPages, may_throw_away
from news.citation_admin import CitationAdmin
from news.desk import status_of
from news.filters import MonthFilter, SectionFilter, StatusFilter
from news.forms import ArticleForm, stamp_of
from news.intake import WordPages
from news.models import Article, Edition
from news.section_admin import CategoryAdmin, UnitAdmin
from news.thread import others_who_approve, thread_of
from news.version_pages import ArticleVersions

if TYPE_CHECKING:
    from django.contrib.auth.models import User

__all__ = ["ArticleAdmin", "CategoryAdmin", "CitationAdmin", "UnitAdmin"]

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
        return ["-worked_at", "-pk"]


def shown(article: Article) -> Edition:
    """Return the edition that a row of ArticleList speaks of: open, else live, else withdrawn."""
    fetched = article.editions.all()
    return min(fetched, key=lambda one: (not one.is_open, one.state != State.LIVE))


@admin.register(Article)
class ArticleAdmin(ArticleVersions, WordPages, BinPages, PublicationAdmin):
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
    deeds = desk.DEEDS
    noun = "bài"
    text_template = "admin/news/article/text.html"
    fieldsets = (
        (None, {"fields": ("title", "summary", "body"), "classes": ("text",)}),
        ("Chuyên mục", {"fields": ("category",)}),
        ("Ảnh chính", {"fields": ("lead_photo",)}),
        ("Tác giả và nguồn", {"fields": ("pen_name", "unit", "source_name", "source_url")}),
        ("Thời gian đăng", {"fields": ("publish_at", "expire_at")}),
    )
    correction = ("Bạn đọc được báo gì", {"fields": ("change", "correction_note")})

    # The list

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        """Return the list with editions."""
        return ArticleList

    def get_queryset(self, request: HttpRequest) -> QuerySet[Article]:
        """Join the open edition, at most one per article, as `open`."""
        is_open = Q(editions__state__in=OPEN_STATES)
        open_edition = FilteredRelation("editions", condition=is_open)
        mine = rights.visible(super().get_queryset(request).filter(binned_at=None), writer(request))
        return mine.annotate(open=open_edition)

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
        editions = Edition.objects.filter(state__in=SHOWN_STATES, article=OuterRef("pk"))
        found = Q(Exists(editions.filter(all_words("folded", search_term))))
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
        form.writes_beside = self.writes_beside(request)
        return form

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Article | None:
        """Return the article, with its editions where they are only going to be shown."""
        found = super().get_object(request, object_id, from_field)
        if found and request.method == "GET":
            found.read_editions()
        return found

    def get_fieldsets(self, request: HttpRequest, obj: Article | None = None) -> Any:
        """Ask what a revision does to what readers have seen."""
        seen = obj is not None and obj.published_at is not None
        return (*self.fieldsets, self.correction) if seen else self.fieldsets

    def get_autocomplete_fields(self, request: HttpRequest) -> tuple[str, ...]:
        """Fields of Edition, which Django would look for in Article."""
        return ("category", "unit")

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Choose photos from the library."""
        if db_field.name == "lead_photo":
            kwargs["widget"] = PhotoInput()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def versions(self, subject: Article) -> list[Publishable]:
        """Return the open edition and the live one, as far as there are such."""
        editions = [subject.open_edition(), subject.live]
        for edition in filter(None, editions):
            edition.article = subject
        return [edition for edition in editions if edition]

    def offers(self, versions: Sequence[Publishable], user: "User") -> list[Offer]:
        """Tell who has written the text who else may approve it."""
        found = super().offers(versions, user)
        if not versions or not any(offer.obstacle for offer in found):
            return found
        who = others_who_approve(cast(Edition, versions[0]))
        return [Offer(one.deed, f"{desk.OWN_PART} {who}") if one.obstacle else one for one in found]

    def has_change_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        """Ask news/rights.py about the edition that the form would change."""
        may = super().has_change_permission(request, obj)
        if obj is None or not may:
            return may
        edition = obj.working_edition()
        if edition is None:
            return False
        return rights.may_write(edition, writer(request)) or self.writes_beside(request)

    def has_delete_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        """Refuse: what is thrown away lies in the bin (news/bin.py)."""
        return False

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Name the articles alone: editions are nothing to the editor."""
        return [str(article) for article in objs], {}, set(), []

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Add what the buttons depend on, and words that fit articles."""
        article, form = context["original"], context["adminform"].form
        if article and not self.has_change_permission(request, article):
            form.fields["body"].widget = ShownText()  # else Django shows its tags
        edition = form.instance
        context |= {
            "title": "Sửa bài viết" if article else "Viết bài mới",
            "subtitle": None,
            "edition": edition,
            "saved_at": edition.updated_at if article else None,
            "state": edition.state,
        }
        if article:
            context |= self._of_stored(request, article, edition)
        return super().render_change_form(request, context, *args, **kwargs)

    def _of_stored(
        self, request: HttpRequest, article: Article, edition: Edition
    ) -> dict[str, Any]:
        accepted = acknowledged(edition) if edition.is_open else set()
        return {
            "status": status_of(article, edition),
            "stamp": edition.stamp(),
            "thread": thread_of(edition),
            "offers": self.offers(self.versions(article), writer(request)),
            "problems": edition.problems() if edition.is_open else [],
            "accepted": accepted,
            "deed_page": "admin:news_article_deed",
            "may_throw_away": may_throw_away(edition, article, request),
            "bin_page": "admin:news_article_bin",
        }

    def save_form(self, request: HttpRequest, form: Any, change: bool) -> Article:
        """Store the text, or lay it aside; say so unless the button does more than that."""
        if form.overtakes:
            vars(request)["laid_aside"] = form.lay_aside()
            return cast(Article, form.article)
        article = cast(ArticleForm, form).save_text()
        settled = self.settle_remarks(request, article)
        # What this very request has stored, else what the page has shown.
        vars(request)["stamp"] = (
            stamp_of(article.working_edition())
            if form.changed_data or not change
            else form.cleaned_data["stamp"] or "?"
        )
        if form.images_removed:
            self.message_user(
                request,
                f"{form.images_removed} ảnh dán từ nơi khác không được đưa vào bài. Hãy lưu ảnh "
                "thành tệp rồi tải lên bằng nút “Ảnh từ kho”.",
                messages.WARNING,
            )
        if not any(deed.name in request.POST for deed in self.deeds):
            said = saved_words(article, form)
            if settled and not form.changed_data:
                said = f"Đã ghi: {settled} góp ý đã sửa xong."
            self.message_user(request, said, messages.SUCCESS)
        return article

    def settle_remarks(self, request: HttpRequest, article: Article) -> int:
        """Mark the remarks that were ticked; return how many."""
        ticked = request.POST.getlist("settled")
        edition = article.working_edition() if ticked else None
        return remarks.settle(edition, ticked) if edition else 0

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Nothing left to do: `save_form` stored article and edition together."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Nothing left to do: the form has no many-to-many fields."""

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Note changes alone: a button pressed on an unchanged text changes none."""
        if not message or "laid_aside" in vars(request):
            return None
        return super().log_change(request, obj, message)

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
        if aside := vars(request).get("laid_aside"):
            return self.confirmed(self.laid_aside(request, article, aside), request)
        fresh = Article.objects.get(pk=article.pk)
        self.attempt_pressed(request, fresh, seen=vars(request)["stamp"])
        page = "preview" if "_preview" in request.POST else "change"
        return self.confirmed(redirect(f"admin:news_article_{page}", article.pk), request)

    # Further pages

    def get_urls(self) -> list[URLPattern]:
        """Put the pages of one article before the usual ones."""
        preview = self.admin_site.admin_view(self.preview_view)
        own = path("<int:pk>/xem-truoc/", preview, name="news_article_preview")
        return [own, *super().get_urls()]

    @method_decorator(require_safe)
    def preview_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The public page of what is being written, as wide as a desk and as a phone."""
        article = get_object_or_404(self.get_queryset(request), pk=pk)
        if not self.has_view_permission(request, article):
            raise PermissionDenied
        edition = article.open_edition()
        may_share = edition is not None and edition.grants(writer(request), Right.WRITE)
        template = "admin/news/article/preview.html"
        return self.page(request, template, article, title="Xem trước", may_share=may_share)


def saved_words(article: Article, form: ArticleForm) -> str:
    """Say what storing has changed, and who sees it."""
    if not form.changed_data:
        return "Không có gì thay đổi nên không có gì phải lưu."
    state = (article.open_edition() or form.instance).state
    if state == State.APPROVED:
        return "Đã lưu. Bài vẫn hẹn giờ đăng."
    if state == State.SUBMITTED:
        return "Đã lưu. Bài chờ một người khác duyệt."
    if article.live_id:
        return "Đã lưu bản sửa. Bạn đọc vẫn thấy bản đang đăng."
    return "Đã lưu bản nháp. Chỉ tòa soạn thấy."
