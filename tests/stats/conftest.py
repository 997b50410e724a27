"""A spool and a figure cache of each test's own."""

import pytest

from stats import figures
from tests.stats.traffic import PROXIES


@pytest.fixture(autouse=True)
def spool_of_one_test(settings, tmp_path):
    settings.SPOOL_ROOT = tmp_path / "spool"


@pytest.fixture(autouse=True)
def fresh_figures(monkeypatch):
    """Forget the last test's, and keep the connection, whose transaction is the test."""
    figures.cache.forget()
    monkeypatch.setattr(figures, "close_old_connections", lambda: None)


@pytest.fixture
def proxies(settings):
    """Trust the two proxies of the generated traffic."""
    from ipaddress import ip_network

    settings.TRUSTED_PROXIES = [ip_network(address) for address in PROXIES]
