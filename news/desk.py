"""What the buttons of the newsroom do to an article, and how its status is called.

Everything here goes through `core.publishing.move`; Refused passes to the caller.
"""

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.html import format_html

from core.publishing import Action, Refused, State, move
from news.models import Article, Edition

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def status_of(article: Article, edition: Edition) -> tuple[str, str]:
    """Return a word for the style sheet and the words for the editor."""
    if edition.state == State.APPROVED:
        return "scheduled", "Đang đăng, bản sửa hẹn giờ" if article.live_id else "Hẹn giờ đăng"
    if article.live_id:
        return ("revised", "Đang đăng, có bản sửa") if edition.is_open else ("live", "Đang đăng")
    if article.withdrawn:
        return "withdrawn", "Đã gỡ"
    return "draft", "Bản nháp"


def publish(article: Article, *, by: "User") -> str:
    """Publish the open edition, or schedule it when its hour lies ahead; return what happened.

    A withdrawn article is published again from a copy of its last edition.
    """
    edition = article.revise(by=by) if article.withdrawn else article.working_edition()
    if edition is None:
        raise Refused("Bài chưa có nội dung. Hãy nhập nội dung trước khi đăng.")
    ahead = edition.publish_at is not None and edition.publish_at > timezone.now()
    if ahead and edition.state == State.DRAFT:
        move(edition, Action.SCHEDULE, by=by)
        at = timezone.localtime(edition.publish_at)
        return f"Đã hẹn giờ: bài tự lên trang lúc {at:%H:%M} ngày {at:%d/%m/%Y}."
    move(edition, Action.PUBLISH, by=by)
    address = Article.objects.get(pk=article.pk).get_absolute_url()
    return format_html('Đã đăng, bạn đọc thấy ngay: <a href="{}">{}</a>', address, edition.title)


def unschedule(article: Article, *, by: "User") -> str:
    """Make the scheduled edition a draft again; return what happened."""
    edition = article.working_edition()
    if edition is None:
        raise Refused("Bài không còn bản nào đang hẹn giờ.")
    move(edition, Action.UNSCHEDULE, by=by)
    return "Đã hủy hẹn giờ: bài trở lại bản nháp, chỉ tòa soạn thấy."


def withdraw(article: Article, *, by: "User", reason: str) -> str:
    """Take the article down, a scheduled revision included; return what happened."""
    with transaction.atomic():
        article = Article.objects.select_for_update().get(pk=article.pk)
        if article.live is None:
            raise Refused("Bài này hiện không đăng nên không cần gỡ.")
        move(article.live, Action.WITHDRAW, by=by, reason=reason)
        revision = article.open_edition()
        if revision and revision.state == State.APPROVED:
            move(revision, Action.UNSCHEDULE, by=by)
    return format_html(
        'Đã gỡ bài. <a href="{}">Địa chỉ của bài</a> nay cho bạn đọc thấy lý do gỡ.',
        article.get_absolute_url(),
    )
