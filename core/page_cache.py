"""Public pages kept in memory and answered before Django (docs/adr/0013).

A page is made for everybody by a request of our own that has nothing but the address: no header,
no cookie and no unknown parameter of one reader ever reaches what others are shown.
"""

import io
import logging
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from contextlib import suppress
from functools import lru_cache
from threading import Event, Lock
from time import monotonic
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.core.exceptions import TooManyFieldsSent
from django.core.handlers.wsgi import get_path_info
from django.db import DatabaseError, InterfaceError, close_old_connections, connection
from django.http import QueryDict
from django.http.request import split_domain_port, validate_host

from core.cached_page import Answer, CachedPage, Environ, Start, is_for_everyone
from core.caching import keeping_of

Application = Callable[[Environ, Start], Iterable[bytes]]
Key = tuple[str, str]  # path and query

LIMIT = 32 * 2**20  # bytes of pages in each process
LARGEST = LIMIT // 16  # of one page
ASKED_EVERY = 1.0  # seconds
# Seconds after which pages are shown no more while nobody can say whether they are still right.
ALONE_FOR = 600.0
# Seconds that a request waits for another one that asks the database, or that makes its page.
PATIENCE, PATIENCE_WITH_A_PAGE = 0.25, 5.0
# Seconds that the counter's figures in a page may be old.
RENEWED_AFTER = 10.0
MESSAGES_COOKIE = "messages"  # django.contrib.messages calls it so
LONGEST = 300  # letters of a host's name, so that what is remembered of it stays small

log = logging.getLogger(__name__)


class Freshness(NamedTuple):
    """What all pages hang on, and for how many seconds at most it stays the same."""

    stamp: Hashable
    seconds: float


class Store:
    """The pages made since `stamp` was true; those used longest ago give way to new ones.

    Whoever began under an older stamp puts the page into the older store, which nobody reads.
    """

    def __init__(self, stamp: Hashable, room: int) -> None:
        self.stamp, self.room = stamp, room
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

    def __init__(self, freshness: Callable[[], Freshness], room: int) -> None:
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
        if now >= self.asked_again_at and self.asking.acquire(timeout=waits):
            try:
                self.asking_since = monotonic()
                if now >= max(self.known_until, self.asked_again_at):
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


class PageCache:
    """The WSGI application `application` behind the pages that its views say may be kept."""

    def __init__(
        self, application: Application, freshness: Callable[[], Freshness], room: int = LIMIT
    ) -> None:
        self.application = application
        self.watch = Watch(freshness, room)
        self.own_cookies = (
            settings.SESSION_COOKIE_NAME,
            settings.STAFF_COOKIE_NAME,
            MESSAGES_COOKIE,
        )
        self.scheme, self.host, *_ = urlsplit(settings.SITE_URL)

    def __call__(self, environ: Environ, start: Start) -> Iterable[bytes]:
        """Answer from memory with the least work; hand on what is not for memory."""
        if not self._may_be_shared(environ):
            return self.application(environ, start)
        now = monotonic()
        store = self.watch.store_at(now)
        query = environ.get("QUERY_STRING") and _known_query(environ)
        if store is None or query is None:
            return self.application(environ, start)
        key = (environ["PATH_INFO"], query)
        page = store.get(key)
        if page is not None and self._is_young(page, now):
            return page.answer(environ, start)
        return self._made(store, key, environ, start)

    def _may_be_shared(self, environ: Environ) -> bool:
        """Whether the request is a stranger's for a page of this site, as its links name it."""
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return False
        cookies = environ.get("HTTP_COOKIE")
        if cookies and any(name in cookies for name in self.own_cookies):
            return False
        return (self.scheme == "http" or _is_secure(environ)) and _is_ours(
            environ.get("HTTP_HOST", "")[:LONGEST]
        )

    def _is_young(self, page: CachedPage, now: float) -> bool:
        """Whether to show `page` as it is; alone, without a database, there is no younger one."""
        return now < page.renewed_at or now >= self.watch.known_until

    def _made(self, store: Store, key: Key, environ: Environ, start: Start) -> Iterable[bytes]:
        """Answer with the page made anew; once, however many ask for it."""
        if keeping_of(get_path_info(environ)) is None:
            return self.application(environ, start)
        making = store.claim(key)
        if making is not None:
            page = store.get(key)
            if page is None and making.wait(PATIENCE_WITH_A_PAGE):
                page = store.get(key)
            return page.answer(environ, start) if page else self.application(environ, start)
        try:
            answer, page = self._renewed(store, key, environ)
        finally:
            store.release(key)
        return page.answer(environ, start) if page else answer.replay(environ, start)

    def _renewed(
        self, store: Store, key: Key, environ: Environ
    ) -> tuple[Answer, CachedPage | None]:
        """Ask for the page, keep it if it may be kept; after a failure, what is there stays."""
        answer = self._ask(environ, key)
        if answer.status.startswith("5"):
            return answer, store.get(key)
        page = None
        if is_for_everyone(answer):
            page = CachedPage(answer, monotonic() + RENEWED_AFTER)
        store.put(key, page)
        return answer, page

    def _ask(self, environ: Environ, key: Key) -> Answer:
        begun: list[Answer] = []

        def start(status: str, headers: list[tuple[str, str]], _error: object = None) -> None:
            begun.append(Answer(status, headers, b""))

        body = self.application(self._own_request(environ, key), start)
        try:
            content = b"".join(body)
        finally:
            if hasattr(body, "close"):
                body.close()
        return begun[-1]._replace(body=content)

    def _own_request(self, environ: Environ, key: Key) -> Environ:
        """Return a request for the page at `key` with nothing of the reader's in it."""
        of_server = {name: value for name, value in environ.items() if name.startswith("wsgi.")}
        path, query = key
        return {
            **of_server,
            "wsgi.url_scheme": self.scheme,
            "wsgi.input": io.BytesIO(),
            "REQUEST_METHOD": "GET",
            "SCRIPT_NAME": environ.get("SCRIPT_NAME", ""),
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SERVER_PROTOCOL": "HTTP/1.1",
            "SERVER_NAME": self.host,
            "SERVER_PORT": "443" if self.scheme == "https" else "80",
            "HTTP_HOST": self.host,
        }


def _known_query(environ: Environ) -> str | None:
    """Return the query with the parameters alone that the view knows; None: not from memory."""
    keeping = keeping_of(get_path_info(environ))
    if keeping is None:
        return None
    try:
        asked = QueryDict(environ["QUERY_STRING"].encode("latin-1"))
    except TooManyFieldsSent:
        return None
    if any(name in asked for name in keeping.unless):
        return None
    return urlencode({name: asked[name] for name in keeping.parameters if name in asked})


@lru_cache(maxsize=256)
def _is_ours(host: str) -> bool:
    domain, _ = split_domain_port(host)
    return bool(domain) and validate_host(domain, settings.ALLOWED_HOSTS)


def _is_secure(environ: Environ) -> bool:
    """Whether the request came encrypted, as Django's `request.is_secure()` sees it."""
    if settings.SECURE_PROXY_SSL_HEADER:
        name, value = settings.SECURE_PROXY_SSL_HEADER
        if name in environ:
            return bool(environ[name] == value)
    return bool(environ["wsgi.url_scheme"] == "https")
