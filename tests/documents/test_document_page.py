"""The page of one document: one permanent address, whatever becomes of the document."""

import re
from datetime import date, timedelta

import pytest
import segno
from django.urls import reverse
from django.utils import timezone

from core.publishing import move
from core.workflow import Action
from documents.corrections import changing
from documents.files import DocumentFile
from documents.models import Field, Signer
from documents.page import qr_code
from portal.budget import BUDGET
from tests.factories import (
    attached,
    make_cadre,
    make_document,
    make_document_draft,
    make_issuer,
    make_relation,
    make_site,
    make_type,
)

pytestmark = pytest.mark.django_db


def text_of(response):
    return response.content.decode()


def page_of(client, document):
    return text_of(client.get(document.get_absolute_url()))


def relate(source, kind, target, provisions=""):
    make_relation(source=source, kind=kind, target=target, provisions=provisions)


def scan(document):
    """Note a file of `document` whose words nobody knows."""
    with changing():
        return DocumentFile.objects.create(
            document=document,
            name="quét.pdf",
            kind="pdf",
            sha256="a" * 64,
            size=9,
            text_state="none",
        )


def test_it_shows_every_attribute_in_a_table(client):
    document = make_document(
        "24-CT/TU",
        type=make_type("Chỉ thị"),
        issuer=make_issuer("Tỉnh ủy Trà Vinh", slug="tinh-uy"),
        term="2015-2020",
        abstract="Về công tác <tư tưởng>",
        signer=Signer.objects.create(name="Nguyễn Văn Ánh", position="Phó Bí thư"),
        issued_on=date(2017, 6, 29),
        effective_on=date(2017, 7, 1),
        expires_on=date(2030, 1, 1),
        fields=[Field.objects.create(name="Tuyên giáo", slug="tuyen-giao")],
    )
    page = page_of(client, document)
    for heading, value in (
        ("Số, ký hiệu", "24-CT/TU"),
        ("Loại văn bản", '<a href="/van-ban/?loai=chi-thi">Chỉ thị</a>'),
        ("Cơ quan ban hành", '<a href="/van-ban/?co-quan=tinh-uy">Tỉnh ủy Trà Vinh</a>'),
        ("Người ký", "Nguyễn Văn Ánh<br>Phó Bí thư"),
        ("Ngày ban hành", "29/06/2017"),
        ("Ngày có hiệu lực", "01/07/2017"),
        ("Ngày hết hiệu lực", "01/01/2030"),
        ("Lĩnh vực", '<a href="/van-ban/?linh-vuc=tuyen-giao">Tuyên giáo</a>'),
        ("Nhiệm kỳ hoặc năm", "2015-2020"),
        ("Trích yếu", "Về công tác &lt;tư tưởng&gt;"),
    ):
        assert f'<tr><th scope="row">{heading}</th><td>{value}</td></tr>' in page
    assert "Phạm vi" not in page
    assert '<h1 class="document__name">Chỉ thị số 24-CT/TU</h1>' in page


def test_unknown_dates_are_called_unknown(client):
    page = page_of(client, make_document())
    assert '<th scope="row">Ngày ban hành</th><td>Chưa rõ</td>' in page
    assert "Thư viện chưa có văn bản nào thay thế hoặc bãi bỏ." in page


@pytest.mark.parametrize("slug", ["sai", "van-ban-cu", "a-1", "x" * 5000])
def test_the_id_decides_and_a_wrong_slug_redirects_for_good(client, slug):
    document = make_document()
    response = client.get(reverse("documents:document", args=[slug, document.pk]))
    assert response.status_code == 301
    assert response["Location"] == document.get_absolute_url()


class TestWhoMaySeeIt:
    def test_an_unpublished_one_is_absent_for_everybody(self, client):
        draft = make_document_draft()
        assert client.get(draft.get_absolute_url()).status_code == 404
        client.force_login(make_cadre())
        assert client.get(draft.get_absolute_url()).status_code == 404

    def test_an_internal_one_is_absent_for_strangers_by_the_same_queries(
        self, client, django_assert_num_queries
    ):
        make_site()
        internal, draft = make_document(visibility="internal"), make_document_draft()
        absent = reverse("documents:document", args=["khong-co", draft.pk + 1000])
        answers = set()
        for address in (internal.get_absolute_url(), draft.get_absolute_url(), absent):
            # What is due, the site, the document; menu, links and newest documents.
            with django_assert_num_queries(6):
                response = client.get(address)
            assert response.status_code == 404
            answers.add(response.content.replace(address.encode(), b""))
        assert len(answers) == 1

    def test_a_cadre_reads_an_internal_one_and_nothing_stores_it(self, client):
        document = make_document(visibility="internal")
        client.force_login(make_cadre())
        response = client.get(document.get_absolute_url())
        assert '<th scope="row">Phạm vi</th><td>Lưu hành nội bộ</td>' in text_of(response)
        assert "no-store" in response["Cache-Control"]
        assert "private" in response["Cache-Control"]

    @pytest.mark.parametrize(
        "path", ["/van-ban/a-999999/", f"/van-ban/a-{10**30}/", "/van-ban/a-0/"]
    )
    def test_an_unknown_one_is_a_404(self, client, path):
        assert client.get(path).status_code == 404

    @pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
    def test_other_methods_are_refused(self, client, method):
        assert getattr(client, method)(make_document().get_absolute_url()).status_code == 405


