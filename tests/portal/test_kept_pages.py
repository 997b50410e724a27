"""What the real portal keeps in memory: pages for everybody, and nothing that is for one alone."""

import gzip
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.utils import timezone

from core.caching import keeping_of
from core.freshness import Watch
from core.page_cache import PageCache
from core.publishing import move
from core.workflow import Action
from documents.models import Visibility
from news import sharing
from portal import freshness as portal_freshness
from portal.freshness import freshness
from portal.models import MenuItem
from tests.asking import ask
from tests.factories import (
    attached,
    make_article,
    make_cadre,
    make_category,
    make_document,
    make_draft,
    make_site,
    make_user,
)

pytestmark = pytest.mark.django_db

MARK = "evilmark"
HOSTILE = {
    "X_FORWARDED_HOST": f"{MARK}.example",
    "X_FORWARDED_SERVER": f"{MARK}.example",
    "X_FORWARDED_PROTO": MARK,
    "X_FORWARDED_PREFIX": f"/{MARK}",
    "X_HOST": f"{MARK}.example",
    "FORWARDED": f"for=1.2.3.4;host={MARK}.example",
    "X_ORIGINAL_URL": "/quan-tri/",
    "X_REWRITE_URL": "/quan-tri/",
    "X_HTTP_METHOD_OVERRIDE": "POST",
    "ACCEPT": f"application/{MARK}",
    "ACCEPT_LANGUAGE": "en",
    "ACCEPT_ENCODING": f"{MARK}, gzip;q=0",
    "COOKIE": f"csrftoken={MARK}",
    "USER_AGENT": MARK,
    "REFERER": f"http://{MARK}.example/",
    "RANGE": "bytes=0-1",
}


@pytest.fixture
def cache(application):
    """The portal behind its page cache."""
    make_site(name="Đảng bộ Khối")
    MenuItem.objects.create(label="Văn bản", url="/van-ban/")
    return PageCache(application, Watch(freshness))


def kept(cache):
    """The addresses that are in memory."""
    return {f"{path}?{query}".rstrip("?") for path, query in cache.watch.store.pages}


