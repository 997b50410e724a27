"""Articles that show a photo or a video, for its page in the library."""

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse

from core.audit import record
from core.media import Photo
from core.uses import Place
from core.video import Video
from core.workflow import OPEN_STATES, Action, State
from news import rights
from news.models import Article, Edition

if TYPE_CHECKING:
    from django.contrib.auth.models import User

FIXED = (
    "Bạn đọc đang thấy, hoặc sắp thấy, ảnh hay video này trong một bài đã duyệt, nên chỉ lãnh đạo "
    "được sửa. Hãy đề nghị lãnh đạo sửa giúp, hoặc chọn ảnh, video khác trong bản sửa của bài."
)


def articles_of(request: HttpRequest, editions: Sequence[int]) -> list[Place]:
    """The articles of these editions that the asker may open in the newsroom."""
    newsroom = admin.site.get_model_admin(Article)
    if not newsroom.has_view_permission(request):
        return []
    seen = newsroom.get_queryset(request).order_by().values("pk")
    found = Edition.objects.filter(pk__in=editions, article__in=seen)
    rows = found.order_by("-article_id", "-number").only("article_id", "number", "title", "state")
    return [
        _place(article_id, list(group))
        for article_id, group in groupby(rows, lambda edition: edition.article_id)
    ]


def fixed(user: "User", shown: Photo | Video) -> str:
    """Return why `user` may not change what a text that was approved shows: texts are copied into
    editions, but the lead photo and the captions of videos stand in the library alone.
    """
    approved = _showing(shown).filter(state__in=(State.APPROVED, State.LIVE))
    return FIXED if not user.has_perm(rights.LEADS) and approved.exists() else ""


def note(user: "User", shown: Photo | Video, what: str) -> None:
    """Note the change with every text being written or read, as a part that `user` has in it."""
    current = (*OPEN_STATES, State.LIVE)
    for edition in _showing(shown).filter(state__in=current).select_related("article"):
        record(edition, Action.MEDIA, by=user, reason=f"{shown}: {what}")


def _showing(shown: Photo | Video) -> QuerySet[Edition]:
    if isinstance(shown, Photo):
        return Edition.objects.filter(lead_photo=shown)
    used = shown.uses.filter(kind="news_edition")
    return Edition.objects.filter(pk__in=used.values("object_id"))


def _place(article_id: int, editions: list[Edition]) -> Place:
    newest = editions[0]
    words = f"Bài viết, bản số {newest.number} ({newest.get_state_display().lower()})"
    if len(editions) > 1:
        words += f" và {len(editions) - 1} bản khác"
    url = reverse("admin:news_article_change", args=[article_id])
    return Place(words, newest.title, url, rows=len(editions))
