"""Articles and their editions; what they are sorted by stands in news/sections.py.

An Article is the permanent thing with a permanent address; an Edition is one text of it.
Public code reads only `article.live`.
"""

from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models, transaction
from django.db.models import F, Max, Q
from django.urls import reverse
from django.utils import timezone

from core.fields import FoldedField, NFCCharField, NFCTextField
from core.media import Photo
from core.problems import Problem
from core.publishing import Publishable, move, rewritten
from core.richtext import RichTextField
from core.text import slugify
from core.video import captions_in
from core.workflow import OPEN_STATES, Action, Right, State
from news import checklist, citations, rights
from news.citations import Citation
from news.kin import Keyword, Related, Word
from news.links import LinkCheck
from news.rights import Assignment
from news.sections import Category, MonthCount, Unit

if TYPE_CHECKING:
    from django.contrib.auth.models import User

__all__ = [
    "Article",
    "Assignment",
    "Category",
    "Citation",
    "Edition",
    "Keyword",
    "LinkCheck",
    "MonthCount",
    "Related",
    "Unit",
    "Word",
]


class ArticleQuerySet(models.QuerySet["Article"]):
    """What may be asked of articles; `published()` is the one definition of public."""

    def published(self) -> Self:
        """Keep what readers may see, newest first."""
        return self.filter(live__isnull=False).order_by("-published_at", "-pk")

    def visible_to(self, user: "User") -> Self:
        """Keep what the newsroom shows to `user` (news/rights.py); the bin stays out of sight."""
        return rights.visible(self.filter(binned_at=None), user)

    def for_cards(self) -> Self:
        """Load exactly what `news/card.html` reads, in the same query."""
        return self.select_related("category", "live__lead_photo").only(
            "slug",
            "published_at",
            "category__name",
            "category__slug",
            "live__title",
            "live__summary",
            *(f"live__lead_photo__{name}" for name in Photo.CARD_FIELDS),
        )

    def for_page(self) -> Self:
        """Load what the article page reads, in the same query."""
        return self.select_related("category__parent", "live__lead_photo", "live__unit")

    def in_category(self, category: Category) -> Self:
        """Keep the articles of `category`, its subsections included."""
        if category.parent_id:
            return self.filter(category=category)
        return self.filter(section=category)

    def draft(self, *, by: "User | None" = None, **fields: Any) -> "Edition":
        """Create an article with its first edition, a draft of `fields`; return the edition."""
        category = fields["category"]
        with transaction.atomic():
            article = self.create(
                slug=slug_of(fields["title"]),
                category=category,
                section_id=category.section_id,
            )
            edition = Edition.objects.create(article=article, created_by=by, **fields)
            rewritten(edition, by=by, action=Action.CREATE)
            return edition


def slug_of(title: str) -> str:
    """Return the address part made from a title; the article's id makes it unique."""
    return slugify(title, max_length=100) or "bai-viet"


