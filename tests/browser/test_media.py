"""Galleries, videos and the frame of a photo, as editors make them in Chromium."""

import pytest
from django.urls import reverse

from core.media import Photo
from core.richtext import clean_html
from tests.factories import make_photo, make_user, make_video

pytestmark = pytest.mark.django_db(transaction=True)
RIGHTS = [
    f"{app}.{verb}_{model}"
    for app, model in (("news", "article"), ("core", "photo"), ("core", "video"))
    for verb in ("add", "change", "view")
]
DATA = "CKEDITOR.instances.id_body.getData()"


@pytest.fixture
def desk(open_page):
    """The newsroom as an editor finds it after signing in."""
    make_user(*RIGHTS, username="bien-tap")
    page = open_page("/quan-tri/", viewport={"width": 1280, "height": 900})
    page.set_default_timeout(20_000)
    page.get_by_label("Tên đăng nhập").fill("bien-tap")
    page.get_by_label("Mật khẩu").fill("mat-khau-de-thu")
    page.get_by_role("button", name="Đăng nhập").click()
    page.get_by_role("link", name="Ảnh", exact=True).first.wait_for()
    return page


def test_an_editor_places_a_gallery_and_a_video(desk):
    for alt in ("Một", "Hai", "Ba"):
        make_photo(alt=alt)
    video = make_video()
    page = desk
    page.goto(reverse("admin:news_article_add"))
    page.click(".cke_button__portalgallery")
    for alt in ("Ba", "Một", "Hai", "Một"):
        page.click(f"dialog[open] .picker-grid button:has-text('{alt}')")
    page.click("text=Chèn 2 ảnh")
    text = page.locator(".cke_wysiwyg_frame").content_frame
    text.locator(".gallery figure").nth(1).wait_for()
    page.click(".cke_button__portalvideo")
    page.click("dialog[open] .picker-grid button")
    text.locator("figure.video").wait_for()
    kept = clean_html(page.evaluate(DATA))
    gallery = kept[kept.index('<div class="gallery">') : kept.index("</div>")]
    assert [photo.alt for photo in Photo.objects.order_by("pk") if photo.key in gallery] == [
        "Hai",
        "Ba",
    ]
    assert gallery.index("Ba") < gallery.index("Hai")
    assert f'<figure class="video"><video src="{video.url}"></video>' in kept


def test_a_photo_is_framed_with_the_mouse_and_the_keys(desk):
    photo = make_photo(size=(400, 300))
    page = desk
    page.goto(reverse("admin:core_photo_change", args=[photo.pk]))
    page.locator(".framing-point").scroll_into_view_if_needed()
    box = page.locator("[data-framing]").bounding_box()

    def at(x, y):
        return box["x"] + box["width"] * x, box["y"] + box["height"] * y

    page.mouse.move(*at(0.2, 0.1))
    page.mouse.down()
    page.mouse.move(*at(0.8, 0.9), steps=3)
    page.mouse.up()
    page.mouse.click(*at(0.5, 0.5))
    page.keyboard.press("Shift+ArrowRight")
    with page.expect_navigation():
        page.click("[name=_continue]")
    photo.refresh_from_db()
    assert [getattr(photo, name) for name in Photo.CUTS] == pytest.approx([20, 10, 20, 10], abs=1)
    assert (photo.focus_x, photo.focus_y) == pytest.approx((60, 50), abs=2)
    assert photo.width == pytest.approx(240, abs=8)
