"""The page of search results: what its address asks for, and what answers it."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import NamedTuple
from urllib.parse import urlencode

from django.db.models import Model
from django.http import Http404, QueryDict
from django.urls import reverse

from core.listing import PER_PAGE, Numbered, page_number
from core.search.answering import Answer, How, answer
from core.search.entries import Kind
from core.search.extracts import Piece, extract, highlighted
from core.search.finding import MOST, Shown
from core.search.finding import Asked as Question
from core.search.query import Query, parse
from core.search.windows import years
from core.version_cache import remembered
from documents.models import DocumentType, Issuer
from news.models import Category

NEWEST_FIRST = "moi"
KINDS = {"tin-bai": Kind.ARTICLE, "van-ban": Kind.DOCUMENT, "trang": Kind.PAGE}
_SLUG = re.compile("[-a-z0-9_]{1,100}")


class Facet(NamedTuple):
    """A filter: its name in addresses, what the search calls it, what people call it."""

    name: str
    key: str
    label: str
    model: type[Model] | None


FACETS = (
    Facet("nguon", "kind", "Nguồn", None),
    Facet("chuyen-muc", "section", "Chuyên mục", Category),
    Facet("loai", "type", "Loại văn bản", DocumentType),
    Facet("co-quan", "issuer", "Cơ quan ban hành", Issuer),
    Facet("nam", "year", "Năm", None),
)


class Option(NamedTuple):
    """A choice of a filter: its name, the address with it, and how many it leaves, if known."""

    label: str
    address: str
    entries: int | None


class Chip(NamedTuple):
    """A filter in use, with the address without it."""

    label: str
    value: str
    without: str


class Row(NamedTuple):
    """How an entry that was found is shown: in pieces of text (core/search/extracts.py)."""

    address: str
    internal: bool
    label: list[Piece]
    title: list[Piece]
    extract: list[Piece]
    # As machines and as people read it; what is as old as its last change has none to show.
    iso: str
    day: str


@dataclass(frozen=True)
class Asked:
    """What an address asks for: words, filters by their names in addresses, the order, the page."""

    query: Query
    chosen: Mapping[str, str]
    newest_first: bool
    number: int = 1

    @property
    def text(self) -> str:
        """The words, as they were typed."""
        return self.query.text

    def address(self, **changes: str) -> str:
        """Return the address of the first page that asks the same but for `changes`."""
        order = NEWEST_FIRST if self.newest_first else ""
        values = {"q": self.text, **self.chosen, "sap-xep": order} | changes
        query = urlencode({name: value for name, value in values.items() if value})
        return f"{_path()}?{query}"

    @cached_property
    def unchanged(self) -> str:
        """Address of the first page."""
        return self.address()


@cache
def _path() -> str:
    return reverse("search")


def asked(query: QueryDict) -> Asked:
    """Return what the parameters ask for; Http404 for a filter that cannot be one."""
    chosen = {one.name: value for one in FACETS if (value := query.get(one.name, ""))}
    order = query.get("sap-xep", "")
    if order not in ("", NEWEST_FIRST) or not all(map(_SLUG.fullmatch, chosen.values())):
        raise Http404("No such filter.")
    words = parse(query.get("q", ""))
    return Asked(words, chosen, bool(order), page_number(query.get("trang", "")))


@dataclass(frozen=True)
class Results(Numbered):
    """One page of what answers `asked`; None when nothing was asked."""

    asked: Asked
    answer: Answer | None
    chosen: Mapping[str, str]
    number: int

    @cached_property
    def total(self) -> int:
        """Number of entries on all pages: of very many, of those to be seen."""
        return len(self.answer.found.keys) if self.answer else 0

    @property
    def start(self) -> int:
        """Number of this page's first entry, from 1."""
        return self.skipped + 1

    @property
    def asks_nothing(self) -> bool:
        """True when what was typed has no word to look for."""
        return self.answer is not None and not self.answer.query.terms

    @property
    def missed(self) -> bool:
        """True when words were looked for, without filters, and nothing has them all."""
        if self.answer is None or self.asks_nothing or self.asked.chosen or self.number > 1:
            return False
        return self.how not in (How.FULLY.value, How.WITHOUT_MARKS.value)

    @property
    def how(self) -> str:
        """In what way the entries answer; "nothing" when there are none."""
        if self.answer is None or not self.answer.found.total:
            return "nothing"
        return self.answer.how.value

    @cached_property
    def rows(self) -> list[Row]:
        """Return this page's entries."""
        if self.answer is None:
            return []
        return [_row(entry, self.answer.query) for entry in self.answer.found.shown]

    @cached_property
    def facets(self) -> list[tuple[Facet, list[Option]]]:
        """Return the filters that would leave something out, each with its choices."""
        if self.answer is None:
            return []
        found = self.answer.found.facets
        offered = []
        for facet in FACETS:
            counts = {**self._uncounted(facet.key), **found.get(facet.key, {})}
            if facet.name not in self.asked.chosen and len(counts) > 1:
                offered.append((facet, self._options(facet, counts)))
        return offered

    def _uncounted(self, key: str) -> Mapping[int | str, None]:
        """What there is beyond the newest entries, if they alone were counted."""
        assert self.answer is not None
        if not self.answer.found.partial:
            return {}
        if key == "year":
            return dict.fromkeys(remembered("years found", years))
        # Sections are of articles; types and issuers, of documents.
        if key == "kind" and not self.asked.chosen.keys() - {"nam"}:
            return dict.fromkeys(kind.value for kind in KINDS.values())
        return {}

    def _options(self, facet: Facet, counts: Mapping[int | str, int | None]) -> list[Option]:
        names = _names(facet, counts)
        # Values are slugs and numbers: there is nothing in them to be quoted.
        address = f"{self.asked.unchanged}&{facet.name}="
        options = [
            Option(label, address + value, counts[key])
            for key, (value, label) in names.items()
            if key in counts
        ]
        if facet.key == "year":
            return sorted(options, key=lambda one: one.label, reverse=True)
        return sorted(options, key=lambda one: (-(one.entries or 0), one.label))

    @property
    def chips(self) -> list[Chip]:
        """Return the filters in use, each with the way out of it."""
        return [
            Chip(one.label, self.chosen[one.name], self.asked.address(**{one.name: ""}))
            for one in FACETS
            if one.name in self.chosen
        ]

    def address(self, number: int) -> str:
        """Return the address of page `number`."""
        return f"{self.asked.unchanged}&trang={number}" if number > 1 else self.asked.unchanged

    @property
    def by_relevance(self) -> str:
        """Address of the same, best first."""
        return self.asked.address(**{"sap-xep": ""})

    @property
    def by_day(self) -> str:
        """Address of the same, newest first."""
        return self.asked.address(**{"sap-xep": NEWEST_FIRST})

    @property
    def meant(self) -> Asked:
        """What was looked for instead, without filters."""
        assert self.answer is not None
        return Asked(self.answer.query, {}, self.asked.newest_first)


