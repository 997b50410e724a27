"""A PostgreSQL of these tests' own: stopped for a while, and searched for what it keeps."""

import shutil
import subprocess
import threading
import time
from contextlib import contextmanager
from datetime import datetime, timedelta
from datetime import time as clock
from ipaddress import ip_address

import dj_database_url
import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from portal import embedded
from stats import beacon, figures, loader, signing, spool, visitors
from stats.models import Drop, ObjectDay, Salt, Seen, SiteDay, Visitor
from tests.stats.traffic import BROWSERS

READER, OTHER = (BROWSERS[0].format(number) for number in (1, 2))


@pytest.fixture(scope="module")
def migrated(tmp_path_factory, django_db_blocker):
    place = tmp_path_factory.mktemp("server") / "postgres"
    known = dict(connection.settings_dict)
    connection.close()
    try:
        with embedded.running_server(place) as url, django_db_blocker.unblock():
            connection.settings_dict |= dj_database_url.parse(url)
            call_command("migrate", verbosity=0)
            server = embedded._Server(place)
            server.start({}, None)
            yield server
            connection.close()
    finally:
        connection.settings_dict |= known
        shutil.rmtree(place.resolve())


@pytest.fixture
def server(migrated):
    """A server whose counter has counted nothing yet; Django is connected to it."""
    yield migrated
    tables = ("salt", "visitor", "seen", "siteday", "objectday", "drop", "slotoffset", "live")
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {', '.join(f'stats_{name}' for name in tables)}")


@contextmanager
def counting():
    """A loader that counts meanwhile."""
    stop = threading.Event()
    thread = threading.Thread(target=loader.run, args=(stop,))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def until(condition):
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline, "It never came."
        time.sleep(0.01)


def view(at, agent=READER, address="113.160.1.2"):
    environ = {"REMOTE_ADDR": address, "HTTP_USER_AGENT": agent}
    moment = at.timestamp()
    spool.append(spool.line(environ, "view", signing.token("b", 7), moment), moment)


def answer_to_a_beacon(agent):
    environ = {
        "PATH_INFO": beacon.PATH,
        "REQUEST_METHOD": "POST",
        "QUERY_STRING": f"o={signing.token('t')}",
        "REMOTE_ADDR": "113.160.1.2",
        "HTTP_USER_AGENT": agent,
    }
    statuses = []
    beacon.counted(None)(environ, lambda status, headers: statuses.append(status))
    return statuses


def test_what_comes_while_postgresql_is_stopped_is_counted_on_its_days(server, monkeypatch, caplog):
    monkeypatch.setattr(loader, "PAUSE", 0.01)
    monkeypatch.setattr(loader, "AFTER_FAILURE", 0.01)
    monkeypatch.setattr(figures, "KEPT", 0)  # every beacon asks for the figures
    today = timezone.localdate()
    yesterday = today - timedelta(days=1)
    midnight = timezone.make_aware(datetime.combine(today, clock.min))
    with counting():
        view(midnight - timedelta(minutes=10))
        until(SiteDay.objects.filter(day=yesterday, visits=1).exists)

        server.stop()
        until(lambda: "Counting waits" in caplog.text)
        view(midnight - timedelta(minutes=1))
        view(midnight - timedelta(seconds=30), OTHER)
        view(midnight + timedelta(seconds=30))
        for number in range(20):
            assert answer_to_a_beacon(BROWSERS[3].format(number)) == ["200 OK"]
        server.start({}, None)

        until(SiteDay.objects.filter(day=today, visits=21).exists)
    days = SiteDay.objects.order_by("day").values_list("day", "visits", "views")
    assert list(days) == [(yesterday, 2, 2), (today, 21, 21)]
    assert dict(ObjectDay.objects.values_list("day", "amount")) == {yesterday: 2, today: 1}
    assert not Drop.objects.exists()


def test_two_days_later_no_trace_of_an_address_is_left(server, settings, caplog):
    address = "2405:4800:53a1:77c2:1:2:3:4"
    packed = ip_address(address).packed
    traces = [address.encode(), packed[:8], packed.hex()[:16].encode(), b"2405:4800:53a1"]
    now = timezone.now()
    view(now, address=address)
    assert found(traces, spool.files())

    loader.load(now)
    (salt,) = (bytes(salt) for salt in Salt.objects.values_list("salt", flat=True))
    secret = visitors.secret(salt)
    assert found([salt], files(server.data / "base"))
    assert salt.hex().encode() in dump(server)
    assert not found([*traces, secret], files(server.home))

    loader.drain(now + timedelta(days=2))
    assert not any(model.objects.exists() for model in (Salt, Visitor, Seen))
    assert SiteDay.objects.get().visits == 1
    assert not list(settings.SPOOL_ROOT.iterdir())
    assert not found([*traces, secret], files(server.home))
    assert not found([salt], files(server.data / "base"))
    for trace in (*traces, salt.hex().encode(), secret.hex().encode()):
        assert trace not in dump(server)
    assert address not in caplog.text


def files(folder):
    """Everything in a folder of the server's, as whoever takes the disk finds it."""
    with connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")
    found = [path for path in folder.rglob("*") if path.is_file()]
    assert len(found) > 100
    return found


def found(traces, paths):
    """The files that any of the traces stands in."""
    contents = ((path, path.read_bytes()) for path in paths)
    return [path for path, content in contents if any(trace in content for trace in traces)]


def dump(server):
    content = subprocess.run(
        [server.programs / "pg_dump", server.url], capture_output=True, check=True
    ).stdout
    assert b"stats_siteday" in content
    return content
