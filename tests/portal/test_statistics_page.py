"""The page /thong-ke/, the block Thống kê truy cập, and the figures on other pages."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from core.publishing import move
from core.workflow import Action
from documents.models import Document
from portal.budget import BUDGET
from portal.home import front_page
from portal.models import Download, Page
from portal.templatetags.counted import uses_of_document
from stats import figures, signing, spool, totals
from stats.models import Drop, Kind, Live, ObjectDay, Opening, SiteDay
from tests.factories import (
    attached,
    make_article,
    make_cadre,
    make_document,
    make_document_draft,
    make_person,
    make_site,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def closed_days_may_be_written():
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL portal.maintenance = 'on'")


def write_day(day, visits, views=0, phone_views=0):
    SiteDay.objects.create(day=day, visits=visits, views=views, phone_views=phone_views)


def seen(kind, thing, amount, days_ago=0):
    day = timezone.localdate() - timedelta(days=days_ago)
    ObjectDay.objects.create(day=day, kind=kind, object_id=thing.pk, amount=amount)


def write_live(**fields):
    values = {"online": 17, "today": 250, "week": 5_501, "total": 721_618} | fields
    Live.objects.create(**{"loaded_at": timezone.now()} | values)
    figures.cache.forget()


def text(client, path="/thong-ke/"):
    return " ".join(client.get(path).content.decode().split())


class TestTheBlock:
    @pytest.mark.parametrize(
        "path", ["/", "/tin-tuc/", "/gioi-thieu/", "/van-ban/", "/van-ban/kiem-tra/", "/khong-co/"]
    )
    def test_it_stands_once_on_every_kind_of_page(self, client, path):
        Page.objects.create(title="Giới thiệu", slug="gioi-thieu")
        write_live()
        page = text(client, path)
        assert page.count('id="thong-ke-truy-cap"') == 1
        for name, figure in (("online", "17"), ("week", "5.501"), ("total", "721.618")):
            assert f'<dd data-figure="{name}">{figure}</dd>' in page

    def test_it_stands_on_articles_documents_categories_and_months(self, client):
        article = make_article()
        at = article.published_at
        for path in (
            article.get_absolute_url(),
            article.category.get_absolute_url(),
            f"/tin-tuc/{at:%Y}/{at.month}/",
            make_document().get_absolute_url(),
        ):
            assert text(client, path).count('id="thong-ke-truy-cap"') == 1, path

    def test_it_tells_nothing_rather_than_what_is_stale(self, client):
        write_live(loaded_at=timezone.now() - timedelta(seconds=61))
        assert text(client, "/").count("–</dd>") == 4

    def test_pages_within_a_second_ask_for_the_figures_once(self, client, monkeypatch):
        write_live()
        monkeypatch.setattr(figures, "KEPT", 3_600)
        client.get("/gioi-thieu/")
        Live.objects.update(online=99)
        assert 'data-figure="online">17<' in text(client, "/")


class TestWhatPagesSign:
    def test_a_page_names_what_it_shows(self, client):
        article, document = make_article(), make_document()
        for path, token in (
            ("/", signing.token(Kind.PAGE)),
            ("/van-ban/", signing.token(Kind.PAGE)),
            (article.get_absolute_url(), signing.token(Kind.ARTICLE, article.pk)),
            (document.get_absolute_url(), signing.token(Kind.DOCUMENT, document.pk)),
        ):
            page = text(client, path)
            assert f'<meta name="dem" content="{token}">' in page
            assert f'<noscript><img class="visually-hidden" src="/dem/anh.gif?o={token}"' in page

    def test_the_page_of_a_withdrawn_article_is_a_page_like_any(self, client):
        article = make_article()
        move(article.live, Action.WITHDRAW, reason="Nhầm.")
        assert f'content="{signing.token(Kind.PAGE)}"' in text(client, article.get_absolute_url())

    def test_a_preview_is_not_counted(self, client):
        client.force_login(make_person("Lãnh đạo"))
        page = text(client, f"/tin-tuc/{make_article().pk}/xem-truoc/")
        assert "lượt xem" not in page
        assert 'name="dem"' not in page

    def test_two_readers_get_the_same_bytes(self, client):
        path = make_article().get_absolute_url()
        assert client.get(path).content == client.get(path).content


class TestFiguresOfOne:
    def test_an_article_tells_its_views(self, client):
        article = make_article()
        assert "0 lượt xem" in text(client, article.get_absolute_url())
        totals.add({(Kind.ARTICLE, article.pk): 1_234})
        assert "1.234 lượt xem" in text(client, article.get_absolute_url())

    def test_a_document_tells_views_and_downloads_with_one_more_query(
        self, client, django_assert_num_queries
    ):
        document = make_document()
        totals.add({(Kind.DOCUMENT, document.pk): 1_234, (Kind.DOWNLOAD, document.pk): 56})
        assert totals.content_type(Kind.DOWNLOAD).model_class() is Download
        with django_assert_num_queries(1):
            uses = uses_of_document(document.pk)
        assert uses == {"views": 1_234, "downloads": 56}
        assert "1.234 lượt xem, 56 lượt tải" in text(client, document.get_absolute_url())

    def test_of_an_internal_document_nothing_is_told(self, client):
        client.force_login(make_cadre())
        document = make_document(visibility="internal")
        totals.add({(Kind.DOCUMENT, document.pk): 1_234})
        assert "lượt xem" not in text(client, document.get_absolute_url())


class TestDownloads:
    def taken(self, client, **headers):
        draft = make_document_draft()
        address = attached(draft, "Nội dung.").get_absolute_url()
        move(draft, Action.PUBLISH)
        client.head(address)
        client.get(address, headers=headers)
        return [(line.hit.kind, signing.read(line.hit.token)) for line in spool.lines({})]

    @pytest.mark.parametrize("headers", [{}, {"range": "bytes=0-9"}])
    def test_a_file_that_is_taken_counts_for_its_document(self, client, headers):
        found = self.taken(client, **headers)
        assert found == [("download", (Kind.DOWNLOAD, Document.objects.get().pk))]

    def test_a_later_part_of_a_file_does_not_count_again(self, client):
        assert self.taken(client, range="bytes=10-19") == []


class TestMostRead:
    def test_what_is_seen_most_these_days_stands_on_the_front_page(self, client):
        older, newer, _unseen = make_article(), make_article(), make_article()
        seen(Kind.ARTICLE, older, 20, days_ago=6)
        seen(Kind.ARTICLE, newer, 10)
        assert [card.article for card in front_page(None).most_read] == [newer, older]
        assert "Đọc nhiều" in text(client, "/")

    def test_what_is_not_public_does_not(self, client):
        gone = make_article()
        seen(Kind.ARTICLE, gone, 20)
        move(gone.live, Action.WITHDRAW, reason="Nhầm.")
        assert front_page(None).most_read == []
        assert "Đọc nhiều" not in text(client, "/")


class TestThePage:
    def test_a_new_portal_has_one_that_shows_nothing_broken(self, client):
        response = client.get("/thong-ke/")
        assert response.status_code == 200
        assert response["Cache-Control"] == "public, max-age=60"
        assert "Set-Cookie" not in response

    def test_it_adds_years_up_with_what_the_old_site_had(self, client):
        Opening.objects.create(amount=366_201, source="Trang cũ", dated=date(2022, 12, 31))
        write_day(date(2023, 1, 1), 146_000, 300_000, 150_000)
        write_day(date(2023, 12, 31), 205)
        page = text(client)
        assert (
            '<th scope="row">2023</th><td>146.205</td><td>300.000</td><td>50%</td>'
            "<td>512.406</td>" in page
        )
        assert "366.201 lượt truy cập toàn trang</strong>, tính đến ngày 31/12/2022" in page
        assert "Nguồn: Trang cũ." in page

    def test_it_shows_thirty_days_or_ninety_and_nothing_else(self, client):
        today = timezone.localdate()
        write_day(today - timedelta(days=29), 11)
        write_day(today - timedelta(days=89), 13)
        thirty, ninety = (
            client.get(path).context["statistics"]["by_day"]
            for path in ("/thong-ke/", "/thong-ke/?ngay=90")
        )
        assert [sum(place.value for place in one.places) for one in (thirty, ninety)] == [11, 24]
        assert [len(one.places) for one in (thirty, ninety)] == [30, 90]
        for hostile in ("7", "٣٠", "<b>", "30%00"):
            assert client.get(f"/thong-ke/?ngay={hostile}").status_code == 404

    def test_every_chart_has_its_words_and_its_figures_as_a_table(self, client):
        page = text(client)
        assert page.count('role="img"') == page.count("<desc") == 3
        assert page.count("Bảng số liệu<span") == 3

    def test_it_names_only_what_everybody_may_read(self, client):
        article, gone = make_article("Hội nghị quý I"), make_article("Bài đã gỡ")
        document = make_document("24-CT/TU")
        internal = make_document("25-CT/TU", visibility="internal")
        for one in (article, gone):
            seen(Kind.ARTICLE, one, 1_500)
        move(gone.live, Action.WITHDRAW, reason="Nhầm.")
        totals.add({(Kind.DOWNLOAD, document.pk): 12, (Kind.DOWNLOAD, internal.pk): 99})
        page = text(client)
        assert page.count("Hội nghị quý I</a> <span") == 2  # of the week and of the month
        assert "Bài đã gỡ" not in page
        assert "12 lượt tải" in page
        assert "25-CT/TU" not in page

    def test_it_tells_what_was_not_counted_and_why(self, client):
        today = timezone.localdate()
        Drop.objects.create(day=today, reason="crawler", hits=13_058)
        write_day(today, 1, 100, 69)
        page = text(client)
        assert '<th scope="row">Máy thu thập tự động</th><td>13.058</td>' in page
        assert "69% lượt xem đến từ điện thoại" in page

    def test_a_correction_is_told_with_its_reason(self, client):
        common = {"source": "Trang cũ", "dated": date(2022, 12, 31)}
        Opening.objects.create(amount=1_000, **common)
        Opening.objects.create(amount=-40, reason="Đếm lặp <hai> lần.", **common)
        page = text(client)
        assert "-40 lượt truy cập toàn trang</strong> (điều chỉnh)" in page
        assert "Lý do: Đếm lặp &lt;hai&gt; lần." in page

    def test_the_definitions_are_published(self, client):
        page = text(client)
        for word in ("Lượt truy cập", "Lượt xem", "Lượt tải", "Đang online", "48 giờ"):
            assert f"<dt>{word}</dt>" in page or word in page
        for number in ("30 phút", "5 phút", "thứ Hai", "91/2025/QH15"):
            assert number in page

    @pytest.mark.usefixtures("process_that_answered_before")
    def test_it_costs_the_same_for_any_number_of_days(self, client, django_assert_max_num_queries):
        make_site()
        for n in range(40):
            write_day(timezone.localdate() - timedelta(days=n * 20), 5)
        for article in (make_article(), make_article()):
            seen(Kind.ARTICLE, article, 3)
        client.get("/thong-ke/")
        with django_assert_max_num_queries(BUDGET["statistics"]):
            client.get("/thong-ke/")

    def test_search_engines_find_it(self, client):
        assert "/thong-ke/" in client.get("/sitemaps/trang.xml").content.decode()
        assert '/thong-ke/">' in text(client)
        assert 'rel="canonical"' in text(client)

    def test_it_is_only_to_be_read(self, client):
        assert client.post("/thong-ke/").status_code == 405
