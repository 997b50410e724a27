"""Hits that nginx writes into the spool by itself, and what its logs tell."""

import json
import socket
import time
from datetime import timedelta

import pytest
from django.conf import settings as portal_settings
from django.utils import timezone

from stats import loader, signing, spool
from stats.models import Drop, ObjectDay, Reason, SiteDay
from tests.deploy.site import BEACON, CHROME, NAME, PIXEL, hits, see, until


def test_hits_are_answered_and_counted_while_the_portal_is_dead(site):
    answer = see(site, "127.0.0.2")
    assert answer.status == 200
    assert set(json.loads(answer.body)) == {"online", "today", "week", "total"}
    site.kill_portal()
    answer = see(site, "127.0.0.2")
    assert (answer.status, answer.body) == (204, b"")
    assert answer.headers["Cache-Control"] == "no-store"
    assert see(site, "127.0.0.3", X_Forwarded_For="9.9.9.9").status == 204
    assert see(site, "127.0.0.3", X_Forwarded_For="8.8.8.8").status == 204
    assert see(site, "127.0.0.4", PIXEL, "GET").status == 204
    assert see(site, "127.0.0.5", DNT="1").status == 204
    assert see(site, "127.0.0.5", Sec_GPC="1").status == 204
    see(site, "127.0.0.6", Cookie=f"mau=toi; {portal_settings.STAFF_COOKIE_NAME}=1")
    see(site, "127.0.0.7", Cookie="sessionid=abc")
    see(site, "127.0.0.8", Purpose="prefetch")
    see(site, "127.0.0.8", Sec_Fetch_Site="cross-site")
    see(site, "127.0.0.8", BEACON + "x")
    # What the portal would not count either.
    see(site, "127.0.0.8", BEACON, "GET")
    see(site, "127.0.0.8", PIXEL, "HEAD")
    see(site, "127.0.0.8", agent="x" * 4000)
    see(site, "127.0.0.9", BEACON)
    assert len(hits(13)) == 13

    names = {path.name for path in spool.files()}
    assert sum("-nginx-" in name for name in names) in (1, 2)  # the minute may have turned
    for line in spool.lines({}):
        assert line.name[5:18] == time.strftime("%Y%m%dT%H%M", time.localtime(line.hit.time / 1000))

    loader.drain(timezone.now())
    row = SiteDay.objects.get()
    assert row.day == timezone.localdate()
    assert (row.visits, row.views) == (5, 7)
    assert list(ObjectDay.objects.values_list("kind", "object_id", "amount")) == [("b", 7, 7)]
    assert dict(Drop.objects.values_list("reason", "hits")) == {
        Reason.STAFF: 1,
        Reason.PREFETCH: 1,
        Reason.FOREIGN: 1,
        Reason.SIGNATURE: 1,
    }
    loader.drain(timezone.now() + timedelta(seconds=spool.GRACE + 1))
    assert not spool.files()


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        (b'x","staff":"1","kind":"download', 'x","staff":"1","kind":"download'),
        (b'\\","staff":"1', '\\","staff":"1'),
        (b"\\u0022\\n{}", "\\u0022\\n{}"),
        (b"tab\there \x01\x1b[31m\x7f bell\x07", "tab\there \x01\x1b[31m\x7f bell\x07"),
        (b"\xff\xfe\xc3 torn \xe2\x82", "��� torn �"),
        ("Chữ Việt \u2028 dòng".encode(), "Chữ Việt \u2028 dòng"),
    ],
)
def test_no_browser_writes_more_than_its_own_line(front, sent, read):
    front.kill_portal()
    assert see(front, "127.0.0.2", agent=sent).status == 204
    (hit,) = hits(1)
    assert hit.agent == read
    assert (hit.kind, hit.staff, hit.token) == ("view", False, signing.token("b", 7))


def test_a_line_cannot_be_broken_off_by_a_header(front):
    front.kill_portal()
    for forged in (b"a\n{}", b"a\r{}", b"a\x00{}", b"a\r\n {}"):
        plain = socket.create_connection(("127.0.0.1", front.port), 10)
        with front.tls.wrap_socket(plain, server_hostname=NAME) as raw:
            head = f"POST {BEACON} HTTP/1.1\r\nHost: {NAME}\r\nContent-Length: 0\r\n".encode()
            raw.sendall(head + b"Connection: close\r\nUser-Agent: " + forged + b"\r\n\r\n")
            while raw.recv(4096):
                pass
    see(front, "127.0.0.2", agent=b"the last")
    until(lambda: any(line.hit.agent == "the last" for line in spool.lines({})))
    for path in spool.files():
        for line in filter(None, path.read_bytes().split(b"\n")):
            assert spool.decode(line).agent in ("the last", "a")


def test_the_portals_own_refusal_reaches_the_reader(front, behind):
    behind(503, Retry_After="60")
    answer = see(front, "127.0.0.2")
    assert (answer.status, answer.headers["Retry-After"]) == (503, "60")
    assert not spool.files()


def test_logs_tell_nothing_about_a_reader(site):
    secret = {
        "source": "127.45.67.89",
        "agent": f"{CHROME} Secret/1",
        "Referer": "https://x/secret",
    }
    for page in ("/van-ban/", "/thong-ke/"):  # the second while the portal is dead
        see(site, **secret)
        for path in (f"{page}?q=benh-an", PIXEL, "/dem/x", "/static/x", "/media/x"):
            see(site, path=path, method="GET", **secret)
        site.kill_portal()
    until(lambda: b"/maintenance.html 503" in site.logs())
    written = site.logs()
    assert b"GET /van-ban/ 200" in written
    for trace in (b"127.45.67.89", b"benh-an", b"ecret", BEACON[-12:].encode()):
        assert trace not in written
