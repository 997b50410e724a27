"""Against guessing: who fails waits, longer each time, and nobody else has to wait with them.

An attempt is counted before it is judged, so that many at once are no way around. It counts for the
account at one place: the network it comes from, or the browser, where this person has signed in
there before (OWASP, "Slow Down Online Guessing Attacks with Device Cookies"). Those of strange
browsers also count for the account wherever they come from; that wait never touches the browsers
that the person uses, so nobody can keep a person out from afar.

Accounts and places are kept as keyed hashes, for a day: what somebody typed as a name is at times
a password.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from math import ceil

from django.conf import settings
from django.db import models, transaction
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac

from core.networks import network

FORGOTTEN_AFTER = timedelta(days=1)
BROWSER_KNOWN_FOR = timedelta(days=180)
ANYWHERE = ""


class Secret(StrEnum):
    """What is guessed: a password, or the code of the second step."""

    PASSWORD = "password"
    CODE = "code"


@dataclass(frozen=True)
class Limit:
    """So many attempts are free; from then on each takes twice the wait of the last."""

    free: int
    first: timedelta
    longest: timedelta

    def wait(self, attempts: int) -> timedelta:
        """Return how long after the last of `attempts` the next one may be made."""
        if attempts < self.free:
            return timedelta()
        # No power beyond what the longest wait needs: attempts grow without bound.
        return min(self.first * 2 ** min(attempts - self.free, 20), self.longest)


AT_ONE_PLACE = Limit(free=5, first=timedelta(minutes=1), longest=timedelta(minutes=15))
# NIST SP 800-63B, 3.2.2: waits growing up to an hour, and no trouble for known browsers.
FROM_ANYWHERE = Limit(free=20, first=timedelta(minutes=1), longest=timedelta(hours=1))


class Attempts(models.Model):
    """How often a secret of one account was tried at one place, or ANYWHERE, of late."""

    account = models.CharField(max_length=32)
    place = models.CharField(max_length=32, blank=True)
    count = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        default_permissions = ()
        verbose_name = "số lần thử đăng nhập"
        verbose_name_plural = "số lần thử đăng nhập"
        constraints = (
            models.UniqueConstraint(fields=("account", "place"), name="attempts_once_per_place"),
        )

    def __str__(self) -> str:
        return f"{self.count}, {self.last_at}"

    @property
    def limit(self) -> Limit:
        """The limit that holds there."""
        return FROM_ANYWHERE if self.place == ANYWHERE else AT_ONE_PLACE

    def wait(self, now: datetime) -> timedelta:
        """Return how long to wait from `now`; nothing or less when the next may be made."""
        pause = self.limit.wait(self.count)
        return self.last_at + pause - now if pause else pause


def minutes_to_wait(request: HttpRequest, username: str, secret: Secret) -> int:
    """Count an attempt and return 0, or count nothing and return how many minutes to wait.

    The answer is the same for names that nobody has.
    """
    now, account = timezone.now(), _account(username, secret)
    places = _places(request, username)
    Attempts.objects.filter(last_at__lt=now - FORGOTTEN_AFTER).delete()
    with transaction.atomic():
        rows = [Attempts(account=account, place=place) for place in places]
        Attempts.objects.bulk_create(rows, ignore_conflicts=True)
        counted = Attempts.objects.filter(account=account, place__in=places)
        waits = [row.wait(now) for row in counted.select_for_update().order_by("place")]
        longest = max(waits, default=timedelta())
        if longest > timedelta():
            return ceil(longest / timedelta(minutes=1))
        counted.update(count=F("count") + 1, last_at=now)
    return 0


def failures_of_strangers(request: HttpRequest, username: str) -> int:
    """Return how often others tried the password of late: not from here, nor a known browser."""
    account = _account(username, Secret.PASSWORD)
    counts = dict(Attempts.objects.filter(account=account).values_list("place", "count"))
    here = [counts.get(place, 0) for place in _places(request, username) if place != ANYWHERE]
    known = ANYWHERE not in _places(request, username)
    return max(0, counts.get(ANYWHERE, 0) - (0 if known else sum(here)))


def forget(username: str) -> bool:
    """Let `username` try again at once everywhere; return whether anybody had to wait."""
    accounts = [_account(username, secret) for secret in Secret]
    rows = list(Attempts.objects.filter(account__in=accounts))
    Attempts.objects.filter(pk__in=[row.pk for row in rows]).delete()
    now = timezone.now()
    return any(row.wait(now) > timedelta() for row in rows)


def know_browser(request: HttpRequest, response: HttpResponse, username: str) -> None:
    """Give the browser of who has signed in the mark by which it is known."""
    name = _mark(username)
    response.set_signed_cookie(
        name,
        _marked(request, username) or secrets.token_urlsafe(12),
        salt=name,
        max_age=BROWSER_KNOWN_FOR,
        path=reverse("login"),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _places(request: HttpRequest, username: str) -> list[str]:
    if browser := _marked(request, username):
        return [_hash("browser", browser)]
    try:
        found = network(
            request.META.get("REMOTE_ADDR", ""), request.headers.get("X-Forwarded-For", "")
        )
    except ValueError:
        found = b""
    return [ANYWHERE, _hash("network", found.hex())]


def _marked(request: HttpRequest, username: str) -> str:
    name = _mark(username)
    found = request.get_signed_cookie(name, "", salt=name, max_age=BROWSER_KNOWN_FOR)
    return found or ""


def _mark(username: str) -> str:
    return f"quen-{_hash('mark', username)[:12]}"


def _account(username: str, secret: Secret) -> str:
    return _hash(secret, username)


def _hash(kind: str, text: str) -> str:
    return salted_hmac(f"portal.guessing.{kind}", text, algorithm="sha256").hexdigest()[:32]
