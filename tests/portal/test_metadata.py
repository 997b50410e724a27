"""What pages tell search engines and link cards about themselves."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.template import Context, Template
from django.test import override_settings
from django.utils import timezone

from core.listing import PER_PAGE
from core.publishing import move
from core.workflow import Action
from portal.metadata import describe
from portal.models import Page, SiteSettings
from tests.factories import (
    make_article,
    make_category,
    make_document,
    make_draft,
    make_person,
    make_photo,
    make_unit,
)
from tests.portal.head import SITE, assert_not_indexed, head_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def site(settings):
    settings.SITE_URL = SITE
    return SiteSettings.objects.create(
        pk=1, name="Đảng bộ Khối", owner="Đảng ủy Khối", description="Trang tin của Đảng bộ."
    )


def head_of_article(client, title="", **fields):
    article = make_article(title, **fields)
    return article, head_of(client, article.get_absolute_url())


def test_an_article_describes_itself(client):
    section = make_category("Xây dựng Đảng")
    article, head = head_of_article(
        client,
        "Tổng kết năm 2023",
        summary="Câu một.\r\nCâu “hai”.",
        category=make_category("Tuyên giáo", parent=section),
        at=datetime(2023, 12, 19, 20, 0, tzinfo=UTC),
    )
    address = SITE + article.get_absolute_url()
    assert head.meta["description"] == head.meta["og:description"] == "Câu một. Câu “hai”."
    assert head.link("canonical") == [address] == [head.meta["og:url"]]
    assert head.meta["og:type"] == "article"
    assert head.meta["og:title"] == "Tổng kết năm 2023"
    assert head.meta["og:site_name"] == "Đảng bộ Khối"
    assert head.meta["og:locale"] == "vi_VN"
    assert head.meta["article:published_time"] == "2023-12-20T03:00:00+07:00"
    modified = datetime.fromisoformat(head.meta["article:modified_time"])
    assert modified == article.live.went_live_at.replace(microsecond=0)
    assert head.meta["article:section"] == "Tuyên giáo"
    assert "robots" not in head.meta
    assert head.trail == [
        ("Trang chủ", "/"),
        ("Xây dựng Đảng", section.get_absolute_url()),
        ("Tuyên giáo", article.category.get_absolute_url()),
        ("Tổng kết năm 2023", article.get_absolute_url()),
    ]


def test_an_article_is_a_news_article_of_schema_org(client):
    article, head = head_of_article(
        client,
        "Tổng kết năm 2023",
        summary="Câu một.",
        lead_photo=make_photo(),
        pen_name="Hồng Nhung",
        unit=make_unit("Chi bộ Sở Tài chính"),
        source_name="Báo Nhân Dân",
        source_url="https://nhandan.vn/bai",
        at=datetime(2023, 12, 19, 20, 0, tzinfo=UTC),
    )
    news, live = head.thing("NewsArticle"), article.live
    assert news["headline"] == "Tổng kết năm 2023"
    assert news["description"] == "Câu một."
    assert news["mainEntityOfPage"] == SITE + article.get_absolute_url()
    assert news["image"] == [SITE + live.lead_photo.social_url]
    assert news["datePublished"] == "2023-12-20T03:00:00+07:00"
    assert datetime.fromisoformat(news["dateModified"]) == live.went_live_at.replace(microsecond=0)
    assert news["author"] == {
        "@type": "Person",
        "name": "Hồng Nhung",
        "affiliation": {"@type": "Organization", "name": "Chi bộ Sở Tài chính"},
    }
    assert news["publisher"]["name"] == "Đảng ủy Khối"
    assert news["publisher"]["logo"]["url"].startswith(SITE)
    assert news["isBasedOn"] == {
        "@type": "CreativeWork",
        "url": "https://nhandan.vn/bai",
        "publisher": {"@type": "Organization", "name": "Báo Nhân Dân"},
    }


def test_the_unit_is_the_author_where_no_pen_name_is_given(client):
    _, head = head_of_article(client, unit=make_unit("Chi bộ Sở Tài chính"))
    expected = {"@type": "Organization", "name": "Chi bộ Sở Tài chính"}
    assert head.thing("NewsArticle")["author"] == expected


def test_the_publisher_answers_for_an_article_without_author_and_is_its_only_source(client):
    news = head_of_article(client)[1].thing("NewsArticle")
    assert news["author"] == {"@id": news["publisher"]["@id"]}
    assert "isBasedOn" not in news


@pytest.mark.parametrize(
    "title",
    ["</script><script>alert(1)</script>", "<!--<script>", "]]> & “x” \" ' \\ \u2028", "{{ 7*7 }}"],
)
def test_no_title_breaks_out_of_the_metadata(client, title):
    article, head = head_of_article(client, title, summary=title, pen_name=title)
    news = head.thing("NewsArticle")
    assert news["headline"] == article.live.title
    assert news["author"]["name"] == article.live.pen_name
    assert head.meta["og:title"] == article.live.title
    page = client.get(article.get_absolute_url()).content.decode()
    assert "<script>alert" not in page
    assert "<!--<script>" not in page
    for script in re.findall(r'ld\+json">(.*?)</script>', page, re.DOTALL):
        assert not re.search("[<>&]", script)


def test_the_json_ld_tag_escapes_whatever_it_is_given():
    template = Template("{% load metadata %}{% json_ld graph %}")
    graph = [{"name": "</script><!-- & application/json"}]
    written = template.render(Context({"graph": graph}))
    start, end = '<script type="application/ld+json">', "</script>"
    assert written.startswith(start)
    inside = written.removeprefix(start).removesuffix(end)
    assert json.loads(inside) == {"@context": "https://schema.org", "@graph": graph}
    assert not re.search("[<>&]", inside)


@pytest.mark.parametrize(
    ("size", "card"), [((60, 40), ("60", "40")), ((1500, 1000), ("1200", "800"))]
)
def test_the_link_card_shows_the_photo_in_its_true_size(client, size, card):
    photo = make_photo(size=size, alt="Đại biểu “biểu quyết”")
    _, head = head_of_article(client, lead_photo=photo)
    assert head.meta["og:image"] == SITE + photo.social_url
    assert (head.meta["og:image:width"], head.meta["og:image:height"]) == card
    assert head.meta["og:image:alt"] == "Đại biểu “biểu quyết”"
    assert head.meta["og:image:type"] == "image/jpeg"
    assert head.meta["twitter:card"] == "summary_large_image"


def test_without_a_photo_the_link_card_shows_the_icon_of_the_site(client):
    _, head = head_of_article(client)
    assert head.meta["og:image"] == f"{SITE}/static/icons/icon-512.png"
    assert head.meta["twitter:card"] == "summary"
    assert "og:image:alt" not in head.meta


def test_without_a_summary_the_beginning_of_the_body_describes_an_article(client):
    _, head = head_of_article(
        client, summary="", body="<p>Toàn <strong>Đảng bộ</strong> thi đua.</p>"
    )
    assert head.meta["description"] == "Toàn Đảng bộ thi đua."


def test_the_front_page_names_the_site_and_its_owner(client):
    head = head_of(client, "/")
    assert head.link("canonical") == [f"{SITE}/"]
    assert head.meta["description"] == "Trang tin của Đảng bộ."
    assert head.meta["og:type"] == "website"
    owner = head.thing("Organization")
    assert owner["name"] == "Đảng ủy Khối"
    assert head.thing("WebSite")["name"] == "Đảng bộ Khối"
    assert head.thing("WebSite")["publisher"] == {"@id": owner["@id"]}


def test_each_page_of_a_category_is_canonical_to_itself(client):
    section = make_category("Xây dựng Đảng")
    category = make_category(
        "Kết nạp", slug="ket-nap", parent=section, description="Đảng viên mới."
    )
    for _ in range(PER_PAGE + 1):
        make_article(category=category)
    path = category.get_absolute_url()
    for address in (path, f"{path}?trang=1", f"{path}?utm_source=zalo"):
        assert head_of(client, address).link("canonical") == [SITE + path]
    head = head_of(client, f"{path}?trang=2&x=1")
    assert head.link("canonical") == [f"{SITE}{path}?trang=2"] == [head.meta["og:url"]]
    assert head.meta["description"] == "Đảng viên mới."
    assert [name for name, _ in head.trail] == ["Trang chủ", "Xây dựng Đảng", "Kết nạp"]
    assert head.trail[-1][1] == path


def test_a_category_without_a_description_is_described_by_its_name(client):
    head = head_of(client, make_category("Tuyên giáo").get_absolute_url())
    assert head.meta["description"] == "Tin, bài của Đảng bộ Khối: Tuyên giáo."


def test_a_category_offers_its_own_feeds_beside_those_of_the_site(client):
    head = head_of(client, make_category(slug="tuyen-giao").get_absolute_url())
    expected = ["/rss/", "/atom/", "/rss/tuyen-giao/", "/atom/tuyen-giao/"]
    assert head.link("alternate") == expected
    assert head_of(client, "/").link("alternate") == expected[:2]
    for address in expected:
        assert client.get(address).status_code == 200


def test_the_news_and_a_month_and_a_static_page_are_canonical(client):
    make_article(at=datetime(2023, 12, 20, tzinfo=UTC))
    Page.objects.create(title="Giới thiệu", slug="gioi-thieu", body="<p>Đảng bộ Khối.</p>")
    for path in ("/tin-tuc/", "/tin-tuc/2023/12/", "/gioi-thieu/"):
        head = head_of(client, path)
        assert head.link("canonical") == [SITE + path]
        assert head.trail[-1][1] == path
        assert head.meta["description"]
        assert "robots" not in head.meta
    assert head_of(client, "/tin-tuc/2023/12/").meta["og:title"] == "Tin, bài tháng 12/2023"


def test_a_page_that_does_not_exist_is_not_indexed(client):
    assert_not_indexed(head_of(client, "/khong-co/", status=404))


def test_a_withdrawn_article_is_not_indexed_and_tells_nothing_of_its_text(client):
    article = make_article("Tên đã gỡ", summary="Nội dung đã gỡ.")
    move(article.live, Action.WITHDRAW, reason="Sai số liệu.")
    head = head_of(client, article.get_absolute_url(), status=410)
    assert_not_indexed(head)
    assert "đã gỡ" not in head.meta["description"]


def test_a_preview_is_not_indexed(client):
    client.force_login(make_person("Lãnh đạo"))
    edition = make_draft(lead_photo=make_photo())
    assert_not_indexed(head_of(client, f"/tin-tuc/{edition.article_id}/xem-truoc/"))


@override_settings(ALLOWED_HOSTS=["*"])
def test_the_host_that_a_request_names_appears_nowhere(client):
    article = make_article(lead_photo=make_photo(), at=timezone.now() - timedelta(days=1))
    for path in ("/", article.get_absolute_url(), article.category.get_absolute_url()):
        response = client.get(path, headers={"host": "gia-mao.example"})
        assert b"gia-mao" not in response.content


def test_metadata_is_made_from_what_the_page_has_loaded(client, django_assert_num_queries):
    category = make_category(parent=make_category())
    article = make_article(lead_photo=make_photo(), unit=make_unit(), category=category)
    document = make_document()
    for address in (
        *("/", "/tin-tuc/", category.get_absolute_url(), article.get_absolute_url()),
        *("/van-ban/", document.get_absolute_url()),
    ):
        context = client.get(address).context[0]
        with django_assert_num_queries(0):
            assert describe(context).graph
