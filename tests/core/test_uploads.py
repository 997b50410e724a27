"""What an uploaded file really is: every refusal has a reason, every real photo passes."""

import contextlib
import io
import struct
import zipfile
import zlib
from concurrent.futures import ThreadPoolExecutor, wait

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from core import uploads


def encoded(format, size=(40, 30), mode="RGB", **options):
    buffer = io.BytesIO()
    Image.linear_gradient("L").resize(size).convert(mode).save(buffer, format, **options)
    return buffer.getvalue()


def zip_file():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("tan-cong.html", "x")
    return buffer.getvalue()


def png_claiming(width, height):
    """A tiny PNG file whose header promises width x height pixels."""

    def chunk(name, data):
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    pixels = zlib.compress(bytes(1000))
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    )


def refusal(content):
    with pytest.raises(ValidationError) as refused:
        uploads.decode_picture(content)
    return refused.value.code


@pytest.mark.parametrize("format", ["jpeg", "png", "webp", "gif", "avif"])
def test_a_still_picture_is_known_by_its_content(format):
    picture = uploads.decode_picture(encoded(format))
    assert picture.format == format
    assert picture.image.size == (40, 30)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "svg"),
        (b"\xef\xbb\xbf\n <?xml version='1.0'?><svg/>", "svg"),
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", "heic"),
        (b"\x00\x00\x00\x18ftypmif1\x00\x00\x00\x00mif1heic", "heic"),
        (b"<!doctype html><p>xin ch\xc3\xa0o", "not_a_picture"),
        (b"%PDF-1.7\n", "not_a_picture"),
        (b"\x00" * 100, "not_a_picture"),
        (b"\xff", "not_a_picture"),
        (b"BM" + b"\x00" * 100, "not_a_picture"),
        (b"II*\x00" + b"\x00" * 100, "not_a_picture"),
        (b"\xff\xd8\xff\xe0", "damaged"),
        (b"\x89PNG\r\n\x1a\n", "damaged"),
        (b"GIF89a", "damaged"),
        (b"RIFF\x04\x00\x00\x00WEBP", "damaged"),
    ],
)
def test_what_is_no_usable_picture_is_refused_with_its_reason(content, code):
    assert refusal(content) == code


