"""`manage.py explain_pages`: what the public pages ask of the database, held against the budget."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from time import perf_counter
from typing import Any, NamedTuple

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.test import Client

from portal.budget import BUDGET, Asked, pages

LONGEST = 160  # characters of a statement that are shown


class Statement(NamedTuple):
    """A statement that a page ran, and how long it took, in milliseconds."""

    sql: str
    parameters: Any
    milliseconds: float


class Command(BaseCommand):
    """Ask each kind of public page and print its statements; fail when one is over its budget."""

    help = "In các câu lệnh SQL của từng loại trang công khai, so với ngân sách."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--plans", action="store_true", help="in cả cách PostgreSQL thực hiện từng câu lệnh"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        over = [page.name for page in pages() if not self._keeps_to_budget(page, options["plans"])]
        if over:
            raise CommandError(f"Vượt ngân sách: {', '.join(over)}.")

    def _keeps_to_budget(self, page: Asked, with_plans: bool) -> bool:
        statements = statements_of(page.address)
        if statements is None:
            self.stdout.write(f"{page.name}: chưa có trang {page.address}")
            return True
        most = BUDGET[page.kind]
        verdict = "" if len(statements) <= most else "  VƯỢT"
        together = sum(statement.milliseconds for statement in statements)
        self.stdout.write(
            f"{page.name}: {len(statements)} câu lệnh (ngân sách {most}), {together:.1f} ms,"
            f" {page.address}{verdict}"
        )
        for statement in statements:
            self._write(statement, with_plans)
        return not verdict

    def _write(self, statement: Statement, with_plan: bool) -> None:
        shown = " ".join(statement.sql.split())
        cut = shown if len(shown) <= LONGEST else f"{shown[:LONGEST]}…"
        self.stdout.write(f"  {statement.milliseconds:6.1f} ms  {cut}")
        if with_plan and is_explained(statement):
            self.stdout.write("".join(f"      {line}\n" for line in plan_of(statement)))


def statements_of(address: str) -> list[Statement] | None:
    """Return what a stranger's second request for `address` runs; None unless answered by 200."""
    client = Client(SERVER_NAME=settings.SITE_HOST)
    statements: list[Statement] = []

    def noted(execute: Callable[..., Any], sql: str, parameters: Any, *rest: Any) -> Any:
        began = perf_counter()
        try:
            return execute(sql, parameters, *rest)
        finally:
            spent = 1000 * (perf_counter() - began)
            statements.append(Statement(sql, parameters, spent))

    client.get(address, secure=settings.HTTPS)
    with connection.execute_wrapper(noted), _in_full():
        answer = client.get(address, secure=settings.HTTPS)
    return statements if answer.status_code == HTTPStatus.OK else None


@contextmanager
def _in_full() -> Iterator[None]:
    """Let core/prepared.py show its SQL."""
    connection.force_debug_cursor, before = True, connection.force_debug_cursor
    try:
        yield
    finally:
        connection.force_debug_cursor = before


def is_explained(statement: Statement) -> bool:
    """Return whether the statement only reads, so that running it once more changes nothing."""
    return statement.sql.lstrip(" (\n").upper().startswith(("SELECT", "WITH"))


def plan_of(statement: Statement) -> list[str]:
    """Return how PostgreSQL ran the statement, with what it read."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS) {statement.sql}", statement.parameters)
        return [line for (line,) in cursor.fetchall()]
