"""Rows of the catalogue found by the names that people write."""

from collections import defaultdict
from collections.abc import Iterable
from typing import TypeVar

from core.text import fold
from documents.catalogue import DocumentType, Field, Issuer, Signer

Row = TypeVar("Row")


class Names:
    """The catalogue by name, with or without diacritics; read once, one query for each kind."""

    def __init__(self) -> None:
        self.types = _by_name((row, (row.name,)) for row in DocumentType.objects.all())
        self.issuers = _by_name((row, (row.name, row.short_name)) for row in Issuer.objects.all())
        self.fields = _by_name((row, (row.name,)) for row in Field.objects.all())
        self.signers = _by_name(
            (row, (f"{row.name}|{row.position}",)) for row in Signer.objects.all()
        )

    def type(self, name: str) -> DocumentType | None:
        """Return the one type of that name, or None."""
        return _only(self.types[_key(name)])

    def issuer(self, name: str) -> Issuer | None:
        """Return the one issuer of that name or short name, or None."""
        return _only(self.issuers[_key(name)])

    def field(self, name: str) -> Field | None:
        """Return the one field of that name, or None."""
        return _only(self.fields[_key(name)])

    def signer(self, name: str, position: str) -> Signer | None:
        """Return the one signer of that name in that position, or None."""
        return _only(self.signers[_key(f"{name}|{position}")])


def _key(name: str) -> str:
    return " ".join(fold(name).split())


def _by_name(named: Iterable[tuple[Row, Iterable[str]]]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row, names in named:
        for key in {_key(name) for name in names if name}:
            found[key].append(row)
    return found


def _only(rows: list[Row]) -> Row | None:
    return rows[0] if len(rows) == 1 else None
