"""How public responses say that they may be cached."""

from collections.abc import Callable, Collection
from functools import lru_cache, wraps
from typing import Any, NamedTuple

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve
from django.utils.cache import add_never_cache_headers, patch_cache_control

View = Callable[..., HttpResponseBase]

LONGEST_PATH = 200  # letters; what is remembered of an address stays small


class Keeping(NamedTuple):
    """What tells the kept pages of a view apart, and the parameters with which none is kept."""

    parameters: tuple[str, ...]
    unless: Collection[str]


def public(max_age: int = 0) -> Callable[[View], View]:
    """Mark what a view answers as the same for everyone, fresh for `max_age` seconds.

    With 0 every use is revalidated (a 304 when nothing changed): readers see a new article at
    once. A response that the view itself made private stays private (RFC 9111, 5.2.2).
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def cached(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            response = view(request, *args, **kwargs)
            if not response.has_header("Cache-Control"):
                patch_cache_control(response, public=True, max_age=max_age)
                if not max_age:
                    patch_cache_control(response, must_revalidate=True)
            return response

        return cached

    return decorate


def public_unless_signed_in(view: View) -> View:
    """Mark what strangers get as public; what a signed-in person gets is stored nowhere.

    For pages that show more to some people: the answer varies on the cookie.
    """
    shared = public()(view)

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return shared(request, *args, **kwargs)
        response = view(request, *args, **kwargs)
        add_never_cache_headers(response)
        return response

    return answered


def kept(*parameters: str, unless: Collection[str] = ()) -> Callable[[View], View]:
    """Let core/page_cache.py keep what a view shows strangers: a page for each address.

    `parameters` and `unless` are all that the view reads of the query string. With one of `unless`
    nothing is kept: what people type has no end. Any other parameter never reaches the view.
    """

    def decorate(view: View) -> View:
        vars(view)["keeping"] = Keeping(parameters, frozenset(unless))
        return view

    return decorate


def keeping_of(path: str) -> Keeping | None:
    """Return how the pages at `path` are kept; None when they are not, or there are none."""
    return _keeping_of(path) if len(path) < LONGEST_PATH else None


@lru_cache(maxsize=1024)
def _keeping_of(path: str) -> Keeping | None:
    try:
        view = resolve(path).func
    except Resolver404:
        return None
    found: Keeping | None = vars(view).get("keeping")
    return found
