"""The newsroom's report and its workbook, the opening figures, the columns of lists."""

import io
from datetime import date, timedelta
from urllib.parse import unquote

import openpyxl
import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from portal import reports
from stats import history, totals
from stats.models import Kind, ObjectDay, Opening, SiteDay
from tests.factories import (
    make_article,
    make_category,
    make_document,
    make_person,
    make_type,
    make_unit,
    make_user,
)

pytestmark = pytest.mark.django_db
REPORT = "/quan-tri/stats/siteday/"


@pytest.fixture(autouse=True)
def closed_days_may_be_written():
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL portal.maintenance = 'on'")


@pytest.fixture
def reporter(client):
    user = make_user("stats.view_siteday", "stats.view_opening", "stats.add_opening")
    client.force_login(user)
    return user


def write_day(day, visits):
    SiteDay.objects.create(day=day, visits=visits)


def seen(kind, thing, day, amount):
    ObjectDay.objects.create(day=day, kind=kind, object_id=thing.pk, amount=amount)


def places(**parameters):
    found = reports.chart(reports.asked(parameters)).places
    return {place.label: (place.value, place.before) for place in found}


class TestTheChart:
    def test_months_stand_beside_those_of_the_year_before(self):
        write_day(date(2023, 2, 10), 30)
        write_day(date(2022, 2, 27), 20)
        write_day(date(2022, 3, 1), 7)
        found = places(ky="thang", nam="2023")
        assert len(found) == 12
        assert found["02/2023"] == (30, 20)
        assert found["03/2023"] == (0, 7)

    def test_days_stand_beside_the_same_dates(self):
        write_day(date(2024, 2, 29), 30)
        write_day(date(2023, 2, 28), 20)
        found = places(ky="ngay", nam="2024", thang="2")
        assert len(found) == 29
        assert found["28/02"] == (0, 20)
        assert found["29/02"] == (30, 20)

    def test_weeks_stand_beside_those_of_the_same_number(self):
        write_day(date(2025, 12, 29), 30)  # week 1 of 2026
        write_day(date(2024, 12, 30), 20)  # week 1 of 2025
        found = places(ky="tuan", nam="2026")
        assert len(found) == 53
        assert found["Tuần 1 (29/12)"] == (30, 20)
        assert found["Tuần 53 (28/12)"] == (0, None)

    def test_years_stand_since_the_first_day(self):
        write_day(date(2021, 5, 1), 5)
        write_day(date(2022, 5, 1), 6)
        found = places(ky="nam")
        assert found["2021"] == (5, None)
        assert found["2022"] == (6, 5)
        assert str(timezone.localdate().year) in found


class TestTheBreakdown:
    def test_views_are_told_by_category_unit_author_and_type(self, django_assert_num_queries):
        section, unit = make_category("Tuyên giáo"), make_unit("Chi bộ Một")
        signed = make_article(category=section, unit=unit, pen_name="Hạ Vy")
        plain = make_article(category=section)
        document = make_document(type=make_type("Kế hoạch"))
        seen(Kind.ARTICLE, signed, date(2023, 5, 1), 30)
        seen(Kind.ARTICLE, signed, date(2022, 5, 1), 20)
        seen(Kind.ARTICLE, plain, date(2023, 12, 31), 5)
        seen(Kind.ARTICLE, plain, date(2024, 1, 1), 900)
        seen(Kind.DOCUMENT, document, date(2023, 5, 1), 7)
        seen(Kind.DOWNLOAD, document, date(2023, 5, 1), 3)
        with django_assert_num_queries(5):
            found = reports.breakdowns(reports.asked({"ky": "thang", "nam": "2023"}))
        rows = [[(row.label, row.value, row.before) for row in one.rows] for one in found]
        assert rows == [
            [("Tuyên giáo", 35, 20)],
            [("Chi bộ Một", 30, 20), ("Không ghi", 5, 0)],
            [("Hạ Vy", 30, 20), ("Không ghi", 5, 0)],
            [("Kế hoạch", 7, 0)],
            [("Kế hoạch", 3, 0)],
        ]

    def test_by_day_it_tells_of_the_month(self):
        article = make_article()
        seen(Kind.ARTICLE, article, date(2023, 5, 31), 30)
        seen(Kind.ARTICLE, article, date(2023, 6, 1), 4)
        found = reports.breakdowns(reports.asked({"ky": "ngay", "nam": "2023", "thang": "6"}))
        assert [row.value for row in found[0].rows] == [4]


