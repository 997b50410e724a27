"""Sitemaps: only what is live, true dates, no address of another host."""

from datetime import UTC, datetime, timedelta
from itertools import chain
from xml.etree import ElementTree

import pytest
from django.test import override_settings
from django.utils import timezone

from core.publishing import move
from core.workflow import Action
from documents.models import Document
from portal import sitemaps
from portal.models import Page, SiteSettings
from tests.factories import (
    make_article,
    make_category,
    make_document,
    make_document_draft,
    make_draft,
)

pytestmark = pytest.mark.django_db
SITE = "https://dangbo.example.vn"
NS = {
    "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "n": "http://www.google.com/schemas/sitemap-news/0.9",
}
DECEMBER = datetime(2023, 12, 20, 8, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def site(settings):
    settings.SITE_URL = SITE
    return SiteSettings.objects.create(pk=1, name="Đảng bộ <Khối>")


def tree(client, address):
    response = client.get(address)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/xml; charset=utf-8"
    return ElementTree.fromstring(response.content)


def texts(element, path):
    return [found.text for found in element.iterfind(path, NS)]


def addresses(client, address):
    return [loc.removeprefix(SITE) for loc in texts(tree(client, address), ".//s:loc")]


def test_the_index_names_every_sitemap_and_each_answers(client):
    make_article(at=DECEMBER)
    make_article(at=DECEMBER - timedelta(days=40))
    found = addresses(client, "/sitemap.xml")
    assert found == [
        "/sitemaps/trang.xml",
        "/sitemaps/chuyen-muc.xml",
        "/sitemaps/tin-2023-12.xml",
        "/sitemaps/tin-2023-11.xml",
    ]
    for address in found:
        assert addresses(client, address)


def test_a_month_has_its_live_articles_with_the_moment_they_went_live(client):
    article = make_article(at=DECEMBER)
    make_article(at=DECEMBER - timedelta(days=40))
    gone = make_article(at=DECEMBER)
    move(gone.live, Action.WITHDRAW, reason="Sai số liệu.")
    make_draft(publish_at=DECEMBER)
    (url,) = tree(client, "/sitemaps/tin-2023-12.xml")
    assert texts(url, "s:loc") == [SITE + article.get_absolute_url()]
    (lastmod,) = texts(url, "s:lastmod")
    assert datetime.fromisoformat(lastmod) == article.live.went_live_at.replace(microsecond=0)


def test_months_are_those_of_the_portals_time_zone(client):
    article = make_article(at=datetime(2023, 11, 30, 17, 0, tzinfo=UTC))
    assert addresses(client, "/sitemaps/tin-2023-12.xml") == [article.get_absolute_url()]
    assert client.get("/sitemaps/tin-2023-11.xml").status_code == 404


def test_a_month_whose_articles_are_all_withdrawn_has_no_sitemap(client):
    gone = make_article(at=DECEMBER)
    move(gone.live, Action.WITHDRAW, reason="Sai số liệu.")
    assert client.get("/sitemaps/tin-2023-12.xml").status_code == 404
    assert "/sitemaps/tin-2023-12.xml" not in addresses(client, "/sitemap.xml")


def test_a_month_with_too_many_articles_is_split(client, monkeypatch):
    monkeypatch.setattr(sitemaps, "PER_FILE", 2)
    articles = [make_article(at=DECEMBER + timedelta(hours=n)) for n in range(5)]
    names = ["2023-12", "2023-12-2", "2023-12-3"]
    assert addresses(client, "/sitemap.xml")[2:] == [f"/sitemaps/tin-{n}.xml" for n in names]
    parts = [addresses(client, f"/sitemaps/tin-{name}.xml") for name in names]
    assert [len(part) for part in parts] == [2, 2, 1]
    assert list(chain(*parts)) == [article.get_absolute_url() for article in articles]
    assert client.get("/sitemaps/tin-2023-12-4.xml").status_code == 404


@pytest.mark.parametrize(
    "name",
    [
        "2024-01",
        "0000-13",
        "9999-99",
        "9999-12",
        "2023-12-1",
        "2023-12-0",
        "02023-12",
        "2023-012",
        "2023-12.xml",
        "-1",
        "1e9",
        "%00",
        "2023-%D9%A1%D9%A2",
        "🌾",
        "../trang",
        "9" * 5000,
    ],
)
def test_any_other_name_is_not_found(client, name):
    make_article(at=DECEMBER)
    assert client.get(f"/sitemaps/tin-{name}.xml").status_code == 404


def test_all_categories_are_listed(client):
    section = make_category()
    child = make_category(parent=section)
    found = addresses(client, "/sitemaps/chuyen-muc.xml")
    assert {section.get_absolute_url(), child.get_absolute_url()} <= set(found)


def test_pages_are_the_front_page_the_lists_and_what_is_visible(client):
    Page.objects.create(title="Giới thiệu", slug="gioi-thieu")
    Page.objects.create(title="Ẩn", slug="an", visible=False)
    assert addresses(client, "/sitemaps/trang.xml") == [
        "/",
        "/tin-tuc/",
        "/van-ban/",
        "/thong-ke/",
        "/gioi-thieu/",
    ]


def test_the_news_sitemap_has_the_last_two_days(client):
    now = timezone.now()
    fresh = make_article("Hỏi & đáp <mới>\x0c", at=now - timedelta(hours=47))
    make_article("Cũ", at=now - timedelta(hours=49))
    (url,) = tree(client, "/sitemaps/tin-moi.xml")
    assert texts(url, "s:loc") == [SITE + fresh.get_absolute_url()]
    assert texts(url, "n:news/n:title") == ["Hỏi & đáp <mới>"]
    assert texts(url, "n:news/n:publication/n:name") == ["Đảng bộ <Khối>"]
    assert texts(url, "n:news/n:publication/n:language") == ["vi"]
    (date,) = texts(url, "n:news/n:publication_date")
    assert datetime.fromisoformat(date) == fresh.published_at.replace(microsecond=0)


def test_the_news_sitemap_keeps_the_newest_up_to_the_limit(client, monkeypatch):
    monkeypatch.setattr(sitemaps, "NEWS_LIMIT", 2)
    now = timezone.now()
    articles = [make_article(at=now - timedelta(hours=n)) for n in range(3)]
    expected = [article.get_absolute_url() for article in articles[:2]]
    assert addresses(client, "/sitemaps/tin-moi.xml") == expected


def test_without_recent_news_it_is_empty_and_valid(client):
    make_article(at=DECEMBER)
    assert len(tree(client, "/sitemaps/tin-moi.xml")) == 0


def posted(document, moment):
    Document.objects.filter(pk=document.pk).update(went_live_at=moment)
    return document


def test_a_year_has_the_public_documents_that_went_live_in_it(client):
    document = posted(make_document(), DECEMBER)
    posted(make_document(), DECEMBER - timedelta(days=400))
    posted(make_document(visibility="internal"), DECEMBER)
    posted(move(make_document(), Action.WITHDRAW, reason="Nhầm."), DECEMBER)
    make_document_draft()
    found = addresses(client, "/sitemap.xml")
    assert found[2:] == ["/sitemaps/van-ban-2023.xml", "/sitemaps/van-ban-2022.xml"]
    assert addresses(client, "/sitemaps/van-ban-2023.xml") == [document.get_absolute_url()]


def test_years_are_those_of_the_portals_time_zone(client):
    document = posted(make_document(), datetime(2022, 12, 31, 17, 0, tzinfo=UTC))
    posted(make_document(), datetime(2023, 12, 31, 17, 0, tzinfo=UTC))
    assert addresses(client, "/sitemaps/van-ban-2023.xml") == [document.get_absolute_url()]


def test_a_year_of_internal_documents_alone_has_no_sitemap(client):
    posted(make_document(visibility="internal"), DECEMBER)
    assert client.get("/sitemaps/van-ban-2023.xml").status_code == 404
    assert addresses(client, "/sitemap.xml")[2:] == []


def test_a_year_with_too_many_documents_is_split(client, monkeypatch):
    monkeypatch.setattr(sitemaps, "PER_FILE", 2)
    documents = [posted(make_document(), DECEMBER + timedelta(hours=n)) for n in range(3)]
    names = ["2023", "2023-2"]
    assert addresses(client, "/sitemap.xml")[2:] == [f"/sitemaps/van-ban-{n}.xml" for n in names]
    parts = [addresses(client, f"/sitemaps/van-ban-{name}.xml") for name in names]
    assert parts == [
        [document.get_absolute_url() for document in documents[:2]],
        [documents[2].get_absolute_url()],
    ]


@pytest.mark.parametrize(
    "name", ["2022", "2023-1", "2023-2", "02023", "2023-12", "9999", "x", "🌾"]
)
def test_any_other_year_is_not_found(client, name):
    posted(make_document(), DECEMBER)
    assert client.get(f"/sitemaps/van-ban-{name}.xml").status_code == 404


@override_settings(ALLOWED_HOSTS=["*"])
@pytest.mark.parametrize("name", ["tin-moi", "tin-2023-12", "trang", "chuyen-muc", "van-ban-2023"])
def test_the_host_that_a_request_names_appears_nowhere(client, name):
    make_article(at=DECEMBER)
    posted(make_document(), DECEMBER)
    response = client.get(f"/sitemaps/{name}.xml", headers={"host": "gia-mao.example"})
    assert b"gia-mao" not in response.content


@pytest.mark.parametrize("articles", [1, 6])
@pytest.mark.parametrize(
    ("address", "queries"),
    [
        ("/sitemap.xml", 3),
        ("/sitemaps/tin-2023-12.xml", 3),
        ("/sitemaps/van-ban-2023.xml", 3),
        ("/sitemaps/tin-moi.xml", 3),
        ("/sitemaps/trang.xml", 2),
        ("/sitemaps/chuyen-muc.xml", 2),
    ],
)
def test_the_queries_do_not_grow(client, django_assert_num_queries, address, queries, articles):
    for _ in range(articles):
        make_article(at=DECEMBER)
        make_article()
        make_category()
        posted(make_document(), DECEMBER)
    with django_assert_num_queries(queries):
        assert client.get(address).status_code == 200


def test_an_unchanged_sitemap_is_not_sent_again(client):
    make_article(at=DECEMBER)
    first = client.get("/sitemaps/tin-2023-12.xml")
    assert first.headers["Cache-Control"] == "public, max-age=0, must-revalidate"
    again = client.get(
        "/sitemaps/tin-2023-12.xml", headers={"if-none-match": first.headers["ETag"]}
    )
    assert again.status_code == 304
