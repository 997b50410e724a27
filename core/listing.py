"""Numbered pages of long lists.

An OFFSET reads everything that it skips. A list that knows how many rows each of its stretches has
(a month, a year) begins page N in the right one and skips within it alone: every page is as cheap
as the first.
"""

from collections.abc import Iterable
from functools import cached_property
from itertools import pairwise
from typing import TypeVar

from django.db.models import Model, QuerySet
from django.http import Http404

PER_PAGE = 20

Row = TypeVar("Row", bound=Model)


class Numbered:
    """Page `number` (from 1) of a list of `total` rows."""

    number: int

    def __post_init__(self) -> None:
        """Raise Http404 when there is no such page."""
        if not 1 <= self.number <= self.pages:
            raise Http404("No such page.")

    @property
    def total(self) -> int:
        """Number of rows on all pages."""
        raise NotImplementedError

    @cached_property
    def pages(self) -> int:
        """Number of pages; an empty list still has one."""
        return max(1, -(-self.total // PER_PAGE))

    @property
    def skipped(self) -> int:
        """Number of rows on the pages before."""
        return (self.number - 1) * PER_PAGE

    @property
    def previous(self) -> int | None:
        """Number of the page before this one."""
        return self.number - 1 if self.number > 1 else None

    @property
    def next(self) -> int | None:
        """Number of the page after this one."""
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

    def address(self, number: int) -> str:
        """Return the address of page `number`."""
        raise NotImplementedError

    @property
    def numbered(self) -> list[tuple[int | None, str]]:
        """Return `numbers`, each with its address."""
        return [(number, self.address(number) if number else "") for number in self.numbers]

    @property
    def previous_address(self) -> str:
        """Address of the page before this one, "" for none."""
        return self.address(self.previous) if self.previous else ""

    @property
    def next_address(self) -> str:
        """Address of the page after this one, "" for none."""
        return self.address(self.next) if self.next else ""


def page_number(asked: str) -> int:
    """Return the number that the parameter `asked` names ("" is 1); Http404 when it is none."""
    if asked and not (asked.isascii() and asked.isdigit() and len(asked) < 10):
        raise Http404("Not a page number.")
    return int(asked or 1)


def beginning(skipped: int, sizes: Iterable[int]) -> tuple[int, int] | None:
    """Return the stretch of `sizes` in which row `skipped` (from 0) stands, and where in it."""
    for index, size in enumerate(sizes):
        if skipped < size:
            return index, skipped
        skipped -= size
    return None


def page_from(rows: QuerySet[Row], skipped: int) -> QuerySet[Row]:
    """Return one page of `rows`, after the first `skipped`."""
    return rows[skipped : skipped + PER_PAGE]
