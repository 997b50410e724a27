"""The app."""

from django.apps import AppConfig


class JournalConfig(AppConfig):
    """A journal."""

    name = "journal"
    default_auto_field = "django.db.models.BigAutoField"
