"""The thread of an article: what was said and decided about it, and who acts next."""

from dataclasses import dataclass

from core.audit import AuditEntry, contributing, trail_of
from core.people import name_of, named
from core.remarks import Remark, remarks_on
from core.workflow import Action, State
from news import rights
from news.desk import hour
from news.models import Edition

SHOWN = 6
# What people tell each other; single edits and remarks stand elsewhere.
TOLD = (
    *(Action.SUBMIT, Action.RECALL, Action.RETURN, Action.APPROVE, Action.VOID),
    *(Action.URGENT, Action.CONFIRM, Action.WITHDRAW, Action.EXPIRE),
)
NOBODY = (
    "Chưa có ai khác được giao duyệt chuyên mục này. Hãy báo lãnh đạo, hoặc đề nghị người quản "
    "trị giao chuyên mục cho một biên tập viên."
)


@dataclass(frozen=True)
class Thread:
    """What stands above the form: who acts `next`, the last `entries`, the `remarks`."""

    next: str
    entries: list[AuditEntry]
    remarks: list[Remark]


def thread_of(edition: Edition) -> Thread:
    """Return the thread of the article that `edition` belongs to."""
    told = trail_of(edition).filter(action__in=TOLD).select_related("actor")
    return Thread(who_acts(edition), list(told[:SHOWN]), list(remarks_on(edition)))


def who_acts(edition: Edition) -> str:
    """Say in one sentence who does what next, "" when nobody has to."""
    if edition.state == State.SUBMITTED:
        return f"Đang chờ duyệt. {others_who_approve(edition)}"
    if edition.state == State.LIVE and edition.unconfirmed:
        return f"Đăng khẩn, chờ người thứ hai xác nhận. {others_who_approve(edition)}"
    if edition.state == State.RETURNED:
        author = name_of(edition.created_by) if edition.created_by else "Người viết"
        return f"{author} sửa theo lý do dưới đây rồi gửi duyệt lại."
    if edition.state == State.APPROVED and edition.publish_at:
        return f"Bài tự lên trang {hour(edition.publish_at)}, không ai phải làm gì thêm."
    return ""


def others_who_approve(edition: Edition) -> str:
    """Name those who may approve `edition` and have had no part in it."""
    free = rights.approvers(edition).exclude(pk__in=contributing(edition))
    names = named(free)
    return f"Người duyệt được: {names}." if names else NOBODY
