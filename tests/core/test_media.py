"""Photos: what is stored of an upload, where it is found, and what never leaks from it."""

import io
import threading
import unicodedata

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, InternalError, connection, transaction
from PIL import Image, ImageCms

from core import media
from core.media import Photo

KEY = "0123456789abcdef0123-1600x1067"
LAB_PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
CACHE_FOREVER = "public, max-age=31536000, immutable"


@pytest.fixture(autouse=True)
def media_root(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    return tmp_path


def encoded(format="JPEG", size=(40, 30), mode="RGB", **options):
    buffer = io.BytesIO()
    gradient = Image.linear_gradient("L").resize(size)
    (gradient if mode == "L" else gradient.convert(mode)).save(buffer, format, **options)
    return buffer.getvalue()


def upload(content=None, **texts):
    file = SimpleUploadedFile("anh.jpg", encoded() if content is None else content)
    return Photo.objects.create_from_upload(file, **texts)


def uploaded_image(image, format="PNG", **options):
    buffer = io.BytesIO()
    image.save(buffer, format, **options)
    return upload(buffer.getvalue())


def stored_names(photo):
    return sorted(default_storage.listdir(f"photos/{photo.key}")[1])


def stored(photo, name):
    with default_storage.open(f"photos/{photo.key}/{name}") as file:
        return Image.open(io.BytesIO(file.read()))


def exif_of_a_telephone():
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "HANG-DIEN-THOAI"
    exif.get_ifd(0x8825).update({1: "N", 2: (9.0, 56.0, 3.0), 3: "E", 4: (106.0, 20.0, 5.0)})
    return exif


# Widths and addresses


@pytest.mark.parametrize(
    ("width", "widths"),
    [
        (3, (3,)),
        (400, (400,)),
        (401, (400, 401)),
        (1000, (400, 800, 1000)),
        (1600, (400, 800, 1200, 1600)),
    ],
)
def test_renditions_are_the_standard_widths_below_the_photo_and_its_own(width, widths):
    assert media.rendition_widths(width) == widths


def test_a_srcset_follows_from_the_address_of_any_rendition():
    expected = ", ".join(f"/media/photos/{KEY}/{w}.webp {w}w" for w in (400, 800, 1200, 1600))
    assert media.srcset_for(f"/media/photos/{KEY}/800.webp") == expected
    assert media.srcset_for(f"/media/photos/{KEY}/1600.webp") == expected


def test_the_size_of_a_rendition_follows_from_its_address():
    assert media.size_of(f"/media/photos/{KEY}/1600.webp") == (1600, 1067)
    assert media.size_of(f"/media/photos/{KEY}/800.webp") == (800, 534)


@pytest.mark.parametrize(
    "src",
    [
        "",
        "https://evil.example/media/photos/" + KEY + "/800.webp",
        f"/media/photos/{KEY}/801.webp",
        f"/media/photos/{KEY}/800.webp\n",
        f"/media/photos/{KEY}/800.webp?x",
        f"/media/photos/{KEY}/social.jpg",
        f"/media/photos/../photos/{KEY}/800.webp",
        "/media/photos/0123456789abcdef0123-0x0/0.webp",
        "/media/photos/0123456789ABCDEF0123-400x300/400.webp",
        "/media/photos/0123456789abcdef0123-400x300000/400.webp",
        "/media/photos/0123456789abcdef0123-٤٠٠x300/400.webp",
    ],
)
def test_an_address_that_is_not_ours_has_no_srcset_and_no_size(src):
    assert media.srcset_for(src) is None
    assert media.size_of(src) is None


def test_a_photo_names_the_smallest_rendition_that_is_wide_enough():
    photo = Photo(key="0123456789abcdef0123-1000x500", width=1000, height=500)
    base = "/media/photos/0123456789abcdef0123-1000x500"
    assert photo.src(1) == f"{base}/400.webp"
    assert photo.src(400) == f"{base}/400.webp"
    assert photo.src(900) == f"{base}/1000.webp"
    assert photo.src(5000) == f"{base}/1000.webp"
    assert photo.url == f"{base}/800.webp"
    assert photo.social_url == f"{base}/social.jpg"
    assert photo.srcset.startswith(f"{base}/400.webp 400w, ")


# What is stored


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("size", "names", "largest"),
    [
        ((3, 3), ["3.webp"], (3, 3)),
        ((900, 600), ["400.webp", "800.webp", "900.webp"], (900, 600)),
        ((2000, 1000), ["1200.webp", "1600.webp", "400.webp", "800.webp"], (1600, 800)),
        ((10_000, 10), ["1200.webp", "1600.webp", "400.webp", "800.webp"], (1600, 2)),
        ((10, 10_000), ["10.webp"], (10, 10_000)),
    ],
)
def test_every_rendition_has_the_size_that_its_address_says(size, names, largest):
    photo = upload(encoded("PNG", size))
    assert stored_names(photo) == sorted([*names, "original.png", "social.jpg"])
    assert (photo.width, photo.height) == largest
    for name in names:
        assert stored(photo, name).size == media.size_of(f"/media/photos/{photo.key}/{name}")
    assert stored(photo, "original.png").size == size
    assert stored(photo, "social.jpg").width == min(size[0], 1200)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("format", "name"),
    [
        ("JPEG", "original.jpg"),
        ("PNG", "original.png"),
        ("GIF", "original.png"),
        ("WEBP", "original.webp"),
        ("AVIF", "original.webp"),
    ],
)
def test_the_original_is_kept_in_full_size_under_a_name_that_tells_its_format(format, name):
    photo = upload(encoded(format, (1700, 20)))
    assert photo.original_format == format.lower()
    assert stored(photo, name).size == (1700, 20)


