"""Who works at the portal is not counted; who has signed in to read internal documents is."""

import io
from wsgiref.util import setup_testing_defaults

import pytest
from django.utils import timezone

from stats import loader, signing
from stats.models import Drop, SiteDay
from tests.factories import make_cadre, make_site, make_user
from tests.stats.traffic import BROWSERS

pytestmark = pytest.mark.django_db
PASSWORD = "mat-khau-de-thu"
ADMIN = "/dang-nhap/?next=/quan-tri/"
PUBLIC = "/dang-nhap/"
NEW = "Hoa sen Trà Vinh 1992"


@pytest.fixture(autouse=True)
def site():
    make_site()


def sign_in(client, user, path=PUBLIC):
    return client.post(path, {"username": user.username, "password": PASSWORD})


def see_a_page(cookies):
    """Send the beacon with the cookies of a browser, and count it."""
    from portal.wsgi import application

    environ = {
        "PATH_INFO": "/dem/",
        "REQUEST_METHOD": "POST",
        "QUERY_STRING": f"o={signing.token('t')}",
        "REMOTE_ADDR": "113.160.1.2",
        "HTTP_USER_AGENT": BROWSERS[0].format(1),
        "HTTP_COOKIE": "; ".join(f"{name}={morsel.value}" for name, morsel in cookies.items()),
        "wsgi.input": io.BytesIO(),
    }
    setup_testing_defaults(environ)
    list(application(environ, lambda *started: None))
    loader.load(timezone.now())


def seen():
    return sum(SiteDay.objects.values_list("views", flat=True))


@pytest.mark.parametrize("path", [ADMIN, PUBLIC])
def test_staff_are_not_counted_wherever_they_have_signed_in(client, path):
    sign_in(client, make_user(), path)
    see_a_page(client.cookies)
    assert seen() == 0
    assert Drop.objects.get().reason == "staff"


def test_a_cadre_who_reads_internal_documents_is_counted(client):
    sign_in(client, make_cadre())
    assert "sessionid" in client.cookies
    see_a_page(client.cookies)
    assert seen() == 1
    assert not Drop.objects.exists()


@pytest.mark.parametrize("path", ["/quan-tri/logout/", "/dang-xuat/"])
def test_who_has_signed_out_is_counted_again(client, path):
    sign_in(client, make_user(), ADMIN)
    marker = client.post(path).cookies["newsroom"]
    assert (marker.value, marker["max-age"], marker["path"]) == ("", 0, "/")
    see_a_page({name: morsel for name, morsel in client.cookies.items() if morsel.value})
    assert seen() == 1


def test_a_cadre_who_signs_in_after_a_member_of_staff_is_counted(client):
    sign_in(client, make_user(), ADMIN)
    assert sign_in(client, make_cadre()).cookies["newsroom"]["max-age"] == 0


def test_who_invents_the_cookie_uncounts_nobody_else(client):
    client.cookies["newsroom"] = "1"
    see_a_page(client.cookies)
    assert seen() == 0
    see_a_page({})
    assert seen() == 1


@pytest.mark.parametrize("path", [ADMIN, PUBLIC])
def test_the_cookie_lives_and_travels_as_the_session_does(client, settings, path):
    settings.SESSION_COOKIE_SECURE = True
    cookies = sign_in(client, make_user(), path).cookies
    assert cookies["newsroom"].value == "1"
    assert dict(cookies["newsroom"]) == dict(cookies["sessionid"])
    assert cookies["newsroom"]["httponly"]
    assert cookies["newsroom"]["secure"]
    assert (cookies["newsroom"]["samesite"], cookies["newsroom"]["path"]) == ("Lax", "/")
    assert cookies["newsroom"]["max-age"] == ""


def test_a_changed_password_renews_both(client):
    sign_in(client, make_user(), ADMIN)
    new = {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW}
    cookies = client.post("/doi-mat-khau/", new).cookies
    assert dict(cookies["newsroom"]) == dict(cookies["sessionid"])


@pytest.mark.parametrize("path", ["/", PUBLIC, "/van-ban/"])
def test_a_reader_gets_no_cookie_of_it(client, path):
    assert "newsroom" not in client.get(path).cookies


def test_a_wrong_password_marks_nobody(client):
    answer = client.post(PUBLIC, {"username": make_user().username, "password": "sai"})
    assert "newsroom" not in answer.cookies


def test_a_broken_session_at_a_wrong_host_costs_no_query(client, django_assert_num_queries):
    client.cookies.load({"sessionid": "short", "newsroom": "1"})
    with django_assert_num_queries(0):
        answer = client.get("/", headers={"host": "evil.example"})
    assert answer.status_code == 400
    assert answer.cookies["newsroom"]["max-age"] == 0
