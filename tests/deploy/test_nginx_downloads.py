"""Files of documents: the portal decides, nginx sends the bytes."""

from urllib.parse import quote

import pytest
from django.test import Client

from core.publishing import move
from core.workflow import Action
from documents import vault
from documents.models import Visibility
from tests.deploy.site import hits, until
from tests.factories import attached, attached_upload, make_cadre, make_document_draft, pdf_file

TITLE = "Chỉ thị số 24 của Đảng ủy.pdf"
LONG_AGO, LATER = "Mon, 01 Jan 2001 00:00:00 GMT", "Mon, 01 Jan 2035 00:00:00 GMT"
OWN = {"server", "date", "connection", "strict-transport-security"}  # of each server


@pytest.fixture
def file():
    document = make_document_draft()
    file = attached_upload(document, pdf_file("Nội dung.", name=TITLE))
    move(document, Action.PUBLISH)
    return file


def test_a_file_comes_as_without_nginx(site, file):
    address, etag = file.get_absolute_url(), f'"tep-{file.pk}"'

    def with_nginx(method, headers):
        named = {name.replace("-", "_"): value for name, value in headers.items()}
        answer = site.ask(address, method, **named)
        return answer.status, answer.body, said(answer.headers)

    def without(method, headers):
        answer = Client().generic(method, address, secure=True, headers=headers)
        return answer.status_code, answer.getvalue(), said(answer.headers)

    def said(headers):
        shared = ((name.lower(), value) for name, value in headers.items())
        return {name: sorted(value.split("; ")) for name, value in shared if name not in OWN}

    for asked in (
        {},
        {"Accept-Encoding": "gzip, br"},
        {"Range": "bytes=0-9"},
        {"Range": "bytes=100-"},
        {"Range": "bytes=-7"},
        {"Range": "bytes=1-2,5-6"},
        {"Range": "bytes=999999999-"},
        {"Range": "bytes=0-9", "If-Range": etag},
        {"Range": "bytes=0-9", "If-Range": '"tep-0"'},
        {"Range": "bytes=0-9", "If-Range": LATER},
        {"If-None-Match": f"W/{etag}"},
        {"If-None-Match": '"tep-0"'},
        {"If-None-Match": '"tep-0"', "If-Modified-Since": LATER},
        {"If-Match": etag, "Range": "bytes=0-9"},
        {"If-Match": '"tep-0"'},
        {"If-Modified-Since": LATER},
        {"If-Unmodified-Since": LONG_AGO},
    ):
        for method in ("GET", "HEAD"):
            assert with_nginx(method, asked) == without(method, asked), (method, asked)
    whole = site.ask(address)
    assert whole.body == vault.path(file.sha256).read_bytes()
    assert "max-age" in whole.headers["Strict-Transport-Security"]
    assert f"filename*=UTF-8''{quote(TITLE, safe='')}" in whole.headers["Content-Disposition"]
    until(lambda: b"GET /tep-noi-bo/" in site.logs())


def test_a_download_counts_once_however_many_parts_it_comes_in(site, file):
    address = file.get_absolute_url()
    for headers, method in (
        ({}, "GET"),
        ({"Range": "bytes=0-9"}, "GET"),
        ({"Range": "bytes=10-19"}, "GET"),
        ({"Range": "bytes=20-"}, "GET"),
        ({"Range": "bytes=999999999-"}, "GET"),
        ({"If_None_Match": f'"tep-{file.pk}"'}, "GET"),
        ({}, "HEAD"),
    ):
        site.ask(address, method, **headers)
    assert [hit.kind for hit in hits(2)] == ["download"] * 2


def test_nobody_reaches_a_file_but_through_the_portal(site):
    document = make_document_draft(visibility=Visibility.INTERNAL)
    file = attached(document)
    move(document, Action.PUBLISH)
    inside = f"/tep-noi-bo/{vault.relative_path(file.sha256)}"
    secret = vault.path(file.sha256).read_bytes()
    for path in (
        file.get_absolute_url(),
        inside,
        f"{inside}?x",
        inside.replace("t", "%74", 1),
        inside.replace("/", "//"),
        f"/static/..{inside}",
        f"/van-ban/tep/..%2f..{inside}",
        f"/media/../documents/{vault.relative_path(file.sha256)}",
    ):
        for forged in ({}, {"X_Accel_Redirect": inside}, {"Range": "bytes=0-9"}):
            answer = site.ask(path, **forged)
            assert answer.status in (400, 404), path
            assert secret[:10] not in answer.body
            assert file.sha256 not in str(answer.headers)
    client = Client()
    client.force_login(make_cadre())
    cookie = f"sessionid={client.cookies['sessionid'].value}"
    allowed = site.ask(file.get_absolute_url(), Cookie=cookie)
    assert (allowed.status, allowed.body) == (200, secret)
    assert "private" in allowed.headers["Cache-Control"]
    assert "Cookie" in allowed.headers["Vary"]
    assert "X-Accel-Redirect" not in allowed.headers
    assert not any(secret[:100] in kept for kept in site.cached())
