"""The body of an article, written from the blocks of a manuscript.

It is written as Word would paste it and cleaned like everything that is pasted: core.richtext
builds the lists, leaves the noise out and has the last word on what is safe.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from html import escape

from core.media import Photo
from core.richtext import clean_html, note_mark, note_return
from documents.blocks import Block, Cell, Manuscript, Paragraph, Piece, Row, Table
from news.word.parts import all_marked, has_photo, is_caption, is_heading, text_of

_HEADINGS = ("h2", "h3", "h4")
NOTES = "Chú thích"


class Body:
    """Writes one body; `photos` are those of the manuscript in the library, None for one left out.

    A photo that the library describes brings its description along; others ask for one.
    """

    def __init__(self, manuscript: Manuscript, photos: Sequence[Photo | None]) -> None:
        self._manuscript = manuscript
        self._photos = photos
        self._noted: list[int] = []
        self._levels: list[int] = []

    def html(self, blocks: tuple[Block, ...]) -> str:
        """Clean HTML of `blocks` with the notes that they refer to at the end."""
        self._levels = sorted({_level(one) for one in blocks if _is_section(one)})
        text = self._blocks(blocks)
        notes = "".join(map(self._note, range(1, len(self._noted) + 1)))
        return clean_html(text + (f"<h2>{NOTES}</h2><ol>{notes}</ol>" if notes else ""))

    def _blocks(self, blocks: Sequence[Block]) -> str:
        return "".join(self._written(list(_without_frames(blocks))))

    def _written(self, blocks: list[Block]) -> Iterator[str]:
        at = 0
        while at < len(blocks):
            block = blocks[at]
            at += 1
            if isinstance(block, Table):
                yield self._table(block)
                continue
            photos, words = _apart(block)
            if photos and not text_of(words) and at < len(blocks):
                below = blocks[at]
                if isinstance(below, Paragraph) and is_caption(below):
                    words, at = below, at + 1
            yield from self._photos_and_words(photos, words)

    def _photos_and_words(self, photos: list[int], words: Paragraph) -> Iterator[str]:
        if photos and is_caption(words):
            yield self._figures(photos, self._inline(_unmarked(words)))
        else:
            yield self._figures(photos, "")
            if text_of(words) or any(piece.note is not None for piece in words.pieces):
                yield self._paragraph(words)

    def _figures(self, photos: list[int], caption: str) -> str:
        images = [
            f'<img src="{escape(photo.url)}" alt="{escape(photo.alt)}">'
            for number in photos
            if (photo := self._photos[number])
        ]
        if not images:
            return f"<p>{caption}</p>" if caption else ""
        caption = f"<figcaption>{caption}</figcaption>" if caption else ""
        *others, last = [f"<figure>{image}" for image in images]
        return "".join(f"{one}</figure>" for one in others) + f"{last}{caption}</figure>"

    def _paragraph(self, paragraph: Paragraph) -> str:
        inline = self._inline(paragraph)
        label = escape(paragraph.label)
        if _is_section(paragraph):
            rank = self._levels.index(_level(paragraph)) if self._levels else 0
            tag = _HEADINGS[min(rank, len(_HEADINGS) - 1)]
            return f"<{tag}>{label} {inline}</{tag}>"
        if paragraph.list_id and label:
            place = f"mso-list:l{paragraph.list_id} level{paragraph.depth + 1} lfo1"
            marker = f'<span style="mso-list:Ignore">{label}</span>'
            return f'<p style="{place}">{marker} {inline}</p>'
        style = f' style="text-align:{paragraph.align}"' if paragraph.align else ""
        return f"<p{style}>{inline}</p>"

    def _inline(self, paragraph: Paragraph) -> str:
        return "".join(map(self._piece, paragraph.pieces))

    def _piece(self, piece: Piece) -> str:
        if piece.note is not None:
            if piece.note not in self._noted:
                self._noted.append(piece.note)
            return note_mark(self._noted.index(piece.note) + 1)
        words = piece.text.strip()  # spaces at the edges carry no mark
        before, _, after = piece.text.partition(words) if words else (piece.text, "", "")
        html = _html(words)
        for mark in piece.marks if words else ():
            html = f"<{mark}>{html}</{mark}>"
        if piece.link and words:
            html = f'<a href="{escape(piece.link)}">{html}</a>'
        return f"{_html(before)}{html}{_html(after)}"

    def _note(self, number: int) -> str:
        words = self._blocks(self._manuscript.notes[self._noted[number - 1]])
        before = words.removesuffix("</p>") if words.endswith("</p>") else f"{words}<p>"
        return f"<li>{before} {note_return(number)}</p></li>"

    def _table(self, table: Table) -> str:
        heads = sum(1 for _ in _head_rows(table))
        head = "".join(self._row(row, "th") for row in table.rows[:heads])
        rows = "".join(self._row(row, "td") for row in table.rows[heads:])
        head = f"<thead>{head}</thead>" if head else ""
        return f"<table>{head}<tbody>{rows}</tbody></table>"

    def _row(self, row: Row, tag: str) -> str:
        return f"<tr>{''.join(self._cell(cell, tag) for cell in row.cells)}</tr>"

    def _cell(self, cell: Cell, tag: str) -> str:
        scope = ' scope="col"' if tag == "th" else ""
        columns = f' colspan="{cell.columns}"' if cell.columns > 1 else ""
        rows = f' rowspan="{cell.rows}"' if cell.rows > 1 else ""
        blocks = tuple(map(_plain_head, cell.blocks)) if tag == "th" else cell.blocks
        return f"<{tag}{scope}{columns}{rows}>{self._blocks(blocks)}</{tag}>"


def _html(text: str) -> str:
    return escape(text, quote=False).replace("\n", "<br>")


def _is_section(block: Block) -> bool:
    """Whether the block is a heading within the text."""
    return isinstance(block, Paragraph) and is_heading(block) and bool(text_of(block))


def _level(block: Block) -> int:
    return (block.level or 0) if isinstance(block, Paragraph) else 0


def _apart(paragraph: Paragraph) -> tuple[list[int], Paragraph]:
    """The photos of a paragraph, and the paragraph without them."""
    photos = [piece.photo for piece in paragraph.pieces if piece.photo is not None]
    words = tuple(piece for piece in paragraph.pieces if piece.photo is None)
    return photos, replace(paragraph, pieces=words)


def _unmarked(paragraph: Paragraph) -> Paragraph:
    """A caption without what makes all of it bold or italic: that is how captions look."""
    usual = {mark for mark in ("strong", "em") if all_marked(paragraph, mark)}
    pieces = (
        replace(piece, marks=tuple(mark for mark in piece.marks if mark not in usual))
        for piece in paragraph.pieces
    )
    return replace(paragraph, pieces=tuple(pieces))


def _plain_head(block: Block) -> Block:
    """A paragraph of a head cell, which is bold and centred by itself."""
    return replace(_unmarked(block), align="") if isinstance(block, Paragraph) else block


def _head_rows(table: Table) -> Iterator[Row]:
    """The rows that head a table: said so in Word, or the first one when it alone is bold."""
    named = [row for row in table.rows if row.head]
    if named and named != list(table.rows):
        for row in table.rows:
            if not row.head:
                return
            yield row
    elif len(table.rows) > 1 and len(table.rows[0].cells) > 1:
        first, second = table.rows[:2]
        if all(map(_is_bold, first.cells)) and not all(map(_is_bold, second.cells)):
            yield first


def _is_bold(cell: Cell) -> bool:
    words = [one for one in cell.blocks if isinstance(one, Paragraph) and text_of(one)]
    return bool(words) and all(all_marked(one, "strong") for one in words)


def _without_frames(blocks: Sequence[Block]) -> Iterator[Block]:
    """`blocks` with those of frames in their place: a table of one column with a photo, or of one
    cell, only keeps things together."""
    for block in blocks:
        if isinstance(block, Table) and _is_frame(block):
            inside = (one for row in block.rows for cell in row.cells for one in cell.blocks)
            yield from _without_frames([*inside])
        else:
            yield block


def _is_frame(table: Table) -> bool:
    cells = [cell for row in table.rows for cell in row.cells]
    if any(len(row.cells) > 1 for row in table.rows):
        return False
    with_photo = any(
        isinstance(one, Paragraph) and has_photo(one) for cell in cells for one in cell.blocks
    )
    return with_photo or len(cells) == 1
