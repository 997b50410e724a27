"""Does the search find what people look for, over the whole demonstration?

`search_relevance.tsv`: kind of query, query, and what the right answer has in its label or title (a
bar between several right ones). The right answers were written down from what the texts say.
"""

from collections import defaultdict
from datetime import date
from pathlib import Path

import pytest
from django.db import transaction
from django.utils import timezone

from core.search.answering import answer
from core.search.entries import Content, Kind, SearchEntry, index_all
from core.search.finding import Asked
from core.search.query import parse
from core.text import fold, nfc, plain_text
from portal.demo import clauses, directives, site, source, texts

pytestmark = pytest.mark.django_db
ROWS = [
    line.split("\t")
    for line in nfc(Path(__file__).with_name("search_relevance.tsv").read_text()).splitlines()
]
TYPES = clauses.TYPES


def articles():
    page = source.page()
    yield page.title, page.summary, "\n".join(b.text for b in page.blocks), texts.SEED_DAY.date()
    for one in texts.articles_of_the_year():
        body = "\n".join([plain_text("\n".join(one.blocks)), one.figure_caption, one.pen_name])
        yield one.title, one.summary, body, timezone.localdate(one.published_at)


def contents():
    for number, (title, summary, body, day) in enumerate(articles()):
        yield Content(Kind.ARTICLE, number, "/", title, day, summary=summary, body=body)
    for number, one in enumerate(directives.directives()):
        if one.visibility == "public":
            paper = clauses.paper(one)
            body = "" if one.file == "scan" else paper.words
            yield document(number, one.sign, one.type, one.issued_on, one.abstract, body)
    for number, one in enumerate(directives.cited(), start=1000):
        yield document(number, one.sign, one.type, one.issued_on, one.abstract)
    for number, (title, body) in enumerate(site.PAGES.values()):
        yield Content(Kind.PAGE, number, "/", title, date(2023, 12, 31), body=plain_text(body))


def document(number, sign, kind, day, abstract, body=""):
    return Content(
        Kind.DOCUMENT,
        number,
        "/",
        abstract,
        day or date(2023, 12, 31),
        label=f"{TYPES[kind]} số {sign}",
        summary=f"ngày {day:%d/%m/%Y}" if day else "",
        body=body,
        sign=sign,
    )


@pytest.fixture(scope="module")
def whole(django_db_setup, django_db_blocker):
    """All of the demonstration, written once."""
    with django_db_blocker.unblock(), transaction.atomic():
        index_all(contents())
        yield
        transaction.set_rollback(True)


def first(query, number=10):
    """Label and title of the first entries that answer."""
    keys = answer(Asked(parse(query))).found.keys[:number]
    found = SearchEntry.objects.only("label", "title").in_bulk(keys)
    return [f"{found[key].label} {found[key].title}" for key in keys]


def place(query, right):
    """Where the right answer stands, from 1; 99 when it is not among the first ten."""
    shown = first(query)
    hits = [n for n, one in enumerate(shown, 1) if any(part in one for part in right.split("|"))]
    return min(hits, default=99)


def test_what_people_look_for_stands_first(whole):
    places = defaultdict(list)
    for kind, query, right in ROWS:
        places[kind].append((place(query, right), query))
    every = [at for found in places.values() for at, _ in found]
    report = {
        kind: (len(found), [(query, at) for at, query in found if at > 1])
        for kind, found in places.items()
    }
    print(f"success@1 {share(every, 1):.3f}, success@5 {share(every, 5):.3f}")
    print("\n".join(f"{kind}: {of}, not first: {late}" for kind, (of, late) in report.items()))
    assert len(every) >= 80
    assert share(every, 1) >= 0.85, report
    assert share(every, 5) >= 0.97, report


def share(places, most):
    return sum(at <= most for at in places) / len(places)


@pytest.mark.parametrize(
    "query", ["Đảng", "đảng bộ", "dân", "bác", "tình", "quý", "ban", "sách", "bảo", "khối"]
)
def test_words_of_other_marks_do_not_stand_above_those_that_were_typed(whole, query):
    keys = answer(Asked(parse(query))).found.keys[:10]
    entries = SearchEntry.objects.in_bulk(keys)
    right = sum(
        all(word in words_of(entries[key]) for word in query.lower().split()) for key in keys
    )
    assert right >= 0.9 * len(keys) > 0


def words_of(entry):
    text = f"{entry.title} {entry.label} {entry.summary} {entry.body}".lower()
    return "".join(letter if letter.isalnum() else " " for letter in text).split()


def test_no_word_of_another_meaning_is_found_only_because_it_looks_alike(whole):
    entries = SearchEntry.objects.in_bulk(answer(Asked(parse("đăng"))).found.keys)
    assert entries
    assert all("đăng" in words_of(entry) for entry in entries.values())
    assert any(fold("đăng") in map(fold, words_of(one)) for one in SearchEntry.objects.all())
