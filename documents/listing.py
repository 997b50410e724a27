"""The list of documents: what its address asks for, and the page that answers.

Any page is as cheap as the first: the counts of the years (documents/facets.py) say in which year
page N begins, and the rows are chosen from an index that holds all that the list filters by.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlencode

from django.db.models import F, Prefetch, Q, QuerySet
from django.http import Http404, QueryDict
from django.urls import reverse
from django.utils import timezone

from core.listing import PER_PAGE, Numbered, beginning, page_from, page_number
from core.text import nfc
from core.version_cache import remembered
from documents import search, signs
from documents.catalogue import DocumentType, Issuer
from documents.counting import COUNTED, FILTERS, UNDATED, Option
from documents.facets import Facets, facets
from documents.files import DocumentFile, FileRole
from documents.models import Document, DocumentQuerySet
from documents.tally import UNKNOWN_YEAR
from documents.validity import IN_FORCE_FROM, Status, conditions, status

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User

LONGEST_TEXT = 200
OLDEST_FIRST = "cu"
# Of more documents than are counted, the newest of so many pages can be seen.
PAGES_OF_UNCOUNTED = 50
# Filters whose choices have feeds of their own.
FOLLOWED = ("loai", "co-quan", "linh-vuc")
_WELL_FORMED = {
    "loai": re.compile("[-a-z0-9_]{1,100}"),
    "co-quan": re.compile("[-a-z0-9_]{1,100}"),
    "linh-vuc": re.compile("[-a-z0-9_]{1,100}"),
    "nam": re.compile(f"[1-9][0-9]{{3}}|{UNDATED}"),
    "hieu-luc": re.compile("|".join(Status.values)),
}


@dataclass(frozen=True)
class Asked:
    """What an address asks of the list: words, filters in use by their names, the order."""

    text: str
    chosen: Mapping[str, str]
    oldest_first: bool

    def address(self, path: str, **changes: str) -> str:
        """Return `path` asking for the same but for `changes` ("" leaves out a parameter)."""
        order = OLDEST_FIRST if self.oldest_first else ""
        asked = {"q": self.text, **self.chosen, "sap-xep": order} | changes
        query = urlencode({name: value for name, value in asked.items() if value})
        return f"{path}?{query}" if query else path

    def documents(self, reader: "Reader") -> DocumentQuerySet:
        """Return what `reader` may see of the documents asked for, newest first."""
        found = reader.documents
        if self.text:
            found = found.filter(search.answer_to(self.text, reader.documents))
        for name, value in self.chosen.items():
            found = _chosen(found, name, value, reader)
        return found

    def ordered(self, documents: DocumentQuerySet) -> DocumentQuerySet:
        """Put `documents` in the order asked for, undated ones last."""
        if self.oldest_first:
            return documents.order_by(F("issued_on").asc(nulls_last=True), "pk")
        return documents.newest_first()


def asked(query: QueryDict) -> Asked:
    """Return what the parameters ask for; Http404 for a filter that cannot be one."""
    chosen = {name: value for name in FILTERS if (value := query.get(name, ""))}
    order = query.get("sap-xep", "")
    malformed = (name for name in chosen if not _WELL_FORMED[name].fullmatch(chosen[name]))
    if any(malformed) or order not in ("", OLDEST_FIRST):
        raise Http404("No such filter.")
    # Cut first: putting a long run of combining marks into order takes quadratic time.
    text = nfc(query.get("q", "")[: 2 * LONGEST_TEXT].replace("\x00", " "))
    return Asked(" ".join(text.split())[:LONGEST_TEXT], chosen, bool(order))


@dataclass(frozen=True)
class Reader:
    """Who reads the list, and on which day."""

    user: "User | AnonymousUser"
    day: date

    @cached_property
    def is_cadre(self) -> bool:
        """True when internal documents are shown too."""
        return self.user.has_perm("documents.read_internal")

    @cached_property
    def documents(self) -> DocumentQuerySet:
        """Return all documents that this reader may see, newest first."""
        return Document.objects.readable_by(self.user)


def _chosen(found: DocumentQuerySet, name: str, value: str, reader: Reader) -> DocumentQuerySet:
    """Keep what the filter `name` leaves; keys are looked up within, so that an index suffices."""
    if name == "loai":
        return found.filter(type=DocumentType.objects.filter(slug=value).values("pk")[:1])
    if name == "co-quan":
        return found.filter(issuer=Issuer.objects.filter(slug=value).values("pk")[:1])
    if name == "linh-vuc":
        about = Document.fields.through.objects.filter(field__slug=value)
        return found.filter(pk__in=about.values("document"))
    if name == "nam":
        return (
            found.filter(issued_on=None)
            if value == UNDATED
            else found.filter(issued_on__year=value)
        )
    by_status = conditions(reader.day)[Status(value)]
    return found.alias(**{"in_force_from": IN_FORCE_FROM}).filter(by_status)


@dataclass(frozen=True)
class Chip:
    """A filter in use, in words, with the address of the list without it."""

    label: str
    value: str
    without: str


class Select(NamedTuple):
    """A filter of the form."""

    name: str
    label: str
    chosen: str
    options: list[Option]


class Row(NamedTuple):
    """A document of the list, what is told of its force, and its main file."""

    document: Document
    status: Status
    file: DocumentFile | None


@dataclass(frozen=True)
class Listing(Numbered):
    """Page `number` (from 1) of the documents that were `asked` for."""

    asked: Asked
    reader: Reader
    facets: Facets
    number: int
    most = COUNTED

    @cached_property
    def total(self) -> int:
        """Number of documents on all pages: where they are not counted, of those to be seen."""
        known = self.facets.total
        return PAGES_OF_UNCOUNTED * PER_PAGE if known is None else known

    @cached_property
    def keys(self) -> list[int]:
        """The ids of this page's documents, undated ones last; one query, or two where both are."""
        parts = (part for part in (self._dated(), self._undated()) if part is not None)
        return [pk for part in parts for pk in part.values_list("pk", flat=True)]

    @cached_property
    def rows(self) -> dict[int, Row]:
        """Return what this page tells of each document, by its id, in order; two queries."""
        main = DocumentFile.objects.current().filter(role=FileRole.MAIN)
        chosen = self.reader.documents.for_cards().prefetch_related(Prefetch("files", main))
        found = chosen.in_bulk(self.keys)
        return {pk: self._row(found[pk]) for pk in self.keys if pk in found}

    def _row(self, document: Document) -> Row:
        file = next(iter(document.files.all()), None)
        return Row(document, status(document, self.reader.day), file)

    def _dated(self) -> QuerySet[Document] | None:
        """The dated documents of this page and none before its first year."""
        found = self.asked.documents(self.reader).filter(issued_on__isnull=False)
        # Dated alone, nulls stand wherever the index has them.
        by_day = F("issued_on").asc(nulls_first=True)
        found = found.order_by(by_day, "pk") if self.asked.oldest_first else found
        if self.facets.total is None:
            return page_from(found, self.skipped)
        years = [each for each in self.facets.years if each[0] != UNKNOWN_YEAR]
        years = years[::-1] if self.asked.oldest_first else years
        start = beginning(self.skipped, [documents for _, documents in years])
        if start is None:
            return None
        index, skipped = start
        return page_from(found.filter(self._from_year(years[index][0])), skipped)

    def _from_year(self, year: int) -> Q:
        if self.asked.oldest_first:
            return Q(issued_on__gte=date(year, 1, 1))
        return Q(issued_on__lte=date(year, 12, 31))

    def _undated(self) -> QuerySet[Document] | None:
        """The undated documents that fill this page after the dated ones."""
        undated = dict(self.facets.years).get(UNKNOWN_YEAR, 0) if self.facets.total else 0
        end = self.skipped + PER_PAGE - (self.total - undated)
        if not undated or end <= 0:
            return None
        found = self.asked.documents(self.reader).filter(issued_on=None)
        return self.asked.ordered(found)[max(0, end - PER_PAGE) : end]

    @cached_property
    def sign(self) -> signs.Sign | None:
        """Return the sign that was typed, if a sign was."""
        return signs.parse(self.asked.text)

    @cached_property
    def bears_sign(self) -> bool:
        """True when the documents found bear the sign that was typed."""
        borne = signs.parse(self._first.sign) if self.sign and self._first else None
        return bool(self.sign and borne and signs.key(borne) == signs.key(self.sign))

    @property
    def _first(self) -> Document | None:
        row = self.rows.get(self.keys[0]) if self.keys else None
        return row.document if row else None

    @property
    def only_bearer(self) -> Document | None:
        """Return the one document that bears the sign that was typed, if it is the only one."""
        return self._first if self.bears_sign and self.total == 1 else None

    @property
    def is_shared(self) -> bool:
        """True when everybody is offered the same: nothing is asked for but an order."""
        return not (self.reader.is_cadre or self.asked.text or self.asked.chosen)

    @property
    def chips(self) -> list[Chip]:
        """Return the filters in use, each with the way out of it."""
        chips = [
            Chip(FILTERS[name].label, self.facets.label(name, value) or "", self._without(name))
            for name, value in self.asked.chosen.items()
        ]
        if self.asked.text:
            chips.insert(0, Chip("Tìm", self.asked.text, self._without("q")))
        return chips

    def _without(self, name: str) -> str:
        return self.asked.address(reverse("documents:index"), **{name: ""})

    @property
    def selects(self) -> list[Select]:
        """Return what the form offers."""
        return [
            Select(name, one.label, self.asked.chosen.get(name, ""), self.facets.options[name])
            for name, one in FILTERS.items()
        ]

    @property
    def followed(self) -> list[tuple[str, str, str]]:
        """Return kind, slug and name of the feeds of what is filtered by."""
        return [
            (kind, slug, self.facets.label(kind, slug) or "")
            for kind, slug in self.asked.chosen.items()
            if kind in FOLLOWED
        ]

    def address(self, number: int) -> str:
        """Return the address of page `number`; the first is the list itself."""
        page = str(number) if number > 1 else ""
        return self.asked.address(reverse("documents:index"), trang=page)

    @property
    def csv(self) -> str:
        """Return the address of all pages as one CSV file."""
        return self.asked.address(reverse("documents:csv"))

    @property
    def xlsx(self) -> str:
        """Return the address of all pages as one workbook."""
        return self.asked.address(reverse("documents:xlsx"))


def listing(query: QueryDict, user: "User | AnonymousUser") -> Listing:
    """Return the page that the parameters `query` ask for; Http404 when there is none."""
    wanted, reader = asked(query), Reader(user, timezone.localdate())
    found = _facets(wanted, reader)
    if any(found.label(name, value) is None for name, value in wanted.chosen.items()):
        raise Http404("No such filter.")
    return Listing(wanted, reader, found, page_number(query.get("trang", "")))


def _facets(wanted: Asked, reader: Reader) -> Facets:
    def counted() -> Facets:
        matching = wanted.documents(reader) if wanted.text else None
        return facets(wanted.chosen, reader.day, internal=reader.is_cadre, matching=matching)

    # Choices can be combined without end: what they leave is counted each time.
    if reader.is_cadre or wanted.text or wanted.chosen:
        return counted()
    return remembered("facets", counted)
