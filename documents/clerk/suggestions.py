"""What a sign, a day and an issuer suggest to the records clerk; nothing here decides.

Two bodies may share a symbol and two types a code, so each suggestion is a list.
"""

import re
from collections.abc import Iterable
from datetime import date
from typing import TypeVar

from django.db.models import Max, Min, QuerySet

from documents.models import Document, DocumentType, Issuer
from documents.signs import Sign, symbol_key

SHOWN = 5
Coded = TypeVar("Coded", DocumentType, Issuer)
_PERIOD = re.compile(r"(\d{4})-(\d{4})")


def types(sign: Sign) -> list[DocumentType]:
    """Return the types whose code begins the symbol of `sign`."""
    return _with_code(DocumentType.objects.exclude(code=""), {_parts(sign)[0]})


def issuers(sign: Sign, on: date | None) -> list[Issuer]:
    """Return the issuers whose code ends the symbol of `sign`, those that existed on `on` first."""
    _, *rest = _parts(sign)
    symbol = symbol_key(sign.symbol)
    codes = {*rest, symbol.partition("/")[2], symbol.partition("-")[2]}
    found = _with_code(Issuer.objects.exclude(code=""), codes)
    return sorted(found, key=lambda issuer: on is not None and not issuer.existed_on(on))


def terms(issuer_pk: int | None, sign: Sign | None, on: date | None) -> list[str]:
    """Return the terms that fit: the year in the sign, else those of the issuer's documents."""
    if sign and sign.year:
        return [str(sign.year)]
    if issuer_pk is None:
        return []
    known = Document.objects.filter(issuer=issuer_pk).exclude(term="").order_by()
    spans = known.values_list("term").annotate(first=Min("issued_on"), last=Max("issued_on"))
    found = [term for term, first, last in spans if _fits(term, first, last, on)]
    return sorted(found, reverse=True)[:SHOWN]


def same_sign(sign: Sign, *, besides: int | None = None) -> QuerySet[Document]:
    """Return the documents, at most a few, that bear `sign` already, whoever issued them."""
    found = Document.objects.originals().with_sign(sign).select_related("type", "issuer")
    if besides:
        found = found.exclude(pk=besides)
    return found.defer("words", "folded").order_by("-pk")[:SHOWN]


def _parts(sign: Sign) -> list[str]:
    return re.split("[-/]", symbol_key(sign.symbol))


def _with_code(rows: QuerySet[Coded], codes: Iterable[str]) -> list[Coded]:
    return [row for row in rows if symbol_key(row.code) in codes]


def _fits(term: str, first: date | None, last: date | None, on: date | None) -> bool:
    """Whether a term can hold the day: within its years, or between two of its documents."""
    if on is None:
        return True
    if first and last and first <= on <= last:
        return True
    years = _PERIOD.fullmatch(term)
    return int(years[1]) <= on.year <= int(years[2]) if years else term == str(on.year)
