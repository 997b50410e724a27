"""The page /van-ban/: what readers and cadres see, what hostile addresses get."""

from datetime import date

import pytest
from django.test import Client

from documents.models import Field
from portal.budget import BUDGET
from tests.factories import attached, make_cadre, make_document, make_issuer, make_site, make_type

pytestmark = pytest.mark.django_db
ADDRESS = "/van-ban/"


def text(response):
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_a_document_is_listed_with_all_that_a_cadre_looks_for(client):
    issuer = make_issuer("Đảng ủy Khối", slug="dang-uy-khoi")
    document = make_document(
        "24-KH/ĐUK", issuer=issuer, abstract="Về chuyển đổi số", issued_on=date(2022, 10, 7)
    )
    file = attached(document)
    shown = text(client.get(ADDRESS))
    for words in ("24-KH/ĐUK", "Về chuyển đổi số", "Kế hoạch", "Đảng ủy Khối", "07/10/2022"):
        assert words in shown
    assert "Còn hiệu lực" in shown
    assert f"{file.get_absolute_url()}?tai-ve" in shown
    assert "1 văn bản" in shown


def test_the_main_file_is_offered_not_an_appendix(client):
    document = make_document()
    appendix = attached(document, role="appendix")
    assert appendix.get_absolute_url() not in text(client.get(ADDRESS))


def test_an_empty_library_says_so(client):
    assert "Thư viện chưa có văn bản nào" in text(client.get(ADDRESS))


def test_a_search_without_result_says_what_to_do(client):
    make_document()
    shown = text(client.get(ADDRESS, {"q": "khongcochunay"}))
    assert "Không tìm thấy văn bản nào" in shown
    assert "bỏ bớt bộ lọc" in shown


class TestSign:
    def test_of_one_document_leads_straight_to_it(self, client):
        document = make_document("24-CT/TU")
        for typed in ("24-CT/TU", "số 24 ct/tu", " 24–CT/TU "):
            response = client.get(ADDRESS, {"q": typed})
            assert response.status_code == 302
            assert response["Location"] == document.get_absolute_url()
            assert "public" in response["Cache-Control"]

    def test_of_several_lists_them_with_issuer_and_term(self, client):
        for term in ("2015-2020", "2020-2025"):
            make_document("24-CT/TU", issuer=make_issuer(f"Tỉnh ủy {term}"), term=term)
        shown = text(client.get(ADDRESS, {"q": "24-CT/TU"}))
        assert 'Có 2 văn bản cùng mang số <span class="whole">24-CT/TU</span>' in shown
        for term in ("2015-2020", "2020-2025"):
            assert f"Tỉnh ủy {term}" in shown
            assert f"Nhiệm kỳ {term}" in shown

    def test_of_none_is_looked_for_in_the_texts(self, client):
        make_document("25-CT/TU", abstract="Về thực hiện Chỉ thị 24-CT/TU")
        shown = text(client.get(ADDRESS, {"q": "24-CT/TU"}))
        assert 'không có văn bản nào mang số <span class="whole">24-CT/TU' in shown
        assert "25-CT/TU" in shown

    def test_of_an_internal_document_answers_strangers_as_if_absent(self, client):
        make_document("24-CT/TU", visibility="internal")
        hidden, absent = (client.get(ADDRESS, {"q": sign}) for sign in ("24-CT/TU", "99-CT/TU"))
        assert hidden.status_code == absent.status_code == 200
        assert hidden.content.decode().replace("24-CT", "99-CT") == (
            absent.content.decode().replace("24-CT", "99-CT")
        )

    def test_of_an_internal_document_leads_a_cadre_to_it(self, client):
        document = make_document("24-CT/TU", visibility="internal")
        client.force_login(make_cadre())
        assert client.get(ADDRESS, {"q": "24-CT/TU"})["Location"] == document.get_absolute_url()


class TestCadres:
    def test_see_internal_documents_marked_and_stored_nowhere(self, client):
        make_document("24-CT/TU", visibility="internal")
        make_document("25-CT/TU")
        client.force_login(make_cadre())
        response = client.get(ADDRESS)
        assert text(response).count("Lưu hành nội bộ</span>") == 1
        assert "no-store" in response["Cache-Control"]

    def test_alone_see_them(self, client):
        make_document("24-CT/TU", visibility="internal")
        response = client.get(ADDRESS)
        assert "24-CT/TU</td>" not in text(response)
        assert response["Cache-Control"] == "public, max-age=0, must-revalidate"


