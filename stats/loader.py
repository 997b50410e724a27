"""From the spool to the tables, exactly once: lines, figures and offsets in one transaction.

Wherever it is killed, either all of a batch is stored or none of it, and the offsets with it.
"""

import logging
import threading
from datetime import datetime, timedelta
from itertools import islice

from django.db import Error, close_old_connections, connection, transaction
from django.utils import timezone

from stats import spool
from stats.counting import Batch
from stats.models import Salt, SlotOffset

BATCH = 20_000  # lines
PAUSE = 1.0  # seconds between two looks at the spool
AFTER_FAILURE = 5.0
HEARTBEAT = timedelta(seconds=10)
TIDY_EVERY = timedelta(seconds=15)
FORGOTTEN = timedelta(days=40)  # longer than any backlog

LOCK = "SELECT pg_advisory_xact_lock(hashtext('stats.loader'))"
STORE_OFFSETS = """
INSERT INTO stats_slotoffset (name, "offset") SELECT * FROM unnest(%s::varchar[], %s::bigint[])
ON CONFLICT (name) DO UPDATE SET "offset" = EXCLUDED."offset"
"""
REFRESH = """
INSERT INTO stats_live (id, loaded_at, online, today, week, total)
SELECT 1, now.moment,
    (SELECT count(*) FROM stats_visitor
        WHERE last_seen > now.moment - interval '5 minutes' AND NOT continued),
    coalesce(sum(visits) FILTER (WHERE row.day = now.day), 0),
    coalesce(sum(visits) FILTER (
        WHERE row.day BETWEEN date_trunc('week', now.day)::date AND now.day), 0),
    coalesce(sum(visits), 0)
        + (SELECT coalesce(sum(amount), 0) FROM stats_opening WHERE kind = '')
FROM (VALUES (%(moment)s::timestamptz, %(day)s::date)) AS now (moment, day)
    LEFT JOIN stats_siteday AS row ON true
GROUP BY now.moment, now.day
ON CONFLICT (id) DO UPDATE SET loaded_at = EXCLUDED.loaded_at, online = EXCLUDED.online,
    today = EXCLUDED.today, week = EXCLUDED.week, total = EXCLUDED.total
"""
BEATING = "SELECT 1 FROM stats_live WHERE loaded_at BETWEEN %s AND %s"

log = logging.getLogger(__name__)


def load(now: datetime) -> int:
    """Count the next lines of the spool, at most BATCH; return how many there were."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(LOCK)
        offsets = dict(SlotOffset.objects.values_list("name", "offset"))
        lines = list(islice(spool.lines(offsets), BATCH))
        if lines:
            Batch((line.hit for line in lines), now).store()
            ends = {line.name: line.end for line in lines}
            cursor.execute(STORE_OFFSETS, [list(ends), list(ends.values())])
        cursor.execute(BEATING, [now - HEARTBEAT, now])
        if lines or not cursor.fetchone():
            cursor.execute(REFRESH, {"moment": now, "day": timezone.localdate(now)})
    return len(lines)


def sweep(now: datetime) -> None:
    """Remove the files that are counted and idle, and with them the addresses in them."""
    offsets = dict(SlotOffset.objects.values_list("name", "offset"))
    moment = now.timestamp()
    gone = [
        path.name for path in spool.files() if spool.remove(path, offsets.get(path.name, 0), moment)
    ]
    SlotOffset.objects.filter(name__in=gone).delete()
    forgotten = timezone.localdate(now - FORGOTTEN)  # of a loader that was killed right here
    SlotOffset.objects.filter(name__lt=f"hits-{forgotten:%Y%m%d}").delete()


def forget(now: datetime) -> None:
    """Delete salts, visitors and what they saw 48 hours after their day began.

    To be called when nothing waits in the spool: the days are closed from now on.
    """
    last = timezone.localdate(now) - timedelta(days=2)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(LOCK)
        cursor.execute("DELETE FROM stats_seen WHERE day <= %s", [last])
        cursor.execute("DELETE FROM stats_visitor WHERE day <= %s", [last])
        if Salt.objects.filter(day__lte=last).exists():
            _keep_salts(list(Salt.objects.filter(day__gt=last)))


def _keep_salts(salts: list[Salt]) -> None:
    """Write the table anew: a deleted row would stay on the disk until something overwrites it."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL portal.maintenance = 'on'")
        cursor.execute("TRUNCATE stats_salt")
        Salt.objects.bulk_create(salts)
        cursor.execute("SET LOCAL portal.maintenance = 'off'")


def tidy(now: datetime) -> None:
    """Sweep and forget, when nothing waits in the spool."""
    sweep(now)
    forget(now)


def drain(now: datetime) -> None:
    """Count everything that waits in the spool, then tidy."""
    while load(now) == BATCH:
        sweep(now)
    tidy(now)


def run(stop: threading.Event) -> None:
    """Count hits as they come until `stop` is set; the database may come and go meanwhile."""
    tidied = timezone.now() - TIDY_EVERY
    while not stop.is_set():
        pause = PAUSE
        try:
            close_old_connections()
            now = timezone.now()
            if load(now) == BATCH:
                continue
            if now - tidied >= TIDY_EVERY:
                tidy(now)
                tidied = now
        except (Error, OSError) as error:
            log.warning("Counting waits: %s", error)
            connection.close()
            pause = AFTER_FAILURE
        stop.wait(pause)
    connection.close()
