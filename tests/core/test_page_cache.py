import gzip
import threading
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import brotli
import pytest
from django.db import DatabaseError

from core import freshness, page_cache
from core.cached_page import preferred
from core.freshness import ALONE_FOR, LARGEST, LIMIT, PATIENCE, Freshness, Watch
from core.page_cache import RENEWED_AFTER, PageCache
from tests.asking import ask, environ

PUBLIC = "public, max-age=0, must-revalidate"
PAGE = "<p>Trang số {}</p>" + "Đảng bộ Khối các cơ quan. " * 200


class Portal:
    """An application and what its pages hang on, as a test wants them, and what was asked."""

    def __init__(self, room=LIMIT):
        self.requests, self.times_asked = [], 0
        self.status, self.headers, self.body = "200 OK", {}, ""
        self.stamp, self.seconds, self.is_away = "a", 9_999, False
        self.cache = PageCache(self.answer, Watch(self.freshness, room))

    def answer(self, environ, start):
        self.requests.append(environ)
        body = (self.body or PAGE).replace("{}", str(len(self.requests))).encode()
        headers = {
            "Content-Type": "text/html; charset=utf-8",
            "Cache-Control": PUBLIC,
            "ETag": f'"{len(self.requests)}"',
            **self.headers,
        }
        start(self.status, [(name, value) for name, value in headers.items() if value])
        return [body]

    def freshness(self):
        self.times_asked += 1
        if self.is_away:
            raise DatabaseError("gone")
        return Freshness(self.stamp, self.seconds)

    def ask(self, *request, **headers):
        return ask(self.cache, *request, **headers)


@pytest.fixture
def clock(monkeypatch):
    """A clock that stands still until a test moves it."""
    now = SimpleNamespace(seconds=1000.0)
    for module in (freshness, page_cache):
        monkeypatch.setattr(module, "monotonic", lambda: now.seconds)
    return now


@pytest.fixture
def portal(clock):
    return Portal()


class TestAnswers:
    def test_a_page_is_made_once_and_packed_as_each_reader_likes(self, portal):
        plain = portal.ask()
        packed = portal.ask("/", ACCEPT_ENCODING="gzip, deflate")
        smallest = portal.ask("/", ACCEPT_ENCODING="gzip, deflate, br, zstd")
        assert len(portal.requests) == 1
        assert plain.body == PAGE.format(1).encode()
        assert gzip.decompress(packed.body) == brotli.decompress(smallest.body) == plain.body
        for answer, coding in ((plain, None), (packed, "gzip"), (smallest, "br")):
            assert answer.status == 200
            assert answer.headers.get("Content-Encoding") == coding
            assert answer.headers["Content-Length"] == str(len(answer.body))
            assert answer.headers["Vary"] == "Accept-Encoding"
            assert answer.headers["Cache-Control"] == PUBLIC
        assert len({answer.headers["ETag"] for answer in (plain, packed, smallest)}) == 3

    def test_what_packing_makes_larger_stays_plain(self, portal):
        portal.body = "User-agent: *"
        answer = portal.ask("/robots.txt", ACCEPT_ENCODING="gzip, br")
        assert answer.body == b"User-agent: *"
        assert "Content-Encoding" not in answer.headers

    @pytest.mark.parametrize(
        ("accepted", "coding"),
        [
            ("", ""),
            ("identity", ""),
            ("gzip;q=0", ""),
            ("gzip; q=0.000, br;q=0", ""),
            ("GZIP", "gzip"),
            ("br;q=0.1, gzip;q=1.0", "br"),
            ("brotli, x-gzip", ""),
            (";,;q=,gzip", "gzip"),
            ("*", ""),
        ],
    )
    def test_the_coding_is_one_that_the_reader_accepts(self, accepted, coding):
        assert preferred(accepted) == coding

    def test_who_has_the_page_gets_a_304(self, portal):
        etag = portal.ask("/", ACCEPT_ENCODING="gzip").headers["ETag"]
        for known in (etag, f"W/{etag}", f'"x", {etag}', "*"):
            answer = portal.ask("/", ACCEPT_ENCODING="gzip", IF_NONE_MATCH=known)
            assert (answer.status, answer.body) == (304, b"")
            assert answer.headers["ETag"] == etag
            assert answer.headers["Cache-Control"] == PUBLIC
            assert not {"Content-Type", "Content-Length"} & answer.headers.keys()
        for known in ('"x"', etag.strip('"'), ""):
            assert portal.ask("/", ACCEPT_ENCODING="gzip", IF_NONE_MATCH=known).status == 200
        assert portal.ask("/", ACCEPT_ENCODING="br", IF_NONE_MATCH=etag).status == 200

    def test_head_is_a_get_without_the_body_whichever_comes_first(self, portal):
        head, get = portal.ask("/", "HEAD"), portal.ask("/", "GET")
        assert (head.status, head.headers, head.body) == (200, get.headers, b"")
        assert get.body
        assert len(portal.requests) == 1

    def test_a_range_is_not_heeded(self, portal):
        portal.ask()
        answer = portal.ask("/", RANGE="bytes=0-3", IF_RANGE='"1"')
        assert (answer.status, answer.body) == (200, PAGE.format(1).encode())


