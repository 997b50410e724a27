"""What a manuscript becomes: title, summary, and a body of plain elements."""

from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Inches

from core.richtext import clean_html, note_mark
from documents import manuscript
from news.word.body import Body
from news.word.letters import in_unicode
from news.word.parts import parts
from tests.factories import picture_file
from tests.news.word import papers

SAMPLES = Path(__file__).parent / "samples"


class InLibrary:
    """A photo of the library, as far as a body needs it."""

    alt = ""

    def __init__(self, number):
        self.url = f"/media/photos/{number:020x}-900x600/800.webp"


def read(content):
    """Title, summary and body of a file, its photos numbered."""
    text, _ = in_unicode(manuscript.read(content))
    found = parts(text.blocks)
    body = Body(text, [InLibrary(number) for number in range(len(text.photos))]).html(found.blocks)
    return found.title, found.summary, body


def of(document):
    return read(papers.content(document))


def body_of(document):
    return of(document)[2]


def blocks_of(body):
    return body.split("\n")


def figure(number, caption=""):
    caption = f"<figcaption>{caption}</figcaption>" if caption else ""
    return (
        f'<figure class="photo"><img src="{InLibrary(number).url}" alt="" width="800" height="533">'
        f"{caption}</figure>"
    )


REPORT = [
    "<p>Hội nghị đã nghe báo cáo <em>trung tâm</em>"
    + note_mark(1)
    + ', xem <a href="https://dangbo.example.vn/van-ban/" rel="noopener noreferrer">toàn văn</a>'
    ".</p>",
    "<h2>Kết quả</h2>",
    '<ol><li>Một<ol type="a"><li>Một a</li><li>Một b<ul><li>chấm</li></ul></li></ol></li>'
    "<li>Hai</li></ol>",
    "<h3>Học tập</h3>",
    figure(0, "Quang cảnh hội nghị."),
    "<ul><li>Giữa hai ảnh</li></ul>",
    figure(1, "Đại biểu dự hội nghị"),
    figure(0),
    '<table><thead><tr><th scope="col">STT</th><th scope="col">Đơn vị</th>'
    '<th scope="col">Số buổi</th></tr></thead><tbody><tr><td>1</td><td rowspan="2">Chi bộ</td>'
    "<td></td></tr><tr><td></td><td></td></tr></tbody></table>",
    f"<p>Hết{note_mark(2)}</p>",
    "<h2>Chú thích</h2>",
    '<ol><li>Số liệu của Ban Tuyên giáo. <a href="#goi-chu-thich-1" id="chu-thich-1"'
    ' title="Trở lại chỗ ghi chú thích 1">↑</a></li><li>Quyết định số 18-QĐ/TW. '
    '<a href="#goi-chu-thich-2" id="chu-thich-2" title="Trở lại chỗ ghi chú thích 2">↑</a></li>'
    "</ol>",
]


def test_a_whole_article_as_python_docx_writes_it():
    title, summary, body = of(papers.report())
    assert title == "Sơ kết công tác tuyên giáo chín tháng đầu năm"
    assert summary == papers.LONG
    assert blocks_of(body) == REPORT
    assert clean_html(body) == body


def test_the_same_article_as_libreoffice_writes_it():
    title, summary, body = read((SAMPLES / "libreoffice.docx").read_bytes())
    assert (title, summary) == ("Sơ kết công tác tuyên giáo chín tháng đầu năm", papers.LONG)
    # LibreOffice 7.4 reads notes in the order of their part, not by number.
    assert blocks_of(body)[:-1] == REPORT[:-1]
    assert clean_html(body) == body


