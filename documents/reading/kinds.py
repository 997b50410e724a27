"""What kind of file it is, by its content and never by its name."""

import io
import re
import zipfile

from documents.reading.refusal import Refusal

_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Office encrypts a DOCX or XLSX into an OLE2 file with a stream of this name.
_ENCRYPTED_OFFICE = "EncryptedPackage".encode("utf-16le")

_TAKEN = {
    "pdf": re.compile(rb"(?:\xef\xbb\xbf)?\s{0,16}%PDF-[12]\.\d"),
    "zip": re.compile(rb"PK\x03\x04"),
    "jpeg": re.compile(rb"\xff\xd8\xff"),
    "png": re.compile(rb"\x89PNG\r\n\x1a\n"),
}
_REFUSED = {
    "rtf": re.compile(rb"\s*\{\\rt"),
    "archive": re.compile(
        rb"PK(?:\x05\x06|\x07\x08)|Rar!|7z\xbc\xaf|\x1f\x8b|BZh|\xfd7zXZ|MSCF|.{257}ustar",
        re.DOTALL,
    ),
    "program": re.compile(
        rb"MZ|\x7fELF|#!|\xca\xfe\xba\xbe|\xfe\xed\xfa|[\xce\xcf]\xfa\xed\xfe|L\x00\x00\x00\x01\x14\x02"
    ),
    "picture": re.compile(
        rb"GIF8|RIFF.{4}WEBP|.{4}ftyp|II\*\x00|MM\x00\*|BM.{4}\x00{4}|\x00\x00\x01\x00", re.DOTALL
    ),
    "web_page": re.compile(rb"(?:\xef\xbb\xbf)?\s*<"),
}
_WEB_PAGE = re.compile(rb"<\?php|<script[\s>/]|<html[\s>]|<!doctype html", re.IGNORECASE)


def kind_of(content: bytes) -> str:
    """Return "pdf", "zip", "jpeg" or "png"; Refusal for everything else and for two in one."""
    kind = next((name for name, sign in _TAKEN.items() if sign.match(content)), "")
    if not kind:
        raise Refusal(_reason(content))
    if kind in ("pdf", "zip"):
        _refuse_polyglot(content, kind)
    return kind


def _reason(content: bytes) -> str:
    if content.startswith(_OLE2):
        return "encrypted" if _ENCRYPTED_OFFICE in content else "old_office"
    if content.startswith(b"%PDF-"):
        return "damaged"
    # Viewers look for the header in the first 1024 bytes, behind whatever stands before it.
    if b"%PDF-" in content[:1024]:
        return "polyglot"
    return next((name for name, sign in _REFUSED.items() if sign.match(content)), "unknown")


def _refuse_polyglot(content: bytes, kind: str) -> None:
    other = zipfile.is_zipfile(io.BytesIO(content)) if kind == "pdf" else b"%PDF-" in content[:1024]
    # The parts of a ZIP are read one by one: only what stands before them can be a page.
    if other or _WEB_PAGE.search(content if kind == "pdf" else content[:1024]):
        raise Refusal("polyglot")
