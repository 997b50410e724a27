"""Numbered pages of long lists, each as cheap as the first.

An OFFSET reads everything it skips. Here the month that page N begins in is found from
`MonthCount` (a row per category and month), and only the rest is skipped within that month.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property
from itertools import pairwise

from django.db.models import Sum
from django.http import Http404
from django.utils import timezone

from news.models import Article, ArticleQuerySet, Category, MonthCount

PER_PAGE = 20


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
class Listing:
    """Page `number` (from 1) of `articles`, a published queryset whose months are `months`."""

    articles: ArticleQuerySet
    months: list[Month]
    number: int

    @cached_property
    def total(self) -> int:
        """Number of articles on all pages."""
        return sum(month.articles for month in self.months)

    @cached_property
    def pages(self) -> int:
        """Number of pages; an empty list still has one."""
        return max(1, -(-self.total // PER_PAGE))

    @cached_property
    def rows(self) -> list[Article]:
        """Return this page's articles, newest first; one query, none when the list is empty."""
        skip = (self.number - 1) * PER_PAGE
        for month in self.months:
            if skip < month.articles:
                end = first_moment(month_after(month.first))
                found = self.articles.filter(published_at__lt=end).for_cards()
                return list(found[skip : skip + PER_PAGE])
            skip -= month.articles
        return []

    @property
    def previous(self) -> int | None:
        """Number of the page with newer articles."""
        return self.number - 1 if self.number > 1 else None

    @property
    def next(self) -> int | None:
        """Number of the page with older articles."""
        return self.number + 1 if self.number < self.pages else None

    @property
    def numbers(self) -> list[int | None]:
        """Return the page numbers to offer: first, last and neighbours; None marks a gap."""
        near = range(self.number - 2, self.number + 3)
        shown = sorted({1, self.pages, *(n for n in near if 1 <= n <= self.pages)})
        numbers: list[int | None] = [1]
        for before, number in pairwise(shown):
            numbers += [number] if number == before + 1 else [None, number]
        return numbers


def listing(articles: ArticleQuerySet, months: list[Month], asked: str) -> Listing:
    """Return the page that the parameter `asked` names ("" is 1); Http404 when there is none."""
    if asked and not (asked.isascii() and asked.isdigit() and len(asked) < 10):
        raise Http404("Not a page number.")
    page = Listing(articles, months, int(asked or 1))
    if not 1 <= page.number <= page.pages:
        raise Http404("No such page.")
    return page
