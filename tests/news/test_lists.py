"""All news, one category, one month: what they list, and what hostile addresses get."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from core.listing import PER_PAGE
from portal.budget import BUDGET
from tests.factories import make_article, make_category, make_draft, make_site

pytestmark = pytest.mark.django_db


def at(year, month, day=15):
    return datetime(year, month, day, 8, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))


def titles(response):
    return [card.article.live.title for card in response.context["page"].cards]


def test_all_news_are_listed_newest_first(client):
    make_article("Tin cũ", at=at(2022, 1))
    make_article("Tin mới", at=at(2023, 1))
    make_draft("Bản nháp")
    assert titles(client.get("/tin-tuc/")) == ["Tin mới", "Tin cũ"]


def test_a_section_lists_its_subsections_too(client):
    section = make_category()
    child = make_category(parent=section)
    make_article("Của chuyên mục con", category=child, at=at(2022, 1))
    make_article("Của chuyên mục", category=section, at=at(2023, 1))
    make_article("Của nơi khác")
    assert titles(client.get(section.get_absolute_url())) == [
        "Của chuyên mục",
        "Của chuyên mục con",
    ]
    assert titles(client.get(child.get_absolute_url())) == ["Của chuyên mục con"]


def test_a_month_lists_its_articles_alone(client):
    make_article("Tháng tư", at=at(2023, 4, 30))
    make_article("Tháng năm", at=at(2023, 5, 1))
    make_article("Tháng sáu", at=at(2023, 6, 1))
    assert titles(client.get("/tin-tuc/2023/5/")) == ["Tháng năm"]


def test_pages_go_on_where_the_last_ended(client):
    category = make_category()
    for day in range(PER_PAGE + 1):
        make_article(f"Ngày {day + 1}", category=category, at=at(2023, 5, day + 1))
    first, second = (client.get(category.get_absolute_url(), {"trang": n}) for n in "12")
    assert titles(second) == ["Ngày 1"]
    assert 'rel="next" href="?trang=2"' in first.content.decode()
    assert 'rel="prev" href="."' in second.content.decode()


def test_an_empty_category_is_a_page_that_says_so(client):
    response = client.get(make_category().get_absolute_url())
    assert response.status_code == 200
    assert "Chưa có tin, bài" in response.content.decode()


HOSTILE = [
    "0",
    "-1",
    "10" * 15,
    "NaN",
    "1e9",
    "\x00",
    "trang",
    "1 OR 1=1",
    "Ấ",
    "A\u0301",
    "😀",
    "x" * 1_000_000,
]


@pytest.mark.parametrize("value", HOSTILE, ids=lambda value: ascii(value[:12]))
def test_a_hostile_page_number_is_a_404(client, value):
    category = make_article(at=at(2023, 5)).category
    for path in ("/tin-tuc/", category.get_absolute_url(), "/tin-tuc/2023/5/"):
        assert client.get(path, {"trang": value}).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/tin-tuc/2023/13/",
        "/tin-tuc/0/0/",
        f"/tin-tuc/{10**30}/1/",
        "/tin-tuc/9999/12/",
        "/chuyen-muc/khong-co/",
        "/chuyen-muc/%00/",
        "/chuyen-muc/Đảng/",
        f"/chuyen-muc/{'a' * 5000}/",
        "/khong-co/",
        "/%F0%9F%98%80/",
        "/..%2f..%2fetc/passwd",
        "/tin-tuc/%C0%AE-1/",
    ],
)
def test_an_address_that_never_was_is_a_404(client, path):
    assert client.get(path).status_code == 404


@pytest.mark.usefixtures("process_that_answered_before")
@pytest.mark.parametrize("articles", [1, 30])
def test_a_list_keeps_to_its_budget_of_queries(client, articles, django_assert_max_num_queries):
    make_site()
    section = make_category()
    child = make_category(parent=section)
    for _ in range(articles):
        make_article(category=child, at=at(2023, 5))
    for path in ("/tin-tuc/", section.get_absolute_url(), "/tin-tuc/2023/5/"):
        client.get(path)
        with django_assert_max_num_queries(BUDGET["news"]):
            assert client.get(path).status_code == 200
