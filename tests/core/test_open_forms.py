"""Who has a form open, and what is typed into it so far, on the server."""

import json
from datetime import timedelta

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.open_forms import LARGEST
from core.presence import Autosave, Presence
from news.models import Article
from tests.factories import make_category, make_document_draft, make_draft, make_person
from tests.news.test_admin import ADD, change, fields, opened

pytestmark = pytest.mark.django_db


def address(name, subject=None, model=Article):
    subject_pk = subject.pk if subject else 0
    return reverse(f"admin:{model._meta.label_lower.replace('.', '_')}_{name}", args=[subject_pk])


@pytest.fixture
def category():
    return make_category()


@pytest.fixture
def minh(category):
    return make_person("Biên tập viên", category, username="minh")


@pytest.fixture
def ha(category):
    return make_person("Biên tập viên", category, username="ha")


def test_who_else_has_it_open_is_named_until_the_page_is_left(minh, ha, category):
    article = make_draft(category=category).article
    here, there = Client(), Client()
    here.force_login(minh)
    there.force_login(ha)
    beat = address("presence", article)
    assert here.post(beat).json() == {"others": []}
    assert there.post(beat).json() == {"others": ["minh"]}
    assert here.post(beat).json() == {"others": ["ha"]}
    Presence.objects.create(
        user=make_person("Lãnh đạo"),
        content_type=Presence.objects.first().content_type,
        object_id=1,
        seen_at=timezone.now() - timedelta(days=2),
    )
    assert there.post(beat, {"leave": ""}).status_code == 204
    assert here.post(beat).json() == {"others": []}
    assert Presence.objects.count() == 1


def test_a_page_that_died_is_forgotten_within_ten_seconds_or_so(client, minh, ha, category):
    article = make_draft(category=category).article
    client.force_login(ha)
    client.post(address("presence", article))
    Presence.objects.update(seen_at=timezone.now() - timedelta(seconds=13))
    client.force_login(minh)
    assert client.post(address("presence", article)).json() == {"others": []}


@pytest.mark.parametrize("page", ["presence", "autosave"])
def test_both_answer_those_alone_who_may_see_the_subject(client, page, category):
    article = make_draft(category=category).article
    document = make_document_draft()
    client.force_login(make_person("Biên tập viên", make_category()))
    assert client.post(address(page, article)).status_code == 404
    assert client.post(address(page, document, type(document))).status_code == 403
    assert client.post(address(page, None, type(document))).status_code == 403
    client.force_login(make_person("Văn thư"))
    assert client.post(address(page, document, type(document))).status_code in (200, 204)
    client.logout()
    assert client.post(address(page, article)).status_code == 302
    assert Presence.objects.count() == (page == "presence")


def test_a_slot_per_person_and_subject_is_kept_until_the_form_is_stored(client, minh, category):
    article = make_draft("Bản đầu", category=category).article
    client.force_login(minh)
    values = {"title": {"value": "Đang gõ"}}
    for subject in (None, article):
        for typed in ({"title": {"value": "Đang"}}, values):
            given = {"fields": json.dumps(typed), "stamp": "như đã mở"}
            assert client.post(address("autosave", subject), given).status_code == 200
        kept = client.get(address("autosave", subject)).json()
        assert (kept["values"], kept["stamp"]) == (values, "như đã mở")
    assert Autosave.objects.count() == 2

    client.post(change(article), opened(client, article, title=""))  # refused
    assert Autosave.objects.count() == 2
    client.post(change(article), opened(client, article, title="Đang gõ"))
    assert client.get(address("autosave", article)).json() == {}
    assert client.get(address("autosave")).json()["values"] == values
    client.post(ADD, fields(category))
    assert not Autosave.objects.exists()


def test_a_slot_is_bounded_in_size_and_time_and_holds_an_object(client, minh, ha):
    client.force_login(minh)
    slot = address("autosave")
    for given, answer in (
        ('{"body": {"value": "' + "a" * LARGEST + '"}}', 413),
        ("[1]", 400),
        ("{", 400),
        ("[" * 100_000, 400),
        ('{"a": {"value": "\\u0000"}}', 400),
        ('{"a": {"value": "\\ud800"}}', 400),
        ('{"a": {"value": "ơ"}}', 200),
    ):
        assert client.post(slot, {"fields": given}).status_code == answer
    Autosave.objects.update(saved_at=timezone.now() - timedelta(days=31))
    assert client.get(slot).json() == {}
    client.force_login(ha)
    client.post(slot)
    assert not Autosave.objects.exists()


def test_a_foreign_page_can_write_to_no_slot(minh):
    client = Client(enforce_csrf_checks=True)
    client.force_login(minh)
    assert client.post(address("autosave"), {"fields": "{}"}).status_code == 403


@pytest.mark.parametrize(
    ("rule", "model", "fields"),
    [
        ("presence_once_per_person", Presence, {}),
        ("autosave_one_slot_per_person", Autosave, {"fields": {}}),
    ],
)
def test_a_person_has_one_row_for_a_subject(minh, rule, model, fields):
    kind = ContentType.objects.get_for_model(Article)
    row = {"user": minh, "content_type": kind, "object_id": 1, **fields}
    model.objects.create(**row)
    with pytest.raises(IntegrityError, match=rule):
        model.objects.create(**row)
