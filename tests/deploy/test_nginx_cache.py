"""Which pages nginx keeps, for whom, and when it shows them."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from core.publishing import move
from core.workflow import Action
from documents.models import Visibility
from stats import loader
from stats.models import SiteDay
from tests.deploy.site import PUBLIC, see, until
from tests.factories import (
    make_article,
    make_cadre,
    make_document,
    make_site,
)


@pytest.mark.parametrize(
    ("status", "headers"),
    [
        (200, {"Cache_Control": PUBLIC}),
        (200, {"Cache_Control": PUBLIC, "Vary": "Accept-Encoding, Cookie"}),
        (404, {}),
        (410, {"Cache_Control": PUBLIC, "Vary": "Cookie"}),
    ],
)
def test_what_is_public_is_kept_for_strangers_alone(front, behind, status, headers):
    asked = behind(status, **headers)
    answers = {front.ask("/a").body for _ in range(3)}
    assert len(asked) == len(answers) <= 2  # the second may have turned
    for private in ({"Cookie": "sessionid=a"}, {"Cookie": "mau=toi"}, {"Authorization": "Basic a"}):
        own = {front.ask(path, **private).body for path in ("/a", "/new", "/new")}
        assert len(own) == 3
        assert not own & answers
        assert front.ask("/new").body not in own
    assert front.ask("/a?b").body not in answers


@pytest.mark.parametrize(
    ("status", "headers"),
    [
        (200, {}),
        (200, {"Cache_Control": "max-age=60"}),
        (200, {"Cache_Control": "private, max-age=60"}),
        (200, {"Cache_Control": "public, no-store"}),
        (200, {"Cache_Control": PUBLIC, "Set_Cookie": "a=b"}),
        (200, {"Cache_Control": PUBLIC, "Vary": "*"}),
        (200, {"Cache_Control": PUBLIC, "Vary": "Cookie, Accept-Language"}),
        (404, {"Cache_Control": "private"}),
        (404, {"Set_Cookie": "a=b"}),
        (302, {"Location": "/dang-nhap/"}),
        (500, {"Cache_Control": PUBLIC}),
    ],
)
def test_what_is_not_public_is_never_kept(front, behind, status, headers):
    asked = behind(status, **headers)
    assert len({front.ask("/a").body for _ in range(3)}) == len(asked) == 3
    assert not list(front.cached())


def test_files_of_documents_and_the_newsroom_never_come_from_the_cache(front, behind):
    asked = behind(Cache_Control=PUBLIC)
    assert front.ask("/van-ban/tep/1/a.pdf", Range="bytes=0-3").status == 200
    assert front.ask("/van-ban/tep/1/a.pdf").body == b"answer 2"
    assert asked[0]["Range"] == "bytes=0-3"
    assert {front.ask("/quan-tri/").body for _ in range(2)} == {b"answer 3", b"answer 4"}


def test_a_crowd_at_a_new_page_reaches_the_portal_once(front, behind):
    asked = behind(Cache_Control=PUBLIC)

    def reach(address):
        """How many of twenty readers at one moment the portal hears of."""
        asked.clear()
        behind.gate.clear()
        with ThreadPoolExecutor(20) as crowd:
            answers = [crowd.submit(front.ask, address) for _ in range(20)]
            until(lambda: asked)
            behind.gate.set()
        assert {answer.result().status for answer in answers} == {200}
        return len(asked)

    # They wait for a fifth of a second at most, which a busy machine may need for itself.
    assert any(reach(f"/{number}") == 1 for number in range(5))


def test_a_crowd_at_an_old_page_waits_for_nobody_and_then_sees_that_it_was_withdrawn(front, behind):
    asked = behind(Cache_Control=PUBLIC)
    assert front.ask("/a").body == b"answer 1"
    front.let_the_cache_turn()
    behind(410)
    behind.gate.clear()
    with ThreadPoolExecutor(1) as other:
        first = other.submit(front.ask, "/a")
        until(lambda: len(asked) == 2)
        assert {front.ask("/a").body for _ in range(20)} == {b"answer 1"}
        assert len(asked) == 2
        assert not first.done()
        behind.gate.set()
        assert first.result().status == 410  # however long nobody had asked
    assert front.ask("/a").status == 410


def comes_though_stale(site, address, text):
    """Whether the page comes that nginx would have asked for anew."""
    site.let_the_cache_turn()
    answer = site.ask(address, Accept_Encoding="gzip")
    assert answer.status == 200
    assert text in answer.text
    until(lambda: b" STALE\n" in site.logs())


def test_seen_pages_still_come_while_the_portal_is_dead(site):
    article = make_article("Hội nghị tổng kết")
    address = article.get_absolute_url()
    assert "Hội nghị tổng kết" in site.ask(address).text
    site.kill_portal()
    comes_though_stale(site, address, "Hội nghị tổng kết")
    for unseen in (
        site.ask("/van-ban/"),
        site.ask(address, Cookie="sessionid=a"),
        site.ask("/dang-nhap/", "POST", body=b"username=a"),
    ):
        assert (unseen.status, unseen.headers["Retry-After"]) == (503, "60")
        assert unseen.headers["Cache-Control"] == "no-store"
        assert "Trang đang được bảo trì" in unseen.text


@pytest.fixture
def shut_database():
    """Call it, and PostgreSQL takes no connection to the portal's database until the test ends."""
    name = connection.ops.quote_name(connection.settings_dict["NAME"])

    def allow(allowed):
        with connection._nodb_cursor() as cursor:  # from another one: none can shut itself
            cursor.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS {allowed}")

    def shut():
        allow(False)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )

    yield shut
    allow(True)


def test_without_a_database_seen_pages_come_and_hits_are_counted_afterwards(site, shut_database):
    address = make_article("Hội nghị tổng kết").get_absolute_url()
    assert site.ask(address).status == 200
    shut_database()
    until(lambda: site.ask("/van-ban/").status == 503)
    for _ in range(3):  # from the portal's memory
        assert "Hội nghị tổng kết" in site.ask(address).text
    for number in range(2, 12):
        assert see(site, f"127.0.0.{number}").status == 200
    loader.load(timezone.now())
    assert SiteDay.objects.get().visits == 10


def test_what_was_withdrawn_does_not_come_back_while_the_portal_is_dead(site):
    article = make_article("Tin đăng nhầm")
    address = article.get_absolute_url()
    assert site.ask(address).status == 200
    move(article.live, Action.WITHDRAW, reason="Đăng nhầm")
    until(lambda: site.ask(address).status == 410)
    site.kill_portal()
    answer = site.ask(address)
    assert answer.status == 410
    assert not any("Tin đăng nhầm".encode() in kept for kept in site.cached())


def test_nothing_of_who_has_signed_in_is_kept(site):
    make_site()
    document = make_document(abstract="Nội dung chỉ cho cán bộ", visibility=Visibility.INTERNAL)
    client = Client()
    client.force_login(make_cadre())
    cookie = f"sessionid={client.cookies['sessionid'].value}"
    for path in ("/van-ban/", document.get_absolute_url()):
        assert "chỉ cho cán bộ" in site.ask(path, Cookie=cookie).text
        assert "chỉ cho cán bộ" not in site.ask(path).text
        assert "chỉ cho cán bộ" in site.ask(path, Cookie=cookie).text
    assert list(site.cached())
    assert not any("chỉ cho cán bộ".encode() in kept for kept in site.cached())
