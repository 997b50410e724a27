"""A file in parts (RFC 9110, 14): which bytes are asked for, and those bytes."""

import re
from collections.abc import Iterator
from pathlib import Path

from django.http import HttpRequest

BLOCK = 64 * 1024
ONE_RANGE = re.compile(r"bytes=[ \t]*([0-9]{0,18})-([0-9]{0,18})[ \t]*", re.IGNORECASE)


def asked_for(request: HttpRequest, etag: str, size: int) -> range:
    """The bytes that are asked for; empty when a range lies beyond the end.

    A range that is malformed, one of several, or of a version that we do not hold is ignored,
    as RFC 9110 (14.2) allows.
    """
    whole = range(size)
    asked = ONE_RANGE.fullmatch(request.headers.get("Range", ""))
    if request.method != "GET" or asked is None or asked[1] == asked[2] == "":
        return whole
    if request.headers.get("If-Range", etag) != etag:
        return whole
    if asked[1] == "":
        return whole[size - min(size, int(asked[2])) :]
    if asked[2] and int(asked[2]) < int(asked[1]):
        return whole
    return whole[int(asked[1]) : int(asked[2]) + 1 if asked[2] else size]


def blocks(path: Path, span: range) -> Iterator[bytes]:
    """The bytes `span` of the file at `path`, a piece at a time."""
    with path.open("rb") as content:
        content.seek(span.start)
        for start in range(span.start, span.stop, BLOCK):
            yield content.read(min(BLOCK, span.stop - start))
