from django.apps import AppConfig


class StatsConfig(AppConfig):
    name = "stats"
    verbose_name = "Thống kê truy cập"


class HitCountConfig(AppConfig):
    """django-hitcount as it was migrated: its keys are older than BigAutoField."""

    name = "hitcount"
    verbose_name = "Tổng lượt xem"
    default_auto_field = "django.db.models.AutoField"
