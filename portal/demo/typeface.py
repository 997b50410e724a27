"""The site's own serif (static/fonts/README.md) as fonts for print, and as outlines."""

import atexit
import tempfile
from functools import cache
from pathlib import Path

from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.pens.transformPen import TransformPen
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

FONTS = Path(__file__).parents[2] / "static" / "fonts"
FAMILY = "Portal Serif"
# fpdf2's letter of a style → its name, its file, and its weight where the file holds many.
STYLES = {
    "": ("Regular", "portal-serif.woff2", 400),
    "B": ("Bold", "portal-serif.woff2", 700),
    "I": ("Italic", "portal-serif-italic.woff2", None),
}
FULL_NAME, POSTSCRIPT_NAME = 4, 6
WINDOWS_ENGLISH = (3, 1, 0x409)

# An affine map: x' = ax + cy + e, y' = bx + dy + f.
Matrix = tuple[float, float, float, float, float, float]


@cache
def files() -> dict[str, Path]:
    """Style → TrueType file, made once in a process and removed when it ends."""
    folder = tempfile.TemporaryDirectory(prefix="portal-fonts-")
    atexit.register(folder.cleanup)
    return {style: _written(style, Path(folder.name)) for style in STYLES}


def _written(style: str, folder: Path) -> Path:
    name, source, weight = STYLES[style]
    font = TTFont(FONTS / source, recalcTimestamp=False)
    if weight:
        instancer.instantiateVariableFont(font, {"wght": weight}, inplace=True)
    font.flavor = None
    # A PDF names its fonts; on the web the style sheet does, so the files carry no name.
    full_name = f"{FAMILY} {name}"
    font["name"].setName(full_name, FULL_NAME, *WINDOWS_ENGLISH)
    font["name"].setName(full_name.replace(" ", ""), POSTSCRIPT_NAME, *WINDOWS_ENGLISH)
    path = folder / f"{name}.ttf"
    font.save(path)
    font.close()
    return path


def outline(text: str, matrix: Matrix) -> str:
    """Return the bold outlines of `text` as an SVG path.

    `matrix` maps ems (y up, the middle of the text's capitals at 0, 0) onto the sheet.
    """
    with TTFont(files()["B"]) as font:
        glyphs, names = font.getGlyphSet(), font.getBestCmap()
        em = font["head"].unitsPerEm
        width = sum(glyphs[names[ord(letter)]].width for letter in text)
        pen = SVGPathPen(glyphs, ntos=lambda number: f"{number:.2f}")
        a, b, c, d, x, y = matrix
        left, down = -width / 2, -font["OS/2"].sCapHeight / 2
        for letter in text:
            glyph = glyphs[names[ord(letter)]]
            shift_x = x + (a * left + c * down) / em
            shift_y = y + (b * left + d * down) / em
            glyph.draw(TransformPen(pen, (a / em, b / em, c / em, d / em, shift_x, shift_y)))
            left += glyph.width
        return str(pen.getCommands())
