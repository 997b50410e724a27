"""The bin: what is thrown away can be had back, until an administrator empties it."""

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from core.audit import record
from core.publishing import Refused
from core.workflow import OPEN_STATES, Action, Right, State
from news.models import Article, Edition

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def throw_away(article: Article, *, by: "User") -> str:
    """Put an article that readers have never seen into the bin."""
    with transaction.atomic():
        article, edition = _locked(article)
        if not edition.grants(by, Right.WRITE):
            raise Refused("Bạn chưa được giao bài này. Hãy đề nghị người phụ trách thực hiện.")
        if article.published_at or edition.state in (State.SUBMITTED, State.APPROVED):
            raise Refused(
                "Chỉ bỏ được bản nháp, bản bị trả lại của bài chưa đăng lần nào. Bài đang chờ "
                "duyệt thì hãy rút về trước; bài đã đăng thì hãy đề nghị gỡ."
            )
        article.binned_at, article.binned_by = timezone.now(), by
        article.save()
        record(edition, Action.BIN, by=by)
    return "Đã bỏ vào thùng rác. Muốn lấy lại, hãy mở “Thùng rác”."


def take_back(article: Article, *, by: "User") -> str:
    """Take an article out of the bin: it is the draft that it was."""
    with transaction.atomic():
        article, edition = _locked(article)
        if article.binned_at is None:
            raise Refused("Bài này không nằm trong thùng rác.")
        article.binned_at = article.binned_by = None
        if not edition.grants(by, Right.WRITE):
            raise Refused("Bạn chưa được giao bài này. Hãy đề nghị người phụ trách thực hiện.")
        article.save()
        record(edition, Action.UNBIN, by=by)
    return "Đã lấy lại bài từ thùng rác."


def delete_for_good(article: Article, *, by: "User") -> str:
    """Delete an article of the bin; its audit trail stays."""
    if not by.has_perm("news.empty_bin"):
        raise Refused("Chỉ người quản trị được xóa hẳn bài trong thùng rác.")
    with transaction.atomic():
        article, edition = _locked(article)
        if article.binned_at is None:
            raise Refused("Bài này không nằm trong thùng rác.")
        record(edition, Action.DELETE, by=by)
        article.delete()
    return "Đã xóa hẳn. Nhật ký của bài vẫn được giữ."


def _locked(article: Article) -> tuple[Article, Edition]:
    """The article, locked, and its last edition."""
    found = Article.objects.select_for_update().filter(pk=article.pk).first()
    if found is None:
        raise Refused("Bài này không còn.")
    edition = found.editions.filter(state__in=OPEN_STATES).first() or found.editions.first()
    if edition is None:
        raise Refused("Bài này không có bản nào.")
    edition.article = found
    return found, edition
