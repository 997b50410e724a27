"""What is typed is kept on the server too, and who else has the form open is shown."""

import pytest
from django.urls import reverse

from core.presence import Autosave
from tests.browser.test_newsroom import (  # noqa: F401
    READY,
    WIDE,
    desk,
    editor,
    sign_in,
)
from tests.factories import make_category, make_draft, make_person

pytestmark = pytest.mark.django_db(transaction=True)


def is_autosave(answer):
    return answer.url.endswith("/tu-luu/") and answer.request.method == "POST"


def test_another_computer_offers_what_was_typed_and_shows_who_else_is_there(desk, open_page):  # noqa: F811
    draft = make_draft("Bản đầu", category=make_category())
    address = reverse("admin:news_article_change", args=[draft.article_id])
    desk.goto(address)
    desk.wait_for_function(READY)
    with desk.expect_response(is_autosave) as answer:
        desk.get_by_label("Tiêu đề").fill("Đang viết dở")
    assert answer.value.ok
    assert Autosave.objects.get().fields["title"]["value"] == "Đang viết dở"

    other = open_page("/quan-tri/", **WIDE)
    sign_in(other)
    other.get_by_role("link", name="Viết bài mới").wait_for()
    other.goto(address)
    other.wait_for_function(READY)
    other.get_by_role("button", name="Khôi phục", exact=True).click()
    assert other.get_by_label("Tiêu đề").input_value() == "Đang viết dở"
    assert other.locator("#bar-presence").count() == 0  # it is the same person

    make_person("Lãnh đạo", username="nguoi-khac")
    third = open_page("/quan-tri/", **WIDE)
    sign_in(third, "nguoi-khac")
    third.goto(address)
    third.get_by_text("bien-tap-vien cũng đang mở trang này").wait_for()
