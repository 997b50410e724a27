"""Asks a WSGI application as a server would, and reads its answer."""

import io
from typing import NamedTuple


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes


def environ(address="/", method="GET", **headers):
    """Return a request of a stranger; `headers` are named as WSGI names them, without HTTP_."""
    path, _, query = address.partition("?")
    return {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8000",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "203.0.113.9",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        "HTTP_HOST": "127.0.0.1:8000",
        **{f"HTTP_{name}": value for name, value in headers.items()},
    }


def ask(application, *request, **headers):
    """Return what `application` answers to `environ(*request, **headers)`."""
    begun = []

    def start(status, headers, error=None):
        begun[:] = [status, headers]

    parts = application(environ(*request, **headers), start)
    body = b"".join(parts)
    if hasattr(parts, "close"):
        parts.close()
    return Answer(int(begun[0][:3]), dict(begun[1]), body)
