"""Tokens: only ours are read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stats import signing


def test_a_token_is_read_as_what_it_was_made_of():
    assert signing.read(signing.token("b", 7)) == ("b", 7)
    assert signing.read(signing.token("t")) == ("t", 0)
    assert len(signing.token("b", 2**31 - 1)) <= 64  # what the spool keeps of one


def test_a_token_is_the_same_for_every_reader_so_that_pages_stay_cacheable():
    assert signing.token("b", 7) == signing.token("b", 7)


def test_an_object_beyond_the_columns_is_no_object():
    assert signing.read(signing.token("b", 2**31)) is None


@pytest.mark.parametrize(
    "change", [("b.7", "b.8"), ("b.7", "v.7"), ("b.7", "b.07"), ("b.7", "b.٧")]
)
def test_another_object_needs_another_signature(change):
    assert signing.read(signing.token("b", 7).replace(*change)) is None


def test_the_token_of_another_portal_is_not_read(settings):
    token = signing.token("b", 7)
    settings.SECRET_KEY = "another" * 10
    assert signing.read(token) is None


@given(st.text())
def test_no_other_text_is_a_token(text):
    assert signing.read(text) is None
    assert signing.read(f"b.7.{text}") is None
