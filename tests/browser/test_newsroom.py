"""The newsroom in a real browser: from Word to readers, and nothing typed is ever lost."""

import re
from datetime import timedelta
from pathlib import Path
from time import monotonic

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from core.media import Photo
from core.open_forms import remember
from core.publishing import move
from core.workflow import Action
from news.models import Article, Edition
from portal.sessions import Session
from tests.factories import (
    make_article,
    make_category,
    make_draft,
    make_person,
    make_photo,
    picture_file,
)

pytestmark = pytest.mark.django_db(transaction=True)

WORD = Path(__file__).parent.parent / "core/word/word365.html"
PASSWORD = "mat-khau-de-thu"
EDITOR = "CKEDITOR.instances.id_body"
READY = f"() => window.CKEDITOR && {EDITOR}?.status === 'ready'"
COPY = """([type, data]) => {
  const copy = (event) => {
    event.clipboardData.setData(type, data)
    event.preventDefault()
  }
  document.addEventListener("copy", copy, { once: true })
  document.execCommand("copy")
}"""
KEPT = "() => Object.values(localStorage).some((copy) => copy.includes('{}'))"
ADD = "/quan-tri/news/article/add/"
WIDE = {"viewport": {"width": 1280, "height": 900}, "timezone_id": "Asia/Ho_Chi_Minh"}


@pytest.fixture
def editor():
    return make_person("Lãnh đạo", username="bien-tap-vien")


def sign_in(page, username="bien-tap-vien"):
    page.get_by_label("Tên đăng nhập").fill(username)
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()


@pytest.fixture
def desk(open_page, editor):
    """The newsroom as the editor finds it after signing in."""
    page = open_page("/quan-tri/", permissions=["clipboard-read", "clipboard-write"], **WIDE)
    page.set_default_timeout(20_000)
    sign_in(page)
    page.get_by_role("link", name="Viết bài mới").wait_for()
    return page


def write(page, title):
    """Open a new article and type a title and a text."""
    page.goto(ADD)
    page.wait_for_function(READY)
    page.get_by_label("Tiêu đề").fill(title)
    page.evaluate(f"{EDITOR}.setData('<p>Nội dung của {title}.</p>')")


def submit(page):
    """Hand the text in; what the checklist warns of is meant."""
    page.get_by_role("button", name="Gửi duyệt").click()
    page.wait_for_load_state()
    for box in page.locator("input[name=acknowledge]").all():
        box.check()
    if page.locator("input[name=acknowledge]").count():
        page.get_by_role("button", name="Gửi duyệt").click()
    page.get_by_text("Đã gửi duyệt.").wait_for()


def approve(page):
    """Press the button and have the portal's answer, which the page then shows."""
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.get_by_role("button", name="Duyệt và đăng").click()


def beat(page):
    """Come back to the page, which makes it ask about the session."""
    page.evaluate("window.dispatchEvent(new Event('focus'))")


