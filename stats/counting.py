"""From hits to day rows: who was here, what was seen first, what is not counted.

Everything runs inside the loader's transaction and under its lock, a few statements per batch.
"""

import logging
import os
from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from django.db import connection
from django.utils import timezone

from stats import filters, signing, totals, visitors
from stats.models import Kind, Reason, Salt, SiteDay
from stats.spool import Hit

MINUTE = 60_000  # milliseconds, as in every Hit
BREAK = 30 * MINUTE  # of a visitor, after which the next hit begins another visit
ONLINE = 5 * MINUTE
AHEAD = 60 * MINUTE  # further ahead, a server's clock is wrong
BACKLOG = 31 * 24 * 60 * MINUTE  # further back, too
DAY = timedelta(days=1)

log = logging.getLogger(__name__)

Visitor = tuple[date, int]


class Counted(NamedTuple):
    """A hit that counts; without a key when the browser asks not to be followed."""

    day: date
    time: int
    key: int | None
    kind: str
    object_id: int
    phone: bool


class Batch:
    """The hits of one transaction, sorted out; `hits` in order of time, None for torn lines."""

    def __init__(self, hits: Iterable[Hit | None], now: datetime) -> None:
        self.today = timezone.localdate(now)
        self.now = round(now.timestamp() * 1000)
        self.counted: list[Counted] = []
        self.continued: set[Visitor] = set()
        self.drops: Counter[tuple[date, Reason]] = Counter()
        dated = [(hit, self._day(hit)) for hit in hits]
        days = open_days({self.today, *(day for _hit, day in dated if day)})
        self.secrets = {day: visitors.secret(salt) for day, salt in days.items()}
        for hit, day in dated:
            self._sort_out(hit, day)

    def _day(self, hit: Hit | None) -> date | None:
        if hit is None or not -BACKLOG < hit.time - self.now < AHEAD:
            return None
        return day_of(hit.time)

    def _sort_out(self, hit: Hit | None, day: date | None) -> None:
        if hit is None or day is None:
            self.drops[self.today, Reason.MALFORMED] += 1
        elif day not in self.secrets:
            self.drops[self.today, Reason.LATE] += 1
        elif reason := filters.reason(hit):
            self.drops[day, reason] += 1
        else:
            try:
                self._accept(hit, day)
            except ValueError:  # no address: a proxy that is not set up
                self.drops[day, Reason.MALFORMED] += 1

    def _accept(self, hit: Hit, day: date) -> None:
        kind, object_id = signing.read(hit.token) or ("", 0)
        phone = visitors.is_phone(hit.agent)
        key = None if hit.unseen else self._key(hit, day)
        self.counted.append(Counted(day, hit.time, key, kind, object_id, phone))

    def _key(self, hit: Hit, day: date) -> int:
        """The visitor; just after midnight also under the name that the day before knew."""
        network = visitors.network(hit)
        if hit.time - _midnight(day) < ONLINE and day - DAY in self.secrets:
            key = visitors.key(network, hit.agent, self.secrets[day - DAY])
            self.continued.add((day - DAY, key))
        return visitors.key(network, hit.agent, self.secrets[day])

    def store(self) -> None:
        """Add everything to the tables."""
        visits = _store_visitors([hit for hit in self.counted if hit.key is not None])
        _mark_continued(self.continued)
        fresh = _store_seen(self.counted)
        _store_site_days(visits, fresh)
        _store_object_days(fresh)
        _store_drops({key: hits for key, hits in self.drops.items() if key[0] in self.secrets})
        if self.today not in self.secrets:
            log.error("%s is closed: its hits are not counted. Is the clock right?", self.today)


def open_days(days: set[date]) -> dict[date, bytes]:
    """Return the salts of every open day, `days` opened first unless they are closed."""
    salts = {row.day: bytes(row.salt) for row in Salt.objects.all()}
    missing = days - salts.keys()
    if missing:
        closed = set(SiteDay.objects.filter(day__in=missing).values_list("day", flat=True))
        for day in sorted(missing - closed):
            salts[day] = os.urandom(visitors.SALT_BYTES)
            Salt.objects.create(day=day, salt=salts[day])
            SiteDay.objects.create(day=day)
    return salts


