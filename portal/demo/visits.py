"""Visits of the demonstration: day rows since 2021 that end in the figures of the source page.

The page tells two: 146.205 visits in 2023, which took the total past 500 thousand, and 721.618 in
all. Everything between follows the working week, the calendar and chance from a fixed seed.
"""

import math
import random
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import accumulate

from django.contrib.auth.models import User
from django.db import connection
from django.db.models import Min
from django.utils import timezone
from hitcount.models import HitCount

from documents.models import Document
from news.listing import first_moment
from news.models import Article
from portal.demo import AUTHOR_USERNAME
from stats import totals
from stats.models import Drop, Kind, ObjectDay, Opening, Reason, SiteDay

SHOWN = 721_618  # “Tất cả” of the source page
BEGINNING = date(2021, 1, 1)
OF_YEAR = {2021: 98_412, 2022: 124_730, 2023: 146_205}
LATER = 209_212  # from 2024 to the day before the portal counts by itself
SOURCE = (
    "Khối Thống kê truy cập của trang cũ (Tất cả: 721.618), trừ các lượt đã ghi theo ngày từ "
    "01/01/2021; số liệu theo ngày trước khi trang này đếm là số liệu minh họa"
)
OF_WEEKDAY = (1.25, 1.2, 1.15, 1.1, 1.1, 0.62, 0.55)
OF_MONTH = (0.9, 0.75, 1.05, 0.95, 1.1, 1.0, 0.9, 1.0, 1.1, 1.05, 1.15, 1.2)
HOLIDAYS = {(1, 1), (4, 30), (5, 1), (9, 2)}
DROPPED = {
    Reason.CRAWLER: 0.9,
    Reason.AGENT: 0.06,
    Reason.PREFETCH: 0.04,
    Reason.STAFF: 0.08,
    Reason.SIGNATURE: 0.01,
}
# How views and downloads of one object are spread over the days after it went public.
USUAL: dict[str, int] = {Kind.ARTICLE: 700, Kind.DOCUMENT: 160, Kind.DOWNLOAD: 60}
READING_DAYS = 240
FADING = 9.0  # days after which the daily views have fallen to a third


def load(by: User) -> None:
    """Write days, objects and the opening balance, unless the site has an opening already."""
    if Opening.objects.filter(kind="").exists():
        return
    end = _first_counted_day()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL portal.maintenance = 'on'")
        days = list(_days(end))
        SiteDay.objects.bulk_create(days)
        Drop.objects.bulk_create(_drops(days))
        _load_objects(by, end)
        cursor.execute("SET LOCAL portal.maintenance = 'off'")
    Opening.objects.create(
        amount=SHOWN - sum(day.visits for day in days),
        source=SOURCE,
        dated=BEGINNING - timedelta(days=1),
        entered_by=by,
        entered_at=first_moment(end),  # flush() knows by it which days are the demonstration's
    )


def flush() -> None:
    """Remove the demonstration's days and its opening; what the portal has counted stays."""
    own = Opening.objects.filter(entered_by__username=AUTHOR_USERNAME)
    first = own.filter(kind="").aggregate(first=Min("entered_at"))["first"]
    if first is None:
        return
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL portal.maintenance = 'on'")
        for model in (SiteDay, Drop, ObjectDay):
            before = model._default_manager.filter(day__lt=timezone.localdate(first))
            before._raw_delete(before.db)
        for kind, objects in _objects(User.objects.get(username=AUTHOR_USERNAME)).items():
            own_totals = HitCount.objects.filter(
                content_type=totals.content_type(kind), object_pk__in=[pk for pk, _ in objects]
            )
            own_totals._raw_delete(own_totals.db)
        own._raw_delete(own.db)
        cursor.execute("SET LOCAL portal.maintenance = 'off'")


def _first_counted_day() -> date:
    """The day from which on the portal's own rows stand."""
    today = timezone.localdate()
    first: date | None = SiteDay.objects.aggregate(first=Min("day"))["first"]
    return min(first or today, today)


def _days(end: date) -> Iterator[SiteDay]:
    """Every day from BEGINNING to the one before `end`."""
    chance = random.Random(SHOWN)
    spans = [(date(year, 1, 1), date(year + 1, 1, 1), sum_) for year, sum_ in OF_YEAR.items()]
    spans.append((date(2024, 1, 1), end, LATER))
    for first, after, visits in spans:
        days = [first + timedelta(days=n) for n in range((after - first).days)]
        shares = _shared(visits, [_weight(day) * chance.uniform(0.85, 1.15) for day in days])
        for day, amount in zip(days, shares, strict=True):
            views = round(amount * chance.uniform(2.1, 2.6))
            on_phones = min(0.72, 0.44 + 0.05 * (day.year - 2021)) * chance.uniform(0.92, 1.08)
            yield SiteDay(day=day, visits=amount, views=views, phone_views=round(views * on_phones))


def _weight(day: date) -> float:
    is_holiday = (day.month, day.day) in HOLIDAYS
    return OF_WEEKDAY[day.weekday()] * OF_MONTH[day.month - 1] * (0.5 if is_holiday else 1)


def _shared(total: int, weights: Sequence[float]) -> list[int]:
    """`total` shared out by `weights` into whole numbers that add up to it."""
    whole = sum(weights)
    edges = [round(total * part / whole) for part in accumulate(weights)]
    return [edge - before for before, edge in zip([0, *edges], edges, strict=False)]


def _drops(days: Sequence[SiteDay]) -> Iterator[Drop]:
    chance = random.Random(SHOWN)
    for day in days:
        for reason, share in DROPPED.items():
            hits = round(day.views * share * chance.uniform(0.6, 1.4))
            if hits:
                yield Drop(day=day.day, reason=reason, hits=hits)


def _objects(by: User) -> dict[str, list[tuple[int, date]]]:
    """Id and first day of what is counted of the demonstration, by kind, oldest first."""
    articles = Article.objects.published().filter(editions__number=1, editions__created_by=by)
    documents = Document.objects.published().filter(created_by=by)
    moments = articles.reverse().values_list("pk", "published_at")
    written = [(pk, timezone.localdate(at)) for pk, at in moments]
    days = documents.order_by("issued_on", "pk").values_list("pk", "issued_on")
    issued = [(pk, day) for pk, day in days if day]
    return {Kind.ARTICLE: written, Kind.DOCUMENT: issued, Kind.DOWNLOAD: issued}


def _load_objects(by: User, end: date) -> None:
    """Write the day rows and totals of the demonstration's articles and documents."""
    for kind, objects in _objects(by).items():
        rows = list(_object_days(kind, objects, end))
        ObjectDay.objects.bulk_create(rows, batch_size=5_000)
        amounts: Counter[tuple[str, int]] = Counter()
        for row in rows:
            amounts[kind, row.object_id] += row.amount
        totals.add(amounts)


def _object_days(kind: str, objects: Iterable[tuple[int, date]], end: date) -> Iterator[ObjectDay]:
    """The days on which each object was asked for: most on the first, fewer every day after."""
    chance = random.Random(kind)
    for pk, first in objects:
        total = round(USUAL[kind] * chance.lognormvariate(0, 0.5))
        days = [first + timedelta(days=n) for n in range(READING_DAYS)]
        weights = [
            _weight(day) * (math.exp(-n / FADING) + 0.01) * chance.uniform(0.5, 1.5)
            for n, day in enumerate(days)
        ]
        for day, amount in zip(days, _shared(total, weights), strict=True):
            if amount and BEGINNING <= day < end:
                yield ObjectDay(day=day, kind=kind, object_id=pk, amount=amount)
