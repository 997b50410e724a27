"""Where the bytes of files lie: named by their digest, below DOCUMENTS_ROOT.

Nothing here is served by address: only a view that has checked the right reads from it. The root
lies outside MEDIA_ROOT, which anybody may fetch.
"""

import os
import tempfile
from pathlib import Path

from django.conf import settings

PREVIEW = ".webp"


def relative_path(sha256: str, suffix: str = "") -> str:
    """Return the path, below the root, of the bytes with this digest."""
    return f"{sha256[:2]}/{sha256}{suffix}"


def path(sha256: str, suffix: str = "") -> Path:
    """Return where the bytes with this digest lie, or would lie."""
    return Path(settings.DOCUMENTS_ROOT) / relative_path(sha256, suffix)


def keep(sha256: str, content: bytes, suffix: str = "") -> None:
    """Store `content`, wholly or not at all, on disk before this returns."""
    place = path(sha256, suffix)
    place.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=place.parent, prefix=".", delete=False) as part:
        try:
            part.write(content)
            part.flush()
            # For nginx, in the portal's group (ACCEL_REDIRECT); for nobody else on the machine.
            os.fchmod(part.fileno(), 0o640)
            os.fsync(part.fileno())
            os.replace(part.name, place)
        except OSError:
            os.unlink(part.name)
            raise
    _sync(place.parent)


def _sync(folder: Path) -> None:
    """Have the names in `folder` outlive a loss of power."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def discard(sha256: str) -> None:
    """Remove the bytes with this digest and the picture of their first page."""
    for suffix in ("", PREVIEW):
        path(sha256, suffix).unlink(missing_ok=True)