def day_of(moment: int) -> date:
    """Return the day of a moment in milliseconds, in the portal's time zone."""
    return _day_of_quarter(moment // (15 * MINUTE))


@lru_cache(maxsize=4096)
def _day_of_quarter(quarter: int) -> date:
    """Time zones differ from UTC by whole quarters of an hour, so none is cut by midnight."""
    moment = datetime.fromtimestamp(quarter * 15 * 60, tz=timezone.get_default_timezone())
    return moment.date()


@lru_cache(maxsize=64)
def _midnight(day: date) -> int:
    return round(timezone.make_aware(datetime.combine(day, time.min)).timestamp() * 1000)


LAST_SEEN = """
SELECT day, key, round(extract(epoch FROM last_seen) * 1000)::bigint
FROM stats_visitor JOIN unnest(%s::date[], %s::bigint[]) AS asked (day, key) USING (day, key)
"""
STORE_VISITORS = """
INSERT INTO stats_visitor (day, key, last_seen, continued)
SELECT day, key, to_timestamp(moment / 1000.0), false
FROM unnest(%s::date[], %s::bigint[], %s::bigint[]) AS seen (day, key, moment)
ON CONFLICT (day, key) DO UPDATE SET last_seen = EXCLUDED.last_seen
"""
MARK_CONTINUED = """
UPDATE stats_visitor SET continued = true
FROM unnest(%s::date[], %s::bigint[]) AS later (day, key)
WHERE stats_visitor.day = later.day AND stats_visitor.key = later.key AND NOT continued
"""
STORE_SEEN = """
INSERT INTO stats_seen (day, key, kind, object_id)
SELECT * FROM unnest(%s::date[], %s::bigint[], %s::varchar[], %s::int[])
ON CONFLICT DO NOTHING RETURNING day, key, kind, object_id
"""
STORE_SITE_DAYS = """
UPDATE stats_siteday AS row SET visits = row.visits + more.visits,
    views = row.views + more.views, phone_views = row.phone_views + more.phone_views
FROM unnest(%s::date[], %s::int[], %s::int[], %s::int[]) AS more (day, visits, views, phone_views)
WHERE row.day = more.day
"""
STORE_OBJECT_DAYS = """
INSERT INTO stats_objectday AS row (day, kind, object_id, amount)
SELECT * FROM unnest(%s::date[], %s::varchar[], %s::int[], %s::int[])
ON CONFLICT (day, kind, object_id) DO UPDATE SET amount = row.amount + EXCLUDED.amount
"""
STORE_DROPS = """
INSERT INTO stats_drop AS row (day, reason, hits)
SELECT * FROM unnest(%s::date[], %s::varchar[], %s::int[])
ON CONFLICT (day, reason) DO UPDATE SET hits = row.hits + EXCLUDED.hits
"""


def _store_visitors(counted: list[Counted]) -> Counter[date]:
    """Note when visitors were last seen; return the visits that began, by day.

    A hit that arrives after a later one begins no visit: the later one may have been its visit.
    """
    asked = {(hit.day, hit.key) for hit in counted}
    seen = {(day, key): moment for day, key, moment in _execute(LAST_SEEN, asked)}
    visits: Counter[date] = Counter()
    for hit in counted:
        last = seen.get((hit.day, hit.key))
        visits[hit.day] += last is None or hit.time - last >= BREAK
        seen[hit.day, hit.key] = max(last or 0, hit.time)
    _execute(STORE_VISITORS, ((*visitor, moment) for visitor, moment in seen.items()))
    return visits


def _mark_continued(continued: set[Visitor]) -> None:
    _execute(MARK_CONTINUED, continued)


def _store_seen(counted: list[Counted]) -> Counter[tuple[date, str, int, bool]]:
    """Return views and downloads by day, kind, object and phone: once per visitor and day."""
    asked = {(hit.day, hit.key, hit.kind, hit.object_id) for hit in counted if hit.key is not None}
    phones = {(hit.day, hit.key) for hit in counted if hit.phone}
    fresh = Counter(
        (day, kind, object_id, (day, key) in phones)
        for day, key, kind, object_id in _execute(STORE_SEEN, asked)
    )
    fresh.update(
        (hit.day, hit.kind, hit.object_id, hit.phone) for hit in counted if hit.key is None
    )
    return fresh


def _store_site_days(visits: Counter[date], fresh: Counter[tuple[date, str, int, bool]]) -> None:
    views: Counter[date] = Counter()
    phone_views: Counter[date] = Counter()
    for (day, kind, _object_id, phone), amount in fresh.items():
        if kind != Kind.DOWNLOAD:
            views[day] += amount
            phone_views[day] += amount * phone
    days = visits.keys() | views.keys()
    _execute(STORE_SITE_DAYS, ((d, visits[d], views[d], phone_views[d]) for d in days))


def _store_object_days(fresh: Counter[tuple[date, str, int, bool]]) -> None:
    """Add views and downloads to the objects' days and to their public totals."""
    of_day: Counter[tuple[date, str, int]] = Counter()
    of_object: Counter[tuple[str, int]] = Counter()
    for (day, kind, object_id, _phone), amount in fresh.items():
        if kind != Kind.PAGE:
            of_day[day, kind, object_id] += amount
            of_object[kind, object_id] += amount
    _execute(STORE_OBJECT_DAYS, ((*row, amount) for row, amount in of_day.items()))
    totals.add(of_object)


def _store_drops(drops: dict[tuple[date, Reason], int]) -> None:
    _execute(STORE_DROPS, ((*row, hits) for row, hits in drops.items()))


def _execute(sql: str, rows: Iterable[tuple[Any, ...]]) -> list[Any]:
    """Run `sql` with one array per column of `rows`; nothing without rows.

    Arrays as text: the driver takes ten times as long over lists. None of the values is a text
    that somebody sent.
    """
    columns = list(zip(*rows, strict=True))
    if not columns:
        return []
    with connection.cursor() as cursor:
        cursor.execute(sql, ["{" + ",".join(map(str, column)) + "}" for column in columns])
        return cursor.fetchall() if cursor.description else []
