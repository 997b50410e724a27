"""Who may do what to which article: rights of the role, within what is assigned to the person.

A leader may do everything everywhere. An editor works in the categories assigned to him, with
their subsections; a contributor on the articles of his units. Whoever has begun an article may
go on with it.
"""

from typing import TYPE_CHECKING, TypeVar

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet

from core.people import holders
from core.workflow import OPEN_STATES, Right, State
from news.sections import Category, Unit

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from news.models import Article, Edition

Articles = TypeVar("Articles", bound="QuerySet[Article]")

WRITES = "news.change_article"
APPROVES = "news.publish_article"
LEADS = "news.lead_article"
# The editions that a person's rights are judged by; superseded ones are history.
CURRENT = (*OPEN_STATES, State.LIVE, State.WITHDRAWN)


class Assignment(models.Model):
    """One category that an editor looks after, or one unit that a contributor writes for."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="assignments",
        verbose_name="người",
    )
    category = models.ForeignKey(
        Category,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="chuyên mục",
        help_text="Cho biên tập viên: được sửa, trả lại, duyệt bài của chuyên mục này.",
    )
    unit = models.ForeignKey(
        Unit,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="đơn vị",
        help_text="Cho cộng tác viên: được viết, sửa bài nháp của đơn vị này.",
    )

    class Meta:
        verbose_name = "phần việc được giao"
        verbose_name_plural = "phần việc được giao"
        constraints = (
            models.CheckConstraint(
                name="assignment_of_a_category_or_a_unit",
                condition=Q(category=None, unit__isnull=False)
                | Q(category__isnull=False, unit=None),
                violation_error_message="Hãy chọn một chuyên mục hoặc một đơn vị.",
            ),
            models.UniqueConstraint(
                fields=("user", "category"),
                name="assignment_category_once",
                violation_error_message="Chuyên mục này đã được giao.",
            ),
            models.UniqueConstraint(
                fields=("user", "unit"),
                name="assignment_unit_once",
                violation_error_message="Đơn vị này đã được giao.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.category or self.unit}"


def grants(edition: "Edition", user: "User", right: Right) -> bool:
    """Return whether `user` has `right` over `edition`."""
    if not user.is_active or edition.article.binned_at:
        return False
    if user.has_perm(LEADS):
        return right != Right.WRITE or user.has_perm(WRITES)
    if right == Right.WRITE:
        return user.has_perm(WRITES) and _concerns(edition, user)
    return right == Right.APPROVE and user.has_perm(APPROVES) and _looks_after(edition, user)


def visible(articles: Articles, user: "User") -> Articles:
    """Keep the articles that `user` works with."""
    if user.has_perm(LEADS):
        return articles
    editions = _editions().filter(article=OuterRef("pk"), state__in=CURRENT)
    return articles.filter(Exists(editions.filter(concern(user))))


def concern(user: "User") -> Q:
    """Return the condition that an edition is part of what `user` works with."""
    mine = Q(created_by=user.pk) | Q(unit__in=units_of(user))
    return mine | Q(category__in=categories_of(user)) if user.has_perm(APPROVES) else mine


def may_write(edition: "Edition", user: "User") -> bool:
    """Return whether `user` may store another text: once submitted, only who may approve."""
    if edition.state in (State.SUBMITTED, State.APPROVED):
        return edition.grants(user, Right.WRITE) and edition.grants(user, Right.APPROVE)
    return edition.grants(user, Right.WRITE)


def may_name(unit: Unit, user: "User") -> bool:
    """Return whether `user` may say that an article comes from `unit`: their own, or any."""
    return may_name_any(user) or unit.pk in units_of(user)


def may_name_any(user: "User") -> bool:
    """Return whether `user` sees to the articles of all units."""
    return user.has_perm(APPROVES) or user.has_perm(LEADS)


def approvers(edition: "Edition") -> QuerySet["User"]:
    """Return the active accounts that may approve `edition`, contributors to it included."""
    from django.contrib.auth.models import User

    may_approve, leads = holders(APPROVES), holders(LEADS)
    for category in _categories_of_subject(edition):
        here = Q(category=category) | Q(category__children=category)
        given = Assignment.objects.filter(here)
        may_approve = may_approve.filter(pk__in=given.values("user"))
    people = Q(pk__in=may_approve.values("pk")) | Q(pk__in=leads.values("pk"))
    return User.objects.filter(people)


def categories_of(user: "User") -> set[int]:
    """Return the ids of the categories that `user` looks after, subsections included."""
    return _loaded(user)[0]


def units_of(user: "User") -> set[int]:
    """Return the ids of the units that `user` writes for."""
    return _loaded(user)[1]


def _loaded(user: "User") -> tuple[set[int], set[int]]:
    """Both sets, read once for each User object, as Django does with permissions."""
    kept = vars(user)
    if "news_rights" not in kept:
        own = Assignment.objects.filter(user=user.pk)
        rows = list(own.values_list("category", "category__children", "unit"))
        categories = {category for *pair, _ in rows for category in pair if category}
        kept["news_rights"] = categories, {unit for *_, unit in rows if unit}
    found: tuple[set[int], set[int]] = kept["news_rights"]
    return found


def _concerns(edition: "Edition", user: "User") -> bool:
    if edition.created_by_id == user.pk or edition.unit_id in units_of(user):
        return True
    return user.has_perm(APPROVES) and edition.category_id in categories_of(user)


def _looks_after(edition: "Edition", user: "User") -> bool:
    """An article that moves leaves one category and enters another: both are asked."""
    return categories_of(user).issuperset(_categories_of_subject(edition))


def _categories_of_subject(edition: "Edition") -> set[int]:
    article = edition.article
    return {edition.category_id, article.category_id} if article.live_id else {edition.category_id}


def _editions() -> "QuerySet[Edition]":
    from news.models import Edition

    return Edition.objects.all()
