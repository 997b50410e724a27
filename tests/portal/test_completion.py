"""What was published before the search, or is loaded in great numbers, is brought in afterwards."""

import pytest
from django.core.management import call_command

from core.publishing import move, moved
from core.search.entries import SearchEntry
from core.search.vocabulary import SearchWord
from core.workflow import Action
from news.models import Citation, Keyword, Related, Word
from news.related import alike
from portal.apps import followed_later, followers
from portal.models import Page
from tests.factories import make_article, make_document, make_draft, make_type

pytestmark = pytest.mark.django_db
FLOOD = "<p>Xâm nhập mặn ở Duyên Hải làm thiệt hại vụ lúa, theo Chỉ thị 24-CT/TU.</p>"
KNOWN = (SearchEntry, SearchWord, Citation, Keyword, Related, Word)


def known():
    """All that publication writes, without the keys of its rows."""
    rows = {
        model: sorted(
            tuple((name, str(value)) for name, value in sorted(row.items()) if name != "id")
            for row in model.objects.values()
        )
        for model in KNOWN
    }
    rows[Related] = {(row["article_id"], row["other_id"]) for row in Related.objects.values()}
    return rows


@pytest.fixture
def published():
    make_document("24-CT/TU", type=make_type("Chỉ thị"))
    make_document("25-CT/TU", type=make_type("Chỉ thị"), visibility="internal")
    Page.objects.create(title="Giới thiệu Đảng bộ", slug="dang-bo", body="<p>Đảng bộ.</p>")
    return [make_article(title, summary="", body=FLOOD) for title in ("Mặn", "Lúa")]


def complete():
    call_command("rebuild_search", missing=True, verbosity=0)


def test_what_was_there_before_is_known_as_if_it_had_just_been_published(published):
    before = known()
    assert all(before.values())
    for model in KNOWN:
        model.objects.all().delete()
    complete()
    assert known() == before


def test_what_is_known_stays_and_costs_little(published, django_assert_max_num_queries):
    before = known()
    with django_assert_max_num_queries(3):
        complete()
    assert known() == before


def test_a_document_brought_in_around_the_door_answers_those_that_waited(published):
    with followed_later():
        make_document("26-KL/TW", type=make_type("Kết luận"))
        draft = make_draft(body="<p>Thực hiện Kết luận 26-KL/TW.</p>")
        move(draft, Action.PUBLISH)
    Citation.objects.filter(edition=draft).update(document=None)
    complete()
    assert Citation.objects.get(edition=draft).document.sign == "26-KL/TW"
    assert list(alike(published[0].pk)) == [published[1]]


def test_moves_are_followed_in_one_order_and_again_after_a_load():
    names = [name for name, _ in followers()]
    with followed_later():
        assert [key[0] for key, *_ in moved.receivers] == ["portal.notices"]
    assert [key[0] for key, *_ in moved.receivers] == names
