"""Which days are looked at first: the newest, and earlier ones only where these are not enough.

Windows follow each other without a gap, newest first, until all days are covered.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from core.search.entries import PERIODS
from core.search.planning import planned_once
from core.version_cache import remembered

# What there is no more than so many times too much of is looked for in all days at once.
RARE = 2
# How many days are enough is known from the days of so many of the newest entries.
SAMPLE = 3_000
# Windows of so many times the days that should be enough; then comes all that is older.
TIMES = (0.25, 1.1, 3, 33)
# Of so many days and more they begin with a month, or with a year.
MONTHS, YEARS = 60, 1_500


@dataclass(frozen=True)
class Window:
    """The days from `first`, None for the earliest of all, to `last`, None for the latest."""

    first: date | None = None
    last: date | None = None

    def condition(self, number: int = 0) -> str:
        """Return the SQL of what is in the window, " AND …", for values() of the same number."""
        if self.first:
            return f" AND {PERIODS % {'expressions': 'day'}} && %(periods{number})s::int[]"
        # Plus 0, for the day's own index would have texts read one by one.
        return f" AND day + 0 <= %(last{number})s" if self.last else ""

    def values(self, number: int = 0) -> dict[str, Any]:
        """Return what is looked for by condition()."""
        # What is dated ahead is found too.
        last = self.last or date(date.today().year + 1, 12, 31)
        periods = _array_of_periods(self.first, last) if self.first else None
        return {f"periods{number}": periods, f"last{number}": last}


@lru_cache(100)
def _array_of_periods(first: date, last: date) -> str:
    """The same windows are asked all day; as PostgreSQL writes an array, which is quickly read."""
    return f"{{{','.join(map(str, _periods(first, last)))}}}"


def _periods(day: date, last: date) -> Iterator[int]:
    """Yield the years, months and days from `day` to `last` as the index has them."""
    while day <= last:
        year, month = date(day.year + 1, 1, 1), (day.replace(day=1) + timedelta(31)).replace(day=1)
        if (day.month, day.day) == (1, 1) and year - timedelta(1) <= last:
            yield day.year
            day = year
        elif day.day == 1 and month - timedelta(1) <= last:
            yield day.year * 100 + day.month
            day = month
        else:
            yield day.year * 10_000 + day.month * 100 + day.day
            day += timedelta(1)


EVERYTHING = [Window()]


class _Known(NamedTuple):
    """Of the public entries: the earliest day, that since which the `newest` so many stand, and
    roughly how many there are at all."""

    earliest: date | None
    since: date | None
    newest: int
    entries: float


KNOWN = """
    WITH public AS NOT MATERIALIZED (
        SELECT day FROM core_searchentry
        WHERE NOT internal AND day BETWEEN %(first)s AND %(last)s
    )
    SELECT (SELECT day FROM public ORDER BY day LIMIT 1), min(day), count(*),
        (SELECT reltuples FROM pg_class WHERE oid = 'core_searchentry'::regclass)
    FROM (SELECT day FROM public ORDER BY day DESC LIMIT %(sample)s) AS newest
"""


def _known(year: int | None) -> _Known:
    first, last = (date(year, 1, 1), date(year, 12, 31)) if year else (date.min, date.max)
    values = {"sample": SAMPLE, "first": first, "last": last}
    return remembered(f"search days {year}", lambda: _Known(*planned_once(KNOWN, values)[0]))


def windows(entries: int, at_most: int | None, year: int | None = None) -> list[Window]:
    """Return windows that cover all days, or those of `year`: the second ends where there should
    be so many `entries` of those looked for, of which there are `at_most`, None for unknown."""
    if at_most is not None and at_most <= RARE * entries:
        return EVERYTHING
    known = _known(year)
    if known.newest <= entries or not known.since or not known.earliest:
        return EVERYTHING
    last = min(date.today(), date(year, 12, 31) if year else date.max)
    share = min(1.0, at_most / known.entries) if at_most and known.entries > 0 else 1.0
    days = max(1, (last - known.since).days + 1) * entries / known.newest / share
    lengths = [days * times for times in TIMES if days * times < (last - known.earliest).days]
    firsts = [_rounded(last - timedelta(int(length)), length) for length in lengths]
    ends = [date(year, 12, 31) if year else None, *(first - timedelta(1) for first in firsts)]
    return list(map(Window, [*firsts, None], ends))


def _rounded(first: date, days: float) -> date:
    """Long windows begin with a month or a year: so they are made up of few periods."""
    if days < MONTHS:
        return first
    return first.replace(day=1) if days < YEARS else first.replace(month=1, day=1)


# One look into the index of days for each year that has entries.
EVERY_YEAR = """
    WITH RECURSIVE newest AS (
        (SELECT day FROM core_searchentry WHERE NOT internal ORDER BY day DESC LIMIT 1)
        UNION ALL
        SELECT (
            SELECT day FROM core_searchentry
            WHERE NOT internal AND day < date_trunc('year', newest.day)::date
            ORDER BY day DESC LIMIT 1
        ) FROM newest WHERE day IS NOT NULL
    )
    SELECT date_part('year', day)::int FROM newest WHERE day IS NOT NULL
"""


def years() -> list[int]:
    """Return the years of which there are public entries, newest first."""
    return [year for (year,) in planned_once(EVERY_YEAR, {})]
