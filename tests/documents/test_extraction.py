"""What real files say: kinds, pages, Vietnamese text, metadata and the picture of a page."""

import io
import subprocess
import sys
import unicodedata
from datetime import date, datetime
from pathlib import Path

import docx
import openpyxl
import pikepdf
import pytest
from django.core.exceptions import ValidationError
from fpdf import FPDF
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from documents import extraction
from documents.reading import registers
from documents.reading.plain import tidy
from documents.reading.refusal import REASONS
from tests.documents.crafted_pdfs import acting, annotated, many_pages, packed, pdf, stream
from tests.documents.hostile_office import docx as raw_docx
from tests.documents.hostile_office import docx_related, field, odt, related
from tests.documents.test_hostile_files import outcome

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = Path(__file__).parent / "samples"
FONT = "/usr/share/fonts/truetype/noto/NotoSerif-Regular.ttf"
SENTENCE = "Đảng ủy Khối quán triệt nghị quyết: ưỡng, ỷ, ễ."
LINK = b"<< /S /URI /URI (https://dangbo.example.vn/) >>"


def printed(*pages, title=""):
    """A PDF with a text layer, made by fpdf2."""
    paper = FPDF()
    paper.set_title(title)
    paper.add_font("serif", "", FONT)
    paper.set_font("serif", size=12)
    for text in pages:
        paper.add_page()
        paper.multi_cell(0, 8, text)
    return bytes(paper.output())


def saved(thing):
    """The bytes of what has a method `save`."""
    buffer = io.BytesIO()
    thing.save(buffer)
    return buffer.getvalue()


