"""What people type into the search box: words, "quoted phrases", -exclusions, signs and dates.

However it is typed, a query is bounded: so many letters, so many words, nothing that is an operator
of PostgreSQL's own.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations, pairwise, takewhile

from core.search.tokens import SIGN, Token, forms, sign_token, tokens, ways_to_write, words
from core.text import fold, nfc

LONGEST = 200  # letters
MOST_WORDS = 24
# Lexemes that begin so are not words of the text: of its title, or what it is filtered by.
IN_TITLE = "^"
OF_FILTER = "@"

_PART = re.compile(r'(?P<minus>(?<!\S)-)?(?:"(?P<phrase>[^"]*)"?|(?P<plain>[^\s"]+))')
_LONGEST_SIGN = 5  # words


@dataclass(frozen=True)
class Term:
    """Words that must stand one behind the other; most often a single one."""

    words: tuple[Token, ...]


@dataclass(frozen=True)
class Query:
    """Terms that are all required and terms that must not occur, as they were typed.

    `exact` are the words whose marks count: those that some text has exactly so.
    """

    text: str
    terms: tuple[Term, ...]
    excluded: tuple[Term, ...] = ()
    exact: frozenset[str] = frozenset()

    @cached_property
    def words(self) -> list[Token]:
        """Return every required word, in the order in which they were typed."""
        return [word for term in self.terms for word in term.words]

    @cached_property
    def marked(self) -> bool:
        """True when the marks of some word count."""
        return any(word.marked and word.exact in self.exact for word in self.words)

    def lexeme(self, word: Token) -> str:
        """Return what stands for `word` in a text."""
        return word.exact if word.exact in self.exact else word.folded

    @cached_property
    def lexemes(self) -> frozenset[str]:
        """Return all that a text is looked through for."""
        return frozenset(self.lexeme(word) for word in self.words)

    @cached_property
    def answers(self) -> "Answers":
        """Return what tells which words of texts were looked for, or may begin what was."""
        return Answers(self.lexemes | self.numbers)

    @cached_property
    def spellings(self) -> int | None:
        """Return how many different words answer; None: any number, as to a word without marks."""
        every = self.lexemes
        return len(every) if all(fold(lexeme) != lexeme for lexeme in every) else None

    @cached_property
    def written(self) -> dict[str, str]:
        """Return all ways to write what answers, in lower case, and how each is compared.

        None where they are too many.
        """
        every = self.lexemes if self.spellings else ()
        return {word: lexeme for lexeme in every for word in ways_to_write(lexeme)}

    @cached_property
    def numbers(self) -> frozenset[str]:
        """Return the numbers with which the signs and dates that are looked for begin."""
        named = (word.exact.lstrip(SIGN) for word in self.words if is_whole(word))
        return frozenset("".join(takewhile(str.isdigit, name)) for name in named)

    def unmarked(self) -> "Query":
        """Return the same query, in which no marks count."""
        return replace(self, exact=frozenset())

    def condition(self) -> str:
        """Return the tsquery that a text with every term, and none excluded, satisfies."""
        required = [self._phrase(term) for term in self.terms]
        return " & ".join([*required, *self._not()])

    def condition_in_a_row(self) -> str:
        """Return the tsquery that a text with all words side by side satisfies."""
        return " & ".join([_in_a_row(map(self.lexeme, self.words)), *self._not()])

    def condition_of_title(self) -> str:
        """Return the tsquery that a text with every word in its title satisfies."""
        required = [quoted(IN_TITLE + self.lexeme(word)) for word in self.words]
        return " & ".join([*required, *self._not()])

    def condition_of_some(self, terms: Iterable[Term], number: int) -> str:
        """Return the tsquery that a text with any `number` of `terms` satisfies."""
        groups = combinations([self._phrase(term) for term in terms], number)
        either = " | ".join(f"({' & '.join(group)})" for group in groups)
        return " & ".join([f"({either})", *self._not()])

    def pairs(self) -> list[str]:
        """Return, for each two neighbouring words, the tsquery of a text that has them so."""
        places = [quoted(self.lexeme(word)) for word in self.words]
        return [f"{first} <-> {second}" for first, second in pairwise(places)]

    def _phrase(self, term: Term) -> str:
        return _in_a_row(self.lexeme(word) for word in term.words)

    def _not(self) -> list[str]:
        """What is excluded is meant just as it is typed."""
        return [f"!{_in_a_row(word.exact for word in term.words)}" for term in self.excluded]


_AROUND = ".,;:!?()[]\"'“”‘’…–-"


class Answers(dict[str, tuple[tuple[int, int, str], ...]]):
    """By what stands between two spaces of a text: where in it words begin and end that were
    looked for, each as it is compared."""

    def __init__(self, lexemes: frozenset[str]) -> None:
        super().__init__()
        self.lexemes = lexemes

    def __missing__(self, part: str) -> tuple[tuple[int, int, str], ...]:
        word = part.strip(_AROUND)
        # Most parts are one word, and not one that was looked for.
        is_other = word.isalpha() and self.lexemes.isdisjoint(forms(word))
        self[part] = () if is_other else tuple(self._found(part))
        return self[part]

    def _found(self, part: str) -> Iterator[tuple[int, int, str]]:
        for word in words(part):
            exact, folded = forms(word[0])
            if exact in self.lexemes or folded in self.lexemes:
                yield *word.span(), exact


def _in_a_row(lexemes: Iterable[str]) -> str:
    return f"({' <-> '.join(map(quoted, lexemes))})"


def without_places(condition: str) -> str:
    """Return a tsquery of all that satisfies `condition`, and more: words may stand anywhere."""
    return _NOT_IN_A_ROW.sub("", condition).replace("' <-> '", "' & '")


_LEXEME = r"'(?:[^'\\]|\\\\|'')*'"
_NOT_IN_A_ROW = re.compile(rf" & !\({_LEXEME}(?: <-> {_LEXEME})+\)")


def quoted(lexeme: str, weights: str = "") -> str:
    """Return `lexeme` as it stands in a tsquery or a tsvector."""
    escaped = lexeme.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'{weights}"


def parse(text: str) -> Query:
    """Read `text` as people type it; without anything to look for, the query has no terms."""
    # Cut first: putting a long run of combining marks into order takes quadratic time.
    text = nfc(text[: 2 * LONGEST].replace("\x00", " ").translate(_QUOTES))
    text = " ".join(text.split())[:LONGEST]
    terms: list[Term] = []
    excluded: list[Term] = []
    left = MOST_WORDS
    for part, is_phrase, is_excluded in _parts(text):
        words = list(tokens(part))[:left]
        left -= len(words)
        # A whole sign or date says all that its parts say.
        found = _phrase(words) if is_phrase or is_excluded else _whole(words)
        (excluded if is_excluded else terms).extend(found)
    return Query(text, tuple(dict.fromkeys(terms)), tuple(dict.fromkeys(excluded)))


_QUOTES = {ord(mark): '"' for mark in "“”„«»"}


def _parts(text: str) -> Iterator[tuple[str, bool, bool]]:
    """Stretches of plain words, quoted phrases and excluded parts, in their order."""
    plain: list[str] = []
    for found in _PART.finditer(text):
        is_phrase, is_excluded = found["phrase"] is not None, found["minus"] is not None
        if not is_phrase and not is_excluded:
            plain.append(found["plain"])
            continue
        yield " ".join(plain), False, False
        plain = []
        yield found["phrase"] or found["plain"] or "", is_phrase, is_excluded
    yield " ".join(plain), False, False


def _phrase(words: list[Token]) -> list[Term]:
    """One term of single words; parts of signs and dates stand for themselves."""
    single = tuple(word for word in words if not is_whole(word))
    return [Term(single)] if single else []


def _whole(words: list[Token]) -> list[Term]:
    """A term for each word; those within a sign or a date are left to it."""
    until, terms = -1, []
    for word in words:
        if word.start >= until:
            terms.append(Term((_placeless(word),)))
            until = word.end if is_whole(word) else until
    return terms


def is_whole(word: Token) -> bool:
    """Return whether `word` is a sign or a date, which stands beside its own parts."""
    return word.exact.startswith(SIGN) or "/" in word.exact


def _placeless(word: Token) -> Token:
    """The word wherever it was typed, so that nothing is asked twice."""
    return replace(word, start=0, end=0, position=0)


def sign_candidates(query: Query) -> dict[str, tuple[int, int]]:
    """Return what may be signs, typed loosely as `24ct tu`: token → terms that it spans."""
    found: dict[str, tuple[int, int]] = {}
    for start, term in enumerate(query.terms):
        if not term.words[0].exact[0].isdigit():
            continue
        for length in range(1, _LONGEST_SIGN + 1):
            parts = [term.words[0].folded for term in query.terms[start : start + length]]
            if len(parts) == length and not parts[-1].startswith(SIGN):
                found[sign_token("".join(parts))] = (start, start + length)
    return found


def with_signs(query: Query, known: Iterable[str]) -> Query:
    """Return the query in which each of the candidates that is `known` is one term."""
    spans: Mapping[str, tuple[int, int]] = sign_candidates(query)
    terms = list(query.terms)
    chosen = sorted((spans[sign], sign) for sign in known if sign in spans)
    taken = len(terms)
    for (start, end), sign in sorted(chosen, key=lambda one: (-one[0][0], -one[0][1])):
        if end <= taken:
            terms[start:end] = [Term((Token(sign, sign, 0, 0, 0),))]
            taken = start
    return replace(query, terms=tuple(terms))
