"""Signs of documents (số, ký hiệu): read as people type them, printed, compared, found in text.

A Party sign is `24-CT/TU` (Hướng dẫn 36-HD/VPTW, 2018), a state sign `123/KH-UBND` or
`42/2022/NĐ-CP` (Nghị định 30/2020/NĐ-CP). Two bodies may share a symbol, so nothing here says
who issued a document or of what type it is.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from core.text import fold, nfc

SYMBOL_MAX_LENGTH = 50

_TYPED_MAX_LENGTH = 100

# One character for one, so that offsets in a text stay true.
_LOOKALIKES = (
    {full_width: full_width - 0xFEE0 for full_width in range(0xFF01, 0xFF5F)}
    | dict.fromkeys(map(ord, "\u00ad\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63"), "-")
    | dict.fromkeys(map(ord, "\u2044\u2215"), "/")
    | dict.fromkeys(map(ord, "\t\u00a0\u202f\u205f\u3000"), " ")
    | dict.fromkeys(range(0x2000, 0x200B), " ")
    # The number of a footnote is no part of the sign that it stands behind.
    | dict.fromkeys(map(ord, "¹²³⁰⁴⁵⁶⁷⁸⁹"), " ")
    | {ord("Ð"): "Đ", ord("Ɖ"): "Đ", ord("ð"): "đ", ord("ɖ"): "đ"}
)
_INVISIBLE = re.compile("[\u200b-\u200d\u2060\ufeff]")
_PUNCTUATION_AROUND = " .,;:*()[]\"'“”‘’«»…"

# Abbreviations have no tones: Ư and Ê occur in symbols, Ừ and Ế only in words.
_CAPITALS = "A-ZĐĂÂÊÔƠƯ"
_SMALL_LETTERS = "a-zđăâêôơư"
_YEAR = "(?:19|20)[0-9]{2}"
_NUMBER = r"[0-9]{1,3}\.[0-9]{3}|[0-9]{1,6}"


@dataclass(frozen=True)
class Sign:
    """A sign taken apart: `12a-CV/ĐU` is number 12, suffix "a", no year, symbol "CV/ĐU".

    `symbol` is what follows the number and the year; `str()` prints the sign as offices do,
    numbers below 10 with a zero.
    """

    number: int
    suffix: str
    year: int | None
    symbol: str

    def __str__(self) -> str:
        """Return `24-CT/TU`, `123/KH-UBND` or `42/2022/NĐ-CP`."""
        number = f"{self.number:02d}{self.suffix}"
        if self.year is not None:
            return f"{number}/{self.year}/{self.symbol}"
        of_the_party = "/" in self.symbol.partition("-")[0]
        return f"{number}{'-' if of_the_party else '/'}{self.symbol}"


@dataclass(frozen=True)
class Found:
    """A sign in a text, at `text[start:end]`."""

    sign: Sign
    start: int
    end: int


def _typed_sign() -> re.Pattern[str]:
    letter = f"[{_CAPITALS}{_SMALL_LETTERS}]"
    more = rf"(?:[.&]?[{_CAPITALS}{_SMALL_LETTERS}0-9]){{0,19}}"
    first, part = f"{letter}{letter}{more}", f"{letter}{more}"
    return re.compile(
        rf"(?:[sS][oOôÔốỐ] ?[:.]? ?)?(?P<number>{_NUMBER})(?P<suffix>[A-Za-z](?=[-/ ]))?"
        rf"(?:/(?P<year>{_YEAR})[-/ ](?P<dated>{part}(?:[-/]{part}){{1,5}}|{first})"
        rf"|[-/ ]?(?P<party>{first}/{part}(?:[-/]{part}){{0,4}})"
        rf"|[/ ]?(?P<state>{first}-{part}(?:[-/]{part}){{0,4}})"
        rf"|/(?P<body>{first}))"
    )


def _printed_sign() -> re.Pattern[str]:
    """A sign within a text, in any normal form; addresses of the web are matched whole.

    Where "số" announces a sign it may be spaced as carelessly as people do; elsewhere it must be
    written closely. Every repetition is bounded, so that no text makes the search slow.
    """
    line_end = r"(?:\r?\n)?"
    dash, slash = f" {{0,3}}-{line_end} {{0,3}}", f" {{0,3}}/{line_end} {{0,3}}"
    announced = _shape(f"(?:{dash}| {{0,3}})", dash, slash)
    close = _shape(f"-{line_end}", f"-{line_end}", f"/{line_end}")
    return re.compile(
        r"(?i:https?://|www\.)\S+"
        r"|(?<![\w\u0300-\u036f])[sS](?:[ốỐ]|[ôÔ]\u0301|[oO]\u0302\u0301)[ :.]{0,4}"
        rf"(?P<announced>{announced})"
        rf"|(?<![\w./=?&#%@~+\u0300-\u036f])(?<!\w-)(?<![0-9]:)(?P<close>{close})"
    )


def _shape(after_number: str, dash: str, slash: str) -> str:
    """A sign of the Party, of the state, or of a law, with these patterns between its parts."""
    mark = "[\u0302\u0306\u031b]?"
    capital, small = rf"[{_CAPITALS}]{mark}", rf"[{_SMALL_LETTERS}]{mark}"
    strong = rf"(?:{capital}|[0-9])"
    # CT, CTr, TTg, QH14, SKH&ĐT, V.III; neither a word (Luật) nor a letter (12-A/B).
    part = (
        rf"{capital}(?:(?:{small}){{0,2}}|\.){strong}(?:{strong}|{small}){{0,15}}"
        rf"(?:[.&]{strong}{{1,6}}){{0,2}}(?![\w\u0300-\u036f])"
    )
    more = f"(?:-{part}){{0,4}}"
    return (
        f"(?:{_NUMBER})[A-Za-z]?(?:{after_number}{part}{slash}{part}{more}"
        f"|{slash}(?:{_YEAR}{slash})?{part}{dash}{part}{more}(?:/{part})?"
        f"|{slash}{_YEAR}{slash}{part})"
    )


_TYPED = _typed_sign()
_PRINTED = _printed_sign()


def parse(text: str) -> Sign | None:
    """The sign that the whole of `text` is, however it was typed, or None.

    Parts in lower case become capitals; others keep their case (`CTr`, `TTg`).
    """
    if len(text) > _TYPED_MAX_LENGTH:
        return None
    match = _TYPED.fullmatch(_closed_up(text))
    symbol = match and (match["dated"] or match["party"] or match["state"] or match["body"])
    if not match or not symbol or len(symbol) > SYMBOL_MAX_LENGTH:
        return None
    number = int(match["number"].replace(".", ""))
    year = int(match["year"]) if match["year"] else None
    sign = Sign(number, (match["suffix"] or "").lower(), year, _capitalised(symbol))
    return sign if number else None


def find(text: str) -> Iterator[Found]:
    """Yield every sign printed in running `text`, in order; time grows with the length alone."""
    for match in _PRINTED.finditer(text.translate(_LOOKALIKES)):
        if match.lastgroup:
            start, end = match.span(match.lastgroup)
            sign = parse(text[start:end])
            if sign:
                yield Found(sign, start, end)


def key(sign: Sign) -> str:
    """The text by which signs are compared: `85-qd/tw`, the same for every way of typing."""
    return symbol_key(str(sign))


def symbol_key(symbol: str) -> str:
    """The text by which symbols are compared.

    TƯ is an older way to write TW (trung ương) and must not meet TU (tỉnh ủy).
    """
    return fold(symbol.replace("Ư", "W").replace("ư", "w"))


def _closed_up(text: str) -> str:
    """`text` with plain characters, single spaces, and none beside dashes and slashes."""
    plain = _INVISIBLE.sub("", nfc(text)).translate(_LOOKALIKES)
    spaced = " ".join(plain.strip(_PUNCTUATION_AROUND).split())
    return re.sub(" ?([-/]) ?", r"\1", spaced)


def _capitalised(symbol: str) -> str:
    parts = re.split("([-/])", symbol)
    return "".join(part.upper() if part.islower() else part for part in parts)
