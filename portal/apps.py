from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import AppConfig
from django.core.checks import register

from portal.checks import environment


class PortalConfig(AppConfig):
    name = "portal"
    verbose_name = "Trang thông tin"

    def ready(self) -> None:
        from core.publishing import moved
        from core.uses import register as register_uses
        from documents.signals import file_downloaded
        from news.checklist.links import TARGETS
        from portal import downloads, uses
        from portal.models import Page

        register(environment)
        register_uses("portal_page", uses.pages)
        file_downloaded.connect(downloads.count, dispatch_uid="portal.downloads")
        for name, follow in followers():
            moved.connect(follow, dispatch_uid=name)
        TARGETS["page"] = ("slug", Page.objects.published)


def followers() -> list[tuple[str, Callable[..., None]]]:
    """Return, by name, what follows every move (signal `moved`), in the order in which it does.

    The order is that of locks, for articles and documents alike: the words of the search, then
    citations and kin; otherwise two publications could wait for each other.
    """
    from documents import indexing as documents
    from news import indexing as news
    from news import publication
    from portal import notices

    follow: dict[str, Any] = {
        "documents.indexing": documents.follow,
        "news.indexing": news.follow,
        "news.publication": publication.follow,
        "portal.notices": notices.write,
    }
    return [*follow.items()]


@contextmanager
def followed_later() -> Iterator[None]:
    """Let moves of this process go without search, citations and kin: who loads much completes
    them afterwards, many at once (portal/completion.py)."""
    from core.publishing import moved

    late = [(name, follow) for name, follow in followers() if name != "portal.notices"]
    for name, _ in late:
        moved.disconnect(dispatch_uid=name)
    try:
        yield
    finally:
        moved.disconnect(dispatch_uid="portal.notices")
        for name, follow in followers():
            moved.connect(follow, dispatch_uid=name)
