"""What all public pages hang on: the content version, the calendar, and what is scheduled."""

from datetime import datetime, timedelta

from django.utils import timezone

from core.content_version import ContentVersion
from core.page_cache import Freshness
from core.publishing import next_due, settle_due
from news.listing import first_moment
from portal.middleware import SCHEDULED


def freshness() -> Freshness:
    """Publish and take down what is due, then say what pages hang on; three queries.

    They are right until the next version goes up or comes down and, since force and "today" change
    with the day, until midnight (Asia/Ho_Chi_Minh) at most.
    """
    now = timezone.now()
    due = _next_due()
    if due <= now:
        for model in SCHEDULED:
            settle_due(model, now)
        due = _next_due()
    today = timezone.localdate(now)
    midnight = first_moment(today + timedelta(days=1))
    # What is still due is in somebody's hands, and tried again by the next request that asks.
    until = min(due, midnight) if due > now else midnight
    stamp = (ContentVersion.objects.current(), today)
    return Freshness(stamp, (until - now).total_seconds())


def _next_due() -> datetime:
    moments = (next_due(model) for model in SCHEDULED)
    return min((moment for moment in moments if moment), default=timezone.now() + timedelta(days=2))
