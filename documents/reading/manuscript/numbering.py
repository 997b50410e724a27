"""The labels that Word shows before items: counted, since the file does not hold them."""

import re
from collections import defaultdict
from xml.etree.ElementTree import Element

from documents.reading.manuscript.tree import value

BULLET = "•"
_ROMAN = tuple(
    zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        "m cm d cd c xc l xl x ix v iv i".split(),
        strict=True,
    )
)
_LEVELS = 9  # ECMA-376, 17.9.3
_HIGHEST = 32_767


class Numbering:
    """The lists of a document; asked for labels in the order of the text."""

    def __init__(self, root: Element) -> None:
        self._abstract = {one.get("abstractNumId", ""): one for one in root.iter("abstractNum")}
        self._lists = {one.get("numId", ""): one for one in root.iter("num")}
        self._styled = {
            value(one, "styleLink"): one
            for one in self._abstract.values()
            if value(one, "styleLink")
        }
        self._counts: dict[int, dict[int, int]] = defaultdict(dict)
        self._begun: set[tuple[str, int]] = set()

    def knows(self, list_id: str) -> bool:
        """Whether there is such a list; 0 stands for none."""
        return list_id in self._lists

    def label(self, list_id: str, depth: int) -> str:
        """Count one more item of the list and return what stands before it, "" for nothing."""
        depth = min(max(depth, 0), _LEVELS - 1)
        level = self._level(list_id, depth)
        counts = self._counts[id(self._definition(list_id))]
        start = self._start(list_id, depth)
        restarts = self._restarts(list_id, depth)
        counts[depth] = start if restarts or depth not in counts else counts[depth] + 1
        for deeper in [one for one in counts if one > depth]:
            del counts[deeper]
        if value(level, "numFmt") == "bullet":
            return BULLET
        return self._filled(value(level, "lvlText"), list_id, counts)

    def _filled(self, pattern: str, list_id: str, counts: dict[int, int]) -> str:
        def numbered(match: re.Match[str]) -> str:
            depth = int(match[1]) - 1
            count = counts.get(depth, self._start(list_id, depth))
            return _written(count, value(self._level(list_id, depth), "numFmt", "decimal"))

        label = re.sub(r"%([1-9])", numbered, pattern).strip()
        return f"{label}." if label.isalnum() else label

    def _restarts(self, list_id: str, depth: int) -> bool:
        """Whether this is the first item of a list that counts from its own start."""
        first = (list_id, depth) not in self._begun
        self._begun.add((list_id, depth))
        return first and bool(self._override(list_id, depth, "startOverride"))

    def _start(self, list_id: str, depth: int) -> int:
        start = self._override(list_id, depth, "startOverride")
        start = start or value(self._level(list_id, depth), "start", "1")
        return min(int(start), _HIGHEST) if start.isdecimal() else 1

    def _override(self, list_id: str, depth: int, name: str) -> str:
        return value(self._overriding(list_id, depth), name)

    def _overriding(self, list_id: str, depth: int) -> Element | None:
        return _at(self._lists[list_id], "lvlOverride", depth)

    def _level(self, list_id: str, depth: int) -> Element | None:
        overriding = self._overriding(list_id, depth)
        own = overriding.find("lvl") if overriding is not None else None
        return own if own is not None else _at(self._definition(list_id), "lvl", depth)

    def _definition(self, list_id: str) -> Element | None:
        """The abstract list, found by way of a list style when it only names one."""
        abstract = self._abstract.get(value(self._lists[list_id], "abstractNumId"))
        return self._styled.get(value(abstract, "numStyleLink"), abstract)


def _at(parent: Element | None, name: str, depth: int) -> Element | None:
    children = parent.findall(name) if parent is not None else []
    return next((one for one in children if one.get("ilvl") == str(depth)), None)


def _written(count: int, form: str) -> str:
    """`count` as Word writes it in one of the forms that are in use here, else in digits."""
    if form in ("lowerLetter", "upperLetter") and count > 0:
        letters = chr(ord("a") + (count - 1) % 26) * ((count - 1) // 26 + 1)
        return letters if form == "lowerLetter" else letters.upper()
    if form in ("lowerRoman", "upperRoman"):
        return _roman(count) if form == "lowerRoman" else _roman(count).upper()
    return f"{count:02}" if form == "decimalZero" else "" if form == "none" else str(count)


def _roman(count: int) -> str:
    letters = ""
    for worth, letter in _ROMAN:
        letters += letter * (count // worth)
        count %= worth
    return letters
