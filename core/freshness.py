"""What is kept in memory until the public can see something else (docs/adr/0013)."""

import logging
from collections import OrderedDict
from collections.abc import Callable, Hashable
from contextlib import suppress
from threading import Event, Lock
from time import monotonic
from typing import NamedTuple

from django.db import DatabaseError, InterfaceError, close_old_connections, connection

from core.cached_page import CachedPage
from core.version_cache import Entries

Key = tuple[str, str]  # path and query

LIMIT = 32 * 2**20  # bytes of pages in each process
LARGEST = LIMIT // 16  # of one page
ASKED_EVERY = 1.0  # seconds
# Seconds after which pages are shown no more while nobody can say whether they are still right.
ALONE_FOR = 600.0
PATIENCE = 0.25  # seconds that a request waits for another one that asks the database

log = logging.getLogger(__name__)


class Freshness(NamedTuple):
    """What all pages hang on, and for how many seconds at most it stays the same."""

    stamp: Hashable
    seconds: float


class Store:
    """What was made since `stamp` was true: pages, and `entries` that many pages share.

    Pages that were used longest ago give way to new ones.

    Whoever began under an older stamp puts the page into the older store, which nobody reads.
    """

    def __init__(self, stamp: Hashable, room: int) -> None:
        self.stamp, self.room = stamp, room
        self.entries = Entries()
        self.pages: OrderedDict[Key, CachedPage] = OrderedDict()
        self.in_the_making: dict[Key, Event] = {}
        self.lock = Lock()

    def get(self, key: Key) -> CachedPage | None:
        """Return the page at `key`, which is then the one used last."""
        page = self.pages.get(key)
        if page is not None:
            with suppress(KeyError):  # another thread has just dropped it
                self.pages.move_to_end(key)
        return page

    def put(self, key: Key, page: CachedPage | None) -> None:
        """Keep `page` in place of what was at `key`; None drops it."""
        with self.lock:
            former = self.pages.pop(key, None)
            self.room += former.size if former else 0
            if page is None or page.size > LARGEST:
                return
            self.pages[key] = page
            self.room -= page.size
            while self.room < 0:
                _, oldest = self.pages.popitem(last=False)
                self.room += oldest.size

    def claim(self, key: Key) -> Event | None:
        """Return None to who is to make the page and then `release()` it; to others, its end."""
        with self.lock:
            making = self.in_the_making.get(key)
            if making is None:
                self.in_the_making[key] = Event()
            return making

    def release(self, key: Key) -> None:
        """Let those go on who wait for the page."""
        with self.lock:
            self.in_the_making.pop(key).set()


class Watch:
    """Knows which store is right, from asking `freshness` once a second at most."""

    def __init__(self, freshness: Callable[[], Freshness], room: int = LIMIT) -> None:
        self.freshness, self.room = freshness, room
        self.store = Store(None, room)
        self.known_until = self.shown_until = self.asked_again_at = float("-inf")
        self.asking_since = float("inf")
        self.asking = Lock()

    def store_at(self, now: float) -> Store | None:
        """Return the pages that may be shown; None when nobody can say whether they are right."""
        if now < self.known_until:
            return self.store
        # The first request of a second asks; others wait for it, but not for a database that hangs.
        waits = max(0.0, min(PATIENCE, self.asking_since + PATIENCE - now))
        return self._asked(waits, lambda: now < self.known_until)

    def store_now(self) -> Store | None:
        """Return the pages that may be shown, after asking, whatever was known before."""
        return self._asked(PATIENCE, lambda: False)

    def _asked(self, waits: float, is_known: Callable[[], bool]) -> Store | None:
        """Ask after at most `waits` seconds in which others ask, unless it `is_known` by then."""
        if monotonic() >= self.asked_again_at and self.asking.acquire(timeout=waits):
            try:
                self.asking_since = monotonic()
                if not is_known() and self.asking_since >= self.asked_again_at:
                    self._ask()
            finally:
                self.asking_since = float("inf")
                self.asking.release()
        return self.store if monotonic() < self.shown_until else None

    def _ask(self) -> None:
        asked_at = monotonic()
        try:
            close_old_connections()
            stamp, seconds = self.freshness()
        except (DatabaseError, InterfaceError) as error:
            log.warning("Pages stay as they are, the database does not answer: %s", error)
            connection.close()
            self.asked_again_at = monotonic() + ASKED_EVERY
            return
        if stamp != self.store.stamp:
            self.store = Store(stamp, self.room)
        self.shown_until = asked_at + min(seconds, ALONE_FOR)
        self.known_until = asked_at + min(seconds, ASKED_EVERY)
