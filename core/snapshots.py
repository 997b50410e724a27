"""What a text was each time somebody saved it: nothing typed is ever lost.

A snapshot is append-only. One laid `aside` never became the text: somebody else had saved in
the meantime, and both are kept.
"""

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone

if TYPE_CHECKING:
    from django.contrib.auth.models import User


class Snapshot(models.Model):
    """One save of one version: the values by name that `Publishable.content()` returns."""

    at = models.DateTimeField("lúc", default=timezone.now, editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="người lưu",
    )
    content_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, related_name="+")
    version_id = models.BigIntegerField("phiên bản")
    content = models.JSONField("nội dung", encoder=DjangoJSONEncoder)
    aside = models.BooleanField("để riêng", default=False)

    class Meta:
        verbose_name = "lần lưu"
        verbose_name_plural = "các lần lưu"
        ordering = ("-pk",)
        indexes = (
            models.Index(fields=("content_type", "version_id", "-id"), name="snapshot_of_version"),
        )

    def __str__(self) -> str:
        return f"Lần lưu {self.pk}"


def keep(
    version: models.Model, content: dict[str, Any], *, by: "User | None", aside: bool = False
) -> Snapshot:
    """Keep `content` as what `version` says now, or what `by` had meant it to say (`aside`)."""
    kind = ContentType.objects.get_for_model(version)
    return Snapshot.objects.create(
        content_type=kind, version_id=version.pk, content=content, by=by, aside=aside
    )


def snapshots_of(version: models.Model) -> models.QuerySet[Snapshot]:
    """Return every save of `version`, newest first."""
    kind = ContentType.objects.get_for_model(version)
    return Snapshot.objects.filter(content_type=kind, version_id=version.pk)
