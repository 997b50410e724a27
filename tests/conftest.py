"""Fixtures for every test."""

import os
import re
from functools import lru_cache

import pytest
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import override_settings

from core.freshness import Watch
from core.version_cache import Entries
from portal import freshness, middleware
from tests import databases


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker):
    """Replace pytest-django's: migrations run once per test run, not once per worker."""
    with django_db_blocker.unblock():
        databases.connect_to_copy(os.environ.get("PYTEST_XDIST_WORKER", "main"))
        yield
        databases.drop_copy()


@pytest.fixture(scope="session", autouse=True)
def unbuilt_static_files(tmp_path_factory):
    """Serve static files from their sources: no test needs collectstatic, or sees an old one."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with override_settings(
        STATIC_ROOT=tmp_path_factory.mktemp("static"),
        STORAGES={**settings.STORAGES, "staticfiles": plain},
        WHITENOISE_AUTOREFRESH=True,
        WHITENOISE_USE_FINDERS=True,
    ):
        yield


@pytest.fixture(autouse=True)
def media_of_one_test(settings, tmp_path):
    """Keep the photos and files of a test to itself."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.DOCUMENTS_ROOT = tmp_path / "documents"
    settings.SPOOL_ROOT = tmp_path / "spool"


@pytest.fixture(scope="session", autouse=True)
def alike_files_read_once():
    """Read the PDFs of the factory, which differ in their numbers alone, once: a third of a second.

    Whatever else a test has is read anew each time.
    """
    from documents import extraction

    read, numbered = extraction.read, re.compile(rb"File \d{9}")
    read_once = lru_cache(maxsize=None)(read)

    def read_or_remember(content):
        unnumbered, found = numbered.subn(b"File 000000000", content)
        return read_once(unnumbered) if found else read(content)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(extraction, "read", read_or_remember)
        yield


@pytest.fixture(autouse=True)
def figures_not_asked_for():
    """Let no page ask for figures, which it does once a second, but where a test forgets them."""
    from stats import figures

    figures.cache.forget()
    figures.cache.read_at = float("inf")


class EagerWatch(Watch):
    """Asks at each request what pages hang on, since a test does not wait for a second to pass."""

    def store_at(self, now):
        self.known_until = float("-inf")
        return super().store_at(now)


@pytest.fixture(autouse=True)
def nothing_kept_of_other_tests(monkeypatch):
    """Begin with an empty cache: the content versions of other tests may be numbered alike."""
    monkeypatch.setattr(freshness, "watch", EagerWatch(freshness.freshness))


@pytest.fixture
def process_that_answered_before(monkeypatch):
    """Let all requests of a test share what those of a process share while nothing changes."""
    entries = Entries()
    monkeypatch.setattr(middleware, "_entries_for", lambda request: entries)


@pytest.fixture(autouse=True)
def quick_passwords(settings):
    """Hash passwords cheaply: no test is about their strength."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def application(monkeypatch):
    """The portal as a server sees it, but in the test's transaction: its connection stays open."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    monkeypatch.setattr("core.freshness.close_old_connections", lambda: None)
    yield WSGIHandler()
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)
