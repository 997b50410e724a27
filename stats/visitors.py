"""Who is one visitor: a keyed hash of address and browser that nobody can undo without the key.

The key is made of the day's salt and of SECRET_KEY: no copy of the database holds all of it.
"""

from hashlib import blake2b

from django.conf import settings

from core import networks
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
    """Return the packed address that `hit` came from; ValueError when there is none."""
    return networks.network(hit.peer, hit.forwarded)


def is_phone(agent: str) -> bool:
    """Return whether the browser names a phone; tablets name themselves or leave `Mobi` out."""
    return "Mobi" in agent and "iPad" not in agent and "Tablet" not in agent