class TestWithdrawn:
    def test_it_answers_410_with_its_notice_and_no_more(self, client):
        document = make_document(abstract="Về số liệu sai")
        move(document, Action.WITHDRAW, reason="Số liệu <chưa> đúng.")
        response = client.get(document.get_absolute_url())
        assert response.status_code == 410
        assert "Số liệu &lt;chưa&gt; đúng." in text_of(response)
        assert "Về số liệu sai" not in text_of(response)

    def test_an_internal_one_was_never_there_for_strangers(self, client):
        document = make_document(visibility="internal")
        move(document, Action.WITHDRAW, reason="Đăng nhầm.")
        assert client.get(document.get_absolute_url()).status_code == 404
        client.force_login(make_cadre())
        assert client.get(document.get_absolute_url()).status_code == 410


class TestRelations:
    def test_both_ways_are_grouped_by_kind_and_linked(self, client):
        issuer = make_issuer()
        older, amended, mine, newer, guide = (make_document(issuer=issuer) for _ in range(5))
        relate(mine, "replaces", older)
        relate(mine, "amends", amended, "Điều 5, Điều 7")
        relate(newer, "abolishes", mine)
        relate(guide, "guides", mine)
        response = client.get(mine.get_absolute_url())
        assert response.context["relations"] == {
            "thay thế": [(older, "")],
            "sửa đổi, bổ sung": [(amended, "Điều 5, Điều 7")],
            "bị bãi bỏ bởi": [(newer, "")],
            "được hướng dẫn bởi": [(guide, "")],
        }
        page = text_of(response)
        assert "Phần: Điều 5, Điều 7" in page
        assert all(other.get_absolute_url() in page for other in (older, amended, newer, guide))

    def test_the_reason_of_its_force_links_the_other_document(self, client):
        issuer = make_issuer()
        mine = make_document(issuer=issuer)
        newer = make_document(issuer=issuer, issued_on=date(2023, 2, 1))
        relate(newer, "replaces", mine)
        page = page_of(client, mine)
        link = f'<a href="{newer.get_absolute_url()}">{newer}</a>'
        assert f"Bị thay thế bởi {link} từ ngày 01/02/2023." in page
        assert '<span class="standing standing--bi-thay-the">Bị thay thế</span>' in page

    @pytest.mark.parametrize("kind", ["replaces", "amends", "abolishes", "guides"])
    def test_an_internal_document_is_neither_named_nor_linked(self, client, kind):
        issuer = make_issuer()
        mine = make_document(issuer=issuer)
        hidden = make_document(
            "900077-KH/ĐUK", issuer=issuer, visibility="internal", issued_on=date(2023, 2, 1)
        )
        below = make_document("900078-KH/ĐUK", issuer=issuer, visibility="internal")
        relate(hidden, kind, mine)
        relate(mine, kind, below)
        page = page_of(client, mine)
        assert "900077-KH" not in page
        assert "900078-KH" not in page
        assert "Bị thay thế" not in page
        client.force_login(make_cadre())
        assert hidden.get_absolute_url() in page_of(client, mine)


