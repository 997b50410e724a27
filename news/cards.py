"""Cards: articles in lists, read from the database only when one of them is not kept."""

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import NamedTuple

from news.models import Article


class Card(NamedTuple):
    """The card of the article `pk`, one `among` others."""

    pk: int
    among: "Cards"

    def __repr__(self) -> str:
        """Return the id: {% cache %} tells lists of cards apart by it."""
        return str(self.pk)

    @property
    def article(self) -> Article | None:
        """The article; None when readers may see it no longer."""
        return self.among.articles.get(self.pk)


class Cards:
    """The cards of the published articles `pks`, in that order."""

    def __init__(self, pks: Iterable[int]) -> None:
        self.pks = list(pks)

    def __iter__(self) -> Iterator[Card]:
        return (Card(pk, self) for pk in self.pks)

    def __len__(self) -> int:
        return len(self.pks)

    @cached_property
    def articles(self) -> dict[int, Article]:
        """All of them by their ids; one query when the first is asked for."""
        return Article.objects.published().for_cards().in_bulk(self.pks)

    def some(self, pks: Iterable[int]) -> list[Card]:
        """Return the cards of `pks`, which are among these."""
        return [Card(pk, self) for pk in pks]
