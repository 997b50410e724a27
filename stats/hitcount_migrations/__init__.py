"""django-hitcount's migrations, and after them what they leave out (settings.MIGRATION_MODULES)."""

from hitcount import migrations

__path__ = [*__path__, *migrations.__path__]
