"""What answers a query: what has all its words, else what may have been meant, else some words.

Each step is taken only where the one before finds nothing, and says so.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum

from core.search.finding import Asked, Found, search, understood
from core.search.query import Query, Term
from core.search.spelling import corrections

SHORT = 6  # terms, of which every choice can be tried


class How(Enum):
    """In what way entries answer a query."""

    FULLY = "fully"
    WITHOUT_MARKS = "without marks"
    CORRECTED = "corrected"
    PARTLY = "partly"


@dataclass(frozen=True)
class Answer:
    """What was found, how, and the query that it answers: another one where it was corrected."""

    found: Found
    how: How

    @property
    def query(self) -> Query:
        """The query that the entries answer."""
        return self.found.query


def answer(asked: Asked) -> Answer:
    """Return what answers best; of a filtered list, only what has all words."""
    query, counts = understood(asked.query, internal=asked.internal)
    asked = replace(asked, query=query)
    if not query.terms:
        return Answer(Found(query, [], [], 0, {}), How.FULLY)
    fully = search(asked, query.condition(), min(counts.values()))
    if fully.total:
        return Answer(fully, How.FULLY)
    for how, found in _other_ways(asked, counts):
        if found.total:
            return Answer(found, how)
    return Answer(fully, How.FULLY)


def _other_ways(asked: Asked, counts: Mapping[Term, int]) -> Iterator[tuple[How, Found]]:
    if asked.query.marked:
        unmarked = asked.query.unmarked()
        yield How.WITHOUT_MARKS, search(replace(asked, query=unmarked), unmarked.condition(), None)
    if not asked.chosen:
        for found in _corrected(asked):
            yield How.CORRECTED, found
        for found in _partly(asked, counts):
            yield How.PARTLY, found


def _corrected(asked: Asked) -> Iterator[Found]:
    for meant, in_a_row in corrections(asked.query):
        query, counts = understood(meant, internal=asked.internal)
        condition = query.condition_in_a_row() if in_a_row else query.condition()
        if query.terms:
            yield search(replace(asked, query=query), condition, min(counts.values()))


def _partly(asked: Asked, counts: Mapping[Term, int]) -> Iterator[Found]:
    """As many words as some entry has together, of those that say most."""
    known = sorted((term for term in counts if counts[term]), key=lambda term: counts[term])
    known = known[:SHORT]
    for number in range(min(len(known), len(counts) - 1), 0, -1):
        condition = asked.query.condition_of_some(known, number)
        yield search(asked, condition, None, partly=True)
