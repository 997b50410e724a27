"""What every template may use."""

from functools import partial
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from portal.middleware import site_of
from portal.models import MenuItem, WebLink


def site(request: HttpRequest) -> dict[str, Any]:
    """Return the site's settings, menu and links; nothing is queried before it is used."""
    return {
        "site": SimpleLazyObject(partial(site_of, request)),
        "site_url": settings.SITE_URL,
        "menu": MenuItem.objects.all(),
        "web_links": WebLink.objects.all(),
    }