@pytest.mark.django_db
def test_no_stored_file_keeps_the_place_the_camera_or_any_other_metadata():
    options = {"xmp": b"<x:xmpmeta>BI-MAT</x:xmpmeta>", "comment": b"BI-MAT"}
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    content = encoded(exif=exif_of_a_telephone(), icc_profile=profile, **options)
    assert all(secret in content for secret in (b"BI-MAT", b"HANG-DIEN-THOAI"))
    photo = upload(content)
    for name in stored_names(photo):
        picture = stored(photo, name)
        assert dict(picture.getexif()) == {}
        assert not picture.info.keys() & {"exif", "xmp", "comment", "icc_profile"}
        with default_storage.open(f"photos/{photo.key}/{name}") as file:
            assert not any(secret in file.read() for secret in (b"BI-MAT", b"HANG", b"Exif"))


@pytest.mark.django_db
@pytest.mark.parametrize("format", ["PNG", "WEBP"])
def test_text_chunks_and_profiles_of_other_formats_are_dropped_too(format):
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    photo = upload(encoded(format, exif=exif_of_a_telephone(), icc_profile=profile))
    for name in stored_names(photo):
        assert not stored(photo, name).info.keys() & {"exif", "icc_profile"}


@pytest.mark.django_db
def test_a_photo_taken_upright_stays_upright_in_every_file():
    photo = upload(encoded(size=(400, 200), exif=exif_of_a_telephone()))
    assert (photo.width, photo.height) == (200, 400)
    assert {stored(photo, name).size for name in stored_names(photo)} == {(200, 400)}


@pytest.mark.django_db
def test_bytes_after_the_end_of_the_picture_are_not_stored():
    photo = upload(encoded() + b"SEFH phan du cua dien thoai")
    for name in stored_names(photo):
        with default_storage.open(f"photos/{photo.key}/{name}") as file:
            assert b"SEFH" not in file.read()


@pytest.mark.django_db
def test_transparency_is_kept_for_pages_and_becomes_white_on_link_cards():
    image = Image.new("P", (40, 30), 0)
    image.putpalette([255, 0, 0, 0, 0, 255])
    photo = uploaded_image(image, transparency=0)
    assert stored(photo, "40.webp").getpixel((5, 5))[3] == 0
    assert stored(photo, "original.png").getpixel((5, 5))[3] == 0
    social = stored(photo, "social.jpg")
    assert social.mode == "RGB"
    assert min(social.getpixel((5, 5))) >= 250


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("image", "grey"),
    [
        (Image.new("I;16", (8, 8), 0x8000), 128),
        (Image.new("L", (8, 8), 128), 128),
        (Image.new("LA", (8, 8), (128, 255)), 128),
        (Image.new("1", (8, 8), 1), 255),
        (Image.new("RGB", (8, 8), (128, 128, 128)), 128),
    ],
)
def test_every_kind_of_grey_keeps_its_lightness(image, grey):
    photo = uploaded_image(image)
    for name in ("8.webp", "social.jpg", "original.png"):
        pixel = stored(photo, name).convert("RGB").getpixel((4, 4))
        assert all(abs(value - grey) <= 3 for value in pixel)


