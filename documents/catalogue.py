"""What documents are sorted by: their type, who issued and signed them, what they are about."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from core.fields import FoldedField, NFCCharField


class DocumentType(models.Model):
    """A kind of paper such as a directive or a plan; an office may add its own."""

    name = NFCCharField("tên loại văn bản", max_length=60, unique=True)
    code = NFCCharField(
        "ký hiệu",
        max_length=10,
        blank=True,
        help_text="Như NQ, CT, KH; để trống khi chưa chắc. Một ký hiệu có thể chung cho hai loại.",
    )
    slug = models.SlugField("địa chỉ", max_length=60, unique=True)
    order = models.PositiveSmallIntegerField("thứ tự", default=0)

    class Meta:
        verbose_name = "loại văn bản"
        verbose_name_plural = "loại văn bản"
        ordering = ("order", "name")

    def __str__(self) -> str:
        return self.name


class Field(models.Model):
    """What a document is about (lĩnh vực)."""

    name = NFCCharField("tên lĩnh vực", max_length=80, unique=True)
    slug = models.SlugField("địa chỉ", max_length=80, unique=True)
    order = models.PositiveSmallIntegerField("thứ tự", default=0)

    class Meta:
        verbose_name = "lĩnh vực"
        verbose_name_plural = "lĩnh vực"
        ordering = ("order", "name")

    def __str__(self) -> str:
        return self.name


class Issuer(models.Model):
    """A body that issues documents, from its founding until it ends or merges into another.

    Neither chain, of superiors or of successors, may return to where it began (trigger
    issuer_acyclic).
    """

    name = NFCCharField("tên cơ quan", max_length=160)
    short_name = NFCCharField("tên ngắn", max_length=60, blank=True)
    code = NFCCharField(
        "ký hiệu",
        max_length=20,
        blank=True,
        help_text="Như TW, TU, ĐUK; nhiều cơ quan có thể cùng ký hiệu.",
    )
    slug = models.SlugField("địa chỉ", max_length=100, unique=True)
    superior = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="cấp trên trực tiếp",
    )
    valid_from = models.DateField("thành lập ngày", null=True, blank=True)
    valid_to = models.DateField("hoạt động đến ngày", null=True, blank=True)
    successor = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="predecessors",
        verbose_name="cơ quan kế tục",
        help_text="Khi cơ quan này được hợp nhất, sáp nhập hoặc đổi tên.",
    )
    folded = FoldedField(source=("name", "short_name", "code"))

    class Meta:
        verbose_name = "cơ quan ban hành"
        verbose_name_plural = "cơ quan ban hành"
        ordering = ("name", "valid_from")
        constraints = (
            models.UniqueConstraint(
                fields=("name", "valid_from"),
                name="issuer_unique",
                nulls_distinct=False,
                violation_error_message="Đã có cơ quan mang tên này.",
            ),
            models.CheckConstraint(
                name="issuer_not_its_own_superior",
                condition=Q(superior=None) | ~Q(superior=F("pk")),
                violation_error_message="Cơ quan không thể là cấp trên của chính nó.",
            ),
            models.CheckConstraint(
                name="issuer_not_its_own_successor",
                condition=Q(successor=None) | ~Q(successor=F("pk")),
                violation_error_message="Cơ quan không thể kế tục chính nó.",
            ),
            models.CheckConstraint(
                name="issuer_dates_in_order",
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                violation_error_message="Ngày thôi hoạt động đứng trước ngày thành lập.",
            ),
        )

    def __str__(self) -> str:
        return self.name

    def existed_on(self, day: date) -> bool:
        """Return whether the body existed on `day`, as far as its dates are known."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )

    def clean(self) -> None:
        """Refuse a circle in words; the trigger issuer_acyclic refuses it in fact."""
        for name in ("superior", "successor"):
            if self.pk and self._returns_by(name):
                raise ValidationError({name: "Các cơ quan nối thành vòng tròn. Hãy chọn lại."})

    def _returns_by(self, name: str) -> bool:
        seen, pk = set(), getattr(self, f"{name}_id")
        while pk and pk not in seen:
            if pk == self.pk:
                return True
            seen.add(pk)
            pk = Issuer.objects.values_list(f"{name}_id", flat=True).get(pk=pk)
        return False


class Signer(models.Model):
    """Who signed, in the position held at signing."""

    name = NFCCharField("họ tên", max_length=80)
    position = NFCCharField("chức vụ khi ký", max_length=120, blank=True)
    folded = FoldedField(source=("name", "position"))

    class Meta:
        verbose_name = "người ký"
        verbose_name_plural = "người ký"
        ordering = ("name", "position")
        constraints = (
            models.UniqueConstraint(
                fields=("name", "position"),
                name="signer_unique",
                violation_error_message="Đã có người ký này với chức vụ ấy.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.name}, {self.position}" if self.position else self.name
