"""How much one address may ask at a time: a bucket that fills again all the while.

Who empties it waits for the next drop, a fraction of a second, and never longer: nobody is locked
out, neither a robot's neighbours in the same office. Nothing is written down; each process keeps
its own buckets, of the addresses that asked last.
"""

from collections import OrderedDict
from threading import Lock
from time import monotonic

from django.http import HttpRequest

from core.networks import network

REMEMBERED = 20_000  # addresses


class Throttle:
    """Admits `at_once` requests of an address, and then `per_second`."""

    def __init__(self, at_once: int, per_second: float) -> None:
        self.at_once, self.per_second = at_once, per_second
        self._buckets: OrderedDict[bytes, tuple[float, float]] = OrderedDict()
        self._lock = Lock()

    def admits(self, request: HttpRequest) -> bool:
        """Take a drop from the bucket of who asks; False when there is none."""
        meta = request.META
        try:
            address = network(meta.get("REMOTE_ADDR", ""), meta.get("HTTP_X_FORWARDED_FOR", ""))
        except ValueError:
            address = b""
        return self._take(address, monotonic())

    def _take(self, address: bytes, now: float) -> bool:
        with self._lock:
            left, then = self._buckets.pop(address, (float(self.at_once), now))
            left = min(self.at_once, left + (now - then) * self.per_second)
            admitted = left >= 1
            self._buckets[address] = (left - admitted, now)
            if len(self._buckets) > REMEMBERED:
                self._buckets.popitem(last=False)
        return admitted
