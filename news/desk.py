"""What the buttons of the newsroom do to an article, and how its status is called.

Everything here goes through `core.publishing`; Refused passes to the caller. Each deed returns
the sentence that tells the editor what happened and who acts next. `seen` is the `stamp()` of the
edition that the person looked at.
"""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.html import format_html

from core import publishing
from core.deeds import Deed
from core.publishing import Refused, move
from core.workflow import Action, State
from news.models import Article, Edition

if TYPE_CHECKING:
    from django.contrib.auth.models import User

STATUSES = {
    State.DRAFT: ("draft", "Bản nháp"),
    State.SUBMITTED: ("submitted", "Chờ duyệt"),
    State.RETURNED: ("returned", "Trả lại"),
    State.APPROVED: ("scheduled", "Hẹn giờ đăng"),
}
REVISIONS = {
    State.DRAFT: ("revised", "Đang đăng, có bản sửa"),
    State.SUBMITTED: ("submitted", "Đang đăng, bản sửa chờ duyệt"),
    State.RETURNED: ("returned", "Đang đăng, bản sửa bị trả lại"),
    State.APPROVED: ("scheduled", "Đang đăng, bản sửa hẹn giờ"),
}
OWN_PART = "Bạn đã góp phần vào bản này nên không tự duyệt được."
GONE = "Bài không còn bản nào đang viết. Hãy mở lại trang."


def status_of(article: Article, edition: Edition) -> tuple[str, str]:
    """Return a word for the style sheet and the words for the editor."""
    if edition.is_open:
        kind, words = (REVISIONS if article.live_id else STATUSES)[State(edition.state)]
        return kind, f"Đã gỡ, {words.lower()}" if article.withdrawn else words
    if article.live_id:
        return (
            ("urgent", "Đăng khẩn, chờ xác nhận") if edition.unconfirmed else ("live", "Đang đăng")
        )
    return "withdrawn", "Đã gỡ"


def submit(article: Article, *, by: "User", seen: str = "") -> str:
    """Hand the open edition to those who approve."""
    edition = article.open_edition()
    if edition is None:
        raise Refused("Chưa có gì thay đổi so với bản đang đăng nên không có gì để gửi duyệt.")
    move(edition, Action.SUBMIT, by=by, seen=seen)
    return "Đã gửi duyệt. Người phụ trách chuyên mục sẽ duyệt hoặc trả lại kèm lý do."


def recall(article: Article, *, by: "User", seen: str = "") -> str:
    """Take the submitted edition back to write on."""
    move(_open(article), Action.RECALL, by=by, seen=seen)
    return "Đã rút về: bài trở lại bản nháp, bạn sửa tiếp rồi gửi duyệt lại."


def send_back(article: Article, *, by: "User", reason: str, seen: str = "") -> str:
    """Return the edition to its writers with a reason."""
    move(_open(article), Action.RETURN, by=by, reason=reason, seen=seen)
    return "Đã trả lại. Người viết thấy lý do của bạn, sửa rồi gửi duyệt lại."


def approve(article: Article, *, by: "User", seen: str = "") -> str:
    """Approve the open edition; readers see it at once, or at its hour."""
    edition = publishing.approve(_open(article), by=by, seen=seen)
    if edition.state == State.APPROVED and edition.publish_at:
        return f"Đã duyệt: bài tự lên trang {hour(edition.publish_at)}."
    return _now_public("Đã duyệt và đăng", article)


def publish_urgently(article: Article, *, by: "User", reason: str, seen: str = "") -> str:
    """Publish without a second person; it stays flagged until one has looked."""
    move(_open(article), Action.URGENT, by=by, reason=reason, seen=seen)
    said = _now_public("Đã đăng khẩn", article)
    return format_html("{} Bài mang dấu chờ xác nhận cho đến khi một người khác duyệt.", said)


def confirm(article: Article, *, by: "User", seen: str = "") -> str:
    """Be the second pair of eyes of an urgent publication."""
    if article.live is None:
        raise Refused("Bài này hiện không đăng nên không cần xác nhận.")
    publishing.confirm(article.live, by=by, seen=seen)
    return "Đã xác nhận bài đăng khẩn. Nhật ký ghi tên bạn."


def withdraw(article: Article, *, by: "User", reason: str, seen: str = "") -> str:
    """Take the article down; an approved revision goes back to its writers."""
    with transaction.atomic():
        article = Article.objects.select_for_update().get(pk=article.pk)
        if article.live is None:
            raise Refused("Bài này hiện không đăng nên không cần gỡ.")
        move(article.live, Action.WITHDRAW, by=by, reason=reason, seen=seen)
        revision = article.open_edition()
        if revision and revision.state == State.APPROVED:
            move(revision, Action.RETURN, by=by, reason=f"Bài đã gỡ: {reason}")
    return format_html(
        'Đã gỡ bài. <a href="{}">Địa chỉ của bài</a> nay cho bạn đọc thấy lý do gỡ.',
        article.get_absolute_url(),
    )


def hour(at: datetime) -> str:
    """Return the moment `at` in words, in the time of Vietnam."""
    return f"lúc {timezone.localtime(at):%H:%M} ngày {timezone.localtime(at):%d/%m/%Y}"


def _open(article: Article) -> Edition:
    edition = article.open_edition()
    if edition is None:
        raise Refused(GONE)
    return edition


def _now_public(done: str, article: Article) -> str:
    article = Article.objects.select_related("live").get(pk=article.pk)
    return format_html(
        '{}, bạn đọc thấy ngay: <a href="{}">{}</a>.', done, article.get_absolute_url(), article
    )


DEEDS = (
    Deed(Action.SUBMIT, submit, "Gửi duyệt", "người phụ trách chuyên mục nhận bài để duyệt"),
    Deed(Action.APPROVE, approve, "Duyệt và đăng", "bạn đọc thấy ngay; có giờ hẹn thì đúng giờ"),
    Deed(Action.RECALL, recall, "Rút về sửa", "bài trở lại bản nháp của bạn"),
    Deed(Action.CONFIRM, confirm, "Xác nhận bài đăng khẩn", "dấu chờ xác nhận được gỡ"),
    Deed(
        Action.RETURN,
        send_back,
        "Trả lại",
        "người viết thấy lý do, sửa rồi gửi lại",
        asks="Lý do trả lại, người viết sẽ thấy",
        explains="Bài trở về với người viết. Sau khi sửa, người viết gửi duyệt lại.",
    ),
    Deed(
        Action.URGENT,
        publish_urgently,
        "Đăng khẩn",
        "bạn đọc thấy ngay; một người khác duyệt sau",
        asks="Lý do đăng khẩn, ghi vào nhật ký",
        explains="Bài lên trang ngay mà chưa có người thứ hai duyệt. Mọi bàn làm việc thấy dấu "
        "“chờ xác nhận” cho đến khi một người khác xác nhận.",
    ),
    Deed(
        Action.WITHDRAW,
        withdraw,
        "Gỡ",
        "địa chỉ của bài cho bạn đọc thấy lý do",
        asks="Lý do gỡ, bạn đọc sẽ thấy",
        explains="Bài không còn trên trang. Ai mở địa chỉ cũ của bài sẽ thấy lý do dưới đây. Sau "
        "này vẫn có thể sửa và gửi duyệt lại.",
    ),
)
