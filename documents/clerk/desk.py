"""What the buttons of the records clerk do, how a status is called, and what awaits the clerk.

Everything that moves a document goes through `core.publishing.move`; Refused passes to the caller.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.html import format_html

from core.newsroom import row_number
from core.publishing import Action, Refused, State, move
from documents.files import DocumentFile, TextState, clear
from documents.models import Document, Visibility

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User

STATUS_KINDS = {
    State.DRAFT: "draft",
    State.APPROVED: "scheduled",
    State.LIVE: "live",
    State.WITHDRAWN: "withdrawn",
}
# Nobody has saved the draft since the portal made it from a file (documents/clerk/intake.py).
UNCONFIRMED = Q(state=State.DRAFT, updated_at=F("created_at"))
_CURRENT = DocumentFile.objects.current().order_by()
UNCLEARED = _CURRENT.uncleared()
MARKED = _CURRENT.exclude(marking="")
BEING_READ = _CURRENT.filter(text_state=TextState.WAITING)


@dataclass(frozen=True)
class Waiting:
    """How many documents await the clerk: to be confirmed, to be read by a person, being read."""

    unconfirmed: int
    uncleared: int
    being_read: int


def waiting(user: "User | AnonymousUser") -> Waiting | None:
    """Return what awaits `user` among the documents, or None for who does not keep them."""
    if not user.has_perm("documents.change_document"):
        return None
    return Waiting(
        unconfirmed=unconfirmed().count(),
        uncleared=with_file(UNCLEARED).exclude(state=State.WITHDRAWN).count(),
        being_read=with_file(BEING_READ).count(),
    )


def unconfirmed() -> QuerySet[Document]:
    """Return the drafts made from files that no clerk has confirmed yet, oldest first."""
    return Document.objects.filter(UNCONFIRMED).order_by("pk")


def with_file(files: QuerySet[DocumentFile]) -> QuerySet[Document]:
    """Return the documents that one of `files` belongs to."""
    return Document.objects.filter(pk__in=files.values("document"))


def status_of(document: Document) -> tuple[str, str]:
    """Return a word for the style sheet and the words for the clerk."""
    state = State(document.state)
    return STATUS_KINDS[state], state.label


def publish(document: Document, *, by: "User") -> str:
    """Publish the document, or schedule it when its hour lies ahead; return what happened."""
    ahead = document.publish_at is not None and document.publish_at > timezone.now()
    if ahead and document.state == State.DRAFT:
        move(document, Action.SCHEDULE, by=by)
        at = timezone.localtime(document.publish_at)
        return f"Đã hẹn giờ: văn bản tự lên trang lúc {at:%H:%M} ngày {at:%d/%m/%Y}."
    move(document, Action.PUBLISH, by=by)
    return _now_public("Đã đăng", document)


def restore(document: Document, *, by: "User") -> str:
    """Publish a withdrawn document again as it stands; return what happened."""
    move(document, Action.RESTORE, by=by)
    return _now_public("Đã đăng lại", document)


def unschedule(document: Document, *, by: "User") -> str:
    """Make a scheduled document a draft again; return what happened."""
    move(document, Action.UNSCHEDULE, by=by)
    return "Đã hủy hẹn giờ: văn bản trở lại bản nháp, chỉ văn thư thấy."


def withdraw(document: Document, *, by: "User", reason: str) -> str:
    """Take the document down; return what happened."""
    move(document, Action.WITHDRAW, by=by, reason=reason)
    return format_html(
        'Đã gỡ văn bản. <a href="{}">Địa chỉ của văn bản</a> nay cho bạn đọc thấy lý do gỡ.',
        document.get_absolute_url(),
    )


def confirm_no_secret(document: Document, file_pk: str, *, by: "User") -> str:
    """Note that `by` has read the file and found no marking; return what happened."""
    if not by.has_perm(Document.publish_permission):
        raise Refused("Bạn chưa được giao quyền đăng nên chưa xác nhận được tệp.")
    file = document.files.current().filter(pk=row_number(file_pk) or 0).first()
    if file is None:
        raise Refused("Tệp này không còn trong văn bản. Hãy mở lại trang.")
    clear(file, by=by)
    return f"Đã ghi vào nhật ký: bạn đã đọc tệp “{file.name}” và xác nhận không có dấu mật."


def visibility_words(document: Document) -> str:
    """Say who may read a live document from now on."""
    if document.visibility == Visibility.INTERNAL:
        return "Từ nay chỉ cán bộ đăng nhập mới đọc được văn bản."
    return "Từ nay ai cũng đọc được văn bản."


def _now_public(done: str, document: Document) -> str:
    readers = "bạn đọc" if document.visibility == Visibility.PUBLIC else "cán bộ đăng nhập"
    address = document.get_absolute_url()
    return format_html('{}, {} thấy ngay: <a href="{}">{}</a>', done, readers, address, document)