def workbook(*rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    return book


def picture(format, size=(1200, 1700), mode="RGB"):
    buffer = io.BytesIO()
    Image.linear_gradient("L").resize(size).convert(mode).save(buffer, format)
    return buffer.getvalue()


def scanned(pages):
    """A PDF of pictures, as scanners make it."""
    paper = FPDF()
    for _ in range(pages):
        paper.add_page()
        paper.image(io.BytesIO(picture("jpeg")), 0, 0, 210, 297)
    return bytes(paper.output())


def preview_of(content):
    return Image.open(io.BytesIO(extraction.read(content).preview))


def refusal(content):
    with pytest.raises(ValidationError) as refused:
        extraction.read(content)
    return refused.value.code


def test_a_pdf_tells_its_pages_text_and_title():
    reading = extraction.read(printed(SENTENCE, "Trang hai", title="Chỉ thị 24"))
    assert (reading.kind, reading.pages) == ("pdf", 2)
    assert reading.text == f"{SENTENCE}\fTrang hai"
    assert reading.metadata == "Chỉ thị 24"


def test_text_is_in_nfc_whatever_the_file_has():
    decomposed = docx.Document()
    decomposed.add_paragraph(unicodedata.normalize("NFD", SENTENCE))
    assert extraction.read(saved(decomposed)).text == SENTENCE


def test_a_scan_has_pages_and_a_picture_but_no_text():
    reading = extraction.read(scanned(3))
    assert (reading.kind, reading.pages, reading.text) == ("pdf", 3, "")
    assert reading.preview


@pytest.mark.parametrize("ending", ["pdf", "docx", "odt", "xlsx"])
def test_what_libreoffice_writes_is_read(ending):
    reading = extraction.read((SAMPLES / f"libreoffice.{ending}").read_bytes())
    assert reading.kind == ending
    assert "ưỡng ỷ ễ" in reading.text
    assert "24-CT/TU" in reading.text or ending == "xlsx"


def test_headers_tables_and_notes_of_a_docx_are_read_in_order():
    paper = docx.Document()
    paper.core_properties.title, paper.core_properties.keywords = "Chỉ thị", "tuyên truyền"
    paper.sections[0].header.paragraphs[0].text = "ĐẢNG BỘ TỈNH"
    paper.add_paragraph(SENTENCE)
    cells = paper.add_table(1, 2).rows[0].cells
    cells[0].text, cells[1].text = "24-CT/TU", "Trích yếu"
    reading = extraction.read(saved(paper))
    assert (reading.kind, reading.pages, reading.preview) == ("docx", None, b"")
    assert reading.text == f"ĐẢNG BỘ TỈNH\n{SENTENCE}\n24-CT/TU\tTrích yếu"
    assert {"Chỉ thị", "tuyên truyền"} <= set(reading.metadata.splitlines())


def test_a_text_box_that_a_docx_holds_twice_is_read_once():
    box = "<w:p><w:r><w:t>MẬT</w:t></w:r></w:p>"
    both = f"<w:Choice>{box}</w:Choice><w:Fallback>{box}</w:Fallback>"
    assert extraction.read(raw_docx(f"<w:p><w:r>{both}</w:r></w:p>")).text == "MẬT"


def test_what_was_deleted_from_a_docx_is_not_its_text():
    body = "<w:p><w:del><w:r><w:delText>cũ</w:delText></w:r></w:del><w:r><w:t>mới</w:t></w:r></w:p>"
    assert extraction.read(raw_docx(body)).text == "mới"


def test_a_workbook_is_read_as_people_see_it():
    book = workbook(
        ["Số", "Ngày", "Giờ"], [24.0, date(2017, 6, 29), datetime(2021, 5, 18, 8, 30)], [1.5, True]
    )
    book.active.oddHeader.center.text = "MẬT"
    book.create_sheet("Phụ lục").append([SENTENCE])
    reading = extraction.read(saved(book))
    assert (reading.kind, reading.pages, reading.preview) == ("xlsx", None, b"")
    assert reading.text.splitlines() == [
        "MẬT",
        "Số\tNgày\tGiờ",
        "24\t29/06/2017\t18/05/2021 08:30",
        "1.5\tTrue",
        SENTENCE,
    ]


@pytest.mark.parametrize(
    ("format", "mode"),
    [("jpeg", "L"), ("jpeg", "RGB"), ("jpeg", "CMYK"), ("png", "L"), ("png", "P"), ("png", "RGBA")],
)
def test_a_picture_is_one_page_without_text(format, mode):
    reading = extraction.read(picture(format, mode=mode))
    assert (reading.kind, reading.pages, reading.text) == (format, 1, "")


@pytest.mark.parametrize("content", [printed(SENTENCE), picture("png")], ids=["pdf", "png"])
def test_the_preview_is_a_webp_picture_600_pixels_wide(content):
    picture = preview_of(content)
    assert picture.format == "WEBP"
    assert 595 <= picture.width <= 600
    assert picture.height <= 1600


def test_a_picture_without_background_is_shown_on_white():
    clear = Image.new("RGBA", (20, 20), (0, 0, 0, 0))
    buffer = io.BytesIO()
    clear.save(buffer, "png")
    assert preview_of(buffer.getvalue()).convert("RGB").getpixel((5, 5)) == (255, 255, 255)


SIGNED = {
    "catalog": b"/AcroForm << /Fields [6 0 R] /SigFlags 3 >> /DSS << /Certs [] >>",
    "page": b"/Annots [6 0 R]",
    "o6": b"<< /Type /Annot /Subtype /Widget /FT /Sig /T (a) /Rect [200 200 300 300] /F 4"
    b" /V 7 0 R /AP << /N 8 0 R >> /Lock << /Type /SigFieldLock /Action /All >> >>",
    "o7": b"<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached"
    b" /ByteRange [0 9 99 9] /Contents <3080> /Reference [ << /Type /SigRef"
    b" /TransformMethod /DocMDP /TransformParams << /P 2 /V /1.2 >> >> ] >>",
    "o8": stream(
        b"BT /F1 9 Tf 9 9 Td (Ky boi Van thu) Tj ET",
        b"/Type /XObject /Subtype /Form /BBox [0 0 100 100] /Resources << /Font << /F1 5 0 R >> >>",
    ),
}


def test_a_signed_pdf_is_taken_and_its_signature_is_seen():
    assert extraction.read(pdf(**SIGNED)).text == "Xin\nKy boi Van thu"


@pytest.mark.parametrize(
    "content",
    [
        acting(LINK),
        acting(b"<< /S /URI /URI (mailto:vanthu@dangbo.example.vn) >>"),
        acting(b"<< /S /URI /URI (www.dangbo.example.vn) >>"),
        acting(b"<< /S /GoTo /D [3 0 R /Fit] >>"),
        annotated(b"/Subtype /Text /Contents (see /JS and /Launch here \\(/XFA\\))"),
        pdf(catalog=b"/OpenAction [3 0 R /FitH 0] /PageMode /UseOutlines"),
        pdf(catalog=b"/AcroForm << /Fields [<< /FT /Tx /T (JavaScript) /V (a) >>] >>"),
        packed(acting(LINK)),
        pdf() + b"\r\n\r\n",
    ],
    ids="web mail www jump comment opening form packed newline".split(),
)
def test_ordinary_links_jumps_and_forms_are_taken(content):
    assert extraction.read(content).pages == 1


def test_links_of_office_files_are_taken():
    link = ("hyperlink", "https://dangbo.example.vn/", True)
    assert extraction.read(docx_related(link)).kind == "docx"
    assert extraction.read(raw_docx(field(' HYPERLINK "https://x.vn/" '))).kind == "docx"
    assert extraction.read(raw_docx(field(r' HYPERLINK \l "_Toc1" '))).kind == "docx"
    assert extraction.read(odt('<text:a xlink:href="https://x.vn/">x</text:a>')).kind == "odt"


def test_the_workbook_behind_a_chart_is_taken():
    chart = {
        "word/charts/_rels/chart1.xml.rels": related(("package", "../embeddings/a.xlsx", False)),
        "word/embeddings/a.xlsx": b"x",
    }
    assert extraction.read(raw_docx(more=chart)).kind == "docx"


def test_an_empty_part_is_as_libreoffice_leaves_it():
    assert extraction.read(odt(more={"Configurations2/accelerator/current.xml": ""})).kind == "odt"


def test_as_many_pages_as_allowed_are_read():
    assert extraction.read(many_pages(2_000)).pages == 2_000
    assert refusal(many_pages(2_001)) == "too_many_pages"


def test_a_password_that_was_taken_off_is_no_hindrance():
    with pikepdf.open(io.BytesIO(printed(SENTENCE))) as opened:
        locked = io.BytesIO()
        opened.save(locked, encryption=pikepdf.Encryption(user="a", owner="b"))
    with pikepdf.open(locked, password="a") as opened:
        unlocked = saved(opened)
    assert refusal(locked.getvalue()) == "encrypted"
    assert extraction.read(unlocked).text == SENTENCE


def test_text_can_be_stored_by_postgresql():
    assert tidy("a\0b\x02\ufffe\ud800 \r\n\n\n\nc\f \t") == "ab\n\nc"


def test_rows_of_a_workbook_are_text():
    book = workbook(["Số", None, "Ngày"], [None], ["24-CT/TU", None, date(2017, 6, 29), None])
    book.create_sheet("khác").append(["x"])
    assert extraction.rows(saved(book)) == [["Số", "", "Ngày"], ["24-CT/TU", "", "29/06/2017"]]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_rows_of_a_csv_file_are_text(separator, encoding):
    text = separator.join(["Số", "Trích yếu"]) + f'\r\n24{separator}"Một\nhai"\r\n{separator}\r\n'
    expected = [["Số", "Trích yếu"], ["24", "Một\nhai"]]
    assert extraction.rows(text.encode(encoding)) == expected


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"\xff\x00\x81", "not_a_table"),
        (b"a\0b", "not_a_table"),
        (b'"a', "not_a_table"),
        (raw_docx(), "not_a_table"),
        (b"PK\x03\x04", "damaged"),
        (b"a\n" * (registers.ROW_LIMIT + 1), "too_many_rows"),
    ],
)
def test_what_is_no_register_is_refused(content, code):
    with pytest.raises(ValidationError) as refused:
        extraction.rows(content)
    assert refused.value.code == code


def test_the_reader_knows_nothing_of_the_environment_and_the_server(monkeypatch, tmp_path):
    (tmp_path / "pikepdf.py").write_text("raise SystemExit('wrong module')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    assert extraction.read(pdf()).pages == 1


def test_reading_a_pdf_loads_no_part_of_django():
    program = (
        "import sys; from documents.reading import child, pdf, office, registers\n"
        "assert not [name for name in sys.modules if name.startswith('django')]"
    )
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True)


GOOD = {
    "pdf": pdf(),
    "packed pdf": packed(acting(LINK)),
    "docx": raw_docx(),
    "odt": odt(),
    "png": picture("png", (40, 30)),
}


@pytest.mark.parametrize("name", GOOD)
@settings(max_examples=8, deadline=None)
@given(data=st.data())
def test_a_damaged_file_is_read_or_refused_and_nothing_else(name, data):
    content = bytearray(GOOD[name])
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(content) - 1))
        content[place] ^= 1 << data.draw(st.integers(0, 7))
    cut = data.draw(st.sampled_from([0, 0, 0, 1, len(content) // 3]))
    assert outcome(bytes(content[: len(content) - cut])) in (name.split()[-1], *REASONS)
