"""Tokens that say what a page is of: nobody else can make them, and they never change.

A page carries the same token for every reader, so pages stay cacheable.
"""

from base64 import urlsafe_b64encode
from functools import lru_cache
from hashlib import blake2b
from hmac import compare_digest

from django.conf import settings

SIGNATURE_BYTES = 9  # 72 bits, 12 letters: what can be forged is a view, and each try is a request
LARGEST = 2**31 - 1  # the database keeps object ids in four bytes


def token(kind: str, object_id: int = 0) -> str:
    """Return `<kind>.<object id>.<signature>`; a page without an object has the id 0."""
    text = f"{kind}.{object_id}"
    return f"{text}.{_signature(text, settings.SECRET_KEY)}"


def read(token: str) -> tuple[str, int] | None:
    """Return the kind and the object id that `token` was made of; None for any other text."""
    return _read(token, settings.SECRET_KEY)


@lru_cache(maxsize=10_000)
def _read(token: str, secret: str) -> tuple[str, int] | None:
    text, _, signature = token.rpartition(".")
    if not (token.isascii() and compare_digest(signature, _signature(text, secret))):
        return None
    kind, _, object_id = text.partition(".")
    return (kind, int(object_id)) if int(object_id) <= LARGEST else None


def _signature(text: str, secret: str) -> str:
    key = blake2b(secret.encode(), person=b"stats.token").digest()
    digest = blake2b(text.encode(), key=key, digest_size=SIGNATURE_BYTES).digest()
    return urlsafe_b64encode(digest).decode()
