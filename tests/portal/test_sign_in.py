"""Guessing, and the second step: hostile people at the door, and the person kept out by none."""

import re
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from ipaddress import ip_network

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.contrib.auth.models import Group
from django.db import IntegrityError, connection, transaction
from django.test import Client, RequestFactory
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from portal import roles, second_factor
from portal.guessing import AT_ONE_PLACE, FROM_ANYWHERE, Attempts, Secret, minutes_to_wait
from portal.passwords import GivenPassword
from tests.factories import make_site, make_user

pytestmark = pytest.mark.django_db
PASSWORD = "mat-khau-de-thu"
OFFICE, HOME = "113.160.1.2", "14.161.3.4"
WAIT = "Đã có quá nhiều lần nhập sai"


@pytest.fixture(autouse=True)
def site():
    make_site()


@pytest.fixture
def person():
    return make_user(username="bien-tap")


def attempt(name, password="sai", at=OFFICE, client=None, **more):
    client = client or Client()
    sent = {"username": name, "password": password}
    return client.post("/dang-nhap/", sent, REMOTE_ADDR=at, **more)


def waits(answer):
    return answer.status_code == 200 and WAIT in answer.content.decode()


def gets_in(name, at=OFFICE, client=None):
    return attempt(name, PASSWORD, at, client).status_code == 302


def later(**duration):
    for row in Attempts.objects.all():
        row.last_at -= timedelta(**duration)
        row.save()


def guess(name, at=OFFICE):
    """Count a wrong password as the page does, without the page; True when it comes too soon."""
    request = RequestFactory().post("/dang-nhap/", REMOTE_ADDR=at)
    return minutes_to_wait(request, name, Secret.PASSWORD) > 0


def addresses(amount):
    return [f"203.0.{number // 250}.{number % 250 + 1}" for number in range(amount)]


def code_of(device, step=0):
    return f"{TOTP(device.bin_key, drift=step).token():06d}"


def with_second_step(user):
    """Give `user` a telephone and codes; return both."""
    device = second_factor.started(user)
    codes = second_factor.confirm(user, code_of(device))
    # The code that set it up is used; a test should not wait for the next.
    TOTPDevice.objects.filter(pk=device.pk).update(last_t=-1)
    return TOTPDevice.objects.get(pk=device.pk), codes


def enter(client, code):
    return client.post("/dang-nhap/ma/", {"code": code}, REMOTE_ADDR=OFFICE)


def is_in(client):
    return "_auth_user_id" in client.session


