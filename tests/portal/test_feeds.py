"""RSS and Atom: valid for readers' programs, true, and the same whatever host is named."""

from datetime import timedelta
from xml.etree import ElementTree

import feedparser
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.test import override_settings
from django.utils import timezone

from core.publishing import move
from core.workflow import Action
from news.models import Article, Edition
from portal.models import SiteSettings
from tests.factories import make_article, make_category, make_draft, make_photo, make_unit

pytestmark = pytest.mark.django_db
BOTH = pytest.mark.parametrize("address", ["/rss/", "/atom/"])


@pytest.fixture(autouse=True)
def site(settings):
    settings.SITE_URL = "https://dangbo.example.vn"
    return SiteSettings.objects.create(pk=1, name="Đảng bộ Khối", owner="Đảng ủy Khối")


def read(client, address):
    response = client.get(address)
    assert response.status_code == 200
    ElementTree.fromstring(response.content)
    headers = {"content-type": response.headers["Content-Type"]}
    feed = feedparser.parse(response.content, response_headers=headers)
    assert not feed.bozo, feed.bozo_exception
    return feed


@BOTH
def test_an_item_says_what_readers_need(client, address):
    article = make_article(
        "Hỏi & đáp về <Điều lệ Đảng>",
        summary="Câu một.\n“Câu” hai <b>không đậm</b>.",
        pen_name="Hồng Nhung",
        lead_photo=make_photo(),
        category=make_category("Tuyên giáo"),
        at=timezone.now() - timedelta(days=400),
    )
    (item,) = read(client, address).entries
    assert item.title == "Hỏi & đáp về <Điều lệ Đảng>"
    assert item.link == f"https://dangbo.example.vn{article.get_absolute_url()}"
    assert "hai &lt;b&gt;không đậm&lt;/b&gt;." in item.summary
    assert item.author == "Hồng Nhung"
    assert [tag.term for tag in item.tags] == ["Tuyên giáo"]
    assert item.published_parsed[:5] == article.published_at.timetuple()[:5]


@BOTH
def test_the_feed_says_whose_it_is(client, address):
    make_article()
    feed = read(client, address).feed
    assert feed.title == "Đảng bộ Khối"
    assert feed.language == "vi"
    links = {link.rel: link.href for link in feed.links}
    assert links == {
        "alternate": "https://dangbo.example.vn/",
        "self": f"https://dangbo.example.vn{address}",
    }


@pytest.mark.parametrize(
    ("address", "content_type"),
    [
        ("/rss/", "application/rss+xml; charset=utf-8"),
        ("/atom/", "application/atom+xml; charset=utf-8"),
    ],
)
def test_the_formats_are_named_by_their_content_types(client, address, content_type):
    make_article()
    assert client.get(address).headers["Content-Type"] == content_type
    assert read(client, address).version == {"/rss/": "rss20", "/atom/": "atom10"}[address]


@BOTH
def test_an_empty_site_has_a_valid_empty_feed(client, address):
    assert read(client, address).entries == []


@BOTH
def test_the_enclosure_is_the_photo_for_link_cards_with_its_length(client, address):
    photo = make_photo()
    make_article(lead_photo=photo)
    (enclosure,) = read(client, address).entries[0].enclosures
    assert enclosure.href == f"https://dangbo.example.vn{photo.social_url}"
    assert enclosure.type == "image/jpeg"
    assert int(enclosure.length) == default_storage.size(f"photos/{photo.key}/social.jpg")


def test_a_photo_is_left_out_while_its_file_is_missing(client):
    photo = make_photo()
    make_article(lead_photo=photo)
    name = f"photos/{photo.key}/social.jpg"
    with default_storage.open(name) as file:
        content = file.read()
    default_storage.delete(name)
    assert read(client, "/rss/").entries[0].enclosures == []
    default_storage.save(name, ContentFile(content))
    assert read(client, "/rss/").entries[0].enclosures


@BOTH
def test_without_a_summary_the_beginning_of_the_body_stands_in(client, address):
    make_article(summary="", body="<p>" + "Toàn Đảng bộ thi đua. " * 60 + "</p>")
    summary = read(client, address).entries[0].summary
    assert summary.startswith("Toàn Đảng bộ thi đua.")
    assert summary.endswith("…")
    assert len(summary) <= 300


@BOTH
def test_control_characters_in_texts_do_not_break_the_feed(client, address):
    bad = "a\x01b\x0bc\x0cd\x1fe\ufffef\uffffg"
    unit = make_unit(f"Chi bộ {bad}")
    article = make_article(unit=unit, category=make_category(bad))
    with connection.cursor() as cursor:  # the checklist lets no such text through any more
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE news_edition DISABLE TRIGGER edition_immutable")
        Edition.objects.filter(article=article).update(title=bad, summary=bad)
        cursor.execute("ALTER TABLE news_edition ENABLE TRIGGER edition_immutable")
    (item,) = read(client, address).entries
    assert (item.title, item.summary, item.author) == ("abcdefg", "abcdefg", "Chi bộ abcdefg")


