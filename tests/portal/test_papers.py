"""The directives as files: real text in the PDF, none in a scan, valid Word documents."""

import io
import re
from collections import Counter
from dataclasses import replace
from datetime import date

import docx as word_reader
import pikepdf
import pypdfium2
import pytest

from portal.demo import clauses, papers, typeface, word
from portal.demo.directives import directives

A4 = pytest.approx((595.28, 841.89), abs=0.01)


@pytest.fixture(scope="module")
def year():
    return {directive.sign: directive for directive in directives()}


@pytest.fixture(scope="module")
def plan(year):
    return clauses.paper(year["97-KH/ĐUK"])


@pytest.fixture(scope="module")
def letter(year):
    return clauses.paper(year["712-CV/ĐUK"])


@pytest.fixture(scope="module")
def drawn(year):
    """Every third paper, with its PDF."""
    some = [clauses.paper(directive) for directive in list(year.values())[::3]]
    return [(paper, papers.pdf(paper)) for paper in some]


def pages_of(content):
    with pypdfium2.PdfDocument(content) as document:
        return [page.get_textpage().get_text_range() for page in document]


def body_of(content):
    """The words of all pages, without the numbers of the pages."""
    first, *others = pages_of(content)
    for number, text in enumerate(others, start=2):
        assert text.startswith(f"{number}\r\n")
    return " ".join([first, *(text.partition("\r\n")[2] for text in others)]).split()


def test_the_text_layer_holds_every_word_and_no_other(drawn):
    for paper, content in drawn:
        assert Counter(body_of(content)) == Counter(paper.words.split())


def test_the_words_of_the_body_stand_in_reading_order(plan):
    extracted = " ".join(body_of(papers.pdf(plan)))
    for block in plan.blocks:
        assert block.text in extracted


def test_papers_take_one_to_three_pages_of_a4(drawn):
    for _, content in drawn:
        with pypdfium2.PdfDocument(content) as document:
            assert 1 <= len(document) <= 3
            assert all(page.get_size() == A4 for page in document)


def test_a_signature_stands_under_the_end_of_the_text(drawn):
    for paper, content in drawn:
        last = " ".join(pages_of(content)[-1].split())
        assert paper.blocks[-1].text in last
        assert paper.signer in last


def test_the_head_of_a_plan_names_its_type_and_a_letter_names_its_subject_below_the_sign(
    plan, letter
):
    assert plan.heading == "KẾ HOẠCH"
    assert plan.abstract.startswith("triển khai Chuyên đề năm 2023")
    assert letter.heading == ""
    first = pages_of(papers.pdf(letter))[0]
    assert first.index("Số 712-CV/ĐUK") < first.index("Về định hướng") < first.index("Kính gửi")


@pytest.mark.parametrize(
    ("day", "line"),
    [
        (date(2023, 1, 5), "Trà Vinh, ngày 05 tháng 01 năm 2023"),
        (date(2023, 2, 27), "Trà Vinh, ngày 27 tháng 02 năm 2023"),
        (date(2023, 3, 9), "Trà Vinh, ngày 09 tháng 3 năm 2023"),
        (date(2023, 12, 20), "Trà Vinh, ngày 20 tháng 12 năm 2023"),
    ],
)
def test_the_dateline_has_zeros_where_a_figure_could_be_added(plan, day, line):
    assert replace(plan, issued_on=day).dateline == line


@pytest.mark.parametrize("position", ["Bí thư", "Phó Bí thư Thường trực"])
def test_secretaries_sign_for_the_standing_committee(year, position):
    directive = year["97-KH/ĐUK"]._replace(position=position)
    paper = clauses.paper(directive)
    assert (paper.authority, paper.position) == ("T/M BAN THƯỜNG VỤ", position.upper())


def test_the_office_signs_by_order_and_the_committee_adopts_resolutions(year):
    assert clauses.paper(year["716-CV/ĐUK"]).authority == "T/L BAN THƯỜNG VỤ"
    assert clauses.paper(year["13-NQ/ĐUK"]).authority == "T/M ĐẢNG ỦY KHỐI"


def test_a_paper_names_the_one_that_it_replaces_and_the_day_of_its_effect(year):
    assert "thay thế Hướng dẫn số 14-HD/ĐUK" in clauses.paper(year["18-HD/ĐUK"]).words
    assert "có hiệu lực từ ngày 03/04/2023" in clauses.paper(year["04-QC/ĐUK"]).words
    assert "có hiệu lực từ ngày ký" in clauses.paper(year["438-QĐ/ĐUK"]).words


