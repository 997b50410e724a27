"""Letters of fonts that came before Unicode, and of fonts of symbols, as what they look like."""

import re
from dataclasses import replace
from itertools import groupby

from core.legacy import by_font
from documents.blocks import Block, Cell, Manuscript, Paragraph, Piece, Row, Table

# Word keeps letters of fonts of symbols here (their byte + F000).
_PRIVATE = {code: chr(code & 0xFF) for code in range(0xF020, 0xF100)}
# Letters that no font of the old kind has: such text only wears its name.
_UNICODE = re.compile("[ĂăĐđĨĩŨũƠơƯưẠ-ỹ]")
_SYMBOLS = {
    "symbol": dict(zip("°±´·£³¹®¬", "°±×•≤≥≠→←", strict=True)),
    "wingdings": dict(zip("àüûØ§nlqvJ", "→✓✗➢▪■●❑❖☺", strict=True)),
}


def in_unicode(manuscript: Manuscript) -> tuple[Manuscript, bool]:
    """`manuscript` with every letter in Unicode, and whether any was not."""
    changed = replace(
        manuscript,
        blocks=tuple(map(_block, manuscript.blocks)),
        notes=tuple(tuple(map(_block, note)) for note in manuscript.notes),
    )
    return changed, changed != manuscript


def _block(block: Block) -> Block:
    if isinstance(block, Paragraph):
        return replace(block, pieces=tuple(_pieces(block)))
    return Table(tuple(Row(tuple(map(_cell, row.cells)), row.head) for row in block.rows))


def _cell(cell: Cell) -> Cell:
    return replace(cell, blocks=tuple(map(_block, cell.blocks)))


def _pieces(paragraph: Paragraph) -> list[Piece]:
    found: list[Piece] = []
    for font, group in groupby(paragraph.pieces, lambda piece: piece.font):
        pieces = list(group)
        whole = "".join(piece.text for piece in pieces)
        found += pieces if _UNICODE.search(whole) else [_readable(one, font) for one in pieces]
    return found


def _readable(piece: Piece, font: str) -> Piece:
    convert = by_font(font)
    text = piece.text.translate(_PRIVATE)
    if convert:
        return replace(piece, text=convert(text))
    symbols = _SYMBOLS.get(font.lower())
    if symbols is None:
        return piece
    return replace(piece, text="".join(symbols.get(letter, letter) for letter in text))
