"""Words of scans, by the real Tesseract with its Vietnamese model."""

import io

import pytest
from django.core.exceptions import ValidationError
from PIL import Image, ImageDraw, ImageFont

from documents import extraction
from tests.documents.crafted_pdfs import LAUNCH, acting, pdf
from tests.documents.hostile_office import docx

FONT = "/usr/share/fonts/truetype/noto/NotoSerif-Regular.ttf"


def page(text, format="png", size=(1654, 700)):
    """A picture of `text` as a scanner at 200 dpi sees it."""
    paper = Image.new("L", size, "white")
    ImageDraw.Draw(paper).multiline_text(
        (150, 150), text, fill=20, font=ImageFont.truetype(FONT, 40), spacing=30
    )
    buffer = io.BytesIO()
    paper.save(buffer, format, **({"save_all": True} if format == "pdf" else {}))
    return buffer.getvalue()


def scan(*texts):
    """A PDF of pictures of pages."""
    pages = [Image.open(io.BytesIO(page(text))) for text in texts]
    buffer = io.BytesIO()
    pages[0].save(buffer, "pdf", save_all=True, append_images=pages[1:], resolution=200)
    return buffer.getvalue()


@pytest.mark.parametrize("format", ["png", "jpeg"])
def test_the_words_of_a_picture_are_recognised(format):
    words = extraction.recognise(page("Chỉ thị về công tác tuyên truyền\nngày 07 tháng 10", format))
    assert "Chỉ thị về công tác tuyên truyền" in words
    assert "07 tháng 10" in words


def test_the_pages_of_a_scan_are_recognised_one_by_one():
    content = scan("Trang thứ nhất của nghị quyết", "Trang thứ hai của nghị quyết")
    assert extraction.read(content).text == ""
    first, second = extraction.recognise(content).split("\f")
    assert "thứ nhất" in first
    assert "thứ hai" in second


def test_an_empty_page_has_no_words():
    assert extraction.recognise(page("")) == ""


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (pdf()[:200], "damaged"),
        (acting(LAUNCH), "action"),
        (docx(), "unknown"),
        (b"\x89PNG\r\n\x1a\n", "damaged"),
    ],
)
def test_what_is_refused_by_the_reader_is_refused_here(content, code):
    with pytest.raises(ValidationError) as refused:
        extraction.recognise(content)
    assert refused.value.code == code


def test_it_is_known_whether_words_can_be_recognised(monkeypatch, tmp_path):
    assert extraction.can_recognise()
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not extraction.can_recognise()
    with pytest.raises(ValidationError) as refused:
        extraction.recognise(page("Chỉ thị"))
    assert refused.value.code == "no_recogniser"


def test_a_recogniser_without_vietnamese_is_none(monkeypatch, tmp_path):
    other = tmp_path / "tesseract"
    other.write_text("#!/bin/sh\necho eng\n")
    other.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not extraction.can_recognise()


def test_a_recogniser_that_fails_is_a_refusal(monkeypatch, tmp_path):
    broken = tmp_path / "tesseract"
    broken.write_text('#!/bin/sh\n[ "$1" = --list-langs ] && echo vie && exit 0\nexit 1\n')
    broken.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ValidationError) as refused:
        extraction.recognise(page("Chỉ thị"))
    assert refused.value.code == "too_complex"
