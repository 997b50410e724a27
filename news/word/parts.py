"""Which paragraphs of a manuscript are its title and its summary, and which stand under a photo."""

import re
from dataclasses import dataclass

from core.text import nfc
from documents.blocks import Block, Paragraph, Table

TITLE_LIMIT = 200
SUMMARY_LIMITS = range(60, 601)
CAPTION_LIMIT = 300
_HEAD = 8  # how far down the first words that stand for a title may be
_LONG = 200  # more than this is text, whatever it looks like
_LIKELY_TITLE = 150
_END = re.compile(r"[.!?…][”\"’')\]]*$")
_OPEN_END = re.compile(r"[.:;,]$")


@dataclass(frozen=True)
class Parts:
    """Title and summary, "" when nothing stands for them, and all other blocks."""

    title: str
    summary: str
    blocks: tuple[Block, ...]


def parts(blocks: tuple[Block, ...]) -> Parts:
    """Tell title and summary from the rest of `blocks`."""
    start, end = _title(blocks)
    title = " ".join(text_of(one) for one in blocks[start:end] if isinstance(one, Paragraph))
    if len(title) > TITLE_LIMIT:  # what does not fit stays in the text
        return Parts("", "", blocks)
    before, rest = blocks[:start], blocks[end:]
    summary = _summary(rest) if title else ""
    return Parts(title, summary, before + (rest[1:] if summary else rest))


def text_of(paragraph: Paragraph) -> str:
    """The text of a paragraph on one line, in NFC."""
    return nfc(" ".join("".join(piece.text for piece in paragraph.pieces).split()))


def has_photo(paragraph: Paragraph) -> bool:
    """Whether a photo stands in the paragraph."""
    return any(piece.photo is not None for piece in paragraph.pieces)


def all_marked(paragraph: Paragraph, mark: str) -> bool:
    """Whether every letter of the paragraph carries the mark, and there are letters."""
    texts = [piece for piece in paragraph.pieces if piece.text.strip()]
    return bool(texts) and all(mark in piece.marks for piece in texts)


def is_heading(paragraph: Paragraph) -> bool:
    """Whether the paragraph is a heading, or the title, by its style."""
    return paragraph.level is not None or paragraph.style == "title"


def is_caption(paragraph: Paragraph) -> bool:
    """Whether a paragraph right below a photo speaks of it."""
    if has_photo(paragraph) or is_heading(paragraph) or len(text_of(paragraph)) > CAPTION_LIMIT:
        return False
    by_look = paragraph.align == "center" and all_marked(paragraph, "em")
    return bool(text_of(paragraph)) and (paragraph.style == "caption" or by_look)


def _title(blocks: tuple[Block, ...]) -> tuple[int, int]:
    """Where the paragraphs that are the title begin, and where what follows them does."""
    head = _first_paragraphs(blocks)
    styled = [at for at, one in head if one.style == "title"]
    looking = [at for at, one in head if is_heading(one) or _is_bold_line(one)]
    if found := styled or looking:
        return found[0], _end_of_title(blocks, found[0])
    if head and not any(isinstance(one, Table) for one in blocks[: head[0][0]]):
        at, first = head[0]
        return at, at + _may_be_title(first)
    return 0, 0


def _end_of_title(blocks: tuple[Block, ...], at: int) -> int:
    """Where the lines end that begin at `at`: a bold one may go on in the next two."""
    end = at + 1
    while _is_bold_line(blocks[at]) and end < min(at + 3, len(blocks)):
        if not _is_bold_line(blocks[end]):
            break
        end += 1
    return end


def _first_paragraphs(blocks: tuple[Block, ...]) -> list[tuple[int, Paragraph]]:
    """The places and paragraphs at the beginning that have letters, up to the first long one."""
    found: list[tuple[int, Paragraph]] = []
    for at, block in enumerate(blocks):
        if isinstance(block, Paragraph) and (text := text_of(block)):
            if not is_heading(block) and (block.list_id or len(text) > _LONG):
                break
            found.append((at, block))
    return found[:_HEAD]


def _is_bold_line(block: Block) -> bool:
    """Whether the block is a bold centred line, as titles are written without styles."""
    if not isinstance(block, Paragraph) or block.align != "center" or block.list_id:
        return False
    return all_marked(block, "strong") and not is_heading(block)


def _may_be_title(paragraph: Paragraph) -> bool:
    text = text_of(paragraph)
    return len(text) <= _LIKELY_TITLE and not _OPEN_END.search(text) and not has_photo(paragraph)


def _summary(rest: tuple[Block, ...]) -> str:
    """The bold paragraph after the title, when the text that follows is not bold; else ""."""
    match rest[:2]:
        case (Paragraph() as first, Paragraph() as second):
            return text_of(first) if _is_summary(first, before=second) else ""
    return ""


def _is_summary(first: Paragraph, *, before: Paragraph) -> bool:
    text = text_of(first)
    return (
        all_marked(first, "strong")
        and len(text) in SUMMARY_LIMITS
        and bool(_END.search(text))
        and not (first.align or first.list_id or is_heading(first) or has_photo(first))
        and all(piece.note is None for piece in first.pieces)
        and not all_marked(before, "strong")
    )
