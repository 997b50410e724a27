"""What all public pages hang on: the content version, the calendar, and what is scheduled."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from core.content_version import ContentVersion
from core.freshness import Freshness, Watch
from core.prepared import prepared
from core.publishing import Publishable, next_moments, settle_due
from documents.models import Document
from news.listing import first_moment
from news.models import Edition

# What can be given an hour to go live.
SCHEDULED: tuple[type[Publishable], ...] = (Edition, Document)


def freshness() -> Freshness:
    """Publish and take down what is due, then say what pages hang on; two queries.

    They are right until the next version goes up or comes down and, since force and "today" change
    with the day, until midnight (Asia/Ho_Chi_Minh) at most.
    """
    now = timezone.now()
    due = publish_due(now)
    today = timezone.localdate(now)
    midnight = first_moment(today + timedelta(days=1))
    # What is still due is in somebody's hands, and tried again by the next request that asks.
    until = min(due, midnight) if due > now else midnight
    stamp = (ContentVersion.objects.current(), today)
    return Freshness(stamp, (until - now).total_seconds())


def publish_due(now: datetime) -> datetime:
    """Publish and take down what is due; return when something is next; one query if nothing is."""
    due = _next_due()
    if due > now:
        return due
    for model in SCHEDULED:
        settle_due(model, now)
    return _next_due()


def _next_due() -> datetime:
    moments = (moment for moment in _moments() if moment)
    return min(moments, default=timezone.now() + timedelta(days=2))


@prepared
def _moments() -> QuerySet[Any, Any]:
    return next_moments(SCHEDULED)


# The knowledge of this process; each worker of the server has its own.
watch = Watch(freshness)
