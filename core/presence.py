"""Who has which form open, and what they have typed into it so far."""

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone

if TYPE_CHECKING:
    from django.contrib.auth.models import User

# An open form says so every 5 seconds; two that are missed mean that it is closed.
OPEN_FOR = timedelta(seconds=12)


class Presence(models.Model):
    """The last sign of life of one person's open form about one subject."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE, related_name="+")
    object_id = models.BigIntegerField()
    seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "người đang mở"
        verbose_name_plural = "người đang mở"
        constraints = (
            models.UniqueConstraint(
                fields=("content_type", "object_id", "user"), name="presence_once_per_person"
            ),
        )

    def __str__(self) -> str:
        return f"{self.user} {self.seen_at}"


class Autosave(models.Model):
    """What one person has typed into the form of one subject (0: a new one), not yet saved."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE, related_name="+")
    object_id = models.BigIntegerField(default=0)
    fields = models.JSONField("các ô")
    stamp = models.CharField("bản đã mở", max_length=120, blank=True)
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "bản tự lưu"
        verbose_name_plural = "bản tự lưu"
        constraints = (
            models.UniqueConstraint(
                fields=("user", "content_type", "object_id"), name="autosave_one_slot_per_person"
            ),
        )

    def __str__(self) -> str:
        return f"{self.user} {self.saved_at}"


def others_at(subject: models.Model, user: "User") -> list["User"]:
    """Return the other people who have `subject` open at this moment."""
    kind = ContentType.objects.get_for_model(subject)
    rows = Presence.objects.filter(
        content_type=kind, object_id=subject.pk, seen_at__gt=timezone.now() - OPEN_FOR
    )
    return [row.user for row in rows.exclude(user=user).select_related("user").order_by("pk")]