class TestGuessing:
    def test_who_fails_too_often_waits_even_with_the_right_password(self, person):
        for _ in range(AT_ONE_PLACE.free):
            assert not waits(attempt(person.username))
        assert waits(attempt(person.username, PASSWORD))
        later(minutes=1)
        assert gets_in(person.username)

    def test_the_wait_grows_and_ends(self):
        waited = [AT_ONE_PLACE.wait(count) for count in (4, 5, 6, 9, 10**9)]
        assert [wait.total_seconds() / 60 for wait in waited] == [0, 1, 2, 15, 15]
        assert FROM_ANYWHERE.wait(10**9) == timedelta(hours=1)

    def test_attempts_that_must_wait_lengthen_nothing(self, person):
        for _ in range(AT_ONE_PLACE.free + 10):
            guess(person.username)
        later(minutes=1)
        assert gets_in(person.username)

    def test_names_that_nobody_has_are_answered_alike(self, person):
        answers = [
            [waits(attempt(name)) for _ in range(AT_ONE_PLACE.free + 1)]
            for name in (person.username, "khong-co-ai")
        ]
        assert answers[0] == answers[1]

    def test_an_unknown_name_costs_as_much_as_a_wrong_password(
        self, person, settings, django_assert_num_queries
    ):
        settings.PASSWORD_HASHERS = [f"{__name__}.CountingHasher"]
        person.set_password(PASSWORD)
        person.save()
        for name in (person.username, "khong-co-ai", "y" * 150):
            CountingHasher.hashed = 0
            with django_assert_num_queries(12):
                attempt(name)
            assert CountingHasher.hashed == 1

    def test_a_hundred_accounts_guessed_from_an_office_lock_nobody_else_out(self, person):
        for number in range(100):
            guess(f"can-bo-{number}")
            guess(f"can-bo-{number}")
        assert gets_in(person.username)

    def test_a_colleague_s_wait_is_not_mine(self, person):
        for _ in range(AT_ONE_PLACE.free + 1):
            guess("dong-nghiep")
        assert waits(attempt("dong-nghiep"))
        assert gets_in(person.username)

    def test_guessing_from_many_addresses_is_slowed_for_all_of_them(self, person):
        tried = [guess(person.username, at) for at in addresses(40)]
        assert tried == [False] * FROM_ANYWHERE.free + [True] * 20
        assert waits(attempt(person.username, PASSWORD, at=HOME))

    def test_and_never_keeps_out_the_browser_that_the_person_uses(self, person):
        own = Client()
        assert gets_in(person.username, client=own)
        for at in addresses(40):
            guess(person.username, at)
        own.cookies.pop("sessionid")
        assert gets_in(person.username, client=own)
        warning = own.get("/tai-khoan/").content.decode()
        assert f"{FROM_ANYWHERE.free} lần nhập sai mật khẩu của bạn từ nơi khác" in warning

    def test_a_browser_is_known_for_its_own_person_and_has_a_limit_too(self, person):
        own = Client()
        gets_in(person.username, client=own)
        other = make_user()
        for at in addresses(FROM_ANYWHERE.free):
            guess(other.username, at)
        assert waits(attempt(other.username, PASSWORD, at=HOME, client=own))
        assert [waits(attempt(person.username, client=own)) for _ in range(6)][-1]

    def test_the_mark_of_a_browser_cannot_be_invented(self, person):
        own = Client()
        gets_in(person.username, client=own)
        (name,) = (name for name in own.cookies if name.startswith("quen-"))
        mark = own.cookies[name]
        assert (mark["httponly"], mark["samesite"], mark["path"]) == (True, "Lax", "/dang-nhap/")
        stranger = Client()
        stranger.cookies[name] = mark.value.swapcase()
        for at in addresses(FROM_ANYWHERE.free):
            guess(person.username, at)
        assert waits(attempt(person.username, PASSWORD, at=HOME, client=stranger))

    def test_only_our_own_proxy_says_who_asks(self, person, settings):
        settings.TRUSTED_PROXIES = []
        for number in range(AT_ONE_PLACE.free):
            attempt(person.username, headers={"x-forwarded-for": f"9.9.9.{number}"})
        assert waits(attempt(person.username, headers={"x-forwarded-for": "8.8.8.8"}))
        settings.TRUSTED_PROXIES = [ip_network(OFFICE)]
        assert not waits(attempt(person.username, headers={"x-forwarded-for": HOME}))

    def test_neither_names_nor_addresses_are_kept_and_nothing_longer_than_a_day(self, person):
        attempt("mat-khau-go-nham-o-ten")
        kept = "".join(f"{row.account} {row.place}" for row in Attempts.objects.all())
        assert re.fullmatch(r"[0-9a-f ]+", kept)
        later(days=1, seconds=1)
        attempt(person.username)
        assert Attempts.objects.count() == 2

    def test_an_account_and_place_are_counted_once(self):
        Attempts.objects.create(account="a", place="b")
        with pytest.raises(IntegrityError, match="attempts_once_per_place"), transaction.atomic():
            Attempts.objects.create(account="a", place="b")


class CountingHasher(MD5PasswordHasher):
    hashed = 0

    def encode(self, password, salt):
        type(self).hashed += 1
        return super().encode(password, salt)


class TestSecondStep:
    def test_the_password_alone_signs_nobody_in(self, client, person):
        device, _ = with_second_step(person)
        assert attempt(person.username, PASSWORD, client=client).url == "/dang-nhap/ma/"
        assert not is_in(client)
        assert client.get("/tai-khoan/").status_code == 302
        assert enter(client, code_of(device)).url == "/quan-tri/"
        assert is_in(client)

    def test_a_code_counts_once(self, person):
        device, _ = with_second_step(person)
        code = code_of(device)
        first, second = Client(), Client()
        for client in (first, second):
            attempt(person.username, PASSWORD, client=client)
            enter(client, code)
        assert (is_in(first), is_in(second)) == (True, False)

    @pytest.mark.parametrize("code", ["", "000000", "٠٠٠٠٠٠", "12345", "1_2345", "\x00", "a" * 99])
    def test_nonsense_is_no_code(self, client, person, code):
        with_second_step(person)
        attempt(person.username, PASSWORD, client=client)
        assert enter(client, code).status_code == 200
        assert not is_in(client)

    def test_codes_cannot_be_guessed_and_starting_anew_does_not_help(self, person):
        device, _ = with_second_step(person)
        for _ in range(AT_ONE_PLACE.free):
            client = Client()
            attempt(person.username, PASSWORD, client=client)
            enter(client, "000000")
        assert waits(enter(client, code_of(device)))
        assert not is_in(client)

    def test_a_recovery_code_signs_in_once_and_is_kept_as_a_hash(self, person):
        _, codes = with_second_step(person)
        assert len(codes) == len(set(codes)) == 10
        tokens = set(StaticToken.objects.values_list("token", flat=True))
        assert not tokens & {code.replace("-", "") for code in codes}
        for expected in (True, False):
            client = Client()
            attempt(person.username, PASSWORD, client=client)
            enter(client, f" {codes[0].upper()} ")
            assert is_in(client) is expected
        assert second_factor.recovery_codes_left(person) == 9

    def test_the_way_ends_after_ten_minutes_and_when_the_account_changes(self, person):
        device, codes = with_second_step(person)
        late, changed = Client(), Client()
        for client in (late, changed):
            attempt(person.username, PASSWORD, client=client)
        session = late.session
        session["on_the_way"] |= {"until": time.time() - 1}
        session.save()
        assert enter(late, code_of(device)).url == "/dang-nhap/"
        person.set_password("mot mat khau khac han")
        person.save()
        assert enter(changed, codes[1]).url == "/dang-nhap/"
        assert not is_in(late)
        assert not is_in(changed)

    def test_no_step_is_skipped_by_asking_for_a_later_one(self, client, person):
        with_second_step(person)
        attempt(person.username, PASSWORD, client=client)
        for step in ("thiet-lap", "mat-khau-moi", "tiep"):
            client.post(f"/dang-nhap/{step}/", {"code": "000000"})
            client.get(f"/dang-nhap/{step}/")
        assert not is_in(client)

    def test_the_next_page_survives_the_step(self, client, person):
        device, _ = with_second_step(person)
        sent = {"username": person.username, "password": PASSWORD, "next": "/doi-mat-khau/"}
        client.post("/dang-nhap/", sent)
        assert enter(client, code_of(device)).url == "/doi-mat-khau/"


