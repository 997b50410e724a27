"""The words of a text as the search compares them, each with the place where it stands.

PostgreSQL's own parser breaks signs apart and knows no Vietnamese. A word is compared in lower case
with its tone where tradition puts it (hoà, hòa) and a final y as i (kỷ, kỉ); folded, it has no
marks at all. A sign and a date are one token more, beside the words and numbers in them.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from core.text import fold, nfc, normalise_tones, split_tone

# Finds what a room calls a sign: where it begins and ends, and the text that it is compared by.
Recogniser = Callable[[str], Iterator[tuple[int, int, str]]]

SIGN = "#"
LONGEST_WORD = 40

_recognisers: list[Recogniser] = []
_LETTERS, _MARKS = r"[^\W\d_]", r"[\u0300-\u036f]"
_WORD = re.compile(
    # Most words are Latin letters alone, which are read in half the time.
    rf"[A-Za-zÀ-ÖØ-öø-ɏḀ-ỿ]++(?!\w|{_MARKS})"
    rf"|{_LETTERS}+(?:{_MARKS}+{_LETTERS}*)*"
    r"|[0-9]{1,3}(?:\.[0-9]{3})+(?![0-9])|[0-9]+"
    rf"|{_MARKS}+(?:{_LETTERS}+{_MARKS}*)*"
)
_DAY = r"(0?[1-9]|[12][0-9]|3[01])"
_MONTH = r"(0?[1-9]|1[0-2])"
_DATE = re.compile(
    rf"(?<![0-9]){_DAY}(?:\s{{0,2}}[-./]\s{{0,2}}{_MONTH}\s{{0,2}}[-./]"
    rf"|\s{{1,3}}(?i:th[aá]ng)\s{{1,3}}{_MONTH}(?:,?\s{{1,3}}(?i:n[aă]m))?,?\s{{1,3}})"
    r"\s{0,2}((?:19|20)[0-9]{2})(?![0-9])"
)
_FINAL_Y = re.compile("(?:[bcdđghklmnprstvx]|[cknpt]h|tr|qu|)y")


@dataclass(frozen=True)
class Token:
    """What is compared; `text[start:end]` is where it stands.

    `position` counts words from 0; a sign or a date shares that of its first part.
    """

    exact: str
    folded: str
    start: int
    end: int
    position: int

    @property
    def marked(self) -> bool:
        """True for a word that was typed with diacritics."""
        return self.exact != self.folded


def register(recogniser: Recogniser) -> None:
    """Let every text be searched for the signs that `recogniser` knows."""
    if recogniser not in _recognisers:
        _recognisers.append(recogniser)


def tokens(text: str) -> Iterator[Token]:
    """Yield the tokens of NFC `text` in the order of their positions."""
    left = wholes(text)[::-1]
    for position, word in enumerate(words(text)):
        start, end = word.span()
        while left and left[-1].start <= start:
            yield replace(left.pop(), position=position)
        exact, folded = forms(word[0])
        yield Token(exact, folded, start, end, position)


def words(text: str) -> Iterator[re.Match[str]]:
    """Find the words and numbers of NFC `text`, one for each position."""
    return _WORD.finditer(text)


def wholes(text: str) -> list[Token]:
    """Return the signs and dates of `text`; where they stand among its words is not known yet."""
    found = sorted([*_signs(text), *_dates(text)])
    return [Token(whole, whole, start, end, 0) for start, end, whole in found]


def _signs(text: str) -> Iterator[tuple[int, int, str]]:
    for recogniser in _recognisers:
        for start, end, key in recogniser(text):
            yield start, end, sign_token(key)


def _dates(text: str) -> Iterator[tuple[int, int, str]]:
    for found in _DATE.finditer(text):
        day, month, year = (int(part) for part in found.groups() if part)
        yield found.start(), found.end(), f"{day}/{month}/{year}"


def sign_token(typed: str) -> str:
    """Return the token of a sign however it was typed: `24-CT/TU`, `24ct tu`, `24/CT-TU` alike."""
    squashed = re.sub("[^a-z0-9]", "", fold(typed))
    return SIGN + squashed.lstrip("0")


@lru_cache(maxsize=50_000)
def forms(word: str) -> tuple[str, str]:
    """Return `word` as it is compared, and that without its marks."""
    if word[0].isdigit() and word[0].isascii():
        number = word.replace(".", "").lstrip("0")[:LONGEST_WORD] or "0"
        return number, number
    exact = _with_final_i(normalise_tones(nfc(word)).lower().replace("ð", "đ"))[:LONGEST_WORD]
    return exact, fold(exact)


def _with_final_i(word: str) -> str:
    """Kỷ and kỉ, lý and lí are one word: which letter is written is a matter of taste."""
    if "y" not in word and "ý" not in word and not word.endswith(("ỳ", "ỷ", "ỹ", "ỵ")):
        return word
    toneless, tone = split_tone(word)
    return nfc(f"{toneless[:-1]}i{tone}") if _FINAL_Y.fullmatch(toneless) else word


@lru_cache(maxsize=5_000)
def ways_to_write(exact: str) -> frozenset[str]:
    """Return every way to write a word that is compared as `exact`, in lower case."""
    toneless, tone = split_tone(exact)
    bases = {toneless, f"{toneless[:-1]}y"} if toneless.endswith("i") else {toneless}
    places = range(1, len(toneless) + 1)
    written = {nfc(base[:place] + tone + base[place:]) for base in bases for place in places}
    return frozenset(w for w in written if len(w) == len(exact) and forms(w)[0] == exact)
