"""The preview picture of every kind."""

import io

from PIL import Image
from PIL.WebPImagePlugin import WebPImageFile

SIZE = (600, 1_200)


def picture(image: Image.Image) -> bytes:
    """`image` as WebP, at most 600 pixels wide."""
    image.thumbnail(SIZE)
    buffer = io.BytesIO()
    # A format whose module is not loaded makes Pillow load those of all formats.
    on_white(image).save(buffer, WebPImageFile.format, quality=75, method=4)
    return buffer.getvalue()


def on_white(image: Image.Image) -> Image.Image:
    """`image` in RGB, transparent parts as white paper."""
    if not image.has_transparency_data:
        return image.convert("RGB")
    layer = image.convert("RGBA")
    paper = Image.new("RGBA", layer.size, "white")
    return Image.alpha_composite(paper, layer).convert("RGB")
