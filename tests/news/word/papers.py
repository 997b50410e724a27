"""Manuscripts as python-docx writes them, with what it has no words for written out."""

import io

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.oxml.shared import OxmlElement
from docx.shared import Pt, RGBColor

from tests.factories import picture_file

LONG = "Sáng 07/10/2022, Đảng ủy Khối tổ chức hội nghị sơ kết công tác tuyên giáo chín tháng."
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
NOTES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
NOTES_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"


def content(document):
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def centred(document, text, *, bold=False, italic=False):
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = paragraph.add_run(text)
    run.bold, run.italic = bold or None, italic or None
    return paragraph


def in_font(paragraph, text, font):
    run = paragraph.add_run(text)
    run.font.name = font  # python-docx writes w:ascii and w:hAnsi, as Word does
    return run


def link(paragraph, text, target):
    name = paragraph.part.relate_to(target, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    element = OxmlElement("w:hyperlink")
    element.set(qn("r:id"), name)
    run = paragraph.add_run(text)
    run.underline = True
    element.append(run._r)
    paragraph._p.append(element)


def footnotes(document, *texts):
    """Give the document footnotes 1, 2, …"""
    notes = "".join(
        f'<w:footnote w:id="{number}"><w:p><w:r><w:footnoteRef/></w:r>'
        f"<w:r><w:t> {text}</w:t></w:r></w:p></w:footnote>"
        for number, text in enumerate(texts, start=1)
    )
    separator = '<w:footnote w:type="separator" w:id="-1"/>'
    xml = f"<w:footnotes {nsdecls('w')}>{separator}{notes}</w:footnotes>"
    part = Part(PackURI("/word/footnotes.xml"), NOTES_TYPE, xml.encode(), document.part.package)
    document.part.relate_to(part, NOTES)


def noted(paragraph, number):
    run = paragraph.add_run()
    run.font.superscript = True
    run._r.append(parse_xml(f'<w:footnoteReference {nsdecls("w")} w:id="{number}"/>'))


def nested_list(document, *items):
    """Items (depth, text) of a list of Word's own: 1. a) – bullets."""
    numbering = document.part.numbering_part.element
    levels = "".join(
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
        for depth, (form, text) in enumerate(
            (("decimal", "%1."), ("lowerLetter", "%2)"), ("bullet", "\uf0b7"))
        )
    )
    numbering.insert(
        0, parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="99">{levels}</w:abstractNum>')
    )
    numbering.append(
        parse_xml(f'<w:num {nsdecls("w")} w:numId="99"><w:abstractNumId w:val="99"/></w:num>')
    )
    for depth, text in items:
        properties = document.add_paragraph(text)._p.get_or_add_pPr()
        properties.append(
            parse_xml(
                f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{depth}"/><w:numId w:val="99"/></w:numPr>'
            )
        )


def report(photos=None):
    """A whole article: title, summary, sections, lists, a table, photos, notes and noise."""
    first, second = photos or (picture_file((900, 600)), picture_file((900, 600)))
    document = Document()
    footnotes(document, "Quyết định số 18-QĐ/TW.", "Số liệu của Ban Tuyên giáo.")
    centred(document, "Sơ kết công tác tuyên giáo", bold=True)
    centred(document, "chín tháng đầu năm", bold=True)
    document.add_paragraph().add_run(LONG).bold = True
    paragraph = document.add_paragraph("Hội nghị đã ")
    noise = paragraph.add_run("nghe báo cáo")
    noise.font.size, noise.font.color.rgb = Pt(17), RGBColor(200, 0, 0)
    paragraph.add_run(" trung tâm").italic = True
    noted(paragraph, 2)
    paragraph.add_run(", xem ")
    link(paragraph, "toàn văn", "https://dangbo.example.vn/van-ban/")
    paragraph.add_run(".")
    document.add_heading("Kết quả", 1)
    nested_list(document, (0, "Một"), (1, "Một a"), (1, "Một b"), (2, "chấm"), (0, "Hai"))
    document.add_heading("Học tập", 2)
    document.add_picture(first)
    centred(document, "Quang cảnh hội nghị.", italic=True)
    document.add_paragraph("Giữa hai ảnh", style="List Bullet")
    document.add_picture(second)
    document.add_paragraph("Đại biểu dự hội nghị", style="Caption")
    first.seek(0)
    document.add_picture(first)
    table = document.add_table(rows=3, cols=3)
    for cell, text in zip(table.rows[0].cells, ("STT", "Đơn vị", "Số buổi"), strict=True):
        cell.paragraphs[0].add_run(text).bold = True
    table.cell(1, 1).merge(table.cell(2, 1)).text = "Chi bộ"
    table.cell(1, 0).merge(table.cell(1, 0)).text = "1"
    paragraph = document.add_paragraph("Hết")
    noted(paragraph, 1)
    return document
