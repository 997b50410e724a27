"""Processes and connections that end without warning, and views at one moment."""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connection
from django.utils import timezone
from hitcount.models import HitCount

from stats import beacon, loader, signing, spool
from stats.models import ObjectDay, SiteDay
from tests.stats.traffic import BROWSERS

ROOT = Path(__file__).resolve().parents[2]
CHROME = BROWSERS[0].format(1)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def environment(settings):
    """The environment of another process on the same database and spool."""
    place = connection.settings_dict
    host = quote(place["HOST"], safe="")
    url = f"postgres://{place['USER']}:{place['PASSWORD']}@{host}:{place['PORT']}/{place['NAME']}"
    return os.environ | {"DATABASE_URL": url, "SPOOL_ROOT": str(settings.SPOOL_ROOT)}


def until(condition):
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline, "It never came."
        time.sleep(0.01)


def view(address="113.160.1.2", number=7):
    environ = {"REMOTE_ADDR": address, "HTTP_USER_AGENT": CHROME}
    now = time.time()
    spool.append(spool.line(environ, "view", signing.token("b", number), now), now)


def test_loaders_that_are_killed_lose_nothing_and_count_nothing_twice(environment):
    answer = subprocess.run(
        [sys.executable, "-m", "tests.stats.killing", "15"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    written = int(answer.stdout)
    counted = dict(ObjectDay.objects.values_list("object_id", "amount"))
    assert counted == dict.fromkeys(range(1, written + 1), 1)
    assert dict(HitCount.objects.values_list("object_pk", "hits")) == counted


def test_a_database_that_goes_away_is_waited_for(monkeypatch):
    monkeypatch.setattr(loader, "PAUSE", 0.01)
    monkeypatch.setattr(loader, "AFTER_FAILURE", 0.01)
    stop = threading.Event()
    thread = threading.Thread(target=loader.run, args=(stop,))
    thread.start()
    try:
        for number in range(1, 4):
            view(number=number)
            until(lambda seen=number: ObjectDay.objects.filter(object_id=seen).exists())
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
    finally:
        stop.set()
        thread.join()
    assert SiteDay.objects.get().visits == 1


def test_the_command_counts_once_or_until_it_is_told_to_stop(environment):
    view()
    command = [sys.executable, "manage.py", "load_hits"]
    subprocess.run([*command, "--once"], cwd=ROOT, env=environment, timeout=60, check=True)
    assert ObjectDay.objects.get().amount == 1
    process = subprocess.Popen(command, cwd=ROOT, env=environment)
    view(number=8)
    until(lambda: ObjectDay.objects.count() == 2)
    process.terminate()
    assert process.wait(10) == 0


def test_four_first_views_at_one_moment_are_one_visit_and_one_view():
    application = beacon.counted(None)
    environ = {
        "PATH_INFO": beacon.PIXEL_PATH,
        "REQUEST_METHOD": "GET",
        "REMOTE_ADDR": "113.160.1.2",
        "QUERY_STRING": f"o={signing.token('b', 7)}",
    }
    for number in range(1, 21):
        barrier = threading.Barrier(4)

        def browse(agent=f"{CHROME} Round/{number}", barrier=barrier):
            barrier.wait()
            application(environ | {"HTTP_USER_AGENT": agent}, lambda status, headers: None)

        threads = [threading.Thread(target=browse) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert loader.load(timezone.now()) == 4
        row = SiteDay.objects.get()
        assert (row.visits, row.views) == (number, number)
