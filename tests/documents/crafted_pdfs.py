"""PDF files written by hand, object by object, since no library would write most of them."""

import io
import zipfile
import zlib

import pikepdf

JS = b"<< /S /JavaScript /JS (app.alert\\(1\\)) >>"
LAUNCH = b"<< /S /Launch /F (calc.exe) >>"


def assemble(objects, root=1, trailer=b"", startxref=None):
    """A PDF file of numbered objects, with a cross-reference table that fits."""
    out = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    places = {}
    for number, body in objects.items():
        places[number] = len(out)
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    size = max(objects) + 1
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % size
    for number in range(1, size):
        free = b"0000000000 00000 f \n"
        out += b"%010d 00000 n \n" % places[number] if number in places else free
    out += b"trailer\n<< /Size %d /Root %d 0 R %b >>\n" % (size, root, trailer)
    out += b"startxref\n%d\n%%%%EOF\n" % (table if startxref is None else startxref)
    return bytes(out)


def stream(data, entries=b""):
    return b"<< /Length %d %b >>\nstream\n%b\nendstream" % (len(data), entries, data)


def pdf(
    catalog=b"",
    page=b"",
    content=b"BT /F1 12 Tf 72 700 Td (Xin) Tj ET",
    resources=b"",
    box=b"0 0 595 842",
    **more,
):
    """A sound PDF of one page; more objects are given as o6=…, o7=…"""
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R %b >>" % catalog,
        2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        3: b"<< /Type /Page /Parent 2 0 R /MediaBox [%b] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> %b >> %b >>" % (box, resources, page),
        4: content if content.startswith(b"<<") else stream(content),
        5: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    }
    return assemble(objects | {int(key[1:]): body for key, body in more.items()})


def annotated(annotation, **more):
    return pdf(page=b"/Annots [<< /Type /Annot /Rect [0 0 9 9] %b >>]" % annotation, **more)


def acting(action, **more):
    return annotated(b"/Subtype /Link /A " + action, **more)


