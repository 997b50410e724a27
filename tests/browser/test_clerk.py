"""The records clerk in a real browser: files dropped, guesses confirmed, handed in, corrected."""

import base64

import pytest

from core.publishing import move
from core.workflow import Action, State
from documents import corrections
from documents.models import Document, DocumentType
from tests.browser.axe import assert_no_barrier
from tests.documents.clerk.test_intake import PAGE
from tests.factories import (
    make_document_draft,
    make_issuer,
    make_person,
    make_relation,
    pdf_file,
)

pytestmark = pytest.mark.django_db(transaction=True)

WIDE = {"viewport": {"width": 1280, "height": 900}, "timezone_id": "Asia/Ho_Chi_Minh"}
DROP = """([selector, files]) => {
  const data = new DataTransfer()
  for (const [name, content] of files) {
    const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0))
    data.items.add(new File([bytes], name))
  }
  document.querySelector(selector).dispatchEvent(
    new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }),
  )
}"""


def drop(page, files):
    """Drop files, pairs of a name and bytes, where the page takes them once its script has run."""
    page.wait_for_load_state()
    encoded = [[name, base64.b64encode(content).decode()] for name, content in files]
    page.evaluate(DROP, ["[data-drop]", encoded])


@pytest.fixture
def kind():
    """A test that flushes the tables has no types of its own."""
    return DocumentType.objects.get_or_create(
        name="Chỉ thị", defaults={"slug": "chi-thi", "code": "CT"}
    )[0]


@pytest.fixture
def desk(open_page, settings, tmp_path):
    """The newsroom as the clerk finds it after signing in."""
    settings.DOCUMENTS_ROOT = tmp_path / "documents"
    make_person("Văn thư", username="van-thu")
    return signed_in(open_page, "van-thu")


def signed_in(open_page, username):
    page = open_page("/quan-tri/", **WIDE)
    page.set_default_timeout(20_000)
    page.get_by_label("Tên đăng nhập").fill(username)
    page.get_by_label("Mật khẩu").fill("mat-khau-de-thu")
    page.get_by_role("button", name="Đăng nhập").click()
    page.get_by_role("link", name="Văn bản", exact=True).first.wait_for()
    page.goto("/quan-tri/documents/document/")
    return page


def test_files_are_dropped_confirmed_published_and_corrected(desk, kind, open_page):
    make_issuer("Đảng ủy Khối", code="ĐUK")
    first, second = (pdf_file(PAGE.format(number=number)).read() for number in (5, 6))
    desk.get_by_role("link", name="Nhận nhiều tệp").click()
    desk.get_by_text("kéo thả tệp vào khung này").wait_for()
    files = [
        ("05-CT.pdf", first),
        ("hỏng.pdf", b"%PDF-1.7 x"),
        ("06-CT.pdf", second),
        ("05-CT lần hai.pdf", first),
    ]
    drop(desk, files)
    desk.get_by_text("Đã xong 4 tệp").wait_for(timeout=90_000)
    results = desk.locator(".outcome")
    assert [results.nth(at).get_attribute("class").split("-")[-1] for at in range(4)] == [
        *("made", "refused", "made", "known")
    ]
    assert Document.objects.count() == 2

    desk.get_by_role("link", name="Bản nháp cần xác nhận (2)").click()
    desk.get_by_role("link", name="05-CT/ĐUK").click()
    assert desk.locator("#id_sign").input_value() == "05-CT/ĐUK"
    assert desk.locator("#id_issued_on").input_value() == "05/06/2023"
    picture = desk.get_by_role("img", name="Ảnh trang đầu")
    picture.evaluate("image => image.decode()")
    assert picture.evaluate("image => image.naturalWidth") > 300
    desk.locator("#id_abstract").fill("")
    desk.get_by_role("button", name="Dùng cho ô Trích yếu").click()
    desk.get_by_role("button", name="Gửi duyệt").click()
    desk.get_by_text("Đã gửi duyệt.").wait_for()
    assert desk.get_by_role("button", name="Duyệt và đăng").is_disabled()
    document = Document.objects.get(sign="05-CT/ĐUK")
    assert document.abstract.startswith("Về tăng cường công tác")

    make_person("Lãnh đạo", username="lanh-dao")
    leader = signed_in(open_page, "lanh-dao")
    leader.get_by_role("link", name="05-CT/ĐUK").click()
    leader.get_by_role("button", name="Duyệt và đăng").click()
    leader.get_by_text("bạn đọc thấy ngay").wait_for()
    document.refresh_from_db()
    assert document.state == State.LIVE

    desk.reload()
    desk.get_by_role("button", name="Soạn đính chính").click()
    desk.locator("#id_abstract").fill("Về công tác tư tưởng")
    desk.get_by_role("button", name="Gửi duyệt").click()
    desk.get_by_text("Đã gửi duyệt.").wait_for()
    assert "Về công tác tư tưởng" in desk.locator(".register").inner_text()
    leader.goto(desk.url)
    leader.get_by_role("button", name="Duyệt và đăng").click()
    leader.get_by_text("Đã duyệt và đăng bản đính chính").wait_for()
    document.refresh_from_db()
    assert document.abstract == "Về công tác tư tưởng"
    troubles = [*desk.troubles, *leader.troubles]
    assert not [said for said in troubles if "Security" in said or "Error:" in said]


