"""pytest plugin: the environment of a test run, with its own embedded server when none is named.

pyproject.toml names it because settings are read before any conftest.py.
"""

import atexit
import os
import secrets
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime

import pytest

from portal.embedded import DISPOSABLE, running_server
from portal.local import complete_environment, var_folder

_running = ExitStack()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests() -> Iterator[None]:
    """Complete the environment, which the workers of pytest-xdist then inherit."""
    complete_environment()
    if not os.environ.get("DATABASE_URL"):
        place = var_folder() / "postgres-test"
        atexit.register(_running.close)
        os.environ["DATABASE_URL"] = _running.enter_context(running_server(place, DISPOSABLE))
    os.environ.setdefault("TEST_RUN", f"{datetime.now(UTC):%y%m%d%H}_{secrets.token_hex(3)}")
    return (yield)


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        from tests import databases

        databases.drop_template()
