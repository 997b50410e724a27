"""A view that says hello, and django-hitcount's own counting.

Each has no more middleware than it needs, but /project/, which has that of a new project.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse
from django.urls import path

from bench.processes import HOST, answers, free_port, running
from bench.wrk import Target

HELLO = "hello"
# Of a new project (django-admin startproject).
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]


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


urlpatterns = [
    path("hello/", hello),
    path("project/", hello),
    path("hitcount/", counted),
]


def worker_application() -> Callable[..., Any]:
    """Return a Django with these two views, for a worker of granian."""
    django.setup()
    settings.ROOT_URLCONF = "bench.peers.hello"
    settings.MIDDLEWARE = []
    plain = WSGIHandler()
    settings.MIDDLEWARE = [
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
    ]
    with_sessions = WSGIHandler()
    settings.MIDDLEWARE = MIDDLEWARE
    applications = {"/hello/": plain, "/project/": WSGIHandler()}

    def answer(environ: dict[str, Any], start: Any) -> Any:
        return applications.get(environ["PATH_INFO"], with_sessions)(environ, start)

    return answer


@contextmanager
def started(scratch: Path) -> Iterator[list[Target]]:
    """Serve the view that says hello as the portal is served."""
    port = free_port()
    command = [sys.executable, "-m", "bench.server", f"{__name__}:worker_application", str(port)]
    with running(command, answers(port), log=scratch / "hello.log"):
        site = f"http://{HOST}:{port}"
        yield [Target(HELLO, {"hello": f"{site}/hello/", "project": f"{site}/project/"})]