class TestTitleAndSummary:
    def test_a_title_by_its_style_goes_before_what_only_looks_like_one(self):
        document = Document()
        papers.centred(document, "ĐẢNG ỦY KHỐI", bold=True)
        document.add_paragraph("Học tập Nghị quyết", style="Title")
        document.add_paragraph("Nội dung.")
        title, _, body = of(document)
        assert title == "Học tập Nghị quyết"
        assert blocks_of(body)[1:] == ["<p>Nội dung.</p>"]

    def test_the_first_heading_is_the_title_and_the_others_move_up(self):
        document = Document()
        document.add_heading("Học tập Nghị quyết", 1)
        document.add_heading("Mở đầu", 3)
        document.add_paragraph("Nội dung.")
        title, _, body = of(document)
        assert title == "Học tập Nghị quyết"
        assert blocks_of(body) == ["<h2>Mở đầu</h2>", "<p>Nội dung.</p>"]

    def test_a_heading_after_much_text_is_none(self):
        document = Document()
        document.add_paragraph(papers.LONG * 3)
        document.add_heading("Kết quả", 1)
        assert of(document)[0] == ""

    def test_a_short_first_line_will_do_and_a_sentence_will_not(self):
        document = Document()
        document.add_paragraph("Hội nghị sơ kết")
        document.add_paragraph("Nội dung.")
        assert of(document)[0] == "Hội nghị sơ kết"
        document = Document()
        document.add_paragraph("Sáng nay, hội nghị khai mạc.")
        assert of(document)[0] == ""

    def test_a_line_too_long_for_a_title_stays_in_the_text(self):
        document = Document()
        papers.centred(document, "Rất dài " * 40, bold=True)
        title, _, body = of(document)
        assert title == ""
        assert "Rất dài" in body

    @pytest.mark.parametrize(
        ("first", "second_is_bold"),
        [("Một câu đậm nhưng ngắn.", False), (papers.LONG[:-1], False), (papers.LONG, True)],
        ids=["too short", "no sentence", "all is bold"],
    )
    def test_what_is_not_surely_a_summary_stays_in_the_text(self, first, second_is_bold):
        document = Document()
        document.add_heading("Tiêu đề", 1)
        document.add_paragraph().add_run(first).bold = True
        document.add_paragraph().add_run("Tiếp theo là nội dung.").bold = second_is_bold
        _, summary, body = of(document)
        assert summary == ""
        assert f"<strong>{first}</strong>" in body


class TestOldFonts:
    def test_tcvn3_vni_and_unicode_in_one_paragraph(self):
        document = Document()
        document.styles["Normal"].font.name = ".VnTime"
        papers.centred(document, "§¶ng ñy Khèi c¸c c¬ quan", bold=True)
        paragraph = document.add_paragraph()
        papers.in_font(paragraph, "Ñaûng boä Khoái", "VNI-Times")
        paragraph.add_run(" chóng ta ®\xada tin, ")
        papers.in_font(paragraph, "Đảng ta thật là vĩ đại.", "Times New Roman")
        title, _, body = of(document)
        assert title == "Đảng ủy Khối các cơ quan"
        assert body == "<p>Đảng bộ Khối chúng ta đưa tin, Đảng ta thật là vĩ đại.</p>"

    def test_a_word_cut_in_two_runs_is_put_together_first(self):
        document = Document()
        document.add_paragraph(papers.LONG)
        paragraph = document.add_paragraph()
        for part in ("Ñ", "a", "ûng bo", "ä"):
            papers.in_font(paragraph, part, "VNI-Times")
        assert blocks_of(body_of(document))[1] == "<p>Đảng bộ</p>"

    def test_unicode_that_only_wears_the_name_of_an_old_font_stays(self):
        document = Document()
        document.add_paragraph(papers.LONG)
        papers.in_font(document.add_paragraph(), "Đá cầu, đấu vật.", ".VnTime")
        assert blocks_of(body_of(document))[1] == "<p>Đá cầu, đấu vật.</p>"

    def test_capitals_of_a_font_of_capitals_and_private_letters(self):
        document = Document()
        document.add_paragraph(papers.LONG)
        papers.in_font(document.add_paragraph(), "\uf0a7\uf0b6ng bé", ".VnTimeH")
        papers.in_font(document.add_paragraph(), "\uf0b7 xem \uf0b3", "Symbol")
        assert blocks_of(body_of(document))[1:] == ["<p>ĐẢNG BỘ</p>", "<p>• xem ≥</p>"]


class TestLists:
    def test_numbers_go_on_after_a_paragraph_between(self):
        document = Document()
        papers.nested_list(document, (0, "Một"), (0, "Hai"))
        document.add_paragraph("Chen giữa")
        place = parse_xml(document.paragraphs[0]._p.pPr.numPr.xml)
        document.add_paragraph("Ba")._p.get_or_add_pPr().append(place)
        assert blocks_of(body_of(document))[1:] == [
            "<p>Chen giữa</p>",
            '<ol start="3"><li>Ba</li></ol>',
        ]

    def test_labels_that_a_list_cannot_show_stay_words(self):
        document = Document()
        papers.nested_list(document, (0, "Phạm vi"), (0, "Đối tượng"))
        for level in document.part.numbering_part.element.iter(f"{{{papers.W}}}lvlText"):
            if level.getparent().getparent().get(f"{{{papers.W}}}abstractNumId") == "99":
                level.set(f"{{{papers.W}}}val", "Điều %1.")
        assert blocks_of(body_of(document)) == [
            "<p>Điều 1. Phạm vi</p>",
            "<p>Điều 2. Đối tượng</p>",
        ]


