"""The first page of the newsroom: what awaits whom, each block in one query.

Nobody is shown more than the lists would show: news/rights.py and the permissions of documents
decide here too.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib.contenttypes.models import ContentType
from django.db.models import (
    Case,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    When,
)
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import localize

from core.audit import AuditEntry, unapproved
from core.media import Photo
from core.newsroom import writer
from core.people import name_of
from core.workflow import Right, State
from documents.models import Document
from news import rights
from news.citations import Citation, overtaken, unresolved
from news.models import Article, Category, Edition
from portal import misses
from portal.middleware import site_of

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.db.models import Model

SHOWN = 8


@dataclass(frozen=True)
class Line:
    """One thing to do: where it is done, what it is called, and a word about it."""

    address: str
    title: str
    note: str = ""


@dataclass(frozen=True)
class Block:
    """One heading of the desk with its lines; `empty` is said when there are none."""

    name: str
    heading: str
    lines: list[Line]
    empty: str = ""


def blocks(request: HttpRequest) -> list[Block]:
    """Return what the desk shows to who is signed in; blocks with nothing to say are left out."""
    user = writer(request)
    found = [*_of_articles(user), *_of_documents(user), *_of_the_site(request, user)]
    if user.has_perm("news.view_article"):
        found.append(Block("latest", "Mới đăng", _latest(user), "Chưa có bài nào được đăng."))
    return [block for block in found if block.lines or block.empty]


def _of_articles(user: "User") -> Iterator[Block]:
    if not user.has_perm("news.view_article"):
        return
    where = partial(_form_or_page, user)
    yield Block("urgent", "Đăng khẩn, chờ xác nhận", _lines(urgent(), where, _since))
    if user.has_perm(rights.APPROVES) or user.has_perm(rights.LEADS):
        waiting = _lines(awaiting(user), _form, _from)
        yield Block("awaiting", "Chờ bạn duyệt", waiting, "Không có bài nào chờ bạn duyệt.")
    if user.has_perm(rights.WRITES):
        back = _lines(returned_to(user), _form, _changed)
        yield Block("returned", "Trả lại cho bạn", back)
        drafts = _lines(drafts_of(user), _form, _changed)
        yield Block("drafts", "Bản nháp của bạn", drafts, "Không có bản nháp nào.")
    ahead = _lines(scheduled(user), _form, _goes_up)
    yield Block("scheduled", "Đã duyệt, hẹn giờ đăng", ahead, "Không có bài nào đang hẹn giờ.")
    if user.has_perm(rights.WRITES):
        unclear = [_of_citation(one, "chưa rõ văn bản nào") for one in unresolved(user)[:SHOWN]]
        yield Block("citations", "Văn bản được dẫn, cần chọn", unclear)
        ended = [_of_citation(one, "đã hết hiệu lực") for one in overtaken(user)[:SHOWN]]
        yield Block("overtaken", "Bài dẫn văn bản đã hết hiệu lực", ended)


def _latest(user: "User") -> list[Line]:
    """What went live last; a leader's, who sees everything, comes from the index of lists."""
    if not user.has_perm(rights.LEADS):
        found = _editions(user, State.LIVE).order_by("-went_live_at")
        return _lines(found, _form, _since)
    newest = Article.objects.published().select_related("live").defer("live__body")
    return [
        Line(_change(article), article.live.title, _since(article.live))
        for article in newest[:SHOWN]
        if article.live
    ]


# The editions of each block


def _editions(user: "User", state: State) -> QuerySet[Edition]:
    """The editions in `state` that `user` works with, without what lies in the bin."""
    here = Edition.objects.filter(state=state, article__binned_at=None)
    here = here.select_related("article", "created_by").defer("body")
    return here if user.has_perm(rights.LEADS) else here.filter(rights.concern(user))


def awaiting(user: "User") -> QuerySet[Edition]:
    """Return what waits for `user` to approve it: what others have written, longest first."""
    found = _editions(user, State.SUBMITTED)
    if not user.has_perm(rights.LEADS):
        mine = rights.categories_of(user)
        found = found.filter(category__in=mine).filter(
            Q(article__live=None) | Q(article__category__in=mine)
        )
    return found.exclude(_had_a_part(user)).order_by("updated_at")


def urgent() -> QuerySet[Edition]:
    """Return what went live without a second person: on every desk until one has confirmed it."""
    unconfirmed = Edition.objects.filter(state=State.LIVE, unconfirmed=True)
    return unconfirmed.select_related("article").defer("body").order_by("went_live_at")


def returned_to(user: "User") -> QuerySet[Edition]:
    """Return what came back to `user`, who began it or had a part in it."""
    found = _editions(user, State.RETURNED)
    return found.filter(Q(created_by=user) | _had_a_part(user)).order_by("-updated_at")


def drafts_of(user: "User") -> QuerySet[Edition]:
    """Return the drafts that `user` has begun."""
    return _editions(user, State.DRAFT).filter(created_by=user).order_by("-updated_at")


def scheduled(user: "User") -> QuerySet[Edition]:
    """Return what is approved and waits for its hour."""
    return _editions(user, State.APPROVED).order_by("publish_at")


def _had_a_part(user: "User") -> Exists:
    """Whether `user` has contributed since the last approval, as core/audit.py says it."""
    kind = ContentType.objects.get_for_model(Article)
    trail = AuditEntry.objects.filter(content_type=kind, object_id=OuterRef("article"))
    return Exists(trail.filter(unapproved(), actor=user))


