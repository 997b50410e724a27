"""What is counted: day rows for ever, openings from the old site, and the visitors of two days.

A day is open while its salt lives and closed for ever once the salt is deleted; the triggers of
migration 0002 keep day rows of closed days as they are, and let those of open days only grow.
Public totals per article and document are django-hitcount's rows (`stats/totals.py`).
"""

from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone

from core.fields import NFCCharField, NFCTextField
from core.templatetags.portal import number
from stats import totals


class Kind(models.TextChoices):
    """What one hit is of; the letter stands in signed tokens."""

    PAGE = "t", "Trang"
    ARTICLE = "b", "Bài viết"
    DOCUMENT = "v", "Văn bản"
    DOWNLOAD = "d", "Tải văn bản"


class Reason(models.TextChoices):
    """Why a hit was not counted."""

    MALFORMED = "malformed", "Dòng ghi hỏng"
    SIGNATURE = "signature", "Chữ ký không đúng"
    LATE = "late", "Đến sau khi ngày đã chốt"
    CRAWLER = "crawler", "Máy thu thập tự động"
    AGENT = "agent", "Trình duyệt không rõ"
    PREFETCH = "prefetch", "Trình duyệt tải trước, chưa ai xem"
    FOREIGN = "foreign", "Gửi từ trang khác"
    STAFF = "staff", "Người của tòa soạn"


class Salt(models.Model):
    """The random key of one day's visitors; deleting it closes the day."""

    day = models.DateField(primary_key=True)
    salt = models.BinaryField(max_length=32)


class Visitor(models.Model):
    """One address and browser on one day, as a keyed hash; deleted with the day's salt."""

    pk = models.CompositePrimaryKey("day", "key")
    day = models.DateField()
    key = models.BigIntegerField()
    last_seen = models.DateTimeField()
    # Midnight gives the same reader a second key; `online` counts only the later one.
    continued = models.BooleanField(default=False)

    class Meta:
        indexes = (models.Index(fields=("last_seen",), name="visitor_last_seen"),)


class Seen(models.Model):
    """What a visitor has seen or downloaded on a day; deleted with the day's salt."""

    pk = models.CompositePrimaryKey("day", "key", "kind", "object_id")
    day = models.DateField()
    key = models.BigIntegerField()
    kind = models.CharField(max_length=1, choices=Kind)
    object_id = models.IntegerField()


class SiteDay(models.Model):
    """The whole site on one day, in Asia/Ho_Chi_Minh."""

    day = models.DateField("ngày", primary_key=True)
    visits = models.IntegerField("lượt truy cập", default=0)
    views = models.IntegerField("lượt xem", default=0)
    phone_views = models.IntegerField("lượt xem trên điện thoại", default=0)

    class Meta:
        verbose_name = "báo cáo truy cập"
        verbose_name_plural = "báo cáo truy cập"
        ordering = ("-day",)
        constraints = (
            models.CheckConstraint(
                name="siteday_counts_are_possible",
                condition=Q(visits__gte=0, phone_views__gte=0, phone_views__lte=F("views")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.day:%d/%m/%Y}"


class ObjectDay(models.Model):
    """Views (or downloads, by its kind) of one object on one day."""

    pk = models.CompositePrimaryKey("day", "kind", "object_id")
    day = models.DateField("ngày")
    kind = models.CharField("loại", max_length=1, choices=Kind)
    object_id = models.IntegerField("đối tượng")
    amount = models.IntegerField("số lượt")

    class Meta:
        constraints = (
            models.CheckConstraint(name="objectday_amount_positive", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="objectday_kind_known",
                condition=Q(kind__in=(Kind.ARTICLE, Kind.DOCUMENT, Kind.DOWNLOAD)),
            ),
        )
        indexes = (models.Index(fields=("kind", "object_id", "day"), name="objectday_of_object"),)


class Drop(models.Model):
    """Hits of one day that were not counted, by reason; late ones stand on the day of loading."""

    pk = models.CompositePrimaryKey("day", "reason")
    day = models.DateField("ngày")
    reason = models.CharField("lý do", max_length=12, choices=Reason)
    hits = models.IntegerField("số lượt")

    class Meta:
        constraints = (
            models.CheckConstraint(name="drop_hits_positive", condition=Q(hits__gt=0)),
            models.CheckConstraint(name="drop_reason_known", condition=Q(reason__in=Reason.values)),
        )


class Opening(models.Model):
    """What the old site had counted, entered with its source; a correction is another row."""

    kind = models.CharField("loại", max_length=1, choices=Kind, blank=True)
    object_id = models.IntegerField("đối tượng", null=True, blank=True)
    amount = models.IntegerField("số lượt")
    source = NFCCharField("nguồn số liệu", max_length=300)
    dated = models.DateField("số liệu tính đến ngày")
    reason = NFCTextField("lý do điều chỉnh", blank=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name="người nhập",
    )
    entered_at = models.DateTimeField("nhập lúc", default=timezone.now, editable=False)

    class Meta:
        verbose_name = "số liệu ban đầu"
        verbose_name_plural = "số liệu ban đầu"
        ordering = ("-entered_at", "-pk")
        constraints = (
            models.CheckConstraint(name="opening_amount_not_zero", condition=~Q(amount=0)),
            models.CheckConstraint(
                name="opening_of_site_or_object",
                condition=Q(kind="", object_id=None)
                | Q(kind__in=(Kind.ARTICLE, Kind.DOCUMENT, Kind.DOWNLOAD), object_id__isnull=False),
                violation_error_message="Hãy chọn cả loại và đối tượng, hoặc để trống cả hai.",
            ),
            models.CheckConstraint(
                name="opening_has_a_source",
                condition=~Q(source=""),
                violation_error_message="Hãy ghi nguồn số liệu.",
            ),
            models.CheckConstraint(
                name="opening_decrease_has_a_reason",
                condition=Q(amount__gt=0) | ~Q(reason=""),
                violation_error_message="Số âm là điều chỉnh giảm: hãy ghi lý do.",
            ),
            models.UniqueConstraint(
                fields=("kind", "object_id"),
                condition=Q(reason=""),
                nulls_distinct=False,
                name="opening_once",
                violation_error_message="Đã có số liệu ban đầu: hãy ghi lý do điều chỉnh.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.of()}: {number(self.amount)} lượt"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add the row and, for an object, its amount to the object's public total."""
        with transaction.atomic():
            super().save(*args, **kwargs)
            if self.object_id is not None:
                totals.correct(self.kind, self.object_id, self.amount)

    def of(self) -> str:
        """Return what the figure is of."""
        if self.object_id is None:
            return "Toàn trang"
        return f"{self.get_kind_display()} số {self.object_id}"


class SlotOffset(models.Model):
    """How much of one spool file has been counted, in bytes."""

    name = models.CharField(max_length=80, primary_key=True)
    offset = models.BigIntegerField()

    class Meta:
        constraints = (
            models.CheckConstraint(name="slotoffset_not_negative", condition=Q(offset__gte=0)),
        )


class Live(models.Model):
    """The figures of the sidebar as of `loaded_at`: one row, which the loader keeps."""

    id = models.IntegerField(primary_key=True, default=1)
    loaded_at = models.DateTimeField()
    online = models.IntegerField()
    today = models.IntegerField()
    week = models.IntegerField()
    total = models.BigIntegerField()

    class Meta:
        constraints = (models.CheckConstraint(name="live_one_row", condition=Q(id=1)),)
