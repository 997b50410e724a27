"""Accounts in the newsroom: who administers gives rights to others, never to themselves."""

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.urls import reverse

from core.audit import AuditEntry
from core.workflow import Action
from news.models import Assignment
from portal import roles, second_factor
from portal.account_page import arrival
from portal.guessing import FROM_ANYWHERE, Attempts
from portal.passwords import GivenPassword
from portal.sessions import Session
from tests.factories import make_category, make_person, make_site, make_user
from tests.portal.test_sign_in import (
    PASSWORD,
    addresses,
    attempt,
    code_of,
    guess,
    waits,
    with_second_step,
)

pytestmark = pytest.mark.django_db
RIGHTS = ("add_user", "change_user", "view_user", "view_group", "change_group", "add_group")


# The formset of what is assigned, empty.
NO_WORK = {"assignments-TOTAL_FORMS": 0, "assignments-INITIAL_FORMS": 0}


@pytest.fixture
def administrator(client):
    make_site()
    group = Group.objects.get_or_create(name=roles.ADMINISTRATORS)[0]
    group.permissions.add(*Permission.objects.filter(codename__in=RIGHTS))
    user = make_user(username="quan-tri")
    user.groups.add(group)
    client.force_login(user)
    return user


@pytest.fixture
def editors():
    return Group.objects.get_or_create(name=roles.EDITORS)[0]


def page_of(user, page="change"):
    return reverse(f"admin:auth_user_{page}", args=[user.pk])


def save(client, user, **fields):
    sent = {"username": user.username, "is_active": "on", "is_staff": "on", **NO_WORK} | fields
    return client.post(page_of(user), sent)


def trail():
    return list(AuditEntry.objects.values_list("action", "reason", "title", "actor__username"))


def test_rights_are_given_by_groups_and_recorded(client, administrator, editors):
    user = make_user(username="lan")
    assert save(client, user, groups=editors.pk).status_code == 302
    assert set(user.groups.all()) == {editors}
    save(client, user, is_staff="")
    assert [entry[:2] for entry in trail()] == [
        (Action.GRANT, "Bỏ: vai trò Biên tập viên, được vào tòa soạn"),
        (Action.GRANT, "Thêm: vai trò Biên tập viên"),
    ]
    assert trail()[0][2:] == ("Tài khoản lan", "quan-tri")


def test_work_is_assigned_and_recorded_but_never_to_oneself(client):
    administrator, user = make_person(roles.ADMINISTRATORS), make_user(username="lan")
    client.force_login(administrator)
    category = make_category("Tuyên giáo")
    given = {"assignments-TOTAL_FORMS": 1, "assignments-0-category": category.pk}
    for account in (user, administrator):
        save(client, account, **given)
    assert Assignment.objects.get().user == user
    assert trail() == [
        (Action.GRANT, "Thêm: phụ trách Tuyên giáo", "Tài khoản lan", administrator.username)
    ]


def test_what_changes_no_right_is_not_recorded(client, administrator):
    save(client, make_user(), first_name="Lan")
    assert not trail()


def test_no_form_gives_what_it_does_not_show(client, administrator):
    user = make_user()
    right = Permission.objects.get(codename="publish_document")
    save(client, user, is_superuser="on", user_permissions=right.pk)
    user.refresh_from_db()
    assert not user.is_superuser
    assert not user.user_permissions.exists()
    page = client.get(page_of(user)).content.decode()
    assert "user_permissions" not in page
    assert "is_superuser" not in page


def test_nobody_changes_their_own_rights(client, administrator, editors):
    save(client, administrator, groups=editors.pk, is_superuser="on", first_name="Minh")
    administrator.refresh_from_db()
    assert administrator.first_name == "Minh"
    assert [group.name for group in administrator.groups.all()] == [roles.ADMINISTRATORS]
    assert not administrator.is_superuser
    for page in ("unlock", "reset_factor"):
        assert client.post(page_of(administrator, page), {"reason": "a"}).status_code == 403
    own = client.get(f"/quan-tri/auth/user/{administrator.pk}/password/")
    assert own.url == "/doi-mat-khau/"


def test_superusers_are_out_of_reach(client, administrator):
    chief = make_user(is_superuser=True)
    assert save(client, chief, is_staff="").status_code == 403
    assert client.post(f"/quan-tri/auth/user/{chief.pk}/password/", {}).status_code == 403
    for page in ("unlock", "reset_factor"):
        assert client.post(page_of(chief, page), {"reason": "a"}).status_code == 403
    assert "account-deeds" not in client.get(page_of(chief)).content.decode()


def test_roles_are_not_theirs_to_change(client, administrator, editors):
    assert client.post(reverse("admin:auth_group_change", args=[editors.pk])).status_code == 403
    assert client.post(reverse("admin:auth_group_add"), {"name": "Mới"}).status_code == 403


