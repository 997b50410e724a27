"""The words of publication: states, rights, deeds, and the one table of what leads where."""

from dataclasses import dataclass
from enum import Enum

from django.db import models


class State(models.TextChoices):
    """Where one version of a text stands between writing and the archive."""

    DRAFT = "draft", "Bản nháp"
    SUBMITTED = "submitted", "Chờ duyệt"
    RETURNED = "returned", "Trả lại"
    APPROVED = "approved", "Đã duyệt, chờ đăng"
    LIVE = "live", "Đang đăng"
    SUPERSEDED = "superseded", "Đã có bản mới"
    WITHDRAWN = "withdrawn", "Đã gỡ"


OPEN_STATES = (State.DRAFT, State.SUBMITTED, State.RETURNED, State.APPROVED)
PUBLISHED_STATES = (State.LIVE, State.SUPERSEDED, State.WITHDRAWN)


class Right(Enum):
    """What a person may be allowed to do with one version."""

    WRITE = "write"
    APPROVE = "approve"
    WITHDRAW = "withdraw"
    LEAD = "lead"


class Action(models.TextChoices):
    """What happens to a version; those in TRANSITIONS move it, the others are only noted."""

    SUBMIT = "submit", "Gửi duyệt"
    RECALL = "recall", "Rút về"
    RETURN = "return", "Trả lại"
    APPROVE = "approve", "Duyệt"
    VOID = "void", "Sửa sau khi duyệt"
    PUBLISH = "publish", "Đăng"
    URGENT = "urgent", "Đăng khẩn"
    CONFIRM = "confirm", "Xác nhận bản đăng khẩn"
    SUPERSEDE = "supersede", "Thay bằng bản mới"
    WITHDRAW = "withdraw", "Gỡ"
    EXPIRE = "expire", "Gỡ theo giờ hẹn"
    RESTORE = "restore", "Đăng lại"
    CREATE = "create", "Lập bản nháp"
    EDIT = "edit", "Sửa nội dung"
    REUSE = "reuse", "Có nội dung được lấy lại"
    MEDIA = "media", "Sửa ảnh, video của bài"
    HOURS = "hours", "Đổi giờ đăng, giờ tự gỡ"
    ACKNOWLEDGE = "acknowledge", "Chấp nhận cảnh báo"
    REMARK = "remark", "Góp ý"
    SHARE = "share", "Gửi liên kết xem trước"
    CORRECT = "correct", "Đính chính"
    ATTACH = "attach", "Thêm tệp"
    REPLACE = "replace", "Thay tệp"
    CLEAR = "clear", "Xác nhận không mật"
    BIN = "bin", "Bỏ vào thùng rác"
    UNBIN = "unbin", "Lấy lại từ thùng rác"
    DELETE = "delete", "Xóa hẳn"
    GRANT = "grant", "Đổi quyền"
    UNLOCK = "unlock", "Mở khóa"
    RESET_FACTOR = "reset_factor", "Gỡ xác thực hai bước"


# Whoever did one of these since the last approval may not be the second pair of eyes.
CONTRIBUTING = (
    *(Action.CREATE, Action.EDIT, Action.SUBMIT, Action.URGENT, Action.CORRECT),
    *(Action.ATTACH, Action.REPLACE, Action.REUSE, Action.MEDIA),
)
APPROVALS = (Action.APPROVE, Action.CONFIRM)


@dataclass(frozen=True)
class Transition:
    """One allowed move; without a `right`, only the portal itself makes it."""

    sources: tuple[State, ...]
    target: State
    right: Right | None = None
    needs_reason: bool = False
    checks_content: bool = False
    second_person: bool = False


TRANSITIONS = {
    Action.SUBMIT: Transition(
        (State.DRAFT, State.RETURNED), State.SUBMITTED, Right.WRITE, checks_content=True
    ),
    Action.RECALL: Transition((State.SUBMITTED,), State.DRAFT, Right.WRITE),
    Action.RETURN: Transition(
        (State.SUBMITTED, State.APPROVED), State.RETURNED, Right.APPROVE, needs_reason=True
    ),
    Action.APPROVE: Transition(
        (State.SUBMITTED,),
        State.APPROVED,
        Right.APPROVE,
        checks_content=True,
        second_person=True,
    ),
    Action.VOID: Transition((State.APPROVED,), State.SUBMITTED),
    # From a draft: what is brought in from elsewhere, as the pages of an older site.
    Action.PUBLISH: Transition((State.DRAFT, State.APPROVED), State.LIVE, checks_content=True),
    Action.URGENT: Transition(
        OPEN_STATES, State.LIVE, Right.LEAD, needs_reason=True, checks_content=True
    ),
    Action.SUPERSEDE: Transition((State.LIVE,), State.SUPERSEDED),
    Action.WITHDRAW: Transition((State.LIVE,), State.WITHDRAWN, Right.WITHDRAW, needs_reason=True),
    Action.EXPIRE: Transition((State.LIVE,), State.WITHDRAWN, needs_reason=True),
    Action.RESTORE: Transition(
        (State.WITHDRAWN,), State.LIVE, Right.WITHDRAW, checks_content=True, second_person=True
    ),
}
