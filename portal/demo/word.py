"""Writes a directive as a Word document: the same parts of form as the PDF (papers.py).

The file is put together part by part (ECMA-376) with the day of issue as its time, so that it is
the same, byte by byte, each time.
"""

import io
from collections.abc import Iterable
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from portal.demo.papers import WATERMARK, Block, Paper

OFFICE = "http://schemas.openxmlformats.org"
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
CONTENT_TYPES = f"""\
<Types xmlns="{OFFICE}/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Override PartName="/word/document.xml" ContentType="{WORD_TYPE}.document.main+xml"/>
<Override PartName="/word/header1.xml" ContentType="{WORD_TYPE}.header+xml"/>
<Override PartName="/docProps/core.xml"
 ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>
</Types>"""
RELATIONSHIPS = f"""\
<Relationships xmlns="{OFFICE}/package/2006/relationships">
<Relationship Id="rId1" Type="{OFFICE}/officeDocument/2006/relationships/officeDocument"
 Target="word/document.xml"/>
<Relationship Id="rId2"
 Type="{OFFICE}/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/>
</Relationships>"""
DOCUMENT_RELATIONSHIPS = f"""\
<Relationships xmlns="{OFFICE}/package/2006/relationships">
<Relationship Id="rId1" Type="{OFFICE}/officeDocument/2006/relationships/header"
 Target="header1.xml"/>
</Relationships>"""
NAMESPACES = (
    f'xmlns:w="{OFFICE}/wordprocessingml/2006/main"'
    f' xmlns:r="{OFFICE}/officeDocument/2006/relationships"'
)
# A4 and the margins of the form, in twentieths of a point.
SECTION = (
    '<w:sectPr><w:headerReference w:type="default" r:id="rId1"/>'
    '<w:pgSz w:w="11906" w:h="16838"/>'
    '<w:pgMar w:top="1134" w:right="1134" w:bottom="1134" w:left="1701"'
    ' w:header="567" w:footer="567" w:gutter="0"/></w:sectPr>'
)
COLUMN = 4535
FIRST_LINE = 567


def docx(paper: Paper) -> bytes:
    """Write the paper as a Word document; the same bytes every time."""
    parts = {
        "[Content_Types].xml": CONTENT_TYPES,
        "_rels/.rels": RELATIONSHIPS,
        "docProps/core.xml": _properties(paper),
        "word/_rels/document.xml.rels": DOCUMENT_RELATIONSHIPS,
        "word/header1.xml": f"<w:hdr {NAMESPACES}>{_mark()}</w:hdr>",
        "word/document.xml": (
            f"<w:document {NAMESPACES}><w:body>{_body(paper)}{SECTION}</w:body></w:document>"
        ),
    }
    buffer = io.BytesIO()
    with ZipFile(buffer, "w") as package:
        for name, part in parts.items():
            entry = ZipInfo(name, paper.saved_at.timetuple()[:6])
            package.writestr(entry, DECLARATION + part, ZIP_DEFLATED)
    return buffer.getvalue()


def _properties(paper: Paper) -> str:
    saved = f'xsi:type="dcterms:W3CDTF">{paper.saved_at:%Y-%m-%dT%H:%M:%SZ}'
    return (
        f'<cp:coreProperties xmlns:cp="{OFFICE}/package/2006/metadata/core-properties"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{escape(paper.title)}</dc:title>"
        f"<dc:subject>{escape(paper.abstract)}</dc:subject>"
        f"<dc:creator>{escape(paper.issuer)}</dc:creator>"
        "<cp:keywords>bản minh họa</cp:keywords><dc:language>vi</dc:language>"
        f"<dcterms:created {saved}</dcterms:created><dcterms:modified {saved}</dcterms:modified>"
        "</cp:coreProperties>"
    )


def _mark() -> str:
    return _paragraph(_run(WATERMARK, 28, '<w:b/><w:color w:val="BFBFBF"/>'), align="center")


def _body(paper: Paper) -> str:
    blocks = map(_block, paper.blocks)
    return "".join((_head(paper), *blocks, _line(""), _foot(paper), _line("")))


def _head(paper: Paper) -> str:
    left = [
        _line(paper.superior, 26),
        _line(paper.issuer, 26, "<w:b/>"),
        _line("*"),
        _line(f"Số {paper.sign}"),
    ]
    if not paper.heading:
        left.append(_line(paper.abstract, 24, "<w:i/>"))
    right = [
        _line("ĐẢNG CỘNG SẢN VIỆT NAM", 28, '<w:b/><w:u w:val="single"/>'),
        _line(""),
        _line(paper.dateline, 28, "<w:i/>"),
    ]
    title = (
        _line(paper.heading, 32, "<w:b/>"),
        _line(paper.abstract, 28, "<w:b/>"),
        _line("-----"),
    )
    return _columns(left, right) + _line("") + ("".join(title) if paper.heading else "")


def _block(block: Block) -> str:
    centred = block.kind in ("centred", "address")
    runs = "".join(_run(text, 28, "<w:b/>" if bold else "") for text, bold in block.runs)
    return _paragraph(runs, align="center") if centred else _paragraph(runs, indent=FIRST_LINE)


def _foot(paper: Paper) -> str:
    left = [_paragraph(_run("Nơi nhận:", 28, '<w:u w:val="single"/>'), align="left")]
    left += [_paragraph(_run(text, 24), align="left", after=0) for text in paper.recipients]
    right = [_line(paper.authority, 28, "<w:b/>"), _line(paper.position)]
    right += [_line("")] * 4 + [_line(paper.signer, 28, "<w:b/>")]
    return _columns(left, right)


def _columns(*columns: Iterable[str]) -> str:
    width = f'<w:tcPr><w:tcW w:w="{COLUMN}" w:type="dxa"/></w:tcPr>'
    cells = "".join(f"<w:tc>{width}{''.join(column)}</w:tc>" for column in columns)
    grid = f'<w:tblGrid>{f"""<w:gridCol w:w="{COLUMN}"/>""" * len(columns)}</w:tblGrid>'
    layout = '<w:tblPr><w:tblW w:w="0" w:type="auto"/><w:tblLayout w:type="fixed"/></w:tblPr>'
    return f"<w:tbl>{layout}{grid}<w:tr>{cells}</w:tr></w:tbl>"


def _line(text: str, size: int = 28, marks: str = "") -> str:
    return _paragraph(_run(text, size, marks) if text else "", align="center", after=0)


def _paragraph(runs: str, align: str = "both", indent: int = 0, after: int = 100) -> str:
    return (
        f'<w:p><w:pPr><w:spacing w:after="{after}"/><w:ind w:firstLine="{indent}"/>'
        f'<w:jc w:val="{align}"/></w:pPr>{runs}</w:p>'
    )


def _run(text: str, size: int, marks: str = "") -> str:
    """Text of `size` half-points; `marks` are elements such as <w:b/>."""
    font = '<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:cs="Times New Roman"/>'
    # The order of these elements is the schema's: font, bold and italic, colour, size, underline.
    before, underline, after = marks.partition("<w:u")
    return (
        f'<w:r><w:rPr>{font}{before}<w:sz w:val="{size}"/>{underline}{after}'
        f'<w:lang w:val="vi-VN"/></w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'
    )
