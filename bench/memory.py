"""Memory of the portal's whole stack: application server, PostgreSQL and nginx."""

import threading
from collections.abc import Iterable
from typing import NamedTuple

import psutil

SAMPLED_EVERY = 0.5  # seconds


class Memory(NamedTuple):
    """Megabytes: each process' share of what it shares (PSS), and counted in each (RSS)."""

    pss: float
    rss: float


class Stack:
    """The processes below some roots, whichever they are at the moment of asking."""

    def __init__(self, roots: Iterable[int]) -> None:
        self.roots = [psutil.Process(pid) for pid in roots]

    def now(self) -> Memory:
        """Return what all of them together hold."""
        used = [_of(process) for root in self.roots for process in _tree(root)]
        return Memory(sum(one.pss for one in used), sum(one.rss for one in used))

    def most(self, load: threading.Thread) -> Memory:
        """Return the most that they hold while `load` runs."""
        load.start()
        most = self.now()
        while load.is_alive():
            load.join(SAMPLED_EVERY)
            most = max(most, self.now())
        return most


def postmaster() -> int:
    """Return the process id of the server that the portal's database is on."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        found = psutil.Process(cursor.fetchone()[0]).parent()
    assert found is not None
    return found.pid


def _tree(root: psutil.Process) -> list[psutil.Process]:
    return [root, *root.children(recursive=True)]


def _of(process: psutil.Process) -> Memory:
    try:
        used = process.memory_full_info()
    except psutil.NoSuchProcess:
        return Memory(0, 0)
    return Memory(used.pss / 2**20, used.rss / 2**20)
