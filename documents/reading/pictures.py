"""JPEG and PNG, by the rules of the photo library."""

from django.core.exceptions import ValidationError
from PIL import Image

from core.uploads import decode_picture
from documents.reading import preview
from documents.reading.refusal import Refusal


def read(content: bytes) -> tuple[dict[str, object], bytes]:
    """What documents.extraction.Reading says of the JPEG or PNG `content`, and its preview."""
    image, kind = opened(content)
    answer: dict[str, object] = {"kind": kind, "pages": 1, "text": "", "metadata": ""}
    return answer, preview.picture(image)


def opened(content: bytes) -> tuple[Image.Image, str]:
    """The picture, upright, and its kind; Refusal when it is none."""
    try:
        picture = decode_picture(content)
    except ValidationError as error:
        raise Refusal(str(error.code), str(error.message)) from error
    return picture.image, picture.format
