"""A preview for who has no account: by a signed link that ends by itself."""

import re
from datetime import timedelta

import pytest
from django.core import signing
from django.urls import reverse
from django.utils import timezone

from core.audit import AuditEntry
from core.publishing import move
from core.workflow import Action, State
from news import bin, sharing
from tests.factories import make_category, make_draft, make_person, make_photo

pytestmark = pytest.mark.django_db


@pytest.fixture
def author():
    return make_person("Cộng tác viên")


@pytest.fixture
def draft(author):
    return make_draft("Bài đang viết", by=author, lead_photo=make_photo())


def share(client, draft):
    """The answer to who asks for a link, and the link's path."""
    answer = client.post(reverse("admin:news_article_share", args=[draft.article_id]))
    found = re.search(r"/xem-truoc/[^<\s]+", answer.content.decode())
    return answer, found and found[0]


@pytest.fixture
def link(client, author, draft):
    client.force_login(author)
    _, link = share(client, draft)
    client.logout()
    return link


def test_a_leader_on_a_phone_sees_what_is_written_now(client, link, draft, author):
    draft.title = "Bài đã viết thêm"
    draft.save()
    answer = client.get(link)
    page = answer.content.decode()
    assert "Bài đã viết thêm" in page
    assert "no-store" in answer["Cache-Control"]
    assert "noindex" in answer["X-Robots-Tag"]
    assert answer["Referrer-Policy"] == "no-referrer"
    assert not answer.cookies
    assert 'name="dem"' not in page
    assert client.get(draft.lead_photo.url).status_code == 200
    entry = AuditEntry.objects.get(action=Action.SHARE)
    assert (entry.actor, entry.subject) == (author, draft.article)


def test_once_it_is_public_the_link_leads_to_the_page(client, link, draft):
    move(draft, Action.PUBLISH)
    draft.article.refresh_from_db()
    answer = client.get(link)
    assert answer["Location"] == draft.article.get_absolute_url()
    assert "no-store" in answer["Cache-Control"]


def test_the_link_ends_after_three_days(client, link, monkeypatch):
    later = timezone.now().timestamp() + timedelta(hours=72, minutes=1).total_seconds()
    monkeypatch.setattr("django.core.signing.time.time", lambda: later)
    assert client.get(link).status_code == 404


@pytest.mark.parametrize("fate", ["withdrawn", "superseded", "binned"])
def test_the_link_ends_with_the_text(client, link, draft, fate, author):
    if fate == "binned":
        bin.throw_away(draft.article, by=author)
    else:
        live = move(draft, Action.PUBLISH)
        if fate == "superseded":
            move(live.article.revise(by=None), Action.PUBLISH)
        else:
            move(live, Action.WITHDRAW, reason="Sai.")
    assert client.get(link).status_code == 404


def test_no_other_token_opens_anything(client, link, draft):
    token = link.removeprefix("/xem-truoc/").removesuffix("/")
    forged = [
        *(token[:-1], token.swapcase(), f"{draft.pk}", "a:b:c", "%00", "ơ:ơ:ơ", "1" * 5000),
        signing.TimestampSigner(salt="other").sign(str(draft.pk)),
        signing.TimestampSigner(salt="news.preview").sign("9" * 40),
        signing.TimestampSigner(salt="news.preview").sign("-1"),
    ]
    for one in forged:
        assert client.get(f"/xem-truoc/{one}/").status_code == 404, one


def test_who_may_not_write_makes_no_link(client, draft):
    client.force_login(make_person("Biên tập viên", make_category()))
    assert share(client, draft)[0].status_code == 404
    client.force_login(make_person("Biên tập viên", draft.category))
    assert share(client, draft)[1]
    published = move(draft, Action.PUBLISH)
    assert published.state == State.LIVE
    answer, link = share(client, draft)
    assert (answer.status_code, link) == (302, None)
    assert AuditEntry.objects.filter(action=Action.SHARE).count() == 1
    assert sharing.shared("") is None
