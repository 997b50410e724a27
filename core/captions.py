"""Captions of videos: WebVTT (w3.org/TR/webvtt1) or SRT files in, plain WebVTT out."""

import codecs
import re

from django.core.exceptions import ValidationError

from core.text import nfc

SIZE_LIMIT = 1024 * 1024
_TIME = r"(?:(\d{2,3}):)?([0-5]\d):([0-5]\d)[.,](\d{3})"
_TIMING = re.compile(rf"\s*{_TIME}\s+-->\s+{_TIME}(?:\s.*)?")
_TAG = re.compile(r"<[^<>]*>")
_BOMS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}


def to_webvtt(content: bytes) -> str:
    """The cues of a WebVTT or SRT file as WebVTT in NFC: times and plain text, nothing else.

    ValidationError, in Vietnamese, when there are none or the file cannot be read.
    """
    if len(content) > SIZE_LIMIT:
        raise ValidationError("Tệp phụ đề lớn hơn 1 MB. Hãy kiểm tra lại tệp.", code="too_large")
    blocks = re.split(
        r"\n(?:[ \t]*\n)+", _decoded(content).replace("\r\n", "\n").replace("\r", "\n")
    )
    cues = [cue for block in blocks if (cue := _cue(block.split("\n")))]
    if not cues:
        raise ValidationError(
            "Tệp này không có câu phụ đề nào. Hãy chọn tệp WebVTT (.vtt) hoặc SubRip (.srt).",
            code="no_cues",
        )
    return "\n\n".join(["WEBVTT", *cues]) + "\n"


def _decoded(content: bytes) -> str:
    bom = next((bom for bom in _BOMS if content.startswith(bom)), b"")
    try:
        return nfc(content.decode(_BOMS.get(bom, "utf-8")).replace("\x00", ""))
    except UnicodeDecodeError as error:
        raise ValidationError(
            "Không đọc được chữ trong tệp phụ đề. Hãy lưu lại tệp với bảng mã UTF-8 rồi gửi lại.",
            code="encoding",
        ) from error


def _cue(lines: list[str]) -> str:
    """One cue as it is written; "" for a block that is none, such as a header or a note."""
    for number, line in enumerate(lines[:2]):
        if timing := _TIMING.fullmatch(line):
            words = [" ".join(_plain(text).split()) for text in lines[number + 1 :]]
            said = "\n".join(word for word in words if word)
            return f"{_moment(*timing.groups()[:4])} --> {_moment(*timing.groups()[4:])}\n{said}"
    return ""


def _plain(text: str) -> str:
    """`text` without the marks of either format; "-->" would begin another cue."""
    return _TAG.sub("", text).replace("-->", "→").replace("<", "&lt;")


def _moment(hours: str | None, minutes: str, seconds: str, thousandths: str) -> str:
    return f"{hours or '00'}:{minutes}:{seconds}.{thousandths}"