def later(cache):
    """Let a second pass, and the next change be one of another transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('portal.content_noted', '', true)")
    cache.watch.known_until = float("-inf")


def cookie_of(user):
    client = Client()
    client.force_login(user)
    return "; ".join(f"{name}={one.value}" for name, one in client.cookies.items())


def test_a_kept_page_is_what_django_answers(cache, django_assert_num_queries):
    article = make_article()
    for address in ("/", article.get_absolute_url(), "/van-ban/", "/rss/", "/robots.txt"):
        by_django = ask(cache.application, address)
        first = ask(cache, address)
        cache.watch.known_until = float("inf")  # however long a busy machine takes
        with django_assert_num_queries(0):
            again = ask(cache, address)
            packed = ask(cache, address, ACCEPT_ENCODING="gzip")
        assert first == again
        assert by_django.body == again.body
        if packed.headers.get("Content-Encoding"):
            assert gzip.decompress(packed.body) == again.body
        own = {"ETag", "Vary", "Content-Length"}
        assert {k: v for k, v in again.headers.items() if k not in own} == {
            k: v for k, v in by_django.headers.items() if k not in own
        }
        assert "Content-Security-Policy" in again.headers
        # What Django gave before is still good.
        etag = by_django.headers["ETag"]
        assert ask(cache, address, IF_NONE_MATCH=etag).status == 304


def test_what_views_read_of_the_query_is_what_they_say_they_know(cache, monkeypatch):
    asked = set()

    def noting(method):
        def noted(self, name, *default):
            asked.add(name)
            return method(self, name, *default)

        return noted

    for name in ("get", "getlist", "__getitem__", "__contains__"):
        monkeypatch.setattr(QueryDict, name, noting(getattr(QueryDict, name)))
    category = make_category()
    article = make_article(category=category)
    month = timezone.localtime(article.published_at)
    make_document("1-KH/ĐUK")
    for path in (
        *("/", "/tin-tuc/", "/van-ban/", "/thong-ke/", "/rss/", "/sitemap.xml"),
        f"/tin-tuc/{month:%Y/%-m}/",
        category.get_absolute_url(),
        article.get_absolute_url(),
    ):
        asked.clear()
        assert ask(cache.application, path).status == 200
        keeping = keeping_of(path)
        assert asked - {"page"} <= {*keeping.parameters, *keeping.unless}, path


class TestNothingPrivateGetsIn:
    def test_internal_documents_are_read_past_the_cache(self, cache):
        make_document("7-KH/ĐUK", abstract="Chuyện nội bộ", visibility=Visibility.INTERNAL)
        cadre = cookie_of(make_cadre())
        for _ in range(2):
            assert "Chuyện nội bộ".encode() in ask(cache, "/van-ban/", COOKIE=cadre).body
            assert "Chuyện nội bộ".encode() not in ask(cache, "/van-ban/").body
        assert kept(cache) == {"/van-ban/"}

    def test_no_page_of_the_newsroom_or_of_an_account_is_kept(self, cache):
        edition = make_draft("Bản nháp")
        editor = make_user(is_superuser=True)
        shared = urlsplit(sharing.share(edition.article, by=editor)).path
        for address in (
            *("/quan-tri/", "/tai-khoan/", "/dang-nhap/", "/dang-xuat/", "/doi-mat-khau/"),
            f"/tin-tuc/{edition.article_id}/xem-truoc/",
            shared,
        ):
            for headers in ({}, {"COOKIE": cookie_of(editor)}):
                ask(cache, address, **headers)
        assert "Bản nháp".encode() in ask(cache, shared).body
        assert not kept(cache)

    def test_absent_withdrawn_moved_and_typed_addresses_are_not_kept(self, cache):
        gone, moved = make_article(), make_article()
        move(gone.live, Action.WITHDRAW, reason="Nhầm.")
        answers = {
            "/khong-co/": 404,
            "/tin-tuc/khong-co-999999/": 404,
            "/tin-tuc/?trang=0": 404,
            "/tin-tuc/?trang=99": 404,
            gone.get_absolute_url(): 410,
            f"/tin-tuc/ten-khac-{moved.pk}/": 301,
            "/van-ban/?q=chi": 200,
            "/van-ban/?nam=": 302,
            "/van-ban/kiem-tra/": 200,
            "/van-ban/tai-ve.csv": 200,
            "//": 404,
            "/./": 404,
        }
        assert {address: ask(cache, address).status for address in answers} == answers
        assert not kept(cache)

    def test_each_download_reaches_the_portal(self, cache, django_assert_num_queries):
        file = attached(make_document("1-KH/ĐUK"))
        for _ in range(2):
            assert ask(cache, file.get_absolute_url()).status == 200
        assert not kept(cache)

    def test_a_server_error_is_not_kept(self, cache, monkeypatch):
        def broken(lead):
            raise RuntimeError

        with monkeypatch.context() as patch:
            patch.setattr("portal.home.front_page", broken)
            assert ask(cache).status == 500
        assert ask(cache).status == 200


class TestPoisoning:
    @pytest.mark.parametrize("address", ["/", "/tin-tuc/", "/van-ban/", "/rss/", "/sitemap.xml"])
    def test_nobody_writes_into_the_page_of_others(self, cache, address):
        make_article()
        make_document()
        clean = ask(cache.application, address).body
        for name, value in HOSTILE.items():
            ask(cache, address, **{name: value})
            assert ask(cache, address).body == clean, name
            cache.watch.store.pages.clear()
        ask(cache, f"{address}?{MARK}=1&utm_source={MARK}", "HEAD", **HOSTILE)
        assert ask(cache, address).body == clean
        assert kept(cache) == {address}

    def test_another_host_is_refused_as_ever(self, cache):
        for host in (f"{MARK}.example", "127.0.0.1:8000@evil", "[::1", "127.0.0.1, evil"):
            assert ask(cache, "/", HOST=host).status == 400
        assert not kept(cache)
        assert ask(cache, "/", HOST="localhost:1234").status == 200
        assert MARK.encode() not in ask(cache).body

    def test_pages_do_not_name_unknown_parameters(self, cache):
        make_article()
        page = ask(cache, f"/tin-tuc/?{MARK}=1&trang=1").body
        assert MARK.encode() not in page
        assert b'rel="canonical" href="http://127.0.0.1:8000/tin-tuc/"' in page
        assert kept(cache) == {"/tin-tuc/?trang=1"}


class TestFreshness:
    def test_a_publication_is_seen_once_the_version_is_asked_for(self, cache):
        ask(cache)
        later(cache)
        make_article("Tin vừa đăng")
        later(cache)
        assert "Tin vừa đăng".encode() in ask(cache).body

    def test_work_in_the_newsroom_empties_nothing(self, cache):
        ask(cache)
        later(cache)
        make_draft().save()
        ask(cache)
        assert kept(cache) == {"/"}

    def test_what_is_scheduled_goes_up_and_comes_down_at_its_hour(self, cache, monkeypatch):
        now = timezone.now()
        edition = make_draft("Tin hẹn giờ", publish_at=now + timedelta(minutes=5))
        edition.expire_at = now + timedelta(minutes=10)
        edition.state, edition.approved_digest = "approved", edition.digest()
        edition.save()
        assert timedelta(minutes=4) < timedelta(seconds=freshness().seconds) <= timedelta(minutes=5)
        seen = []
        for minutes in (0, 5, 10):
            moment = now + timedelta(minutes=minutes, milliseconds=1)
            monkeypatch.setattr(timezone, "now", lambda moment=moment: moment)
            later(cache)
            seen.append("Tin hẹn giờ".encode() in ask(cache).body)
        assert seen == [False, True, False]

    def test_pages_are_of_one_day(self, cache, monkeypatch):
        before = timezone.make_aware(datetime(2026, 5, 1, 23, 59, 50))
        monkeypatch.setattr(timezone, "now", lambda: before)
        stamp, seconds = freshness()
        assert seconds == 10
        monkeypatch.setattr(timezone, "now", lambda: before + timedelta(seconds=10))
        assert freshness().stamp != stamp

    def test_what_somebody_has_in_hand_at_its_hour_keeps_nobody_waiting(self, cache, monkeypatch):
        monkeypatch.setattr(portal_freshness, "settle_due", lambda *_: 0)
        edition = make_draft(publish_at=timezone.now() - timedelta(minutes=1))
        edition.state, edition.approved_digest = "approved", edition.digest()
        edition.save()
        assert freshness().seconds > 0
        assert ask(cache) == ask(cache)

    def test_the_version_and_the_calendar_cost_two_queries(self, django_assert_num_queries):
        with django_assert_num_queries(2):
            freshness()
