"""What reviewers say about a sentence of a text, until it is settled."""

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.fields import NFCTextField

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.http import QueryDict

MOST = 50
LONGEST_QUOTE, LONGEST_TEXT = 1000, 2000


class Remark(models.Model):
    """One remark on the words `quote` of one version."""

    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE, related_name="+")
    version_id = models.BigIntegerField("phiên bản")
    quote = NFCTextField("câu được góp ý", max_length=LONGEST_QUOTE, blank=True)
    text = NFCTextField("góp ý", max_length=LONGEST_TEXT)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name="người góp ý",
    )
    at = models.DateTimeField("lúc", default=timezone.now, editable=False)
    settled_at = models.DateTimeField("đã sửa lúc", null=True, editable=False)

    class Meta:
        verbose_name = "góp ý"
        verbose_name_plural = "góp ý"
        ordering = ("pk",)
        constraints = (models.CheckConstraint(name="remark_says_something", condition=~Q(text="")),)
        indexes = (models.Index(fields=("content_type", "version_id"), name="remark_of_version"),)

    def __str__(self) -> str:
        return self.text


def given(sent: "QueryDict") -> list[tuple[str, str]]:
    """Return what a form says in its boxes `quote` and `remark`, row by row: words and remark."""
    rows = zip(sent.getlist("quote"), sent.getlist("remark"), strict=False)
    plain = ((_plain(quote, LONGEST_QUOTE), _plain(text, LONGEST_TEXT)) for quote, text in rows)
    return [(quote, text) for quote, text in plain if quote or text][:MOST]


def _plain(text: str, longest: int) -> str:
    return " ".join(text.replace("\x00", "").split())[:longest]


def remark(version: models.Model, rows: Sequence[tuple[str, str]], *, by: "User") -> list[Remark]:
    """Store what `by` says about the quoted words of `version`; every row must have a text."""
    kind = ContentType.objects.get_for_model(version)
    return Remark.objects.bulk_create(
        Remark(content_type=kind, version_id=version.pk, quote=quote, text=text, by=by)
        for quote, text in rows
    )


def remarks_on(version: models.Model) -> models.QuerySet[Remark]:
    """Return the remarks on `version` in the order in which they were made."""
    kind = ContentType.objects.get_for_model(version)
    return Remark.objects.filter(content_type=kind, version_id=version.pk).select_related("by")


def settle(version: models.Model, keys: Collection[str]) -> int:
    """Mark those remarks on `version` that `keys` name as settled; return how many were not yet."""
    numbers = [int(key) for key in keys if key.isascii() and key.isdigit() and len(key) < 19]
    open_ones = remarks_on(version).filter(pk__in=numbers, settled_at=None)
    return open_ones.update(settled_at=timezone.now())
