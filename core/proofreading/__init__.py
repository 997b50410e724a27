"""Proofreading of Vietnamese text: what a careful reader would mark, as findings for the editor.

A check of a passage reads one line or paragraph, a check of a text reads them all. An ERROR follows
from the words alone and no reading justifies it; whatever may be meant is a WARNING.
"""

from collections.abc import Callable, Iterator, Sequence

from core.problems import Problem
from core.proofreading import letters, numbers, personal, punctuation, spelling
from core.proofreading.passage import Passage

__all__ = ["Passage", "proofread"]

PASSAGE_CHECKS: tuple[Callable[[Passage], Iterator[Problem]], ...] = (
    letters.legacy_encoding,
    letters.lookalikes,
    letters.invisible,
    punctuation.doubled_quotes,
    punctuation.double_spaces,
    numbers.impossible_dates,
    numbers.wrong_breakdowns,
    numbers.wrong_differences,
    personal.identity_numbers,
    personal.phone_numbers,
    personal.addresses,
    spelling.known_slips,
    spelling.no_syllables,
)
TEXT_CHECKS: tuple[Callable[[Sequence[Passage]], Iterator[Problem]], ...] = (
    punctuation.mixed_quotes,
    numbers.mixed_formats,
)


def proofread(passages: Sequence[Passage]) -> Iterator[Problem]:
    """Yield every finding once, in the order of the checks."""
    found = (
        *(
            problem
            for check in PASSAGE_CHECKS
            for passage in passages
            for problem in check(passage)
        ),
        *(problem for check in TEXT_CHECKS for problem in check(passages)),
    )
    yield from dict.fromkeys(found)
