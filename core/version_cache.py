"""Django's cache, its entries kept until the public can see something else (docs/adr/0013).

In the memory of the process, so whoever gets a value must not change it. It is for requests that
show something: all others, and whatever runs beside requests, find it empty.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock, local
from time import monotonic
from typing import Any, TypeVar, cast

from django.core.cache import cache
from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache

Value = TypeVar("Value")

MOST = 5_000  # entries of a process: some kilobytes each


class Entries:
    """Values by key, each until a moment of `monotonic()`; one set longest ago gives way."""

    def __init__(self) -> None:
        self.values: OrderedDict[str, tuple[Any, float]] = OrderedDict()
        self.lock = Lock()

    def get(self, key: str, default: Any) -> Any:
        """Return the value of `key`; `default` when there is none."""
        value, until = self.values.get(key, (default, float("inf")))
        return value if monotonic() < until else default

    def set(self, key: str, value: Any, seconds: float | None) -> None:
        """Keep `value` for `seconds`; None: as long as its version lasts."""
        with self.lock:
            self.values[key] = value, float("inf") if seconds is None else monotonic() + seconds
            while len(self.values) > MOST:
                self.values.popitem(last=False)

    def pop(self, key: str) -> bool:
        """Forget `key`; return whether there was a value."""
        with self.lock:
            return self.values.pop(key, None) is not None


class _Request(local):
    """The entries that the request of this thread hangs on, found when they are first asked for."""

    find: Callable[[], Entries | None] | None = None
    entries: Entries | None = None


_request = _Request()


@contextmanager
def entries_from(find: Callable[[], Entries | None]) -> Iterator[None]:
    """Let one request use the entries that `find` returns, the same ones throughout."""
    _request.find, _request.entries = find, None
    try:
        yield
    finally:
        _request.find = _request.entries = None


def find_entries() -> Entries | None:
    """Return the entries of this request, if it has any."""
    if _request.find is not None:
        _request.entries, _request.find = _request.find(), None
    return _request.entries


class VersionCache(BaseCache):
    """The cache of settings.CACHES; `version` and LOCATION mean nothing here."""

    def __init__(self, _location: str, params: dict[str, Any]) -> None:
        super().__init__(params)
        self.default_timeout = None

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        entries = find_entries()
        return default if entries is None else entries.get(key, default)

    def set(
        self,
        key: Any,
        value: Any,
        timeout: Any = DEFAULT_TIMEOUT,
        version: int | None = None,
    ) -> None:
        entries = find_entries()
        if entries is not None:
            entries.set(key, value, None if timeout is DEFAULT_TIMEOUT else timeout)

    def add(
        self,
        key: Any,
        value: Any,
        timeout: Any = DEFAULT_TIMEOUT,
        version: int | None = None,
    ) -> bool:
        is_new = not self.has_key(key)
        if is_new:
            self.set(key, value, timeout)
        return is_new

    def has_key(self, key: Any, version: int | None = None) -> bool:
        return self.get(key, self._missing_key) is not self._missing_key

    def delete(self, key: Any, version: int | None = None) -> bool:
        entries = find_entries()
        return entries is not None and entries.pop(key)


def remembered(key: str, make: Callable[[], Value], seconds: float | None = None) -> Value:
    """Return what is kept as `key`, or what `make` returns, from then on kept for `seconds`."""
    value: Value = cast(Any, cache.get_or_set(key, make, seconds))
    return value
