"""The second step of signing in: a code from the person's telephone, or one of ten on paper.

django-otp keeps devices, compares codes and refuses one that was used before; guesses are limited
in `portal/guessing.py`.
"""

import re
import secrets
from base64 import b32encode

import django_otp
from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.utils.crypto import salted_hmac
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from portal import roles

RECOVERY_CODES = 10
LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"  # none that looks like another on paper
CODE_LENGTH = 10  # of 32 letters each: 50 bits; NIST SP 800-63B, 3.1.2 asks for 20
SHORT = re.compile(r"[0-9]{6}")


def required_of(user: User) -> bool:
    """Return whether `user` may not sign in without; a portal on its owner's machine asks nobody.

    Whoever leads publishes without a second person, and whoever administers gives others rights.
    """
    if settings.DEBUG or settings.IS_LOCAL:
        return False
    return user.is_superuser or user.groups.filter(name__in=roles.SECOND_FACTOR).exists()


def is_on(user: User) -> bool:
    """Return whether `user` signs in with two steps."""
    return TOTPDevice.objects.filter(user=user, confirmed=True).exists()


def started(user: User) -> TOTPDevice:
    """Return the device that `user` is setting up, the same until it is confirmed."""
    return TOTPDevice.objects.get_or_create(
        user=user, confirmed=False, defaults={"name": "Ứng dụng xác thực"}
    )[0]


def secret_in_groups(device: TOTPDevice) -> str:
    """Return the device's key as people type it: groups of four."""
    key = b32encode(device.bin_key).decode()
    return " ".join(key[i : i + 4] for i in range(0, len(key), 4))


@transaction.atomic
def confirm(user: User, code: str) -> list[str]:
    """Let the device that `user` has set up count if `code` is its own; return recovery codes.

    An empty list: the code is not right, and nothing has changed.
    """
    device = started(user)
    if not _matches(user, device, code):
        return []
    TOTPDevice.objects.filter(user=user).exclude(pk=device.pk).delete()
    TOTPDevice.objects.filter(pk=device.pk).update(confirmed=True)
    return new_recovery_codes(user)


@transaction.atomic
def new_recovery_codes(user: User) -> list[str]:
    """Return codes that each replace the telephone once; former ones count no more.

    Kept as keyed hashes: a copy of the database signs nobody in with them.
    """
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name="Mã dự phòng")
    codes = [random_code() for _ in range(RECOVERY_CODES)]
    device.token_set.bulk_create(
        device.token_set.model(device=device, token=_kept(code)) for code in codes
    )
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def random_code() -> str:
    """Return a code that nobody guesses."""
    return "".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH))


def recovery_codes_left(user: User) -> int:
    """Return how many codes on paper have not been used yet."""
    return StaticDevice.objects.filter(user=user, token_set__isnull=False).count()


def accepts(user: User, code: str) -> bool:
    """Return whether `code` is right; it then counts no second time, however many ask at once."""
    if SHORT.fullmatch(re.sub(r"\s", "", code)):
        device = TOTPDevice.objects.filter(user=user, confirmed=True).first()
        return device is not None and _matches(user, device, code)
    paper = StaticDevice.objects.filter(user=user).first()
    token = _kept(re.sub(r"[\s-]", "", code).lower())
    return paper is not None and _verified(user, paper, token)


def remove(user: User) -> bool:
    """Take telephone and codes of `user` away; return whether there were any."""
    found = is_on(user)
    TOTPDevice.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()
    return found


def _matches(user: User, device: TOTPDevice, code: str) -> bool:
    code = re.sub(r"\s", "", code)
    return bool(SHORT.fullmatch(code)) and _verified(user, device, code)


def _verified(user: User, device: TOTPDevice | StaticDevice, token: str) -> bool:
    """Under a lock of the device's row, so that of two requests at once one comes second."""
    return django_otp.verify_token(user, device.persistent_id, token) is not None


def _kept(code: str) -> str:
    """80 bits, which is all that the library's column holds."""
    digest = salted_hmac("portal.second_factor", code, algorithm="sha256").digest()
    return b32encode(digest[:10]).decode()
