import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """The model names its relation, its migrations do not; no SQL follows."""

    dependencies = [
        ("contenttypes", "0002_remove_content_type_name"),
        ("hitcount", "0004_auto_20200704_0933"),
    ]

    operations = [
        migrations.AlterField(
            model_name="hitcount",
            name="content_type",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="content_type_set_for_%(class)s",
                to="contenttypes.contenttype",
            ),
        ),
    ]