def test_from_word_to_readers_with_a_second_pair_of_eyes(desk, open_page, tmp_path):
    category = make_category("Xây dựng Đảng")
    make_person("Biên tập viên", category, username="nguoi-duyet")
    picture = tmp_path / "hoi-nghi.jpg"
    picture.write_bytes(picture_file((900, 600)).read())
    clicks = []

    def click(thing):
        clicks.append(thing)
        thing.click()

    def paste(kind, text):
        desk.evaluate(COPY, [kind, text])
        desk.keyboard.press("Control+V")

    click(desk.get_by_role("link", name="Viết bài mới"))
    desk.wait_for_function(READY)
    assert desk.evaluate("document.activeElement.id") == "id_title"
    paste("text/plain", "Đảng ủy Khối tổng kết\nnăm 2023")
    click(desk.frame_locator("iframe.cke_wysiwyg_frame").locator("body"))
    paste("text/html", WORD.read_text())
    desk.wait_for_function(f"() => {EDITOR}.getData().length > 200")
    click(desk.get_by_role("combobox", name="Chuyên mục"))
    with desk.expect_response(re.compile("term=xay.+dung")):
        desk.keyboard.type("xay dung")
    desk.locator(".select2-results__option--highlighted", has_text="Xây dựng Đảng").wait_for()
    desk.keyboard.press("Enter")
    click(desk.get_by_role("button", name="Chọn ảnh"))
    click(desk.locator("summary", has_text="Tải ảnh mới lên"))
    with desk.expect_file_chooser() as chooser:
        click(desk.get_by_label("Tệp ảnh"))
    chooser.value.set_files(picture)
    desk.get_by_label("Mô tả ảnh, cho người").fill("Quang cảnh hội nghị")
    click(desk.get_by_role("button", name="Tải lên và chọn"))
    desk.get_by_role("button", name="Bỏ ảnh").wait_for()
    assert len(clicks) < 10
    submit(desk)

    article = Article.objects.get()
    second = open_page("/quan-tri/", **WIDE)
    second.set_default_timeout(20_000)
    sign_in(second, "nguoi-duyet")
    second.get_by_role("link", name="Đảng ủy Khối tổng kết").click()
    second.get_by_role("link", name="Trả lại").click()
    second.wait_for_function("() => document.activeElement?.id === 'id_reason'")
    select_in(second, "[data-remarkable] p")
    second.get_by_role("button", name="Góp ý câu đang chọn").click()
    second.keyboard.type("Viết gọn câu này.")
    second.get_by_label("Lý do trả lại").fill("Thiếu tóm tắt.")
    second.get_by_role("button", name="Trả lại").click()
    second.get_by_text("Đã trả lại.").wait_for()

    desk.goto(second.url)
    desk.wait_for_function(READY)
    for words in ("Thiếu tóm tắt.", "Viết gọn câu này."):
        assert desk.get_by_text(words).first.is_visible()
    desk.get_by_label("Đã sửa xong").check()
    desk.get_by_label("Tóm tắt").fill("Đảng ủy Khối tổng kết công tác năm 2023.")
    submit(desk)

    reader = open_page("/", **WIDE)
    second.reload()
    approve(second)
    approved_at = monotonic()
    article.refresh_from_db()
    reader.goto(article.get_absolute_url(), wait_until="domcontentloaded")
    assert reader.get_by_role("heading", level=1).inner_text().replace("\n", " ") == (
        "Đảng ủy Khối tổng kết năm 2023"
    )
    assert monotonic() - approved_at < 2
    assert reader.get_by_role("img", name="Quang cảnh hội nghị").first.is_visible()
    assert len(article.live.body) > 200
    assert "mso" not in article.live.body.lower()

    desk.reload()
    desk.get_by_label("Tóm tắt").fill("Đảng ủy Khối tổng kết công tác sáu tháng đầu năm 2023.")
    desk.get_by_label("Đính chính nội dung").check()
    desk.get_by_label("Ghi chú đính chính").fill("Sửa “năm” thành “sáu tháng đầu năm”.")
    submit(desk)
    second.reload()
    approve(second)
    reader.reload()
    note = reader.get_by_role("complementary", name="Đính chính")
    assert "Sửa “năm” thành “sáu tháng đầu năm”." in note.inner_text()
    troubles = desk.troubles + second.troubles + reader.troubles
    assert not [said for said in troubles if "Security" in said or "Error:" in said]


def select_in(page, selector):
    """Select the words of the first such element, as a reader's mouse would."""
    page.locator(selector).first.select_text()


def test_a_closed_window_loses_nothing(desk):
    category = make_category("Tuyên giáo")
    photo = make_photo(caption="Quang cảnh")
    write(desk, "Bài viết dở")
    desk.get_by_role("combobox", name="Chuyên mục").click()
    desk.get_by_role("option", name="Tuyên giáo").click()
    desk.get_by_role("button", name="Chọn ảnh").click()
    desk.get_by_role("button", name="Quang cảnh").click()
    desk.get_by_label("Tác giả, bút danh").fill("Thu Hà")
    desk.wait_for_function(KEPT.format("Thu Hà"))
    context = desk.context
    desk.close()

    page = context.new_page()
    page.set_default_timeout(20_000)
    page.goto(ADD)
    page.wait_for_function(READY)
    assert "Có nội dung chưa lưu" in page.get_by_role("status").first.inner_text()
    page.get_by_role("button", name="Khôi phục", exact=True).click()
    assert page.get_by_label("Tiêu đề").input_value() == "Bài viết dở"
    expect(page.locator(f'.photo-field img[src="{photo.url}"]')).to_be_visible()
    page.get_by_role("button", name="Lưu nháp").click()
    page.get_by_text("Đã lưu bản nháp").wait_for()

    edition = Edition.objects.get()
    assert (edition.title, edition.body) == ("Bài viết dở", "<p>Nội dung của Bài viết dở.</p>")
    assert (edition.category, edition.lead_photo) == (category, photo)
    assert edition.pen_name == "Thu Hà"
    page.goto(ADD)
    page.wait_for_function(READY)
    assert page.get_by_text("Có nội dung chưa lưu").count() == 0
    assert page.evaluate("Object.keys(localStorage).filter((k) => k.includes('form:'))") == []


