"""Whatever a stranger sends to a public address, the answer is never a server error."""

from urllib.parse import quote

import pytest
from django.urls import get_resolver
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.factories import make_article, make_site

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
    "/quan-tri/{}/",
]
PAGES = ["/", "/tin-tuc/", "/rss/", "/sitemap.xml", "/robots.txt", "/site.webmanifest"]
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
    return make_article()


@pytest.mark.parametrize("route", ROUTES)
@many
@given(piece=text)
def test_any_path(client, site, route, piece):
    path = route.format(quote(piece, safe="/.%"))
    assert client.get(path).status_code < 500


@many
@given(name=st.sampled_from(["trang", "q", "x", "", "\x00"]), value=text)
@example(name="trang", value="9" * 1_000_000)
def test_any_query(client, site, name, value):
    for path in (*PAGES, site.get_absolute_url(), site.category.get_absolute_url()):
        assert client.get(path, {name: value}).status_code < 500


@pytest.mark.parametrize("path", PAGES)
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
def test_any_header(client, site, path, headers):
    assert client.get(path, headers=headers).status_code < 500


def test_every_public_route_is_among_those_tried():
    tried = {route.strip("/").split("/")[0].split("{")[0] for route in (*ROUTES, *PAGES)}
    firsts = {
        str(pattern.pattern).lstrip("^\\A").split("/")[0].split("<")[0].replace("\\", "")
        for pattern in get_resolver().url_patterns
    }
    assert {first for first in firsts if first} - tried <= {"favicon.ico"}
