"""Draws a directive as an office would: typed and saved as PDF, or printed and scanned.

Sizes and places follow Hướng dẫn 36-HD/VPTW (2018) on the form of Party documents; letters are a
tenth smaller than there, because the site's serif runs wider than Times. No seal and no signature
is drawn, and every page says that it is an illustration.
"""

import io
import math
import random
import textwrap
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache, partial
from typing import Literal

import pypdfium2
from fpdf import FPDF
from fpdf.drawing import PaintedPath
from fpdf.enums import Align, XPos, YPos
from fpdf.svg import svg_path_converter
from PIL import Image, ImageFilter

from portal.demo import typeface

LEFT, RIGHT, TOP, BOTTOM = 30, 20, 20, 20
TEXT_WIDTH = 210 - LEFT - RIGHT
COLUMN = TEXT_WIDTH / 2
MILLIMETRES = 25.4 / 72
LINE_HEIGHT = 1.36
INDENT = 10
SIGNATURE_ROOM = 24
HEADING_ROOM = 22

WATERMARK = "BẢN MINH HỌA"
WATERMARK_SIZE, WATERMARK_TILT, WATERMARK_GREY = 27, math.radians(52), "#ECECEC"

SCAN_DPI = 112
SCAN_QUALITY = 38
GRAIN = 0.07

BlockKind = Literal["paragraph", "section", "part", "centred", "article", "address"]


@dataclass(frozen=True)
class Block:
    """A paragraph of the text; the first sentence of an article is its bold number."""

    kind: BlockKind
    text: str

    @property
    def runs(self) -> tuple[tuple[str, bool], ...]:
        """The text in pieces, each bold or not."""
        if self.kind == "article":
            number, _, rest = self.text.partition(". ")
            return (f"{number}. ", True), (rest, False)
        return ((self.text, self.kind in ("section", "part", "centred")),)


@dataclass(frozen=True)
class Paper:
    """What is drawn: a Party document with its parts of form, all texts in NFC.

    `heading` is the type in capitals; a letter (công văn) has none, and then bears its abstract
    under the sign.
    """

    superior: str
    issuer: str
    sign: str
    place: str
    issued_on: date
    title: str
    heading: str
    abstract: str
    blocks: tuple[Block, ...]
    recipients: tuple[str, ...]
    authority: str
    position: str
    signer: str

    @property
    def dateline(self) -> str:
        """Place and date; days below 10 and the first two months carry a zero."""
        day, month = self.issued_on.day, self.issued_on.month
        shown = f"{month:02d}" if month < 3 else str(month)
        return f"{self.place}, ngày {day:02d} tháng {shown} năm {self.issued_on.year}"

    @property
    def saved_at(self) -> datetime:
        """When the file was saved, for its properties: the morning of the day of issue."""
        return datetime(*self.issued_on.timetuple()[:3], hour=1, tzinfo=UTC)

    @property
    def words(self) -> str:
        """Every word of the sheet in reading order, one line a piece."""
        return "\n".join(
            filter(
                None,
                (
                    *(self.superior, self.issuer, "*", f"Số {self.sign}"),
                    *(() if self.heading else (self.abstract,)),
                    *("ĐẢNG CỘNG SẢN VIỆT NAM", self.dateline),
                    *((self.heading, self.abstract, "-----") if self.heading else ()),
                    *(block.text for block in self.blocks),
                    *("Nơi nhận:", *self.recipients),
                    *(self.authority, self.position, self.signer),
                ),
            )
        )


class Sheet(FPDF):
    """A4 paper with the margins, the fonts and the watermark."""

    def __init__(self, paper: Paper) -> None:
        super().__init__(format="A4")
        for style, path in typeface.files().items():
            self.add_font(typeface.FAMILY, style, path)
        self.set_margins(LEFT, TOP, RIGHT)
        self.set_auto_page_break(True, BOTTOM)
        self.set_lang("vi")
        self.set_title(paper.title)
        self.set_subject(paper.abstract)
        self.set_author(paper.issuer)
        self.set_keywords("bản minh họa")
        self.set_creation_date(paper.saved_at)
        self.add_page()

    def header(self) -> None:
        """Draw the watermark and, from the second page, the number of the page."""
        # As outlines: the watermark is no word of the text.
        with self.drawing_context() as context:
            context.add_item(_watermark(), False)
        if self.page_no() > 1:
            self.set_y(10)
            self.line_of(str(self.page_no()), 12)
        self.set_y(TOP)

    def line_of(
        self, text: str, size: float, style: str = "", *, x: float = LEFT, width: float = TEXT_WIDTH
    ) -> None:
        """Write centred lines, and go on below them."""
        self.set_font(typeface.FAMILY, style, size)
        self.set_x(x)
        self.multi_cell(
            width,
            size * MILLIMETRES * LINE_HEIGHT,
            text,
            align=Align.C,
            new_x=XPos.LMARGIN,
            new_y=YPos.NEXT,
        )

    def rule_below(self, text: str, size: float, *, middle: float) -> None:
        """Draw a line as long as `text` in bold, right below what was written last."""
        self.set_font(typeface.FAMILY, "B", size)
        half = self.get_string_width(text) / 2
        self.set_line_width(0.25)
        self.line(middle - half, self.y + 0.4, middle + half, self.y + 0.4)
        self.y += 1.6


@cache
def _watermark() -> PaintedPath:
    cos, sin = (turn(WATERMARK_TILT) * WATERMARK_SIZE for turn in (math.cos, math.sin))
    path = PaintedPath()
    # On paper y grows downwards, in a font upwards.
    svg_path_converter(path, typeface.outline(WATERMARK, (cos, -sin, -sin, -cos, 108, 155)))
    path.style.fill_color = WATERMARK_GREY
    path.style.stroke_color = None
    return path


