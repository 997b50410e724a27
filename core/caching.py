"""How public responses say that they may be cached."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import add_never_cache_headers, patch_cache_control

View = Callable[..., HttpResponseBase]


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