def test_an_account_is_closed_and_never_deleted(client, administrator):
    chief = make_user(is_superuser=True)
    client.force_login(chief)
    assert client.post(page_of(make_user(), "delete"), {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("name", ["otp_totp_totpdevice", "otp_static_staticdevice"])
def test_nobody_reads_the_secrets_of_telephones(client, administrator, name):
    client.force_login(make_user(is_superuser=True))
    app, model = name.rsplit("_", 1)
    assert client.get(f"/quan-tri/{app}/{model}/").status_code == 404


def test_a_new_account_and_a_reset_one_have_a_password_for_once(client, administrator):
    new = "sáu con cá lội qua cầu tre"
    passwords = {"password1": new, "password2": new, "usable_password": "true"}
    client.post(reverse("admin:auth_user_add"), {"username": "moi"} | passwords)
    user = make_user(username="lan")
    client.post(f"/quan-tri/auth/user/{user.pk}/password/", passwords)
    assert {given.user.username for given in GivenPassword.objects.all()} == {"moi", "lan"}
    assert (Action.GRANT, "Đặt lại mật khẩu.", "Tài khoản lan", "quan-tri") in trail()
    assert (Action.GRANT, "Thêm: được đăng nhập", "Tài khoản moi", "quan-tri") in trail()


def test_a_locked_account_is_unlocked_and_recorded(client, administrator):
    user = make_user(username="lan")
    for at in addresses(FROM_ANYWHERE.free):
        guess(user.username, at)
    assert waits(attempt(user.username, PASSWORD))
    assert client.get(page_of(user, "unlock")).status_code == 405
    client.post(page_of(user, "unlock"))
    assert not Attempts.objects.exists()
    assert attempt(user.username, PASSWORD).status_code == 302
    assert trail() == [(Action.UNLOCK, "", "Tài khoản lan", "quan-tri")]


def test_a_lost_telephone_is_taken_off_for_a_reason_and_recorded(client, administrator):
    user = make_user(username="lan")
    with_second_step(user)
    client_of_user = type(client)()
    client_of_user.force_login(user)
    client.post(page_of(user, "reset_factor"), {"reason": "  "})
    assert second_factor.is_on(user)
    client.post(page_of(user, "reset_factor"), {"reason": "Gặp trực tiếp tại cơ quan"})
    assert not second_factor.is_on(user)
    assert not Session.objects.filter(user=user).exists()
    reset = (Action.RESET_FACTOR, "Gặp trực tiếp tại cơ quan", "Tài khoản lan", "quan-tri")
    assert trail() == [reset]


def test_a_changed_role_is_recorded_for_each_member(client, administrator, editors):
    client.force_login(make_user(is_superuser=True))
    make_user(username="lan").groups.add(editors)
    right = Permission.objects.get(codename="view_article")
    sent = {"name": editors.name, "permissions": right.pk}
    editors.permissions.clear()
    client.post(reverse("admin:auth_group_change", args=[editors.pk]), sent)
    assert [entry[1:3] for entry in trail()] == [
        ("Đổi quyền của vai trò Biên tập viên.", "Tài khoản lan")
    ]


class TestOwnPage:
    @pytest.fixture
    def person(self, client):
        make_site()
        user = make_user()
        client.force_login(user)
        return user

    def test_anybody_may_set_a_second_step_up_with_password_and_code(self, client, person):
        client.get("/tai-khoan/hai-buoc/")
        code = code_of(second_factor.started(person))
        for password, code_sent in (("sai", code), (PASSWORD, "000000")):
            sent = {"password": password, "code": code_sent}
            client.post("/tai-khoan/hai-buoc/", sent)
            assert not second_factor.is_on(person)
        page = client.post("/tai-khoan/hai-buoc/", {"password": PASSWORD, "code": code})
        assert page.content.decode().count("<code>") == 10

    def test_new_codes_and_turning_it_off_take_the_password(self, client, person):
        _, codes = with_second_step(person)
        for page in ("ma-du-phong", "tat"):
            client.post(f"/tai-khoan/hai-buoc/{page}/", {"password": "sai"})
            assert client.get(f"/tai-khoan/hai-buoc/{page}/").status_code == 405
        assert second_factor.is_on(person)
        client.post("/tai-khoan/hai-buoc/ma-du-phong/", {"password": PASSWORD})
        assert not second_factor.accepts(person, codes[0])
        client.post("/tai-khoan/hai-buoc/tat/", {"password": PASSWORD})
        assert not second_factor.is_on(person)

    def test_the_password_is_not_guessed_there_either(self, client, person):
        for _ in range(5):
            client.post("/tai-khoan/hai-buoc/", {"password": "sai", "code": "000000"})
        sent = {"old_password": PASSWORD, "new_password1": "a", "new_password2": "a"}
        assert waits(client.post("/doi-mat-khau/", sent))

    def test_nobody_keeps_these_pages_and_strangers_are_asked_to_sign_in(self, client, person):
        for path in ("/tai-khoan/", "/tai-khoan/hai-buoc/"):
            assert "no-store" in client.get(path).headers["Cache-Control"]
            assert type(client)().get(path).url == f"/dang-nhap/?next={path}"


def test_a_session_of_before_tells_nothing(rf):
    request = rf.get("/")
    request.session = {}
    assert arrival(request) == {"before": None, "strangers": 0}
    assert User.objects.count() == 0
