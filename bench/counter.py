"""A million hits: the loader beside the slow counter, and how many lines a second it takes."""

import time
from datetime import timedelta
from random import Random

from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from bench.scratch import portal

HITS = 1_000_000


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
    started, cpu = time.perf_counter(), time.process_time()
    while loader.load(until) == loader.BATCH:
        pass
    seconds, busy = time.perf_counter() - started, time.process_time() - cpu
    print(
        f"counted in {seconds:.1f} s: {HITS / seconds:,.0f} lines/s, the loader {busy:.1f} s busy"
    )
    counted = slow_counter.count(requests, bots=traffic.BOTS, proxies=traffic.PROXIES)
    online = counted.pop("online")
    compare(counted, online(until))
    print(f"equal to the slow counter: {SiteDay.objects.count()} days")


def compare(counted, online) -> None:
    """Raise SystemExit unless the tables say what the slow counter says."""
    from stats.models import Live
    from tests.stats.tables import stored

    if stored() != counted or Live.objects.get().online != online:
        raise SystemExit("The two counters differ.")


def figures() -> None:
    """Print how long the figures take with ten years of day rows."""
    from stats import loader
    from stats.models import SiteDay

    chance, today = Random(1), timezone.localdate()
    with connection.cursor() as cursor:
        cursor.execute("SET portal.maintenance = 'on'")
        days = [today - timedelta(days=number) for number in range(10, 3660)]
        SiteDay.objects.bulk_create(
            SiteDay(day=day, visits=chance.randrange(900), views=900) for day in days
        )
        cursor.execute("VACUUM ANALYZE stats_siteday")
        now, taken = timezone.now(), []
        for _ in range(50):
            started = time.perf_counter()
            cursor.execute(loader.REFRESH, {"moment": now, "day": today})
            taken.append(time.perf_counter() - started)
    print(f"today, week and total from {SiteDay.objects.count():,} days: {min(taken) * 1e3:.1f} ms")


if __name__ == "__main__":
    with portal() as settings:
        from ipaddress import ip_network

        from tests.stats.traffic import PROXIES

        settings.TRUSTED_PROXIES = [ip_network(address) for address in PROXIES]
        call_command("migrate", verbosity=0)
        main()
        figures()
