"""Day rows summed up: by period, by what was seen, by why it was not counted.

Days are those of the portal's time zone; weeks begin on Monday.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import (
    Count,
    DurationField,
    ExpressionWrapper,
    F,
    FloatField,
    Max,
    Min,
    Q,
    QuerySet,
    Sum,
    Value,
)
from django.db.models.functions import Cast, Coalesce, Extract, Power, Trunc
from hitcount.models import HitCount

from core.prepared import prepared
from stats import totals
from stats.models import Drop, ObjectDay, Opening, Reason, SiteDay

DAY, WEEK, MONTH, YEAR = "day", "week", "month", "year"
TRENDING_DAYS = 7
HALF_LIFE = 2  # days after which a view weighs half in what is trending


@dataclass(frozen=True)
class Period:
    """What was counted in the day, week, month or year that begins with `first`."""

    first: date
    visits: int = 0
    views: int = 0
    phone_views: int = 0

    @property
    def phone_percent(self) -> int:
        """Share of the views that came from phones, in whole percent."""
        return round(100 * self.phone_views / self.views) if self.views else 0


def start_of(day: date, unit: str) -> date:
    """Return the first day of the `unit` (DAY, WEEK, MONTH or YEAR) that `day` is in."""
    if unit == WEEK:
        return day - timedelta(days=day.weekday())
    if unit == MONTH:
        return day.replace(day=1)
    return day.replace(month=1, day=1) if unit == YEAR else day


def start_after(day: date, unit: str) -> date:
    """Return the first day of the `unit` after the one that `day` is in."""
    longest = {DAY: 1, WEEK: 7, MONTH: 31, YEAR: 366}[unit]
    return start_of(start_of(day, unit) + timedelta(days=longest), unit)


def starts(first: date, last: date, unit: str) -> Iterator[date]:
    """Yield the first day of every `unit` from that of `first` to that of `last`."""
    day = start_of(first, unit)
    while day <= last:
        yield day
        day = start_after(day, unit)


def first_day() -> date | None:
    """Return the first day that was counted; None before there is any."""
    day: date | None = SiteDay.objects.aggregate(first=Min("day"))["first"]
    return day


def periods(unit: str, first: date, last: date) -> list[Period]:
    """Return every `unit` from `first` to `last`, without gaps; one query.

    Only days from `first` to `last` are summed, so the outer periods may be cut.
    """
    rows = (
        SiteDay.objects.filter(day__range=(first, last))
        .order_by()
        .values(start=Trunc("day", unit))
        .annotate(v=Sum("visits"), w=Sum("views"), p=Sum("phone_views"))
    )
    found = {row["start"]: Period(row["start"], row["v"], row["w"], row["p"]) for row in rows}
    return [found.get(day, Period(day)) for day in starts(first, last, unit)]


def most(
    kind: str, among: QuerySet[Any], first: date, last: date, limit: int
) -> list[tuple[int, int]]:
    """Return id and amount of the objects `among` that were asked for most, most first."""
    rows = _amounts(kind, among, first, last).annotate(amount=Sum("amount"))
    return list(rows.order_by("-amount", "-object_id").values_list("object_id", "amount")[:limit])


def trending(kind: str, among: QuerySet[Any], today: date, limit: int) -> list[int]:
    """Return the ids of what was seen most in seven days, younger views weighing more."""
    since = ExpressionWrapper(Value(today) - F("day"), DurationField())
    age = Cast(Extract(since, "day"), FloatField()) / HALF_LIFE
    first = today - timedelta(days=TRENDING_DAYS - 1)
    rows = _amounts(kind, among, first, today)
    rows = rows.annotate(weight=Sum(F("amount") * Power(Value(0.5), age)))
    return list(rows.order_by("-weight", "-object_id").values_list("object_id", flat=True)[:limit])


def _amounts(kind: str, among: QuerySet[Any], first: date, last: date) -> QuerySet[Any]:
    of_kind = ObjectDay.objects.filter(kind=kind, day__range=(first, last))
    return of_kind.filter(object_id__in=among.order_by().values("pk")).values("object_id")


def most_ever(kind: str, among: QuerySet[Any], limit: int) -> list[tuple[int, int]]:
    """Return id and public total of the objects `among` with the highest, highest first."""
    rows = HitCount.objects.filter(
        content_type=totals.content_type(kind),
        object_pk__in=among.order_by().values("pk"),
        hits__gt=0,
    )
    return list(rows.order_by("-hits", "-object_pk").values_list("object_pk", "hits")[:limit])


def totals_of(kinds: Iterable[str], object_id: int) -> dict[str, int]:
    """Return the public total of one object for each of `kinds`, one or two; one query."""
    types = {totals.content_type(kind).pk: kind for kind in kinds}
    found = dict.fromkeys(types.values(), 0)
    first, *others = types
    return found | {types[pk]: hits for pk, hits in _totals(object_id, first, [*others, first][0])}


@prepared
def _totals(object_id: int, one: int, other: int) -> QuerySet[HitCount, tuple[int, int]]:
    rows = HitCount.objects.filter(Q(content_type=one) | Q(content_type=other), object_pk=object_id)
    return rows.values_list("content_type", "hits")


def dropped(first: date, last: date) -> list[tuple[str, int]]:
    """Return why hits were not counted, in words, and how many; most first."""
    rows = Drop.objects.filter(day__range=(first, last)).values("reason")
    summed = rows.annotate(amount=Sum("hits")).order_by("-amount", "reason")
    return [(str(Reason(row["reason"]).label), row["amount"]) for row in summed]


def openings() -> list[dict[str, Any]]:
    """Return what was brought over from the old site, oldest first; objects by source.

    Each has kind ("" the site), source, dated, reason ("" for the first entry), amount, the number
    of objects `counted` and the moment `entered`.
    """
    by_entry = Opening.objects.values("kind", "source", "dated", "reason")
    summed = by_entry.annotate(
        amount=Sum("amount"), counted=Count("object_id"), entered=Max("entered_at")
    )
    return [dict(row) for row in summed.order_by("kind", "entered")]


def opening() -> int:
    """Return the visits that the site had before its days were counted here."""
    summed = Opening.objects.filter(kind="").aggregate(amount=Coalesce(Sum("amount"), 0))
    return int(summed["amount"])
