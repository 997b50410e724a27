"""The content version: one number that grows with each change of what the public can see."""

from django.db import models
from django.db.models import Sum


class ContentVersionQuerySet(models.QuerySet["ContentVersion"]):
    """Reads the version; triggers alone write it."""

    def current(self) -> int:
        """Return how many transactions have changed what the public sees; one short query."""
        total: int | None = self.aggregate(total=Sum("number"))["total"]
        return total or 0


class ContentVersion(models.Model):
    """A part of the content version, which is the sum of all rows.

    Triggers called content_changed stand on every table that public pages read. A transaction
    adds 1 to a row that no other has in hand, or adds a row: none waits for another, and the
    version changes at the very moment at which the change becomes visible (docs/adr/0013).
    """

    number = models.PositiveBigIntegerField("số lần đổi")

    objects = ContentVersionQuerySet.as_manager()

    class Meta:
        verbose_name = "phiên bản nội dung"
        verbose_name_plural = "phiên bản nội dung"
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.number)
