"""Numbers, dates and sums."""

import re
from collections.abc import Iterator, Sequence
from datetime import date

from core.problems import Problem
from core.proofreading.passage import Passage

_PLAIN = r"(?<![\w.,/\-])"
_END = r"(?![\w/]|[.,]\d)"
_GROUPED = {
    "721.618": re.compile(rf"{_PLAIN}[1-9]\d{{0,2}}(?:\.\d{{3}})+{_END}"),
    "721,618": re.compile(rf"{_PLAIN}[1-9]\d{{0,2}}(?:,\d{{3}})+{_END}"),
    "721 618": re.compile(rf"{_PLAIN}(?<!\d )[1-9]\d{{0,2}}(?: \d{{3}})+(?! ?\d){_END}"),
}
# 12,345 tỷ is a decimal fraction, not twelve thousand.
_MEASURE = re.compile(
    r"\s*(?:%|‰|°|tỷ|tỉ|triệu|nghìn|ngàn|lần|ha\b|m\b|km|cm|mm|m2|m²|kg|g\b|tấn|tạ\b|lít|điểm|độ)"
)
_DECIMAL_POINT = re.compile(rf"{_PLAIN}\d+\.\d{{1,2}}(?=\s?%|\s(?:tỷ|tỉ|triệu)\b)")
_DECIMAL_COMMA = re.compile(rf"{_PLAIN}\d+,\d{{1,2}}(?=\s?%|\s(?:tỷ|tỉ|triệu)\b)")

_DATE = re.compile(
    r"(?<![\w./\-])(?P<day>\d{1,2})(?P<dash>[/.\-])(?P<month>\d{1,2})(?P=dash)(?P<year>\d{4})"
    r"(?![\w/]|[.\-]\w)"
    r"|ngày\s+(?P<day2>\d{1,2})\s+tháng\s+(?P<month2>\d{1,2})(?:\s+năm\s+(?P<year2>\d{4}))?(?!\d)"
    r"|(?:ngày|sáng|chiều|tối|hôm)\s+(?P<day3>\d{1,2})/(?P<month3>\d{1,2})(?![\w/]|[.,]\d)",
    re.IGNORECASE,
)
_LUNAR = re.compile(r"âm lịch|\bÂL\b|[Tt]ết|giỗ")
_LEAP_YEAR = 2024

_PARENTHESIS = re.compile(r"\(([^()]{3,600})\)")
_BREAKDOWN = re.compile(r"\s*(?:trong đó|gồm|bao gồm|cụ thể)\b", re.IGNORECASE)
_COMPLETE = re.compile(r"\s*(?:bao )?gồm\b", re.IGNORECASE)
_COUNT = r"(?P<count>\d{1,3}(?:\.\d{3})+|\d{1,6})\s+(?P<noun>[^\W\d_]+)"
_ITEM = re.compile(
    rf"(?:^|[;,:+(]|\bvà\b|\b(?:có|là|đó|gồm)\b)\s*{_COUNT}(?![.,]\d)", re.IGNORECASE
)
_COUNTED = re.compile(rf"(?<![\d.,/]){_COUNT}")
_COMPARED = re.compile(
    r"(?<![\d.,/])(?P<done>\d[\d.]*)\s?/\s?(?P<planned>\d[\d.]*)(?![\d/.,]*\d)[^().;]{0,60}"
    r"\(\s*(?P<word>vượt|tăng|thiếu|giảm)\s+(?P<difference>\d[\d.]*)(?!\s*(?:%|lần|[\d,]))"
)


def mixed_formats(passages: Sequence[Passage]) -> Iterator[Problem]:
    """Point at the first number of each format that differs from the portal's 721.618."""
    spots = {name: _first(passages, pattern) for name, pattern in _GROUPED.items()}
    decimal, comma = _first(passages, _DECIMAL_POINT), _first(passages, _DECIMAL_COMMA)
    usual = spots.pop("721.618")
    for spot in spots.values():
        other = usual or next((s for s in spots.values() if s and s is not spot), None)
        if spot and other:
            yield _two_formats(spot, other, "Hãy viết hàng nghìn bằng dấu chấm: 721.618.")
    if decimal and comma:
        yield _two_formats(decimal, comma, "Hãy viết phần thập phân sau dấu phẩy: 99,6%.")


