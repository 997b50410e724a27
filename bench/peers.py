"""What the beacon is measured beside: a view that says hello, and django-hitcount's own counting.

Each has no more middleware than it needs.
"""

from collections.abc import Callable
from typing import Any

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse
from django.urls import path


def hello(request: HttpRequest) -> HttpResponse:
    """Say hello."""
    return HttpResponse("hello")


def counted(request: HttpRequest) -> HttpResponse:
    """Count the request as django-hitcount's views do."""
    from django.contrib.contenttypes.models import ContentType
    from hitcount.models import HitCount
    from hitcount.views import HitCountMixin

    kind = ContentType.objects.get_for_model(ContentType)
    total, _made = HitCount.objects.get_or_create(content_type=kind, object_pk=1)
    return HttpResponse(str(HitCountMixin.hit_count(request, total).hit_counted))


urlpatterns = [path("hello/", hello), path("hitcount/", counted)]


def worker_application() -> Callable[..., Any]:
    """Return a Django with these two views, for a worker of granian."""
    django.setup()
    settings.ROOT_URLCONF = "bench.peers"
    settings.MIDDLEWARE = []
    plain = WSGIHandler()
    settings.MIDDLEWARE = [
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
    ]
    with_sessions = WSGIHandler()

    def answer(environ: dict[str, Any], start: Any) -> Any:
        application = plain if environ["PATH_INFO"] == "/hello/" else with_sessions
        return application(environ, start)

    return answer
