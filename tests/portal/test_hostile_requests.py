"""Whatever a stranger sends to a public address, the answer is never a server error."""

from datetime import date
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import get_resolver
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from documents.models import Document
from tests.factories import attached, make_article, make_document, make_site

pytestmark = pytest.mark.django_db

# Every public route with its parts left open; {} stands for hostile text.
ROUTES = [
    "/{}",
    "/{}/",
    "/tin-tuc/{}/",
    "/tin-tuc/{}-1/",
    "/tin-tuc/a-{}/",
    "/tin-tuc/{}/xem-truoc/",
    "/tin-tuc/2023/{}/",
    "/tin-tuc/{}/5/",
    "/chuyen-muc/{}/",
    "/rss/{}/",
    "/atom/{}/",
    "/sitemaps/{}",
    "/media/photos/{}/800.webp",
    "/van-ban/{}/",
    "/van-ban/a-{}/",
    "/van-ban/tep/{}/trang-dau.webp",
    "/van-ban/tep/1/{}",
    "/rss/van-ban/{}/a/",
    "/rss/van-ban/loai/{}/",
    "/dang-xuat/{}",
    "/quan-tri/{}/",
]
PAGES = [
    *("/", "/tin-tuc/", "/rss/", "/sitemap.xml", "/robots.txt", "/site.webmanifest"),
    *("/van-ban/", "/van-ban/tai-ve.csv", "/van-ban/tai-ve.xlsx", "/van-ban/kiem-tra/"),
    *("/rss/van-ban/", "/dang-nhap/", "/doi-mat-khau/", "/thong-ke/"),
    *("/tim-kiem/", "/tim-kiem/goi-y/"),
    *("/dang-nhap/ma/", "/dang-nhap/thiet-lap/", "/tai-khoan/", "/tai-khoan/hai-buoc/"),
]
# Pages whose address is known once there is something on them.
OWN_PAGES = {
    "article": lambda article: article.get_absolute_url(),
    "category": lambda article: article.category.get_absolute_url(),
    "document": lambda article: Document.objects.published().get().get_absolute_url(),
}
PARAMETERS = [
    *("trang", "q", "x", "", "\x00", "loai", "co-quan", "linh-vuc", "nam", "hieu-luc"),
    *("sap-xep", "next", "sha256", "ngay", "nguon", "chuyen-muc"),
]
NASTY = [
    *("0", "-1", "10" * 20, "NaN", "1e309", "\x00", "%00", "../../etc/passwd", "..%2f", "٣", "²"),
    *("Đảng\u0301", "😀", "<script>", "' OR 1=1--", "{{7*7}}"),
]
text = st.one_of(st.text(max_size=40), st.sampled_from(NASTY), st.integers().map(str))
# The database and the client serve all examples of a test.
many = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture
def site():
    make_site()
    attached(make_document("1-KH/ĐUK", issued_on=date(2023, 5, 1)))
    return make_article()


@pytest.mark.parametrize("route", ROUTES)
@many
@given(piece=text)
def test_any_path(client, site, route, piece):
    path = route.format(quote(piece, safe="/.%"))
    assert client.get(path).status_code < 500


@settings(many, max_examples=300)
@given(path=st.sampled_from([*PAGES, *OWN_PAGES]), name=st.sampled_from(PARAMETERS), value=text)
def test_any_query(client, site, path, name, value):
    path = OWN_PAGES[path](site) if path in OWN_PAGES else path
    assert client.get(path, {name: value}).status_code < 500


def test_a_query_of_a_million_digits(client, site):
    for path in PAGES:
        assert client.get(path, {"trang": "9" * 1_000_000}).status_code < 500, path


@many
@given(username=text, password=text, target=text)
def test_any_sign_in(client, site, username, password, target):
    form = {"username": username, "password": password, "next": target}
    assert client.post("/dang-nhap/", form).status_code < 500


@many
@given(content=st.binary(max_size=300), digest=text)
def test_any_copy_to_verify(client, site, content, digest):
    upload = SimpleUploadedFile("a.pdf", content)
    for form in ({"tep": upload}, {"tep": digest}):
        assert client.post("/van-ban/kiem-tra/", form).status_code < 500


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "evil.example"},
        {"host": "127.0.0.1:99999999"},
        {"host": "\x00"},
        {"x-forwarded-host": "evil.example"},
        {"cookie": "sessionid=" + "a" * 4000},
        {"cookie": "sessionid=\x00; csrftoken=\xf0\x9f\x98\x80"},
        {"accept-encoding": "gzip;q=9, \x00"},
        {"if-none-match": '"' + "x" * 5000},
        {"if-modified-since": "Mon, 99 Foo 9999 99:99:99 GMT"},
        {"range": "bytes=-1-0,9-"},
        {"accept-language": "xx-" * 2000},
    ],
    ids=repr,
)
def test_any_header(client, site, headers):
    for path in PAGES:
        assert client.get(path, headers=headers).status_code < 500, path


def test_every_public_route_is_among_those_tried():
    tried = {route.strip("/").split("/")[0].split("{")[0] for route in (*ROUTES, *PAGES)}
    firsts = {
        str(pattern.pattern).lstrip("^\\A").split("/")[0].split("<")[0].replace("\\", "")
        for pattern in get_resolver().url_patterns
    }
    assert {first for first in firsts if first} - tried <= {"favicon.ico"}
