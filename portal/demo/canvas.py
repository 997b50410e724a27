"""A surface for flat illustrations: units instead of pixels, drawn large, then reduced."""

import math
import random
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from PIL import Image, ImageChops, ImageDraw, ImageOps

WIDTH, HEIGHT = 1500, 1000  # a canvas measures this many units, whatever its pixels
OVERSAMPLING = 2
GRAIN_TILE = 256

RGB = tuple[int, int, int]
Colour = str | RGB
Point = tuple[float, float]
Box = tuple[float, float, float, float]


class Palette(NamedTuple):
    """The colours of one time of day, from the sky down to the darkest foreground."""

    sky: tuple[str, ...]
    sun: str
    far: str
    mid: str
    near: str
    dark: str
    water: tuple[str, ...]
    light: str
    accent: str = "#B3151B"
    gold: str = "#F2B632"


def rgb(colour: Colour) -> RGB:
    """Red, green and blue of `#RRGGBB`; a triple is returned as it is."""
    if isinstance(colour, tuple):
        return colour
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def mix(first: Colour, second: Colour, share: float) -> RGB:
    """The colour `share` (0 to 1) of the way from the first to the second."""
    pairs = zip(rgb(first), rgb(second), strict=True)
    red, green, blue = (round(a + (b - a) * share) for a, b in pairs)
    return red, green, blue


def curve(start: Point, bend: Point, end: Point, steps: int = 24) -> list[Point]:
    """Points of a quadratic Bézier curve, both ends included."""
    points = []
    for step in range(steps + 1):
        t = step / steps
        a, b, c = (1 - t) ** 2, 2 * t * (1 - t), t * t
        x = a * start[0] + b * bend[0] + c * end[0]
        points.append((x, a * start[1] + b * bend[1] + c * end[1]))
    return points


@lru_cache(maxsize=16)
def _glow_mask(strength: int) -> Image.Image:
    return Image.radial_gradient("L").point(
        [round(strength * max(0.0, 1 - value / 254) ** 2) for value in range(256)]
    )


class Canvas:
    """A picture under the brush, 1500 × 1000 units with (0, 0) at the top left."""

    def __init__(self, pixel_width: int, palette: Palette, rng: random.Random) -> None:
        self.palette = palette
        self.rng = rng
        self.scale = pixel_width * OVERSAMPLING / WIDTH
        pixel_height = round(pixel_width * HEIGHT / WIDTH)
        self.image = Image.new("RGB", (pixel_width * OVERSAMPLING, pixel_height * OVERSAMPLING))
        self.brush = ImageDraw.Draw(self.image, "RGBA")

    def _pixels(self, points: Sequence[Point]) -> list[Point]:
        return [(x * self.scale, y * self.scale) for x, y in points]

    def _fill(self, colour: Colour, alpha: float) -> tuple[int, int, int, int]:
        return (*rgb(colour), round(255 * alpha))

    def polygon(self, points: Sequence[Point], colour: Colour, alpha: float = 1) -> None:
        """Fill the polygon through the points."""
        self.brush.polygon(self._pixels(points), fill=self._fill(colour, alpha))

    def oval(
        self, x: float, y: float, rx: float, ry: float, colour: Colour, alpha: float = 1
    ) -> None:
        """Fill the ellipse about (x, y) with the two radii."""
        box = self._pixels([(x - rx, y - ry), (x + rx, y + ry)])
        self.brush.ellipse([*box[0], *box[1]], fill=self._fill(colour, alpha))

    def rectangle(self, box: Box, colour: Colour, alpha: float = 1, radius: float = 0) -> None:
        """Fill (left, top, right, bottom), its corners rounded by the radius."""
        left, top, right, bottom = (value * self.scale for value in box)
        fill = self._fill(colour, alpha)
        self.brush.rounded_rectangle([left, top, right, bottom], radius * self.scale, fill=fill)

    def line(self, points: Sequence[Point], width: float, colour: Colour, alpha: float = 1) -> None:
        """Stroke the points; an opaque stroke has round ends."""
        fill = self._fill(colour, alpha)
        pixels = self._pixels(points)
        thickness = max(1, round(width * self.scale))
        self.brush.line(pixels, fill=fill, width=thickness, joint="curve")
        if alpha == 1 and width >= 4:
            for x, y in (points[0], points[-1]):
                self.oval(x, y, width / 2, width / 2, colour)

    def gradient(self, box: Box, colours: Sequence[Colour]) -> None:
        """Fill the rectangle from the first colour at its top to the last at its bottom."""
        left, top, right, bottom = (round(value * self.scale) for value in box)
        self.image.paste(_strip(right - left, bottom - top, colours), (left, top))

    def shaded(self, points: Sequence[Point], colours: Sequence[Colour]) -> None:
        """Fill the polygon with a vertical gradient over its own height."""
        pixels = self._pixels(points)
        left, top = (math.floor(min(values)) for values in zip(*pixels, strict=True))
        right, bottom = (math.ceil(max(values)) for values in zip(*pixels, strict=True))
        mask = Image.new("L", (right - left, bottom - top))
        ImageDraw.Draw(mask).polygon([(x - left, y - top) for x, y in pixels], fill=255)
        self.image.paste(_strip(*mask.size, colours), (left, top), mask)

    def glow(self, x: float, y: float, radius: float, colour: Colour, alpha: float = 1) -> None:
        """Lay soft light about (x, y), gone at the radius."""
        size = round(2 * radius * self.scale)
        mask = _glow_mask(round(255 * alpha)).resize((size, size), Image.Resampling.BILINEAR)
        corner = round((x - radius) * self.scale), round((y - radius) * self.scale)
        self.image.paste(rgb(colour), (*corner, corner[0] + size, corner[1] + size), mask)

    def finished(self, *, mirrored: bool = False) -> Image.Image:
        """The picture at its own size, with a fine grain that hides the steps of gradients."""
        picture = self.image.reduce(OVERSAMPLING)
        if mirrored:
            picture = ImageOps.mirror(picture)
        return ImageChops.add(picture, _grain(picture.size, self.rng), offset=-3)


def _strip(width: int, height: int, colours: Sequence[Colour]) -> Image.Image:
    """A vertical gradient, smooth between equally spaced colours."""
    strip = Image.new("RGB", (1, max(1, height)))
    spans = len(colours) - 1
    for y in range(strip.height):
        place = y / max(1, height - 1) * spans
        index = min(int(place), spans - 1)
        strip.putpixel((0, y), mix(colours[index], colours[index + 1], place - index))
    return strip.resize((max(1, width), strip.height), Image.Resampling.NEAREST)


def _grain(size: tuple[int, int], rng: random.Random) -> Image.Image:
    noise = Image.frombytes("L", (GRAIN_TILE, GRAIN_TILE), rng.randbytes(GRAIN_TILE**2))
    tile = noise.point([value * 7 // 256 for value in range(256)])
    sheet = Image.new("L", size)
    for left in range(0, size[0], GRAIN_TILE):
        for top in range(0, size[1], GRAIN_TILE):
            sheet.paste(tile, (left, top))
    return Image.merge("RGB", (sheet, sheet, sheet))
