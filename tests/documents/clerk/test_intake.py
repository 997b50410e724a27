"""Many files at once: each becomes a draft with guesses for the clerk to confirm."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from core.workflow import State
from documents.clerk import desk
from documents.clerk.proposals import sign_in_name
from documents.corrections import changing
from documents.models import Document, Signer
from tests.factories import (
    attached,
    make_document,
    make_document_draft,
    make_issuer,
    make_type,
    make_user,
    pdf_file,
    picture_file,
)

pytestmark = pytest.mark.django_db

INTAKE = reverse("admin:documents_document_intake")
LIST = reverse("admin:documents_document_changelist")
PAGE = """ĐẢNG ỦY KHỐI
*
Số {number}-CT/ĐUK
ĐẢNG CỘNG SẢN VIỆT NAM
Trà Vinh, ngày 05 tháng 6 năm 2023

CHỈ THỊ
về tăng cường công tác tuyên giáo trong Đảng bộ Khối
-----
Thực hiện kế hoạch năm, Ban Thường vụ yêu cầu các cấp ủy quán triệt.

T/M BAN THƯỜNG VỤ
BÍ THƯ



Nguyễn Văn Bình"""


def paper(number=5, name="van-ban.pdf"):
    return pdf_file(PAGE.format(number=number), name=name)


def send(client, *files):
    response = client.post(INTAKE, {"files": files}, headers={"Accept": "application/json"})
    return response.json()["outcomes"]


def change(document):
    return reverse("admin:documents_document_change", args=[document.pk])


def text_of(response):
    return response.content.decode()


class TestOneFile:
    def test_it_becomes_a_draft_filled_from_its_first_page(self, client, clerk):
        issuer = make_issuer("Đảng ủy Khối")
        signer = Signer.objects.create(name="Nguyễn Văn Bình", position="Bí thư")
        [outcome] = send(client, paper())
        document = Document.objects.get()
        assert outcome["result"] == "made"
        assert outcome["url"] == change(document)
        assert (document.sign, document.issuer) == ("05-CT/ĐUK", issuer)
        assert document.type == make_type("Chỉ thị")
        assert document.issued_on == date(2023, 6, 5)
        assert document.abstract == "Về tăng cường công tác tuyên giáo trong Đảng bộ Khối"
        assert (document.signer, document.created_by) == (signer, clerk)
        assert (document.state, document.files.count()) == (State.DRAFT, 1)

    def test_a_name_that_fits_two_rows_is_left_to_the_clerk(self, client, clerk):
        make_issuer("Đảng ủy Khối", valid_to=date(2020, 1, 1))
        make_issuer("Đảng ủy Khối", valid_from=date(2020, 1, 2))
        send(client, paper())
        document = Document.objects.get()
        assert (document.issuer, document.signer) == (None, None)
        assert document.type == make_type("Chỉ thị")

    def test_a_name_cut_short_fits_the_one_issuer_whose_code_is_in_the_sign(self, client, clerk):
        make_issuer("Đảng ủy Khối Doanh nghiệp tỉnh", code="ĐUDN")
        issuer = make_issuer("Đảng ủy Khối các cơ quan và doanh nghiệp tỉnh", code="ĐUK")
        send(client, paper())
        assert Document.objects.get().issuer == issuer

    def test_a_name_cut_short_that_fits_two_issuers_is_left_to_the_clerk(self, client, clerk):
        make_issuer("Đảng ủy Khối Doanh nghiệp tỉnh", code="ĐUK")
        make_issuer("Đảng ủy Khối các cơ quan tỉnh", code="ĐUK")
        send(client, paper())
        assert Document.objects.get().issuer is None

    def test_a_term_is_filled_when_the_issuer_has_one_that_fits(self, client, clerk):
        issuer = make_issuer("Đảng ủy Khối")
        make_document_draft("1-CT/ĐUK", issuer=issuer, term="2020-2025", issued_on=date(2021, 1, 1))
        send(client, paper())
        assert Document.objects.latest("pk").term == "2020-2025"

    def test_a_scan_takes_its_sign_from_the_name_of_the_file(self, client, clerk):
        picture = picture_file((300, 400), "PNG").read()
        send(client, SimpleUploadedFile("24-CT_TU ngày 29.6.2017.png", picture))
        document = Document.objects.get()
        assert document.sign == "24-CT/TU"
        assert document.files.get().needs_clearance

    @pytest.mark.parametrize(
        ("name", "sign"),
        [
            ("24-CT_TU.pdf", "24-CT/TU"),
            ("24-ct-tu.pdf", "24-CT/TU"),
            ("CT 24 CT TU bản ký.pdf", "24-CT/TU"),
            ("123_KH-UBND.pdf", "123/KH-UBND"),
            ("42_2022_QĐ-UBND.docx", "42/2022/QĐ-UBND"),
            ("8011-CV-BTCTW_signed.pdf", "8011-CV/BTCTW"),
        ],
    )
    def test_names_of_files_carry_signs(self, name, sign):
        assert str(sign_in_name(name)) == sign

    @pytest.mark.parametrize(
        "name",
        ["", ".pdf", "scan0001.pdf", "12 thang 5.pdf", "a" * 300, "2023-05-12 hop.pdf", "²-CT_TU"],
    )
    def test_other_names_carry_none(self, name):
        assert sign_in_name(name) is None


class TestWhatIsThere:
    def test_the_same_bytes_are_reported_with_a_link(self, client, clerk):
        first = paper()
        content = first.read()
        send(client, SimpleUploadedFile("một.pdf", content))
        [outcome] = send(client, SimpleUploadedFile("hai.pdf", content))
        document = Document.objects.get()
        assert (outcome["result"], outcome["url"]) == ("known", change(document))

    def test_the_same_document_is_reported_with_a_link(self, client, clerk):
        known = make_document(
            "5-CT/ĐUK", type=make_type("Chỉ thị"), issuer=make_issuer("Đảng ủy Khối")
        )
        [outcome] = send(client, paper())
        assert (outcome["result"], outcome["url"]) == ("known", change(known))
        assert Document.objects.count() == 1

    def test_the_same_day_tells_a_document_whose_term_is_not_on_the_page(self, client, clerk):
        known = make_document(
            "5-CT/ĐUK",
            type=make_type("Chỉ thị"),
            issuer=make_issuer("Đảng ủy Khối"),
            term="2020-2025",
            issued_on=date(2023, 6, 5),
        )
        with changing():
            Document.objects.filter(pk=known.pk).update(term="2021-2026")
        make_document_draft(issuer=known.issuer, term="2022-2027", issued_on=date(2022, 1, 1))
        [outcome] = send(client, paper())
        assert (outcome["result"], outcome["url"]) == ("known", change(known))


class TestManyFiles:
    def test_refused_files_have_their_reason_and_the_others_go_on(self, client, clerk):
        files = [
            SimpleUploadedFile("rong.pdf", b""),
            SimpleUploadedFile("hong.pdf", b"%PDF-1.7 x"),
            SimpleUploadedFile("chuong-trinh.exe", b"MZ" + b"\0" * 200),
            paper(1, "Một.pdf"),
            paper(2, "Hai.pdf"),
        ]
        outcomes = send(client, *files)
        assert [one["result"] for one in outcomes] == ["refused"] * 3 + ["made"] * 2
        assert all(one["words"] for one in outcomes)
        assert outcomes[-1]["name"] == "Hai.pdf"
        assert Document.objects.count() == 2

    def test_without_the_script_one_form_sends_all_and_reports(self, client, clerk):
        page = text_of(client.post(INTAKE, {"files": [paper(1), paper(2)]}))
        for document in Document.objects.all():
            assert f'href="{change(document)}"' in page
        assert "Chưa có tệp nào" in text_of(client.post(INTAKE))
        assert client.get(INTAKE).status_code == 200

    def test_hostile_names_are_shown_as_text(self, client, clerk):
        page = text_of(client.post(INTAKE, {"files": [SimpleUploadedFile("<b>x.pdf", b"x")]}))
        assert "<b>x" not in page
        assert "&lt;b&gt;x.pdf" in page

    def test_it_is_for_clerks_alone(self, client):
        client.force_login(make_user("documents.view_document"))
        assert client.post(INTAKE, {"files": [paper()]}).status_code == 403
        assert not Document.objects.exists()


class TestWorklist:
    def test_drafts_wait_until_a_clerk_has_saved_them(self, client, clerk):
        make_document_draft()
        send(client, paper(1), paper(2))
        assert desk.waiting(clerk).unconfirmed == 2
        first, second = desk.unconfirmed()
        rows = client.get(LIST, {"viec": "xac-nhan"}).context["cl"].result_list
        assert {document.pk for document in rows} == {first.pk, second.pk}

        form = client.get(change(first)).context["adminform"].form
        sent = {
            "sign": first.sign,
            "type": first.type_id,
            "abstract": first.abstract,
            "visibility": "public",
            "stamp": form["stamp"].value(),
            "publish_at_0": "",
            "publish_at_1": "",
            "files-TOTAL_FORMS": 1,
            "files-INITIAL_FORMS": 1,
            "files-0-id": first.files.get().pk,
            "files-0-document": first.pk,
            "files-0-role": "main",
            "files-0-order": 0,
            "acts-TOTAL_FORMS": 0,
            "acts-INITIAL_FORMS": 0,
            "_save": "",
        }
        page = text_of(client.post(change(first), sent, follow=True))
        assert list(desk.unconfirmed()) == [second]
        assert "Còn 1 bản nháp cần xác nhận" in page
        assert f'href="{change(second)}"' in page

        # Publishing was refused, and is tried again: the way to the next draft is told again.
        first.refresh_from_db()
        sent["stamp"] = client.get(change(first)).context["adminform"].form["stamp"].value()
        page = text_of(client.post(change(first), sent, follow=True))
        assert f'href="{change(second)}"' in page

    def test_the_form_shows_guesses_beside_the_first_page(self, client, clerk):
        make_issuer("Đảng ủy Khối")
        send(client, paper())
        document = Document.objects.get()
        page = text_of(client.get(change(document)))
        picture = reverse("admin:documents_document_picture", args=[document.files.get().pk])
        assert f'src="{picture}"' in page
        assert 'data-take="issuer"' in page
        # The signer is not in the catalogue: one click opens the form that adds it, filled.
        assert "signer/add/?name=Nguy%E1%BB%85n" in page
        document.save()
        assert "Máy đọc được" not in text_of(client.get(change(document)))

    def test_a_file_attached_by_hand_awaits_no_confirmation(self, clerk):
        attached(make_document_draft(), PAGE)
        assert desk.waiting(clerk).unconfirmed == 0
