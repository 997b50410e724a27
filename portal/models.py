"""What the office sets for the whole site: its settings, menu, static pages and links."""

from typing import Any, Self

from django.core.validators import MinValueValidator, RegexValidator
from django.db import models, transaction
from django.db.models import Q
from django.db.models.signals import post_delete
from django.dispatch import receiver
from django.urls import reverse
from django.utils import timezone

from core.fields import NFCCharField
from core.richtext import RichTextField
from core.search import entries
from core.text import plain_text
from documents.models import Document
from news.models import Article
from portal.guessing import Attempts
from portal.misses import SearchMiss
from portal.notices import OutgoingMail
from portal.passwords import GivenPassword
from portal.sessions import Session

__all__ = [
    "Attempts",
    "Download",
    "GivenPassword",
    "MenuItem",
    "OutgoingMail",
    "Page",
    "SearchMiss",
    "Session",
    "SiteSettings",
    "WebLink",
]

LINK = RegexValidator(
    r"^(/(?![/\\])|https?://)\S*$", "Ghi địa chỉ đầy đủ (https://…) hoặc bắt đầu bằng dấu /."
)


class SiteSettings(models.Model):
    """The one row about the site itself."""

    name = NFCCharField("tên trang", max_length=160, default="Trang thông tin điện tử")
    short_name = NFCCharField("tên ngắn", max_length=40, default="Trang tin")
    superior = NFCCharField("cơ quan cấp trên", max_length=160, blank=True)
    description = NFCCharField("giới thiệu trang", max_length=300, blank=True)
    owner = NFCCharField("cơ quan chủ quản", max_length=160, blank=True)
    responsible = NFCCharField("chịu trách nhiệm nội dung", max_length=160, blank=True)
    address = NFCCharField("địa chỉ", max_length=200, blank=True)
    phone = NFCCharField("điện thoại", max_length=60, blank=True)
    email = models.EmailField("thư điện tử", blank=True)
    licence = NFCCharField("giấy phép", max_length=200, blank=True)
    lead = models.ForeignKey(
        Article,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="bài nổi bật",
        help_text="Để trống: bài mới nhất có ảnh đứng đầu trang chủ.",
    )
    stale_after_days = models.PositiveSmallIntegerField(
        "nhắc chuyên mục chưa có tin sau (ngày)",
        default=30,
        validators=[MinValueValidator(1)],
        help_text="Bàn làm việc nhắc những chuyên mục quá số ngày này chưa có bài mới.",
    )

    class Meta:
        verbose_name = "thông tin trang"
        verbose_name_plural = "thông tin trang"
        constraints = (models.CheckConstraint(name="site_settings_one_row", condition=Q(pk=1)),)

    def __str__(self) -> str:
        return self.name


class MenuItem(models.Model):
    """One entry of the main menu."""

    label = NFCCharField("chữ trên menu", max_length=40)
    url = models.CharField("địa chỉ", max_length=300, validators=[LINK])
    order = models.PositiveSmallIntegerField("thứ tự", default=0)

    class Meta:
        verbose_name = "mục menu"
        verbose_name_plural = "menu"
        ordering = ("order", "pk")

    def __str__(self) -> str:
        return self.label


class WebLink(models.Model):
    """A link to another body's site, shown on every page."""

    label = NFCCharField("tên trang", max_length=80)
    url = models.URLField("địa chỉ", max_length=300)
    order = models.PositiveSmallIntegerField("thứ tự", default=0)

    class Meta:
        verbose_name = "liên kết trang"
        verbose_name_plural = "liên kết trang"
        ordering = ("order", "pk")

    def __str__(self) -> str:
        return self.label


class PageQuerySet(models.QuerySet["Page"]):
    """What may be asked of pages."""

    def published(self) -> Self:
        """Keep what readers may see."""
        return self.filter(visible=True)


class Page(models.Model):
    """A static page such as Giới thiệu, at /<slug>/."""

    title = NFCCharField("tiêu đề", max_length=120)
    slug = models.SlugField("địa chỉ", max_length=80, unique=True)
    body = RichTextField("nội dung", blank=True)
    visible = models.BooleanField("hiện với bạn đọc", default=True)
    updated_at = models.DateTimeField("sửa lần cuối", default=timezone.now, editable=False)

    objects = PageQuerySet.as_manager()

    class Meta:
        verbose_name = "trang tĩnh"
        verbose_name_plural = "trang tĩnh"
        ordering = ("title",)

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store along with what the search knows of the page."""
        with transaction.atomic():
            super().save(*args, **kwargs)
            if self.visible:
                entries.index(self.searchable())
            else:
                entries.remove(entries.Kind.PAGE, self.pk)

    def get_absolute_url(self) -> str:
        return reverse("page", args=[self.slug])

    def searchable(self) -> entries.Content:
        """Return what can be found of the page."""
        return entries.Content(
            kind=entries.Kind.PAGE,
            object_id=self.pk,
            address=self.get_absolute_url(),
            title=self.title,
            body=plain_text(self.body),
            day=timezone.localdate(self.updated_at),
        )


@receiver(post_delete, sender=Page)
def forget_page(instance: Page, **kwargs: object) -> None:
    """Take away what the search knows of the page, in the transaction that deletes it."""
    entries.remove(entries.Kind.PAGE, instance.pk)


class Download(Document):
    """A document as something to download: the name under which its downloads are totalled.

    django-hitcount keeps one total for each model and id; that of views stands under Document.
    """

    class Meta:
        proxy = True
        verbose_name = "lượt tải văn bản"
        verbose_name_plural = "lượt tải văn bản"
        default_permissions = ()
