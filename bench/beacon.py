"""Beacons a second through granian with two workers, beside its peers; needs wrk."""

import os
import re
import socket
import subprocess
import sys
import time
from contextlib import contextmanager

from django.core.management import call_command
from django.db import connection

from bench.scratch import portal

SECONDS = 8
with socket.socket() as probe:  # granian would share a port with a server that somebody forgot
    probe.bind(("127.0.0.1", 0))
    PORT = probe.getsockname()[1]
CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/131.0.0.0 Safari/537.36"
)


@contextmanager
def granian(target):
    """Serve a factory of WSGI applications with two workers, as bin/run does; yield the process."""
    server = subprocess.Popen([sys.executable, "-m", "bench.server", target, str(PORT)])
    try:
        yield server
    finally:
        server.terminate()
        server.wait(30)


def until_it_answers():
    """Wait for a worker that takes connections."""
    for _ in range(300):
        with socket.socket() as visitor:
            if visitor.connect_ex(("127.0.0.1", PORT)) == 0:
                return
        time.sleep(0.1)
    raise SystemExit("The server does not start.")


def per_second(path, method="GET"):
    """Return the requests a second that are answered, all of them with 2xx."""
    until_it_answers()
    address = f"http://127.0.0.1:{PORT}{path}"
    script = f"{os.environ['VAR_DIR']}/wrk.lua"
    with open(script, "w") as lua:
        lua.write(f'wrk.method = "{method}"\nwrk.headers["User-Agent"] = "{CHROME}"\n')
    command = ["wrk", "-t1", "-c16", f"-d{SECONDS}", "-s", script, address]
    answer = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in answer:
        raise SystemExit(answer)
    return float(re.search(r"Requests/sec:\s+([\d.]+)", answer)[1])


def main() -> None:
    """Measure, print, and check that what was answered is in the spool."""
    from stats import signing, spool

    with granian("bench.peers.hello:worker_application"):
        hello = per_second("/hello/")
        hitcount = per_second("/hitcount/")
    before = reads_of_the_figures()
    with granian("portal.serve:worker_application"):
        beacon = per_second(f"/dem/?o={signing.token('t')}", "POST")
        pixel = per_second(f"/dem/anh.gif?o={signing.token('t')}")
    reads = reads_of_the_figures() - before
    lines = sum(1 for _ in spool.lines({}))
    print(f"beacon          {beacon:8,.0f}/s")
    print(f"picture         {pixel:8,.0f}/s")
    print(f"hello           {hello:8,.0f}/s   the beacon is {beacon / hello:.1f} times as fast")
    print(
        f"django-hitcount {hitcount:8,.0f}/s   the beacon is {beacon / hitcount:.0f} times as fast"
    )
    print(f"{lines:,} lines in the spool, at least {(beacon + pixel) * SECONDS:,.0f} answers")
    print(f"the figures were read {reads} times in {SECONDS} seconds by two workers")
    if beacon < 3000 or beacon < 10 * hitcount or reads > 2 * (SECONDS + 1):
        raise SystemExit("The bars are 3,000 a second, 10 times as fast, a read a second each.")


def reads_of_the_figures():
    """Return how often processes that are gone have read the row of the sidebar's figures."""
    others = (
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    with connection.cursor() as cursor:
        while cursor.execute(others) or cursor.fetchone() != (0,):
            time.sleep(0.1)  # each tells its statistics at its end
        cursor.execute(
            "SELECT seq_scan + idx_scan FROM pg_stat_user_tables WHERE relname = 'stats_live'"
        )
        return cursor.fetchone()[0]


if __name__ == "__main__":
    with portal():
        call_command("migrate", verbosity=0)
        main()
