"""A register of documents: a report row by row, then all or nothing."""

import csv
import io
from datetime import date

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from core.workflow import State
from documents import extraction
from documents.clerk import desk, register
from documents.clerk.register import COLUMNS, Verdict, check, import_all
from documents.models import Document, Field, Signer
from documents.search import all_of
from tests.factories import make_document_draft, make_issuer, make_type, make_user

pytestmark = pytest.mark.django_db

REGISTER = reverse("admin:documents_document_register")
HEADER = [names[0] for names in COLUMNS.values()]
ISSUER = "Đảng ủy Khối"


@pytest.fixture
def issuer():
    return make_issuer(ISSUER, short_name="ĐUK")


def row(sign="1-KH/ĐUK", **cells):
    values = {"sign": sign, "abstract": "Về học tập", "type": "Kế hoạch", "issuer": ISSUER, **cells}
    return [values.get(column, "") for column in COLUMNS]


def checked(*rows):
    return check([HEADER, *rows])


def problems(**cells):
    [only] = checked(row(**cells)).rows
    return " ".join(only.problems)


def csv_file(*rows):
    text = io.StringIO()
    csv.writer(text).writerows([HEADER, *rows])
    return SimpleUploadedFile("so.csv", text.getvalue().encode("utf-8-sig"))


def text_of(response):
    return response.content.decode()


class TestColumns:
    @pytest.mark.parametrize(
        "header",
        [
            ["Số, ký hiệu", "Trích yếu", "Loại", "Cơ quan"],
            ["SO KY HIEU", "trich yeu", "LOAI", "co quan"],
            ["Số/ký hiệu:", "Trích yếu nội dung", "Loại văn bản", "Cơ quan ban hành"],
            ["STT", "Ký hiệu", "Về việc", "Thể loại", "Nơi ban hành"],
        ],
    )
    def test_names_are_known_with_or_without_diacritics(self, issuer, header):
        cells = ["1-KH/ĐUK", "Về học tập", "kế hoạch", "dang uy khoi"]
        cells = ["7"] * (len(header) - 4) + cells
        [only] = check([["SỔ VĂN BẢN ĐI NĂM 2023"], header, cells]).rows
        assert only.verdict == Verdict.NEW
        assert only.document.issuer == issuer

    def test_a_missing_column_is_named(self):
        with pytest.raises(ValidationError, match="thiếu cột: Loại, Cơ quan"):
            check([["Số, ký hiệu", "Trích yếu"], ["1-KH/ĐUK", "x"]])

    @pytest.mark.parametrize("table", [[], [["a", "b"]], [[""]] * 40, [["Số, ký hiệu"]]])
    def test_what_is_no_register_is_refused(self, table):
        with pytest.raises(ValidationError, match="Không thấy dòng tên cột"):
            check(table)

    def test_an_empty_register_is_refused(self):
        with pytest.raises(ValidationError, match="chưa có dòng nào"):
            checked()

    def test_a_giant_register_is_refused(self):
        with pytest.raises(ValidationError, match=r"hơn 5\.000 dòng"):
            check([HEADER, *([["x"]] * (register.ROW_LIMIT + 1))])


