"""A worker killed in the middle of a request; bench/newsroom_kill does it 50 times."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.stats.test_kill import environment  # noqa: F401

ROOT = Path(__file__).parents[2]


@pytest.mark.django_db(transaction=True)
def test_a_save_a_publication_and_an_import_are_stored_whole_or_not_at_all(environment):  # noqa: F811
    subprocess.run(
        [sys.executable, "-m", "tests.news.killing", "6"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        timeout=120,
        check=True,
    )
