"""How documents bear on each other."""

from django.db import models
from django.db.models import F, Q

from core.fields import NFCCharField


class RelationKind(models.TextChoices):
    """What a document does to another."""

    REPLACES = "replaces", "Thay thế"
    AMENDS = "amends", "Sửa đổi, bổ sung"
    ABOLISHES = "abolishes", "Bãi bỏ"
    GUIDES = "guides", "Hướng dẫn"


class Relation(models.Model):
    """`source` replaces, amends, abolishes or guides `target`; it counts while `source` is live.

    Triggers keep relations free of circles (relation_acyclic) and, but for guidance, within the
    authority of the issuer (relation_authority): itself, its successors, and bodies above it.
    """

    source = models.ForeignKey(
        "documents.Document",
        on_delete=models.CASCADE,
        related_name="acts",
        verbose_name="văn bản này",
    )
    kind = models.CharField("quan hệ", max_length=9, choices=RelationKind)
    target = models.ForeignKey(
        "documents.Document",
        on_delete=models.CASCADE,
        related_name="acted_on_by",
        verbose_name="văn bản chịu tác động",
    )
    provisions = NFCCharField(
        "phần chịu tác động",
        max_length=200,
        blank=True,
        help_text="Như “Điều 5, Điều 7”; để trống: toàn bộ văn bản.",
    )

    class Meta:
        verbose_name = "quan hệ"
        verbose_name_plural = "quan hệ giữa các văn bản"
        ordering = ("source", "kind", "target")
        constraints = (
            models.UniqueConstraint(
                fields=("source", "target", "kind"),
                name="relation_unique",
                violation_error_message="Quan hệ này đã được ghi.",
            ),
            models.CheckConstraint(
                name="relation_not_to_itself",
                condition=~Q(source=F("target")),
                violation_error_message="Văn bản không thể có quan hệ với chính nó.",
            ),
            models.CheckConstraint(
                name="relation_kind_known", condition=Q(kind__in=RelationKind.values)
            ),
        )

    def __str__(self) -> str:
        return f"{self.source} {self.get_kind_display().lower()} {self.target}"
