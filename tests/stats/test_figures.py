"""The figures of the sidebar: fresh or a dash, and never a burden."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from stats import figures
from stats.figures import Figures
from stats.models import Live

pytestmark = pytest.mark.django_db


@pytest.fixture
def live():
    return Live.objects.create(
        loaded_at=timezone.now(), online=3, today=45, week=678, total=721_618
    )


@pytest.mark.usefixtures("live")
def test_the_figures_are_those_of_the_loader():
    assert figures.current() == Figures(online=3, today=45, week=678, total=721_618)
    assert figures.texts(figures.current()) == {
        "online": "3",
        "today": "45",
        "week": "678",
        "total": "721.618",
    }


def test_a_loader_that_is_silent_for_a_minute_has_no_figures(live):
    assert figures.current(live.loaded_at + timedelta(seconds=60))
    assert figures.current(live.loaded_at + timedelta(seconds=61)) is None
    assert set(figures.texts(None).values()) == {"–"}


def test_a_portal_that_never_counted_has_no_figures():
    assert figures.current() is None


@pytest.mark.usefixtures("live")
def test_whatever_the_traffic_one_query_a_second(django_assert_num_queries, monkeypatch):
    with django_assert_num_queries(1):
        for _ in range(1000):
            figures.current()
    monkeypatch.setattr(figures, "KEPT", 0)
    with django_assert_num_queries(1):
        figures.current()


@pytest.mark.usefixtures("live")
def test_while_one_thread_asks_the_others_take_what_there_is(monkeypatch):
    figures.current()
    monkeypatch.setattr(figures, "KEPT", 0)
    with figures.cache.asking:
        found = []
        thread = threading.Thread(target=lambda: found.append(figures.current()))
        thread.start()
        thread.join()
    assert found[0].total == 721_618


@pytest.mark.usefixtures("live")
def test_a_database_that_is_away_leaves_the_last_figures(monkeypatch):
    """Only for a minute: then the loader has been silent as far as anybody knows."""
    figures.current()
    monkeypatch.setattr(figures, "KEPT", 0)
    monkeypatch.setattr(connection, "close", lambda: None)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 1")
        cursor.execute("SAVEPOINT away")
        with pytest.raises(Exception, match="timeout"):
            cursor.execute("SELECT pg_sleep(1)")
    assert figures.outside_requests().total == 721_618
    with connection.cursor() as cursor:
        cursor.execute("ROLLBACK TO SAVEPOINT away")
