"""The pictures of a document, each part once; and what cannot be one."""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from documents.reading.manuscript.tree import Relation
from documents.reading.package import Package
from documents.reading.refusal import Refusal

PHOTO_LIMIT = 60
BYTES_LIMIT = 60 * 1024 * 1024
_NOTICEABLE = 0.01  # LibreOffice writes tiny cuts for rounding
_TOO_MANY = (
    f"Tệp có hơn {PHOTO_LIMIT} ảnh hoặc các ảnh nặng hơn {BYTES_LIMIT // 1024 // 1024} MB. "
    "Hãy giảm dung lượng ảnh trong Word (Nén ảnh) hoặc tách thành nhiều tệp rồi gửi lại."
)


class Pictures:
    """Collects the bytes of pictures; tells what was left out."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._numbers: dict[str, int] = {}
        self.contents: list[bytes] = []
        self.missing: set[str] = set()
        self.cropped: set[int] = set()

    def of(self, drawing: Element, relations: dict[str, Relation]) -> Iterator[int]:
        """Numbers of the pictures in a drawing (DrawingML, or VML of old programs)."""
        if any(data.get("uri", "").endswith("/chart") for data in drawing.iter("graphicData")):
            self.missing.add("chart")
        if any(data.get("uri", "").endswith("/diagram") for data in drawing.iter("graphicData")):
            self.missing.add("chart")
        for fill in drawing.iter("blipFill"):
            for blip in fill.iter("blip"):
                yield from self._taken(blip.get("embed"), blip.get("link"), relations, fill)
        for image in drawing.iter("imagedata"):
            yield from self._taken(image.get("id"), image.get("href"), relations, image)

    def _taken(
        self,
        inside: str | None,
        outside: str | None,
        relations: dict[str, Relation],
        frame: Element,
    ) -> Iterator[int]:
        relation = relations.get(inside or outside or "")
        if relation is None or relation.external or not self._package.read(relation.target):
            self.missing.add("linked")
            return
        number = self._number(relation.target)
        if _is_cropped(frame):
            self.cropped.add(number)
        yield number

    def _number(self, part: str) -> int:
        if part not in self._numbers:
            content = self._package.read(part)
            weight = len(content) + sum(map(len, self.contents))
            if len(self.contents) == PHOTO_LIMIT or weight > BYTES_LIMIT:
                raise Refusal("too_many_photos", _TOO_MANY)
            self._numbers[part] = len(self.contents)
            self.contents.append(content)
        return self._numbers[part]


def _is_cropped(frame: Element) -> bool:
    """Whether the document shows a part of the picture alone."""
    cuts = [frame.get(f"crop{side}", "") for side in ("left", "top", "right", "bottom")]
    for cut in frame.iter("srcRect"):
        cuts += [cut.get(side, "") for side in "ltrb"]
    return any(_share(cut) > _NOTICEABLE for cut in cuts)


def _share(cut: str) -> float:
    """How much of a side `cut` takes away: 25000 and 25% of DrawingML, 16384f and .25 of VML."""
    number = re.fullmatch(r"(\d{0,9}(?:\.\d{1,9})?)(%|f?)", cut, re.ASCII)
    if not number or not number[1]:
        return 0.0
    whole = {"%": 100, "f": 65_536}.get(number[2], 1 if "." in cut else 100_000)
    return float(number[1]) / whole
