"""Who is one visitor: a keyed hash of address and browser that nobody can undo without the key.

The key is made of the day's salt and of SECRET_KEY: no copy of the database holds all of it.
"""

from functools import lru_cache
from hashlib import blake2b
from ipaddress import IPv4Address, IPv6Address, ip_address

from django.conf import settings

from stats.spool import Hit

SALT_BYTES = 32


def secret(salt: bytes) -> bytes:
    """Return what the visitors of the day of `salt` are hashed with."""
    portal = blake2b(settings.SECRET_KEY.encode(), person=b"stats.visitors").digest()
    return blake2b(salt, key=portal).digest()


def key(network: bytes, agent: str, secret: bytes) -> int:
    """Return the visitor's number of one day, 64 bits with a sign."""
    text = network + agent.encode(errors="replace")
    digest = blake2b(text, key=secret, digest_size=8, salt=bytes([len(network)])).digest()
    return int.from_bytes(digest, signed=True)


def network(hit: Hit) -> bytes:
    """Return the packed address that `hit` came from; ValueError when there is none.

    An IPv6 address counts by its /64, which is one household or phone (RFC 6177).
    """
    peer = hit.peer
    if hit.forwarded and _is_proxy(peer):
        peer = _client(hit.forwarded) or peer
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


def is_phone(agent: str) -> bool:
    """Return whether the browser names a phone; tablets name themselves or leave `Mobi` out."""
    return "Mobi" in agent and "iPad" not in agent and "Tablet" not in agent