@pytest.mark.django_db
def test_a_16_bit_picture_with_a_transparent_value_is_read():
    photo = uploaded_image(Image.new("I;16", (8, 8), 0x8000), transparency=0x8000)
    assert stored(photo, "8.webp").size == (8, 8)


@pytest.mark.django_db
def test_a_picture_for_print_becomes_a_picture_for_screens():
    photo = uploaded_image(Image.new("CMYK", (8, 8), (0, 255, 255, 0)), "JPEG")
    red, green, blue = stored(photo, "8.webp").convert("RGB").getpixel((4, 4))
    assert red > 200
    assert max(green, blue) < 60
    assert stored(photo, "original.jpg").mode == "RGB"


@pytest.mark.django_db
@pytest.mark.parametrize("mode", ["RGB", "RGBA", "P"])
def test_colours_of_another_profile_are_converted_to_srgb(mode):
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = srgb.replace(b"rXYZ", b"????").replace(b"bXYZ", b"rXYZ").replace(b"????", b"bXYZ")
    red = Image.new("RGB", (8, 8), "red").convert(mode)
    photo = uploaded_image(red, icc_profile=swapped)
    for name in ("8.webp", "original.png", "social.jpg"):
        r, g, b = stored(photo, name).convert("RGB").getpixel((4, 4))
        assert b > 240
        assert max(r, g) < 20


@pytest.mark.django_db
@pytest.mark.parametrize("profile", [b"khong phai ICC", b"\x00" * 200, LAB_PROFILE])
def test_a_broken_profile_does_not_stop_an_upload(profile):
    photo = uploaded_image(Image.new("RGB", (8, 8), "red"), icc_profile=profile)
    assert stored(photo, "8.webp").convert("RGB").getpixel((4, 4))[0] > 240


# Refusals


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "0 byte"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
        (encoded(size=(99, 99))[:-90], "hỏng"),
        (encoded() + b"<script>alert(1)</script>", "mã lệnh"),
    ],
)
def test_a_refused_file_leaves_no_row_and_no_file(content, reason, media_root):
    with pytest.raises(ValidationError, match=reason):
        upload(content)
    assert not Photo.objects.exists()
    assert not list(media_root.iterdir())


@pytest.mark.django_db
def test_a_decorative_photo_has_no_description(media_root):
    with pytest.raises(ValidationError, match="Ảnh trang trí thì để trống mô tả"):
        upload(decorative=True, alt="Hoa văn")
    assert not list(media_root.iterdir())
    photo = upload(decorative=True)
    photo.alt = "Hoa văn"
    with pytest.raises(IntegrityError, match="photo_decorative_without_alt"), transaction.atomic():
        photo.save()


@pytest.mark.django_db
def test_a_text_that_is_too_long_is_refused_before_anything_is_stored(media_root):
    with pytest.raises(ValidationError, match="300"):
        upload(alt="a" * 301)
    assert not list(media_root.iterdir())


@pytest.mark.django_db
def test_files_are_removed_when_the_row_cannot_be_written(media_root):
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION READ ONLY")
        with pytest.raises(InternalError, match="read-only"):
            upload()
        transaction.set_rollback(True)
    assert not list((media_root / "photos").iterdir())


@pytest.mark.django_db
def test_a_photo_without_size_cannot_exist():
    with pytest.raises(IntegrityError, match="photo_size_positive"), transaction.atomic():
        Photo.objects.create(key="x", width=0, height=1, sha256="x")


# The row


@pytest.mark.django_db
def test_a_photo_keeps_what_was_said_about_it(admin_user):
    photo = upload(alt="Hội trường", caption="Đại hội", credit="Ảnh: Văn Tuấn", by=admin_user)
    photo.refresh_from_db()
    assert (photo.alt, photo.credit, photo.created_by) == (
        "Hội trường",
        "Ảnh: Văn Tuấn",
        admin_user,
    )
    assert str(photo) == "Đại hội"


@pytest.mark.django_db
def test_texts_are_stored_in_nfc_and_found_without_diacritics():
    photo = upload(alt=unicodedata.normalize("NFD", "Đảng ủy họp"), credit="Thuỷ")
    assert photo.alt == "Đảng ủy họp"
    assert Photo.objects.get(folded__contains="dang uy hop") == photo
    photo.caption = "Tổng kết năm"
    photo.save()
    assert Photo.objects.get(folded__contains="tong ket nam") == photo


