"""The visits of the demonstration: the figures of the source page, to the unit."""

from datetime import date, timedelta
from itertools import accumulate

import pytest
from django.db import connection
from django.db.models import Sum
from django.utils import timezone
from hitcount.models import HitCount

from portal.demo import site, visits
from stats import history
from stats.models import Drop, Kind, ObjectDay, Opening, SiteDay
from tests.factories import make_article, make_document

pytestmark = pytest.mark.django_db


@pytest.fixture
def by():
    return site.author()


def of_year(year):
    return SiteDay.objects.filter(day__year=year).aggregate(sum=Sum("visits"))["sum"]


def test_the_figures_of_the_source_page_come_out(by):
    visits.load(by)
    assert of_year(2023) == 146_205
    opening = Opening.objects.get(kind="")
    total = SiteDay.objects.aggregate(sum=Sum("visits"))["sum"] + opening.amount
    assert total == 721_618
    assert "721.618" in opening.source
    before = opening.amount + of_year(2021) + of_year(2022)
    assert before < 500_000 < before + of_year(2023)


def test_no_day_is_missing_and_none_is_today(by):
    visits.load(by)
    days = list(SiteDay.objects.order_by("day"))
    yesterday = timezone.localdate() - timedelta(days=1)
    assert [days[0].day, days[-1].day] == [date(2021, 1, 1), yesterday]
    assert len(days) == (yesterday - date(2021, 1, 1)).days + 1
    assert all(0 < day.phone_views < day.views for day in days)
    assert Drop.objects.exists()


def test_offices_read_on_working_days(by):
    visits.load(by)
    sums = {True: [], False: []}
    for day in SiteDay.objects.all():
        sums[day.day.weekday() < 5].append(day.visits)
    working, free = (sum(found) / len(found) for found in (sums[True], sums[False]))
    assert working > 1.5 * free


def test_articles_and_documents_are_seen_from_their_first_day_on(by):
    at = timezone.now() - timedelta(days=100)
    article = make_article(by=by, at=at)
    document = make_document(created_by=by, issued_on=timezone.localdate(at))
    strange = make_article(at=at)
    visits.load(by)
    assert set(ObjectDay.objects.values_list("kind", "object_id")) == {
        (Kind.ARTICLE, article.pk),
        (Kind.DOCUMENT, document.pk),
        (Kind.DOWNLOAD, document.pk),
    }
    assert min(ObjectDay.objects.values_list("day", flat=True)) == timezone.localdate(at)
    rows = ObjectDay.objects.filter(kind=Kind.ARTICLE).aggregate(sum=Sum("amount"))["sum"]
    assert history.totals_of([Kind.ARTICLE], article.pk)[Kind.ARTICLE] == rows
    assert history.totals_of([Kind.ARTICLE], strange.pk)[Kind.ARTICLE] == 0


def test_a_second_load_changes_nothing(by):
    visits.load(by)
    visits.load(by)
    assert of_year(2023) == 146_205
    assert Opening.objects.count() == 1


def test_what_the_portal_has_counted_by_itself_stays_through_flush_and_load(by):
    today = timezone.localdate()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL portal.maintenance = 'on'")
        for ago in (2, 1, 0):
            SiteDay.objects.create(day=today - timedelta(days=ago), visits=5)
        cursor.execute("SET LOCAL portal.maintenance = 'off'")
    make_article(by=by, at=timezone.now() - timedelta(days=9))
    visits.load(by)
    total = SiteDay.objects.aggregate(sum=Sum("visits"))["sum"]
    assert total + history.opening() == 721_618 + 15
    visits.flush()
    assert list(SiteDay.objects.values_list("visits", flat=True)) == [5, 5, 5]
    assert not Opening.objects.exists()
    assert not ObjectDay.objects.exists()
    assert not HitCount.objects.exists()
    visits.load(by)
    assert SiteDay.objects.aggregate(sum=Sum("visits"))["sum"] == total


def test_an_opening_that_somebody_entered_is_respected(by):
    Opening.objects.create(amount=5, source="Trang cũ", dated=date(2024, 1, 1))
    visits.load(by)
    assert not SiteDay.objects.exists()
    visits.flush()
    assert Opening.objects.count() == 1


@pytest.mark.parametrize("weights", [[1], [1, 1, 1], [5, 0.1, 3, 0.1]])
def test_shares_add_up(weights):
    shares = visits._shared(1_000, weights)
    assert list(accumulate(shares))[-1] == 1_000
    assert min(shares) >= 0