def test_a_copy_is_not_offered_once_another_text_was_stored(desk, editor):
    article = make_draft("Bài đang sửa").article
    remember(Article, article.pk, editor, {"title": {"value": "Gõ từ hôm qua"}}, "")
    desk.goto(reverse("admin:news_article_change", args=[article.pk]))
    desk.get_by_text("Có nội dung chưa lưu").wait_for()
    desk.get_by_label("Tiêu đề").fill("Bài sửa hôm nay")
    desk.get_by_role("button", name="Lưu nháp").click()
    desk.get_by_text("Đã lưu bản nháp").wait_for()
    desk.wait_for_function(READY)
    desk.wait_for_load_state("networkidle")
    assert desk.get_by_text("Có nội dung chưa lưu").count() == 0


def test_a_refused_form_is_still_kept(desk):
    write(desk, "Thiếu chuyên mục")
    desk.get_by_role("button", name="Lưu nháp").click()
    desk.locator(".errornote").wait_for()
    desk.wait_for_function(
        "() => document.activeElement.matches('.field-category .select2-selection')"
    )
    desk.wait_for_function(KEPT.format("Thiếu chuyên mục"))


def test_an_ended_session_is_told_and_repaired_in_another_tab(desk):
    draft = make_draft("Bài đang sửa")
    address = reverse("admin:news_article_change", args=[draft.article_id])
    desk.goto(address)
    desk.wait_for_function(READY)
    desk.get_by_label("Tiêu đề").fill("Bài sửa xong")
    Session.objects.all().delete()
    beat(desk)
    with desk.context.expect_page() as opened:
        desk.get_by_role("link", name="Đăng nhập ở thẻ mới").click()
    sign_in(opened.value)
    opened.value.get_by_role("link", name="Viết bài mới").wait_for()
    opened.value.close()
    beat(desk)
    desk.locator("#bar-session").wait_for(state="detached")
    desk.get_by_role("button", name="Lưu nháp").click()
    desk.get_by_text("Đã lưu bản nháp").wait_for()
    draft.refresh_from_db()
    assert draft.title == "Bài sửa xong"


def test_a_save_that_meets_the_sign_in_page_loses_nothing(desk):
    write(desk, "Gửi quá muộn")
    Session.objects.all().delete()
    desk.get_by_role("button", name="Lưu nháp").click()
    desk.get_by_label("Mật khẩu").wait_for()
    sign_in(desk)
    desk.wait_for_function(READY)
    desk.get_by_role("button", name="Khôi phục", exact=True).click()
    assert desk.get_by_label("Tiêu đề").input_value() == "Gửi quá muộn"
    assert "Nội dung của Gửi quá muộn." in desk.evaluate(f"{EDITOR}.getData()")


def test_the_button_says_what_a_later_hour_means(desk):
    draft = move(make_draft("Bài hẹn giờ"), Action.SUBMIT)
    desk.goto(reverse("admin:news_article_change", args=[draft.article_id]))
    desk.get_by_label("Ngày đăng").fill("01/02/2099")
    desk.get_by_label("Giờ đăng").fill("08:30")
    assert desk.get_by_role("button", name="Duyệt, hẹn giờ 08:30 ngày 01/02/2099").is_visible()
    desk.get_by_label("Ngày đăng").fill("")
    assert desk.get_by_role("button", name="Duyệt và đăng").is_visible()


