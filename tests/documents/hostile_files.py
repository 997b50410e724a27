"""All files that attack their reader: name, reason of the refusal, and how to build each."""

import struct
import zlib

from tests.documents import hostile_office, hostile_pdfs

OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
PNG = b"\x89PNG\r\n\x1a\n"


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(width, height, pixels=b""):
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return PNG + header + chunk(b"IDAT", pixels or zlib.compress(bytes(99))) + chunk(b"IEND", b"")


def whole_png():
    return png(1, 1, zlib.compress(bytes(2)))


OTHERS = {
    "nothing": ("empty", lambda: b""),
    "51 MB": ("too_large", lambda: bytes(51 * 1024 * 1024)),
    "one byte": ("unknown", lambda: b"\x00"),
    "plain text": ("unknown", lambda: "Chỉ thị".encode()),
    "50 MB of zeros": ("unknown", lambda: bytes(50 * 1024 * 1024)),
    "Word 97": ("old_office", lambda: OLE2),
    "Word with a password": (
        "encrypted",
        lambda: OLE2 + "EncryptedPackage".encode("utf-16le"),
    ),
    "RTF": ("rtf", lambda: rb"{\rtf1 Ch\u7881? th\u7883?}"),
    "HTML": ("web_page", lambda: b"\xef\xbb\xbf\n<!doctype html><p>x"),
    "SVG": ("web_page", lambda: b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>"),
    "flat ODT": ("web_page", lambda: b"<?xml version='1.0'?><office:document/>"),
    "Windows program": ("program", lambda: b"MZ\x90\x00" + bytes(99)),
    "Linux program": ("program", lambda: b"\x7fELF" + bytes(99)),
    "shell script": ("program", lambda: b"#!/bin/sh\nrm -rf /\n"),
    "empty ZIP": ("archive", lambda: b"PK\x05\x06" + bytes(18)),
    "RAR": ("archive", lambda: b"Rar!\x1a\x07\x00"),
    "7z": ("archive", lambda: b"7z\xbc\xaf\x27\x1c"),
    "gzip": ("archive", lambda: b"\x1f\x8b\x08" + bytes(9)),
    "GIF": ("picture", lambda: b"GIF89a" + bytes(99)),
    "HEIC": ("picture", lambda: b"\x00\x00\x00\x18ftypheic" + bytes(99)),
    "TIFF": ("picture", lambda: b"II*\x00" + bytes(99)),
    "JPEG header alone": ("damaged", lambda: b"\xff\xd8\xff\xe0"),
    "PNG header alone": ("damaged", lambda: PNG),
    "PNG without pixels": ("damaged", lambda: png(30, 40)),
    "PNG of 60,000 by 60,000": ("too_many_pixels", lambda: png(60_000, 60_000)),
    "PNG and web page": ("polyglot", lambda: whole_png() + b"<html><script>x</script>"),
    "PNG and PDF": ("polyglot", lambda: PNG + chunk(b"tEXt", b"%PDF-1.7 ") + whole_png()[8:]),
    "PNG and ZIP": ("polyglot", lambda: whole_png() + hostile_office.zipped({"a": "x"})),
}
HOSTILE = OTHERS | hostile_pdfs.HOSTILE | hostile_office.HOSTILE
HEAVY = hostile_pdfs.HEAVY | hostile_office.HEAVY
