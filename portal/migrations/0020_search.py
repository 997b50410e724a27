import django.utils.timezone
from django.db import migrations, models

import core.fields


class Migration(migrations.Migration):
    dependencies = [
        ("portal", "0006_newsroom"),
    ]

    operations = [
        migrations.CreateModel(
            name="SearchMiss",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "words",
                    core.fields.NFCCharField(max_length=200, unique=True, verbose_name="từ đã tìm"),
                ),
                ("times", models.PositiveIntegerField(default=1, verbose_name="số lần")),
                (
                    "last_on",
                    models.DateField(
                        db_index=True,
                        default=django.utils.timezone.localdate,
                        verbose_name="lần cuối",
                    ),
                ),
            ],
            options={
                "verbose_name": "từ tìm không thấy",
                "verbose_name_plural": "từ tìm không thấy",
                "ordering": ("-times", "-last_on", "words"),
                "default_permissions": (),
            },
        ),
    ]
