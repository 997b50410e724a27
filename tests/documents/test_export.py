"""CSV and XLSX of the list: the same documents, harmless in a spreadsheet."""

import csv
from datetime import date, datetime
from io import BytesIO, StringIO

import pytest
from openpyxl import load_workbook

from documents import export
from documents.models import Field
from tests.factories import make_cadre, make_document, make_document_draft, make_issuer

pytestmark = pytest.mark.django_db
CSV, XLSX = "/van-ban/tai-ve.csv", "/van-ban/tai-ve.xlsx"


def csv_rows(response):
    assert response.status_code == 200
    content = b"".join(response.streaming_content).decode()
    assert content.startswith("\ufeff")
    return list(csv.DictReader(StringIO(content[1:], newline="")))


def sheet(response):
    assert response.status_code == 200
    return load_workbook(BytesIO(response.content)).active


def xlsx_rows(response):
    return [[cell.value for cell in row] for row in sheet(response).iter_rows(min_row=2)]


def test_a_row_says_all_that_is_known(client, settings):
    field = Field.objects.create(name="Dân vận", slug="dan-van")
    document = make_document(
        "24-KH/ĐUK",
        issuer=make_issuer("Đảng ủy Khối"),
        abstract='Về "chuyển đổi số",\ngiai đoạn 2',
        term="2020-2025",
        issued_on=date(2022, 10, 7),
        effective_on=date(2022, 11, 1),
        fields=[field],
    )
    (row,) = csv_rows(client.get(CSV))
    assert row == {
        "Số, ký hiệu": "24-KH/ĐUK",
        "Loại văn bản": "Kế hoạch",
        "Trích yếu": 'Về "chuyển đổi số",\ngiai đoạn 2',
        "Cơ quan ban hành": "Đảng ủy Khối",
        "Nhiệm kỳ hoặc năm": "2020-2025",
        "Ngày ban hành": "07/10/2022",
        "Ngày có hiệu lực": "01/11/2022",
        "Hiệu lực": "Còn hiệu lực",
        "Lĩnh vực": "Dân vận",
        "Phạm vi": "Công khai",
        "Địa chỉ": settings.SITE_URL + document.get_absolute_url(),
    }


def test_lines_end_as_rfc_4180_has_it(client):
    make_document()
    content = b"".join(client.get(CSV).streaming_content)
    assert content.count(b"\r\n") == content.count(b"\n") == 2


def test_dates_in_the_workbook_are_dates(client):
    make_document(issued_on=date(2022, 10, 7))
    make_document()
    (first, second) = sheet(client.get(XLSX)).iter_rows(min_row=2)
    assert (first[5].value, first[5].number_format) == (datetime(2022, 10, 7), "dd/mm/yyyy")
    assert second[5].value is None


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_nothing_becomes_a_formula(client, start):
    make_document(abstract=f"{start}HYPERLINK(1)")
    (row,) = csv_rows(client.get(CSV))
    assert row["Trích yếu"].startswith("'")
    cell = sheet(client.get(XLSX)).cell(2, 3)
    assert (cell.data_type, cell.value[0]) == ("s", "'")


def test_what_xml_forbids_is_left_out_of_the_workbook(client):
    make_document(abstract="Về\x0bviệc")
    assert xlsx_rows(client.get(XLSX))[0][2] == "Vềviệc"


@pytest.mark.parametrize("address", [CSV, XLSX])
def test_the_file_has_its_name_with_all_letters(client, address):
    response = client.get(address)
    assert (
        "filename*=utf-8''Danh%20s%C3%A1ch%20v%C4%83n%20b%E1%BA%A3n"
        in (response["Content-Disposition"])
    )
    assert response["Content-Disposition"].startswith("attachment")
    assert response["Cache-Control"] == "public, max-age=0, must-revalidate"


def test_the_filters_of_the_list_hold(client):
    issuer = make_issuer(slug="mot")
    make_document("1-KH/A", issuer=issuer, issued_on=date(2021, 1, 1))
    make_document("2-KH/A", issuer=issuer, issued_on=date(2022, 1, 1))
    make_document("3-KH/A", issued_on=date(2022, 1, 1))
    for query, expected in (
        ({"co-quan": "mot"}, ["2-KH/A", "1-KH/A"]),
        ({"co-quan": "mot", "sap-xep": "cu"}, ["1-KH/A", "2-KH/A"]),
        ({"q": "kh", "nam": "2022", "co-quan": "mot"}, ["2-KH/A"]),
        ({"q": "3-KH/A"}, ["3-KH/A"]),
    ):
        assert [row["Số, ký hiệu"] for row in csv_rows(client.get(CSV, query))] == expected
        assert [row[0] for row in xlsx_rows(client.get(XLSX, query))] == expected


@pytest.mark.parametrize("address", [CSV, XLSX])
def test_a_filter_that_cannot_be_is_a_404(client, address):
    for query in ({"nam": "0"}, {"loai": "\x00"}, {"hieu-luc": "x"}, {"sap-xep": "x"}):
        assert client.get(address, query).status_code == 404


def test_hidden_documents_leave_only_with_cadres(client):
    make_document("1-KH/A", visibility="internal")
    make_document_draft("2-KH/A")
    assert csv_rows(client.get(CSV)) == []
    assert xlsx_rows(client.get(XLSX)) == []
    client.force_login(make_cadre())
    response = client.get(CSV)
    assert "no-store" in response["Cache-Control"]
    assert [row["Phạm vi"] for row in csv_rows(response)] == ["Lưu hành nội bộ"]


def test_a_long_workbook_is_cut_and_says_so(client, monkeypatch):
    for _ in range(3):
        make_document()
    monkeypatch.setattr(export, "MOST_ROWS", 3)
    assert len(xlsx_rows(client.get(XLSX))) == 3
    monkeypatch.setattr(export, "MOST_ROWS", 2)
    rows = xlsx_rows(client.get(XLSX))
    assert len(rows) == 3
    assert rows[-1][0] == export.CUT
    assert len(csv_rows(client.get(CSV))) == 3


def test_an_export_costs_the_same_for_any_number_of_rows(client, django_assert_max_num_queries):
    for _ in range(5):
        make_document(fields=[])
    with django_assert_max_num_queries(6):
        csv_rows(client.get(CSV))
