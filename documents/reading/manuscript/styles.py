"""What styles make of a run or a paragraph: only what has a meaning, and the font's name."""

from collections.abc import Iterator
from functools import cache
from xml.etree.ElementTree import Element

from documents.reading.manuscript.tree import switched_on, value

Look = dict[str, str | bool]
_SWITCHES = {"b": "strong", "i": "em", "strike": "s", "dstrike": "s", "vanish": "hidden"}
_POSITIONS = {"subscript": "sub", "superscript": "sup"}
MARKS = ("strong", "em", "u", "s", "sub", "sup")


class Styles:
    """The styles of a document by id."""

    def __init__(self, root: Element) -> None:
        self._styles = {style.get("styleId", ""): style for style in root.iter("style")}
        self._defaults = root.find("docDefaults/rPrDefault/rPr")
        self._default = next(
            (
                name
                for name, style in self._styles.items()
                if style.get("type") == "paragraph" and style.get("default") in ("1", "true")
            ),
            "",
        )
        self._of_styles = cache(self._merged)

    def name(self, style: str) -> str:
        """The name of a paragraph's style in lower case; built-in ones are English everywhere."""
        return value(self._styles.get(style or self._default), "name").lower()

    def look(self, properties: Element | None, paragraph_style: str) -> Look:
        """How a run looks that has these rPr, in a paragraph of this style."""
        return self._of_styles(paragraph_style, value(properties, "rStyle")) | _look(properties)

    def paragraph(self, style: str, properties: Element | None, name: str) -> Element | None:
        """The property `name` of a paragraph: its own, else that of the nearest style."""
        own = properties.find(name) if properties is not None else None
        if own is not None:
            return own
        of_styles = (one.find(f"pPr/{name}") for one in self._chain(style or self._default))
        return next((found for found in of_styles if found is not None), None)

    def _merged(self, paragraph_style: str, run_style: str) -> Look:
        look = _look(self._defaults)
        for style in (paragraph_style or self._default, run_style):
            for one in reversed(list(self._chain(style))):
                look |= _look(one.find("rPr"))
        return look

    def _chain(self, style: str) -> Iterator[Element]:
        """The style and those that it is based on, each once."""
        seen = set()
        while style in self._styles and style not in seen:
            seen.add(style)
            yield self._styles[style]
            style = value(self._styles[style], "basedOn")


def _look(properties: Element | None) -> Look:
    """What one rPr says."""
    look: Look = {}
    for child in properties if properties is not None else ():
        if child.tag in _SWITCHES:
            look[_SWITCHES[child.tag]] = switched_on(child)
        elif child.tag == "u":
            look["u"] = switched_on(child)
        elif child.tag == "vertAlign":
            position = _POSITIONS.get(child.get("val", ""))
            look |= {"sub": position == "sub", "sup": position == "sup"}
        elif child.tag == "rFonts":
            look |= _font(child)
    return look


def _font(fonts: Element) -> Look:
    """The font of letters beyond ASCII; one of the theme is none of the old ones."""
    if fonts.get("hAnsiTheme") or fonts.get("asciiTheme"):
        return {"font": ""}
    name = fonts.get("hAnsi") or fonts.get("ascii")
    return {"font": name} if name else {}