class TestFiles:
    def test_each_says_what_it_is_and_how_to_get_it(self, client):
        document = make_document()
        file = attached(document, "Trang một.", "Trang hai.", name="Chỉ thị số 24.pdf")
        page = page_of(client, document)
        assert "Chỉ thị số 24.pdf" in page
        assert "Văn bản chính · PDF · " in page
        assert "2 trang" in page
        assert f'href="{file.get_absolute_url()}?tai-ve"' in page
        assert f"<code>{file.sha256}</code>" in page
        assert f'<img src="{file.preview_url}" width="600" height="849"' in page
        assert "chưa có lớp văn bản" not in page

    def test_sizes_are_written_the_vietnamese_way(self, client):
        document = make_document()
        scan(document)
        with changing():
            DocumentFile.objects.create(
                document=document,
                name="phụ lục.docx",
                kind="docx",
                sha256="b" * 64,
                size=1_258_291,
                text_state="layer",
            )
        assert "1,2\xa0MB" in page_of(client, document)

    def test_a_scan_says_that_it_has_no_text(self, client):
        document = make_document()
        scan(document)
        assert "chưa có lớp văn bản" in page_of(client, document)

    def test_replaced_files_are_named_and_dated_but_not_linked(self, client):
        document = make_document()
        first = attached(document, name="bản một.pdf")
        second = attached(document, name="bản hai.pdf", replaces=first)
        third = attached(document, name="bản ba.pdf", replaces=second)
        response = client.get(document.get_absolute_url())
        (held,) = response.context["files"]
        assert held.file == third
        assert [(old.pk, at) for old, at in held.earlier] == [
            (second.pk, third.added_at),
            (first.pk, second.added_at),
        ]
        today = f"{timezone.localdate():%d/%m/%Y}"
        assert f"Đã thay ngày {today}: bản một.pdf" in text_of(response)
        assert first.get_absolute_url() not in text_of(response)
        assert first.sha256 not in text_of(response)

    def test_a_name_cannot_break_out_of_the_page(self, client):
        document = make_document()
        attached(document, name='"><img src=x onerror=alert(1)>.pdf')
        page = page_of(client, document)
        assert "<img src=x" not in page

    def test_a_document_without_files_says_so(self, client):
        assert "Thư viện chưa có tệp của văn bản này." in page_of(client, make_document())


class TestNeighbours:
    def test_they_are_the_newest_of_the_type_and_of_the_fields(self, client):
        field = Field.objects.create(name="Tuyên giáo", slug="tuyen-giao")
        plan, directive = make_type("Kế hoạch"), make_type("Chỉ thị")
        mine = make_document(type=plan, fields=[field])
        day = date(2023, 1, 1)
        plans = [
            make_document(type=plan, issued_on=day + timedelta(days=n), fields=[field])
            for n in range(5)
        ]
        directives = [
            make_document(type=directive, issued_on=day + timedelta(days=n), fields=[field])
            for n in range(5)
        ]
        make_document(type=directive, issued_on=date(2024, 1, 1))
        context = client.get(mine.get_absolute_url()).context
        assert context["same_type"] == plans[:0:-1]
        assert context["same_fields"] == directives[:0:-1]

    def test_internal_ones_are_not_among_them(self, client):
        mine = make_document()
        make_document(visibility="internal")
        make_document_draft()
        assert client.get(mine.get_absolute_url()).context["same_type"] == []


def test_the_qr_code_holds_the_absolute_address(client, settings):
    settings.SITE_URL = "https://dangbo.example.vn"
    document = make_document("24-CT/TU", abstract="Về công tác tư tưởng " * 8)
    page = page_of(client, document)
    code = qr_code(f"https://dangbo.example.vn{document.get_absolute_url()}")
    assert f'<path d="{code.path}" stroke="#000"/>' in page
    assert f"https://dangbo.example.vn{document.get_absolute_url()}" in page


def test_a_qr_code_is_drawn_module_by_module_within_its_quiet_zone():
    address = "https://dangbo.example.vn/van-ban/a-1/"
    code = qr_code(address)
    drawn = [[0] * code.size for _ in range(code.size)]
    for x, y, length in re.findall(r"M(\d+) (\d+)\.5h(\d+)", code.path):
        drawn[int(y)][int(x) : int(x) + int(length)] = [1] * int(length)
    expected = segno.make_qr(address, error="m").matrix_iter(border=4)
    assert drawn == [list(row) for row in expected]


@pytest.mark.usefixtures("process_that_answered_before")
@pytest.mark.parametrize("others", [1, 3])
def test_it_keeps_to_its_budget_of_queries_however_much_there_is(
    client, others, django_assert_max_num_queries
):
    make_site()
    issuer, field = make_issuer(), Field.objects.create(name="Tuyên giáo", slug="tuyen-giao")
    mine = make_document(issuer=issuer, fields=[field])
    for number in range(others):
        relate(make_document(issuer=issuer, fields=[field]), "amends", mine)
        relate(mine, "guides", make_document(type=make_type("Chỉ thị"), fields=[field]))
        file = attached(mine, f"Tệp {number}")
        attached(mine, f"Tệp mới {number}", replaces=file)
    client.get(mine.get_absolute_url())
    with django_assert_max_num_queries(BUDGET["document"]):
        response = client.get(mine.get_absolute_url())
    assert len(response.content) < 100_000


def test_readers_share_a_copy_that_is_asked_for_anew(client):
    response = client.get(make_document().get_absolute_url())
    assert response["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert not response.cookies
    again = client.get(response.request["PATH_INFO"], headers={"If-None-Match": response["ETag"]})
    assert again.status_code == 304


def test_the_texts_of_files_are_not_on_it(client):
    document = make_document()
    attached(document, "Một câu không ai thấy ở trang này.")
    assert "Một câu không ai thấy" not in page_of(client, document)
