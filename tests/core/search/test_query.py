"""What people type, however they type it."""

from time import perf_counter

import pytest
from django.db import connection

from core.search.query import LONGEST, MOST_WORDS, parse, without_places


def terms(text):
    return [" ".join(word.exact for word in term.words) for term in parse(text).terms]


def excluded(text):
    return [" ".join(word.exact for word in term.words) for term in parse(text).excluded]


def test_every_word_is_required():
    assert terms("xây dựng  Đảng") == ["xây", "dựng", "đảng"]


def test_quoted_words_belong_together():
    assert terms('kế hoạch "dân vận khéo"') == ["kế", "hoạch", "dân vận khéo"]
    assert terms("“dân vận khéo” 2023") == ["dân vận khéo", "2023"]
    assert terms('"dân vận') == ["dân vận"]


def test_a_minus_before_a_word_excludes_it():
    assert (terms("đảng -bộ"), excluded("đảng -bộ")) == (["đảng"], ["bộ"])
    assert excluded('đảng -"đại hội"') == ["đại hội"]
    assert terms("thi-đua") == ["thi", "đua"]


def test_a_sign_asks_for_itself_alone():
    assert terms("chỉ thị 24-CT/TU") == ["chỉ", "thị", "#24cttu"]
    assert terms("29/6/2017") == ["29/6/2017"]


@pytest.mark.parametrize("text", ["", "   ", "-", '""', "&|!:*", "\x00", "😀", "-đảng"])
def test_without_a_word_nothing_is_looked_for(text):
    assert not parse(text).terms


def test_a_query_is_bounded():
    started = perf_counter()
    query = parse(" ".join(f"từ{number}" for number in range(10_000)))
    assert len(query.text) <= LONGEST
    assert len(query.words) <= MOST_WORDS
    parse("a" + "\u0301\u0323" * 100_000)
    parse("-" * 100_000)
    parse('"' * 100_000)
    assert perf_counter() - started < 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text",
    [
        "'; DROP TABLE core_searchentry; --",
        "a' | 'b",
        "\\",
        "a\\'b",
        "(((",
        "đảng:*",
        "!a & b | c <-> d",
        ".*[a-z]+$",
        "%s %(a)s {}",
    ],
)
def test_no_operator_of_the_database_is_typed(text):
    query = parse(text)
    if query.terms:
        with connection.cursor() as cursor:
            for condition in (query.condition(), query.condition_of_title(), *query.pairs()):
                cursor.execute("SELECT %s::tsquery", [condition])
    assert all(word.exact.isalnum() for word in query.words)


def test_what_stands_in_a_row_stands_somewhere():
    condition = parse('"đảng bộ" hội -"ban chấp hành" -kín').condition()
    assert without_places(condition) == "('dang' & 'bo') & ('hoi') & !('kín')"
