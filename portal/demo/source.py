"""The page of the former site, read from `source.txt` as an article."""

from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Literal

from core.text import nfc

SOURCE = Path(__file__).with_name("source.txt")
PHOTO_MARK = "anh tin bai"
SIGNATURE = "Ban Tuyên giáo Đảng ủy Khối các cơ quan và doanh nghiệp tỉnh"


@dataclass(frozen=True)
class Block:
    """A paragraph of the page, or the caption of a photo standing there."""

    kind: Literal["paragraph", "caption"]
    text: str


@dataclass(frozen=True)
class Page:
    """The page's title, its blocks in order and its signature, in its own words (NFC)."""

    title: str
    blocks: tuple[Block, ...]
    signature: str

    @property
    def paragraphs(self) -> tuple[str, ...]:
        return tuple(block.text for block in self.blocks if block.kind == "paragraph")

    @property
    def captions(self) -> tuple[str, ...]:
        return tuple(block.text for block in self.blocks if block.kind == "caption")

    @property
    def summary(self) -> str:
        """The second sentence of the page: who did what, in the page's words."""
        return self.paragraphs[0].split(". ")[1] + "."


@cache
def page() -> Page:
    """Parse the page down to its signature; the sidebar after it is left out."""
    lines = [nfc(line).strip() for line in SOURCE.read_text(encoding="utf-8").splitlines()]
    title, *body = [line for line in lines if line]
    body = body[: body.index(SIGNATURE)]
    blocks = [
        Block("caption" if before == PHOTO_MARK else "paragraph", line)
        for before, line in pairwise([title, *body])
        if line != PHOTO_MARK
    ]
    return Page(title, tuple(blocks), SIGNATURE)
