"""Model fields shared by every app."""

from collections.abc import Sequence
from typing import Any

from django.db import models

from core.text import fold, nfc


class _NFCMixin(models.Field):
    """Keeps text in normal form C on every way into the database and in exact lookups."""

    def to_python(self, value: Any) -> Any:
        """Return text in NFC; what is validated, saved or looked up passes here."""
        text = super().to_python(value)
        return nfc(text) if isinstance(text, str) else text

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        """Return, and set on the instance, the text in NFC."""
        value = super().pre_save(model_instance, add)
        if isinstance(value, str):
            value = nfc(value)
            setattr(model_instance, self.attname, value)
        return value


class NFCCharField(_NFCMixin, models.CharField):
    """One line of text that people wrote."""


class NFCTextField(_NFCMixin, models.TextField):
    """Plain text that people wrote."""


class FoldedField(models.TextField):
    """The folded text of the fields named in `source`, kept for search without diacritics.

    Computed whenever it is saved: `update_fields` with one of the sources names it too.
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
