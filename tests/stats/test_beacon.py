"""The addresses of the counter, as a WSGI server calls them."""

import io
import json
from wsgiref.util import setup_testing_defaults
from wsgiref.validate import validator

import pytest
from django.utils import timezone

from stats import beacon, loader, signing, spool
from stats.models import SiteDay
from tests.stats.traffic import BROWSERS

CHROME = BROWSERS[0].format(1)


def portal(environ, start):
    start("200 OK", [("Content-Type", "text/plain")])
    return [b"the portal"]


def call(path, method="POST", query="", **headers):
    """Answer one request; return its status, headers and body."""
    environ = {
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "REQUEST_METHOD": method,
        "QUERY_STRING": query,
        "REMOTE_ADDR": "113.160.1.2",
        "HTTP_USER_AGENT": CHROME,
        "wsgi.input": io.BytesIO(),
    } | headers
    setup_testing_defaults(environ)
    started = []
    answer = validator(beacon.counted(portal))(environ, lambda *start: started.extend(start))
    body = b"".join(answer)
    answer.close()
    status, pairs = started
    return int(status.split()[0]), dict(pairs), body


def hits():
    return [line.hit for line in spool.lines({})]


@pytest.mark.django_db
def test_a_page_that_is_seen_is_one_line_and_the_answer_brings_the_figures():
    loader.load(timezone.now())
    status, headers, body = call("/dem/", query=f"o={signing.token('b', 7)}")
    assert status == 200
    assert headers["Content-Type"] == "application/json"
    assert headers["Cache-Control"] == "no-store"
    assert json.loads(body) == {"online": "0", "today": "0", "week": "0", "total": "0"}
    (hit,) = hits()
    assert (hit.kind, hit.token, hit.peer) == ("view", signing.token("b", 7), "113.160.1.2")
    assert abs(hit.time / 1000 - timezone.now().timestamp()) < 5


@pytest.mark.django_db
def test_what_was_answered_is_counted():
    call("/dem/", query=f"o={signing.token('t')}")
    call("/dem/anh.gif", "GET", query=f"o={signing.token('b', 7)}")
    beacon.record_download({"REMOTE_ADDR": "113.160.1.2", "HTTP_USER_AGENT": CHROME}, 9)
    loader.load(timezone.now())
    row = SiteDay.objects.get()
    assert (row.visits, row.views) == (1, 2)


@pytest.mark.django_db
def test_a_thousand_beacons_cost_no_more_than_a_query_a_second(django_assert_max_num_queries):
    with django_assert_max_num_queries(10):
        for _ in range(1000):
            call("/dem/", query=f"o={signing.token('t')}")


def test_readers_without_scripts_send_a_picture_that_nobody_keeps():
    status, headers, body = call("/dem/anh.gif", "GET", query=f"o={signing.token('t')}")
    assert status == 200
    assert headers["Content-Type"] == "image/gif"
    assert headers["Cache-Control"] == "no-store"
    assert body.startswith(b"GIF89a")
    assert len(hits()) == 1


def test_the_picture_is_a_picture():
    from PIL import Image

    assert Image.open(io.BytesIO(beacon.PIXEL)).size == (1, 1)


@pytest.mark.parametrize(
    ("path", "method", "allowed"),
    [("/dem/", "GET", "POST"), ("/dem/", "HEAD", "POST"), ("/dem/anh.gif", "POST", "GET, HEAD")],
)
def test_another_method_is_refused_and_counts_nothing(path, method, allowed):
    status, headers, _body = call(path, method)
    assert status == 405
    assert headers["Allow"] == allowed
    assert hits() == []


def test_asking_for_the_headers_of_the_picture_counts_nothing():
    assert call("/dem/anh.gif", "HEAD")[0] == 200
    assert hits() == []


@pytest.mark.parametrize("path", ["/", "/dem", "/dem/x", "/tin-tuc/"])
def test_everything_else_is_the_portal(path):
    assert call(path, "GET")[2] == b"the portal"


def test_a_disk_that_refuses_is_no_acknowledgement(settings, tmp_path, caplog):
    settings.SPOOL_ROOT = tmp_path / "file"
    settings.SPOOL_ROOT.touch()
    status, headers, _body = call("/dem/", query=f"o={signing.token('t')}")
    assert status == 503
    assert headers["Retry-After"] == "60"
    assert call("/dem/anh.gif", "GET", query=f"o={signing.token('t')}")[0] == 503
    assert "could not be written" in caplog.text


def test_a_disk_that_refuses_costs_no_download(settings, tmp_path):
    settings.SPOOL_ROOT = tmp_path / "file"
    settings.SPOOL_ROOT.touch()
    beacon.record_download({"REMOTE_ADDR": "::1"}, 9)


@pytest.mark.parametrize(
    "query", ["", "o=", "o=%ff%00", "o=a&o=b", "x" * 9000, "o=" + "b" * 9000, "%"]
)
def test_hostile_queries_are_a_line_without_an_object(query):
    assert call("/dem/anh.gif", "GET", query=query)[0] == 200
    assert len(hits()) == 1


def test_the_portal_answers_behind_the_counter():
    from portal.wsgi import application

    environ = {"PATH_INFO": "/dem/", "REQUEST_METHOD": "GET"}
    setup_testing_defaults(environ)
    statuses = []
    application(environ, lambda status, headers: statuses.append(status))
    assert statuses == ["405 Method Not Allowed"]
