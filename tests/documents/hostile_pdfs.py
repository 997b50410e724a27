"""PDF files that attack their reader: name, reason of the refusal, and how to build each."""

import zlib

from tests.documents.crafted_pdfs import (
    FIELD,
    JS,
    LAUNCH,
    LETTERS,
    TYPE3,
    acting,
    annotated,
    branching_forms,
    branching_pages,
    cross_reference_stream,
    deflated_zeros,
    image,
    later_revision,
    locked,
    many_pages,
    packed,
    page_tree,
    pdf,
    previous_table,
    squeezed,
    stream,
    with_object_stream,
    with_zip,
)

HOSTILE = {
    # broken
    "pdf header alone": ("damaged", lambda: b"%PDF-1.7\n"),
    "pdf of no known version": ("damaged", lambda: pdf().replace(b"PDF-1.7", b"PDF-x.7")),
    "pdf header and end alone": ("damaged", lambda: b"%PDF-1.7\n%%EOF"),
    **{
        f"pdf cut at {percent} %": (
            "damaged",
            lambda percent=percent: pdf()[: len(pdf()) * percent // 100],
        )
        for percent in (10, 30, 50, 70, 90, 98)
    },
    "pdf followed by 2 kB of noise": ("damaged", lambda: pdf() + b"\x01" * 2000),
    "pdf whose table is not where it says": (
        "damaged",
        lambda: pdf().replace(b"startxref\n", b"startxref\n9"),
    ),
    "pdf whose table follows itself": (
        "damaged",
        lambda: previous_table(pdf().index(b"xref\n0")),
    ),
    "pdf with a previous table beyond its end": ("damaged", lambda: previous_table(10**9)),
    "pdf with a stream of endless cross-references": (
        "damaged",
        lambda: cross_reference_stream(2**31 - 1),
    ),
    "pdf with no pages": ("damaged", lambda: page_tree(kids=b"")),
    "pdf whose pages contain themselves": ("damaged", lambda: page_tree()),
    "pdf whose pages contain each other": (
        "damaged",
        lambda: page_tree(
            b"<< /Type /Pages /Count 1 /Kids [4 0 R] >>",
            b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
            kids=b"3 0 R",
        ),
    ),
    "pdf claiming two thousand million pages": (
        "damaged",
        lambda: pdf().replace(b"/Count 1 ", b"/Count 2147483647 "),
    ),
    "pdf of 10,000 pages": ("too_many_pages", lambda: many_pages(10_000)),
    "pdf of 10,000 packed pages": ("too_many_pages", lambda: packed(many_pages(10_000))),
    "pdf of a million million pages": ("damaged", lambda: branching_pages(12)),
    "pdf of a hundred thousand brackets": (
        "damaged",
        lambda: pdf(o6=b"[" * 100_000 + b"]" * 100_000),
    ),
    "pdf of a hundred thousand dictionaries": (
        "damaged",
        lambda: pdf(o6=b"<< /A " * 100_000 + b"1" + b" >>" * 100_000),
    ),
    "pdf with a length that leads nowhere": (
        "damaged",
        lambda: pdf(content=b"<< /Length 99999999999 >>\nstream\nx\nendstream"),
    ),
    # bombs
    "pdf page of 1 GB zeros": (
        "too_complex",
        lambda: pdf(content=stream(deflated_zeros(2**30), b"/Filter /FlateDecode")),
    ),
    "pdf of endless text": ("too_much_text", lambda: many_pages(100, LETTERS)),
    "pdf metadata of 1 GB": (
        "damaged",
        lambda: pdf(
            catalog=b"/Metadata 6 0 R",
            o6=stream(deflated_zeros(2**30), b"/Filter /FlateDecode /Type /Metadata"),
        ),
    ),
    "pdf page drawn a million million times": ("too_complex", lambda: branching_forms(12)),
    "pdf object stream of 1 GB": ("damaged", lambda: with_object_stream(deflated_zeros(2**30))),
    # scripts
    "pdf script on opening": ("script", lambda: pdf(catalog=b"/OpenAction " + JS)),
    "pdf script with an escaped name": (
        "script",
        lambda: pdf(catalog=b"/OpenAction << /S /J#61vaScript /J#53 (x) >>"),
    ),
    "pdf script in an object stream": (
        "script",
        lambda: packed(pdf(catalog=b"/OpenAction 6 0 R", o6=JS)),
    ),
    "pdf script in the tree of names": (
        "script",
        lambda: pdf(catalog=b"/Names << /JavaScript << /Names [(a) 6 0 R] >> >>", o6=JS),
    ),
    "pdf script of a page": ("script", lambda: pdf(page=b"/AA << /O " + JS + b" >>")),
    "pdf script of a link": ("script", lambda: acting(JS)),
    "pdf script after a harmless action": (
        "script",
        lambda: acting(b"<< /S /GoTo /D [3 0 R /Fit] /Next [ " + JS + b" ] >>"),
    ),
    "pdf script of a field": (
        "script",
        lambda: pdf(catalog=FIELD % (b"/AA << /C " + JS + b" >>", b"")),
    ),
    "pdf script of a bookmark": (
        "script",
        lambda: pdf(
            catalog=b"/Outlines << /First 6 0 R /Last 6 0 R >>", o6=b"<< /Title (a) /A %b >>" % JS
        ),
    ),
    "pdf script in pieces": (
        "script",
        lambda: acting(b"<< /S 6 0 R /JS 7 0 R >>", o6=b"/JavaScript", o7=stream(b"x")),
    ),
    "pdf script that nothing refers to": ("script", lambda: pdf(o6=JS)),
    "pdf script in a later revision": (
        "script",
        lambda: later_revision(b"<< /Type /Catalog /Pages 2 0 R /OpenAction " + JS + b" >>"),
    ),
    # commands
    "pdf launching a program": ("action", lambda: pdf(catalog=b"/OpenAction " + LAUNCH)),
    "pdf launching under an escaped name": (
        "action",
        lambda: acting(b"<< /S /#4caunc#68 /F (calc.exe) >>"),
    ),
    "pdf launching through a name apart": (
        "action",
        lambda: acting(b"<< /S 6 0 R /F (calc.exe) >>", o6=b"/Launch"),
    ),
    "pdf launching from an object stream": (
        "action",
        lambda: packed(acting(b"6 0 R", o6=LAUNCH)),
    ),
    **{
        f"pdf with action {name}": (
            "action",
            lambda name=name: acting(b"<< /S /%b /F (\\\\\\\\host\\\\a) >>" % name.encode()),
        )
        for name in ("GoToR", "GoToE", "SubmitForm", "ImportData", "Rendition", "Movie", "Thread")
    },
    **{
        f"pdf with annotation {name}": (
            "action",
            lambda name=name: annotated(b"/Subtype /" + name.encode()),
        )
        for name in ("RichMedia", "3D", "Screen", "Movie", "Sound")
    },
    "pdf whose page stands in another file": (
        "action",
        lambda: pdf(content=b"<< /Length 0 /F (/etc/passwd) >>\nstream\n\nendstream"),
    ),
    "pdf link to a script": (
        "link",
        lambda: acting(b"<< /S /URI /URI (javascript:alert\\(1\\)) >>"),
    ),
    "pdf link to a file": ("link", lambda: acting(b"<< /S /URI /URI <66696c653a2f2f2f63> >>")),
    "pdf link to a share": (
        "link",
        lambda: acting(b"<< /S /URI /URI 6 0 R >>", o6=b"(\\\\\\\\host\\\\share)"),
    ),
    # files in files
    "pdf with embedded files": (
        "attachment",
        lambda: pdf(catalog=b"/Names << /EmbeddedFiles << /Names [] >> >>"),
    ),
    "pdf with a file behind a pin": (
        "attachment",
        lambda: annotated(b"/Subtype /FileAttachment /FS << /F (a.exe) /EF << /F 6 0 R >> >>"),
    ),
    "pdf with an associated file": (
        "attachment",
        lambda: pdf(page=b"/AF [<< /EF 6 0 R >>]", o6=b"<< /F 4 0 R >>"),
    ),
    "pdf portfolio": ("attachment", lambda: pdf(catalog=b"/Collection << /View /D >>")),
    "pdf form that is XFA": ("xfa", lambda: pdf(catalog=FIELD % (b"", b"/XFA 4 0 R"))),
    # locked
    "pdf with a password": ("encrypted", lambda: locked(6, user="bi mat", owner="x")),
    "pdf locked by its owner": ("encrypted", lambda: locked(6, user="", owner="x")),
    "pdf with an old password": ("encrypted", lambda: locked(3, user="bi mat", owner="x")),
    "pdf locked by its owner in the old way": ("encrypted", lambda: locked(4, user="", owner="x")),
    # two in one
    "pdf behind a web page": ("polyglot", lambda: b"<html><script>x</script>\n" + pdf()),
    "pdf behind noise": ("polyglot", lambda: b"\x01" * 500 + pdf()),
    "pdf around a web page": ("polyglot", lambda: pdf(o6=b"(<SCRIPT>alert\\(1\\)</SCRIPT>)")),
    "pdf and zip": ("polyglot", lambda: with_zip(pdf())),
}

# Heavy or odd, but what they do is bounded: a Reading or a refusal, in time.
HEAVY = {
    "pdf page of three million letters": lambda: pdf(content=squeezed(LETTERS * 100, 2)),
    "pdf image of 60,000 by 60,000": lambda: image(
        b"/Width 60000 /Height 60000 /ColorSpace /DeviceRGB /BitsPerComponent 8"
        b" /Filter /FlateDecode",
        deflated_zeros(2**30),
    ),
    "pdf image claiming 60,000 by 60,000": lambda: image(
        b"/Width 60000 /Height 60000 /ColorSpace /DeviceRGB /BitsPerComponent 8"
    ),
    "pdf image of endless columns": lambda: image(
        b"/Width 9 /Height 9 /ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /FlateDecode"
        b" /DecodeParms << /Predictor 15 /Columns 2147483647 /Colors 32 >>",
        zlib.compress(b"\x00" * 999),
    ),
    "pdf page squeezed three times": lambda: pdf(content=squeezed(b"q " * 20_000_000, 3)),
    "pdf page of a kilometre": lambda: pdf(box=b"0 0 9999999 9"),
    "pdf page without size": lambda: pdf(box=b"0 0 0 0"),
    "pdf form that draws itself": lambda: pdf(
        content=b"/X Do",
        resources=b"/XObject << /X 6 0 R >>",
        o6=stream(
            b"/X Do",
            b"/Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 6 0 R >> >>",
        ),
    ),
    "pdf letter that writes itself": lambda: pdf(
        content=b"BT /F1 9 Tf (aaa) Tj ET",
        o5=TYPE3,
        o6=stream(b"9 0 d0 BT /F1 9 Tf (aaaaaaaaaa) Tj ET"),
    ),
    "pdf letters that mean a million others": lambda: pdf(
        o5=b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 6 0 R >>",
        o6=squeezed(b"1 beginbfrange <00000000> <ffffffff> <0000> endbfrange " * 99_999),
    ),
    "pdf of a hundred thousand saved states": lambda: pdf(content=squeezed(b"q " * 100_000)),
    "pdf of a hundred thousand objects": lambda: pdf(
        **{f"o{number}": b"[1 2 3]" for number in range(6, 100_000)}
    ),
}
