"""The WSGI application; refuses to start on a wrong environment."""

import os
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

from portal.silence import give_up_in_time


def _portal() -> Callable[..., Any]:
    """Django, before it the pages that are kept, and the counter; they need Django set up."""
    application = get_wsgi_application()
    if settings.ENVIRONMENT_PROBLEMS:
        raise ImproperlyConfigured(
            "\n".join(f"{p.id}: {p.message} {p.hint}" for p in settings.ENVIRONMENT_PROBLEMS)
        )
    give_up_in_time()
    from core.page_cache import PageCache
    from portal.freshness import watch
    from stats.beacon import counted

    return counted(PageCache(application, watch))


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
application = _portal()