class TestWhatIsKept:
    @pytest.mark.parametrize(
        ("status", "headers"),
        [
            ("404 Not Found", {}),
            ("410 Gone", {}),
            ("301 Moved Permanently", {"Location": "/x"}),
            ("206 Partial Content", {}),
            ("500 Internal Server Error", {}),
            ("200 OK", {"Set-Cookie": "csrftoken=a"}),
            ("200 OK", {"Cache-Control": ""}),
            ("200 OK", {"Cache-Control": "max-age=60"}),
            ("200 OK", {"Cache-Control": "public, private"}),
            ("200 OK", {"Cache-Control": "Public, No-Store"}),
            ("200 OK", {"Vary": "Accept-Language"}),
            ("200 OK", {"Vary": "*"}),
            ("200 OK", {"ETag": ""}),
            ("200 OK", {"ETag": 'W/"1"'}),
            ("200 OK", {"Content-Encoding": "gzip"}),
        ],
    )
    def test_only_a_whole_public_page_is_kept(self, portal, status, headers):
        portal.status, portal.headers = status, headers
        answers = [portal.ask() for _ in range(3)]
        assert len({answer.body for answer in answers}) == len(portal.requests) == 3
        assert {answer.status for answer in answers} == {int(status[:3])}
        assert portal.ask("/", "HEAD").body == b""

    @pytest.mark.parametrize(
        "request_",
        [
            environ("/", "POST"),
            environ("/", "PUT"),
            environ("/", "OPTIONS"),
            environ("/", "get"),
            environ("/", COOKIE="sessionid=a"),
            environ("/", COOKIE="mau=toi; newsroom=1"),
            environ("/", COOKIE="messages=a"),
            environ("/", HOST="evil.example"),
            environ("/", HOST="127.0.0.1.evil.example"),
            environ("/", HOST=""),
            environ("/dang-nhap/"),
            environ("/quan-tri/"),
            environ("/van-ban/tai-ve.csv"),
            environ("/van-ban/tep/1/a.pdf"),
            environ("/van-ban/kiem-tra/?sha256=a"),
            environ("/xem-truoc/a/"),
            environ("/tin-tuc/1/xem-truoc/"),
            environ("/van-ban/?q=chi+thi"),
            environ("/van-ban/?%71=chi+thi"),
            environ("/khong/co/"),
            environ("/" + "x" * 300 + "/"),
            environ("/?" + "&".join(["a"] * 1001)),
        ],
    )
    def test_every_other_request_is_handed_on_as_it_came(self, portal, request_):
        portal.ask()
        for _ in range(2):
            portal.cache(request_, lambda *_: None)
        assert portal.requests[-1] is portal.requests[-2] is request_

    def test_a_page_linked_by_https_is_shown_over_tls_alone(self, clock, settings):
        settings.SITE_URL = "https://127.0.0.1"
        settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
        portal = Portal()
        for _ in range(2):
            portal.ask("/", X_FORWARDED_PROTO="https")
        assert [one["wsgi.url_scheme"] for one in portal.requests] == ["https"]
        for forwarded in ({}, {"X_FORWARDED_PROTO": "http"}, {"X_FORWARDED_PROTO": "HTTPS"}):
            portal.ask("/", **forwarded)
        assert len(portal.requests) == 4

    def test_unknown_parameters_neither_bust_nor_reach_the_page(self, portal):
        page = portal.ask("/tin-tuc/?trang=2")
        for query in (
            *("trang=2&fbclid=a", "x=1&trang=2", "trang=9&trang=2", "%74rang=2", "trang=2&"),
            *("trang=2&trang%5B%5D=9", "trang=2;trang=3&trang=2", "trang=2&%FF=%00"),
        ):
            assert portal.ask(f"/tin-tuc/?{query}") == page
        assert [one["QUERY_STRING"] for one in portal.requests] == ["trang=2"]
        assert portal.ask("/tin-tuc/") == portal.ask("/tin-tuc/?a=b") != page

    def test_a_question_mark_in_a_path_is_no_query(self, portal):
        portal.ask("/tin-tuc/?trang=2")
        in_path = environ("/tin-tuc/")
        in_path["PATH_INFO"] = "/tin-tuc/?trang=2"  # of /tin-tuc/%3Ftrang=2
        portal.cache(in_path, lambda *_: None)
        assert portal.requests[-1] is in_path

    def test_nothing_of_a_reader_reaches_the_page_of_others(self, portal):
        portal.ask(
            "/",
            "HEAD",
            HOST="LOCALHOST:81",
            COOKIE="csrftoken=evil",
            X_FORWARDED_HOST="evil.example",
            X_FORWARDED_PROTO="evil",
            X_FORWARDED_FOR="198.51.100.1",
            FORWARDED="host=evil.example",
            X_ORIGINAL_URL="/quan-tri/",
            X_REWRITE_URL="/quan-tri/",
            X_HTTP_METHOD_OVERRIDE="POST",
            AUTHORIZATION="Basic evil",
            ACCEPT="application/evil",
            ACCEPT_LANGUAGE="en",
            ACCEPT_ENCODING="evil",
            RANGE="bytes=0-1",
            IF_NONE_MATCH="*",
            USER_AGENT="evil",
            REFERER="http://evil.example/",
        )
        (request,) = portal.requests
        assert {name: request[name] for name in request if not name.startswith("wsgi.")} == {
            "REQUEST_METHOD": "GET",
            "SCRIPT_NAME": "",
            "PATH_INFO": "/",
            "QUERY_STRING": "",
            "SERVER_NAME": "127.0.0.1:8000",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": "127.0.0.1:8000",
        }
        assert request["wsgi.input"].read() == b""

    def test_pages_used_longest_ago_give_way_to_new_ones(self, clock):
        portal = Portal(room=60_000)
        for number in range(40):
            portal.ask("/")
            portal.ask(f"/tin-tuc/bai-{number}/")
            portal.ask(f"/tin-tuc/?trang={number}")
        store = portal.cache.watch.store
        assert 1 < len(store.pages) < 12
        assert store.room == 60_000 - sum(page.size for page in store.pages.values()) >= 0
        assert sum(one["PATH_INFO"] == "/" for one in portal.requests) == 1

    def test_one_page_never_drives_out_all_others(self, portal):
        portal.ask()
        store = portal.cache.watch.store
        store.put(("/sitemap.xml", ""), SimpleNamespace(size=LARGEST + 1))
        assert list(store.pages) == [("/", "")]


