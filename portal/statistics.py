"""The page /thong-ke/: what the counter knows, and how it counts."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.caching import kept, public
from documents.models import Document
from news.models import Article
from stats import history
from stats.charts import Chart, Place
from stats.history import Period
from stats.models import Kind

FRESH = 60  # seconds: the figures of a statistics page need not be younger
DAYS = {"": 30, "30": 30, "90": 90}
RECENT = 30  # days that phones and dropped hits are told of
LISTED = 10


@dataclass(frozen=True)
class YearRow:
    """One year, and the total at its end, with what the site had before it was counted here."""

    period: Period
    total: int


@require_safe
@public(FRESH)
@kept("ngay")
def statistics(request: HttpRequest) -> HttpResponse:
    """Visits since the beginning, what is read, what is not counted, and the definitions."""
    asked = request.GET.get("ngay", "")
    if asked not in DAYS:
        raise Http404("No such number of days.")
    return render(request, "statistics.html", {"statistics": found(DAYS[asked])})


def found(days: int) -> dict[str, Any]:
    """Return what the page shows, its daily chart over `days`; eleven queries."""
    today = timezone.localdate()
    first = history.first_day() or today
    recent = history.periods(history.DAY, today - timedelta(days=days - 1), today)
    months = history.periods(history.MONTH, first, today)
    return {
        "days": days,
        "by_day": _chart("ngay", f"Lượt truy cập {days} ngày qua", "Ngày", recent, "%d/%m"),
        "by_month": _chart("thang", "Lượt truy cập theo tháng", "Tháng", months, "%m/%Y"),
        "by_year": _chart("nam", "Lượt truy cập theo năm", "Năm", _years(months), "%Y"),
        "years": _with_totals(_years(months), history.opening()),
        "recent_days": RECENT,
        "phone_percent": _share_of_phones(recent[-RECENT:]),
        "dropped": history.dropped(today - timedelta(days=RECENT - 1), today),
        "openings": history.openings(),
        "lists": _lists(today),
        "downloads": _downloads(),
    }


def _chart(slug: str, title: str, unit: str, periods: list[Period], format: str) -> Chart:
    places = [Place(f"{period.first:{format}}", period.visits) for period in periods]
    return Chart(slug, title, unit, places)


def _years(months: list[Period]) -> list[Period]:
    years: dict[date, Period] = {}
    for month in months:
        first = history.start_of(month.first, history.YEAR)
        sum_ = years.get(first, Period(first))
        years[first] = Period(
            first,
            sum_.visits + month.visits,
            sum_.views + month.views,
            sum_.phone_views + month.phone_views,
        )
    return list(years.values())


def _with_totals(years: list[Period], total: int) -> list[YearRow]:
    rows = []
    for year in years:
        total += year.visits
        rows.append(YearRow(year, total))
    return rows


def _share_of_phones(days: list[Period]) -> int:
    views, phones = (sum(d.views for d in days), sum(d.phone_views for d in days))
    return Period(days[0].first, views=views, phone_views=phones).phone_percent


def _lists(today: date) -> list[tuple[str, list[tuple[Article, int]]]]:
    """The most read articles of the week and of the month; three queries."""
    published = Article.objects.published()
    spans = {
        "Đọc nhiều trong tuần": history.start_of(today, history.WEEK),
        "Đọc nhiều trong tháng": history.start_of(today, history.MONTH),
    }
    read = {
        heading: history.most(Kind.ARTICLE, published, first, today, LISTED)
        for heading, first in spans.items()
    }
    cards = published.for_cards().in_bulk({pk for rows in read.values() for pk, _ in rows})
    return [
        (heading, [(cards[pk], amount) for pk, amount in rows if pk in cards])
        for heading, rows in read.items()
    ]


def _downloads() -> list[tuple[Document, int]]:
    """The public documents that were downloaded most; two queries."""
    published = Document.objects.published()
    taken = history.most_ever(Kind.DOWNLOAD, published, LISTED)
    documents = published.for_cards().in_bulk([pk for pk, _ in taken])
    return [(documents[pk], amount) for pk, amount in taken if pk in documents]
