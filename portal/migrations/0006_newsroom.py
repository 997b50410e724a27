import django.core.validators
import django.utils.timezone
from django.db import migrations, models

import core.fields


class Migration(migrations.Migration):
    dependencies = [("portal", "0005_roles")]

    operations = [
        migrations.AddField(
            model_name="sitesettings",
            name="stale_after_days",
            field=models.PositiveSmallIntegerField(
                default=30,
                help_text="Bàn làm việc nhắc những chuyên mục quá số ngày này chưa có bài mới.",
                validators=[django.core.validators.MinValueValidator(1)],
                verbose_name="nhắc chuyên mục chưa có tin sau (ngày)",
            ),
        ),
        migrations.CreateModel(
            name="OutgoingMail",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("to", models.EmailField(max_length=254, verbose_name="người nhận")),
                ("subject", core.fields.NFCCharField(max_length=300, verbose_name="tiêu đề")),
                ("body", core.fields.NFCTextField(verbose_name="nội dung")),
                (
                    "written_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="viết lúc"
                    ),
                ),
                (
                    "tries",
                    models.PositiveSmallIntegerField(default=0, verbose_name="số lần thử"),
                ),
                (
                    "due_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="gửi từ lúc"
                    ),
                ),
            ],
            options={
                "verbose_name": "thư chờ gửi",
                "verbose_name_plural": "thư chờ gửi",
                "default_permissions": (),
                "indexes": [models.Index(fields=["due_at", "id"], name="outgoing_mail_due")],
            },
        ),
    ]
