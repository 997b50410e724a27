"""Words of a scan, by Tesseract with its Vietnamese model."""

import io
import subprocess
from collections.abc import Iterator

from PIL import Image

from documents.reading import pdf, pictures, preview
from documents.reading.kinds import kind_of
from documents.reading.plain import Text
from documents.reading.refusal import Refusal

PAGE_LIMIT = 200
_SECONDS_PER_PAGE = 60
_SIDE = 5_000  # A3 at 300 dpi: larger only takes longer


def recognise(content: bytes, tesseract: str) -> str:
    """Text of the pages of a PDF, JPEG or PNG, a form feed between them."""
    text = Text()
    for page in _pages(content):
        text.add_page(_words(page, tesseract))
    return text.whole()


def _pages(content: bytes) -> Iterator[Image.Image]:
    kind = kind_of(content)
    if kind == "pdf":
        return pdf.pages_for_recognition(content, PAGE_LIMIT)
    if kind == "zip":
        raise Refusal("unknown")
    return iter([_grey(pictures.opened(content)[0])])


def _grey(image: Image.Image) -> Image.Image:
    image.thumbnail((_SIDE, _SIDE))
    return preview.on_white(image).convert("L")


def _words(page: Image.Image, tesseract: str) -> str:
    """The words on one page; Tesseract inherits the limits of this process."""
    pixels = io.BytesIO()
    page.save(pixels, "PPM")
    try:
        done = subprocess.run(
            [tesseract, "stdin", "stdout", "-l", "vie", "--dpi", "300"],
            input=pixels.getvalue(),
            capture_output=True,
            timeout=_SECONDS_PER_PAGE,
            check=True,
        )
    except subprocess.SubprocessError as error:
        raise Refusal("too_complex") from error
    return done.stdout.decode("utf-8", "replace")
