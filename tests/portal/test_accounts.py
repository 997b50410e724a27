"""The one page where cadres and the newsroom sign in, and where passwords are changed."""

import pytest
from django.contrib.auth.models import User

from tests.factories import make_cadre, make_site, make_user

pytestmark = pytest.mark.django_db
PASSWORD = "mat-khau-de-thu"
NEW = "Hoa sen Trà Vinh 1992"


@pytest.fixture
def cadre(settings):
    settings.SITE_URL = "https://dangbo.example.vn"
    make_site(name="Đảng bộ Khối", short_name="Đảng bộ")
    return make_cadre()


def sign_in(client, user, password=PASSWORD, **more):
    return client.post("/dang-nhap/", {"username": user.username, "password": password} | more)


def test_a_cadre_signs_in_and_lands_on_the_documents(client, cadre):
    answer = sign_in(client, cadre)
    assert (answer.status_code, answer.url) == (302, "/van-ban/")
    assert client.session["_auth_user_id"] == str(cadre.pk)


def test_staff_land_in_the_newsroom(client, cadre):
    assert sign_in(client, make_user()).url == "/quan-tri/"


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [("/quan-tri/", "/quan-tri/"), ("/quan-tri/login/", "/quan-tri/")],
)
def test_the_newsroom_has_no_other_door(client, cadre, asked, wanted):
    page = client.get(asked, follow=True)
    assert page.redirect_chain[-1][0] == f"/dang-nhap/?next={wanted}"
    assert "Cán bộ đăng nhập" in page.content.decode()
    client.post("/quan-tri/login/", {"username": cadre.username, "password": PASSWORD})
    assert "_auth_user_id" not in client.session


def test_whoever_may_not_see_a_page_is_told_so_and_not_sent_round(client, cadre):
    client.force_login(cadre)
    page = client.get("/quan-tri/", follow=True)
    assert len(page.redirect_chain) == 2
    assert "hãy đăng nhập bằng tài khoản khác" in page.content.decode()


def test_the_page_is_the_portal_s_own(client, cadre):
    page = client.get("/dang-nhap/").content.decode()
    assert "<title>Cán bộ đăng nhập – Đảng bộ</title>" in page
    assert 'content="noindex"' in page
    assert 'autocomplete="username"' in page
    assert 'autocomplete="current-password"' in page


@pytest.mark.parametrize("path", ["/dang-nhap/", "/doi-mat-khau/", "/doi-mat-khau/xong/"])
def test_no_cache_keeps_these_pages(client, cadre, path):
    client.force_login(cadre)
    kept = client.get(path).headers["Cache-Control"]
    assert {"no-store", "private"} <= set(kept.split(", "))
    assert "public" not in kept


def test_a_wrong_password_is_answered_in_plain_words_and_without_a_hint(client, cadre):
    said = "Tên đăng nhập hoặc mật khẩu chưa đúng."
    wrong = sign_in(client, cadre, "sai")
    unknown = sign_in(client, User(username="khong-co-ai"), "sai")
    for answer in (wrong, unknown):
        assert answer.status_code == 200
        assert said in answer.content.decode()
    assert "_auth_user_id" not in client.session


def test_an_inactive_account_stays_out(client, cadre):
    User.objects.filter(pk=cadre.pk).update(is_active=False)
    assert sign_in(client, cadre).status_code == 200
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    ("wanted", "got"),
    [
        ("/doi-mat-khau/", "/doi-mat-khau/"),
        ("/van-ban/?q=24-CT/TU", "/van-ban/?q=24-CT/TU"),
        ("https://xau.example/", "/van-ban/"),
        ("//xau.example/", "/van-ban/"),
        ("/\\xau.example", "/van-ban/"),
        ("javascript:alert(1)", "/van-ban/"),
        ("", "/van-ban/"),
    ],
)
def test_the_next_page_is_one_of_this_host(client, cadre, wanted, got):
    assert sign_in(client, cadre, next=wanted).url == got


def test_the_next_page_survives_a_wrong_password(client, cadre):
    page = sign_in(client, cadre, "sai", next="/doi-mat-khau/").content.decode()
    assert '<input type="hidden" name="next" value="/doi-mat-khau/">' in page


def test_the_session_ends_with_the_browser_and_no_script_reads_it(client, cadre):
    cookie = sign_in(client, cadre).cookies["sessionid"]
    assert (cookie["max-age"], cookie["expires"]) == ("", "")
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_signing_out_takes_a_post_and_ends_the_session(client, cadre):
    client.force_login(cadre)
    assert client.get("/dang-xuat/").status_code == 405
    assert client.post("/dang-xuat/").url == "/dang-nhap/"
    assert "_auth_user_id" not in client.session


def change(client, old=PASSWORD, new=NEW, again=NEW):
    fields = {"old_password": old, "new_password1": new, "new_password2": again}
    return client.post("/doi-mat-khau/", fields)


def test_a_changed_password_counts_from_then_on(client, cadre):
    client.force_login(cadre)
    answer = change(client)
    assert answer.url == "/doi-mat-khau/xong/"
    assert "Đã đổi mật khẩu" in client.get(answer.url).content.decode()
    cadre.refresh_from_db()
    assert cadre.check_password(NEW)


def test_the_forms_that_set_passwords_say_so_to_password_managers(client, cadre):
    client.force_login(cadre)
    page = client.get("/doi-mat-khau/").content.decode()
    assert page.count('autocomplete="new-password"') == 2
    assert page.count('autocomplete="current-password"') == 1
    assert f'autocomplete="username" value="{cadre.username}"' in page


@pytest.mark.parametrize(
    ("given", "field", "said"),
    [
        ({"old": "sai"}, "old_password", "Mật khẩu cũ chưa đúng. Hãy nhập lại."),
        ({"new": "ngắn", "again": "ngắn"}, "new_password1", "Hãy đặt ít nhất 15 ký tự."),
        ({"new": "1234567890123"}, "new_password2", "Hãy nhập lại cả hai."),
        ({"new": "password12345", "again": "password12345"}, "new_password1", "quá dễ đoán"),
        ({"new": "can-bo-dang-uy", "again": "can-bo-dang-uy"}, "new_password1", "tên đăng nhập"),
        ({"old": ""}, "old_password", "Hãy điền mục này."),
    ],
)
def test_a_refused_password_is_explained_beside_its_field(client, cadre, given, field, said):
    User.objects.filter(pk=cadre.pk).update(username="can-bo-dang-uy")
    client.force_login(cadre)
    errors = change(client, **given).context["form"].errors
    assert said in " ".join(errors[field])
    cadre.refresh_from_db()
    assert cadre.check_password(PASSWORD)


def test_whoever_has_not_signed_in_is_asked_to(client, cadre):
    for path in ("/doi-mat-khau/", "/doi-mat-khau/xong/"):
        assert client.get(path).url == f"/dang-nhap/?next={path}"


def test_reading_news_takes_no_session(client, cadre):
    answer = client.get("/")
    assert "Cookie" not in answer.headers.get("Vary", "")
    assert not answer.cookies