def test_every_refusal_tells_the_editor_what_to_do():
    with pytest.raises(ValidationError, match=r"HEIC.*Hãy chuyển ảnh sang JPEG"):
        uploads.decode_picture(b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic")


@pytest.mark.parametrize("format", ["jpeg", "png", "webp", "gif", "avif"])
def test_a_file_cut_in_half_is_refused(format):
    content = encoded(format, size=(200, 200))
    assert refusal(content[: len(content) // 2]) == "damaged"


def test_a_jpeg_without_its_last_lines_is_refused():
    content = encoded("jpeg", size=(200, 200))
    assert refusal(content[:-40]) == "damaged"


@pytest.mark.parametrize("format", ["jpeg", "png", "webp", "gif"])
@pytest.mark.parametrize(
    "payload",
    [
        b"<?php system($_GET['c']); ?>",
        b"<SCRIPT>alert(1)</SCRIPT>",
        b"<html lang=vi><p>x",
        b"<!DOCTYPE html>",
        zip_file(),
    ],
)
def test_a_picture_that_is_also_something_else_is_refused(format, payload):
    assert refusal(encoded(format) + payload) == "polyglot"


def test_a_program_in_the_comment_of_a_picture_is_refused():
    assert refusal(encoded("jpeg", comment=b"<?php phpinfo();")) == "polyglot"
    assert refusal(encoded("gif", comment=b"<script src=x>")) == "polyglot"


def test_a_pdf_in_the_head_of_a_picture_is_refused():
    assert refusal(encoded("jpeg", comment=b"%PDF-1.4")) == "polyglot"


def test_the_trailer_that_telephones_append_is_no_reason_to_refuse():
    trailer = b"\x00\x00\x01\x0aImage_UTC_Data1700000000000SEFH" + bytes(64)
    assert uploads.decode_picture(encoded("jpeg") + trailer).image.size == (40, 30)


def test_a_jpeg_with_a_preview_of_itself_is_a_still_picture():
    buffer = io.BytesIO()
    first, preview = Image.new("RGB", (40, 30)), Image.new("RGB", (4, 3))
    first.save(buffer, "MPO", save_all=True, append_images=[preview])
    picture = uploads.decode_picture(buffer.getvalue())
    assert (picture.format, picture.image.size) == ("jpeg", (40, 30))


@pytest.mark.parametrize("format", ["gif", "webp", "png", "avif"])
def test_a_moving_picture_is_refused(format):
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "gold")]
    buffer = io.BytesIO()
    frames[0].save(buffer, format, save_all=True, append_images=frames[1:])
    assert refusal(buffer.getvalue()) == "animated"


@pytest.mark.parametrize(
    ("width", "height"),
    [(7072, 7072), (10_001, 10_000), (60_000, 60_000), (16_384, 1), (1, 16_384)],
)
def test_a_bomb_is_refused_by_its_header_before_decoding(width, height):
    assert refusal(png_claiming(width, height)) == "too_many_pixels"


def test_pictures_are_opened_one_at_a_time():
    """A decoded picture may take 1.5 GB: as many at once as there are threads would end us."""
    with ThreadPoolExecutor(1) as pool:
        with uploads.PICTURE_TURN:
            opened = pool.submit(uploads.decode_picture, encoded("JPEG"))
            assert not wait([opened], timeout=0.1).done
        assert opened.result(timeout=10).format == "jpeg"


def test_the_longest_allowed_side_is_read():
    assert uploads.decode_picture(encoded("png", size=(16_383, 2))).image.size == (16_383, 2)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_is_turned_as_its_camera_was_held(orientation):
    upright = Image.new("RGB", (40, 20), "white")
    upright.paste("red", (0, 0, 10, 10))
    undo = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}.get(orientation)
    exif = Image.Exif()
    exif[0x0112] = orientation
    buffer = io.BytesIO()
    stored = upright if undo is None else upright.transpose(Image.Transpose(undo))
    stored.save(buffer, "PNG", exif=exif)
    turned = uploads.decode_picture(buffer.getvalue()).image
    assert turned.tobytes() == upright.tobytes()
    assert turned.size == (40, 20)


def test_an_empty_file_is_refused():
    with pytest.raises(ValidationError, match="0 byte"):
        uploads.read_upload(io.BytesIO())


def test_a_file_is_read_whole_up_to_the_limit_and_refused_above_it():
    assert len(uploads.read_upload(io.BytesIO(bytes(uploads.SIZE_LIMIT)))) == uploads.SIZE_LIMIT
    with pytest.raises(ValidationError, match="20 MB"):
        uploads.read_upload(io.BytesIO(bytes(uploads.SIZE_LIMIT + 1)))


def test_a_file_that_was_looked_at_before_is_still_read_from_its_start():
    file = io.BytesIO(b"abc")
    file.read()
    assert uploads.read_upload(file) == b"abc"


SAMPLES = [encoded(format) for format in ("jpeg", "png", "webp", "gif", "avif")] + [
    encoded("jpeg", exif=b"Exif\x00\x00II*\x00\x08\x00\x00\x00\x01\x00\x12\x01\x03\x00" + bytes(12))
]


@pytest.mark.filterwarnings("ignore::UserWarning:PIL")
@given(
    st.sampled_from(SAMPLES),
    st.lists(st.tuples(st.floats(0, 0.999), st.binary(min_size=1, max_size=4))),
)
def test_a_damaged_file_is_either_read_or_refused_with_a_reason(content, damages):
    damaged = bytearray(content)
    for place, replacement in damages:
        start = int(place * len(damaged))
        damaged[start : start + len(replacement)] = replacement
    with contextlib.suppress(ValidationError):
        assert min(uploads.decode_picture(bytes(damaged)).image.size) > 0
