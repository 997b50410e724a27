"""The figures of the sidebar, at most one query per process and second whatever the traffic."""

import logging
import threading
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import DatabaseError, InterfaceError, close_old_connections, connection
from django.utils import timezone

from core.templatetags.portal import number
from stats.models import Live

KEPT = 1.0  # seconds
SILENCE = timedelta(seconds=60)  # after which a figure would be a guess

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Figures:
    """Readers of the last five minutes; visits today, since Monday, and ever."""

    online: int
    today: int
    week: int
    total: int


class Cache:
    """The figures as this process last read them; while one thread asks, others get the old."""

    def __init__(self) -> None:
        self.asking = threading.Lock()
        self.forget()

    def forget(self) -> None:
        """Ask the database again at the next call."""
        self.read_at = float("-inf")
        self.row: Live | None = None

    def is_fresh(self) -> bool:
        """Return whether the row was read within the last second."""
        return time.monotonic() - self.read_at < KEPT

    def latest(self) -> Live | None:
        """Return the row, at most a second old unless another thread is asking."""
        if not self.is_fresh() and self.asking.acquire(blocking=False):
            try:
                self.row = Live.objects.first()
            finally:
                self.read_at = time.monotonic()
                self.asking.release()
        return self.row


cache = Cache()


def current(now: datetime | None = None) -> Figures | None:
    """Return the figures; None when the loader has been silent for a minute."""
    return _judged(cache.latest(), now or timezone.now())


def outside_requests() -> Figures | None:
    """Return `current()` for code outside Django's requests; DatabaseError never leaves it."""
    try:
        if not cache.is_fresh():
            close_old_connections()
        return current()
    except (DatabaseError, InterfaceError) as error:
        log.info("The figures stay as they are: %s", error)
        connection.close()
        return _judged(cache.row, timezone.now())


def _judged(row: Live | None, now: datetime) -> Figures | None:
    if row is None or now - row.loaded_at > SILENCE:
        return None
    return Figures(row.online, row.today, row.week, row.total)


def texts(figures: Figures | None) -> dict[str, str]:
    """Return the figures by name as readers see them, "–" where there is none."""
    if figures is None:
        return dict.fromkeys(Figures.__dataclass_fields__, "–")
    return {name: number(value) for name, value in vars(figures).items()}
