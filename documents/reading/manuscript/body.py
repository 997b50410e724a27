"""The text of a Word file in order: paragraphs, lists, tables, pictures and notes."""

import re
from collections.abc import Iterator
from itertools import groupby
from typing import Any
from xml.etree.ElementTree import Element

from documents.blocks import Block, Paragraph, Piece
from documents.reading.manuscript.fields import Fields, link_of, plain
from documents.reading.manuscript.numbering import Numbering
from documents.reading.manuscript.pictures import Pictures
from documents.reading.manuscript.styles import MARKS, Look, Styles
from documents.reading.manuscript.tables import table
from documents.reading.manuscript.tree import Relation, relations, tree, value
from documents.reading.package import Package
from documents.reading.plain import TEXT_LIMIT
from documents.reading.refusal import Refusal

_LETTERS = {"cr": "\n", "tab": " ", "ptab": " ", "noBreakHyphen": "-", "softHyphen": "\xad"}
# Wrappers of no meaning here; inserted text stays, deleted text (del, moveFrom) goes.
_WRAPPERS = frozenset(
    "ins moveTo smartTag sdt sdtContent customXml bdo dir hyperlink fldSimple Choice".split()
)
_NOTES = {"footnoteReference": "footnote", "endnoteReference": "endnote"}
_ALIGNMENTS = {"center": "center", "right": "right", "end": "right"}
_BODY_TEXT = 9  # ECMA-376, 17.3.1.20: the level of what is no heading
_HEADING = re.compile("heading ([1-9])")


