"""Numbered pages of articles: the month that page N begins in is found from `MonthCount`."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property

from django.db.models import Sum
from django.utils import timezone

from core.listing import Numbered, beginning, page_from, page_number
from news.models import Article, ArticleQuerySet, Category, MonthCount


@dataclass(frozen=True)
class Month:
    """A month (its first day) and how many live articles it has."""

    first: date
    articles: int


def months_of(categories: Iterable[Category] | None = None) -> list[Month]:
    """Return the months that have articles, newest first; of all categories when None."""
    counts = MonthCount.objects.filter(articles__gt=0)
    if categories is not None:
        counts = counts.filter(category__in=list(categories))
    totals = counts.values("month").annotate(total=Sum("articles")).order_by("-month")
    return [Month(row["month"], row["total"]) for row in totals]


def first_moment(day: date) -> datetime:
    """Return the midnight that begins `day` in the portal's time zone."""
    return timezone.make_aware(datetime.combine(day, time.min))


def month_after(day: date) -> date:
    """Return the first day of the month after that of `day`; day must lie before 9999-12."""
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


@dataclass(frozen=True)
class Listing(Numbered):
    """Page `number` (from 1) of `articles`, a published queryset whose months are `months`."""

    articles: ArticleQuerySet
    months: list[Month]
    number: int

    @cached_property
    def total(self) -> int:
        """Number of articles on all pages."""
        return sum(month.articles for month in self.months)

    @cached_property
    def rows(self) -> list[Article]:
        """Return this page's articles, newest first; one query, none when the list is empty."""
        start = beginning(self.skipped, [month.articles for month in self.months])
        if start is None:
            return []
        index, skipped = start
        end = first_moment(month_after(self.months[index].first))
        return list(page_from(self.articles.filter(published_at__lt=end).for_cards(), skipped))

    def address(self, number: int) -> str:
        """Return the address of page `number`, relative to any page of the list."""
        return "." if number == 1 else f"?trang={number}"


def listing(articles: ArticleQuerySet, months: list[Month], asked: str) -> Listing:
    """Return the page that the parameter `asked` names ("" is 1); Http404 when there is none."""
    return Listing(articles, months, page_number(asked))
