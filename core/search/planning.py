"""SQL of the search, planned once a connection (docs/adr/0014).

The plan is the same for all words, and making it takes as long as finding a rare one.
"""

import re
from functools import lru_cache
from itertools import count
from typing import Any, NamedTuple

from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction

from core.prepared import prepared_on

# Texts are never read one by one: the index is always quicker.
SETTINGS = "SET LOCAL enable_seqscan = off; SET LOCAL jit = off"
GENERIC = "SET LOCAL plan_cache_mode = force_generic_plan"

# Words, filters and days make thousands of kinds, whose plans hold nearly 1 MB of PostgreSQL each.
MOST = 40

_numbers = count(1)


class _Statement(NamedTuple):
    """What prepares a statement, and what executes it: all in one go, which is a transaction."""

    name: str
    preparation: str
    execution: str


def planned_once(sql: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Return the rows of `sql`; `values` by their names in it.

    A connection keeps MOST plans, querysets' too; then it begins anew.
    """
    database = connections[DEFAULT_DB_ALIAS]  # this thread's, looked up once
    # Whoever looks at the queries (tests, explain_pages) is shown them.
    if database.queries_logged or database.execute_wrappers:
        return _in_full(sql, values)
    known, statement = prepared_on(database), _statement(sql)
    with database.wrap_database_errors, database.connection.cursor() as cursor:
        if statement.name not in known:
            if len(known) >= MOST:
                cursor.execute("DEALLOCATE ALL")
                known.clear()
            cursor.execute(statement.preparation)
            known.add(statement.name)
        cursor.execute(statement.execution, values)
        return list(cursor.fetchall())


def _in_full(sql: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(SETTINGS)
        cursor.execute(sql, values)
        return cursor.fetchall()


@lru_cache(maxsize=10 * MOST)
def _statement(sql: str) -> _Statement:
    names = list(dict.fromkeys(re.findall(r"%\((\w+)\)s", sql)))
    name = f"search_{next(_numbers)}"
    places = {one: f"${number}" for number, one in enumerate(names, 1)}
    arguments = f"({', '.join(f'%({one})s' for one in names)})" if names else ""
    return _Statement(
        name,
        f"PREPARE {name} AS {sql % places}",
        f"{SETTINGS}; {GENERIC}; EXECUTE {name}{arguments}",
    )