# Documents, categories, photos, the bin


def _of_documents(user: "User") -> Iterator[Block]:
    if not user.has_perm("documents.view_document"):
        return
    known = Document.objects.filter(binned_at=None).select_related("type")
    unconfirmed = known.filter(state=State.LIVE, unconfirmed=True).order_by("went_live_at")
    yield Block(
        "urgent-documents",
        "Văn bản đăng khẩn, chờ xác nhận",
        [_of_document(one) for one in unconfirmed[:SHOWN]],
    )
    if user.has_perm(Document.PERMISSIONS[Right.APPROVE]):
        waiting = known.filter(state=State.SUBMITTED).order_by("updated_at")
        yield Block(
            "awaiting-documents",
            "Văn bản chờ duyệt",
            [_of_document(one) for one in waiting[:SHOWN]],
        )


def _of_document(document: Document) -> Line:
    what = "đính chính, " if document.corrects_id else ""
    note = f"{what}sửa lúc {localize(_local(document.updated_at))}"
    return Line(_change(document), str(document), note)


def _of_the_site(request: HttpRequest, user: "User") -> Iterator[Block]:
    if user.has_perm(rights.WRITES):
        missed = [_of_miss(one) for one in misses.recent()[:SHOWN]]
        yield Block("misses", "Bạn đọc tìm mà không thấy", missed)
    if user.has_perm(rights.APPROVES) or user.has_perm(rights.LEADS):
        days = site_of(request).stale_after_days
        lines = [_of_category(one) for one in stale(user, days)[:SHOWN]]
        yield Block("stale", f"Quá {days} ngày chưa có tin", lines)
    if user.has_perm("core.change_photo"):
        missing = Photo.objects.filter(alt="", decorative=False).count()
        address = f"{reverse('admin:core_photo_changelist')}?mo-ta=thieu"
        lines = [Line(address, f"{missing} ảnh thiếu mô tả")] if missing else []
        yield Block("photos", "Kho ảnh", lines)
    yield Block("bin", "Thùng rác", list(_bins(user)))


def _bins(user: "User") -> Iterator[Line]:
    for model, page, noun in (
        (Article, "news_article_bin_list", "bài"),
        (Document, "documents_document_bin", "văn bản"),
    ):
        if user.has_perm(f"{model._meta.app_label}.empty_bin"):
            binned: QuerySet[Any] = model._default_manager.filter(binned_at__isnull=False)
            if thrown := binned.count():
                yield Line(reverse(f"admin:{page}"), f"{thrown} {noun} trong thùng rác")


def stale(user: "User", days: int) -> QuerySet[Category]:
    """Return the categories of `user` without news for `days`, the most forgotten first."""
    newest = Article.objects.published().values("published_at")
    last = Case(
        When(parent=None, then=Subquery(newest.filter(section=OuterRef("pk"))[:1])),
        default=Subquery(newest.filter(category=OuterRef("pk"))[:1]),
    )
    found = Category.objects.annotate(last=last)
    found = found.filter(Q(last=None) | Q(last__lt=timezone.now() - timedelta(days=days)))
    if not user.has_perm(rights.LEADS):
        found = found.filter(pk__in=rights.categories_of(user))
    return found.order_by(F("last").asc(nulls_first=True), "order", "pk")


def _of_category(category: Any) -> Line:
    address = f"{reverse('admin:news_article_changelist')}?chuyen-muc={category.pk}"
    last = f"{_local(category.last):%d/%m/%Y}" if category.last else ""
    return Line(address, category.name, f"tin cuối: {last}" if last else "chưa có tin nào")


# How a line is written


def _of_miss(miss: misses.SearchMiss) -> Line:
    address = f"{reverse('search')}?{urlencode({'q': miss.words})}"
    return Line(address, miss.words, f"{miss.times} lần, lần cuối {miss.last_on:%d/%m/%Y}")


def _of_citation(citation: Citation, what: str) -> Line:
    return Line(_change(citation), f"{citation.written}: {what}", citation.edition.title)


def _lines(
    found: QuerySet[Edition],
    address: Callable[[Edition], str],
    note: Callable[[Edition], str],
) -> list[Line]:
    return [Line(address(one), one.title, note(one)) for one in found[:SHOWN]]


def _form(edition: Edition) -> str:
    return _change(edition.article)


def _form_or_page(user: "User", edition: Edition) -> str:
    """What is urgent stands on every desk; who may not open the form may read the page."""
    if edition.grants(user, Right.APPROVE):
        return _form(edition)
    return edition.article.get_absolute_url()


def _change(subject: "Model") -> str:
    meta = subject._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[subject.pk])


def _local(moment: Any) -> Any:
    return timezone.localtime(moment)


def _from(edition: Edition) -> str:
    who = f"{name_of(edition.created_by)}, " if edition.created_by else ""
    return f"{who}sửa lúc {localize(_local(edition.updated_at))}"


def _changed(edition: Edition) -> str:
    return f"sửa lúc {localize(_local(edition.updated_at))}"


def _since(edition: Edition) -> str:
    return f"đăng lúc {localize(_local(edition.went_live_at))}"


def _goes_up(edition: Edition) -> str:
    return f"lên trang lúc {localize(_local(edition.publish_at))}"
