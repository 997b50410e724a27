"""Links to other sites, tried in the background: `manage.py check_links`."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from html import unescape
from typing import Any, Self
from urllib.parse import urlsplit

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from core import outside
from core.workflow import OPEN_STATES, State

FRESH = timedelta(days=7)
AT_ONCE = 4
AT_MOST = 200  # in one round
# A server that asks for a password, counts or is out of order is no dead link.
_GONE = (outside.NO_ANSWER, 404, 410)
_HREF = re.compile(r'\bhref="(https?://[^"]+)"', re.IGNORECASE)


class LinkCheckQuerySet(models.QuerySet["LinkCheck"]):
    """What may be asked of checked links."""

    def dead(self) -> Self:
        """Keep those that nobody could open when they were last tried."""
        return self.filter(status__in=_GONE)

    def due(self) -> Self:
        """Keep those that were not tried for a week, longest first."""
        stale = Q(checked_at=None) | Q(checked_at__lt=timezone.now() - FRESH)
        return self.filter(stale).order_by(F("checked_at").asc(nulls_first=True), "pk")


class LinkCheck(models.Model):
    """The last try of an address outside; `status` is HTTP's, 0 for no answer, empty untried."""

    url = models.URLField("địa chỉ", max_length=outside.MAX_URL, unique=True)
    checked_at = models.DateTimeField("thử lúc", null=True)
    status = models.PositiveSmallIntegerField("kết quả", null=True)

    objects = LinkCheckQuerySet.as_manager()

    class Meta:
        verbose_name = "liên kết ra ngoài"
        verbose_name_plural = "liên kết ra ngoài"
        constraints = (
            models.CheckConstraint(
                name="link_check_has_a_moment",
                condition=Q(checked_at=None, status=None)
                | Q(checked_at__isnull=False, status__isnull=False),
            ),
        )
        indexes = (
            models.Index(F("checked_at").asc(nulls_first=True), F("id"), name="link_check_due"),
        )

    def __str__(self) -> str:
        return self.url

    def told(self) -> str:
        """Return the result in words: "lỗi 404, ngày 07/10/2022"."""
        result = f"lỗi {self.status}" if self.status else "không có trả lời"
        day = timezone.localtime(self.checked_at) if self.checked_at else None
        return f"{result}, ngày {day:%d/%m/%Y}" if day else result


def is_external(href: str) -> bool:
    """Whether `href` leads to another site."""
    try:
        parts = urlsplit(href)
        return parts.scheme in ("http", "https") and parts.hostname not in (
            None,
            urlsplit(settings.SITE_URL).hostname,
        )
    except ValueError:  # a bracket without its fellow
        return False


def check() -> int:
    """Note the links of what is live or in work, try those that are due; return how many."""
    _note_new()
    due = list(LinkCheck.objects.due()[:AT_MOST])
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for link, status in zip(
            due, pool.map(outside.status_of, (link.url for link in due)), strict=True
        ):
            link.status, link.checked_at = status, timezone.now()
            link.save(update_fields=["status", "checked_at"])
    return len(due)


def _note_new() -> None:
    """Remember every link once; forget those that no text has any more."""
    wanted = set(_links())
    known = set(LinkCheck.objects.values_list("url", flat=True))
    LinkCheck.objects.bulk_create(
        (LinkCheck(url=url) for url in sorted(wanted - known)),
        ignore_conflicts=True,
        batch_size=1_000,
    )
    LinkCheck.objects.filter(url__in=known - wanted).delete()


def _links() -> Iterator[str]:
    edition: Any = apps.get_model("news", "Edition")
    read = edition.objects.filter(state__in=(*OPEN_STATES, State.LIVE))
    linked = read.filter(Q(body__contains='href="http') | ~Q(source_url=""))
    for body, source in linked.order_by().values_list("body", "source_url").iterator():
        for url in (*map(unescape, _HREF.findall(body)), source):
            if is_external(url) and len(url) <= outside.MAX_URL:
                yield url