class Article(models.Model):
    """The permanent thing at a permanent address; what it says stands in its editions.

    Category, section and date are those of the live edition, kept here for the indexes that
    make every list flat; they are written by publication alone.
    """

    slug = models.SlugField("địa chỉ", max_length=100, editable=False)
    category = models.ForeignKey(
        Category, on_delete=models.PROTECT, related_name="+", editable=False
    )
    section = models.ForeignKey(
        Category, on_delete=models.PROTECT, related_name="+", editable=False
    )
    live = models.OneToOneField(
        "Edition",
        on_delete=models.PROTECT,
        null=True,
        related_name="live_article",
        editable=False,
    )
    published_at = models.DateTimeField("ngày đăng", null=True, editable=False)
    withdrawn_at = models.DateTimeField("ngày gỡ", null=True, editable=False)
    withdrawal_notice = NFCTextField("lý do gỡ", blank=True, editable=False)
    binned_at = models.DateTimeField("bỏ vào thùng rác lúc", null=True, editable=False)
    binned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name="người bỏ",
    )
    created_at = models.DateTimeField("ngày tạo", default=timezone.now, editable=False)
    # When it was written, withdrawn or published last; triggers keep it (migration 0009).
    worked_at = models.DateTimeField("làm lúc", default=timezone.now, editable=False)

    objects = ArticleQuerySet.as_manager()

    _read: "list[Edition] | None" = None

    class Meta:
        verbose_name = "bài viết"
        verbose_name_plural = "bài viết"
        ordering = ("-pk",)
        permissions = (
            ("publish_article", "Được duyệt bài trong chuyên mục được giao"),
            ("lead_article", "Được duyệt mọi bài, đăng khẩn và gỡ bài"),
            ("empty_bin", "Được xóa hẳn bài trong thùng rác"),
        )
        constraints = (
            models.CheckConstraint(
                name="article_live_has_a_date",
                condition=Q(live=None) | Q(published_at__isnull=False),
            ),
            models.CheckConstraint(
                name="article_live_or_withdrawn",
                condition=Q(live=None) | Q(withdrawn_at=None),
            ),
            models.CheckConstraint(
                name="article_binned_was_never_public",
                condition=Q(binned_at=None) | Q(live=None, published_at=None),
            ),
        )
        indexes = (
            models.Index(
                F("published_at").desc(),
                F("id").desc(),
                name="article_published",
                condition=Q(live__isnull=False),
            ),
            models.Index(
                F("section"),
                F("published_at").desc(),
                F("id").desc(),
                name="article_in_section",
                condition=Q(live__isnull=False),
            ),
            models.Index(
                F("category"),
                F("published_at").desc(),
                F("id").desc(),
                name="article_in_category",
                condition=Q(live__isnull=False),
            ),
            models.Index(F("worked_at").desc(), F("id").desc(), name="article_worked"),
        )

    def __str__(self) -> str:
        edition = self.live or self.working_edition()
        return edition.title if edition else f"Bài viết {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("news:article", args=[self.slug, self.pk])

    @property
    def withdrawn(self) -> bool:
        """True when readers could once see the article and no longer can."""
        return self.withdrawn_at is not None

    def read_editions(self) -> None:
        """Read the open and the live edition at once, for a page that only shows them."""
        current = self.editions.filter(state__in=(*OPEN_STATES, State.LIVE))
        self._read = list(current.select_related("category", "unit", "lead_photo", "created_by"))
        for edition in self._read:
            if edition.pk == self.live_id:
                self.live = edition

    def open_edition(self) -> "Edition | None":
        """Return the edition being written, if there is one."""
        if self._read is not None:
            return next((edition for edition in self._read if edition.is_open), None)
        return self.editions.filter(state__in=OPEN_STATES).first()

    def working_edition(self) -> "Edition | None":
        """Return what the editor means by "the article": open, else live, else the latest."""
        if not self.pk:
            return None
        return self.open_edition() or self.live or self.editions.order_by("-number").first()

    def revise(self, *, by: "User | None") -> "Edition":
        """Return the open edition, made as a copy of the working one when there is none."""
        with transaction.atomic():
            Article.objects.select_for_update().get(pk=self.pk)
            source = self.working_edition()
            if source is None:
                raise ValueError(f"Article {self.pk} has no edition to revise.")
            return source if source.is_open else source.copy(by=by)


class Change(models.TextChoices):
    """What a revision does to an article that readers have seen."""

    MINOR = "minor", "Sửa nhỏ (chính tả, trình bày): không ghi chú cho bạn đọc"
    SUBSTANTIVE = "substantive", "Đính chính nội dung: bạn đọc thấy ghi chú có ngày"


