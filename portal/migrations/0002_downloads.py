from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0001_initial"),
        ("portal", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Download",
            fields=[],
            options={
                "verbose_name": "lượt tải văn bản",
                "verbose_name_plural": "lượt tải văn bản",
                "proxy": True,
                "default_permissions": (),
                "indexes": [],
                "constraints": [],
            },
            bases=("documents.document",),
        ),
    ]