class TestHowLong:
    def test_a_new_version_makes_every_page_anew_within_a_second(self, portal, clock):
        first = portal.ask()
        portal.stamp = "b"
        clock.seconds += 0.99
        assert portal.ask() == first
        clock.seconds += 0.01
        assert portal.ask() != first
        assert portal.times_asked == 2

    def test_a_page_begun_under_an_older_version_is_not_kept(self, portal, clock):
        def overtaken(environ, start):
            portal.stamp = "b"
            clock.seconds += 1
            portal.cache.watch.store_at(clock.seconds)
            return portal.answer(environ, start)

        portal.cache.application = overtaken
        first = portal.ask()
        portal.cache.application = portal.answer
        assert portal.ask() != first

    def test_a_scheduled_moment_is_not_waited_for(self, portal, clock):
        portal.seconds = 0.2
        first = portal.ask()
        clock.seconds += 0.1
        assert portal.ask() == first
        portal.stamp = "b"
        clock.seconds += 0.1
        assert portal.ask() != first

    def test_figures_in_a_page_are_some_seconds_old_at_most(self, portal, clock):
        first = portal.ask()
        clock.seconds += RENEWED_AFTER - 0.1
        assert portal.ask() == first
        clock.seconds += 0.1
        assert portal.ask() != first

    def test_a_page_that_is_gone_when_made_anew_is_gone(self, portal, clock):
        portal.ask()
        clock.seconds += RENEWED_AFTER
        portal.status = "404 Not Found"
        assert portal.ask().status == 404
        assert not portal.cache.watch.store.pages

    def test_a_page_that_fails_when_made_anew_stays_as_it_was(self, portal, clock):
        first = portal.ask()
        clock.seconds += RENEWED_AFTER
        portal.status = "500 Internal Server Error"
        assert portal.ask() == first
        assert len(portal.requests) == 2

    def test_without_a_database_pages_are_shown_for_a_while(self, portal, clock):
        first = portal.ask()
        portal.is_away = True
        clock.seconds += ALONE_FOR - 1
        assert [portal.ask(), portal.ask()] == [first, first]
        assert portal.times_asked == 2  # the second failure lies a second ahead
        assert len(portal.requests) == 1
        clock.seconds += 1
        assert portal.ask() != first
        portal.is_away = False
        clock.seconds += 1
        assert portal.ask() == portal.ask()

    def test_without_a_database_nothing_is_shown_beyond_a_scheduled_moment(self, portal, clock):
        portal.seconds = 30
        portal.ask()
        portal.is_away = True
        clock.seconds += 30
        assert {portal.ask().body, portal.ask().body} == {
            PAGE.format(2).encode(),
            PAGE.format(3).encode(),
        }