def _row(entry: Shown, query: Query) -> Row:
    summary = extract(entry.summary, query) if entry.kind == Kind.ARTICLE else []
    body = extract(entry.body, query)
    best = body if _letters(body) > _letters(summary) else summary or body
    return Row(
        entry.address,
        entry.internal,
        highlighted(entry.label, query) or [(str(Kind(entry.kind).label), False)],
        highlighted(entry.title, query),
        best,
        entry.day.isoformat(),
        "" if entry.kind == Kind.PAGE else f"{entry.day:%d/%m/%Y}",
    )


def _letters(pieces: list[Piece]) -> int:
    """How many letters of the words that were looked for are shown."""
    return sum(len(text) for text, hit in pieces if hit)


def _names(facet: Facet, keys: Collection[int | str]) -> Mapping[int | str, tuple[str, str]]:
    """Value in addresses and name of each key, and perhaps of more."""
    if facet.key == "kind":
        return {kind: (value, kind.label) for value, kind in KINDS.items()}
    model = facet.model
    if model is None:
        return {key: (str(key), str(key)) for key in keys}
    return remembered(f"names of {facet.key}", lambda: _all_names(model))


def _all_names(model: type[Model]) -> dict[int | str, tuple[str, str]]:
    rows = model._default_manager.order_by().values_list("pk", "slug", "name")
    return {pk: (slug, name) for pk, slug, name in rows}


def _keys(chosen: Mapping[str, str]) -> tuple[dict[str, int | str], dict[str, str]]:
    """What the search calls each chosen filter, and what people do; Http404 for no such."""
    keys: dict[str, int | str] = {}
    names: dict[str, str] = {}
    for facet in FACETS:
        value = chosen.get(facet.name)
        if value is None:
            continue
        if facet.key == "kind" and value in KINDS:
            keys[facet.key], names[facet.name] = KINDS[value].value, KINDS[value].label
        elif facet.key == "year" and re.fullmatch("[12][0-9]{3}", value):
            keys[facet.key], names[facet.name] = int(value), value
        elif facet.model is not None:
            row = facet.model._default_manager.filter(slug=value).values_list("pk", "name").first()
            if row is None:
                raise Http404("No such filter.")
            keys[facet.key], names[facet.name] = row
        else:
            raise Http404("No such filter.")
    return keys, names


def results(query: QueryDict, *, internal: bool) -> Results:
    """Return the page that the parameters `query` ask for; Http404 when there is none."""
    wanted = asked(query)
    keys, names = _keys(wanted.chosen)
    if not wanted.text:
        return Results(wanted, None, names, 1)
    skipped = (wanted.number - 1) * PER_PAGE
    if skipped >= MOST:
        raise Http404("No such page.")
    question = Question(wanted.query, keys, wanted.newest_first, internal, skipped)
    return Results(wanted, answer(question), names, wanted.number)
