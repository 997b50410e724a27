"""Model fields shared by every app."""

from collections.abc import Sequence
from typing import Any

from django.db import models

from core.text import fold


class FoldedField(models.TextField):
    """The folded text of the fields named in `source`, kept for search without diacritics.

    Computed whenever the row is saved or created in bulk.
    """

    def __init__(self, *args: Any, source: Sequence[str] = (), **kwargs: Any) -> None:
        self.source = tuple(source)
        super().__init__(*args, **{"editable": False, "default": "", **kwargs})

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        """Add `source` to what migrations write."""
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, kwargs | {"source": self.source}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        """Return, and set on the instance, the folded text."""
        value = fold(" ".join(getattr(model_instance, name) for name in self.source)).strip()
        setattr(model_instance, self.attname, value)
        return value
