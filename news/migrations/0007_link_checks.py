from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("news", "0006_what_is_approved_stays")]

    operations = [
        migrations.CreateModel(
            name="LinkCheck",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("url", models.URLField(max_length=2000, unique=True, verbose_name="địa chỉ")),
                ("checked_at", models.DateTimeField(null=True, verbose_name="thử lúc")),
                ("status", models.PositiveSmallIntegerField(null=True, verbose_name="kết quả")),
            ],
            options={
                "verbose_name": "liên kết ra ngoài",
                "verbose_name_plural": "liên kết ra ngoài",
                "indexes": [
                    models.Index(
                        models.OrderBy(models.F("checked_at"), nulls_first=True),
                        models.F("id"),
                        name="link_check_due",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("checked_at", None), ("status", None))
                        | models.Q(("checked_at__isnull", False), ("status__isnull", False)),
                        name="link_check_has_a_moment",
                    )
                ],
            },
        ),
    ]
