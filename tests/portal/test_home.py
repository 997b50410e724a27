"""The front page: the lead, the latest, a block for each chosen section."""

from datetime import timedelta

import pytest
from django.utils import timezone

from portal.budget import BUDGET
from portal.home import LATEST, PER_SECTION, front_page
from portal.models import MenuItem, WebLink
from tests.factories import make_article, make_category, make_draft, make_photo, make_site

pytestmark = pytest.mark.django_db


def article_of(days_ago, **fields):
    return make_article(at=timezone.now() - timedelta(days=days_ago), **fields)


def shown(cards):
    return [card.article for card in cards]


def test_a_new_portal_has_a_front_page_that_shows_nothing_broken(client):
    response = client.get("/")
    assert response.status_code == 200
    assert response.context["front"].lead is None


def test_without_menu_items_there_is_no_button_that_opens_a_menu(client):
    assert "popovertarget" not in client.get("/").content.decode()


def test_the_newest_article_with_a_photo_leads():
    article_of(1)
    pictured = article_of(2, lead_photo=make_photo())
    article_of(3, lead_photo=make_photo())
    assert front_page(None).lead.article == pictured


def test_without_any_photo_the_newest_article_leads():
    newest = article_of(1)
    article_of(2)
    assert front_page(None).lead.article == newest


def test_the_chosen_article_leads_however_old():
    chosen = article_of(900)
    article_of(1, lead_photo=make_photo())
    assert front_page(chosen.pk).lead.article == chosen


def test_a_chosen_article_that_is_not_public_does_not_lead():
    newest = article_of(1)
    assert front_page(make_draft().article_id).lead.article == newest


def test_the_lead_is_not_shown_again_below():
    section = make_category()
    articles = [article_of(n, category=section) for n in range(LATEST + 3)]
    front = front_page(None)
    assert front.lead.article == articles[0]
    assert shown(front.latest) == articles[1 : LATEST + 1]
    [(first, cards)] = front.sections
    assert (first, shown(cards)) == (section, articles[1 : PER_SECTION + 1])


def test_sections_stand_in_their_order_and_only_if_chosen_and_filled():
    second, first = make_category(order=2), make_category(order=1)
    for category in (second, first, make_category(on_home=False)):
        article_of(1, category=category)
    article_of(0)
    make_category(order=3)
    shown = [section for section, _ in front_page(None).sections]
    assert shown[-2:] == [first, second]


def test_a_section_block_has_the_articles_of_its_subsections():
    section = make_category()
    article_of(0)
    article = article_of(1, category=make_category(parent=section))
    blocks = [(first, shown(cards)) for first, cards in front_page(None).sections]
    assert (section, [article]) in blocks


@pytest.mark.usefixtures("process_that_answered_before")
@pytest.mark.parametrize("per_section", [1, 8])
def test_it_keeps_to_its_budget_of_queries(client, per_section, django_assert_max_num_queries):
    make_site()
    MenuItem.objects.create(label="Tin tức", url="/tin-tuc/")
    WebLink.objects.create(label="Báo Nhân Dân", url="https://nhandan.vn/")
    for _ in range(4):
        category = make_category()
        for _ in range(per_section):
            make_article(category=category, lead_photo=make_photo())
    client.get("/")
    with django_assert_max_num_queries(BUDGET["home"]):
        assert client.get("/").status_code == 200


def test_the_settings_of_the_site_are_shown(client):
    make_site(name="Đảng bộ Khối", owner="Đảng ủy Khối", phone="0294 3")
    MenuItem.objects.create(label="Giới thiệu", url="/gioi-thieu/")
    WebLink.objects.create(label="Báo Nhân Dân", url="https://nhandan.vn/")
    page = client.get("/").content.decode()
    for shown in ("Đảng bộ Khối", "Đảng ủy Khối", "0294 3", "/gioi-thieu/", "https://nhandan.vn/"):
        assert shown in page
