"""Public totals per object, kept in django-hitcount's table."""

from collections.abc import Mapping

from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import F
from hitcount.models import HitCount

ADD = """
INSERT INTO hitcount_hit_count AS total (content_type_id, object_pk, hits, modified)
SELECT type, object, amount, now()
FROM unnest(%s::int[], %s::int[], %s::int[]) AS added (type, object, amount)
ON CONFLICT (content_type_id, object_pk)
    DO UPDATE SET hits = total.hits + EXCLUDED.hits, modified = now()
"""


def add(amounts: Mapping[tuple[str, int], int]) -> None:
    """Add positive `amounts`, by kind and object id, to the totals; one query.

    Kinds that settings.COUNTED_MODELS does not name have no total here.
    """
    rows = [
        (content_type(kind).pk, object_id, amount)
        for (kind, object_id), amount in sorted(amounts.items())
        if kind in settings.COUNTED_MODELS
    ]
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(ADD, [list(column) for column in zip(*rows, strict=True)])


def correct(kind: str, object_id: int, amount: int) -> None:
    """Change one total by `amount`, which may be negative; IntegrityError below zero."""
    if kind in settings.COUNTED_MODELS:
        key = {"content_type": content_type(kind), "object_pk": object_id}
        HitCount.objects.get_or_create(**key)
        HitCount.objects.filter(**key).update(hits=F("hits") + amount)


def content_type(kind: str) -> ContentType:
    """Return the content type whose totals belong to `kind`."""
    model = apps.get_model(settings.COUNTED_MODELS[kind])
    return ContentType.objects.get_for_model(model, for_concrete_model=False)