def pdf(paper: Paper) -> bytes:
    """Draw the paper as a PDF with a text layer; the same bytes every time."""
    sheet = Sheet(paper)
    _head(sheet, paper)
    *body, last = paper.blocks
    for block in body:
        _block(sheet, block)
    # A signature never stands on a page alone.
    _block(sheet, last, room_below=_foot_height(paper))
    _foot(sheet, paper)
    return bytes(sheet.output())


def _head(sheet: Sheet, paper: Paper) -> None:
    right = LEFT + COLUMN
    sheet.line_of(paper.superior, 11.5, width=COLUMN)
    sheet.line_of(_balanced(paper.issuer), 11.5, "B", width=COLUMN)
    sheet.line_of("*", 12, width=COLUMN)
    sheet.line_of(f"Số {paper.sign}", 12.5, width=COLUMN)
    if not paper.heading:
        sheet.line_of(_balanced(paper.abstract, lines=3), 11, "I", width=COLUMN - 6, x=LEFT + 3)
    below, sheet.y = sheet.y, TOP
    sheet.line_of("ĐẢNG CỘNG SẢN VIỆT NAM", 13, "B", x=right, width=COLUMN)
    sheet.rule_below("ĐẢNG CỘNG SẢN VIỆT NAM", 13, middle=right + COLUMN / 2)
    sheet.y += 6
    sheet.line_of(paper.dateline, 12.5, "I", x=right, width=COLUMN)
    sheet.y = max(below, sheet.y) + 7
    if paper.heading:
        sheet.line_of(paper.heading, 15, "B")
        sheet.line_of(_balanced(paper.abstract, len(paper.abstract) // 66 + 1), 13, "B")
        sheet.line_of("-----", 12)
        sheet.y += 3


def _balanced(text: str, lines: int = 2) -> str:
    """Break a text into lines of about the same length."""
    return "\n".join(textwrap.wrap(text, len(text) // lines + 5, break_on_hyphens=False))


def _block(sheet: Sheet, block: Block, room_below: float = 0) -> None:
    """Write the block whole on one page, with what must follow it there."""
    if block.kind in ("section", "part", "centred"):
        room_below = max(room_below, HEADING_ROOM)
    if sheet.will_page_break(_height(sheet, block) + room_below):
        sheet.add_page()
    if block.kind in ("centred", "address"):
        sheet.y += 1.5
        sheet.line_of(block.text, 13, "B" if block.kind == "centred" else "")
        sheet.y += 3
        return
    with (
        sheet.text_columns(text_align=Align.J, line_height=LINE_HEIGHT) as column,
        column.paragraph(first_line_indent=INDENT, bottom_margin=2) as paragraph,
    ):
        for text, bold in block.runs:
            sheet.set_font(typeface.FAMILY, "B" if bold else "", 13)
            paragraph.write(text)


def _height(sheet: Sheet, block: Block) -> float:
    """Return about how high the block stands, in millimetres: never too little."""
    sheet.set_font(typeface.FAMILY, "B", 13)
    lines = sheet.get_string_width(block.text) / (TEXT_WIDTH * 0.95) + 1
    return math.ceil(lines) * 13 * MILLIMETRES * LINE_HEIGHT + 4.5


def _foot_height(paper: Paper) -> float:
    return max(len(paper.recipients) * 5.5 + 20, SIGNATURE_ROOM + 32)


def _foot(sheet: Sheet, paper: Paper) -> None:
    sheet.y += 5
    top = sheet.y
    sheet.set_font(typeface.FAMILY, "U", 12.5)
    sheet.cell(COLUMN, 7, "Nơi nhận:", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    sheet.set_font(typeface.FAMILY, "", 11)
    for recipient in paper.recipients:
        sheet.multi_cell(
            COLUMN - 4, 5.2, recipient, align=Align.L, new_x=XPos.LMARGIN, new_y=YPos.NEXT
        )
    sheet.y = top
    write = partial(sheet.line_of, x=LEFT + COLUMN, width=COLUMN)
    write(paper.authority, 12.5, "B")
    write(paper.position, 12.5)
    sheet.y += SIGNATURE_ROOM
    write(paper.signer, 12.5, "B")


def scan(paper: Paper) -> bytes:
    """Draw the paper as an office scanner saves it: pictures alone; the same bytes every time."""
    chance = random.Random(paper.sign)
    with pypdfium2.PdfDocument(pdf(paper)) as drawn:
        first, *others = [_scanned(page, chance) for page in drawn]
    saved = paper.saved_at + timedelta(hours=1)
    buffer = io.BytesIO()
    first.save(
        buffer,
        "PDF",
        save_all=True,
        append_images=others,
        resolution=SCAN_DPI,
        quality=SCAN_QUALITY,
        creationDate=saved.timetuple(),
        modDate=saved.timetuple(),
    )
    return buffer.getvalue()


def _scanned(page: pypdfium2.PdfPage, chance: random.Random) -> Image.Image:
    sheet = page.render(scale=SCAN_DPI / 72, grayscale=True).to_pil()
    tilt = chance.choice((-1, 1)) * chance.uniform(0.3, 0.8)
    sheet = sheet.rotate(tilt, Image.Resampling.BICUBIC, fillcolor=255)
    sheet = sheet.filter(ImageFilter.GaussianBlur(0.45))
    noise = Image.frombytes("L", sheet.size, chance.randbytes(sheet.width * sheet.height))
    return Image.blend(sheet, noise.filter(ImageFilter.GaussianBlur(0.6)), GRAIN)
