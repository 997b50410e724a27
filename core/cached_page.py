"""A page as it is kept in memory: compressed, its headers ready, one form for each coding.

Strong ETags, since the same page is packed into the same bytes by every process: 304s hold across
workers. Nothing secret stands in a page for strangers, so its length tells nothing (BREACH).
"""

import gzip
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any, NamedTuple

import brotli

Environ = dict[str, Any]
Start = Callable[..., Any]
Headers = list[tuple[str, str]]

GZIP_LEVEL = 6
BROTLI_QUALITY = 5  # as quick as gzip, a sixth smaller; 11 takes fifty times as long
LONGEST = 100  # letters of Accept-Encoding that are read, and remembered
OVERHEAD = 5_000  # bytes of a page's headers and objects
# Headers that each form of a page has of its own.
OF_A_FORM = frozenset({"content-encoding", "content-length", "etag", "vary"})
# What caches behind us may tell answers apart by; only strangers' requests get this far.
VARY = frozenset({"accept-encoding", "cookie"})
NOT_SHARED = frozenset({"private", "no-store", "no-cache"})


class Answer(NamedTuple):
    """A whole answer of the application."""

    status: str
    headers: Headers
    body: bytes

    def named(self, name: str) -> str:
        """Return the header `name` (in lower case), repeated ones in one; "" when it is absent."""
        return ", ".join(value for key, value in self.headers if key.lower() == name)

    def replay(self, environ: Environ, start: Start) -> Iterable[bytes]:
        """Give the answer as it is to the one who asked for it."""
        start(self.status, self.headers)
        return [b""] if environ["REQUEST_METHOD"] == "HEAD" else [self.body]


class Form(NamedTuple):
    """A page in one content coding; without `body` it is unpacked for who asks for it."""

    etag: str
    headers: Headers
    unchanged: Headers  # of a 304
    body: bytes | None


class CachedPage:
    """One page, in the codings that make it smaller; anew from `renewed_at` on, by the clock."""

    def __init__(self, answer: Answer, renewed_at: float) -> None:
        self.renewed_at = renewed_at
        packed = {
            "br": brotli.compress(answer.body, quality=BROTLI_QUALITY),
            "gzip": gzip.compress(answer.body, GZIP_LEVEL, mtime=0),
        }
        plain = None if len(packed["gzip"]) < len(answer.body) else answer.body
        self.forms = {"": _form(answer, "", len(answer.body), plain)}
        for coding, body in packed.items():
            smaller = len(body) < len(answer.body)
            self.forms[coding] = (
                _form(answer, coding, len(body), body) if smaller else self.forms[""]
            )
        held = {form.etag: len(form.body or b"") for form in self.forms.values()}
        self.size = OVERHEAD + sum(held.values())

    def answer(self, environ: Environ, start: Start) -> Iterable[bytes]:
        """Answer GET or HEAD in the coding that the reader prefers; 304 to who has the page."""
        form = self.forms[preferred(environ.get("HTTP_ACCEPT_ENCODING", "")[:LONGEST])]
        known = environ.get("HTTP_IF_NONE_MATCH")
        if known and (known == form.etag or _matches(known, form.etag)):
            start("304 Not Modified", form.unchanged)
            return [b""]
        start("200 OK", form.headers)
        if environ["REQUEST_METHOD"] == "HEAD":
            return [b""]
        return [self._plain() if form.body is None else form.body]

    def _plain(self) -> bytes:
        return gzip.decompress(self.forms["gzip"].body or b"")


def is_for_everyone(answer: Answer) -> bool:
    """Return whether `answer` says of itself that every stranger may be shown it.

    A 404 or a 410 is made anew each time: their addresses have no end.
    """
    control = {one.strip().lower() for one in answer.named("cache-control").split(",")}
    vary = {one.strip().lower() for one in answer.named("vary").split(",")} - {""}
    return (
        answer.status == "200 OK"
        and "public" in control
        and control.isdisjoint(NOT_SHARED)
        and vary <= VARY
        and answer.named("etag").startswith('"')
        and not answer.named("set-cookie")
        and not answer.named("content-encoding")
    )


@lru_cache(maxsize=256)
def preferred(accept_encoding: str) -> str:
    """Return the coding to answer in: "br", "gzip", or "" for none (RFC 9110, 12.5.3)."""
    accepted = set()
    for one in accept_encoding.lower().split(","):
        coding, _, parameters = one.partition(";")
        name, _, weight = parameters.partition("=")
        refused = name.strip() == "q" and not weight.strip(" 0.")
        if not refused:
            accepted.add(coding.strip())
    return next((coding for coding in ("br", "gzip") if coding in accepted), "")


def _matches(known: str, etag: str) -> bool:
    """Compare weakly: a proxy that packs or unpacks an answer weakens its ETag."""
    tags = (one.strip().removeprefix("W/") for one in known.split(","))
    return any(tag in (etag, "*") for tag in tags)


def _form(answer: Answer, coding: str, length: int, body: bytes | None) -> Form:
    base = answer.named("etag").strip('"')
    etag = f'"{base}-{coding}"' if coding else f'"{base}"'
    vary = ", ".join(filter(None, [_without_encoding(answer.named("vary")), "Accept-Encoding"]))
    shared = [pair for pair in answer.headers if pair[0].lower() not in OF_A_FORM]
    unchanged = [pair for pair in shared if pair[0].lower() != "content-type"]
    own = [("ETag", etag), ("Vary", vary)]
    encoding = [("Content-Encoding", coding)] if coding else []
    headers = [*shared, *own, *encoding, ("Content-Length", str(length))]
    return Form(etag, headers, [*unchanged, *own], body)


def _without_encoding(vary: str) -> str:
    names = (one.strip() for one in vary.split(","))
    return ", ".join(name for name in names if name.lower() != "accept-encoding")
