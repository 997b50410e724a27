"""The words of everything that can be found: how common each is, and how people write it.

What is internal has rows of its own, so that no word of it is ever counted or offered in public.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import connection, models
from django.db.models import F, Q

from core.search.planning import planned_once
from core.search.tokens import SIGN, Token, tokens

LONGEST = 80

# Of each word, with whether it is internal: how it is written, and its folded form.
Words = Mapping[tuple[str, bool], tuple[str, str]]

CHANGE = """
    INSERT INTO core_searchword (word, internal, shown, folded, entries)
    SELECT * FROM unnest(%s::text[], %s::bool[], %s::text[], %s::text[], %s::int[])
    ON CONFLICT (word, internal)
    DO UPDATE SET entries = core_searchword.entries + excluded.entries
"""
FREQUENCIES = """
    SELECT word, folded, entries FROM core_searchword
    WHERE (word = ANY(%(exact)s::text[]) OR folded = ANY(%(folded)s::text[]))
        AND (%(internal)s OR NOT internal)
"""
FORGET = "DELETE FROM core_searchword WHERE entries <= 0 AND word = ANY(%s)"


class SearchWord(models.Model):
    """A word of the texts: in how many public, or internal, entries, and how people write it."""

    word = models.CharField(max_length=LONGEST)
    internal = models.BooleanField()
    shown = models.CharField(max_length=LONGEST)
    folded = models.CharField(max_length=LONGEST)
    entries = models.IntegerField()

    class Meta:
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(fields=("word", "internal"), name="search_word_once"),
        )
        indexes = (
            GinIndex(
                OpClass(F("folded"), "gin_trgm_ops"),
                name="search_word_like",
                condition=Q(internal=False),
            ),
            models.Index(OpClass(F("folded"), "text_pattern_ops"), name="search_word_begins"),
        )

    def __str__(self) -> str:
        return self.shown


def words_of(texts: Iterable[str], *, internal: bool) -> dict[tuple[str, bool], tuple[str, str]]:
    """Return the words of `texts` that are worth counting."""
    return {
        (token.exact, internal): (text[token.start : token.end].lower()[:LONGEST], token.folded)
        for text in texts
        for token in tokens(text)
        if _counts(token)
    }


def _counts(token: Token) -> bool:
    """Long numbers and dates name one thing each: nobody needs them spelled."""
    if token.exact.startswith(SIGN):
        return len(token.exact) <= LONGEST
    return "/" not in token.exact and not (token.exact[0].isdigit() and len(token.exact) > 4)


def change(before: Words, after: Words) -> None:
    """Count one entry's words anew: those `before` it changed, and those it has `after`.

    Rows are locked in the order of their words, so that two publications never wait for each other.
    """
    gone, new = before.keys() - after.keys(), after.keys() - before.keys()
    rows = sorted(
        [(*key, *before[key], -1) for key in gone] + [(*key, *after[key], 1) for key in new]
    )
    add(rows)
    if gone:
        with connection.cursor() as cursor:
            cursor.execute(FORGET, [sorted({word for word, _ in gone})])


def add(rows: Sequence[tuple[str, bool, str, str, int]]) -> None:
    """Count words in so many more entries each; `rows`, sorted, are as the table's columns."""
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(CHANGE, [list(column) for column in zip(*rows, strict=True)])


def frequencies(
    exact: Collection[str], folded: Collection[str], *, internal: bool
) -> tuple[dict[str, int], dict[str, int]]:
    """Return in how many entries words stand: with just these marks, and with any.

    Those that stand nowhere are left out; internal entries count if `internal`. One query.
    """
    as_typed: dict[str, int] = {}
    any_marks: dict[str, int] = {}
    values = {"exact": list(exact), "folded": list(folded), "internal": internal}
    for word, plain, entries in planned_once(FREQUENCIES, values):
        as_typed[word] = as_typed.get(word, 0) + entries
        any_marks[plain] = any_marks.get(plain, 0) + entries
    return as_typed, any_marks
