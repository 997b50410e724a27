"""Files of Word dropped into the newsroom; the drafts that come of them in the editor."""

import pytest

from news.models import Edition
from tests.browser.test_clerk import drop
from tests.browser.test_newsroom import READY, WIDE, sign_in
from tests.factories import make_category, make_user
from tests.news.word import papers

pytestmark = pytest.mark.django_db(transaction=True)

RIGHTS = [
    *(f"news.{verb}_article" for verb in ("add", "change", "view", "publish")),
    *("news.view_category", "news.view_unit", "core.view_photo"),
]


def test_dropped_files_become_drafts_that_the_editor_keeps_whole(open_page):
    make_user(*RIGHTS, username="bien-tap-vien")
    make_category("Tin hoạt động")
    page = open_page("/quan-tri/news/article/", **WIDE)
    page.set_default_timeout(20_000)
    sign_in(page)
    page.get_by_role("link", name="Nhập từ Word").click()
    page.get_by_label("Chuyên mục").select_option(label="Tin hoạt động")
    report = papers.content(papers.report())
    drop(page, [("hỏng.docx", b"PK\x03\x04 x"), ("bài.docx", report)])
    page.get_by_text("Đã xong 2 tệp, 1 tệp không nhận được. Hãy mở").wait_for()
    refused, made = page.locator(".outcome").all()
    assert "Tệp bị hỏng" in refused.inner_text()
    assert "Hãy ghi mô tả (alt) cho 2 ảnh" in made.inner_text()

    made.get_by_role("link").click()
    page.wait_for_function(READY)
    body = Edition.objects.get().body
    page.locator("#id_title").fill("Tiêu đề khác")
    page.get_by_role("button", name="Lưu nháp").click()
    page.get_by_text("Đã lưu").wait_for()
    edition = Edition.objects.get()
    assert (edition.title, edition.body) == ("Tiêu đề khác", body)
