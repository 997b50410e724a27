"""What the newsroom asks of the counter: a period beside the year before, and by what it was of."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection
from django.http import Http404
from django.utils import timezone

from stats import history
from stats.charts import Chart, Place
from stats.history import DAY, MONTH, WEEK, YEAR, Period
from stats.models import Kind

UNITS = {"ngay": DAY, "tuan": WEEK, "thang": MONTH, "nam": YEAR}
UNIT_NAMES = {"ngay": "Ngày", "tuan": "Tuần", "thang": "Tháng", "nam": "Năm"}
OLDEST, NEWEST = 2000, 9000  # years that a date can be compared and counted on from

# A withdrawn article keeps its category, but no edition that readers see names unit and author.
OF_ARTICLES = """
SELECT coalesce({label}, 'Không ghi') AS label,
    coalesce(sum(amount) FILTER (WHERE day BETWEEN %(first)s AND %(last)s), 0),
    coalesce(sum(amount) FILTER (WHERE day BETWEEN %(before)s AND %(until)s), 0)
FROM stats_objectday AS counted
    JOIN news_article AS article ON article.id = counted.object_id
    JOIN news_category AS category ON category.id = article.category_id
    LEFT JOIN news_edition AS edition ON edition.id = article.live_id
    LEFT JOIN news_unit AS unit ON unit.id = edition.unit_id
WHERE counted.kind = %(kind)s
    AND (day BETWEEN %(first)s AND %(last)s OR day BETWEEN %(before)s AND %(until)s)
GROUP BY 1 ORDER BY 2 DESC, 3 DESC, 1
"""
OF_DOCUMENTS = """
SELECT coalesce(type.name, 'Không ghi') AS label,
    coalesce(sum(amount) FILTER (WHERE day BETWEEN %(first)s AND %(last)s), 0),
    coalesce(sum(amount) FILTER (WHERE day BETWEEN %(before)s AND %(until)s), 0)
FROM stats_objectday AS counted
    JOIN documents_document AS document ON document.id = counted.object_id
    LEFT JOIN documents_documenttype AS type ON type.id = document.type_id
WHERE counted.kind = %(kind)s
    AND (day BETWEEN %(first)s AND %(last)s OR day BETWEEN %(before)s AND %(until)s)
GROUP BY 1 ORDER BY 2 DESC, 3 DESC, 1
"""
BREAKDOWNS = (
    ("Lượt xem theo chuyên mục", "Chuyên mục", Kind.ARTICLE, OF_ARTICLES, "category.name"),
    ("Lượt xem theo đơn vị", "Đơn vị", Kind.ARTICLE, OF_ARTICLES, "unit.name"),
    (
        "Lượt xem theo tác giả, bút danh",
        "Tác giả",
        Kind.ARTICLE,
        OF_ARTICLES,
        "nullif(edition.pen_name, '')",
    ),
    ("Lượt xem theo loại văn bản", "Loại văn bản", Kind.DOCUMENT, OF_DOCUMENTS, ""),
    ("Lượt tải theo loại văn bản", "Loại văn bản", Kind.DOWNLOAD, OF_DOCUMENTS, ""),
)


@dataclass(frozen=True)
class Breakdown:
    """Views or downloads of a span by what they were of, each beside the year before."""

    title: str
    of: str
    rows: list[Place]


@dataclass(frozen=True)
class Asked:
    """What the address of a report asks for: the unit of its bars, a year, and for days a month."""

    unit: str
    year: int
    month: int

    @property
    def first(self) -> date:
        """The first day of the span that is broken down."""
        return date(self.year, self.month if self.unit == "ngay" else 1, 1)

    @property
    def last(self) -> date:
        """The last day of the span."""
        unit = MONTH if self.unit == "ngay" else YEAR
        return history.start_after(self.first, unit) - timedelta(days=1)

    @property
    def name(self) -> str:
        """The span in words."""
        return f"tháng {self.first:%m/%Y}" if self.unit == "ngay" else f"năm {self.year}"


def asked(parameters: Mapping[str, str]) -> Asked:
    """Return what `parameters` (ky, nam, thang) ask for, now where they are silent; Http404."""
    today = timezone.localdate()
    unit = parameters.get("ky") or "thang"
    year = _number(parameters.get("nam"), today.year, OLDEST, NEWEST)
    month = _number(parameters.get("thang"), today.month, 1, 12)
    if unit not in UNITS:
        raise Http404("No such unit.")
    return Asked(unit, year, month)


def _number(text: str | None, usual: int, least: int, most: int) -> int:
    if not text:
        return usual
    if not (text.isascii() and text.isdigit() and len(text) < 5 and least <= int(text) <= most):
        raise Http404("No such number.")
    return int(text)


def chart(wanted: Asked) -> Chart:
    """Return the visits that are asked for, every bar beside its twin of the year before."""
    title = "Lượt truy cập theo năm" if wanted.unit == "nam" else f"Lượt truy cập {wanted.name}"
    return Chart("truy-cap", title, UNIT_NAMES[wanted.unit], _places(wanted))


def _places(wanted: Asked) -> list[Place]:
    if wanted.unit == "nam":
        return _places_of_years()
    if wanted.unit == "tuan":
        return _places_of_weeks(wanted.year)
    unit = UNITS[wanted.unit]
    now = history.periods(unit, wanted.first, wanted.last)
    before = _visits(history.periods(unit, _year_before(wanted.first), _year_before(wanted.last)))
    format = "%d/%m" if unit == DAY else "%m/%Y"
    return [Place(f"{p.first:{format}}", p.visits, before.get(_year_before(p.first))) for p in now]


def _places_of_years() -> list[Place]:
    today = timezone.localdate()
    years = history.periods(YEAR, history.first_day() or today, today)
    before = _visits(years)
    return [Place(f"{p.first:%Y}", p.visits, before.get(_year_before(p.first))) for p in years]


def _places_of_weeks(year: int) -> list[Place]:
    """The weeks of a year as ISO 8601 numbers them, beside those of the same number."""
    now = history.periods(WEEK, _week_one(year), _week_one(year + 1) - timedelta(days=1))
    before = history.periods(WEEK, _week_one(year - 1), _week_one(year) - timedelta(days=1))
    earlier = dict(enumerate((week.visits for week in before), start=1))
    return [
        Place(f"Tuần {number} ({week.first:%d/%m})", week.visits, earlier.get(number))
        for number, week in enumerate(now, start=1)
    ]


def _week_one(year: int) -> date:
    return date.fromisocalendar(year, 1, 1)


def _visits(periods: list[Period]) -> dict[date, int]:
    return {period.first: period.visits for period in periods}


def _year_before(day: date) -> date:
    """The same day of the year before; the 28th for a 29 February."""
    if (day.month, day.day) == (2, 29):
        return date(day.year - 1, 2, 28)
    return day.replace(year=day.year - 1)


def breakdowns(wanted: Asked) -> list[Breakdown]:
    """Return what was seen and downloaded in the span, by what it was of; a query for each."""
    span = {
        "first": wanted.first,
        "last": wanted.last,
        "before": _year_before(wanted.first),
        "until": _year_before(wanted.last),
    }
    with connection.cursor() as cursor:
        found = []
        for title, of, kind, sql, label in BREAKDOWNS:
            cursor.execute(sql.format(label=label), {**span, "kind": kind.value})
            found.append(Breakdown(title, of, [Place(*row) for row in cursor.fetchall()]))
    return found
