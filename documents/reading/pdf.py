"""PDF: structure judged by qpdf, text and first page by PDFium."""

import io
from collections.abc import Iterator

import pikepdf
import pypdfium2
from PIL import Image
from pypdfium2 import raw

from documents.reading import markup, preview
from documents.reading.dangers import refuse_dangers
from documents.reading.plain import Text
from documents.reading.refusal import Refusal

PAGE_LIMIT = 2_000
_INFO = ("/Title", "/Subject", "/Keywords", "/Author")
_LARGEST_SCALE = 4  # of a page the size of a stamp


def read(content: bytes) -> tuple[dict[str, object], bytes]:
    """What documents.extraction.Reading says of the PDF `content`, and its preview."""
    pages, metadata = _checked(content)
    try:
        with pypdfium2.PdfDocument(content) as document:
            # Two readers that see different pages see different files.
            if len(document) != pages:
                raise Refusal("damaged")
            text = _text(document)
            first_page = preview.picture(_picture(_page(document, 0), preview.SIZE))
    except pypdfium2.PdfiumError as error:
        raise Refusal("damaged") from error
    return {"kind": "pdf", "pages": pages, "text": text, "metadata": metadata}, first_page


def pages_for_recognition(content: bytes, limit: int) -> Iterator[Image.Image]:
    """Grey pictures of all pages at 300 dpi, smaller for sheets beyond A3; Refusal over `limit`."""
    _checked(content)
    with pypdfium2.PdfDocument(content) as document:
        if len(document) > limit:
            raise Refusal("too_long_to_recognise")
        for number in range(len(document)):
            page = _page(document, number)
            yield _picture(page, (5_000, 5_000), 300 / 72).convert("L")
            page.close()


def _checked(content: bytes) -> tuple[int, str]:
    """Number of pages and metadata of a PDF that is whole, open to all and harmless."""
    if b"%%EOF" not in content[-1024:]:
        raise Refusal("damaged")
    try:
        # Repairing would be guessing what a viewer shows: every viewer repairs in its own way.
        with pikepdf.open(io.BytesIO(content), attempt_recovery=False) as pdf:
            if pdf.is_encrypted:
                raise Refusal("encrypted")
            refuse_dangers(pdf)
            pages = len(pdf.pages)
            _refuse_unless_sound(pdf, pages)
            return pages, _metadata(pdf)
    except pikepdf.PasswordError as error:
        raise Refusal("encrypted") from error
    except (pikepdf.PdfError, ValueError, TypeError, LookupError, AttributeError) as error:
        raise Refusal("damaged") from error


def _refuse_unless_sound(pdf: pikepdf.Pdf, pages: int) -> None:
    if pages > PAGE_LIMIT:
        raise Refusal("too_many_pages")
    if not pages or pdf.get_warnings():
        raise Refusal("damaged")


def _metadata(pdf: pikepdf.Pdf) -> str:
    info = pdf.trailer.get("/Info")
    fields = [str(info[key]) for key in _INFO if key in info] if info is not None else []
    packet = pdf.Root.get("/Metadata")
    if isinstance(packet, pikepdf.Stream):
        fields += markup.fields(packet.read_bytes())
    return "\n".join(dict.fromkeys(fields))


def _text(document: pypdfium2.PdfDocument) -> str:
    text = Text()
    for number in range(len(document)):
        page = _page(document, number)
        words = page.get_textpage()
        text.add_page(words.get_text_range())
        words.close()
        page.close()
    return text.whole()


def _page(document: pypdfium2.PdfDocument, number: int) -> pypdfium2.PdfPage:
    """The page with stamps, signatures and filled fields made part of it, as readers see it."""
    page = document[number]
    if raw.FPDFPage_GetAnnotCount(page):
        raw.FPDFPage_Flatten(page, raw.FLAT_NORMALDISPLAY)
        page.close()
        page = document[number]
    return page


def _picture(
    page: pypdfium2.PdfPage, box: tuple[int, int], scale: float = _LARGEST_SCALE
) -> Image.Image:
    """The page as a picture that fits in `box`, magnified by `scale` at most."""
    width, height = (max(side, 1.0) for side in page.get_size())
    scale = min(scale, box[0] / width, box[1] / height)
    return page.render(scale=scale).to_pil()
