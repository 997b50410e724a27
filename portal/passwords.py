"""What a password may be (NIST SP 800-63B-4, 3.1.1.2): long, not well known, of any letters."""

import re
from functools import cache
from itertools import pairwise
from pathlib import Path
from unicodedata import normalize

from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import MinimumLengthValidator
from django.core.exceptions import ValidationError
from django.db import models

from core.text import fold

COMMON = Path(__file__).with_name("common_phrases.txt")
# What must be left once well-known words, years and runs of one kind are taken out.
OWN_CHARACTERS = 6
YEAR = re.compile(r"(19|20)\d\d")
SITE_FIELDS = ("name", "short_name", "superior", "owner", "responsible", "address", "phone")


class GivenPassword(models.Model):
    """Whose password somebody else has set: they choose their own before they get in."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True
    )

    class Meta:
        default_permissions = ()
        verbose_name = "mật khẩu được cấp"
        verbose_name_plural = "mật khẩu được cấp"

    def __str__(self) -> str:
        return str(self.user)


def stabilised(password: str) -> str:
    """Return the one form of what looks alike, however a keyboard composed it (UAX 15)."""
    return normalize("NFKC", password)


class PasswordHasher(PBKDF2PasswordHasher):
    """Django's hasher for passwords in one form: every way to set or check one passes here."""

    def encode(self, password: str, salt: str, iterations: int | None = None) -> str:
        """Return the hash of the password's stabilised form."""
        return super().encode(stabilised(password), salt, iterations)


class LengthValidator(MinimumLengthValidator):
    """Counts the characters of the stabilised form: a letter and its marks are one."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Refuse what is shorter than the minimum."""
        super().validate(stabilised(password), user)


class FamiliarWordsValidator:
    """Refuses what is made of well-known words alone, the site's own names among them."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Refuse a password with too little of its own."""
        if len(own_part(password, site_words())) < OWN_CHARACTERS:
            raise ValidationError(
                "Mật khẩu này dễ đoán vì chỉ gồm từ ngữ quen thuộc, tên cơ quan, năm hoặc dãy ký "
                "tự liền nhau. Hãy thêm vài từ mà chỉ bạn nghĩ ra.",
                code="password_familiar",
            )

    def get_help_text(self) -> str:
        """Say how to come by a good password."""
        return (
            "Nên ghép vài từ không liên quan đến nhau, có thể có dấu và khoảng trắng; "
            "không cần chữ hoa, số hay ký hiệu."
        )


def own_part(password: str, words: frozenset[str]) -> str:
    """Return the letters and digits of `password` that are no well-known word, year or run."""
    letters = re.sub(r"[\W_]+", "", fold(stabilised(password)))
    known = sorted(words | common_phrases(), key=len, reverse=True)
    letters = re.sub("|".join(map(re.escape, known)), "", letters) if known else letters
    letters = YEAR.sub("", letters)
    steps = "".join(b for a, b in pairwise(letters) if ord(b) - ord(a) not in (-1, 0, 1))
    return letters[:1] + steps


def site_words() -> frozenset[str]:
    """Return the words of the site's own names, folded, of three letters or more; one query."""
    from portal.models import SiteSettings

    site = SiteSettings.objects.first() or SiteSettings()
    names = " ".join(getattr(site, field) for field in SITE_FIELDS)
    return frozenset(word for word in re.findall(r"\w+", fold(names)) if len(word) > 2)


@cache
def common_phrases() -> frozenset[str]:
    """Return the phrases of the list, folded and without blanks."""
    lines = COMMON.read_text().splitlines()
    return frozenset(fold(line).replace(" ", "") for line in lines if line)