class TestRows:
    def test_every_column_is_read(self, issuer):
        topic = Field.objects.create(name="Tuyên giáo", slug="tuyen-giao")
        other = Field.objects.create(name="Dân vận", slug="dan-van")
        [only] = checked(
            row(
                issued_on="05/06/2023",
                effective_on="1/7/2023",
                signer="Nguyễn Văn Bình",
                position="Bí thư",
                fields="tuyên giáo; Dân vận",
                term="2020-2025",
                visibility="Lưu hành nội bộ",
            )
        ).rows
        assert only.problems == []
        document = only.document
        assert (document.issued_on, document.effective_on) == (date(2023, 6, 5), date(2023, 7, 1))
        assert (document.term, document.visibility) == ("2020-2025", "internal")
        assert only.fields == [topic, other]

    @pytest.mark.parametrize(
        "day",
        [
            "31/02/2023",
            "2023-06-05",
            "05/06/23",
            "6/2023",
            "hôm qua",
            "05/06/0203",
            "05/06/2023 08:30",
        ],
    )
    def test_a_wrong_day_is_reported_never_guessed(self, issuer, day):
        assert f"Ngày ban hành “{day}” chưa đúng" in problems(issued_on=day)

    @pytest.mark.parametrize(
        ("cells", "words"),
        [
            ({"sign": ""}, "Số, ký hiệu trống"),
            ({"sign": "linh tinh"}, "chưa đúng dạng"),
            ({"abstract": ""}, "Thiếu trích yếu"),
            ({"abstract": "x" * 1001}, "1000"),
            ({"type": "Sắc lệnh"}, "loại văn bản tên “Sắc lệnh”"),
            ({"type": ""}, "Thiếu loại văn bản"),
            ({"issuer": "Bộ Không Có"}, "cơ quan tên “Bộ Không Có”"),
            ({"fields": "Không có"}, "lĩnh vực tên “Không có”"),
            ({"term": "khóa XI"}, "Nhiệm kỳ “khóa XI” chưa đúng"),
            ({"term": "٢٠٢٢"}, "Nhiệm kỳ “٢٠٢٢” chưa đúng"),
            ({"visibility": "mật"}, "Phạm vi phải là"),
            ({"signer": "x" * 81}, "Người ký dài quá 80"),
        ],
    )
    def test_a_wrong_row_says_why_and_what_to_do(self, issuer, cells, words):
        assert words in problems(**cells)

    def test_two_issuers_of_one_name_are_not_told_apart_by_the_machine(self, issuer):
        make_issuer(ISSUER, valid_from=date(2025, 1, 1))
        assert "Không có đúng một cơ quan" in problems()

    def test_a_row_repeated_is_reported(self, issuer):
        report = checked(row(), row("2-KH/ĐUK"), row("01 KH/ĐUK"))
        assert [one.verdict for one in report.rows] == ["new", "new", "wrong"]
        assert report.rows[2].problems == ["Trùng với dòng 2. Hãy bỏ một dòng."]

    def test_what_the_library_has_is_known(self, issuer):
        known = make_document_draft("1-KH/ĐUK", issuer=issuer)
        make_document_draft("2-KH/ĐUK", issuer=issuer, term="2020-2025")
        report = checked(row(), row("2-KH/ĐUK"), row("3-KH/ĐUK"))
        assert [one.verdict for one in report.rows] == ["known", "new", "new"]
        assert report.rows[0].known == known

    def test_the_same_day_tells_a_document_whose_term_is_not_written(self, issuer):
        make_document_draft("1-KH/ĐUK", issuer=issuer, term="2020-2025", issued_on=date(2023, 6, 5))
        [only] = checked(row(issued_on="05/06/2023")).rows
        assert only.verdict == Verdict.KNOWN

    def test_checking_writes_nothing_and_asks_little(self, issuer, django_assert_max_num_queries):
        rows = [row(f"{number}-KH/ĐUK", signer="A") for number in range(1, 200)]
        with django_assert_max_num_queries(6):
            assert checked(*rows).new == 199
        assert not Document.objects.exists()
        assert not Signer.objects.exists()


class TestImport:
    def test_all_new_rows_become_drafts(self, clerk, issuer):
        Field.objects.create(name="Tuyên giáo", slug="tuyen-giao")
        make_document_draft("9-KH/ĐUK", issuer=issuer)
        table = [
            HEADER,
            row(signer="Lê An", position="Bí thư", fields="Tuyên giáo"),
            row("2-KH/ĐUK", signer="Lê An", position="Bí thư"),
            row("9-KH/ĐUK"),
        ]
        report, done = import_all(table, expected=2, by=clerk)
        assert done
        assert (report.new, report.known) == (2, 1)
        first = Document.objects.get(sign="1-KH/ĐUK")
        assert (first.state, first.created_by, first.number) == (State.DRAFT, clerk, 1)
        assert [str(topic) for topic in first.fields.all()] == ["Tuyên giáo"]
        assert first.signer == Document.objects.get(sign="2-KH/ĐUK").signer
        assert (first.sign_key, first.slug) == ("01-kh/duk", "1-kh-duk-ve-hoc-tap")
        assert first in Document.objects.filter(all_of("hoc tap"))
        assert not desk.unconfirmed().exists()
        assert Document.objects.count() == 3

    def test_one_wrong_row_stops_all(self, clerk, issuer):
        _, done = import_all([HEADER, row(), row("2-KH/ĐUK", type="?")], expected=1, by=clerk)
        assert not done
        assert not Document.objects.exists()

    def test_a_library_that_changed_meanwhile_stops_all(self, clerk, issuer):
        table = [HEADER, row(), row("2-KH/ĐUK")]
        make_document_draft("2-KH/ĐUK", issuer=issuer)
        report, done = import_all(table, expected=2, by=clerk)
        assert (done, report.known) == (False, 1)
        assert Document.objects.count() == 1


