import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.db import migrations, models

import core.fields

# Texts and words lie beside the table, so that counting reads short rows alone. The words are not
# packed: they are read more often than they are written.
NARROW = """
    ALTER TABLE core_searchentry SET (toast_tuple_target = 256);
    ALTER TABLE core_searchentry ALTER COLUMN vector SET STORAGE EXTERNAL;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0008_trails_are_not_emptied"),
    ]

    operations = [
        migrations.CreateModel(
            name="SearchEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("article", "Tin, bài"),
                            ("document", "Văn bản"),
                            ("page", "Trang giới thiệu"),
                        ],
                        max_length=8,
                    ),
                ),
                ("object_id", models.BigIntegerField()),
                ("internal", models.BooleanField()),
                ("day", models.DateField()),
                ("section", models.IntegerField(null=True)),
                ("type", models.IntegerField(null=True)),
                ("issuer", models.IntegerField(null=True)),
                ("sign", models.CharField(blank=True, max_length=80)),
                ("address", models.CharField(max_length=300)),
                ("label", core.fields.NFCTextField(blank=True)),
                ("title", core.fields.NFCTextField()),
                ("summary", core.fields.NFCTextField(blank=True)),
                ("body", core.fields.NFCTextField(blank=True)),
                ("vector", django.contrib.postgres.search.SearchVectorField()),
            ],
            options={
                "default_permissions": (),
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        condition=models.Q(("internal", False)),
                        fastupdate=False,
                        fields=["vector"],
                        name="search_public",
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        condition=models.Q(("internal", True)),
                        fastupdate=False,
                        fields=["vector"],
                        name="search_internal",
                    ),
                    models.Index(
                        models.OrderBy(models.F("day"), descending=True),
                        condition=models.Q(("internal", False)),
                        name="search_newest",
                    ),
                    models.Index(
                        django.contrib.postgres.indexes.OpClass(
                            models.F("sign"), "text_pattern_ops"
                        ),
                        condition=models.Q(
                            models.Q(("sign", ""), _negated=True), ("internal", False)
                        ),
                        name="search_sign",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "object_id"), name="search_entry_once"),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["article", "document", "page"])),
                        name="search_kind_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SearchWord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("word", models.CharField(max_length=80)),
                ("internal", models.BooleanField()),
                ("shown", models.CharField(max_length=80)),
                ("folded", models.CharField(max_length=80)),
                ("entries", models.IntegerField()),
            ],
            options={
                "default_permissions": (),
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.indexes.OpClass(models.F("folded"), "gin_trgm_ops"),
                        condition=models.Q(("internal", False)),
                        name="search_word_like",
                    ),
                    models.Index(
                        django.contrib.postgres.indexes.OpClass(
                            models.F("folded"), "text_pattern_ops"
                        ),
                        name="search_word_begins",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("word", "internal"), name="search_word_once")
                ],
            },
        ),
        migrations.RunSQL(NARROW, migrations.RunSQL.noop),
    ]