@BOTH
def test_the_unit_is_the_author_where_no_pen_name_is_given(client, address):
    make_article(unit=make_unit("Chi bộ Sở Tài chính"))
    assert read(client, address).entries[0].author == "Chi bộ Sở Tài chính"


@BOTH
def test_the_thirty_newest_stand_newest_first(client, address):
    now, category = timezone.now(), make_category()
    titles = [f"Bài {n}" for n in range(32)]
    for age, title in enumerate(titles):
        make_article(title, at=now - timedelta(hours=age), category=category)
    assert [item.title for item in read(client, address).entries] == titles[:30]


@BOTH
def test_only_published_articles_stand_in_it(client, address):
    make_draft("Bản nháp")
    withdrawn = make_article("Đã gỡ")
    move(withdrawn.live, Action.WITHDRAW, reason="Sai số liệu.")
    make_article("Đang đăng")
    assert [item.title for item in read(client, address).entries] == ["Đang đăng"]


@BOTH
def test_a_revision_changes_the_date_of_update_but_never_the_identity(client, address):
    article = make_article("Tên cũ", at=timezone.now() - timedelta(days=3))
    before = read(client, address).entries[0]
    edition = article.revise(by=None)
    edition.title = "Tên mới"
    edition.save()
    move(edition, Action.PUBLISH)
    after = read(client, address).entries[0]
    assert (after.id, after.published) == (before.id, before.published)
    assert after.link != before.link
    assert client.get(after.id.removeprefix("https://dangbo.example.vn")).url in after.link


def test_atom_tells_when_an_item_went_live(client):
    article = make_article(at=timezone.now() - timedelta(days=3))
    (item,) = read(client, "/atom/").entries
    assert item.updated_parsed[:6] == article.live.went_live_at.timetuple()[:6]


def test_the_identity_in_rss_is_not_offered_as_a_link(client):
    make_article()
    assert b'isPermaLink="false"' in client.get("/rss/").content


@BOTH
def test_a_section_has_the_articles_of_its_subsections_and_no_others(client, address):
    section = make_category("Xây dựng Đảng", slug="xay-dung-dang", description="Công tác Đảng.")
    make_article("Con", category=make_category("Kết nạp", slug="ket-nap", parent=section))
    make_article("Mục")
    make_article("Chính", category=section)
    feed = read(client, f"{address}xay-dung-dang/")
    assert {item.title for item in feed.entries} == {"Con", "Chính"}
    assert feed.feed.title == "Xây dựng Đảng – Đảng bộ Khối"
    assert feed.feed.subtitle == "Công tác Đảng."
    assert feed.feed.link == "https://dangbo.example.vn/chuyen-muc/xay-dung-dang/"
    assert [item.title for item in read(client, f"{address}ket-nap/").entries] == ["Con"]


@BOTH
@pytest.mark.parametrize("slug", ["khong-co", "%00", "x" * 5000, "%D9%A1", "a.b", "🌾", "a/b"])
def test_a_category_that_does_not_exist_has_no_feed(client, address, slug):
    assert client.get(f"{address}{slug}/").status_code == 404


@BOTH
@override_settings(ALLOWED_HOSTS=["*"])
def test_the_host_that_a_request_names_appears_nowhere(client, address):
    make_article(lead_photo=make_photo())
    content = client.get(address, headers={"host": "gia-mao.example"}).content
    assert b"gia-mao" not in content
    assert b"testserver" not in content


@BOTH
def test_nothing_is_sent_twice_until_it_changes(client, address):
    article = make_article(at=timezone.now() - timedelta(days=1))
    make_article(at=timezone.now() - timedelta(days=2))
    first = client.get(address)
    assert first.headers["Cache-Control"] == "public, max-age=0, must-revalidate"
    known = {"if-none-match": first.headers["ETag"]}
    assert client.get(address, headers=known).status_code == 304
    move(Article.objects.get(pk=article.pk).live, Action.WITHDRAW, reason="Sai.")
    since = {"if-modified-since": "Sat, 01 Jan 2050 00:00:00 GMT"}
    assert client.get(address, headers=known).status_code == 200
    assert client.get(address, headers=since).status_code == 200


@pytest.mark.parametrize(("category", "queries"), [(False, 3), (True, 4)])
@pytest.mark.parametrize("articles", [1, 6])
def test_the_queries_do_not_grow(client, django_assert_num_queries, category, queries, articles):
    section = make_category(slug="tuyen-giao")
    for _ in range(articles):
        subsection = make_category(parent=section)
        make_article(category=subsection, lead_photo=make_photo(), unit=make_unit())
    with django_assert_num_queries(queries):
        client.get("/rss/tuyen-giao/" if category else "/rss/")


@BOTH
def test_a_feed_is_only_read(client, address):
    assert client.post(address).status_code == 405