def test_the_note_to_readers_is_asked_for_with_a_correction_alone(desk):
    article = make_article("Bài đang đăng", summary="")
    desk.goto(reverse("admin:news_article_change", args=[article.pk]))
    note = desk.get_by_label("Ghi chú đính chính")
    assert not note.is_visible()
    desk.get_by_label("Đính chính nội dung").check()
    assert note.is_visible()


def test_the_preview_shows_the_page_on_a_desk_and_on_a_phone(desk):
    draft = make_draft("Bài xem trước", body="<p>Chỉ tòa soạn thấy.</p>")
    desk.goto(reverse("admin:news_article_preview", args=[draft.article_id]))
    widths = []
    for name in ("Bài viết trên máy tính", "Bài viết trên điện thoại"):
        frame = desk.frame_locator(f'iframe[title="{name}"]')
        frame.get_by_text("Chỉ tòa soạn thấy.").wait_for()
        widths.append(frame.locator("html").evaluate("() => innerWidth"))
    assert widths == [1280, 390]
    assert not desk.troubles


def test_the_picker_refuses_and_finds_by_keyboard(desk, tmp_path):
    make_photo(alt="Lễ chào cờ", caption="Chào cờ đầu tuần")
    make_photo(alt="Hội nghị", caption="Hội nghị tổng kết")
    desk.goto(ADD)
    desk.wait_for_function(READY)
    desk.get_by_role("button", name="Chọn ảnh").focus()
    desk.keyboard.press("Enter")
    desk.get_by_role("button", name="Hội nghị tổng kết").wait_for()
    desk.keyboard.type("chao co")
    desk.get_by_role("button", name="Hội nghị tổng kết").wait_for(state="detached")
    desk.locator("summary", has_text="Tải ảnh mới lên").click()
    fake = tmp_path / "anh.jpg"
    fake.write_text("<svg onload=alert(1)>")
    desk.get_by_label("Tệp ảnh").set_input_files(fake)
    desk.get_by_role("button", name="Tải lên và chọn").click()
    desk.get_by_text(re.compile("SVG")).wait_for()
    desk.get_by_role("button", name="Chào cờ đầu tuần").focus()
    desk.keyboard.press("Enter")
    desk.get_by_role("button", name="Đổi ảnh").wait_for()
    assert desk.locator("#id_lead_photo").input_value() == str(
        Photo.objects.get(alt="Lễ chào cờ").pk
    )


def test_the_hour_is_vietnams_whatever_the_computer_believes(open_page, editor):
    draft = move(make_draft("Bài ghi giờ"), Action.SUBMIT)
    page = open_page("/quan-tri/", viewport=WIDE["viewport"], timezone_id="Pacific/Kiritimati")
    sign_in(page)
    page.get_by_role("link", name="Viết bài mới").wait_for()
    page.goto(reverse("admin:news_article_change", args=[draft.article_id]))
    approve = page.locator("[data-publish]")
    ahead = timezone.localtime(timezone.now() + timedelta(hours=2))
    page.locator("#id_publish_at_0").fill(f"{ahead:%d/%m/%Y}")
    page.locator("#id_publish_at_1").fill(f"{ahead:%H:%M}")
    assert approve.inner_text() == f"Duyệt, hẹn giờ {ahead:%H:%M ngày %d/%m/%Y}"
    past = ahead - timedelta(hours=3)
    page.locator("#id_publish_at_0").fill(f"{past:%d/%m/%Y}")
    page.locator("#id_publish_at_1").fill(f"{past:%H:%M}")
    assert approve.inner_text() == "Duyệt và đăng"


def test_a_static_page_takes_photos_from_the_library_too(open_page, editor):
    editor.user_permissions.add(Permission.objects.get(codename="add_page"))
    make_photo(alt="Trụ sở")
    page = open_page("/quan-tri/", **WIDE)
    page.set_default_timeout(20_000)
    sign_in(page)
    page.get_by_role("link", name="Viết bài mới").wait_for()
    page.goto("/quan-tri/portal/page/add/")
    page.wait_for_function(READY)
    page.get_by_role("button", name="Ảnh từ kho").click()
    page.get_by_role("dialog").get_by_role("button", name="Trụ sở").click()
    page.wait_for_function(f"() => {EDITOR}.getData().includes('/media/photos/')")