def test_the_properties_of_a_pdf_say_what_it_is(plan):
    with pikepdf.open(io.BytesIO(papers.pdf(plan))) as document:
        assert document.docinfo["/Title"] == "Kế hoạch số 97-KH/ĐUK"
        assert document.docinfo["/Subject"] == plan.abstract
        assert document.docinfo["/Keywords"] == "bản minh họa"
        assert str(document.Root["/Lang"]) == "vi"
        fonts = document.pages[0].Resources.Font.values()
        assert all("PortalSerif" in str(font.BaseFont) for font in fonts)


def test_every_page_is_marked_as_an_illustration_without_words(plan):
    marked = papers.pdf(plan)
    with pypdfium2.PdfDocument(marked) as document:
        for page in document:
            grey = page.render(grayscale=True).to_pil().crop((150, 300, 450, 600))
            assert grey.histogram()[236] > 2_000
    assert "BẢN MINH HỌA" not in "".join(pages_of(marked))


def test_an_outline_is_set_around_its_middle():
    wide = typeface.outline("HH", (10, 0, 0, -10, 50, 50))
    across = [float(x) for x in re.findall(r"[ML](-?[0-9.]+)", wide)]
    assert (min(across) + max(across)) / 2 == pytest.approx(50, abs=0.2)
    assert 12 < max(across) - min(across) < 20


def test_files_are_the_same_each_time_they_are_made(year):
    for sign in ("97-KH/ĐUK", "431-QĐ/ĐUK", "16-HD/ĐUK"):
        assert clauses.file(year[sign]) == clauses.file(year[sign])


def test_files_are_small(year, drawn):
    assert all(len(content) < 60_000 for _, content in drawn)
    for directive in year.values():
        if directive.file != "pdf":
            limit = {"docx": 10_000, "scan": 300_000}[directive.file]
            assert len(clauses.file(directive)) < limit


def test_a_scan_has_pictures_and_no_text(year):
    for sign in ("431-QĐ/ĐUK", "121-TB/ĐUK"):
        content = clauses.file(year[sign])
        assert "".join(pages_of(content)).strip() == ""
        with pypdfium2.PdfDocument(content) as document:
            for page in document:
                assert page.get_size() == pytest.approx(A4.expected, abs=1)
                shown = page.render(grayscale=True).to_pil()
                darkest, lightest = shown.getextrema()
                assert darkest < 90
                assert lightest > 235


def test_a_scanned_sheet_lies_askew_with_grain(year):
    paper = clauses.paper(year["431-QĐ/ĐUK"])
    with (
        pypdfium2.PdfDocument(papers.scan(paper)) as scanned,
        pypdfium2.PdfDocument(papers.pdf(paper)) as drawn,
    ):
        corners = [
            document[0].render(grayscale=True).to_pil().crop((0, 0, 50, 50))
            for document in (scanned, drawn)
        ]
    assert len(corners[0].getcolors()) > 3
    assert len(corners[1].getcolors()) == 1


def test_a_word_document_reads_like_its_paper(year):
    for directive in year.values():
        if directive.file == "docx":
            paper = clauses.paper(directive)
            document = word_reader.Document(io.BytesIO(word.docx(paper)))
            assert document.core_properties.title == paper.title
            assert [p.text for p in document.paragraphs if p.text][-len(paper.blocks) :] == [
                block.text for block in paper.blocks
            ]
            cells = [c.text for table in document.tables for c in table.rows[0].cells]
            assert f"Số {paper.sign}" in cells[0]
            assert paper.dateline in cells[1]
            assert cells[3].endswith(paper.signer)
            assert document.sections[0].header.paragraphs[0].text == papers.WATERMARK


def test_words_that_mean_something_in_xml_are_kept(letter):
    hostile = replace(letter, blocks=(papers.Block("paragraph", "A & B < C > “D” ]]> <w:p/>"),))
    document = word_reader.Document(io.BytesIO(word.docx(hostile)))
    assert hostile.blocks[0].text in [paragraph.text for paragraph in document.paragraphs]
    assert Counter(body_of(papers.pdf(hostile))) == Counter(hostile.words.split())
