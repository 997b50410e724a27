"""What the buttons of the records clerk do, how a status is called, and what awaits the clerk.

Everything that moves a document goes through `core.publishing.move`; Refused passes to the caller.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone
from django.utils.html import format_html

from core import publishing
from core.deeds import Deed
from core.newsroom import row_number
from core.publishing import Refused, move
from core.workflow import Action, Right, State
from documents.files import DocumentFile, TextState, clear
from documents.models import Document, Visibility

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User

STATUS_KINDS = {
    State.DRAFT: "draft",
    State.SUBMITTED: "submitted",
    State.RETURNED: "returned",
    State.APPROVED: "scheduled",
    State.LIVE: "live",
    State.WITHDRAWN: "withdrawn",
    State.SUPERSEDED: "live",
}
CORRECTIONS = {
    State.DRAFT: "Đính chính, đang soạn",
    State.SUBMITTED: "Đính chính, chờ duyệt",
    State.RETURNED: "Đính chính, bị trả lại",
    State.APPROVED: "Đính chính, hẹn giờ",
    State.SUPERSEDED: "Đã đính chính",
}
# Nobody has saved the draft since the portal made it from a file (documents/clerk/intake.py).
UNCONFIRMED = Q(state=State.DRAFT, updated_at=F("created_at"), corrects=None, binned_at=None)
URGENT = Q(state=State.LIVE, unconfirmed=True)
IN_WORK = Q(binned_at=None)
_CURRENT = DocumentFile.objects.current().order_by()
UNCLEARED = _CURRENT.uncleared()
MARKED = _CURRENT.exclude(marking="")
BEING_READ = _CURRENT.filter(text_state=TextState.WAITING)


@dataclass(frozen=True)
class Waiting:
    """How many documents await somebody: an approval, a second look, the clerk, the machine."""

    submitted: int
    returned: int
    urgent: int
    unconfirmed: int
    uncleared: int
    being_read: int


def waiting(user: "User | AnonymousUser") -> Waiting | None:
    """Return what awaits people like `user` among the documents, or None for all others."""
    if not any(map(user.has_perm, ("documents.change_document", "documents.publish_document"))):
        return None
    awaited = {
        "submitted": Q(state=State.SUBMITTED),
        "returned": Q(state=State.RETURNED),
        "urgent": URGENT,
        "unconfirmed": UNCONFIRMED,
        "uncleared": Q(pk__in=UNCLEARED.values("document")) & ~Q(state=State.WITHDRAWN),
        "being_read": Q(pk__in=BEING_READ.values("document")),
    }
    counts = {name: Count("pk", filter=condition) for name, condition in awaited.items()}
    return Waiting(**Document.objects.filter(IN_WORK).aggregate(**counts))


def unconfirmed() -> QuerySet[Document]:
    """Return the drafts made from files that no clerk has confirmed yet, oldest first."""
    return Document.objects.filter(UNCONFIRMED).order_by("pk")


def status_of(document: Document) -> tuple[str, str]:
    """Return a word for the style sheet and the words for the clerk."""
    state = State(document.state)
    if document.corrects_id:
        return STATUS_KINDS[state], CORRECTIONS[state]
    if document.state == State.LIVE and document.unconfirmed:
        return "urgent", "Đăng khẩn, chờ xác nhận"
    return STATUS_KINDS[state], state.label


def may_write(document: Document, user: "User") -> bool:
    """Return whether `user` may store another text: once submitted, only who may approve.

    What was public is nobody's to store: it is corrected (documents/corrections.py).
    """
    if not (document.is_open and document.grants(user, Right.WRITE)):
        return False
    handed_in = document.state in (State.SUBMITTED, State.APPROVED)
    return not handed_in or document.grants(user, Right.APPROVE)


def submit(document: Document, *, by: "User", seen: str = "") -> str:
    """Hand the draft to those who approve."""
    move(document, Action.SUBMIT, by=by, seen=seen)
    return "Đã gửi duyệt. Lãnh đạo hoặc văn thư khác sẽ duyệt hoặc trả lại kèm lý do."


def recall(document: Document, *, by: "User", seen: str = "") -> str:
    """Take the submitted document back to write on."""
    move(document, Action.RECALL, by=by, seen=seen)
    return "Đã rút về: văn bản trở lại bản nháp, bạn sửa tiếp rồi gửi duyệt lại."


def send_back(document: Document, *, by: "User", reason: str, seen: str = "") -> str:
    """Return the document to the clerk with a reason."""
    move(document, Action.RETURN, by=by, reason=reason, seen=seen)
    return "Đã trả lại. Văn thư thấy lý do của bạn, sửa rồi gửi duyệt lại."


def approve(document: Document, *, by: "User", seen: str = "") -> str:
    """Approve the document; readers see it at once, or at its hour."""
    approved = publishing.approve(document, by=by, seen=seen)
    if approved.state == State.APPROVED and approved.publish_at:
        return f"Đã duyệt: văn bản tự lên trang {hour(approved.publish_at)}."
    return _now_public("Đã duyệt và đăng", document)


def publish_urgently(document: Document, *, by: "User", reason: str, seen: str = "") -> str:
    """Publish without a second person; it stays flagged until one has looked."""
    move(document, Action.URGENT, by=by, reason=reason, seen=seen)
    said = _now_public("Đã đăng khẩn", document)
    return format_html("{} Văn bản mang dấu chờ xác nhận cho đến khi một người khác duyệt.", said)


def confirm(document: Document, *, by: "User", seen: str = "") -> str:
    """Be the second pair of eyes of an urgent publication."""
    publishing.confirm(document, by=by, seen=seen)
    return "Đã xác nhận văn bản đăng khẩn. Nhật ký ghi tên bạn."


def restore(document: Document, *, by: "User", seen: str = "") -> str:
    """Publish a withdrawn document again as it stands; return what happened."""
    move(document, Action.RESTORE, by=by, seen=seen)
    return _now_public("Đã đăng lại", document)


def withdraw(document: Document, *, by: "User", reason: str, seen: str = "") -> str:
    """Take the document down; return what happened."""
    move(document, Action.WITHDRAW, by=by, reason=reason, seen=seen)
    return format_html(
        'Đã gỡ văn bản. <a href="{}">Địa chỉ của văn bản</a> nay cho bạn đọc thấy lý do gỡ.',
        document.get_absolute_url(),
    )


def confirm_no_secret(document: Document, file_pk: str, *, by: "User") -> str:
    """Note that `by` has read the file and found no marking; return what happened."""
    if not by.has_perm("documents.publish_document"):
        raise Refused("Bạn chưa được giao quyền đăng nên chưa xác nhận được tệp.")
    file = document.files.current().filter(pk=row_number(file_pk) or 0).first()
    if file is None:
        raise Refused("Tệp này không còn trong văn bản. Hãy mở lại trang.")
    clear(file, by=by)
    return f"Đã ghi vào nhật ký: bạn đã đọc tệp “{file.name}” và xác nhận không có dấu mật."


def hour(at: datetime) -> str:
    """Return the moment `at` in words, in the time of Vietnam."""
    at = timezone.localtime(at)
    return f"lúc {at:%H:%M} ngày {at:%d/%m/%Y}"


def _now_public(done: str, document: Document) -> str:
    corrected, document = document.corrects, Document.objects.get(pk=document.audit_subject().pk)
    done = f"{done} bản đính chính" if corrected else done
    if document.state == State.WITHDRAWN:
        return f"{done}. Văn bản đã gỡ nên bạn đọc chưa thấy; muốn hiện lại, hãy bấm “Đăng lại”."
    readers = "bạn đọc" if document.visibility == Visibility.PUBLIC else "cán bộ đăng nhập"
    address = document.get_absolute_url()
    return format_html('{}, {} thấy ngay: <a href="{}">{}</a>.', done, readers, address, document)


DEEDS = (
    Deed(Action.SUBMIT, submit, "Gửi duyệt", "lãnh đạo hoặc văn thư khác duyệt"),
    Deed(Action.APPROVE, approve, "Duyệt và đăng", "lên trang ngay; có giờ hẹn thì đúng giờ"),
    Deed(Action.RECALL, recall, "Rút về sửa", "văn bản trở lại bản nháp"),
    Deed(Action.CONFIRM, confirm, "Xác nhận văn bản đăng khẩn", "dấu chờ xác nhận được gỡ"),
    Deed(Action.RESTORE, restore, "Đăng lại", "bạn đọc thấy ngay"),
    Deed(
        Action.RETURN,
        send_back,
        "Trả lại",
        "văn thư thấy lý do, sửa rồi gửi lại",
        asks="Lý do trả lại, văn thư sẽ thấy",
        explains="Văn bản trở về với văn thư. Sau khi sửa, văn thư gửi duyệt lại.",
    ),
    Deed(
        Action.URGENT,
        publish_urgently,
        "Đăng khẩn",
        "lên trang ngay; một người khác duyệt sau",
        asks="Lý do đăng khẩn, ghi vào nhật ký",
        explains="Văn bản lên trang ngay mà chưa có người thứ hai duyệt. Mọi bàn làm việc thấy dấu "
        "“chờ xác nhận” cho đến khi một người khác xác nhận.",
    ),
    Deed(
        Action.WITHDRAW,
        withdraw,
        "Gỡ",
        "địa chỉ của văn bản cho bạn đọc thấy lý do",
        asks="Lý do gỡ, bạn đọc sẽ thấy",
        explains="Văn bản không còn trên trang. Ai mở địa chỉ cũ của văn bản sẽ thấy lý do dưới "
        "đây. Sau này vẫn có thể đăng lại.",
    ),
)
