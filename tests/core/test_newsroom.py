"""What the admin pages of every app share."""

import pytest

from core.newsroom import row_number


@pytest.mark.parametrize(("text", "number"), [("7", 7), ("0", 0), ("9" * 18, 10**18 - 1)])
def test_digits_are_the_number_of_a_row(text, number):
    assert row_number(text) == number


@pytest.mark.parametrize("text", ["", "-1", "1e3", "٣", "²", " 1", "9" * 19, "9" * 5000, "\x00"])
def test_what_no_row_can_have_is_no_number(text):
    assert row_number(text) is None
