"""Sessions that know whose they are, so that a person can see and end them.

The database ends those of whoever's rights or password change (migration 0003).
"""

import re
from datetime import datetime, timedelta
from typing import Any, cast

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import User
from django.contrib.sessions.backends import db
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.http import HttpRequest
from django.utils import timezone

# How roughly the last use is known: one write for so long a time.
SEEN_EVERY = timedelta(minutes=10)
BROWSER, BEGUN = "browser", "begun"
# In this order: most browsers also name those that they descend from.
BROWSERS = {
    "Edge": r"Edg(e|A|iOS)?/",
    "Cốc Cốc": r"coc_coc",
    "Opera": r"OPR/",
    "Samsung Internet": r"SamsungBrowser",
    "Firefox": r"Firefox/|FxiOS",
    "Chrome": r"Chrome/|CriOS",
    "Safari": r"Safari/",
}
SYSTEMS = {
    "điện thoại Android": r"Android.*Mobile",
    "máy tính bảng Android": r"Android",
    "iPhone": r"iPhone",
    "iPad": r"iPad",
    "Windows": r"Windows",
    "máy Mac": r"Macintosh",
    "Linux": r"Linux|X11",
}


class Session(AbstractBaseSession):
    """Django's session with its person; no address is kept, and of the browser only its name."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True)
    browser = models.CharField(max_length=60, blank=True)
    begun_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(default=timezone.now)

    class Meta(AbstractBaseSession.Meta):
        abstract = False
        default_permissions = ()
        verbose_name = "phiên đăng nhập"
        verbose_name_plural = "phiên đăng nhập"

    @classmethod
    def get_session_store_class(cls) -> "type[SessionStore]":
        """Return the store that reads and writes these rows."""
        return SessionStore


class SessionStore(db.SessionStore):
    """Django's store in the database, which also notes person, browser and use."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """Return the table."""
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """Return the row for `data`, whose person is whom Django has signed in."""
        row: Any = super().create_model_instance(data)
        row.user_id = data.get(SESSION_KEY)
        row.browser = data.get(BROWSER, "")
        row.begun_at = datetime.fromisoformat(data[BEGUN]) if BEGUN in data else None
        return cast(Session, row)

    def load(self) -> dict[str, Any]:
        """Return the session's data, and note now and then that it is in use."""
        # Django's own hook, which its load() and its subclasses call; the stubs do not know it.
        row: Session | None = self._get_session_from_db()  # type: ignore[attr-defined]
        if row is None:
            return {}
        if row.seen_at < (now := timezone.now()) - SEEN_EVERY:
            Session.objects.filter(pk=row.pk).update(seen_at=now)
        return self.decode(row.session_data)


def begin(request: HttpRequest) -> None:
    """Note in a session that has just begun when and in which browser; drop expired ones."""
    request.session[BROWSER] = browser_of(request.headers.get("User-Agent", ""))
    request.session[BEGUN] = timezone.now().isoformat()
    request.session.set_expiry(0)  # with the browser: offices share computers
    Session.objects.filter(expire_date__lt=timezone.now()).delete()


def of(user: User) -> models.QuerySet[Session]:
    """Return the sessions in which `user` is signed in, the one last used first."""
    return Session.objects.filter(user=user, expire_date__gte=timezone.now()).order_by("-seen_at")


def browser_of(agent: str) -> str:
    """Return browser and system in words, such as "Firefox trên Windows"."""
    browser = _named(BROWSERS, agent) or "Trình duyệt khác"
    system = _named(SYSTEMS, agent)
    return f"{browser} trên {system}" if system else browser


def _named(names: dict[str, str], agent: str) -> str:
    return next((name for name, sign in names.items() if re.search(sign, agent)), "")
