"""Fixtures for tests in a real browser: Debian's Chromium, one for the whole run."""

import pytest
from django.conf import settings as configured
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.test import override_settings
from playwright.sync_api import sync_playwright

LAUNCH = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]


@pytest.fixture(scope="session")
def browser():
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright keeps an event loop in this thread; Django would refuse the database there.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=LAUNCH)
        yield browser
        browser.close()


@pytest.fixture(scope="package", autouse=True)
def built_static_files(tmp_path_factory):
    """Build the static files as bin/run does: a page asks for one style sheet instead of forty."""
    bundled = {"BACKEND": "tests.browser.static_files.UncompressedStorage"}
    with override_settings(
        STATIC_ROOT=tmp_path_factory.mktemp("built"),
        STORAGES={**configured.STORAGES, "staticfiles": bundled},
    ):
        call_command("collectstatic", interactive=False, verbosity=0)
        yield


@pytest.fixture(scope="session", autouse=True)
def counter_before_django():
    """Let the live server answer the counter's addresses as portal/wsgi.py does."""
    from stats.beacon import counted

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.test.testcases.WSGIHandler", lambda: counted(WSGIHandler()))
        yield


@pytest.fixture
def site(settings, tmp_path, live_server):
    """The address of a running portal whose photos live in a folder of the test's own."""
    settings.MEDIA_ROOT = tmp_path
    settings.SITE_URL = live_server.url
    return live_server.url


@pytest.fixture
def open_page(browser, site):
    """Open an address of the site in a new window, made with the options of a browser context.

    The page notes what it asked for and what went wrong: `requested` and `troubles`.
    """
    contexts = []

    def failed(page, url):
        # Chromium's own viewer of PDF asks for parts of itself, not of the site.
        if not url.startswith("chrome-extension:"):
            page.troubles.append(url)

    def opened(address, **options):
        context = browser.new_context(base_url=site, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(5000)
        page.requested, page.troubles = [], []
        page.on("request", lambda request: page.requested.append(request.url))
        page.on("requestfailed", lambda request: failed(page, request.url))
        page.on("pageerror", lambda error: page.troubles.append(str(error)))
        page.on(
            "console",
            lambda said: said.type in ("error", "warning") and page.troubles.append(said.text),
        )
        page.goto(address)
        return page

    yield opened
    for context in contexts:
        context.close()
