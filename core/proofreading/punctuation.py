"""Quotation marks and spaces."""

import re
from collections.abc import Iterator, Sequence

from core.problems import Problem
from core.proofreading.passage import Passage

# Two curly marks close a quotation within a quotation as a rule, so they are no slip.
_DOUBLED = re.compile('[“”"]*(?:""|["][“”]|[“”]["]|[“”]{3})[“”"]*')
_STRAIGHT_QUOTATION = re.compile(r'(?<![^\s(\[])"(?=\w)[^"“”]{1,200}')
_CURLY = re.compile("[“”]")
_SPACES = re.compile("[ \u00a0]{2,}")


def doubled_quotes(passage: Passage) -> Iterator[Problem]:
    """Point at quotation marks that stand two and more in a row."""
    for match in _DOUBLED.finditer(passage.text):
        spot = passage.around(*match.span())
        yield passage.warning(
            "doubled_quotes",
            f"Dấu ngoặc kép gõ lặp {match[0]} ở “{spot}”. Hãy chỉ giữ một dấu mở “ và một dấu "
            "đóng ”.",
            spot,
        )


def double_spaces(passage: Passage) -> Iterator[Problem]:
    """Point at two spaces and more between words."""
    for match in _SPACES.finditer(passage.text.strip()):
        spot = Passage(passage.field, passage.text.strip()).around(*match.span(), 20)
        yield passage.warning(
            "double_spaces", f"Thừa dấu cách ở “{spot}”. Hãy chỉ giữ một dấu cách.", spot
        )


def mixed_quotes(passages: Sequence[Passage]) -> Iterator[Problem]:
    """Point at the first straight quotation of a text that uses curly ones too."""
    if not any(_CURLY.search(passage.text) for passage in passages):
        return
    for passage in passages:
        if match := _STRAIGHT_QUOTATION.search(_DOUBLED.sub(_blank, passage.text)):
            spot = " ".join(match[0].split(" ")[:6])
            yield passage.warning(
                "mixed_quotes",
                f'Bài dùng cả hai kiểu ngoặc kép: “ ” và " " (ở {spot}…). '
                "Hãy dùng một kiểu “ ” trong cả bài.",
                spot,
            )
            return


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])
