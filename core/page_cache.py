"""Public pages kept in memory and answered before Django (docs/adr/0013).

A page is made for everybody by a request of our own that has nothing but the address: no header,
no cookie and no unknown parameter of one reader ever reaches what others are shown.
"""

import io
from collections.abc import Callable, Iterable
from functools import lru_cache
from time import monotonic
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.core.exceptions import TooManyFieldsSent
from django.core.handlers.wsgi import get_path_info
from django.http import QueryDict
from django.http.request import split_domain_port, validate_host

from core.cached_page import Answer, CachedPage, Environ, Start, is_for_everyone
from core.caching import keeping_of
from core.freshness import Key, Store, Watch

Application = Callable[[Environ, Start], Iterable[bytes]]

PATIENCE = 5.0  # seconds that a request waits for another one that makes its page
# Seconds that the counter's figures in a page may be old.
RENEWED_AFTER = 10.0
MESSAGES_COOKIE = "messages"  # django.contrib.messages calls it so
LONGEST = 300  # letters of a host's name, so that what is remembered of it stays small


class PageCache:
    """The WSGI application `application` behind the pages that its views say may be kept."""

    def __init__(self, application: Application, watch: Watch) -> None:
        self.application, self.watch = application, watch
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
            if page is None and making.wait(PATIENCE):
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
