"""What every template may use."""

from collections.abc import Iterable
from functools import partial
from typing import Any

from django.conf import settings
from django.db.models import Model
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from core.version_cache import remembered
from documents.models import Document
from documents.validity import Status, status
from portal.middleware import site_of
from portal.models import MenuItem, WebLink
from stats import figures

LATEST_DOCUMENTS = 5


def site(request: HttpRequest) -> dict[str, Any]:
    """Return the site's settings, menu, links, newest documents and figures; queried once used."""
    menu = SimpleLazyObject(partial(_all_kept, MenuItem))
    return {
        "site": SimpleLazyObject(partial(site_of, request)),
        "site_url": settings.SITE_URL,
        "menu": menu,
        "menu_here": SimpleLazyObject(partial(_menu_here, request, menu)),
        "web_links": SimpleLazyObject(partial(_all_kept, WebLink)),
        "latest_documents": SimpleLazyObject(latest_documents),
        "figures": SimpleLazyObject(lambda: figures.texts(figures.current())),
    }


def _all_kept(model: type[Model]) -> list[Model]:
    return remembered(model.__name__, lambda: list(model._default_manager.all()))


def _menu_here(request: HttpRequest, menu: Iterable[MenuItem]) -> str:
    """The address of the page, if the menu has it."""
    return next((item.url for item in menu if item.url == request.path), "")


def latest_documents() -> list[tuple[Document, str]]:
    """Return the newest public documents, each with what limits its force today ("" nothing)."""
    newest = Document.objects.published().for_cards()[:LATEST_DOCUMENTS]
    return [(document, _limit(document)) for document in newest]


def _limit(document: Document) -> str:
    found = status(document, timezone.localdate())
    if found == Status.IN_FORCE:
        return ""
    # What replaces it may be internal: here the end is told without its cause.
    return str(Status.ENDED.label if found == Status.REPLACED else found.label)