class Edition(Publishable):
    """One text of an article; once published it never changes (trigger edition_immutable)."""

    COPIED_FIELDS = (
        "article",
        "title",
        "summary",
        "category",
        "lead_photo",
        "body",
        "pen_name",
        "unit",
        "source_name",
        "source_url",
    )
    TEXT_FIELDS = (*COPIED_FIELDS[1:], "change", "correction_note")

    article = models.ForeignKey(
        Article, on_delete=models.CASCADE, related_name="editions", editable=False
    )
    number = models.PositiveIntegerField("bản số", default=1, editable=False)
    title = NFCCharField("tiêu đề", max_length=200)
    summary = NFCTextField(
        "tóm tắt (sapo)",
        max_length=600,
        blank=True,
        help_text="Một đến ba câu, hiện ở trang chủ và đầu bài.",
    )
    category = models.ForeignKey(
        Category, on_delete=models.PROTECT, related_name="+", verbose_name="chuyên mục"
    )
    lead_photo = models.ForeignKey(
        Photo,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="ảnh chính",
    )
    body = RichTextField("nội dung", blank=True)
    pen_name = NFCCharField("tác giả, bút danh", max_length=120, blank=True)
    unit = models.ForeignKey(
        Unit,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="đơn vị",
    )
    source_name = NFCCharField(
        "nguồn",
        max_length=120,
        blank=True,
        help_text="Chỉ ghi khi đăng lại tin, bài của nơi khác.",
    )
    source_url = models.URLField("địa chỉ bài gốc", max_length=500, blank=True)
    change = models.CharField("loại sửa", max_length=11, choices=Change, default=Change.MINOR)
    correction_note = NFCTextField(
        "ghi chú đính chính",
        max_length=600,
        blank=True,
        help_text="Một câu cho bạn đọc: chỗ nào đã sửa, sửa thế nào.",
    )
    folded = FoldedField(source=("title", "summary"))

    class Meta(Publishable.Meta):
        verbose_name = "phiên bản"
        verbose_name_plural = "phiên bản"
        ordering = ("article", "-number")
        constraints = (
            *Publishable.Meta.constraints,
            models.UniqueConstraint(fields=("article", "number"), name="edition_number_unique"),
            models.UniqueConstraint(
                fields=("article",),
                condition=Q(state__in=OPEN_STATES),
                name="edition_one_open_per_article",
            ),
            models.UniqueConstraint(
                fields=("article",),
                condition=Q(state=State.LIVE),
                name="edition_one_live_per_article",
            ),
            models.CheckConstraint(
                name="edition_body_is_inert",
                condition=~Q(
                    body__iregex=r"<\s*(script|iframe|object|embed|style|link|meta|form|svg|math|base)"
                ),
                violation_error_message="Nội dung có mã không được phép.",
            ),
            models.CheckConstraint(
                name="edition_source_link_has_a_name",
                condition=Q(source_url="") | ~Q(source_name=""),
                violation_error_message="Đã ghi địa chỉ bài gốc thì hãy ghi cả tên nguồn.",
            ),
            models.CheckConstraint(
                name="edition_change_known", condition=Q(change__in=Change.values)
            ),
            models.CheckConstraint(
                name="edition_correction_has_a_note",
                condition=~Q(change=Change.SUBSTANTIVE) | ~Q(correction_note=""),
                violation_error_message="Đính chính nội dung thì hãy ghi chú cho bạn đọc.",
            ),
        )
        indexes = (
            models.Index(F("publish_at"), name="edition_due", condition=Q(state=State.APPROVED)),
            models.Index(F("expire_at"), name="edition_expires", condition=Q(state=State.LIVE)),
            models.Index(
                F("went_live_at").desc(), name="edition_newest", condition=Q(state=State.LIVE)
            ),
            models.Index(
                F("went_live_at"),
                name="edition_unconfirmed",
                condition=Q(state=State.LIVE, unconfirmed=True),
            ),
            models.Index(
                F("updated_at").desc(),
                name="edition_open_recent",
                condition=Q(state__in=OPEN_STATES),
            ),
            # All that a person's rights depend on, without the text beside it.
            models.Index(
                F("article"),
                name="edition_concerns",
                condition=Q(state__in=rights.CURRENT),
                include=("state", "created_by", "unit", "category"),
            ),
            GinIndex(fields=("folded",), name="edition_folded_trgm", opclasses=("gin_trgm_ops",)),
        )

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store along with what the text cites."""
        super().save(*args, **kwargs)
        if kwargs.get("update_fields") is None:
            citations.read(self)

    def copy(self, *, by: "User | None") -> "Edition":
        """Create and return the next open edition with the same text and the same end, if ahead."""
        ends = self.expire_at if self.expire_at and self.expire_at > timezone.now() else None
        latest = self.article.editions.aggregate(Max("number"))["number__max"]
        values = {name: getattr(self, name) for name in self.COPIED_FIELDS}
        edition = Edition.objects.create(**values, number=latest + 1, created_by=by, expire_at=ends)
        rewritten(edition, by=by, action=Action.CREATE)
        return edition

    def content(self) -> dict[str, Any]:
        """Return the text by field, relations as their keys, and what the lead photo shows."""
        lead = self.lead_photo
        return {
            **{name: self.serializable_value(name) for name in self.TEXT_FIELDS},
            "lead": [lead.key, lead.alt, lead.caption, lead.credit] if lead else None,
            "focus": lead.focus_class if lead else "",
            "captions": captions_in(self.body),
        }

    def stamp(self) -> str:
        """Return what differs after every save: the hours, too, are part of what is approved."""
        return f"{super().stamp()} {self.updated_at.isoformat()}"

    def grants(self, user: "User", right: Right) -> bool:
        """Return what news/rights.py says."""
        return rights.grants(self, user, right)

    def locked(self, *, wait: bool = True) -> "Edition":
        """Lock the article first, then this edition, so that two moves never interleave."""
        article = Article.objects.select_for_update(skip_locked=not wait).get(pk=self.article_id)
        edition = Edition.objects.select_for_update(skip_locked=not wait).get(pk=self.pk)
        edition.article = article
        return edition

    def problems(self) -> list[Problem]:
        """Return what the checklist finds (news/checklist.py)."""
        return checklist.problems(self)

    def make_way(self) -> None:
        """Supersede the live edition of this article."""
        for edition in self.article.editions.filter(state=State.LIVE):
            move(edition, Action.SUPERSEDE)

    def entered(self, state: State, *, at: datetime, reason: str) -> None:
        """Swap or clear the article's live pointer."""
        if state == State.LIVE:
            self._become_live(at)
        elif state == State.WITHDRAWN:
            self._withdraw(at, reason)

    def audit_subject(self) -> Article:
        """Return the article: the audit trail speaks of it, whatever the edition."""
        return self.article

    def _become_live(self, at: datetime) -> None:
        article = self.article
        article.live = self
        article.published_at = article.published_at or min(self.publish_at or at, at)
        article.category = self.category
        article.section_id = self.category.section_id
        article.slug = slug_of(self.title)
        article.withdrawn_at, article.withdrawal_notice = None, ""
        article.save()

    def _withdraw(self, at: datetime, reason: str) -> None:
        self.article.live = None
        self.article.withdrawn_at, self.article.withdrawal_notice = at, reason
        self.article.save()
