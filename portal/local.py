"""What a bare checkout needs to run on its owner's machine; a configured server uses none of it."""

import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from portal.embedded import running_server

ROOT = Path(__file__).resolve().parent.parent


@contextmanager
def environment() -> Iterator[None]:
    """For the block, give a checkout without DATABASE_URL its own server, secret key and address.

    Raises EmbeddedPostgresError, and OSError where `var` cannot be written.
    """
    if os.environ.get("DATABASE_URL"):
        yield
        return
    complete_environment()
    with running_server(var_folder() / "postgres") as url:
        os.environ["DATABASE_URL"] = url
        yield


def complete_environment(port: int = 8000) -> None:
    """Set SITE_URL and SECRET_KEY where they are unset; the key is made once and kept in `var`."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    if not os.environ.get("SITE_URL"):
        os.environ["SITE_URL"] = f"http://127.0.0.1:{port}"
    if not os.environ.get("SECRET_KEY"):
        os.environ["SECRET_KEY"] = _kept_secret(var_folder() / "secret-key")


def var_folder() -> Path:
    """The folder of everything that the checkout makes at run time."""
    return Path(os.environ.get("VAR_DIR") or ROOT / "var")


def _kept_secret(file: Path) -> str:
    """Linking a finished file into place lets two first starts at one moment agree on one key."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=file.parent) as draft:
            draft.write(secrets.token_urlsafe(50))
            draft.flush()
            with suppress(FileExistsError):
                os.link(draft.name, file)
    return file.read_text()
