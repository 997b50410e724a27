"""The SQL that counts the documents of each choice of the filters, in one query.

It counts rows of documents/tally.py or, where words are looked for, the documents that have them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from operator import itemgetter
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Case, CharField, QuerySet, Value, When
from django.db.models.functions import Coalesce, ExtractYear

from documents.tally import ANY_FIELD, UNKNOWN_YEAR
from documents.validity import IN_FORCE_FROM, Status, conditions

# More matching documents than this are not counted.
COUNTED = 5_000
# The value in addresses of documents without a date of issue.
UNDATED = "khong-ro"


@dataclass(frozen=True)
class Option:
    """A choice: its value in addresses, its name, and its documents (None: not counted)."""

    value: str
    label: str
    documents: int | None


class Counts(NamedTuple):
    """The options of each filter in their order; `note` is the tally's day, or how many match."""

    options: dict[str, list[Option]]
    note: str


class Filter(NamedTuple):
    """A filter of the list: what people call it, and where its choices are named and counted.

    `named` yields key, value in addresses, name and place of each choice; `column` is the key in
    the counted `rows`; `chosen` is the condition that a counted row is of the choice.
    """

    label: str
    named: str
    column: str
    rows: str
    chosen: str


# The name of what internal documents alone belong to would tell strangers of them.
READABLE = (
    " WHERE EXISTS (SELECT FROM documents_tally AS tally"
    " WHERE {same} AND tally.documents > 0 AND tally.internal <= %(internal)s)"
)
FILTERS = {
    "loai": Filter(
        "Loại văn bản",
        'SELECT id, slug, name, "order" FROM documents_documenttype',
        "type",
        "cells",
        "type = (SELECT id FROM documents_documenttype WHERE slug = %(loai)s)",
    ),
    "co-quan": Filter(
        "Cơ quan ban hành",
        "SELECT id, slug, name, row_number() OVER (ORDER BY name) FROM documents_issuer"
        + READABLE.format(same="tally.field = 0 AND tally.issuer = documents_issuer.id"),
        "issuer",
        "cells",
        "issuer = (SELECT id FROM documents_issuer WHERE slug = %(co-quan)s)",
    ),
    "linh-vuc": Filter(
        "Lĩnh vực",
        'SELECT id, slug, name, "order" FROM documents_field'
        + READABLE.format(same="tally.field = documents_field.id"),
        "field",
        "topics",
        "TRUE",  # the rows are those of the chosen field already
    ),
    "nam": Filter(
        "Năm ban hành",
        f"SELECT year, CASE year WHEN 0 THEN '{UNDATED}' ELSE year::text END,"
        " CASE year WHEN 0 THEN 'Chưa rõ năm' ELSE year::text END, -year FROM years",
        "year",
        "cells",
        "year = %(nam)s",
    ),
    "hieu-luc": Filter(
        "Hiệu lực",
        "SELECT status, status, label, 0"
        " FROM unnest(%(statuses)s, %(labels)s) AS known (status, label)",
        "status",
        "cells",
        "status = %(hieu-luc)s",
    ),
}
FIELD = "(SELECT id FROM documents_field WHERE slug = %(linh-vuc)s)"
# Every year from the first to the last, and 0 for none.
YEARS = """
    years AS (
        SELECT generate_series(
            extract(year FROM min(issued_on))::int, extract(year FROM max(issued_on))::int
        ) AS year
        FROM documents_document
        WHERE state = 'live' AND (visibility = 'public' OR %(internal)s)
        UNION ALL SELECT 0
    )
"""
TALLIED = """
    cells AS MATERIALIZED (
        SELECT type, issuer, year, status, documents FROM documents_tally
        WHERE field = {field} AND internal <= %(internal)s
    ),
    topics AS (
        SELECT field, type, issuer, year, status, documents FROM documents_tally
        WHERE field <> 0 AND internal <= %(internal)s
    )
"""
MATCHED = """
    found AS MATERIALIZED ({matching}),
    matched AS (SELECT * FROM found WHERE (SELECT count(*) FROM found) <= %(most)s),
    cells AS (
        SELECT type_id AS type, issuer_id AS issuer, year, status, 1 AS documents FROM matched
    ),
    topics AS (
        SELECT field_id AS field, type_id AS type, issuer_id AS issuer, year, status, 1 AS documents
        FROM matched JOIN documents_document_fields ON document_id = matched.id
    )
"""
COUNTS = """
    SELECT '{name}', value, name, place, total FROM ({named}) AS named (id, value, name, place)
    LEFT JOIN (
        SELECT {column} AS id, sum(documents) AS total FROM {rows} WHERE {others} GROUP BY 1
    ) AS counts USING (id)
"""
NOTE = "SELECT '', ({note})::text, '', 0, NULL"


def tallied(chosen: Mapping[str, str], parameters: Mapping[str, Any]) -> Counts:
    """Count documents by the tally, for the filters `chosen`; noting the day of the tally."""
    counted = TALLIED.format(field=FIELD if "linh-vuc" in chosen else ANY_FIELD)
    return _counts(counted, "SELECT max(day) FROM documents_tallyday", chosen, parameters)


def matched(
    chosen: Mapping[str, str], parameters: Mapping[str, Any], matching: QuerySet[Any], day: date
) -> Counts:
    """Count the documents of `matching`, up to COUNTED, by their force on the day `day`."""
    status = Case(
        *(When(condition, Value(name.value)) for name, condition in conditions(day).items()),
        output_field=CharField(),
    )
    year = Coalesce(ExtractYear("issued_on"), UNKNOWN_YEAR)
    found = matching.order_by().alias(in_force_from=IN_FORCE_FROM)
    found = found.annotate(status=status, year=year)
    found = found.values("id", "type_id", "issuer_id", "year", "status")[: COUNTED + 1]
    sql, values = found.query.sql_with_params()
    names = {f"matching {place}": value for place, value in enumerate(values)}
    counted = MATCHED.format(matching=sql % tuple(f"%({name})s" for name in names))
    most = {"most": COUNTED}
    return _counts(counted, "SELECT count(*) FROM found", chosen, {**parameters, **names, **most})


def _counts(
    counted: str, note: str, chosen: Mapping[str, str], parameters: Mapping[str, Any]
) -> Counts:
    parts = [
        COUNTS.format(name=name, others=_others(name, chosen), **one._asdict())
        for name, one in FILTERS.items()
    ]
    union = " UNION ALL ".join([*parts, NOTE.format(note=note)])
    named = {"statuses": Status.values, "labels": [str(label) for label in Status.labels]}
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {YEARS}, {counted} {union}", {**parameters, **named})
        rows = sorted(cursor.fetchall(), key=itemgetter(3))
    options: dict[str, list[Option]] = {name: [] for name in ("", *FILTERS)}
    for name, value, label, _, total in rows:
        options[name].append(Option(value, label, total))
    return Counts(options, options.pop("")[0].value)


def _others(name: str, chosen: Mapping[str, str]) -> str:
    """The condition of all filters in use but the one called `name`."""
    return " AND ".join(FILTERS[other].chosen for other in chosen if other != name) or "TRUE"
