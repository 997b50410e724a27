"""The address that seen pages call, answered before Django: a line in the spool, no database.

The answer carries the figures of the sidebar, read at most once a second.
"""

import json
import logging
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import parse_qs

from stats import figures, signing, spool

PATH = "/dem/"
PIXEL_PATH = "/dem/anh.gif"  # of readers without JavaScript
PIXEL = bytes.fromhex(
    "47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b"
)

Start = Callable[..., Any]
Application = Callable[[dict[str, Any], Start], Iterable[bytes]]

log = logging.getLogger(__name__)


def counted(application: Application) -> Application:
    """Return `application` behind the addresses of the counter."""

    def answer(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        if environ["PATH_INFO"] == PATH:
            return _answer_beacon(environ, start)
        if environ["PATH_INFO"] == PIXEL_PATH:
            return _answer_pixel(environ, start)
        return application(environ, start)

    return answer


def record_download(environ: Mapping[str, Any], document_id: int) -> None:
    """Note that a document's file was taken; a full disk costs the count, not the download."""
    _record(environ, "download", signing.token("d", document_id))


def _answer_beacon(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
    if environ["REQUEST_METHOD"] != "POST":
        return _answer(start, "405 Method Not Allowed", allow="POST")
    if not _record(environ, "view", _token(environ)):
        return _answer(start, "503 Service Unavailable", retry_after="60")
    body = json.dumps(figures.texts(figures.outside_requests()), ensure_ascii=False)
    return _answer(start, "200 OK", body.encode(), content_type="application/json")


def _answer_pixel(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
    if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
        return _answer(start, "405 Method Not Allowed", allow="GET, HEAD")
    if environ["REQUEST_METHOD"] == "GET" and not _record(environ, "pixel", _token(environ)):
        return _answer(start, "503 Service Unavailable", retry_after="60")
    return _answer(start, "200 OK", PIXEL, content_type="image/gif")


def _token(environ: dict[str, Any]) -> str:
    return parse_qs(environ.get("QUERY_STRING", "")).get("o", [""])[0]


def _record(environ: Mapping[str, Any], kind: str, token: str) -> bool:
    """Append the hit; False when the disk refuses it."""
    now = time.time()
    try:
        spool.append(spool.line(environ, kind, token, now), now)
    except OSError as error:
        log.error("A hit could not be written: %s", error)
        return False
    return True


def _answer(start: Start, status: str, body: bytes = b"", **headers: str) -> Iterable[bytes]:
    """Begin an answer that nobody keeps, with nosniff as Django's own."""
    named = {
        "cache_control": "no-store",
        "content_type": "text/plain",
        "content_length": str(len(body)),
        "x_content_type_options": "nosniff",
        **headers,
    }
    start(status, [(name.replace("_", "-").title(), value) for name, value in named.items()])
    return [body]
