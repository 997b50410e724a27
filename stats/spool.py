"""A hit on its way to the database: one line of JSON in a file of its minute.

Every thread writes files of its own, under names that are never used twice, so a file's lines are
in order of time and its offset can be forgotten once it is gone. nginx may write the same lines
(deploy/), a file a minute. What was acknowledged survives the end of any process.
"""

import errno
import fcntl
import json
import os
import re
import secrets
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from heapq import merge
from io import FileIO
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.http.cookie import parse_cookie

NAME = re.compile(r"hits-\d{8}T\d{4}-[\w.-]+\.log")
GRACE = 120  # seconds without a write after which a drained file goes; nginx takes no lock
CHUNK = 1 << 20  # bytes; far longer than any line: servers bound the headers of a request
LONGEST = {"agent": 1025, "forwarded": 512, "token": 64}  # one more than the longest real agent
SHORT = 16  # the other headers hold one word

_own = threading.local()


class Hit(NamedTuple):
    """What one line says; `time` in milliseconds since 1970, texts as the browser sent them."""

    time: int
    kind: str  # view, pixel or download
    token: str
    peer: str
    forwarded: str
    agent: str
    purpose: str
    site: str
    unseen: bool  # the browser asks not to be followed: DNT or Global Privacy Control
    staff: bool


class Line(NamedTuple):
    """A complete line: the file, the offset after it, and its hit; None for what is no hit."""

    name: str
    end: int
    hit: Hit | None


def line(environ: Mapping[str, Any], kind: str, token: str, now: float) -> bytes:
    """Return the line of one request (a WSGI environ), for `append`.

    The newline in front ends whatever a full disk has torn off before.
    """
    forwarded = environ.get("HTTP_X_FORWARDED_FOR", "")
    fields = {
        "time": round(now, 3),
        "kind": kind,
        "token": token[: LONGEST["token"]],
        "peer": environ.get("REMOTE_ADDR", ""),
        "forwarded": forwarded[-LONGEST["forwarded"] :],  # the proxy's own entry is the last
        "agent": environ.get("HTTP_USER_AGENT", "")[: LONGEST["agent"]],
        "purpose": _purpose(environ)[:SHORT],
        "site": environ.get("HTTP_SEC_FETCH_SITE", "")[:SHORT],
        "dnt": environ.get("HTTP_DNT", "")[:SHORT],
        "gpc": environ.get("HTTP_SEC_GPC", "")[:SHORT],
        "staff": settings.STAFF_COOKIE_NAME in parse_cookie(environ.get("HTTP_COOKIE", "")),
    }
    return b"\n" + json.dumps(fields, separators=(",", ":")).encode() + b"\n"


def _purpose(environ: Mapping[str, Any]) -> str:
    """`Sec-Purpose`, or what older Chromium, Safari and Firefox say instead."""
    names = ("HTTP_SEC_PURPOSE", "HTTP_PURPOSE", "HTTP_X_PURPOSE", "HTTP_X_MOZ")
    return next((environ[name] for name in names if environ.get(name)), "")


def append(text: bytes, now: float) -> None:
    """Write `text` in one piece; OSError when the disk does not take all of it."""
    with _own_file(now) as file:
        fcntl.flock(file, fcntl.LOCK_SH)
        if os.fstat(file.fileno()).st_nlink:
            if file.write(text) != len(text):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return
    append(text, now)  # the file was removed between the two lines: it was drained and idle


def _own_file(now: float) -> FileIO:
    """Open this thread's file of the minute, a new one if it has none."""
    slot = settings.SPOOL_ROOT, time.strftime("%Y%m%dT%H%M", time.localtime(now))
    if getattr(_own, "slot", None) == slot:
        with suppress(FileNotFoundError):
            return _open(_own.path)
    root, minute = slot
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = root / f"hits-{minute}-{secrets.token_hex(6)}.log"
    file = _open(path, os.O_CREAT | os.O_EXCL)
    _own.slot, _own.path = slot, path
    return file


def _open(path: Path, flags: int = 0) -> FileIO:
    return FileIO(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC | flags, 0o600), "wb")


def files() -> list[Path]:
    """Return the files of the spool, oldest minute first."""
    with suppress(FileNotFoundError):
        return sorted(path for path in settings.SPOOL_ROOT.iterdir() if NAME.fullmatch(path.name))
    return []


def lines(offsets: Mapping[str, int]) -> Iterator[Line]:
    """Yield the complete lines beyond `offsets` (by file name) in order of time, read lazily."""
    for _minute, together in groupby(files(), key=lambda path: path.name[:18]):
        sources = [_lines_of(path, offsets.get(path.name, 0)) for path in together]
        yield from (line for _time, line in merge(*sources, key=lambda pair: pair[0]))


def _lines_of(path: Path, offset: int) -> Iterator[tuple[int, Line]]:
    moment = 0
    for end, text in _complete_lines(path, offset):
        hit = decode(text)
        moment = hit.time if hit else moment
        yield moment, Line(path.name, end, hit)


def _complete_lines(path: Path, offset: int) -> Iterator[tuple[int, bytes]]:
    """Each line that is not empty, with the offset after it; a torn end is left where it is."""
    with suppress(FileNotFoundError), path.open("rb") as file:
        file.seek(offset)
        while chunk := file.read(CHUNK):
            whole, newline, rest = chunk.rpartition(b"\n")
            if newline:
                file.seek(-len(rest), os.SEEK_CUR)
                for text in whole.split(b"\n"):
                    offset += len(text) + 1
                    if text:
                        yield offset, text
            elif len(chunk) == CHUNK:
                offset += CHUNK  # garbage
            else:
                return  # torn, or still half-way into the file: the next look decides


def decode(text: bytes) -> Hit | None:
    """Return the hit of one line; None when the line is torn or was never one."""
    try:
        fields = json.loads(text.decode(errors="replace"))
        hit = Hit(
            time=round(float(fields["time"]) * 1000),
            kind=fields["kind"],
            token=fields["token"],
            peer=fields["peer"],
            forwarded=fields["forwarded"],
            agent=fields["agent"],
            purpose=fields["purpose"],
            site=fields["site"],
            unseen="1" in (fields["dnt"], fields["gpc"]),
            staff=fields["staff"] in (True, "1"),
        )
        return hit if {*map(type, hit[1:8])} == {str} else None
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
        return None


def remove(path: Path, offset: int, now: float) -> bool:
    """Delete a file that is counted up to `offset` and idle, after a last look; say whether."""
    with path.open("rb") as file:
        if now - os.fstat(file.fileno()).st_mtime < GRACE:
            return False
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(offset)
        if b"\n" in file.read():
            return False
        path.unlink()
        return True
