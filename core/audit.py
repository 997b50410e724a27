"""The audit trail: who did what to which version, when and why; and what follows from it."""

from collections.abc import Collection
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from core.fields import NFCTextField
from core.workflow import APPROVALS, CONTRIBUTING, Action, State

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from core.publishing import Publishable


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


def record(
    version: "Publishable",
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


def contributors(version: "Publishable") -> set[int]:
    """Return the ids of those who had a part in the text since anybody last approved it."""
    return set(contributing(version))


def contributing(version: "Publishable") -> models.QuerySet[AuditEntry, int]:
    """Return `contributors()` as a query, to be part of another."""
    since = trail_of(version).filter(unapproved(), actor__isnull=False)
    return since.order_by().values_list("actor", flat=True).distinct()


def unapproved() -> Q:
    """Return the condition that an entry is of a contribution that nobody has approved since.

    An approval covers the text that it was given for and those before it. A newer one that is
    being written beside what is confirmed was not looked at.
    """
    later = AuditEntry.objects.filter(
        content_type=OuterRef("content_type"),
        object_id=OuterRef("object_id"),
        action__in=APPROVALS,
        pk__gt=OuterRef("pk"),
        version_id__gte=OuterRef("version_id"),
    )
    return Q(action__in=CONTRIBUTING) & ~Q(Exists(later.order_by()))


def trail_of(version: "Publishable") -> models.QuerySet[AuditEntry]:
    """Return the audit trail of what `version` is a version of, newest first."""
    subject = version.audit_subject()
    kind = ContentType.objects.get_for_model(subject)
    return AuditEntry.objects.filter(content_type=kind, object_id=subject.pk)


def acknowledged(version: "Publishable") -> set[str]:
    """Return the warnings about `version` that somebody has accepted by name."""
    words = trail_of(version).filter(version_id=version.pk, action=Action.ACKNOWLEDGE)
    return set(words.values_list("reason", flat=True))


def acknowledge(version: "Publishable", messages: Collection[str], *, by: "User") -> None:
    """Note in the audit trail that `by` accepts the warnings that say `messages`."""
    known = acknowledged(version)
    for problem in version.problems():
        if not problem.blocks and problem.message in messages and problem.message not in known:
            record(version, Action.ACKNOWLEDGE, by=by, reason=problem.message)
