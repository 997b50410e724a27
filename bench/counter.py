"""A million hits: the loader beside the slow counter, and how many lines a second it takes.

Everything, PostgreSQL too, runs on one core.
"""

import os
import time
from collections.abc import Callable
from datetime import timedelta
from random import Random
from statistics import median, quantiles

import psutil
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from bench.scratch import portal

HITS = 1_000_000
BAR = 15_000  # lines a second on one core


def main() -> None:
    """Print the figures; exit with 1 when the two counters differ."""
    from stats import loader, spool
    from stats.models import SiteDay
    from tests.stats import slow_counter, traffic

    until = timezone.now()
    requests = traffic.requests(HITS, since=until - timedelta(days=9), until=until)
    traffic.write(requests)
    size = sum(path.stat().st_size for path in spool.files())
    print(f"{len(requests):,} lines, {size / 1e6:.0f} MB in {len(spool.files()):,} files")
    started, before = time.perf_counter(), busy()
    while loader.load(until) == loader.BATCH:
        pass
    seconds = time.perf_counter() - started
    own, server = (after - then for after, then in zip(busy(), before, strict=True))
    rate = HITS / (own + server)
    print(
        f"counted in {seconds:.1f} s: {HITS / seconds:,.0f} lines/s; of these seconds the core was"
        f" busy with the loader {own:.1f} and with PostgreSQL {server:.1f}:"
        f" {rate:,.0f} lines/s of one core, {rate / BAR:.2f} of the bar"
    )
    counted = slow_counter.count(requests, bots=traffic.BOTS, proxies=traffic.PROXIES)
    online = counted.pop("online")
    compare(counted, online(until))
    print(f"equal to the slow counter: {SiteDay.objects.count()} days")
    if rate < BAR:
        raise SystemExit(f"The bar is {BAR:,} lines/s of one core.")


def busy() -> tuple[float, float]:
    """Return the processor seconds that the loader and its PostgreSQL process have taken."""
    server = psutil.Process(connection.connection.info.backend_pid).cpu_times()
    return time.process_time(), server.user + server.system


def compare(counted, online) -> None:
    """Raise SystemExit unless the tables say what the slow counter says."""
    from stats.models import Live
    from tests.stats.tables import stored

    if stored() != counted or Live.objects.get().online != online:
        raise SystemExit("The two counters differ.")


def figures() -> None:
    """Print how long the figures take with ten years of day rows; the bar is 5 ms."""
    from stats import history, loader
    from stats.models import SiteDay

    chance, today = Random(1), timezone.localdate()
    with connection.cursor() as cursor:
        cursor.execute("SET portal.maintenance = 'on'")
        days = [today - timedelta(days=number) for number in range(10, 3660)]
        SiteDay.objects.bulk_create(
            SiteDay(day=day, visits=chance.randrange(900), views=900) for day in days
        )
        cursor.execute("VACUUM ANALYZE stats_siteday")
        first, moment = days[-1], {"moment": timezone.now(), "day": today}
        slowest = max(
            taken("online, today, week and total", lambda: cursor.execute(loader.REFRESH, moment)),
            taken("every year", lambda: history.periods(history.YEAR, first, today)),
        )
    if slowest > 5:
        raise SystemExit("The bar is 5 ms.")


def taken(what: str, ask: Callable[[], object]) -> float:
    """Print the median and return the 95th percentile of a hundred times, in milliseconds."""
    times = []
    for _ in range(100):
        started = time.perf_counter()
        ask()
        times.append(1000 * (time.perf_counter() - started))
    slow = quantiles(times, n=20)[-1]
    print(f"{what} from ten years of days: {median(times):.1f} ms, p95 {slow:.1f} ms")
    return slow


if __name__ == "__main__":
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})  # the server inherits it
    with portal() as settings:
        from ipaddress import ip_network

        from tests.stats.traffic import PROXIES

        settings.TRUSTED_PROXIES = [ip_network(address) for address in PROXIES]
        call_command("migrate", verbosity=0)
        main()
        figures()
