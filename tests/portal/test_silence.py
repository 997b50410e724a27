"""A database that is there and says nothing: the real one, stopped in the middle."""

import os
import signal
import socket
import time
from contextlib import contextmanager

import pytest
from django.core.wsgi import get_wsgi_application
from django.db import connection
from psycopg2.extensions import set_wait_callback

from portal import silence
from tests.asking import ask
from tests.factories import make_site

SEARCH = "/tim-kiem/?q=dang"  # never from memory


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr(silence, "CONNECTING", 0.2)
    monkeypatch.setattr(silence, "ANSWERING", 0.2)
    silence.give_up_in_time()
    yield
    set_wait_callback(None)


@pytest.fixture
def mute(tmp_path):
    """A folder with the socket of a server that takes connections and says nothing."""
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / ".s.PGSQL.5432"))
        listener.listen()
        yield str(tmp_path)


@contextmanager
def silent_database(mute):
    """Stop the process of PostgreSQL that answers this thread; nobody answers in its place."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (backend,) = cursor.fetchone()
    host = connection.settings_dict["HOST"]
    os.kill(backend, signal.SIGSTOP)
    connection.settings_dict["HOST"] = mute
    try:
        yield
    finally:
        connection.settings_dict["HOST"] = host
        os.kill(backend, signal.SIGCONT)


@pytest.mark.django_db(transaction=True)
def test_while_the_database_hangs_readers_are_told_so_in_time(impatient, mute):
    make_site()
    application = get_wsgi_application()
    assert ask(application, SEARCH).status == 200
    with silent_database(mute):
        for _ in range(2):
            began = time.monotonic()
            refused = ask(application, SEARCH)
            assert time.monotonic() - began < 2
            assert (refused.status, refused.headers["Retry-After"]) == (503, "60")
            assert "Bạn hãy tải lại trang sau ít phút" in refused.body.decode()
    assert ask(application, SEARCH).status == 200


def test_what_a_network_swallows_is_given_up_by_every_process():
    options = connection.get_connection_params()
    assert options["connect_timeout"] <= 10
    assert options["tcp_user_timeout"] <= 60_000
    assert options["keepalives_idle"] <= 60
