"""Asking other hosts whether an address answers, without being led into our own network.

An address comes from editors and from redirects of strangers: only public addresses are asked, on
the ports of the web, and it is the judged address that is connected to, so that a second answer of
the name server changes nothing (SSRF, OWASP).
"""

import http.client
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from ipaddress import IPv6Address, ip_address
from urllib.parse import urljoin, urlsplit

NO_ANSWER = 0
MAX_REDIRECTS = 5
SECONDS = 10  # for one host, however slowly it speaks
MAX_URL = 2_000
_PORTS = {"http": 80, "https": 443}
_REDIRECTS = (301, 302, 303, 307, 308)
_HEADERS = {
    "User-Agent": "Mozilla/5.0 (compatible; kiem-tra-lien-ket)",
    "Accept": "text/html,*/*;q=0.5",
    # Nothing but the head of the answer is ever read.
    "Range": "bytes=0-0",
    "Connection": "close",
}


class _NotAsked(Exception):
    """The address is none that we ask."""


def status_of(url: str) -> int:
    """The HTTP status behind `url` after redirects; NO_ANSWER when there is none to be had."""
    try:
        for _ in range(MAX_REDIRECTS + 1):
            status, location = _ask(url)
            if status not in _REDIRECTS or not location:
                return status
            url = urljoin(url, location)
    except (_NotAsked, OSError, http.client.HTTPException, ValueError):
        pass
    return NO_ANSWER


def is_public(address: str) -> bool:
    """Whether `address` (IPv4 or IPv6) belongs to the internet at large."""
    judged = ip_address(address.partition("%")[0])
    if isinstance(judged, IPv6Address):
        # Each of these carries an IPv4 address that a gateway would deliver to.
        judged = judged.ipv4_mapped or judged.sixtofour or judged
        if isinstance(judged, IPv6Address) and (judged.teredo or _is_nat64(judged)):
            return False
    return judged.is_global and not judged.is_multicast


def _is_nat64(address: IPv6Address) -> bool:
    return address.packed[:4] == bytes.fromhex("0064ff9b")


def _ask(url: str) -> tuple[int, str]:
    """Status and Location of `url`; the body is left unread."""
    parts = urlsplit(url)
    if parts.scheme not in _PORTS or not parts.hostname or len(url) > MAX_URL:
        raise _NotAsked
    port = parts.port or _PORTS[parts.scheme]
    if port not in _PORTS.values() or parts.username or parts.password:
        raise _NotAsked
    host = parts.hostname.encode("idna").decode("ascii")
    target = parts._replace(scheme="", netloc="", fragment="").geturl()
    with _connected(parts.scheme, host, _public_address(host, port), port) as connection:
        connection.request("GET", _in_ascii(target), headers=_HEADERS)
        response = connection.getresponse()
        return response.status, response.getheader("Location") or ""


def _public_address(host: str, port: int) -> str:
    """An address of `host`; every one that its name has must be public."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [str(sockaddr[0]) for *_, sockaddr in found]
    if not addresses or not all(map(is_public, addresses)):
        raise _NotAsked
    return addresses[0]


@contextmanager
def _connected(
    scheme: str, host: str, address: str, port: int
) -> Iterator[http.client.HTTPConnection]:
    """A connection to `address` that speaks to `host`, cut after SECONDS.

    A timeout of the socket alone starts anew at each byte.
    """
    connection = http.client.HTTPConnection(host, port, timeout=SECONDS)
    connection.sock = sock = _socket(scheme, host, address, port)
    timer = threading.Timer(SECONDS, _cut, [sock])
    timer.daemon = True
    timer.start()
    try:
        if isinstance(sock, ssl.SSLSocket):
            sock.do_handshake()
        yield connection
    finally:
        timer.cancel()
        connection.close()


def _socket(scheme: str, host: str, address: str, port: int) -> socket.socket:
    plain = socket.create_connection((address, port), SECONDS)
    if scheme == "http":
        return plain
    return ssl.create_default_context().wrap_socket(
        plain, server_hostname=host, do_handshake_on_connect=False
    )


def _cut(sock: socket.socket) -> None:
    with suppress(OSError):  # it has ended by itself
        sock.shutdown(socket.SHUT_RDWR)


def _in_ascii(target: str) -> str:
    """`target` as a request line takes it: what is beyond ASCII percent-encoded, no spaces."""
    quoted = "".join(
        char if "!" <= char <= "~" else "".join(f"%{byte:02X}" for byte in char.encode())
        for char in target
    )
    return quoted if quoted.startswith("/") else f"/{quoted}"
