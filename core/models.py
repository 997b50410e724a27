"""The tables of core, each written beside the rules that belong to it."""

from core.media import Photo
from core.publishing import AuditEntry

__all__ = ["AuditEntry", "Photo"]
