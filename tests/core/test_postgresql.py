"""Is the connection to PostgreSQL still there?"""

import select
from contextlib import suppress

import psycopg2
import pytest
from django.db import DatabaseError, connection, transaction

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def other():
    """Return what one row another connection gets."""
    connection.ensure_connection()
    own = psycopg2.connect(**connection.get_connection_params())
    own.autocommit = True

    def row(sql, *values):
        with own.cursor() as cursor:
            cursor.execute(sql, values)
            return cursor.fetchone()

    yield row
    own.close()


def backend():
    return connection.connection.info.backend_pid


def was_asked(other):
    connection.is_usable()
    last = "SELECT query FROM pg_stat_activity WHERE pid = %s"
    return other(last, backend()) == ("SELECT 1",)


def test_a_connection_that_says_nothing_is_there_and_is_not_asked(other):
    assert connection.is_usable()
    assert not was_asked(other)


def test_after_an_error_it_is_asked(other):
    connection.errors_occurred = True
    assert was_asked(other)


def test_one_that_says_something_is_asked(other):
    with connection.cursor() as cursor:
        cursor.execute("LISTEN anything")
    assert not was_asked(other)
    other("SELECT pg_notify('anything', '')::text")
    assert select.select([connection.connection], [], [], 5)[0]
    assert was_asked(other)


def test_one_that_was_ended_is_not_there(other):
    other("SELECT pg_terminate_backend(%s, 5000)", backend())
    assert not connection.is_usable()
    connection.close()


def test_one_that_was_closed_is_not_there():
    connection.ensure_connection()
    connection.connection.close()
    assert not connection.is_usable()
    connection.close()


def test_one_whose_transaction_failed_takes_no_statements():
    with transaction.atomic():
        with suppress(DatabaseError), connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")
        connection.errors_occurred = False
        assert not connection.is_usable()
        transaction.set_rollback(True)
