"""Counting: the same figures as the slow counter, on the right days, once."""

from datetime import date, timedelta

import pytest
from hitcount.models import HitCount

from stats import loader, signing, spool
from stats.models import Drop, Live, ObjectDay, Opening, Salt, Seen, SiteDay, SlotOffset, Visitor
from tests.stats import slow_counter, traffic
from tests.stats.tables import stored
from tests.stats.traffic import moment

CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/131.0.0.0 Safari/537.36"
)


def hit(at, *, kind="view", thing="t", number=0, address="113.160.1.2", **headers):
    """Write one hit of `thing` at a moment such as "2026-11-23 08:00:00"."""
    now = moment(at).timestamp()
    headers = {"HTTP_USER_AGENT": CHROME} | headers
    environ = {"REMOTE_ADDR": address} | headers
    spool.append(spool.line(environ, kind, signing.token(thing, number), now), now)


def count(at):
    now = moment(at)
    while loader.load(now):
        pass


def site_day(day):
    return SiteDay.objects.values_list("visits", "views", "phone_views").get(pk=day)


def expected(requests):
    counted = slow_counter.count(requests, bots=traffic.BOTS, proxies=traffic.PROXIES)
    return counted, counted.pop("online")


@pytest.mark.django_db
@pytest.mark.usefixtures("proxies")
def test_twenty_thousand_hits_over_new_year_equal_the_slow_counter():
    since, until = moment("2026-12-26 20:00:00"), moment("2027-01-05 09:00:00")
    requests = traffic.requests(20_000, since=since, until=until)
    traffic.write(requests)
    while loader.load(until):
        pass
    counted, online = expected(requests)
    assert stored() == counted
    live = Live.objects.get()
    assert live.online == online(until)
    assert live.today == counted["days"][date(2027, 1, 5)][0]
    since_monday = (date(2027, 1, 4), date(2027, 1, 5))
    assert live.week == sum(counted["days"][day][0] for day in since_monday)
    assert live.total == sum(visits for visits, _views, _phones in counted["days"].values())


@pytest.mark.django_db
@pytest.mark.usefixtures("proxies")
def test_counting_as_the_days_pass_equals_counting_afterwards():
    since, until = moment("2026-11-20 22:00:00"), moment("2026-11-25 08:00:00")
    requests = traffic.requests(2_000, since=since, until=until, seed=2)
    now, rest = since, requests
    while rest:
        now += timedelta(hours=1, minutes=7)
        come = [request for request in rest if request["at"] <= now]
        rest = rest[len(come) :]
        traffic.write(come)
        loader.load(now)
        loader.forget(now)
        assert Live.objects.get().online == expected(requests[: len(requests) - len(rest)])[1](now)
    counted, _online = expected(requests)
    assert stored() == counted
    assert set(Salt.objects.values_list("day", flat=True)) == {
        date(2026, 11, 24),
        date(2026, 11, 25),
    }


@pytest.mark.django_db
def test_reloads_are_one_view_and_one_visit_until_half_an_hour_passes():
    for minutes in ("08:00:00", "08:00:01", "08:29:00", "08:58:59.999"):
        hit(f"2026-11-23 {minutes}", thing="b", number=7)
    count("2026-11-23 09:00:00")
    assert site_day("2026-11-23") == (1, 1, 0)
    hit("2026-11-23 09:28:59.999", thing="b", number=7)
    count("2026-11-23 09:30:00")
    assert site_day("2026-11-23") == (2, 1, 0)
    assert ObjectDay.objects.get().amount == 1


@pytest.mark.django_db
def test_midnight_begins_a_visit_and_a_view_but_no_second_reader_online():
    hit("2026-12-31 23:58:00")
    hit("2027-01-01 00:01:00")
    count("2027-01-01 00:02:00")
    assert site_day("2026-12-31") == site_day("2027-01-01") == (1, 1, 0)
    assert Live.objects.get().online == 1


@pytest.mark.django_db
def test_the_week_begins_on_monday():
    hit("2026-11-22 23:00:00")
    hit("2026-11-23 01:00:00")
    hit("2026-11-24 01:00:00")
    count("2026-11-24 12:00:00")
    live = Live.objects.get()
    assert (live.online, live.today, live.week, live.total) == (0, 1, 2, 3)


@pytest.mark.django_db
def test_a_download_is_activity_but_no_view():
    hit("2026-11-23 08:00:00", kind="download", thing="d", number=3)
    hit("2026-11-23 08:01:00", kind="download", thing="d", number=3)
    count("2026-11-23 09:00:00")
    assert site_day("2026-11-23") == (1, 0, 0)
    assert ObjectDay.objects.get(kind="d", object_id=3).amount == 1


@pytest.mark.django_db
def test_who_asks_not_to_be_followed_is_viewed_but_not_remembered():
    hit("2026-11-23 08:00:00", thing="b", number=7, HTTP_DNT="1")
    hit("2026-11-23 08:00:01", thing="b", number=7, HTTP_SEC_GPC="1")
    count("2026-11-23 08:01:00")
    assert site_day("2026-11-23") == (0, 2, 0)
    assert Live.objects.get().online == 0
    assert not Visitor.objects.exists()
    assert not Seen.objects.exists()


@pytest.mark.django_db
def test_public_totals_continue_from_the_opening_balance():
    Opening.objects.create(
        kind="b", object_id=7, amount=1500, source="Trang cũ", dated=date(2026, 11, 1)
    )
    Opening.objects.create(amount=721_600, source="Trang cũ", dated=date(2026, 11, 1))
    hit("2026-11-23 08:00:00", thing="b", number=7)
    hit("2026-11-23 08:00:00", thing="b", number=8)
    count("2026-11-23 08:01:00")
    hit("2026-11-24 08:00:00", thing="b", number=7)
    count("2026-11-24 08:01:00")
    assert dict(HitCount.objects.values_list("object_pk", "hits")) == {7: 1502, 8: 1}
    assert Live.objects.get().total == 721_602


