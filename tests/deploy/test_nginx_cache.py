"""Which pages nginx keeps, for whom, and when it shows them."""

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


def test_files_of_documents_never_come_from_the_cache(front, behind):
    asked = behind(Cache_Control=PUBLIC)
    assert front.ask("/van-ban/tep/1/a.pdf", Range="bytes=0-3").status == 200
    assert front.ask("/van-ban/tep/1/a.pdf").body == b"answer 2"
    assert asked[0]["Range"] == "bytes=0-3"


def comes_though_stale(site, address, text):
    """Read the page until it is one that nginx would have asked for anew."""

    def is_stale():
        answer = site.ask(address, Accept_Encoding="gzip")
        assert answer.status == 200
        assert text in answer.text
        return b" STALE\n" in site.logs()

    until(is_stale)


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
    until(lambda: site.ask("/van-ban/").status == 500)
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
