"""From an approval to the new page at each of four workers on two servers, 100 times, under load.

Each article is approved through the publishing door. Every answer names its worker, which a wrapper
of the benchmark's own adds; once a worker has shown an article, none of its answers may lack it.
Needs wrk.
"""

import http.client
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from threading import Event, Lock, Thread
from typing import Any

from django.core.management import call_command

from bench.processes import HOST, answers, free_port, running
from bench.scratch import portal

APPROVALS, SERVERS, WORKERS, READERS = 100, 2, 2, 4
BAR = 2.0  # seconds
PATIENCE = 30  # seconds until all workers have been met, or shown an article
PAGE = "/tin-tuc/"


def worker_application() -> Callable[..., Any]:
    """Return the portal for a worker of granian, naming the worker in each answer."""
    from portal.serve import worker_application as portal_application

    application, name = portal_application(), ("X-Worker", str(os.getpid()))

    def named(environ: dict[str, Any], start: Callable[..., Any]) -> Any:
        return application(environ, lambda status, headers, *error: start(status, [*headers, name]))

    return named


class Sightings:
    """Which worker was seen to show which article, how late, and whether it went back."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.approved: dict[int, float] = {}  # article → when its transaction ended
        self.shown: dict[str, dict[int, float]] = {}  # worker → article → seconds
        self.stale: list[str] = []

    def note(self, worker: str, text: str, asked_at: float, answered_at: float) -> None:
        """Take in an answer that was asked for and given at these moments."""
        with self.lock:
            shown = self.shown.setdefault(worker, {})
            for article, approved_at in self.approved.items():
                if f"Tin số {article} của phép đo" in text:
                    shown.setdefault(article, answered_at - approved_at)
                elif article in shown and asked_at > approved_at + shown[article]:
                    self.stale.append(f"worker {worker} went back before article {article}")

    def approve(self, article: int) -> None:
        """Forget the article before, which the next ones push off the page; expect this one."""
        with self.lock:
            self.approved = {article: time.monotonic()}

    def is_everywhere(self, article: int) -> bool:
        """Return whether each worker has shown the article."""
        with self.lock:
            return sum(article in shown for shown in self.shown.values()) == SERVERS * WORKERS


def main(scratch: Path) -> None:
    """Measure, print, and exit with 1 above the bar or after a stale page."""
    from tests.factories import make_category, make_person

    category = make_category("Tin tức")
    people = make_person("Biên tập viên", category), make_person("Biên tập viên", category)
    seen, stop = Sightings(), Event()
    with ExitStack() as stack:
        ports = [stack.enter_context(_server(scratch / f"{n}.log")) for n in range(SERVERS)]
        readers = [
            Thread(target=_read, args=(port, seen, stop)) for port in ports for _ in range(READERS)
        ]
        stack.callback(stop.set)
        for reader in readers:
            reader.start()
        stack.enter_context(_load(ports))
        _until(lambda: len(seen.shown) == SERVERS * WORKERS)
        for number in range(1, APPROVALS + 1):
            _approve(number, category, *people, seen)
            _until(lambda number=number: seen.is_everywhere(number))
            time.sleep(number % 10 / 10)  # at every moment of a worker's second
        stop.set()
        for reader in readers:
            reader.join()
    _report(seen)


def _approve(number: int, category: Any, writer: Any, approver: Any, seen: Sightings) -> None:
    from core.publishing import approve, move
    from core.workflow import Action
    from tests.factories import make_draft

    draft = make_draft(f"Tin số {number} của phép đo", category=category, by=writer)
    submitted = move(draft, Action.SUBMIT, by=writer)
    approve(submitted, by=approver)
    seen.approve(number)


def _read(port: int, seen: Sightings, stop: Event) -> None:
    """Ask for the page over new connections, since a connection stays with its worker."""
    while not stop.is_set():
        asked_at = time.monotonic()
        server = http.client.HTTPConnection(HOST, port, timeout=20)
        server.request("GET", PAGE)
        answer = server.getresponse()
        text = answer.read().decode()
        if answer.status != 200:
            seen.stale.append(f"status {answer.status}")
        seen.note(answer.headers["X-Worker"], text, asked_at, time.monotonic())
        server.close()
        time.sleep(0.01)


@contextmanager
def _server(log: Path) -> Iterator[int]:
    port = free_port()
    target = f"{__name__ if __name__ != '__main__' else 'bench.freshness'}:worker_application"
    command = [sys.executable, "-m", "bench.server", target, str(port)]
    with running(command, answers(port), log=log):
        yield port


@contextmanager
def _load(ports: list[int]) -> Iterator[None]:
    """Let wrk ask both servers for the front page, gzip asked for, all the while."""
    command = ["wrk", "-t1", "-c8", "-d1h", "-H", "Accept-Encoding: gzip"]
    wrks = [
        subprocess.Popen([*command, f"http://{HOST}:{port}/"], stdout=subprocess.DEVNULL)
        for port in ports
    ]
    try:
        yield
    finally:
        for wrk in wrks:
            wrk.kill()
            wrk.wait()


def _until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            raise SystemExit("A worker was not met, or never showed the article.")
        time.sleep(0.005)


def _report(seen: Sightings) -> None:
    delays = sorted(delay for shown in seen.shown.values() for delay in shown.values())
    print(f"{APPROVALS} approvals, {len(seen.shown)} workers of {SERVERS} servers, under load:")
    print(f"median {median(delays):.2f} s, slowest {delays[-1]:.2f} s of {len(delays)} showings")
    print(f"{len(seen.stale)} pages went back to an older state")
    if delays[-1] > BAR or seen.stale:
        raise SystemExit(f"The bar is {BAR} s and none. {seen.stale[:3]}")


if __name__ == "__main__":
    with portal() as settings:
        call_command("migrate", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        main(Path(settings.VAR_DIR))
