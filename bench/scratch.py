"""A portal with an empty database of its own, gone afterwards."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django
from django.conf import LazySettings

from portal import local

PLAIN = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}


@contextmanager
def in_process(settings: LazySettings) -> Iterator[None]:
    """Answer requests of Django's test client: no static files to collect, quick passwords."""
    from django.test.utils import (
        override_settings,
        setup_test_environment,
        teardown_test_environment,
    )

    setup_test_environment()
    with override_settings(
        STORAGES={**settings.STORAGES, "staticfiles": PLAIN},
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    ):
        yield
    teardown_test_environment()


@contextmanager
def portal() -> Iterator[LazySettings]:
    """Set Django up on an embedded server in a temporary VAR_DIR; yield the settings."""
    for name in ("DATABASE_URL", "SPOOL_ROOT"):
        os.environ.pop(name, None)
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        os.environ["VAR_DIR"] = folder
        Path(folder, "static").mkdir()  # whitenoise warns without it
        cluster = Path(folder) / "postgres"
        try:
            with local.environment():
                django.setup()
                from django.conf import settings

                yield settings
        finally:
            shutil.rmtree(cluster.resolve(), ignore_errors=True)  # root's lies elsewhere