class TestThePage:
    def test_it_shows_charts_and_tables(self, client, reporter):
        write_day(date(2023, 2, 10), 1_530)
        seen(Kind.ARTICLE, make_article(category=make_category("Tuyên giáo")), date(2023, 2, 10), 9)
        page = client.get(REPORT, {"ky": "thang", "nam": "2023"}).content.decode()
        assert "<desc" in page
        assert "1.530" in page
        assert "Tuyên giáo" in page

    @pytest.mark.parametrize(
        "query", ["ky=gio", "nam=abc", "nam=99999", "nam=1", "thang=13", "thang=٣", "nam=9999"]
    )
    def test_hostile_values_are_not_found(self, client, reporter, query):
        assert client.get(f"{REPORT}?{query}").status_code == 404
        assert client.get(f"{REPORT}xuat/?{query}").status_code == 404

    def test_it_is_for_those_who_were_given_the_right(self, client):
        client.force_login(make_user("news.view_article"))
        assert client.get(REPORT).status_code == 403
        assert client.get(f"{REPORT}xuat/").status_code == 403

    def test_days_cannot_be_written_there(self, client, reporter):
        write_day(date(2023, 2, 10), 1)
        assert client.get(f"{REPORT}add/").status_code == 403
        assert client.post(f"{REPORT}2023-02-10/delete/").status_code == 403
        assert client.post(REPORT).status_code == 405

    def test_the_first_page_of_the_newsroom_leads_there(self, client, reporter):
        page = client.get("/quan-tri/").content.decode()
        assert f'href="{REPORT}"' in page
        assert "Báo cáo truy cập" in page

    def test_its_queries_do_not_grow(self, client, reporter, django_assert_max_num_queries):
        for n in range(30):
            write_day(date(2023, 1, 1) + timedelta(days=n), n)
            seen(Kind.ARTICLE, make_article(), date(2023, 1, 1), 9)
        with django_assert_max_num_queries(15):
            client.get(REPORT, {"nam": "2023"})


class TestTheWorkbook:
    def test_it_has_a_sheet_for_the_chart_and_for_each_breakdown(self, client, reporter):
        write_day(date(2023, 2, 10), 1_530)
        seen(Kind.ARTICLE, make_article(pen_name="Hạ Vy"), date(2023, 2, 10), 9)
        response = client.get(f"{REPORT}xuat/", {"ky": "thang", "nam": "2023"})
        assert "Báo cáo truy cập năm 2023.xlsx" in unquote(response["Content-Disposition"])
        book = openpyxl.load_workbook(io.BytesIO(response.content))
        assert len(book.sheetnames) == 6
        rows = list(book["Lượt truy cập"].iter_rows(values_only=True))
        assert rows[0] == ("Tháng", "Kỳ này", "Cùng kỳ năm trước", "Tăng, giảm")
        assert rows[2] == ("02/2023", 1_530, 0, None)
        author = book["Lượt xem theo tác giả bút danh"]
        assert list(author.iter_rows(min_row=2, values_only=True)) == [("Hạ Vy", 9, 0, None)]

    def test_nothing_in_it_is_taken_for_a_formula(self, client, reporter):
        article = make_article(pen_name='=HYPERLINK("http://x")')
        seen(Kind.ARTICLE, article, date(2023, 2, 10), 9)
        response = client.get(f"{REPORT}xuat/", {"nam": "2023"})
        book = openpyxl.load_workbook(io.BytesIO(response.content))
        found = book["Lượt xem theo tác giả bút danh"]["A2"]
        assert found.data_type == "s"
        assert found.value == '\'=HYPERLINK("http://x")'


