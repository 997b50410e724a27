"""Numbered pages: which numbers are offered, where a page begins."""

from dataclasses import dataclass

import pytest
from django.http import Http404

from core.listing import PER_PAGE, Numbered, beginning, page_number


@dataclass(frozen=True)
class Pages(Numbered):
    number: int
    rows: int

    @property
    def total(self):
        return self.rows

    def address(self, number):
        return f"?trang={number}"


def test_a_page_stands_between_its_neighbours():
    page = Pages(2, 2 * PER_PAGE + 1)
    assert (page.previous, page.next, page.pages, page.skipped) == (1, 3, 3, PER_PAGE)
    assert (Pages(1, 1).previous, Pages(1, 1).next) == (None, None)


def test_every_page_that_is_offered_has_an_address():
    page = Pages(1, 9 * PER_PAGE)
    assert (page.previous_address, page.next_address) == ("", "?trang=2")
    offered = [(1, "?trang=1"), (2, "?trang=2"), (3, "?trang=3"), (None, ""), (9, "?trang=9")]
    assert page.numbered == offered


@pytest.mark.parametrize("number", [0, -1, 4])
def test_there_is_no_page_beyond_the_ends(number):
    with pytest.raises(Http404):
        Pages(number, 2 * PER_PAGE + 1)


def test_an_empty_list_has_one_page():
    assert Pages(1, 0).pages == 1


@pytest.mark.parametrize(
    ("skipped", "place"), [(0, (0, 0)), (2, (0, 2)), (3, (2, 0)), (7, (2, 4)), (8, None)]
)
def test_a_row_is_found_in_its_stretch(skipped, place):
    assert beginning(skipped, [3, 0, 5]) == place


def test_a_number_is_ascii_digits_alone():
    assert (page_number(""), page_number("12")) == (1, 12)
    for asked in ("-1", "1e3", "٣", "²", " 1", "1" * 10, "\x00"):
        with pytest.raises(Http404):
            page_number(asked)
