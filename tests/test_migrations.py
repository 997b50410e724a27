"""The way back: every migration undoes what it did."""

import pytest
from django.core.management import call_command
from django.db import connection

from tests.factories import make_article

APPS = ("portal", "news", "documents", "stats", "core")
OURS = (
    "core_",
    "news_",
    "portal_",
    "documents_",
    "edition_",
    "document_",
    "relation_",
    "file_",
    "stats_",
)


def own_things():
    """Names of the tables, functions and triggers that our migrations make."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
            " UNION SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
            " UNION SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
        )
        names = {name for (name,) in cursor.fetchall()}
    return {name for name in names if name.startswith(OURS)}


@pytest.mark.django_db
def test_the_migrations_can_be_undone_and_done_again():
    before = own_things()
    assert {"news_article", "edition_immutable", "documents_lock", "relation_lawful"} <= before
    for app in APPS:
        call_command("migrate", app, "zero", verbosity=0)
    assert own_things() == set()
    call_command("migrate", verbosity=0)
    assert own_things() == before
    assert make_article().live