class TestOpenings:
    address = "/quan-tri/stats/opening/add/"

    def enter(self, client, **fields):
        common = {"source": "Trang cũ", "dated": "31/12/2022", "amount": "100", "reason": ""}
        return client.post(self.address, {"kind": "", "object_id": "", **common, **fields})

    def test_a_figure_of_the_site_is_entered_once_and_corrected_with_a_reason(
        self, client, reporter
    ):
        assert self.enter(client).status_code == 302
        assert "hãy ghi lý do điều chỉnh" in self.enter(client).content.decode()
        assert self.enter(client, amount="-30", reason="Đếm lặp.").status_code == 302
        assert history.opening() == 70
        assert {row.entered_by for row in Opening.objects.all()} == {reporter}

    def test_a_figure_of_an_article_is_added_to_its_views(self, client, reporter):
        article = make_article()
        fields = {"kind": "b", "object_id": article.pk}
        assert self.enter(client, **fields).status_code == 302
        self.enter(client, **fields, amount="-40", reason="Đếm lặp.")
        assert history.totals_of([Kind.ARTICLE], article.pk)[Kind.ARTICLE] == 60

    def test_downloads_are_those_of_a_document(self, client, reporter):
        document = make_document()
        assert self.enter(client, kind="d", object_id=document.pk).status_code == 302
        assert history.totals_of([Kind.DOWNLOAD], document.pk)[Kind.DOWNLOAD] == 100

    @pytest.mark.parametrize(
        ("fields", "words"),
        [
            ({"kind": "b", "object_id": "999999"}, "Không có bài hoặc văn bản mang số này."),
            ({"kind": "b"}, "Hãy chọn cả loại và đối tượng"),
            ({"object_id": "5"}, "Hãy chọn cả loại và đối tượng"),
            ({"amount": "-1", "reason": "Nhầm."}, "không thể giảm nhiều hơn"),
            ({"amount": "-5"}, "không thể giảm nhiều hơn"),
            ({"kind": "t", "object_id": "5"}, "Hãy chọn một lựa chọn hợp lệ"),
            ({"source": ""}, "Hãy điền mục này."),
        ],
    )
    def test_what_cannot_be_is_refused_in_words(self, client, reporter, fields, words):
        page = self.enter(client, **fields)
        assert page.status_code == 200
        assert words in page.content.decode()
        assert not Opening.objects.exists()

    def test_what_was_entered_is_never_changed(self, client, reporter):
        self.enter(client)
        row = Opening.objects.get()
        place = f"/quan-tri/stats/opening/{row.pk}"
        assert client.post(f"{place}/change/", {"amount": "5"}).status_code == 403
        assert client.post(f"{place}/delete/", {"post": "yes"}).status_code == 403
        assert "Trang cũ" in client.get("/quan-tri/stats/opening/").content.decode()

    def test_what_was_entered_can_be_read_again(self, client, reporter):
        self.enter(client)
        page = client.get(f"/quan-tri/stats/opening/{Opening.objects.get().pk}/change/")
        assert page.status_code == 200
        assert "31/12/2022" in page.content.decode()
        assert 'name="_save"' not in page.content.decode()

    def test_figures_are_grouped_as_everywhere(self, client, reporter):
        self.enter(client, amount="721618")
        listed = client.get("/quan-tri/stats/opening/").content.decode()
        assert "Toàn trang: 721.618 lượt" in listed
        assert '<td class="field-signed_amount">721.618</td>' in listed
        refused = self.enter(client, amount="-900000", reason="Nhầm.").content.decode()
        assert "Hiện chỉ có 721.618 lượt" in refused


class TestLists:
    def in_order(self, client, model, **parameters):
        address = reverse(f"admin:{model}_changelist")
        return [row.pk for row in client.get(address, parameters).context["cl"].result_list]

    def test_articles_can_be_put_in_the_order_of_their_views(self, client):
        client.force_login(make_person("Lãnh đạo"))
        few, many, none = make_article(), make_article(), make_article()
        totals.add({(Kind.ARTICLE, few.pk): 3, (Kind.ARTICLE, many.pk): 1_234})
        assert self.in_order(client, "news_article") == [none.pk, many.pk, few.pk]
        assert self.in_order(client, "news_article", o="6") == [many.pk, few.pk, none.pk]
        assert self.in_order(client, "news_article", o="-6") == [none.pk, few.pk, many.pk]
        assert "1.234" in client.get(reverse("admin:news_article_changelist")).content.decode()

    def test_documents_can_be_put_in_the_order_of_their_downloads(self, client):
        client.force_login(make_user("documents.view_document"))
        first, second = make_document(), make_document()
        totals.add({(Kind.DOWNLOAD, first.pk): 3, (Kind.DOCUMENT, second.pk): 8})
        assert self.in_order(client, "documents_document", o="8") == [second.pk, first.pk]
        assert self.in_order(client, "documents_document", o="9") == [first.pk, second.pk]