@pytest.mark.django_db
def test_a_backlog_is_counted_on_the_days_of_its_hits():
    hit("2026-11-20 17:00:00")
    count("2026-11-20 17:00:01")
    hit("2026-11-20 17:10:00")  # the database stops for the weekend
    hit("2026-11-21 09:00:00")
    hit("2026-11-22 09:00:00")
    count("2026-11-23 08:00:00")
    assert site_day("2026-11-20") == site_day("2026-11-21") == site_day("2026-11-22") == (1, 1, 0)
    assert not Drop.objects.exists()


@pytest.mark.django_db
def test_a_hit_of_a_closed_day_is_dropped_as_late_and_changes_nothing():
    hit("2026-11-20 17:00:00")
    count("2026-11-20 17:00:01")
    loader.forget(moment("2026-11-21 23:59:59"))
    assert Salt.objects.exists()
    loader.forget(moment("2026-11-22 00:00:00"))
    assert not any(model.objects.exists() for model in (Salt, Visitor, Seen))
    hit("2026-11-20 18:00:00")
    count("2026-11-22 08:00:00")
    assert site_day("2026-11-20") == (1, 1, 0)
    drop = Drop.objects.get()
    assert (drop.day, drop.reason, drop.hits) == (date(2026, 11, 22), "late", 1)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "at", ["2026-10-01 00:00:00", "2026-11-23 13:00:01", "1970-01-02 00:00:00"]
)
def test_a_clock_that_is_wrong_opens_no_day(at):
    hit(at)
    count("2026-11-23 12:00:00")
    assert list(SiteDay.objects.values_list("day", flat=True)) == [date(2026, 11, 23)]
    assert Drop.objects.get().reason == "malformed"


@pytest.mark.django_db
def test_a_day_that_is_closed_already_stops_nobody_else(caplog):
    hit("2026-11-23 08:00:00")
    count("2026-11-23 08:00:01")
    Salt.objects.all().delete()
    hit("2026-11-23 09:00:00")
    hit("2026-11-24 00:00:01")
    count("2026-11-23 23:59:59")
    assert site_day("2026-11-24") == (1, 1, 0)
    assert site_day("2026-11-23") == (1, 1, 0)
    assert "2026-11-23 is closed" in caplog.text


@pytest.mark.django_db
def test_a_failure_leaves_neither_figures_nor_offsets(monkeypatch):
    hit("2026-11-23 08:00:00")

    def fails(amounts):
        raise RuntimeError

    monkeypatch.setattr("stats.totals.add", fails)
    with pytest.raises(RuntimeError):
        loader.load(moment("2026-11-23 08:01:00"))
    assert not SiteDay.objects.exists()
    assert not SlotOffset.objects.exists()


@pytest.mark.django_db
def test_torn_lines_are_dropped_and_the_next_ones_counted(settings):
    hit("2026-11-23 08:00:00")
    (file,) = spool.files()
    with file.open("ab") as torn:
        torn.write(b'\n{"time":1795395600.0,"kind":"view","tok')
    count("2026-11-23 08:00:01")
    assert not Drop.objects.exists()  # it may still be on its way
    hit("2026-11-23 08:00:30", address="113.160.1.3")
    count("2026-11-23 08:01:00")
    assert site_day("2026-11-23") == (2, 2, 0)
    assert Drop.objects.get().reason == "malformed"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "line",
    [
        b"[]",
        b"\x00" * 5000,
        b"[" * 100_000,
        b'{"time":NaN}',
        b'{"time":1e999}',
        b'{"time":1795395600,"kind":"view","token":7,"peer":[],"forwarded":"","agent":{},"purpose":'
        b'"","site":"","dnt":"","gpc":"","staff":false}',
        b'{"time":1795395600,"kind":"view","token":"","peer":"x","forwarded":"","agent":"\\ud800"',
        b"\xff\xfe",
        b"x" * (3 << 20),
    ],
)
def test_garbage_never_stops_the_loader(line, settings):
    hit("2026-11-23 08:00:00")
    (file,) = spool.files()
    with file.open("ab") as garbage:
        garbage.write(line + b"\n")
    hit("2026-11-23 08:00:10", address="113.160.1.3")
    count("2026-11-23 08:01:00")
    assert site_day("2026-11-23") == (2, 2, 0)
    assert {row.reason for row in Drop.objects.all()} <= {"malformed"}


@pytest.mark.django_db
def test_a_peer_without_an_address_is_named_in_the_drops():
    hit("2026-11-23 08:00:00", address="")
    hit("2026-11-23 08:00:00", address="unix:")
    count("2026-11-23 08:01:00")
    assert Drop.objects.get().hits == 2


@pytest.mark.django_db
def test_lone_halves_of_letters_in_an_agent_are_a_visitor_like_any():
    hit("2026-11-23 08:00:00", HTTP_USER_AGENT=CHROME + " \ud800")
    count("2026-11-23 08:01:00")
    assert Drop.objects.get().reason == "agent"


@pytest.mark.django_db
def test_an_idle_spool_costs_a_few_statements_and_a_heartbeat(django_assert_num_queries):
    loader.load(moment("2026-11-23 08:00:00"))
    assert Live.objects.get().loaded_at == moment("2026-11-23 08:00:00")
    with django_assert_num_queries(5):  # savepoint, lock, offsets, heartbeat, release
        loader.load(moment("2026-11-23 08:00:09"))
    loader.load(moment("2026-11-23 08:00:11"))
    assert Live.objects.get().loaded_at == moment("2026-11-23 08:00:11")
