"""Numbered pages of articles: `MonthCount` says how many lie between a page and the ends of months.

A page is counted from the nearest end of any, in an index alone: no page skips more than half of
the articles of a month.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property
from itertools import accumulate

from django.db.models import Sum
from django.utils import timezone

from core.listing import PER_PAGE, Numbered, page_number
from news.cards import Cards
from news.models import ArticleQuerySet, Category, MonthCount


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
    def cards(self) -> Cards:
        """Return this page's articles, newest first; one query, none when the list is empty."""
        return Cards(self._keys()) if self.months else Cards([])

    def _keys(self) -> list[int]:
        """The keys of this page's articles, counted from the nearest end of a month."""
        last = min(self.skipped + PER_PAGE, self.total)
        ends = list(accumulate((month.articles for month in self.months), initial=0))
        newer = bisect_right(ends, self.skipped) - 1
        older = bisect_left(ends, last)
        if self.skipped - ends[newer] <= ends[older] - last:
            end = first_moment(month_after(self.months[newer].first))
            found = self.articles.filter(published_at__lt=end)
            return _keys(found, self.skipped - ends[newer], PER_PAGE)
        begin = first_moment(self.months[older - 1].first)
        backwards = self.articles.filter(published_at__gte=begin).reverse()
        return _keys(backwards, ends[older] - last, last - self.skipped)[::-1]

    def address(self, number: int) -> str:
        """Return the address of page `number`, relative to any page of the list."""
        return "." if number == 1 else f"?trang={number}"


def _keys(articles: ArticleQuerySet, skipped: int, number: int) -> list[int]:
    return list(articles.values_list("pk", flat=True)[skipped : skipped + number])


def listing(articles: ArticleQuerySet, months: list[Month], asked: str) -> Listing:
    """Return the page that the parameter `asked` names ("" is 1); Http404 when there is none."""
    return Listing(articles, months, page_number(asked))
