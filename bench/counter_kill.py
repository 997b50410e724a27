"""Kill the loader 50 times, web workers 20 times and PostgreSQL 5 times while beacons come in.

Every beacon is of an object of its own and asks not to be followed: each that was answered must
be counted exactly once, each that was not at most once. One time PostgreSQL is away for a minute.
"""

import http.client
import itertools
import os
import random
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import psutil
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from bench.beacon import CHROME, PORT, granian, until_it_answers
from bench.scratch import portal
from portal import embedded

LOADER_KILLS, WORKER_KILLS, POSTGRES_KILLS = 50, 20, 5
READERS = 6
ABSENCE = 60  # seconds

chance = random.Random()


class Readers:
    """Threads that send beacons until they are told to stop, and remember what was answered."""

    def __init__(self):
        self.numbers = itertools.count(1)
        self.sent, self.answered, self.refused = [], [], []
        self.stop = threading.Event()
        self.threads = [threading.Thread(target=self._read) for _ in range(READERS)]
        for thread in self.threads:
            thread.start()

    def _read(self):
        server = http.client.HTTPConnection("127.0.0.1", PORT, timeout=20)
        while not self.stop.is_set():
            try:
                self._send(server, next(self.numbers))
            except (OSError, http.client.HTTPException):
                server.close()
            time.sleep(0.01)

    def _send(self, server, number):
        from stats import signing

        address = f"/dem/?o={signing.token('b', number)}"
        self.sent.append(number)
        server.request("POST", address, headers={"User-Agent": CHROME, "DNT": "1"})
        answer = server.getresponse()
        answer.read()
        (self.answered if answer.status == 200 else self.refused).append(number)

    def finish(self):
        """Stop sending."""
        self.stop.set()
        for thread in self.threads:
            thread.join()


def kill_loaders(times):
    """Start the loader and kill it, again and again."""
    for _ in range(times):
        loader = subprocess.Popen([sys.executable, "manage.py", "load_hits"])
        time.sleep(chance.uniform(0.8, 3.5))  # it takes the first second to start
        loader.kill()
        loader.wait()


def kill_workers(times, server):
    """Kill one of granian's workers at a time; return when the last one is replaced.

    Were one to die within 5.5 s of its start, granian would take it for a crash loop and end.
    """
    for _ in range(times):
        time.sleep(chance.uniform(6, 7.5))
        victim = chance.choice(workers_of(server))
        victim.kill()
        deadline = time.monotonic() + 30
        while victim in (workers := workers_of(server)) or len(workers) < 2:
            if time.monotonic() > deadline:
                raise SystemExit("A worker that was killed is not replaced.")
            time.sleep(0.1)


def workers_of(server):
    """Return granian's worker processes; a dead one stands there until it is noticed."""
    workers = []
    for child in server.children():
        with suppress(psutil.NoSuchProcess):
            if child.status() != psutil.STATUS_ZOMBIE:
                workers.append(child)
    return workers


def kill_postgres(times, place, readers):
    """Kill the server as a power cut would; the last time it comes back after a minute."""
    server = embedded._Server(place)
    for number in range(times):
        time.sleep(chance.uniform(8, 14))
        os.kill(server._postmaster(), signal.SIGKILL)
        if number == times - 1:
            before = len(readers.answered)
            time.sleep(ABSENCE)
            print(f"{len(readers.answered) - before:,} beacons answered without PostgreSQL")
        while True:
            with suppress(embedded.EmbeddedPostgresError, subprocess.CalledProcessError):
                server.start({}, None)
                break
            time.sleep(0.2)


def verdict(readers):
    """Count what is left and compare; SystemExit when a beacon is lost or doubled."""
    from hitcount.models import HitCount

    from stats import loader
    from stats.models import Drop, ObjectDay

    connection.close()  # PostgreSQL was killed under it
    while loader.load(timezone.now()) == loader.BATCH:
        pass
    counted = {}
    for number, amount in ObjectDay.objects.values_list("object_id", "amount"):
        counted[number] = counted.get(number, 0) + amount
    lost = set(readers.answered) - counted.keys()
    doubled = [number for number, amount in counted.items() if amount != 1]
    invented = counted.keys() - set(readers.sent)
    totals = dict(HitCount.objects.values_list("object_pk", "hits"))
    print(f"{len(readers.sent):,} sent, {len(readers.answered):,} answered, ", end="")
    print(f"{len(readers.refused)} refused, {len(counted):,} counted")
    print(f"{len(lost)} lost, {len(doubled)} counted twice, {Drop.objects.count()} dropped")
    if lost or doubled or invented or totals != counted:
        raise SystemExit("The counter lost or doubled hits.")


def main(settings, factor):
    """Run everything at once."""
    with granian("portal.serve:worker_application") as server:
        until_it_answers()
        readers = Readers()
        loaders, workers, servers = (
            round(kills * factor) for kills in (LOADER_KILLS, WORKER_KILLS, POSTGRES_KILLS)
        )
        place = Path(settings.VAR_DIR) / "postgres"
        try:
            with ThreadPoolExecutor() as killers:
                tasks = [
                    killers.submit(kill_loaders, loaders),
                    killers.submit(kill_workers, workers, psutil.Process(server.pid)),
                    killers.submit(kill_postgres, servers, place, readers),
                ]
            for task in tasks:
                task.result()
        finally:
            readers.finish()
    print(f"{loaders} loaders, {workers} workers and {servers} PostgreSQL servers killed")
    verdict(readers)


if __name__ == "__main__":
    with portal() as settings:
        call_command("migrate", verbosity=0)
        main(settings, float(sys.argv[1]) if len(sys.argv) > 1 else 1)
