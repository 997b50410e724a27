"""Rows by the hundred thousand, written by PostgreSQL itself: copies of a few, changed."""

import json
from collections.abc import Mapping, Sequence

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from django.db.models import Model


class Copies:
    """Writes copies of `originals`, unsaved and of one model; row number n copies n modulo them.

    `changes` are SQL by column, in which `own` is the original and `made` the row of the table
    `numbers` that has the copy's number, n, and what else the changes need.
    """

    def __init__(
        self, originals: Sequence[Model], numbers: str, changes: Mapping[str, str]
    ) -> None:
        self.originals, self.numbers, self.changes = originals, numbers, changes
        self.table = originals[0]._meta.db_table
        self.columns = list(_values(originals[0]))
        self._keep_originals()

    def write(self, first: int, after: int) -> None:
        """Write the copies from number `first` to the one before `after`."""
        values = [self.changes.get(column, f"own.{column}") for column in self.columns]
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {self.table} ({', '.join(self.columns)})"
                f" SELECT {', '.join(values)} FROM {self.numbers} AS made"
                f" JOIN original_{self.table} AS own ON own.original_number = made.n %% %s"
                " WHERE made.n >= %s AND made.n < %s ORDER BY made.n",
                [len(self.originals), first, after],
            )

    def _keep_originals(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE IF EXISTS original_{self.table}")
            cursor.execute(
                f"CREATE TEMPORARY TABLE original_{self.table} ON COMMIT DROP AS"
                f" SELECT given.ordinality - 1 AS original_number, own.*"
                f" FROM jsonb_array_elements(%s::jsonb) WITH ORDINALITY AS given,"
                f" jsonb_populate_record(NULL::{self.table}, given.value) AS own",
                [json.dumps([_values(row) for row in self.originals], cls=DjangoJSONEncoder)],
            )


def _values(row: Model) -> dict[str, object]:
    """Return what Django would write, by column."""
    return {
        str(field.column): field.get_prep_value(field.pre_save(row, add=True))
        for field in row._meta.concrete_fields
    }
