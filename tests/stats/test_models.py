"""What the tables refuse, whoever writes."""

from contextlib import contextmanager
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from hitcount.models import HitCount

from stats.models import Drop, Live, ObjectDay, Opening, Salt, SiteDay, SlotOffset

pytestmark = pytest.mark.django_db

DAY, CLOSED = date(2026, 11, 23), date(2026, 11, 20)


@contextmanager
def refused(name):
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        yield
    assert caught.value.__cause__.diag.constraint_name == name


@contextmanager
def maintenance():
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL portal.maintenance = 'on'")
        yield
        cursor.execute("SET LOCAL portal.maintenance = 'off'")


@pytest.fixture(autouse=True)
def days():
    """One day that is open and one that is closed."""
    with maintenance():
        SiteDay.objects.create(day=CLOSED, visits=5, views=9, phone_views=4)
        ObjectDay.objects.create(day=CLOSED, kind="b", object_id=7, amount=3)
        Drop.objects.create(day=CLOSED, reason="crawler", hits=2)
    Salt.objects.create(day=DAY, salt=b"x" * 32)
    SiteDay.objects.create(day=DAY, visits=1, views=1)
    ObjectDay.objects.create(day=DAY, kind="b", object_id=7, amount=1)
    Drop.objects.create(day=DAY, reason="crawler", hits=1)


def opening(**fields):
    return Opening.objects.create(
        **{"amount": 10, "source": "Trang cũ", "dated": date(2026, 11, 1)} | fields
    )


def test_a_closed_day_never_changes():
    with refused("siteday_open"):
        SiteDay.objects.filter(day=CLOSED).update(visits=6)
    with refused("objectday_open"):
        ObjectDay.objects.filter(day=CLOSED).update(amount=4)
    with refused("objectday_open"):
        ObjectDay.objects.create(day=CLOSED, kind="b", object_id=8, amount=1)
    with refused("drop_open"):
        Drop.objects.create(day=CLOSED, reason="late", hits=1)


def test_a_closed_day_is_never_opened_again():
    with refused("salt_once"):
        Salt.objects.create(day=CLOSED, salt=b"y" * 32)
    with refused("salt_never_changes"):
        Salt.objects.filter(day=DAY).update(salt=b"y" * 32)


def test_an_open_day_only_grows():
    SiteDay.objects.filter(day=DAY).update(visits=2, views=3, phone_views=3)
    for smaller in ({"visits": 1}, {"phone_views": 2}, {"phone_views": 0, "views": 2}):
        with refused("siteday_only_grows"):
            SiteDay.objects.filter(day=DAY).update(**smaller)
    with refused("objectday_only_grows"):
        ObjectDay.objects.filter(day=DAY, amount=1).update(object_id=8)
    with refused("drop_only_grows"):
        Drop.objects.filter(day=DAY).update(reason="agent")


@pytest.mark.parametrize("model", [SiteDay, ObjectDay, Drop])
def test_rows_of_days_are_kept_for_ever(model):
    with refused(f"{model.__name__.lower()}_kept"):
        model.objects.filter(day=DAY).delete()


def test_counts_are_possible():
    with refused("siteday_counts_are_possible"):
        SiteDay.objects.filter(day=DAY).update(phone_views=9)
    with refused("objectday_amount_positive"):
        ObjectDay.objects.create(day=DAY, kind="b", object_id=8, amount=0)
    with refused("objectday_kind_known"):
        ObjectDay.objects.create(day=DAY, kind="t", object_id=1, amount=1)
    with refused("drop_hits_positive"):
        Drop.objects.create(day=DAY, reason="agent", hits=0)
    with refused("drop_reason_known"):
        Drop.objects.create(day=DAY, reason="invented", hits=1)
    with refused("slotoffset_not_negative"):
        SlotOffset.objects.create(name="hits", offset=-1)


def test_there_is_one_live_row():
    figures = {"loaded_at": timezone.now(), "online": 0, "today": 0, "week": 0, "total": 0}
    Live.objects.create(**figures)
    with refused("live_one_row"):
        Live.objects.create(pk=2, **figures)


def test_an_opening_is_never_rewritten():
    row = opening()
    with refused("opening_append_only"):
        Opening.objects.filter(pk=row.pk).update(amount=11)
    with refused("opening_append_only"):
        row.delete()


def test_an_opening_says_what_it_is_of_and_where_it_comes_from():
    with refused("opening_amount_not_zero"):
        opening(amount=0)
    with refused("opening_has_a_source"):
        opening(source="")
    for half in ({"kind": "b"}, {"object_id": 7}, {"kind": "t", "object_id": 7}):
        with refused("opening_of_site_or_object"):
            opening(**half)


def test_a_correction_is_another_row_with_its_reason():
    opening()
    opening(kind="b", object_id=7)
    with refused("opening_once"):
        opening()
    with refused("opening_decrease_has_a_reason"):
        opening(amount=-3)
    opening(amount=-3, reason="Trang cũ đếm cả máy thu thập")
    assert sum(Opening.objects.filter(kind="").values_list("amount", flat=True)) == 7


def test_the_refusals_speak_to_the_editor():
    opening()
    row = Opening(amount=-5, source="Trang cũ", dated=DAY)
    with pytest.raises(ValidationError, match="hãy ghi lý do"):
        row.full_clean()


def test_the_opening_of_an_object_is_in_its_public_total_and_corrections_too():
    opening(kind="b", object_id=7, amount=100)
    opening(kind="b", object_id=7, amount=-30, reason="Đếm trùng")
    assert HitCount.objects.get(object_pk=7).hits == 70
    with pytest.raises(IntegrityError), transaction.atomic():
        opening(kind="b", object_id=7, amount=-80, reason="Đếm trùng")
    assert Opening.objects.count() == 2


def test_an_opening_of_the_site_changes_no_object():
    opening()
    assert not HitCount.objects.exists()