def _two_formats(spot: tuple[Passage, str], other: tuple[Passage, str], advice: str) -> Problem:
    passage, number = spot
    return passage.warning(
        "mixed_numbers", f"Bài viết số theo hai kiểu: {number} và {other[1]}. {advice}", number
    )


def _first(passages: Sequence[Passage], pattern: re.Pattern[str]) -> tuple[Passage, str] | None:
    for passage in passages:
        for match in pattern.finditer(passage.text):
            fraction = match[0].count(",") == 1 and _MEASURE.match(passage.text, match.end())
            if pattern is not _GROUPED["721,618"] or not fraction:
                return passage, match[0]
    return None


def impossible_dates(passage: Passage) -> Iterator[Problem]:
    """Point at days that no calendar has, as 31/02/2023; the lunar calendar has other months."""
    for match in _DATE.finditer(passage.text):
        day, month, year = (
            next(
                (
                    match[f"{name}{n}"]
                    for n in ("", "2", "3")
                    if match.groupdict().get(f"{name}{n}")
                ),
                "",
            )
            for name in ("day", "month", "year")
        )
        nearby = passage.text[max(0, match.start() - 20) : match.end() + 25]
        if not _is_day(int(day), int(month), int(year or _LEAP_YEAR)) and not _LUNAR.search(nearby):
            yield passage.warning(
                "impossible_date",
                f"“{match[0]}” không có trong lịch. Hãy kiểm tra lại ngày, tháng, năm.",
                match[0],
            )


def _is_day(day: int, month: int, year: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def wrong_breakdowns(passage: Passage) -> Iterator[Problem]:
    """Point at a parenthesis whose parts do not add up: 11 lớp (trong đó có 3 lớp …; 4 lớp …)."""
    for match in _PARENTHESIS.finditer(passage.text):
        if not _BREAKDOWN.match(match[1]):
            continue
        items = [(_number(i["count"]), i["noun"].lower()) for i in _ITEM.finditer(match[1])]
        noun = items[0][1] if items else ""
        parts = [count for count, counted in items if counted == noun]
        total = _total(passage.text[: match.start()], noun)
        if total is None or len(parts) < 2:
            continue
        # Two parts of "trong đó" may be all that is worth telling.
        complete = len(parts) > 2 or bool(_COMPLETE.match(match[1]))
        if sum(parts) > total or (sum(parts) < total and complete):
            yield passage.warning(
                "wrong_sum",
                f"Số trong ngoặc cộng lại không khớp: {' + '.join(map(_shown, parts))} = "
                f"{_shown(sum(parts))}, không phải {_shown(total)} {noun}. "
                "Hãy đối chiếu với báo cáo gốc.",
                match[0][:80],
            )


def _total(before: str, noun: str) -> int | None:
    """The last count of `noun` in the sentence that ends with `before`."""
    sentence = re.split(r"[.!?]\s+(?=[^\W\d_a-z])", before)[-1]
    found = [m for m in _COUNTED.finditer(sentence) if noun and m["noun"].lower() == noun]
    return _number(found[-1]["count"]) if found else None


def wrong_differences(passage: Passage) -> Iterator[Problem]:
    """Point at a difference that is none: 1.650/1.277 bài (vượt 373 bài)."""
    for match in _COMPARED.finditer(passage.text):
        done, planned, told = (_number(match[n]) for n in ("done", "planned", "difference"))
        if abs(done - planned) != told:
            yield passage.warning(
                "wrong_sum",
                f"{match['done']} so với {match['planned']} chênh nhau "
                f"{_shown(abs(done - planned))}, không phải {_shown(told)}. "
                "Hãy đối chiếu với báo cáo gốc.",
                match[0],
            )


def _number(text: str) -> int:
    return int(text.replace(".", ""))


def _shown(number: int) -> str:
    return f"{number:,}".replace(",", ".")