class TestFrames:
    def test_a_table_around_a_photo_and_its_caption_is_none(self):
        document = Document()
        document.add_heading("Tiêu đề", 1)
        table = document.add_table(rows=2, cols=1)
        table.cell(0, 0).paragraphs[0].add_run().add_picture(picture_file((900, 600)), Inches(3))
        caption = table.cell(1, 0).paragraphs[0]
        caption.alignment = 1
        caption.add_run("Trao bằng khen").italic = True
        assert body_of(document) == figure(0, "Trao bằng khen")

    def test_text_in_a_frame_comes_after_its_paragraph_once(self):
        document = Document()
        document.add_paragraph(papers.LONG)
        inside = "<w:txbxContent><w:p><w:r><w:t>Trong khung</w:t></w:r></w:p></w:txbxContent>"
        names = nsdecls("w") + ' xmlns:mc="m" xmlns:v="v"'
        document.add_paragraph("Ngoài khung").add_run()._r.append(
            parse_xml(
                f"<mc:AlternateContent {names}><mc:Choice><w:drawing>{inside}</w:drawing>"
                f"</mc:Choice><mc:Fallback><w:pict><v:textbox>{inside}</v:textbox></w:pict></mc:Fallback>"
                "</mc:AlternateContent>"
            )
        )
        assert blocks_of(body_of(document))[1:] == ["<p>Ngoài khung</p>", "<p>Trong khung</p>"]


def test_deleted_hidden_and_computed_words_stay_out_and_inserted_ones_stay_in():
    document = Document()
    document.add_paragraph(papers.LONG)
    document.add_paragraph("Mục lục .... 3").style = document.styles.add_style("toc 1", 1)
    paragraph = document.add_paragraph("Giữ")
    paragraph.add_run(" giấu").font.hidden = True
    for tag, inner in (("ins", "t"), ("del", "delText")):
        paragraph._p.append(
            parse_xml(
                f'<w:{tag} {nsdecls("w")}><w:r><w:{inner} xml:space="preserve"> {tag}</w:{inner}>'
                f"</w:r></w:{tag}>"
            )
        )
    assert blocks_of(body_of(document))[1:] == ["<p>Giữ ins</p>"]


def test_a_cut_photo_and_what_is_no_photo_are_told():
    document = Document()
    document.add_picture(picture_file((900, 600)))
    frame = next(
        document.element.iter("{http://schemas.openxmlformats.org/drawingml/2006/picture}blipFill")
    )
    frame.insert(
        1,
        parse_xml(
            '<a:srcRect xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" l="25000"/>'
        ),
    )
    document.add_paragraph().add_run()._r.append(parse_xml(f"<w:object {nsdecls('w')}/>"))
    text = manuscript.read(papers.content(document))
    assert (text.cropped, text.missing) == ({0}, {"object"})


def test_two_hundred_pages_are_read_within_the_limit():
    document = Document()
    for _ in range(200):
        document.add_heading("Mục", 1)
        for _ in range(6):
            document.add_paragraph(papers.LONG * 5)
    _, _, body = of(document)
    assert body.count(papers.LONG) == 200 * 6 * 5


def test_only_notes_that_the_text_has_may_have_a_place_to_jump_to():
    assert clean_html('<p><a href="#noi-dung" id="noi-dung">a</a></p>') == "<p>a</p>"
    assert clean_html(f"<p>a{note_mark(7)}</p>") == f"<p>a{note_mark(7)}</p>"
    assert "id" not in clean_html('<p><a href="/x" id="chu-thich-0001">a</a></p>')


class TestOtherPrograms:
    """An ODT is read in test_hostile_files.py."""

    def test_a_doc_in_old_fonts_is_opened_by_libreoffice(self):
        title, _, body = read((SAMPLES / "phong-cu.doc").read_bytes())
        assert title == "Đảng ủy Khối các cơ quan và doanh nghiệp"
        assert body.startswith("<p>Đảng bộ Khối hội nghị sơ kết, chúng ta đưa tin. Đã là Unicode")

    def test_without_libreoffice_the_editor_is_told_what_to_do(self, monkeypatch):
        monkeypatch.setenv("PATH", "/nonexistent")
        with pytest.raises(ValidationError, match=r"chưa cài LibreOffice.*lưu thành DOCX"):
            read((SAMPLES / "phong-cu.doc").read_bytes())