class TestForm:
    def test_keeps_what_was_asked(self, client):
        make_document("24-CT/TU", issued_on=date(2022, 1, 1))
        shown = text(client.get(ADDRESS, {"q": "ct", "loai": "ke-hoach", "nam": "2022"}))
        assert 'value="ct"' in shown
        assert '<option value="ke-hoach" selected>Kế hoạch (1)</option>' in shown
        assert '<option value="2022" selected>2022 (1)</option>' in shown

    def test_empty_choices_do_not_stay_in_the_address(self, client):
        response = client.get(ADDRESS, {"q": "", "loai": "ke-hoach", "nam": "", "sap-xep": ""})
        assert (response.status_code, response["Location"]) == (302, "/van-ban/?loai=ke-hoach")

    def test_each_filter_in_use_can_be_taken_away(self, client):
        make_document("24-CT/TU")
        shown = text(client.get(ADDRESS, {"q": "ct", "loai": "ke-hoach"}))
        assert 'href="/van-ban/?loai=ke-hoach"' in shown
        assert 'href="/van-ban/?q=ct"' in shown
        assert 'href="/van-ban/"' in shown

    def test_pages_keep_the_filters(self, client):
        issuer = make_issuer()
        for _ in range(21):
            make_document(issuer=issuer, issued_on=date(2022, 1, 1))
        shown = text(client.get(ADDRESS, {"nam": "2022", "sap-xep": "cu"}))
        assert 'rel="next" href="/van-ban/?nam=2022&amp;sap-xep=cu&amp;trang=2"' in shown
        shown = text(client.get(ADDRESS, {"nam": "2022", "trang": "2"}))
        assert 'rel="prev" href="/van-ban/?nam=2022"' in shown

    def test_the_result_can_be_taken_along_and_followed(self, client):
        make_document()
        shown = text(client.get(ADDRESS, {"loai": "ke-hoach"}))
        for address in (
            "/van-ban/tai-ve.csv?loai=ke-hoach",
            "/van-ban/tai-ve.xlsx?loai=ke-hoach",
            "/rss/van-ban/loai/ke-hoach/",
        ):
            assert f'href="{address}"' in shown

    def test_what_was_typed_is_shown_as_text(self, client):
        hostile = "<script>alert(1)</script>\"'"
        shown = text(client.get(ADDRESS, {"q": hostile}))
        assert "<script>alert" not in shown
        assert "&lt;script&gt;alert(1)" in shown


def test_filtered_lists_are_for_readers_not_for_search_engines(client):
    make_document(issued_on=date(2022, 1, 1))
    assert 'rel="canonical"' in text(client.get(ADDRESS))
    assert 'content="noindex, follow"' in text(client.get(ADDRESS, {"nam": "2022"}))


HOSTILE = [
    "\x00",
    "a\x00b",
    "-1",
    "0",
    "x" * 10_000,
    "Ấ" * 10_000,
    "😀",
    "../../etc/passwd",
    "' OR 1=1; --",
    "%(loai)s",
    "%s",
    "{field}",
    "99999",
    "10" * 40,
    "a\u0301",
    "\ud800".encode("utf-8", "surrogatepass"),
    "khong-co",
]


@pytest.mark.parametrize("value", HOSTILE, ids=lambda value: ascii(value)[:16])
@pytest.mark.parametrize(
    "name", ["loai", "co-quan", "linh-vuc", "nam", "hieu-luc", "sap-xep", "trang"]
)
def test_a_hostile_filter_is_a_404(client, name, value):
    make_document()
    assert client.get(ADDRESS, {name: value}).status_code == 404


@pytest.mark.parametrize("value", HOSTILE, ids=lambda value: ascii(value)[:16])
def test_hostile_words_are_looked_for_like_any(client, value):
    make_document()
    assert client.get(ADDRESS, {"q": value}).status_code in (200, 302)
    assert client.get("/van-ban/tai-ve.csv", {"q": value}).status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        "loai[]=ke-hoach",
        "loai=x&loai=ke-hoach",
        "q[]=1&q[$ne]=2",
        "q=a&q=b",
        "=&=&&",
        "nam=2022&%00=1",
    ],
)
def test_odd_parameters_do_no_harm(client, query):
    make_document(issued_on=date(2022, 1, 1))
    assert client.get(f"{ADDRESS}?{query}", follow=True).status_code == 200


def test_the_list_is_only_read(client):
    assert client.post(ADDRESS).status_code == 405


@pytest.mark.usefixtures("process_that_answered_before")
@pytest.mark.parametrize("documents", [1, 30])
def test_a_page_keeps_to_its_budget_of_queries(client, documents, django_assert_max_num_queries):
    make_site()
    issuer, field = make_issuer(slug="mot"), Field.objects.create(name="Dân vận", slug="dan-van")
    for number in range(documents):
        attached_to = make_document(issuer=issuer, fields=[field], abstract=f"Việc {number}")
        if number < 3:
            attached(attached_to)
    make_type("Công văn")
    for query, most in {
        "": 1,
        "co-quan=mot": BUDGET["documents"],
        "q=viec": BUDGET["documents"],
        "q=viec&linh-vuc=dan-van": BUDGET["documents"],
        "q=999-CT/TU&loai=ke-hoach": BUDGET["documents"],
    }.items():
        client.get(f"{ADDRESS}?{query}")
        with django_assert_max_num_queries(most):
            client.get(f"{ADDRESS}?{query}")


@pytest.mark.usefixtures("process_that_answered_before")
def test_what_cadres_are_shown_is_not_kept_for_others(client):
    make_site()
    make_document("7-KH/ĐUK", abstract="Việc của mọi người")
    make_document("8-KH/ĐUK", abstract="Việc nội bộ", visibility="internal")
    cadre = Client()
    cadre.force_login(make_cadre())
    for _ in range(2):
        pages = [one.get(ADDRESS).content.decode() for one in (cadre, client)]
        assert ["Việc nội bộ" in page for page in pages] == [True, False]
        assert ["2 văn bản" in page for page in pages] == [True, False]
        assert all("Việc của mọi người" in page for page in pages)