class TestPage:
    def upload(self, client, *rows):
        return client.post(REGISTER, {"file": csv_file(*rows)})

    def test_first_a_report_then_the_import(self, client, clerk, issuer):
        known = make_document_draft("2-KH/ĐUK", issuer=issuer)
        report = self.upload(client, row(), row("2-KH/ĐUK"))
        page = text_of(report)
        assert "Nhập tất cả 1 dòng mới" in page
        assert reverse("admin:documents_document_change", args=[known.pk]) in page
        assert Document.objects.count() == 1
        done = client.post(
            REGISTER, {"_import": "", "table": report.context["signed"]}, follow=True
        )
        assert "Đã nhập 1 văn bản" in text_of(done)
        assert Document.objects.count() == 2

    def test_pressing_twice_imports_once(self, client, clerk, issuer):
        signed = self.upload(client, row()).context["signed"]
        client.post(REGISTER, {"_import": "", "table": signed})
        again = client.post(REGISTER, {"_import": "", "table": signed})
        assert "chưa nhập dòng nào" in text_of(again)
        assert Document.objects.count() == 1

    def test_wrong_rows_leave_no_button(self, client, clerk, issuer):
        page = text_of(self.upload(client, row(issued_on="31/02/2023"), row("2-KH/ĐUK")))
        assert "31/02/2023” chưa đúng" in page
        assert "_import" not in page

    @pytest.mark.parametrize("table", ["", "a:b:c", "x" * 1000])
    def test_rows_that_nobody_checked_are_refused(self, client, clerk, table):
        page = text_of(client.post(REGISTER, {"_import": "", "table": table}))
        assert "Hãy tải tệp lên lại" in page

    @pytest.mark.parametrize("content", [b"", b"\x00\x01", b"PK\x03\x04broken", b"%PDF-1.7"])
    def test_what_is_no_table_is_refused_in_words(self, client, clerk, content):
        response = client.post(REGISTER, {"file": SimpleUploadedFile("so.xlsx", content)})
        assert response.context["problem"]

    def test_without_a_file_it_asks_for_one(self, client, clerk):
        assert "Chưa có tệp" in text_of(client.post(REGISTER))

    def test_the_template_is_a_register(self, client, clerk, issuer):
        content = client.get(reverse("admin:documents_document_template")).content
        book = openpyxl.load_workbook(io.BytesIO(content))
        book.active.append(row(issued_on="05/06/2023"))
        filled = io.BytesIO()
        book.save(filled)
        report = check(extraction.rows(filled.getvalue()))
        assert (report.new, report.rows[0].document.issued_on) == (1, date(2023, 6, 5))

    def test_it_is_for_clerks_alone(self, client):
        client.force_login(make_user("documents.view_document"))
        for address in (REGISTER, reverse("admin:documents_document_template")):
            assert client.get(REGISTER).status_code == 403, address

    def test_a_full_register_is_checked_and_imported(self, clerk, issuer):
        types = [make_type("Kế hoạch").name, make_type("Báo cáo").name]
        rows = [row(f"{number}-KH/ĐUK", type=types[number % 2]) for number in range(1, 301)]
        _, done = import_all([HEADER, *rows], expected=300, by=clerk)
        assert done
        assert Document.objects.count() == 300
