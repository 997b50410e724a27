"""What articles are sorted by: categories in two levels, contributing units, months."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from core.fields import FoldedField, NFCCharField


class Category(models.Model):
    """A section of the portal, or a subsection of one: two levels, no more."""

    name = NFCCharField("tên chuyên mục", max_length=80, unique=True)
    slug = models.SlugField("địa chỉ", max_length=80, unique=True)
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        limit_choices_to={"parent": None},
        verbose_name="thuộc chuyên mục",
    )
    description = NFCCharField("giới thiệu", max_length=200, blank=True)
    order = models.PositiveSmallIntegerField("thứ tự", default=0)
    on_home = models.BooleanField("hiện trên trang chủ", default=True)

    class Meta:
        verbose_name = "chuyên mục"
        verbose_name_plural = "chuyên mục"
        ordering = ("order", "name")
        constraints = (
            models.CheckConstraint(
                name="category_not_its_own_parent",
                condition=Q(parent=None) | ~Q(parent=F("pk")),
                violation_error_message="Chuyên mục không thể thuộc chính nó.",
            ),
        )

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("news:category", args=[self.slug])

    @property
    def section_id(self) -> int:
        """Id of the first-level category that this one is or belongs to."""
        return self.parent_id or self.pk

    def clean(self) -> None:
        """Refuse a third level in words; the trigger category_two_levels refuses it in fact."""
        if self.parent and self.parent.parent_id:
            raise ValidationError({"parent": "Chỉ có hai cấp: hãy chọn một chuyên mục cấp một."})
        if self.parent_id and self.pk and self.children.exists():
            raise ValidationError(
                {"parent": "Chuyên mục này đang có chuyên mục con nên phải ở cấp một."}
            )


class Unit(models.Model):
    """A party cell or committee that contributes articles."""

    name = NFCCharField("tên đơn vị", max_length=160, unique=True)
    short_name = NFCCharField("tên ngắn", max_length=60, blank=True)
    active = models.BooleanField("đang hoạt động", default=True)
    folded = FoldedField(source=("name", "short_name"))

    class Meta:
        verbose_name = "đơn vị"
        verbose_name_plural = "đơn vị"
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class MonthCount(models.Model):
    """How many live articles a category has in a month (Asia/Ho_Chi_Minh).

    Kept by the trigger news_count_months; makes page N of any list as cheap as page 1.
    """

    category = models.ForeignKey(Category, on_delete=models.CASCADE, related_name="+")
    month = models.DateField("tháng", help_text="Ngày đầu tháng.")
    articles = models.PositiveIntegerField("số bài")

    class Meta:
        verbose_name = "số bài trong tháng"
        verbose_name_plural = "số bài trong tháng"
        constraints = (
            models.UniqueConstraint(fields=("category", "month"), name="month_count_unique"),
        )

    def __str__(self) -> str:
        return f"{self.category_id} {self.month:%m/%Y}: {self.articles}"