def rewritten(content, **options):
    """`content` as qpdf writes it anew."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as opened:
        opened.save(out, **options)
    return out.getvalue()


def packed(content):
    """`content` with its objects compressed into object streams."""
    return rewritten(content, object_stream_mode=pikepdf.ObjectStreamMode.generate)


def locked(revision, **passwords):
    encryption = pikepdf.Encryption(
        R=revision, aes=revision > 3, metadata=revision > 3, **passwords
    )
    return rewritten(pdf(), encryption=encryption)


def deflated_zeros(size):
    """A zlib stream of `size` zero bytes (a multiple of 16 MiB), built without compressing them."""
    block = 16 * 1024 * 1024
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    unit = deflate.compress(bytes(block)) + deflate.flush(zlib.Z_FULL_FLUSH)
    checksum = (size % 65521) << 16 | 1
    return b"\x78\xda" + unit * (size // block) + b"\x03\x00" + checksum.to_bytes(4, "big")


def many_pages(count, content=b""):
    kids = b" ".join(b"%d 0 R" % number for number in range(3, count + 3))
    page = (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents %d 0 R"
        b" /Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Arial >> >> >> >>"
        % (count + 3)
    )
    return assemble(
        {
            1: b"<< /Type /Catalog /Pages 2 0 R >>",
            2: b"<< /Type /Pages /Count %d /Kids [%b] >>" % (count, kids),
            **dict.fromkeys(range(3, count + 3), page),
            count + 3: stream(content),
        }
    )


def page_tree(*nodes, kids=b"2 0 R"):
    root = b"<< /Type /Pages /Count 1 /Kids [%b] >>" % kids
    return assemble({1: b"<< /Type /Catalog /Pages 2 0 R >>", 2: root} | dict(enumerate(nodes, 3)))


def branching_pages(levels):
    """A page tree of ten to the power of `levels` pages in as many objects."""
    nodes = [
        b"<< /Type /Pages /Count 1 /Kids [%b] >>" % (b"%d 0 R " % number * 10)
        for number in range(4, levels + 4)
    ]
    leaf = b"<< /Type /Page /MediaBox [0 0 9 9] >>"
    return page_tree(*nodes, leaf, kids=b"3 0 R")


def branching_forms(levels):
    """A page that draws ten to the power of `levels` pictures of nothing."""
    forms = {}
    for level in range(levels):
        below = b"/Resources << /XObject << /X %d 0 R >> >>" % (11 + level)
        entries = b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] " + below
        forms[f"o{10 + level}"] = stream(b"/X Do " * 10, entries)
    forms[f"o{10 + levels}"] = stream(
        b"0 0 9 9 re f", b"/Type /XObject /Subtype /Form /BBox [0 0 9 9]"
    )
    return pdf(content=b"/X Do", resources=b"/XObject << /X 10 0 R >>", **forms)


def image(entries, data=b"\x00"):
    picture = b"/Type /XObject /Subtype /Image " + entries
    return pdf(
        content=b"500 0 0 500 0 0 cm /I Do",
        resources=b"/XObject << /I 6 0 R >>",
        o6=stream(data, picture),
    )


def squeezed(data, times=1):
    for _ in range(times):
        data = zlib.compress(data, 9)
    return stream(data, b"/Filter [%b]" % (b"/FlateDecode " * times))


def cross_reference_stream(size, rows=b""):
    body = stream(rows, b"/Type /XRef /W [1 4 2] /Size %d /Root 1 0 R" % size)
    head = pdf()
    return head + b"9 0 obj\n%b\nendobj\nstartxref\n%d\n%%%%EOF\n" % (body, len(head))


def with_object_stream(data):
    """A sound PDF with a cross-reference stream whose object 6 stands in the object stream 7."""
    head = pdf()[: pdf().index(b"xref\n0")]
    places = [head.index(b"\n%d 0 obj" % number) + 1 for number in range(1, 6)]
    packed_at = len(head)
    head += b"7 0 obj\n%b\nendobj\n" % stream(
        data, b"/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode"
    )
    rows = [(0, 0, 0), *((1, place, 0) for place in places), (2, 7, 0), (1, packed_at, 0)]
    rows.append((1, len(head), 0))
    table = b"".join(bytes([kind]) + place.to_bytes(4, "big") + b"\0\0" for kind, place, _ in rows)
    entries = b"/Type /XRef /W [1 4 2] /Size 9 /Root 1 0 R"
    body = b"8 0 obj\n%b\nendobj\n" % stream(table, entries)
    return head + body + b"startxref\n%d\n%%%%EOF\n" % len(head)


def with_zip(content):
    out = io.BytesIO(content)
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("tan-cong.html", "<p>x")
    return out.getvalue()


def previous_table(place):
    return pdf().replace(b"/Root 1 0 R", b"/Root 1 0 R /Prev %d" % place)


LETTERS = b"BT /F1 1 Tf 1 1 Td (" + b"a" * 30_000 + b") Tj ET "
TYPE3 = (
    b"<< /Type /Font /Subtype /Type3 /FontBBox [0 0 9 9] /FontMatrix [1 0 0 1 0 0] /FirstChar 97"
    b" /LastChar 97 /Widths [1] /Encoding << /Differences [97 /a] >> /CharProcs << /a 6 0 R >>"
    b" /Resources << /Font << /F1 5 0 R >> >> >>"
)
FIELD = b"/AcroForm << /Fields [<< /FT /Tx /T (a) %b >>] %b >>"


def later_revision(catalog):
    """A sound PDF whose catalog is replaced by an appended revision."""
    head = pdf()
    place, table = len(head), head.index(b"xref\n0")
    body = b"1 0 obj\n%b\nendobj\n" % catalog
    tail = b"xref\n1 1\n%010d 00000 n \ntrailer\n<< /Size 6 /Root 1 0 R /Prev %d >>\n"
    return head + body + tail % (place, table) + b"startxref\n%d\n%%%%EOF\n" % (place + len(body))


def endless_tiles():
    """A PDF whose one page would take days to draw."""
    return pdf(
        content=b"/Pattern cs /P scn 0 0 595 842 re f",
        resources=b"/Pattern << /P 6 0 R >>",
        o6=stream(
            b"0 0 1 1 re f",
            b"/PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 1 1] /XStep 0.00001"
            b" /YStep 0.00001 /Resources << >>",
        ),
    )