@pytest.mark.django_db
def test_no_two_photos_have_the_same_content():
    photo = upload()
    with pytest.raises(IntegrityError, match="photo_sha256_unique"):
        Photo.objects.create(key="x", width=1, height=1, sha256=photo.sha256)


@pytest.mark.parametrize(
    ("texts", "needs"),
    [({}, True), ({"alt": " "}, True), ({"alt": "Hội nghị"}, False), ({"decorative": True}, False)],
)
def test_a_photo_needs_a_description_unless_it_is_said_to_be_decorative(texts, needs):
    assert Photo(**texts).needs_alt is needs


@pytest.mark.django_db
def test_photos_are_listed_newest_first():
    first, second = upload(encoded(size=(5, 5))), upload(encoded(size=(6, 6)))
    assert list(Photo.objects.all()) == [second, first]


@pytest.mark.django_db
def test_the_same_file_twice_is_one_photo():
    first = upload(alt="Hội nghị")
    again = upload(alt="Tên khác")
    assert again == first
    assert again.alt == "Hội nghị"
    assert Photo.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_file_uploaded_at_once_is_one_photo_with_one_set_of_files(media_root):
    content = encoded(size=(900, 900))
    start, photos = threading.Barrier(3), []

    def upload_together():
        start.wait()
        try:
            photos.append(upload(content))
        finally:
            connection.close()

    threads = [threading.Thread(target=upload_together) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    photo = Photo.objects.get()
    assert photos == [photo, photo, photo]
    assert [folder.name for folder in (media_root / "photos").iterdir()] == [photo.key]


@pytest.mark.django_db
@pytest.mark.parametrize("delete", [Photo.delete, lambda photo: Photo.objects.all().delete()])
def test_files_of_a_deleted_photo_go_once_the_deletion_is_certain(
    delete, media_root, django_capture_on_commit_callbacks
):
    photo = upload()
    with django_capture_on_commit_callbacks(execute=True):
        delete(photo)
        assert stored_names(photo)
    assert not list((media_root / "photos").iterdir())


@pytest.mark.django_db
def test_files_stay_when_the_deletion_is_undone(django_capture_on_commit_callbacks):
    photo = upload()
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        Photo.objects.all().delete()
        transaction.set_rollback(True)
    assert "40.webp" in stored_names(photo)


# Addresses of files


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "content_type"), [("40.webp", "image/webp"), ("social.jpg", "image/jpeg")]
)
def test_a_rendition_is_served_to_be_kept_for_ever(client, name, content_type):
    photo = upload()
    answer = client.get(f"/media/photos/{photo.key}/{name}")
    assert answer.status_code == 200
    assert answer["Content-Type"] == content_type
    assert answer["Cache-Control"] == CACHE_FOREVER
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert Image.open(io.BytesIO(answer.content)).size == (40, 30)


@pytest.mark.django_db
def test_the_addresses_of_a_photo_are_served(client):
    photo = upload()
    assert client.head(photo.url).status_code == 200
    assert client.head(photo.social_url).status_code == 200


@pytest.mark.django_db
def test_a_photo_is_not_changed_through_its_address(client):
    assert client.post(upload().url).status_code == 405


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    [
        "{key}/original.jpg",
        "{key}/41.webp",
        "{key}/",
        "{key}",
        "{key}/social.jpg/",
        "{key}/40.webp%0A",
        "{key}/040.webp",
        "{key}/../{key}/40.webp",
        "{key}/%2e%2e/{key}/40.webp",
        "{key}/..%2f{key}%2f40.webp",
        "{key}/%5c..%5c40.webp",
        "{key}/40.webp%00.jpg",
        "../bi-mat.txt",
        "%2e%2e/bi-mat.txt",
        "..%2fbi-mat.txt",
        "0123456789abcdef0123-40x30/40.webp",
        "0123456789abcdef0123-٤٠x٣٠/40.webp",
    ],
)
def test_nothing_else_is_ever_served(client, media_root, path):
    photo = upload()
    (media_root / "bi-mat.txt").write_text("x")
    assert client.get(f"/media/photos/{path.format(key=photo.key)}").status_code == 404
