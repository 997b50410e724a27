"""The thread of a document: what was decided about it, and who acts next."""

from dataclasses import dataclass

from core.audit import AuditEntry, contributors, trail_of
from core.people import holders, named
from core.remarks import Remark, remarks_on
from core.workflow import Action, Right, State
from documents.clerk import desk
from documents.models import Document

SHOWN = 6
# What people tell each other; edits and files stand in the audit trail.
TOLD = (
    *(Action.SUBMIT, Action.RECALL, Action.RETURN, Action.APPROVE, Action.VOID),
    *(Action.URGENT, Action.CONFIRM, Action.WITHDRAW, Action.EXPIRE, Action.RESTORE),
)
NOBODY = (
    "Chưa có ai khác có quyền duyệt văn bản. Hãy đề nghị người quản trị thêm một văn thư hoặc "
    "lãnh đạo."
)


@dataclass(frozen=True)
class Thread:
    """What stands above the form: who acts `next`, the last `entries`, and what reviewers said."""

    next: str
    entries: list[AuditEntry]
    remarks: list[Remark]


def thread_of(document: Document) -> Thread:
    """Return the thread of `document`; a correction has one of its own."""
    told = trail_of(document).filter(version_id=document.pk, action__in=TOLD)
    entries = list(told.select_related("actor")[:SHOWN])
    # Remarks come with a return, and with nothing else.
    returned = any(entry.action == Action.RETURN for entry in entries)
    return Thread(who_acts(document), entries, list(remarks_on(document)) if returned else [])


def who_acts(document: Document) -> str:
    """Say in one sentence who does what next, "" when nobody has to."""
    if document.state == State.SUBMITTED:
        return f"Đang chờ duyệt. {others_who_approve(document)}"
    if document.state == State.LIVE and document.unconfirmed:
        return f"Đăng khẩn, chờ người thứ hai xác nhận. {others_who_approve(document)}"
    if document.state == State.RETURNED:
        return "Văn thư sửa theo lý do dưới đây rồi gửi duyệt lại."
    if document.state == State.APPROVED and document.publish_at:
        return f"Văn bản tự lên trang {desk.hour(document.publish_at)}, không ai phải làm gì thêm."
    return ""


def others_who_approve(document: Document) -> str:
    """Name those who may approve `document` and have had no part in it."""
    free = holders(Document.PERMISSIONS[Right.APPROVE]).exclude(pk__in=contributors(document))
    names = named(free)
    return f"Người duyệt được: {names}." if names else NOBODY
