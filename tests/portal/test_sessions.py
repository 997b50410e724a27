"""Whose sessions there are, and that none outlives a change of rights."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.test import Client
from django.utils import timezone

from portal import sessions
from portal.sessions import Session
from tests.factories import make_site, make_user

pytestmark = pytest.mark.django_db
PASSWORD = "mat-khau-de-thu"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
EDGE = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/140 Mobile Safari/537.36 EdgA/140"


@pytest.fixture(autouse=True)
def site():
    make_site()


@pytest.fixture
def group():
    return Group.objects.create(name="Tổ thử")


@pytest.fixture
def person(group):
    user = make_user("news.view_article")
    user.groups.add(group)
    return user


def sign_in(user, agent=FIREFOX):
    client = Client(headers={"user-agent": agent})
    client.post("/dang-nhap/", {"username": user.username, "password": PASSWORD})
    return client


def is_in(client):
    return client.get("/tai-khoan/").status_code == 200


def permission():
    return Permission.objects.get(codename="change_article")


DEEDS = {
    "a group given": lambda user, group: user.groups.add(Group.objects.create(name="Khác")),
    "a group taken": lambda user, group: group.user_set.remove(user),
    "all groups taken": lambda user, group: user.groups.clear(),
    "the group deleted": lambda user, group: group.delete(),
    "a right given": lambda user, group: user.user_permissions.add(permission()),
    "a right taken": lambda user, group: user.user_permissions.clear(),
    "a right of the group": lambda user, group: group.permissions.add(permission()),
    "no more staff": lambda user, group: User.objects.filter(pk=user.pk).update(is_staff=False),
    "all rights": lambda user, group: User.objects.filter(pk=user.pk).update(is_superuser=True),
    "closed": lambda user, group: User.objects.filter(pk=user.pk).update(is_active=False),
    "another password": lambda user, group: (user.set_password("khác"), user.save()),
}


@pytest.mark.parametrize("deed", DEEDS.values(), ids=DEEDS.keys())
def test_a_session_ends_when_rights_or_password_change(person, group, deed):
    client, other = sign_in(person), sign_in(make_user())
    deed(person, group)
    assert not is_in(client)
    assert is_in(other)


def test_a_session_outlives_what_changes_no_right(person):
    client = sign_in(person)
    person.refresh_from_db()
    person.first_name, person.last_login = "Lan", timezone.now()
    person.save()
    assert is_in(client)


def test_who_changes_their_own_password_stays_here_and_leaves_elsewhere(person):
    here, elsewhere = sign_in(person), sign_in(person)
    new = "sáu con cá lội qua cầu tre"
    sent = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    here.post("/doi-mat-khau/", sent)
    assert is_in(here)
    assert not is_in(elsewhere)


def test_the_page_names_every_browser_and_no_address(person):
    here = sign_in(person)
    sign_in(person, EDGE)
    sign_in(make_user(), "curl/8")
    page = here.get("/tai-khoan/").content.decode()
    assert "Firefox trên Windows</strong> (phiên này)" in page
    assert "Edge trên điện thoại Android" in page
    assert "Trình duyệt khác" not in page
    assert "127.0.0.1" not in "".join(map(str, Session.objects.values_list()))


def test_one_button_signs_out_everywhere(person):
    here, elsewhere, other = sign_in(person), sign_in(person), sign_in(make_user())
    assert here.get("/tai-khoan/dang-xuat/").status_code == 405
    assert here.post("/tai-khoan/dang-xuat/").url == "/dang-nhap/"
    assert [is_in(client) for client in (here, elsewhere, other)] == [False, False, True]


def test_a_page_costs_no_query_more_and_use_is_noted_now_and_then(
    person, django_assert_num_queries
):
    client = sign_in(person)
    with django_assert_num_queries(3):  # session, person, site
        client.get("/quan-tri/phien/")
    long_ago = timezone.now() - timedelta(hours=1)
    Session.objects.update(seen_at=long_ago)
    with django_assert_num_queries(4):
        client.get("/quan-tri/phien/")
    assert Session.objects.get().seen_at > long_ago


def test_the_last_sign_in_is_told_on_the_desk(person):
    User.objects.filter(pk=person.pk).update(last_login="2026-11-20T07:30:00+07:00")
    assert (
        "Lần đăng nhập trước: 07:30 20/11/2026"
        in sign_in(person).get("/quan-tri/").content.decode()
    )


def test_expired_sessions_go_with_the_next_sign_in(person):
    sign_in(person)
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    sign_in(person)
    assert Session.objects.count() == 1


def test_an_unknown_browser_has_a_name_too():
    assert sessions.browser_of("") == sessions.browser_of("curl/8") == "Trình duyệt khác"
