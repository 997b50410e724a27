"""The page “Lịch đăng”: what goes up and comes down on each day of a month, what is in work."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.newsroom import writer
from core.publishing import Publishable
from core.workflow import OPEN_STATES, State
from documents.models import Document
from news import rights
from news.listing import first_moment, month_after
from news.models import Edition

if TYPE_CHECKING:
    from django.contrib.auth.models import User

# A month's plan is read by people; what is more is found in the lists.
MOST = 300
IN_WORK = 50


@dataclass(frozen=True)
class Planned:
    """One hour of the plan: what happens (`up` or down) to what, and where that is changed."""

    at: datetime
    up: bool
    title: str
    address: str

    @property
    def day(self) -> date:
        """Return the day in Vietnam."""
        return timezone.localtime(self.at).date()


@require_safe
def schedule(request: HttpRequest) -> HttpResponse:
    """One month, `?thang=2026-11` or this one, day by day; then what has no hour yet."""
    user = writer(request)
    if not (user.has_perm("news.view_article") or user.has_perm("documents.view_document")):
        raise PermissionDenied
    first = month_asked(request.GET.get("thang", ""))
    plan = sorted(planned(user, first), key=lambda one: (one.at, one.title))
    context = {
        **admin_context(request),
        "title": f"Lịch đăng tháng {first:%m/%Y}",
        "days": [(day, list(ones)) for day, ones in groupby(plan, lambda one: one.day)],
        "work": in_work(user),
        "today": timezone.localdate(),
        "earlier": month_before(first),
        "later": month_after(first),
    }
    return TemplateResponse(request, "admin/schedule.html", context)


def admin_context(request: HttpRequest) -> dict[str, Any]:
    """Return what every page of the newsroom shows."""
    from django.contrib import admin

    return admin.site.each_context(request)


def month_asked(text: str) -> date:
    """Return the first day of the month "2026-11", of this month for ""; raise Http404 else."""
    if not text:
        return timezone.localdate().replace(day=1)
    try:
        found = datetime.strptime(text, "%Y-%m").date()
    except ValueError as error:
        raise Http404("No such month.") from error
    if not 2000 <= found.year <= 2100:
        raise Http404("No such month.")
    return found


def month_before(first: date) -> date:
    """Return the first day of the month before."""
    return date(first.year - (first.month == 1), (first.month - 2) % 12 + 1, 1)


def planned(user: "User", first: date) -> Iterator[Planned]:
    """Yield what of `user`'s articles and documents has an hour in the month of `first`."""
    start, end = first_moment(first), first_moment(month_after(first))
    within = Q(state=State.APPROVED, publish_at__gte=start, publish_at__lt=end) | Q(
        state__in=(State.APPROVED, State.LIVE), expire_at__gte=start, expire_at__lt=end
    )
    for found in kinds(user):
        for version in found.filter(within).order_by("publish_at", "pk")[:MOST]:
            yield from _hours(version, start, end)


def _hours(version: Publishable, start: datetime, end: datetime) -> Iterator[Planned]:
    goes_up = version.publish_at if version.state == State.APPROVED else None
    for at, up in ((goes_up, True), (version.expire_at, False)):
        if at and start <= at < end:
            yield Planned(at, up, str(version), address_of(version))


def in_work(user: "User") -> list[tuple[str, str, str]]:
    """Return title, state and address of what is being written or decided, newest first."""
    waiting = [state for state in OPEN_STATES if state != State.APPROVED]
    rows: list[Publishable] = []
    for found in kinds(user):
        rows += found.filter(state__in=waiting).order_by("-updated_at")[:IN_WORK]
    rows.sort(key=lambda one: one.updated_at, reverse=True)
    return [(str(one), State(one.state).label, address_of(one)) for one in rows[:IN_WORK]]


def kinds(user: "User") -> Iterator[QuerySet[Any]]:
    """Yield the versions of articles and of documents that `user` works with."""
    if user.has_perm("news.view_article"):
        editions = Edition.objects.filter(article__binned_at=None).select_related("article")
        mine = editions if user.has_perm(rights.LEADS) else editions.filter(rights.concern(user))
        yield mine.defer("body")
    if user.has_perm("documents.view_document"):
        yield Document.objects.filter(binned_at=None).select_related("type")


def address_of(version: Publishable) -> str:
    """Return where the newsroom changes `version`."""
    subject = version.audit_subject()
    meta = subject._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[subject.pk])
