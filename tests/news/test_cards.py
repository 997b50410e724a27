"""Cards of articles: made once for all pages, read at once when one is missing."""

import pytest

from core.publishing import move
from core.version_cache import Entries, entries_from
from core.workflow import Action
from news.cards import Cards
from news.templatetags.cards import card
from tests.factories import make_article, make_category, make_draft, make_photo

pytestmark = pytest.mark.django_db
LOOKS = ["lead", "latest", "line", "block", "feature", "first-row", "row", "side"]


@pytest.fixture(autouse=True)
def entries():
    kept = Entries()
    with entries_from(lambda: kept):
        yield kept


def test_all_rows_of_a_list_are_read_at_once_and_cards_made_once(django_assert_num_queries):
    pks = [make_article(lead_photo=make_photo()).pk for _ in range(3)]
    with django_assert_num_queries(1):
        first = [card(one, "row") for one in Cards(pks)]
    with django_assert_num_queries(0):
        assert [card(one, "row") for one in Cards(reversed(pks))] == first[::-1]


@pytest.mark.parametrize("look", LOOKS)
def test_each_look_shows_title_and_address_escaped(look):
    article = make_article('Chào <b>"cờ"</b>', lead_photo=make_photo())
    [only] = Cards([article.pk])
    shown = card(only, look)
    assert "Chào &lt;b&gt;&quot;cờ&quot;&lt;/b&gt;" in shown
    assert f'href="{article.get_absolute_url()}"' in shown


def test_looks_and_pages_do_not_show_each_others_cards():
    category = make_category("Tin tức")
    [only] = Cards([make_article(category=category).pk])
    cards = [card(only, "row"), card(only, "line"), card(only, "row", category)]
    assert [f"{one}".count("Tin tức") for one in cards] == [1, 0, 0]
    assert cards == [card(only, "row"), card(only, "line"), card(only, "row", category)]


def test_what_is_not_public_has_no_card():
    gone = make_article()
    move(gone.live, Action.WITHDRAW, reason="Sai.")
    pks = [gone.pk, make_draft().article_id, 10**9]
    assert [card(one, "row").strip() for one in Cards(pks)] == ["", "", ""]
