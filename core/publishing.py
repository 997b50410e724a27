"""The only door through which anything becomes public: states, transitions, `move()`.

A kind of content takes part by deriving from `Publishable`. `move()` locks the subject, checks
the transition, the right and the content, changes the state and writes the audit entry in one
transaction; a refusal speaks to the editor and changes nothing.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ObjectDoesNotExist
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from core.fields import NFCTextField

if TYPE_CHECKING:
    from django.contrib.auth.models import User


class State(models.TextChoices):
    """Where one version of a text stands between writing and the archive."""

    DRAFT = "draft", "Bản nháp"
    APPROVED = "approved", "Hẹn giờ đăng"
    LIVE = "live", "Đang đăng"
    SUPERSEDED = "superseded", "Đã có bản mới"
    WITHDRAWN = "withdrawn", "Đã gỡ"


OPEN_STATES = (State.DRAFT, State.APPROVED)
PUBLISHED_STATES = (State.LIVE, State.SUPERSEDED, State.WITHDRAWN)


class Action(models.TextChoices):
    """What happens to a version; those in TRANSITIONS move it, the others are only noted."""

    PUBLISH = "publish", "Đăng"
    SCHEDULE = "schedule", "Hẹn giờ đăng"
    UNSCHEDULE = "unschedule", "Hủy hẹn giờ"
    PROMOTE = "promote", "Đăng theo giờ hẹn"
    SUPERSEDE = "supersede", "Thay bằng bản mới"
    WITHDRAW = "withdraw", "Gỡ"
    RESTORE = "restore", "Đăng lại"
    CORRECT = "correct", "Đính chính"
    ATTACH = "attach", "Thêm tệp"
    REPLACE = "replace", "Thay tệp"
    CLEAR = "clear", "Xác nhận không mật"


@dataclass(frozen=True)
class Transition:
    """One allowed move; `for_people` is False for what only the portal itself does."""

    sources: tuple[State, ...]
    target: State
    needs_reason: bool = False
    checks_content: bool = False
    for_people: bool = True


TRANSITIONS = {
    Action.PUBLISH: Transition((State.DRAFT, State.APPROVED), State.LIVE, checks_content=True),
    Action.SCHEDULE: Transition((State.DRAFT,), State.APPROVED, checks_content=True),
    Action.UNSCHEDULE: Transition((State.APPROVED,), State.DRAFT),
    Action.PROMOTE: Transition(
        (State.APPROVED,), State.LIVE, checks_content=True, for_people=False
    ),
    Action.SUPERSEDE: Transition((State.LIVE,), State.SUPERSEDED, for_people=False),
    Action.WITHDRAW: Transition((State.LIVE,), State.WITHDRAWN, needs_reason=True),
    Action.RESTORE: Transition((State.WITHDRAWN,), State.LIVE, checks_content=True),
}


class Refused(Exception):
    """A move that may not happen; `messages` are sentences for the editor, in Vietnamese."""

    def __init__(self, *messages: str) -> None:
        super().__init__(" ".join(messages))
        self.messages = messages


class Publishable(models.Model):
    """One version of something public; its state changes through `move()` alone."""

    publish_permission: ClassVar[str]
    # Whether a withdrawn version may be public again as it is; else a new one takes its place.
    restorable: ClassVar[bool] = False

    state = models.CharField(
        "trạng thái", max_length=12, choices=State, default=State.DRAFT, editable=False
    )
    publish_at = models.DateTimeField(
        "ngày giờ đăng",
        null=True,
        blank=True,
        help_text="Để trống: đăng ngay. Giờ ở tương lai: hẹn giờ. "
        "Giờ đã qua: ghi làm ngày đăng của tin cũ.",
    )
    went_live_at = models.DateTimeField("lên trang lúc", null=True, editable=False)
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
                name="%(class)s_scheduled_has_an_hour",
                condition=~Q(state=State.APPROVED) | Q(publish_at__isnull=False),
            ),
            models.CheckConstraint(
                name="%(class)s_published_has_a_moment",
                condition=~Q(state__in=PUBLISHED_STATES) | Q(went_live_at__isnull=False),
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

    def locked(self, *, wait: bool = True) -> Self:
        """Return this version read anew, its subject and itself locked until commit.

        The subject comes first, or two transactions could wait for each other. Raises
        ObjectDoesNotExist when it is gone or, without `wait`, in somebody else's hands.
        """
        raise NotImplementedError

    def content_problems(self) -> list[str]:
        """Return the reasons, in Vietnamese, why this text may not be public as it stands."""
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


class AuditEntry(models.Model):
    """One move, forever: who did what to which version, when and why (append-only)."""

    at = models.DateTimeField("lúc", default=timezone.now, editable=False)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="người thực hiện",
    )
    action = models.CharField("việc", max_length=12, choices=Action)
    from_state = models.CharField("từ trạng thái", max_length=12, choices=State)
    to_state = models.CharField("sang trạng thái", max_length=12, choices=State)
    reason = NFCTextField("lý do", blank=True)
    content_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, related_name="+")
    object_id = models.BigIntegerField()
    subject = GenericForeignKey("content_type", "object_id")
    version_id = models.BigIntegerField("phiên bản")
    title = NFCTextField("tên")

    class Meta:
        verbose_name = "mục nhật ký"
        verbose_name_plural = "nhật ký"
        ordering = ("-id",)
        indexes = (
            models.Index(fields=("content_type", "object_id", "-id"), name="audit_of_subject"),
        )

    def __str__(self) -> str:
        return f"{self.get_action_display()}: {self.title}"


def move(
    version: Publishable, action: Action, *, by: "User | None" = None, reason: str = ""
) -> Publishable:
    """Take `version` through `action` for `by` (None: the portal itself); return it anew.

    Raises Refused, with nothing changed, when the transition, the right, the reason or the
    content is missing.
    """
    transition = TRANSITIONS[action]
    reason = reason.strip()
    with transaction.atomic():
        version = version.locked()
        _refuse_unless_allowed(version, action, transition, by, reason)
        came_from, now = version.state, timezone.now()
        if transition.target == State.LIVE:
            version.make_way()
            version.went_live_at = now
        version.state = transition.target
        version.save(update_fields=["state", "went_live_at"])
        version.entered(transition.target, at=now, reason=reason)
        record(version, action, came_from=came_from, by=by, reason=reason)
    return version


def record(
    version: Publishable,
    action: Action,
    *,
    came_from: str = "",
    by: "User | None" = None,
    reason: str = "",
) -> None:
    """Write `action` into the audit trail; without `came_from`, the state has not changed."""
    subject = version.audit_subject()
    AuditEntry.objects.create(
        actor=by,
        action=action,
        from_state=came_from or version.state,
        to_state=version.state,
        reason=reason,
        content_type=ContentType.objects.get_for_model(subject),
        object_id=subject.pk,
        version_id=version.pk,
        title=str(version),
    )


def promote_due(model: type[Publishable], now: datetime) -> int:
    """Publish every scheduled version of `model` whose hour has come; return how many.

    Versions that another process has in hand are left to it, so that no reader waits. One whose
    content is no longer fit goes back to draft, with the reason in the audit trail.
    """
    promoted = 0
    due = model._default_manager.filter(state=State.APPROVED, publish_at__lte=now)
    for version in due.order_by("publish_at", "pk")[:100]:
        promoted += _promote(version, now)
    return promoted


def _promote(version: Publishable, now: datetime) -> bool:
    with transaction.atomic():
        try:
            version = version.locked(wait=False)
        except ObjectDoesNotExist:
            return False
        # It may have been published, or been given another hour, since the list was read.
        if version.state != State.APPROVED or not version.publish_at or version.publish_at > now:
            return False
        try:
            move(version, Action.PROMOTE)
        except Refused as refusal:
            move(version, Action.UNSCHEDULE, reason=str(refusal))
            return False
    return True


def _refuse_unless_allowed(
    version: Publishable,
    action: Action,
    transition: Transition,
    by: "User | None",
    reason: str,
) -> None:
    if by is not None and not (transition.for_people and by.has_perm(version.publish_permission)):
        raise Refused("Bạn chưa được giao quyền đăng. Hãy đề nghị người có quyền thực hiện.")
    if version.state not in transition.sources or (
        action == Action.RESTORE and not version.restorable
    ):
        now_in = State(version.state).label.lower()
        raise Refused(
            f"Không thực hiện được “{action.label}” vì phiên bản này hiện ở trạng thái "
            f"“{now_in}”. Hãy mở lại trang để xem tình trạng mới nhất."
        )
    if transition.needs_reason and not reason:
        raise Refused("Hãy ghi lý do: bạn đọc sẽ thấy lý do này tại địa chỉ cũ.")
    if transition.checks_content and (problems := version.content_problems()):
        raise Refused(*problems)
