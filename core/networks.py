"""Where a request comes from: the peer of the socket, or whom a proxy of ours names."""

from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address

from django.conf import settings


def network(peer: str, forwarded: str) -> bytes:
    """Return the packed address behind `peer`, a socket's, and an X-Forwarded-For.

    Raises ValueError when there is none. An IPv6 address counts by its /64, which is one household
    or phone (RFC 6177).
    """
    if forwarded and _is_proxy(peer):
        peer = _client(forwarded) or peer
    return _packed(peer)


def _client(forwarded: str) -> str:
    """The last entry that no proxy of ours is named in; what stands before it may be invented."""
    for entry in reversed(forwarded.split(",")):
        address = _without_port(entry.strip())
        if not _is_proxy(address):
            return address
    return ""


def _without_port(entry: str) -> str:
    """The address of `1.2.3.4:80` or `[2001:db8::1]:80`, which some proxies write."""
    if entry.startswith("["):
        return entry[1:].partition("]")[0]
    return entry.partition(":")[0] if entry.count(":") == 1 else entry


def _is_proxy(address: str) -> bool:
    try:
        found = _parsed(address)
    except ValueError:
        return False
    return any(found in proxies for proxies in settings.TRUSTED_PROXIES)


def _packed(address: str) -> bytes:
    found = _parsed(address)
    return found.packed if found.version == 4 else found.packed[:8]


@lru_cache(maxsize=50_000)
def _parsed(address: str) -> IPv4Address | IPv6Address:
    """The address, IPv4 where it is one mapped into IPv6."""
    found = ip_address(address)
    return getattr(found, "ipv4_mapped", None) or found
