"""One migrated template per test run, and a copy of it for every worker of pytest-xdist.

Names carry the run, so that two runs on one server never meet; what killed runs left behind is
dropped a day later.
"""

import os
from datetime import UTC, datetime, timedelta

from django.db import connection

PREFIX = "test_portal_"


def connect_to_copy(worker: str) -> None:
    """Connect Django to a database of the worker's own; the first one migrates the template."""
    connection.settings_dict["TEST"]["NAME"] = template = PREFIX + os.environ["TEST_RUN"]
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtext(%s))", [template])
        if template not in _databases(cursor):
            _drop_abandoned(cursor)
            connection.creation.create_test_db(verbosity=0, serialize=False)
            _let_tables_be_emptied()
            connection.close()
        connection.settings_dict["NAME"] = template
        connection.creation.clone_test_db(worker, verbosity=0)
    connection.settings_dict.update(connection.creation.get_test_db_clone_settings(worker))


def drop_copy() -> None:
    """Drop the database that Django is connected to."""
    connection.close()
    with connection._nodb_cursor() as cursor:
        _drop(cursor, connection.settings_dict["NAME"])


def drop_template() -> None:
    """Drop the run's template, if any test needed one."""
    with connection._nodb_cursor() as cursor:
        _drop(cursor, PREFIX + os.environ["TEST_RUN"])


def _let_tables_be_emptied():
    """Django empties all tables after a test with real transactions."""
    with connection.cursor() as cursor:
        for table in ("core_auditentry", "core_snapshot"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER trail_not_emptied")


def _drop_abandoned(cursor):
    yesterday = f"{PREFIX}{datetime.now(UTC) - timedelta(days=1):%y%m%d%H}"
    for name in _databases(cursor):
        if name < yesterday:
            _drop(cursor, name)


def _databases(cursor):
    cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [PREFIX])
    return [name for (name,) in cursor.fetchall()]


def _drop(cursor, name):
    cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
