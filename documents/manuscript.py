"""A manuscript: what a word processor's file says, in order, without how it looks.

Read like every other file that strangers made (documents/extraction.py); DOC, ODT and RTF are
made into DOCX by LibreOffice first.
"""

from typing import Any

from django.core.exceptions import ValidationError

from documents import extraction
from documents.blocks import Block, Cell, Manuscript, Paragraph, Piece, Row, Table

# What DOCX is made of by LibreOffice, as the reader calls it when it refuses it.
_CONVERTED = frozenset({"old_office", "rtf", "odt"})
_SAVE_ANEW = "Hãy mở tệp, lưu lại thành DOCX rồi gửi lại."
_NOT_A_MANUSCRIPT = "Đây không phải là tệp Word (DOCX, DOC, ODT hoặc RTF). Hãy chọn lại tệp."
# In these words where the reader's own speak of PDF, which is no manuscript.
_WORDS = {
    **dict.fromkeys(
        "unknown archive program web_page picture presentation polyglot".split(), _NOT_A_MANUSCRIPT
    ),
    "entities": f"Tệp có khai báo XML không an toàn. {_SAVE_ANEW}",
    "macro": "Tệp có macro. Hãy mở tệp, lưu thành DOCX (không có macro) rồi gửi lại.",
    "encrypted": "Tệp có mật khẩu. Hãy bỏ mật khẩu rồi gửi lại.",
    "damaged": f"Tệp bị hỏng hoặc gửi chưa trọn vẹn. {_SAVE_ANEW}",
    "too_complex": "Tệp quá phức tạp hoặc quá dài, máy chủ không đọc hết được trong giới hạn cho "
    "phép. Hãy tách thành nhiều tệp rồi gửi lại.",
}


def read(content: bytes) -> Manuscript:
    """What the DOCX, DOC, ODT or RTF `content` says; ValidationError with the reason otherwise."""
    try:
        try:
            return _manuscript(content)
        except ValidationError as error:
            if error.code not in _CONVERTED:
                raise
        return _manuscript(extraction.as_docx(content))
    except ValidationError as error:
        words = _WORDS.get(error.code or "") or " ".join(error.messages)
        raise ValidationError(words, code=error.code) from error


def _manuscript(content: bytes) -> Manuscript:
    answer, photos = extraction.manuscript(content)
    return Manuscript(
        blocks=_blocks(answer["blocks"]),
        notes=tuple(map(_blocks, answer["notes"])),
        photos=tuple(_cut(photos, answer["sizes"])),
        missing=frozenset(answer["missing"]),
        cropped=frozenset(answer["cropped"]),
    )


def _cut(content: bytes, sizes: list[int]) -> list[bytes]:
    ends = [sum(sizes[: number + 1]) for number in range(len(sizes))]
    return [content[end - size : end] for end, size in zip(ends, sizes, strict=True)]


def _blocks(given: list[dict[str, Any]]) -> tuple[Block, ...]:
    return tuple(_table(one) if "rows" in one else _paragraph(one) for one in given)


def _paragraph(given: dict[str, Any]) -> Paragraph:
    pieces = (Piece(**one | {"marks": tuple(one["marks"])}) for one in given["pieces"])
    return Paragraph(**given | {"pieces": tuple(pieces)})


def _table(given: dict[str, Any]) -> Table:
    return Table(
        tuple(
            Row(
                tuple(Cell(**cell | {"blocks": _blocks(cell["blocks"])}) for cell in row["cells"]),
                row["head"],
            )
            for row in given["rows"]
        )
    )
