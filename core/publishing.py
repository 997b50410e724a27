"""The only door through which anything becomes public: `Publishable` and `move()`.

A kind of content takes part by deriving from `Publishable`. `move()` locks the subject, checks
the transition, the right and the content, changes the state and writes the audit entry in one
transaction; a refusal speaks to the editor and changes nothing.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.db import models, transaction
from django.db.models import F, Q, QuerySet
from django.dispatch import Signal
from django.utils import timezone

from core.audit import acknowledged, contributors, record
from core.problems import Problem
from core.snapshots import keep
from core.workflow import OPEN_STATES, PUBLISHED_STATES, TRANSITIONS, Action, Right, State

if TYPE_CHECKING:
    from django.contrib.auth.models import User


# Sent inside the transaction of every move and confirmation, once it stands in the audit trail,
# with `action`, `version`, `by` (None: the portal itself) and `reason`; the sender is the model.
moved = Signal()


class Refused(Exception):
    """A move that may not happen; `messages` are sentences for the editor, in Vietnamese."""

    def __init__(self, *messages: str) -> None:
        super().__init__(" ".join(messages))
        self.messages = messages


class Unfit(Refused):
    """A move that the checklist of `version` stands against."""

    def __init__(self, version: "Publishable", *messages: str) -> None:
        super().__init__(*messages)
        self.version = version


class Publishable(models.Model):
    """One version of something public; its state changes through `move()` alone.

    What is approved is `digest()`: a text that has changed since may not go live.
    """

    # Whether a withdrawn version may be public again as it is; else a new one takes its place.
    restorable: ClassVar[bool] = False

    state = models.CharField(
        "trạng thái", max_length=12, choices=State, default=State.DRAFT, editable=False
    )
    publish_at = models.DateTimeField(
        "ngày giờ đăng",
        null=True,
        blank=True,
        help_text="Để trống: lên trang ngay khi được duyệt. Giờ ở tương lai: tự lên trang đúng "
        "giờ ấy. Giờ đã qua: ghi làm ngày đăng của tin cũ.",
    )
    expire_at = models.DateTimeField(
        "tự gỡ lúc",
        null=True,
        blank=True,
        help_text="Để trống: đăng cho đến khi có người gỡ.",
    )
    went_live_at = models.DateTimeField("lên trang lúc", null=True, editable=False)
    approved_digest = models.CharField(max_length=64, blank=True, editable=False)
    unconfirmed = models.BooleanField("đăng khẩn, chờ xác nhận", default=False, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name="người tạo",
    )
    created_at = models.DateTimeField("ngày tạo", default=timezone.now, editable=False)
    updated_at = models.DateTimeField("sửa lần cuối", default=timezone.now, editable=False)

    class Meta:
        abstract = True
        constraints: ClassVar[tuple[models.BaseConstraint, ...]] = (
            models.CheckConstraint(
                name="%(class)s_state_known", condition=Q(state__in=State.values)
            ),
            models.CheckConstraint(
                name="%(class)s_approved_is_bound",
                condition=~Q(state=State.APPROVED)
                | Q(publish_at__isnull=False) & ~Q(approved_digest=""),
            ),
            models.CheckConstraint(
                name="%(class)s_published_has_a_moment",
                condition=~Q(state__in=PUBLISHED_STATES) | Q(went_live_at__isnull=False),
            ),
            models.CheckConstraint(
                name="%(class)s_expires_after_publication",
                condition=Q(expire_at=None) | Q(publish_at=None) | Q(expire_at__gt=F("publish_at")),
                violation_error_message="Giờ tự gỡ phải sau giờ đăng.",
            ),
        )

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Note the moment when something but the state changed."""
        if kwargs.get("update_fields") is None:
            self.updated_at = timezone.now()
        super().save(*args, **kwargs)

    @property
    def is_open(self) -> bool:
        """True while the text may still be written without readers seeing it."""
        return self.state in OPEN_STATES

    def digest(self) -> str:
        """Return the SHA-256, in hexadecimal, of all that readers would see of this version."""
        text = json.dumps(self.content(), ensure_ascii=False, sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()

    def stamp(self) -> str:
        """Return what differs whenever the version that people look at has become another."""
        return f"{self.pk} {self.state} {self.digest()}"

    def content(self) -> dict[str, Any]:
        """Return all that readers would see, as plain values by name; photos and files too."""
        raise NotImplementedError

    def grants(self, user: "User", right: Right) -> bool:
        """Return whether `user` has `right` over this version."""
        raise NotImplementedError

    def locked(self, *, wait: bool = True) -> Self:
        """Return this version read anew, its subject and itself locked until commit.

        The subject comes first, or two transactions could wait for each other. Raises
        ObjectDoesNotExist when it is gone or, without `wait`, in somebody else's hands.
        """
        raise NotImplementedError

    def problems(self) -> list[Problem]:
        """Return what the checklist finds in this text as it stands."""
        raise NotImplementedError

    def make_way(self) -> None:
        """Supersede whatever is live in this version's place, just before it goes live."""
        raise NotImplementedError

    def entered(self, state: State, *, at: datetime, reason: str) -> None:
        """Bring the subject in line after this version was saved in `state`."""
        raise NotImplementedError

    def audit_subject(self) -> models.Model:
        """Return the permanent thing that the audit trail speaks of."""
        raise NotImplementedError


def move(
    version: Publishable,
    action: Action,
    *,
    by: "User | None" = None,
    reason: str = "",
    seen: str = "",
) -> Publishable:
    """Take `version` through `action` for `by` (None: the portal itself); return it anew.

    `seen` is the `stamp()` of what the person looked at. Raises Refused, with nothing changed,
    when the transition, the right, the reason, the second person or the content is missing, or
    the version has become another than `seen`.
    """
    transition = TRANSITIONS[action]
    reason = reason.strip()
    with transaction.atomic():
        version = version.locked()
        _refuse_unless_allowed(version, action, by, reason, seen)
        came_from, now = version.state, timezone.now()
        if transition.target == State.LIVE:
            version.make_way()
            version.went_live_at = now
        _bind(version, action, now)
        version.state = transition.target
        version.save(
            update_fields=[
                "state",
                "went_live_at",
                "publish_at",
                "approved_digest",
                "unconfirmed",
            ]
        )
        version.entered(transition.target, at=now, reason=reason)
        record(version, action, came_from=came_from, by=by, reason=reason)
        moved.send(type(version), version=version, action=action, by=by, reason=reason)
    return version


def _bind(version: Publishable, action: Action, now: datetime) -> None:
    """Bind the approval to the text as it stands, or loosen it."""
    if action == Action.APPROVE:
        version.approved_digest = version.digest()
        version.publish_at = version.publish_at or now
    elif version.is_open and action not in (Action.PUBLISH, Action.URGENT):
        version.approved_digest = ""
    if action == Action.URGENT:
        version.unconfirmed = True


def approve(version: Publishable, *, by: "User", note: str = "", seen: str = "") -> Publishable:
    """Approve `version`, and publish it at once unless its hour lies ahead; as `move()`."""
    with transaction.atomic():
        version = move(version, Action.APPROVE, by=by, reason=note, seen=seen)
        if version.publish_at and version.publish_at <= timezone.now():
            version = move(version, Action.PUBLISH)
    return version


def confirm(version: Publishable, *, by: "User", note: str = "", seen: str = "") -> Publishable:
    """Be the second pair of eyes of an urgent publication, after the event; as `move()`."""
    with transaction.atomic():
        version = version.locked()
        _refuse_if_overtaken(version, seen)
        if not (version.unconfirmed and version.state == State.LIVE):
            raise Refused("Bản này không còn chờ xác nhận. Hãy mở lại trang.")
        if not version.grants(by, Right.APPROVE):
            raise Refused(NOT_YOURS)
        _refuse_if_contributor(version, by)
        version.unconfirmed = False
        version.save(update_fields=["unconfirmed"])
        record(version, Action.CONFIRM, by=by, reason=note)
        moved.send(type(version), version=version, action=Action.CONFIRM, by=by, reason=note)
    return version


def rewritten(version: Publishable, *, by: "User | None", action: Action, what: str = "") -> None:
    """Note that `by` has stored a text; belongs in the transaction that stored it.

    An approved text must have lost its approval before (`Action.VOID`): the database says so.
    """
    record(version, action, by=by, reason=what)
    keep(version, version.content(), by=by)


def settle_due(model: type[Publishable], now: datetime) -> int:
    """Publish and take down every version of `model` whose hour has come; return how many.

    Versions that another process has in hand are left to it, so that no reader waits. One that
    is no longer what was approved goes back to its writers, with the reason in the audit trail.
    """
    goes_up, comes_down = _is_due(now)
    due = model._default_manager.filter(goes_up | comes_down)
    rows = due.order_by("publish_at", "pk")[:100]
    return sum(_settle(version, now) for version in rows)


def _is_due(now: datetime) -> tuple[Q, Q]:
    """Return the conditions that a version is to go live, or to be taken down, by `now`.

    Each has an index of its own; PostgreSQL reads the whole table for both in one.
    """
    return Q(state=State.APPROVED, publish_at__lte=now), Q(state=State.LIVE, expire_at__lte=now)


def next_moments(models: Iterable[type[Publishable]]) -> QuerySet[Any, Any]:
    """Return when the next versions of `models` go up or come down, maybe in the past; some None.

    Each part reads an index of its own that `_is_due` names.
    """
    first, *others = (part for model in models for part in _next_moments(model))
    return first.union(*others)


def _next_moments(model: type[Publishable]) -> Iterator[QuerySet[Any, Any]]:
    versions = model._default_manager.order_by()
    goes_up = versions.filter(state=State.APPROVED, publish_at__isnull=False)
    comes_down = versions.filter(state=State.LIVE, expire_at__isnull=False)
    yield goes_up.order_by("publish_at").values_list("publish_at", flat=True)[:1]
    yield comes_down.order_by("expire_at").values_list("expire_at", flat=True)[:1]


def _settle(version: Publishable, now: datetime) -> bool:
    with transaction.atomic():
        try:
            version = version.locked(wait=False)
        except ObjectDoesNotExist:
            return False
        # Somebody may have moved it, or given it another hour, since the list was read.
        if version.state == State.LIVE and version.expire_at and version.expire_at <= now:
            move(version, Action.EXPIRE, reason=EXPIRED)
            return True
        if version.state != State.APPROVED or not version.publish_at or version.publish_at > now:
            return False
        try:
            move(version, Action.PUBLISH)
        except Refused as refusal:
            move(version, Action.RETURN, reason=str(refusal))
            return False
    return True


EXPIRED = "Đã hết thời hạn đăng."
NOT_YOURS = "Bạn chưa được giao quyền làm việc này. Hãy đề nghị người có quyền thực hiện."
OVERTAKEN = (
    "Nội dung đã được sửa hoặc chuyển bước sau khi bạn mở trang. Hãy xem lại bản hiện có rồi "
    "quyết định."
)
CHANGED = "Nội dung, ảnh hoặc tệp đã đổi sau khi duyệt, nên phải duyệt lại."
OWN_TEXT = (
    "Bạn đã góp phần vào bản này nên không tự duyệt được. Hãy nhờ một người khác có quyền duyệt."
)


def _refuse_unless_allowed(
    version: Publishable, action: Action, by: "User | None", reason: str, seen: str
) -> None:
    transition = TRANSITIONS[action]
    if by is not None and not (transition.right and version.grants(by, transition.right)):
        raise Refused(NOT_YOURS)
    _refuse_if_overtaken(version, seen)
    if version.state not in transition.sources or (
        action == Action.RESTORE and not version.restorable
    ):
        now_in = State(version.state).label.lower()
        raise Refused(
            f"Không thực hiện được “{action.label}” vì phiên bản này hiện ở trạng thái "
            f"“{now_in}”. Hãy mở lại trang để xem tình trạng mới nhất."
        )
    if transition.needs_reason and not reason:
        raise Refused(REASONS.get(action, "Hãy ghi lý do."))
    if transition.second_person and by is not None:
        _refuse_if_contributor(version, by)
    if action == Action.PUBLISH and version.state == State.APPROVED:
        _refuse_if_changed(version)
    if transition.checks_content:
        _refuse_if_unfit(version, by)


REASONS = {
    Action.WITHDRAW: "Hãy ghi lý do: bạn đọc sẽ thấy lý do này tại địa chỉ cũ.",
    Action.RETURN: "Hãy ghi lý do trả lại, để người viết biết cần sửa gì.",
    Action.URGENT: "Hãy ghi lý do đăng khẩn: lý do này nằm trong nhật ký.",
}


def _refuse_if_overtaken(version: Publishable, seen: str) -> None:
    if seen and seen != version.stamp():
        raise Refused(OVERTAKEN)


def _refuse_if_contributor(version: Publishable, by: "User") -> None:
    if by.pk in contributors(version):
        raise Refused(OWN_TEXT)


def _refuse_if_changed(version: Publishable) -> None:
    if version.digest() != version.approved_digest:
        raise Refused(CHANGED)


def _refuse_if_unfit(version: Publishable, by: "User | None") -> None:
    """Errors block whoever it is; warnings, until a person has accepted each."""
    found = version.problems()
    blocking = [one.message for one in found if one.blocks]
    if not blocking and by is not None:
        accepted = acknowledged(version)
        open_ones = [one.message for one in found if one.message not in accepted]
        blocking = [f"{message} Nếu giữ nguyên, hãy đánh dấu chấp nhận." for message in open_ones]
    if blocking:
        raise Unfit(version, *blocking)
