"""Text in normal form C, and folded for search, whichever way it is written."""

import unicodedata

import pytest
from django.core.exceptions import ValidationError
from django.db.models import F, Value
from django.db.models.functions import Concat

from news.models import Unit

NAME = "Đảng ủy Sở Y tế"
LOOSE = unicodedata.normalize("NFD", NAME)

pytestmark = pytest.mark.django_db


def stored():
    return list(Unit.objects.values_list("name", "folded"))


def test_text_is_stored_in_nfc_and_folded_on_save():
    unit = Unit.objects.create(name=LOOSE)
    assert unit.name == NAME
    assert stored() == [(NAME, "dang uy so y te")]


def test_text_is_stored_in_nfc_and_folded_in_bulk():
    Unit.objects.bulk_create([Unit(name=LOOSE)])
    assert stored() == [(NAME, "dang uy so y te")]


def test_an_update_stores_nfc():
    Unit.objects.create(name="Khác")
    Unit.objects.update(name=LOOSE)
    assert Unit.objects.get().name == NAME


def test_an_update_may_compute():
    Unit.objects.create(name=NAME)
    Unit.objects.update(name=Concat(F("name"), Value(" tỉnh")))
    assert Unit.objects.get().name == f"{NAME} tỉnh"


def test_loose_marks_find_what_is_stored_in_nfc():
    Unit.objects.create(name=NAME)
    assert Unit.objects.get(name=LOOSE)


def test_loose_marks_do_not_make_another_of_the_same_name():
    Unit.objects.create(name=NAME)
    with pytest.raises(ValidationError, match="Đã có"):
        Unit(name=LOOSE).full_clean()


def test_length_is_that_of_the_stored_form():
    Unit(name=unicodedata.normalize("NFD", "ệ" * 160)).full_clean()
