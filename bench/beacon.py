"""Beacons a second through granian with two workers, beside its peers; needs wrk."""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager

from django.core.management import call_command

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
def granian(target, *more):
    """Serve a factory of WSGI applications with two workers, as bin/run does."""
    options = "--interface wsgi --factory --workers 2 --blocking-threads 4 --log-level error"
    options += " --workers-kill-timeout 2"
    command = [
        sys.executable,
        "-m",
        "granian",
        *options.split(),
        "--port",
        str(PORT),
        *more,
        target,
    ]
    server = subprocess.Popen(command, env=os.environ)
    try:
        yield server
    finally:
        server.terminate()
        server.wait()


def per_second(path, method="GET"):
    """Return the requests a second that are answered, all of them with 2xx."""
    address = f"http://127.0.0.1:{PORT}{path}"
    request = urllib.request.Request(address, method=method, headers={"User-Agent": CHROME})
    for _ in range(200):
        try:
            urllib.request.urlopen(request).close()
            break
        except OSError:
            time.sleep(0.1)
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

    with granian("bench.peers:worker_application"):
        hello = per_second("/hello/")
        hitcount = per_second("/hitcount/")
    with granian("portal.serve:worker_application"):
        beacon = per_second(f"/dem/?o={signing.token('t')}", "POST")
        pixel = per_second(f"/dem/anh.gif?o={signing.token('t')}")
    lines = sum(1 for _ in spool.lines({}))
    print(f"beacon          {beacon:8,.0f}/s")
    print(f"picture         {pixel:8,.0f}/s")
    print(f"hello           {hello:8,.0f}/s   the beacon is {beacon / hello:.1f} times as fast")
    print(
        f"django-hitcount {hitcount:8,.0f}/s   the beacon is {beacon / hitcount:.0f} times as fast"
    )
    print(f"{lines:,} lines in the spool, at least {(beacon + pixel) * SECONDS:,.0f} answers")


if __name__ == "__main__":
    with portal():
        call_command("migrate", verbosity=0)
        main()
