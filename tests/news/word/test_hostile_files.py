"""Files that attack their reader: refused or defused, in words, and nothing is asked for."""

import http.server
import io
import threading
import zipfile
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from docx import Document

from documents import manuscript
from news.word.letters import in_unicode
from news.word.parts import text_of
from tests.documents.hostile_office import (
    ENTITIES,
    OUTSIDE,
    W,
    docx,
    docx_parts,
    docx_related,
    zipped,
)
from tests.news.word import papers

SAMPLES = Path(__file__).parent / "samples"
PICTURE = (
    '<w:p><w:r><w:drawing><pic:blipFill xmlns:pic="p"><a:blip xmlns:a="a" xmlns:r="r" {}/>'
    "</pic:blipFill></w:drawing></w:r></w:p>"
)


def bomb():
    return docx(more={"word/styles.xml": b"<x>" + b" " * 5_000_000 + b"</x>"})


def slides():
    """The parts of a DOCX that says it is a presentation."""
    parts = docx_parts()
    types = parts["[Content_Types].xml"].replace("wordprocessingml", "presentationml")
    return parts | {"[Content_Types].xml": types}


def deep(depth):
    return docx(f"{'<w:sdt>' * depth}<w:p/>{'</w:sdt>' * depth}")


@pytest.mark.parametrize(
    ("build", "words"),
    [
        (bomb, "quá phức tạp"),
        (lambda: docx(more={"word/styles.xml": ENTITIES}), "XML không an toàn"),
        (lambda: docx(more={"word/numbering.xml": OUTSIDE}), "XML không an toàn"),
        (lambda: docx(more={"word/styles.xml": "<a><b></a>"}), "hỏng"),
        (lambda: deep(50_000), "hỏng"),
        (lambda: docx()[:-200], "hỏng"),
        (lambda: zipped({"a.txt": "Xin chào"}), "không phải là tệp Word"),
        (lambda: b"%PDF-1.7\nXin", "không phải là tệp Word"),
        (lambda: "Xin chào".encode(), "không phải là tệp Word"),
        (lambda: b"", "rỗng"),
        (lambda: zipped(slides()), "không phải là tệp Word"),
    ],
    ids="bomb entities outside broken deep cut zip pdf text empty slides".split(),
)
def test_what_is_no_sound_manuscript_is_refused_in_words(build, words):
    with pytest.raises(ValidationError, match=words):
        manuscript.read(build())


def test_a_picture_kept_elsewhere_is_left_out_and_told():
    for mark in ('r:link="r0"', 'r:embed="r0"'):
        parts = docx_related(("image", "http://127.0.0.1:9/anh.png", True))
        with zipfile.ZipFile(io.BytesIO(parts)) as archive:
            given = {name: archive.read(name) for name in archive.namelist()}
        body = f"<w:p><w:r><w:t>Chữ</w:t></w:r></w:p>{PICTURE.format(mark)}"
        given["word/document.xml"] = f"<w:document {W}><w:body>{body}</w:body></w:document>"
        text = manuscript.read(zipped(given))
        assert (text.photos, text.missing, len(text.blocks)) == ((), {"linked"}, 1)


def test_styles_that_go_round_in_circles_and_odd_numbers_do_no_harm():
    styles = (
        f'<w:styles {W}><w:style w:type="paragraph" w:styleId="a"><w:basedOn w:val="b"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="b"><w:basedOn w:val="a"/></w:style></w:styles>'
    )
    numbers = (
        f'<w:numbering {W}><w:num w:numId="1;x:y"/><w:num w:numId="7"><w:abstractNumId w:val="7"/>'
        '</w:num><w:abstractNum w:abstractNumId="7"><w:lvl w:ilvl="0"><w:start w:val="-9"/>'
        '<w:numFmt w:val="upperRoman"/><w:lvlText w:val="%1%9%1"/></w:lvl></w:abstractNum>'
        "</w:numbering>"
    )
    item = (
        '<w:pPr><w:pStyle w:val="a"/><w:numPr><w:ilvl w:val="{}"/><w:numId w:val="{}"/></w:numPr>'
        "</w:pPr>"
    )
    table = (
        '<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="999999999999"/><w:vMerge/></w:tcPr>'
        "<w:p/></w:tc></w:tr></w:tbl>"
    )
    body = "".join(
        f"<w:p>{item.format(*place)}<w:r><w:t>Mục</w:t></w:r></w:p>"
        for place in (("0", "7"), ("99", "7"), ("-1", "7"), ("0", "1;x:y"), ("٣", "٧"))
    )
    content = docx(
        f'{body}{table}<w:p><w:r><w:sym w:char="FFFFFF"/><w:t>x</w:t></w:r></w:p>',
        more={"word/styles.xml": styles, "word/numbering.xml": numbers},
    )
    text = manuscript.read(content)
    assert [one.list_id for one in text.blocks[:5]] == ["7", "7", "7", "", ""]
    assert text.blocks[5].rows[0].cells[0].columns == 63


def test_links_of_scripts_and_files_become_words():
    document = Document()
    paragraph = document.add_paragraph()
    for target in ("javascript:alert(1)", "file:///etc/passwd", r"\\host\share", "tel:0294"):
        papers.link(paragraph, f"[{target}]", target)
    text = manuscript.read(papers.content(document))
    assert [piece.link for piece in text.blocks[0].pieces if piece.link] == ["tel:0294"]


@pytest.fixture
def visits():
    """Paths that somebody asked a server of this machine for, and its port."""
    asked = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_error(404)

        do_HEAD = do_OPTIONS = do_PROPFIND = do_GET

        def log_message(self, *args):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield asked, server.server_port
        server.shutdown()


def test_libreoffice_asks_for_nothing_that_a_file_names(visits):
    """An ODT, of old fonts. Without the settings of documents/reading/conversion.py LibreOffice
    asks for the picture three times."""
    asked, port = visits
    elsewhere = (
        '<text:p><draw:frame svg:width="2cm" svg:height="2cm"><draw:image xlink:type="simple"'
        f' xlink:href="http://127.0.0.1:{port}/anh.png" xlink:actuate="onLoad"/></draw:frame>'
        "</text:p>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(SAMPLES / "phong-cu.odt") as given, zipfile.ZipFile(out, "w") as made:
        for name in given.namelist():
            part = given.read(name)
            if name == "content.xml":
                part = part.replace(b"</office:text>", f"{elsewhere}</office:text>".encode())
            made.writestr(name, part)
    text = manuscript.read(out.getvalue())
    assert (asked, text.photos, text.missing) == ([], (), {"linked"})
    assert text_of(in_unicode(text)[0].blocks[0]) == "Đảng ủy Khối các cơ quan và doanh nghiệp"
