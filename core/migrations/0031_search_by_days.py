from django.contrib.postgres.indexes import GinIndex
from django.db import migrations, models

# The year, the month and the day of an entry, beside its words.
PERIODS = (
    "ARRAY[extract(year FROM %(expressions)s)::int,"
    " (100 * extract(year FROM %(expressions)s) + extract(month FROM %(expressions)s))::int,"
    " (10000 * extract(year FROM %(expressions)s) + 100 * extract(month FROM %(expressions)s)"
    " + extract(day FROM %(expressions)s))::int]"
)


def index(name: str, *, internal: bool) -> GinIndex:
    return GinIndex(
        "vector",
        models.Func("day", template=PERIODS),
        name=name,
        condition=models.Q(internal=internal),
        fastupdate=False,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0030_content_version"),
    ]

    operations = [
        migrations.RemoveIndex("searchentry", "search_public"),
        migrations.RemoveIndex("searchentry", "search_internal"),
        migrations.AddIndex("searchentry", index("search_public", internal=False)),
        migrations.AddIndex("searchentry", index("search_internal", internal=True)),
    ]
