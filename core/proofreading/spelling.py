"""Misspellings: pairs that are known, and syllables that Vietnamese does not have."""

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path

from core import legacy
from core.problems import Problem
from core.proofreading.letters import is_disguised
from core.proofreading.passage import Passage
from core.syllables import is_syllable, is_tone_in_place, looks_like_syllable
from core.text import normalise_tones, split_tone

_HERE = Path(__file__).parent
# No words to judge: addresses, whatever has a digit, a slash or a point within, as signs have, and
# words joined by hyphens, as foreign names are (Mát-xcơ-va).
_PIECE = re.compile(r"\S+")
_NOT_PROSE = re.compile(r"[@#\d]|\w[/._&\-]\w|://")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_QUOTED = re.compile(r"[“\"«][^“”\"«»]{1,200}[”\"»]")
_FOREIGN_LETTERS = re.compile("[fjwzµ]", re.IGNORECASE)


def known_slips(passage: Passage) -> Iterator[Problem]:
    """Point at slips that many make (misspellings.txt): "truyên truyền", "nữa nhiệm kỳ"."""
    for start, end, right in _slips_in(passage.text):
        wrong = passage.text[start:end]
        yield passage.warning("misspelt", _advice(wrong, right), wrong)


def no_syllables(passage: Passage) -> Iterator[Problem]:
    """Point at words that are no Vietnamese syllables; names and foreign words are let alone."""
    if legacy.suspected(passage.text):
        return
    text = _PIECE.sub(_blank_unless_prose, passage.text)
    words = [*_WORD.finditer(text)]
    told = [*_foreign_spans(text), *((start, end) for start, end, _ in _slips_in(passage.text))]
    for index, match in enumerate(words):
        word = match[0]
        if is_syllable(word) or word.lower() in _loanwords():
            continue
        beside = [near[0] for near in words[max(0, index - 1) : index + 2] if near is not match]
        excused = any(start <= match.start() < end for start, end in told)
        if not excused and _is_misspelt(word, beside):
            yield passage.warning("misspelt", _advice(word, _suggestion(word)), word)


def _slips_in(text: str) -> Iterator[tuple[int, int, str]]:
    """Start and end of each known slip in `text`, and what is meant."""
    slips = _slips()
    words = [(match[0].lower(), match.span()) for match in _WORD.finditer(text)]
    for index, (word, (start, _)) in enumerate(words):
        for wrong, right in slips.get(word, ()):
            found = words[index : index + len(wrong)]
            if tuple(word for word, _ in found) == wrong and _is_joined(text, found):
                yield start, found[-1][1][1], right


def _is_misspelt(word: str, beside: list[str]) -> bool:
    if _FOREIGN_LETTERS.search(word) or is_disguised(word) or "'" in word or "’" in word:
        return False
    if word.isascii():
        # Marks left out, as in "cac"; beside another foreign word it is one itself.
        alone = all(is_syllable(other) for other in beside)
        return word.islower() and alone and len(word) > 2 and looks_like_syllable(word)
    return looks_like_syllable(word) or word.islower()


def _foreign_spans(text: str) -> list[tuple[int, int]]:
    """Where quotations stand that have not one Vietnamese word with marks."""
    spans = []
    for quoted in _QUOTED.finditer(text):
        words = _WORD.findall(quoted[0])
        if not any(not word.isascii() and is_syllable(word) for word in words):
            spans.append(quoted.span())
    return spans


def _suggestion(word: str) -> str:
    """The word with its tone in place; "" when that is not what is wrong."""
    if split_tone(word)[1] and not is_tone_in_place(word):
        moved = normalise_tones(word)
        return moved if is_syllable(moved) else ""
    return ""


def _advice(wrong: str, right: str) -> str:
    if right:
        return f"“{wrong}” có lẽ là “{right}”. Hãy sửa, hoặc giữ nếu đúng ý."
    return f"“{wrong}” không phải tiếng có trong tiếng Việt. Hãy kiểm tra chính tả."


def _is_joined(text: str, found: list[tuple[str, tuple[int, int]]]) -> bool:
    """Whether nothing but spaces stands between the words."""
    return all(text[a[1] : b[0]].isspace() for (_, a), (_, b) in pairwise(found))


def _blank_unless_prose(piece: re.Match[str]) -> str:
    return " " * len(piece[0]) if _NOT_PROSE.search(piece[0]) else piece[0]


@cache
def _loanwords() -> frozenset[str]:
    text = (_HERE / "loanwords.txt").read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return frozenset(" ".join(lines).split())


@cache
def _slips() -> dict[str, list[tuple[tuple[str, ...], str]]]:
    """Known slips by their first word: all their words, and what is meant."""
    slips: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for line in (_HERE / "misspellings.txt").read_text(encoding="utf-8").splitlines():
        wrong, arrow, right = line.partition(" > ")
        if arrow and not line.startswith("#"):
            words = tuple(wrong.split())
            slips.setdefault(words[0], []).append((words, right.strip()))
    return slips
