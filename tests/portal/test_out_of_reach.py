"""What a member of staff may not see or do is not to be had by address either."""

import pytest
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse

from news.models import Edition
from portal.passwords import GivenPassword
from portal.roles import ADMINISTRATORS, CONTRIBUTORS, EDITORS
from portal.sessions import Session
from tests.factories import (
    make_article,
    make_category,
    make_document_draft,
    make_draft,
    make_person,
    make_photo,
    make_site,
    make_unit,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def contributor(client):
    user = make_person(CONTRIBUTORS, make_unit())
    client.force_login(user)
    return user


@pytest.fixture
def administrator(client):
    make_site()
    user = make_person(ADMINISTRATORS)
    client.force_login(user)
    return user


def on_site(subject, before=""):
    kind = ContentType.objects.get_for_model(subject)
    return f"/quan-tri/r/{before}{kind.pk}/{before}{subject.pk}/"


def test_an_address_that_holds_a_title_is_told_to_those_who_may_see_it(client, contributor):
    hidden = make_draft("Kỷ luật một đồng chí").article, make_document_draft()
    for subject in hidden:
        for before in ("", "0", "%20"):
            assert client.get(on_site(subject, before)).status_code == 404
    assert client.get("/quan-tri/r/999999/1/").status_code == 404
    assert client.get(on_site(make_photo())).status_code == 404  # it has no page
    own = make_article(by=contributor)
    assert client.get(on_site(own)).url == own.get_absolute_url()


def test_nobody_writes_in_the_name_of_a_unit_of_others(client, contributor):
    category, foreign = make_category(), make_unit()
    text = {"title": "Giả danh", "summary": "Tóm tắt.", "body": "<p>A</p>", "category": category.pk}
    page = client.post(reverse("admin:news_article_add"), text | {"unit": foreign.pk})
    assert "không viết cho đơn vị này" in page.content.decode()
    assert not Edition.objects.exists()
    own = contributor.assignments.get().unit
    client.post(reverse("admin:news_article_add"), text | {"unit": own.pk})
    draft = Edition.objects.get()
    assert draft.unit == own
    # What an editor has put there stays, whoever goes on writing.
    Edition.objects.update(unit=foreign)
    again = text | {"unit": foreign.pk, "title": "Sửa tiếp", "stamp": Edition.objects.get().stamp()}
    client.post(reverse("admin:news_article_change", args=[draft.article_id]), again)
    assert Edition.objects.get().title == "Sửa tiếp"


@pytest.mark.parametrize(
    "lookup",
    ["session__session_key__startswith", "session__pk__gt", "password__startswith", "email__gt"],
)
def test_who_administers_cannot_guess_at_sessions_and_passwords(client, administrator, lookup):
    assert Session.objects.filter(user=administrator).exists()
    assert client.get(reverse("admin:auth_user_changelist"), {lookup: "a"}).status_code == 400
    filtered = client.get(reverse("admin:auth_user_changelist"), {"is_staff__exact": 1})
    assert filtered.status_code == 200


@pytest.mark.parametrize("before", ["", "0", "%20"])
def test_ones_own_password_is_changed_with_the_old_one_alone(client, administrator, before):
    new = "bon bo cau bay qua song"
    sent = {"password1": new, "password2": new, "usable_password": "true"}
    answer = client.post(f"/quan-tri/auth/user/{before}{administrator.pk}/password/", sent)
    assert answer.url == reverse("password-change")
    administrator.refresh_from_db()
    assert not administrator.check_password(new)


def test_a_planted_session_is_not_on_the_way_with_its_victim(client):
    make_site()
    victim = make_person(EDITORS)
    GivenPassword.objects.create(user=victim)
    planted = client.session
    planted["planted"] = True
    planted.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = planted.session_key
    sent = {"username": victim.username, "password": "mat-khau-de-thu"}
    assert client.post(reverse("login"), sent).url == reverse("login-password")
    assert client.session.session_key != planted.session_key
    assert not Session.objects.filter(pk=planted.session_key).exists()


@pytest.mark.parametrize(
    ("role", "page"),
    [
        (ADMINISTRATORS, "portal_page_add"),
        (ADMINISTRATORS, "news_article_add"),
        (ADMINISTRATORS, "documents_document_add"),
        (EDITORS, "portal_page_add"),
        (EDITORS, "news_unit_add"),
    ],
)
def test_what_is_public_at_once_is_for_leaders(client, role, page):
    client.force_login(make_person(role))
    assert client.get(reverse(f"admin:{page}")).status_code == 403
