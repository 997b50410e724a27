"""The photo library: many at once, cut and focal point, where used, deletion."""

import io

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from PIL import Image

from core.media import Photo, size_of
from portal.roles import EDITORS
from tests.factories import (
    make_article,
    make_category,
    make_draft,
    make_person,
    make_photo,
    make_user,
    picture_file,
)

INTAKE = reverse("admin:core_photo_intake")
RIGHTS = ("core.add_photo", "core.view_photo", "core.change_photo", "core.delete_photo")


@pytest.fixture
def librarian(client):
    user = make_user(*RIGHTS)
    client.force_login(user)
    return user


def change(photo):
    return reverse("admin:core_photo_change", args=[photo.pk])


def halves():
    """A photo of 100 × 60, its left half white, its right half black."""
    image = Image.new("RGB", (100, 60), "white")
    image.paste("black", (50, 0, 100, 60))
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return Photo.objects.create_from_upload(buffer, alt="Nửa trắng, nửa đen")


@pytest.mark.django_db
def test_a_bad_file_stops_no_other_and_a_known_one_is_pointed_to(client, librarian):
    known = picture_file()
    photo = Photo.objects.create_from_upload(known)
    known.seek(0)
    files = [picture_file(), SimpleUploadedFile("hong.jpg", b"\xff\xd8\xff"), known, picture_file()]
    sent = {"files": files, "credit": "Văn Tuấn"}
    outcomes = client.post(INTAKE, sent, headers={"accept": "application/json"}).json()["outcomes"]
    assert [one["result"] for one in outcomes] == ["made", "refused", "known", "made"]
    assert outcomes[2]["url"] == change(photo)
    assert Photo.objects.filter(credit="Văn Tuấn", created_by=librarian).count() == 2
    page = client.post(INTAKE, {"files": [picture_file()]}).content.decode()
    assert "outcome-made" in page
    assert "Chưa có tệp nào" in client.post(INTAKE).content.decode()
    client.force_login(make_user("core.view_photo"))
    assert client.get(INTAKE).status_code == 403


@pytest.mark.django_db
def test_a_cut_makes_new_renditions_and_leaves_the_former_ones(client, librarian):
    photo = halves()
    former, original = photo.key, photo.url
    client.post(change(photo), {"alt": "Nửa đen", "cut_left": 50, "focus_x": 10})
    photo.refresh_from_db()
    assert (photo.alt, photo.width, photo.height, photo.focus_x) == ("Nửa đen", 50, 60, 10)
    assert photo.former_keys == [former]
    assert photo.focus_class == "focus-x-10"
    with default_storage.open(photo.url.removeprefix("/media/")) as file:
        assert max(Image.open(file).convert("RGB").getpixel((5, 5))) < 40
    assert client.get(original).status_code == client.get(photo.social_url).status_code == 200
    assert photo.uncut_url == original
    client.post(change(photo), {"alt": "Nguyên", "cut_left": 0})
    photo.refresh_from_db()
    assert (photo.width, len(photo.former_keys)) == (100, 2)
    assert size_of(photo.url) == (100, 60)


@pytest.mark.django_db
def test_texts_alone_make_no_new_files(client, librarian):
    photo = make_photo()
    client.post(change(photo), {"alt": "Mới", "focus_y": 80})
    photo.refresh_from_db()
    assert (photo.former_keys, photo.alt, photo.focus_class) == ([], "Mới", "focus-y-80")


@pytest.mark.django_db
def test_a_cut_leaves_a_tenth_and_the_focus_lies_in_the_picture(client, librarian):
    photo = make_photo()
    answer = client.post(change(photo), {"alt": "x", "cut_left": 60, "cut_right": 40})
    assert "ít nhất một phần mười" in answer.content.decode()
    for name, values in (
        ("photo_cut_leaves_a_tenth", {"cut_top": 91}),
        ("photo_focus_in_the_picture", {"focus_x": 101}),
    ):
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            Photo.objects.filter(pk=photo.pk).update(**values)


@pytest.mark.django_db
def test_cards_keep_the_focal_point_in_sight(client):
    photo = make_photo()
    Photo.objects.filter(pk=photo.pk).update(focus_x=28, focus_y=96)
    make_article(lead_photo=photo)
    assert 'class="focus-x-30 focus-y-100"' in client.get("/").content.decode()


@pytest.mark.django_db
def test_a_photo_in_use_says_where_and_is_not_deleted(client):
    photo, category = make_photo(), make_category()
    client.force_login(make_person(EDITORS, category))
    draft = make_draft("Bài có ảnh", lead_photo=photo, category=category)
    page = client.get(change(photo)).content.decode()
    assert "Bài có ảnh" in page
    assert reverse("admin:news_article_change", args=[draft.article_id]) in page
    delete = reverse("admin:core_photo_delete", args=[photo.pk])
    assert delete not in page
    assert client.post(delete, {"post": "yes"}).status_code == 403
    assert Photo.objects.exists()


@pytest.mark.django_db
def test_an_unused_photo_is_deleted_with_all_its_files(
    client, librarian, django_capture_on_commit_callbacks, settings
):
    photo = make_photo(size=(100, 60))
    photo.cut_top = 10
    photo.recut()
    with django_capture_on_commit_callbacks(execute=True):
        delete = reverse("admin:core_photo_delete", args=[photo.pk])
        assert client.post(delete, {"post": "yes"}).status_code == 302
    assert not list((settings.MEDIA_ROOT / "photos").iterdir())