def test_a_typed_sign_suggests_and_one_click_takes(desk, kind):
    issuer = make_issuer("Tỉnh ủy Trà Vinh", code="TU")
    known = make_document_draft("24-CT/TU", type=kind, issuer=issuer, term="2015-2020")
    desk.get_by_role("link", name="Thêm văn bản").click()
    desk.locator("#id_sign").fill("24ct/tu")
    box = desk.get_by_role("status").filter(has_text="Thư viện đã có văn bản mang số này")
    box.wait_for()
    assert desk.locator("#id_type").input_value() == ""
    for choice in ("24-CT/TU", "Chỉ thị", "Tỉnh ủy Trà Vinh", "2015-2020"):
        box.get_by_role("button", name=choice).click()
        box.get_by_role("button", name=choice).wait_for(state="detached")
    assert desk.locator("#id_sign").input_value() == "24-CT/TU"
    assert desk.locator("#id_issuer").input_value() == str(issuer.pk)
    desk.get_by_role("button", name="Lưu nháp").click()
    link = desk.locator(".errorlist a", has_text="24-CT/TU")
    assert link.get_attribute("href") == f"/quan-tri/documents/document/{known.pk}/change/"
    assert Document.objects.count() == 1


def test_axe_finds_no_barrier_in_the_clerks_pages(desk, kind):
    document = move(make_document_draft("24-CT/TU", type=kind), Action.PUBLISH)
    other = make_document_draft("2-CT/TU", issuer=document.issuer)
    make_relation(source=document, kind="replaces", target=other)
    correction = corrections.begin(document, by=make_person("Văn thư"))
    Document.objects.filter(pk=correction.pk).update(abstract="Về việc khác")
    move(correction, Action.SUBMIT)
    inspect(desk, "/quan-tri/")
    places = ("", "add/", "nhan-tep/", "nhap-so/", "thung-rac/", f"{other.pk}/bo/")
    for place in places:
        inspect(desk, f"/quan-tri/documents/document/{place}")
    for place in (f"{other.pk}/change", f"{document.pk}/change", f"{document.pk}/history"):
        inspect(desk, f"/quan-tri/documents/document/{place}/")
    for place in ("change", "buoc/return"):
        inspect(desk, f"/quan-tri/documents/document/{correction.pk}/{place}/")


def inspect(desk, address):
    assert desk.goto(address).ok, address
    assert_no_barrier(desk, address)