class TestManyAtOnce:
    def test_a_cold_page_is_made_once(self):
        portal, readers = Portal(), 8
        together = threading.Barrier(readers)
        being_made = threading.Event()

        def slow(environ, start):
            being_made.wait(0.1)
            return portal.answer(environ, start)

        portal.cache.application = slow
        portal.ask("/thong-ke/")  # the version is known from here on

        def read(_):
            together.wait()
            return portal.ask()

        with ThreadPoolExecutor(readers) as pool:
            answers = list(pool.map(read, range(readers)))
        assert len(portal.requests) == 2
        assert all(answer == answers[0] for answer in answers)

    def test_when_making_a_page_fails_the_others_get_through(self, clock):
        portal, readers = Portal(), 4
        together = threading.Barrier(readers)

        def failing(environ, start):
            if len(portal.requests) == 1:
                portal.requests.append(environ)
                raise RuntimeError("once")
            return portal.answer(environ, start)

        portal.ask("/thong-ke/")
        portal.cache.application = failing

        def read(_):
            together.wait()
            try:
                return portal.ask().status
            except RuntimeError:
                return 0

        with ThreadPoolExecutor(readers) as pool:
            assert sorted(pool.map(read, range(readers))) == [0, 200, 200, 200]
        assert not portal.cache.watch.store.in_the_making

    def test_readers_do_not_wait_for_a_database_that_hangs(self):
        portal, answers = Portal(), threading.Event()
        first = portal.ask()
        portal.cache.watch.known_until = 0
        asking = threading.Event()

        def hang():
            asking.set()
            answers.wait(5)
            return Freshness("a", 9_999)

        portal.cache.watch.freshness = hang
        patient = threading.Thread(target=portal.ask)
        patient.start()
        asking.wait(5)
        portal.cache.watch.asking_since -= PATIENCE  # it has been hanging for a while
        assert portal.ask() == first
        answers.set()
        patient.join(5)
        assert not patient.is_alive()
