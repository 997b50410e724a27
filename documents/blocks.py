"""Paragraphs, tables and what they are made of: how a manuscript is put together.

Shared by the process that reads a file (documents/reading/manuscript/) and by those that use
what it says; nothing but data.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Piece:
    """Text of one look, the number of a photo, or the number of a note."""

    text: str = ""
    marks: tuple[str, ...] = ()
    font: str = ""
    link: str = ""
    photo: int | None = None
    note: int | None = None


@dataclass(frozen=True)
class Paragraph:
    """One paragraph; `style` is in lower case, `level` that of a heading from 0, or None.

    An item of a list has the `list_id` of its list, its `depth` from 0 and the `label` that the
    program shows before it; a numbered heading has only the label.
    """

    pieces: tuple[Piece, ...]
    style: str = ""
    level: int | None = None
    align: str = ""
    list_id: str = ""
    depth: int = 0
    label: str = ""


@dataclass(frozen=True)
class Cell:
    """A cell of a table, as many columns and rows wide as it says."""

    blocks: "tuple[Block, ...]"
    columns: int = 1
    rows: int = 1


@dataclass(frozen=True)
class Row:
    """A row of a table; `head` when it is repeated on every page."""

    cells: tuple[Cell, ...]
    head: bool = False


@dataclass(frozen=True)
class Table:
    """A table, or a frame that somebody drew with one."""

    rows: tuple[Row, ...]


Block = Paragraph | Table


@dataclass(frozen=True)
class Manuscript:
    """Everything that a file says; pieces point into `photos` (bytes) and `notes`.

    `missing` names what could not be taken: "linked" (a photo kept elsewhere), "object",
    "chart", "formula"; `cropped` the photos of which the file shows a part alone.
    """

    blocks: tuple[Block, ...]
    notes: tuple[tuple[Block, ...], ...] = ()
    photos: tuple[bytes, ...] = ()
    missing: frozenset[str] = field(default_factory=frozenset)
    cropped: frozenset[int] = field(default_factory=frozenset)