class TestRequired:
    @pytest.fixture
    def leader(self, person):
        person.groups.add(Group.objects.get_or_create(name=roles.LEADERS)[0])
        return person

    @pytest.mark.parametrize(("local", "debug"), [(True, False), (False, True)])
    def test_on_its_owner_s_machine_the_portal_asks_nobody(self, settings, leader, local, debug):
        settings.IS_LOCAL, settings.DEBUG = local, debug
        assert gets_in(leader.username)
        assert not second_factor.required_of(leader)

    def test_in_production_leaders_administrators_and_superusers_must(self, settings, leader):
        settings.IS_LOCAL = False
        people = {name: make_user() for name in roles.ALL}
        for name, user in people.items():
            user.groups.add(Group.objects.get_or_create(name=name)[0])
        asked = {name for name, user in people.items() if second_factor.required_of(user)}
        assert asked == {roles.LEADERS, roles.ADMINISTRATORS}
        assert second_factor.required_of(make_user(is_superuser=True))

    def test_a_leader_sets_it_up_before_getting_in(self, settings, client, leader):
        settings.IS_LOCAL = False
        assert attempt(leader.username, PASSWORD, client=client).url == "/dang-nhap/thiet-lap/"
        page = client.get("/dang-nhap/thiet-lap/").content.decode()
        device = TOTPDevice.objects.get(user=leader)
        assert second_factor.secret_in_groups(device) in page
        assert 'role="img"' in page
        client.post("/dang-nhap/thiet-lap/", {"code": "000000"})
        assert not second_factor.is_on(leader)
        page = client.post("/dang-nhap/thiet-lap/", {"code": code_of(device)}).content.decode()
        assert page.count("<code>") == 10
        assert not is_in(client)
        assert client.post("/dang-nhap/tiep/").url == "/quan-tri/"
        assert is_in(client)

    def test_it_cannot_be_turned_off_again(self, settings, client, leader):
        settings.IS_LOCAL = False
        with_second_step(leader)
        client.force_login(leader)
        client.post("/tai-khoan/hai-buoc/tat/", {"password": PASSWORD})
        assert second_factor.is_on(leader)

    def test_a_password_that_was_given_is_replaced_before_getting_in(self, client, person):
        GivenPassword.objects.create(user=person)
        assert attempt(person.username, PASSWORD, client=client).url == "/dang-nhap/mat-khau-moi/"
        new = "sáu con cá lội qua cầu tre"
        for password in (PASSWORD, "ngắn", new):
            assert not is_in(client)
            sent = {"new_password1": password, "new_password2": password}
            client.post("/dang-nhap/mat-khau-moi/", sent)
        assert is_in(client)
        assert not GivenPassword.objects.exists()
        person.refresh_from_db()
        assert person.check_password(new)


@pytest.mark.django_db(transaction=True)
def test_many_at_once_are_no_way_around(person):
    def at_once(ask, what):
        def asked(one):
            try:
                return ask(one)
            finally:
                connection.close()

        with ThreadPoolExecutor(6) as pool:
            return sorted(pool.map(asked, [what] * 24))

    device, codes = with_second_step(person)
    for code in (codes[0], code_of(device)):
        assert at_once(lambda code: second_factor.accepts(person, code), code).count(True) == 1
    assert at_once(guess, person.username).count(False) == AT_ONE_PLACE.free