class Reader:
    """Reads one document; notes are met on the way and read after it."""

    def __init__(self, package: Package, main: str) -> None:
        self._package = package
        self._main = main
        self._styles = Styles(tree(package, "word/styles.xml"))
        self._numbering = Numbering(tree(package, "word/numbering.xml"))
        self.pictures = Pictures(package)
        self._relations: dict[str, Relation] = {}
        self._fields = Fields()
        self._notes: list[tuple[str, str]] = []
        self._framed: list[Element] = []
        self._letters = 0

    def body(self) -> list[Block]:
        """The blocks of the text."""
        body = self._opened(self._main).find("body")
        if body is None:
            raise Refusal("damaged")
        return list(self.blocks(body))

    def notes(self) -> list[list[Block]]:
        """The blocks of each note at a page's foot or at the end, in the order of their marks."""
        known: dict[tuple[str, str], list[Block]] = {}
        for kind in _NOTES.values():
            root = self._opened(f"word/{kind}s.xml")
            for note in root.findall(kind):
                key = (kind, note.get("id", ""))
                if key in self._notes:
                    known[key] = list(self.blocks(note))
        return [known.get(key, []) for key in self._notes]

    def _opened(self, part: str) -> Element:
        self._relations = relations(self._package, part)
        return tree(self._package, part)

    def blocks(self, parent: Element) -> Iterator[Block]:
        """The blocks in the body, in a cell, a frame or a note."""
        for child in parent:
            if child.tag == "p":
                yield from self._paragraph(child)
                framed, self._framed = self._framed, []
                for frame in framed:
                    yield from self.blocks(frame)
            elif child.tag == "tbl":
                yield table(child, self.blocks)
            elif child.tag in _WRAPPERS:
                yield from self.blocks(child)
            elif child.tag == "AlternateContent":
                yield from self.blocks(_chosen(child))

    def _paragraph(self, paragraph: Element) -> Iterator[Paragraph]:
        properties = paragraph.find("pPr")
        style = value(properties, "pStyle")
        name = self._styles.name(style)
        pieces = tuple(_merged(self._inline(paragraph, style, "")))
        if name.startswith("toc ") or not any(not one.text.isspace() for one in pieces):
            return
        self._refuse_endless(pieces)
        align = self._styles.paragraph(style, properties, "jc")
        yield Paragraph(
            pieces=pieces,
            style=name,
            level=self._level(style, properties),
            align=_ALIGNMENTS.get(align.get("val", ""), "") if align is not None else "",
            **self._place_in_list(style, properties),
        )

    def _level(self, style: str, properties: Element | None) -> int | None:
        """The level of a heading, from 0, said so or by the name of its style; else None."""
        said = self._styles.paragraph(style, properties, "outlineLvl")
        if said is not None and _is_number(said.get("val", "")):
            level = int(said.get("val", ""))
            return level if level < _BODY_TEXT else None
        named = _HEADING.fullmatch(self._styles.name(style))
        return int(named[1]) - 1 if named else None

    def _place_in_list(self, style: str, properties: Element | None) -> dict[str, Any]:
        place = self._styles.paragraph(style, properties, "numPr")
        list_id = value(place, "numId")
        if not (_is_number(list_id) and self._numbering.knows(list_id)):
            return {}
        depth = value(place, "ilvl", "0")
        depth_number = min(int(depth), 8) if _is_number(depth) else 0
        label = self._numbering.label(list_id, depth_number)
        return {"list_id": list_id, "depth": depth_number, "label": label}

    def _refuse_endless(self, pieces: tuple[Piece, ...]) -> None:
        self._letters += sum(len(piece.text) for piece in pieces)
        if self._letters > TEXT_LIMIT:
            raise Refusal("too_much_text")

    def _inline(self, parent: Element, style: str, link: str) -> Iterator[Piece]:
        for child in parent:
            if child.tag == "r":
                yield from self._run(child, style, link)
            elif child.tag == "AlternateContent":
                yield from self._inline(_chosen(child), style, link)
            elif child.tag in ("oMath", "oMathPara"):
                self.pictures.missing.add("formula")
                yield Piece(text="".join(text.text or "" for text in child.iter("t")))
            elif child.tag in _WRAPPERS:
                yield from self._inline(child, style, self._link(child) or link)

    def _link(self, element: Element) -> str:
        if element.tag == "fldSimple":
            return link_of(element.get("instr", ""))
        relation = (
            self._relations.get(element.get("id", "")) if element.tag == "hyperlink" else None
        )
        return plain(relation.target) if relation and relation.external else ""

    def _run(self, run: Element, style: str, link: str) -> Iterator[Piece]:
        look = self._styles.look(run.find("rPr"), style)
        for child in run:
            yield from self._content(child, look, link)

    def _content(self, child: Element, look: Look, link: str) -> Iterator[Piece]:
        """The pieces that one child of a run stands for."""
        if child.tag == "fldChar":
            self._fields.mark(child.get("fldCharType", ""))
        elif child.tag == "instrText":
            self._fields.instruct(child.text or "")
        elif child.tag in _NOTES:
            yield self._note(_NOTES[child.tag], child.get("id", ""))
        elif child.tag == "AlternateContent":
            for one in _chosen(child):
                yield from self._content(one, look, link)
        elif child.tag == "object":
            self.pictures.missing.add("object")
        elif child.tag in ("drawing", "pict"):
            yield from self._drawing(child)
        elif not look.get("hidden"):
            yield from _text(child, look, link or self._fields.link)

    def _note(self, kind: str, name: str) -> Piece:
        if (kind, name) not in self._notes:
            self._notes.append((kind, name))
        return Piece(note=self._notes.index((kind, name)))

    def _drawing(self, drawing: Element) -> Iterator[Piece]:
        """The pictures of a drawing; text in its frames comes after the paragraph."""
        self._framed += drawing.iter("txbxContent")
        for number in self.pictures.of(drawing, self._relations):
            yield Piece(photo=number)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 10


def _chosen(alternatives: Element) -> Element:
    """The first way in which a program says something that it says in two ways."""
    found = alternatives.find("Choice")
    found = found if found is not None else alternatives.find("Fallback")
    return found if found is not None else Element("nothing")


def _text(child: Element, look: Look, link: str) -> Iterator[Piece]:
    marks = tuple(mark for mark in MARKS if look.get(mark) and not (link and mark == "u"))
    font = str(look.get("font", ""))
    if child.tag == "t":
        yield Piece(child.text or "", marks, font, link)
    elif child.tag == "sym":
        if code := re.fullmatch("[0-9A-Fa-f]{1,4}", child.get("char", "")):
            yield Piece(chr(int(code[0], 16)), marks, child.get("font", ""), link)
    elif child.tag == "br" and child.get("type", "textWrapping") == "textWrapping":
        yield Piece("\n", marks, font, link)
    elif child.tag in _LETTERS:
        yield Piece(_LETTERS[child.tag], marks, font, link)


def _merged(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """Pieces of one look as one: Word cuts words apart wherever somebody once stopped typing."""
    for look, group in groupby(
        pieces, lambda one: (one.marks, one.font, one.link, one.photo, one.note)
    ):
        marks, font, link, photo, note = look
        if photo is not None or note is not None:
            yield from group
        elif text := "".join(one.text for one in group):
            yield Piece(text, marks, font, link)
