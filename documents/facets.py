"""What the list of documents can be filtered by, with how many documents each choice leaves.

Without words the numbers of one filter do not heed that filter itself: they say what another choice
would give. With words the matching documents are counted, and a filter in use numbers its own
choice alone; of more than COUNTED, nothing is numbered.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import QuerySet

from documents import tally
from documents.counting import COUNTED, FILTERS, UNDATED, Counts, Option, matched, tallied


@dataclass(frozen=True)
class Facets:
    """The options of each filter by its name in addresses, in order; `total` None: above COUNTED.

    `years` are those of the result, newest first, each with its documents; 0 has the undated.
    """

    options: Mapping[str, list[Option]]
    years: list[tuple[int, int]]
    total: int | None

    def label(self, name: str, value: str) -> str | None:
        """Return what people call `value` of the filter `name`; None when there is no such."""
        return next((o.label for o in self.options[name] if o.value == value), None)


def facets(
    chosen: Mapping[str, str], day: date, *, internal: bool, matching: QuerySet[Any] | None
) -> Facets:
    """Count the documents of each option on the day `day`: one query, and more on a new day.

    `chosen` has the filters in use, `matching` the documents that they and the words leave (None:
    no words); internal documents count if `internal`.
    """
    parameters: dict[str, Any] = {**chosen, "internal": internal}
    if "nam" in chosen:
        parameters["nam"] = _year(chosen["nam"])
    if matching is None:
        counts, is_counted = _of_today(chosen, parameters, day), True
    else:
        counts = matched(chosen, parameters, matching, day)
        is_counted = int(counts.note) <= COUNTED
    options = counts.options
    years = [
        (_year(option.value), option.documents) for option in options["nam"] if option.documents
    ]
    if "nam" in chosen:
        years = [(year, documents) for year, documents in years if year == parameters["nam"]]
    offered = {
        name: list(_offered(options[name], chosen.get(name), is_counted, matching is not None))
        for name in FILTERS
    }
    return Facets(offered, years, sum(n for _, n in years) if is_counted else None)


def _year(value: str) -> int:
    return tally.UNKNOWN_YEAR if value == UNDATED else int(value)


def _of_today(chosen: Mapping[str, str], parameters: Mapping[str, Any], day: date) -> Counts:
    counts = tallied(chosen, parameters)
    if counts.note == day.isoformat():
        return counts
    tally.recount(day)
    return tallied(chosen, parameters)


def _offered(
    options: Iterable[Option], chosen: str | None, is_counted: bool, by_words: bool
) -> Iterator[Option]:
    """The options worth offering: chosen, not counted, or leaving a document."""
    for option in options:
        is_chosen = option.value == chosen
        if not is_counted or (by_words and chosen and not is_chosen):
            yield replace(option, documents=None)
        elif option.documents or is_chosen:
            yield replace(option, documents=option.documents or 0)
