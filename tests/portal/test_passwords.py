"""What a password may be, by NIST SP 800-63B-4."""

from unicodedata import normalize

import pytest
from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from portal.models import SiteSettings
from tests.factories import make_site

pytestmark = pytest.mark.django_db
LETTERS = "Hoà bình ở Cầu Ngang là đây"


@pytest.fixture(autouse=True)
def site():
    make_site(name="Đảng ủy Khối các cơ quan tỉnh Trà Vinh", short_name="Cổng Cù Lao Dung")


@pytest.mark.parametrize(
    "password",
    [
        "sáu con cá lội qua cầu tre",
        "correct horse battery staple",
        "chỉ có chữ thường thôi nhé",
        "839157264018352",
        "ផ្កាឈូករីកនៅក្នុងស្រះ",
        "😀 một hai ba con mực khô 😀",
        "x9" + "kwpzrtmb" * 16,
        LETTERS,
    ],
)
def test_any_long_text_of_one_s_own_will_do(password):
    validate_password(password, User(username="bien-tap"))


@pytest.mark.parametrize(
    "password",
    [
        "mười bốn chữ ạ",
        "MatKhau@12345678",
        "Mật khẩu quản trị 2026",
        "dangbotravinh2025",
        "culaodung!culaodung",
        "DangCongSanVietNam1930",
        "aaaaaaaaaaaaaaaaaaaa",
        "123456789012345678",
        "abcdefghijklmnopqrstu",
        "987654321098765432",
        "tra-vinh-minh-hoa",
        "bien-tap-bien-tap-bien-tap",
    ],
)
def test_short_and_familiar_ones_will_not(password):
    with pytest.raises(ValidationError):
        validate_password(password, User(username="bien-tap"))


def test_marks_typed_apart_are_no_characters_of_their_own():
    with pytest.raises(ValidationError, match="15"):
        validate_password(normalize("NFD", "cá rô phi nướng"[:14]), User(username="a"))


def test_a_password_is_the_same_however_the_keyboard_composes_it(settings, monkeypatch):
    monkeypatch.setattr("portal.passwords.PasswordHasher.iterations", 1)
    settings.PASSWORD_HASHERS = ["portal.passwords.PasswordHasher"]
    for stored, typed in (("NFC", "NFD"), ("NFD", "NFC")):
        kept = make_password(normalize(stored, LETTERS))
        assert check_password(normalize(typed, LETTERS), kept)
        assert not check_password(LETTERS.lower(), kept)


def test_without_a_site_yet_the_rules_hold():
    SiteSettings.objects.all().delete()
    validate_password("sáu con cá lội qua cầu tre")
