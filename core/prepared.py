"""Querysets whose SQL is written once a process, and planned once a connection (docs/adr/0014).

Most of what a short query costs is Django writing its SQL and PostgreSQL planning it.
"""

import copy
from collections.abc import Callable
from inspect import signature
from itertools import count
from threading import Lock
from typing import Any, Generic, NamedTuple, TypeVar
from weakref import WeakKeyDictionary

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model, QuerySet, Value
from django.db.models.sql.compiler import SQLCompiler
from psycopg2.extensions import AsIs
from psycopg2.extensions import connection as Connection

Row = TypeVar("Row", bound=Model)

_numbers = count(1)
# What each connection to PostgreSQL has prepared; gone with the connection.
_prepared: WeakKeyDictionary[Connection, set[str]] = WeakKeyDictionary()


def prepared_on(database: BaseDatabaseWrapper) -> set[str]:
    """Return the names of what is prepared on this thread's connection, to be added to."""
    # Django would notice only afterwards that it must connect anew, where nothing is prepared.
    database.close_if_health_check_failed()
    database.ensure_connection()
    return _prepared.setdefault(database.connection, set())


class _Place(NamedTuple):
    """Where the argument of this number (from 0) stands in the SQL."""

    number: int


class _Statement(NamedTuple):
    """What is written once: the queryset, its compiler, SQL and parameters, some of them places."""

    queryset: QuerySet[Any, Any]
    compiler: SQLCompiler
    sql: str
    parameters: tuple[Any, ...]
    converters: dict[int, Any]


class Prepared(Generic[Row]):
    """A queryset that `build` makes of its arguments, which must be mere values in its filters.

    What `build` does with them otherwise (a slice, an `if`) is done once for all.
    """

    def __init__(self, build: Callable[..., QuerySet[Row, Any]]) -> None:
        self.build = build
        self.name = f"portal_{next(_numbers)}"
        self.arguments = len(signature(build).parameters)
        self.lock = Lock()
        self._written: _Statement | None = None

    def __call__(self, *arguments: Any) -> QuerySet[Row, Any]:
        """Return the queryset of `arguments`; to be read, not to be changed any more."""
        written = self._statement()
        compiler = copy.copy(written.compiler)
        compiler.connection = database = connections[DEFAULT_DB_ALIAS]  # this thread's
        # Whoever looks at the queries (tests, explain_pages) is shown them.
        asked = self._in_full if database.queries_logged else self._execution
        vars(compiler)["as_sql"] = lambda *_args, **_options: asked(written, arguments)
        vars(compiler)["get_converters"] = lambda _fields: written.converters
        query = copy.copy(written.queryset.query)
        vars(query)["get_compiler"] = lambda *_args, **_options: compiler
        answered = written.queryset.__class__(written.queryset.model, query)
        vars(answered)["_iterable_class"] = vars(written.queryset)["_iterable_class"]
        return answered

    def _statement(self) -> _Statement:
        with self.lock:
            if self._written is None:
                queryset = self.build(*(Value(_Place(n)) for n in range(self.arguments)))
                compiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
                sql, parameters = compiler.as_sql()
                fields = [select[0] for select in compiler.select]
                converters = compiler.get_converters(fields)
                self._written = _Statement(queryset, compiler, sql, parameters, converters)
            return self._written

    def _in_full(
        self, written: _Statement, arguments: tuple[Any, ...]
    ) -> tuple[str, tuple[Any, ...]]:
        return written.sql, tuple(
            arguments[one.number] if isinstance(one, _Place) else one for one in written.parameters
        )

    def _execution(
        self, written: _Statement, arguments: tuple[Any, ...]
    ) -> tuple[str, tuple[Any, ...]]:
        database = connections[DEFAULT_DB_ALIAS]
        known = prepared_on(database)
        if self.name not in known:
            self._prepare(written, database)
            known.add(self.name)
        places = ", ".join(["%s"] * len(arguments))
        return f"EXECUTE {self.name} ({places})" if places else f"EXECUTE {self.name}", arguments

    def _prepare(self, written: _Statement, database: BaseDatabaseWrapper) -> None:
        filled = (
            AsIs(f"${one.number + 1}") if isinstance(one, _Place) else one
            for one in written.parameters
        )
        with database.wrap_database_errors, database.connection.cursor() as cursor:
            cursor.execute(f"PREPARE {self.name} AS {written.sql}", tuple(filled))


def prepared(build: Callable[..., QuerySet[Row, Any]]) -> Prepared[Row]:
    """Let a function that returns a queryset write it once."""
    return Prepared(build)
