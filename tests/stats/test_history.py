"""Day rows summed up by period, by object, by reason."""

from datetime import date, timedelta

import pytest
from django.db import connection

from stats import history, totals
from stats.history import DAY, MONTH, WEEK, YEAR, Period
from stats.models import Drop, Kind, ObjectDay, Opening, SiteDay
from tests.factories import make_article, make_document

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 4)  # a Wednesday


@pytest.fixture(autouse=True)
def closed_days_may_be_written():
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL portal.maintenance = 'on'")


def write_day(day, visits=1, views=0, phone_views=0):
    SiteDay.objects.create(day=day, visits=visits, views=views, phone_views=phone_views)


def write_views(article, days_ago, amount, kind=Kind.ARTICLE):
    day = TODAY - timedelta(days=days_ago)
    ObjectDay.objects.create(day=day, kind=kind, object_id=article.pk, amount=amount)


@pytest.mark.parametrize(
    ("unit", "first", "after"),
    [
        (DAY, date(2026, 3, 4), date(2026, 3, 5)),
        (WEEK, date(2026, 3, 2), date(2026, 3, 9)),
        (MONTH, date(2026, 3, 1), date(2026, 4, 1)),
        (YEAR, date(2026, 1, 1), date(2027, 1, 1)),
    ],
)
def test_a_day_belongs_to_the_period_that_begins_before_it(unit, first, after):
    assert history.start_of(TODAY, unit) == first
    assert history.start_after(TODAY, unit) == after
    assert history.start_of(first, unit) == first
    assert history.start_of(after - timedelta(days=1), unit) == first


def test_periods_stand_in_a_row_even_where_nothing_was_counted():
    write_day(date(2025, 12, 31), 5, 9, 3)
    write_day(date(2026, 2, 1), 7)
    write_day(date(2026, 2, 28), 2)
    assert history.periods(MONTH, date(2025, 12, 1), date(2026, 3, 31)) == [
        Period(date(2025, 12, 1), 5, 9, 3),
        Period(date(2026, 1, 1)),
        Period(date(2026, 2, 1), 9),
        Period(date(2026, 3, 1)),
    ]


def test_a_week_runs_from_monday_to_sunday_across_the_new_year():
    write_day(date(2025, 12, 29), 1)
    write_day(date(2026, 1, 4), 2)
    write_day(date(2026, 1, 5), 4)
    weeks = history.periods(WEEK, date(2025, 12, 29), date(2026, 1, 5))
    assert [(week.first, week.visits) for week in weeks] == [
        (date(2025, 12, 29), 3),
        (date(2026, 1, 5), 4),
    ]


def test_periods_cost_one_query(django_assert_num_queries):
    write_day(TODAY)
    with django_assert_num_queries(1):
        history.periods(YEAR, date(2016, 1, 1), TODAY)


@pytest.mark.parametrize(("views", "phones", "percent"), [(0, 0, 0), (3, 2, 67), (200, 1, 0)])
def test_the_share_of_phones_is_told_in_whole_percent(views, phones, percent):
    assert Period(TODAY, 1, views, phones).phone_percent == percent


def test_what_was_seen_most_comes_first_and_only_if_it_may_be_told():
    few, many, hidden = make_article(), make_article(), make_article()
    write_views(few, 0, 3)
    write_views(many, 0, 2)
    write_views(many, 1, 2)
    write_views(hidden, 0, 90)
    write_views(few, 30, 90)
    among = type(few).objects.exclude(pk=hidden.pk)
    first = TODAY - timedelta(days=7)
    assert history.most(Kind.ARTICLE, among, first, TODAY, 5) == [(many.pk, 4), (few.pk, 3)]
    assert history.most(Kind.ARTICLE, among, first, TODAY, 1) == [(many.pk, 4)]


def test_of_what_is_trending_younger_views_weigh_more():
    yesterdays, todays, gone = make_article(), make_article(), make_article()
    write_views(yesterdays, 6, 30)
    write_views(todays, 0, 5)
    write_views(gone, 7, 900)
    every = type(gone).objects.all()
    assert history.trending(Kind.ARTICLE, every, TODAY, 5) == [todays.pk, yesterdays.pk]
    write_views(yesterdays, 2, 5)  # weighs half; six days weigh an eighth
    assert history.trending(Kind.ARTICLE, every, TODAY, 5) == [yesterdays.pk, todays.pk]


def test_views_and_downloads_of_a_document_are_told_apart(django_assert_num_queries):
    document = make_document()
    totals.add({(Kind.DOCUMENT, document.pk): 5, (Kind.DOWNLOAD, document.pk): 2})
    totals.add({(Kind.ARTICLE, document.pk): 99})
    kinds = [Kind.DOCUMENT, Kind.DOWNLOAD]
    with django_assert_num_queries(1):
        assert history.totals_of(kinds, document.pk) == {Kind.DOCUMENT: 5, Kind.DOWNLOAD: 2}
    assert history.totals_of(kinds, document.pk + 1) == {Kind.DOCUMENT: 0, Kind.DOWNLOAD: 0}
    every = type(document).objects.all()
    assert history.most_ever(Kind.DOWNLOAD, every, 5) == [(document.pk, 2)]
    assert history.most_ever(Kind.DOWNLOAD, every.none(), 5) == []


def test_dropped_hits_are_told_by_reason_the_most_first():
    for day, reason, hits in (
        (TODAY, "staff", 2),
        (TODAY, "crawler", 5),
        (TODAY - timedelta(days=1), "staff", 4),
        (TODAY - timedelta(days=9), "staff", 90),
    ):
        Drop.objects.create(day=day, reason=reason, hits=hits)
    assert history.dropped(TODAY - timedelta(days=3), TODAY) == [
        ("Người của tòa soạn", 6),
        ("Máy thu thập tự động", 5),
    ]


def test_openings_of_objects_are_told_together_and_corrections_alone():
    first, second = make_article(), make_article()
    common = {"source": "Trang cũ", "dated": TODAY}
    Opening.objects.create(amount=100, **common)
    Opening.objects.create(amount=-3, reason="Đếm lặp.", **common)
    for article in (first, second):
        Opening.objects.create(kind=Kind.ARTICLE, object_id=article.pk, amount=4, **common)
    told = [
        (row["kind"], row["amount"], row["counted"], row["reason"]) for row in history.openings()
    ]
    assert told == [("", 100, 0, ""), ("", -3, 0, "Đếm lặp."), ("b", 8, 2, "")]
    assert history.opening() == 97
    assert history.totals_of([Kind.ARTICLE], first.pk) == {Kind.ARTICLE: 4}


def test_ten_years_of_days_sum_to_what_was_counted():
    first = date(2016, 1, 1)
    SiteDay.objects.bulk_create(
        SiteDay(day=first + timedelta(days=n), visits=400, views=900, phone_views=500)
        for n in range(3_653)
    )
    last = first + timedelta(days=3_652)
    assert sum(year.visits for year in history.periods(YEAR, first, last)) == 400 * 3_653
