"""Nothing goes live that a second person did not approve, by whatever way it comes."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.audit import AuditEntry, acknowledge, contributors
from core.publishing import Refused, approve, confirm, move
from core.workflow import Action, State
from news import versions
from news.models import Article, Edition
from portal import desk
from tests.factories import (
    make_article,
    make_category,
    make_draft,
    make_person,
    make_photo,
    make_unit,
    make_video,
)

pytestmark = pytest.mark.django_db
VTT = b"WEBVTT\n\n00:00:01.000 --> 00:00:02.000\n"


@pytest.fixture
def category():
    return make_category()


@pytest.fixture
def editor(category):
    return make_person("Biên tập viên", category)


@pytest.fixture
def colleague(category):
    return make_person("Biên tập viên", category)


@pytest.fixture
def leader():
    return make_person("Lãnh đạo")


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def describe(user, photo, **texts):
    address = reverse("admin:core_photo_change", args=[photo.pk])
    return signed_in(user).post(address, {"alt": photo.alt} | texts)


def caption(user, video, words):
    sent = {"title": video.title, "captions_file": SimpleUploadedFile("a.vtt", VTT + words)}
    return signed_in(user).post(reverse("admin:core_video_change", args=[video.pk]), sent)


def submitted(by, **fields):
    return Edition.objects.get(pk=move(make_draft(by=by, **fields), Action.SUBMIT).pk)


def trail_of_media():
    entries = AuditEntry.objects.filter(action=Action.MEDIA)
    return list(entries.values_list("actor", "object_id", "reason"))


def test_confirming_what_is_live_approves_nothing_that_is_written_beside_it(
    category, editor, colleague, leader
):
    live = move(make_draft(by=leader, category=category), Action.URGENT, by=leader, reason="Bão.")
    article = Article.objects.get(pk=live.article_id)
    versions.write(article, {"title": "Bản sửa"}, ["title"], by=editor, what="tiêu đề")
    move(article.open_edition(), Action.SUBMIT, by=editor)
    confirm(article.live, by=colleague)
    revision = article.open_edition()
    assert contributors(revision) == {editor.pk}
    assert list(desk.awaiting(colleague)) == [revision]
    assert not desk.awaiting(editor).exists()
    with pytest.raises(Refused, match="góp phần"):
        approve(revision, by=editor)
    assert approve(revision, by=colleague).state == State.LIVE
    assert contributors(revision) == set()


def test_whose_text_is_taken_back_by_another_has_a_part_in_it(category, editor, colleague):
    author = make_person("Cộng tác viên", make_unit())
    draft = make_draft("Chữ của tác giả", by=author, category=category)
    typed = Edition.objects.get(pk=draft.pk)
    typed.title = "Chữ của biên tập viên"
    save = versions.lay_aside(typed, by=editor)
    address = reverse("admin:news_article_restore", args=[draft.article_id, f"l{save.pk}"])
    stamp = Edition.objects.get(pk=draft.pk).stamp()
    signed_in(author).post(address, {"stamp": stamp})
    taken = Edition.objects.get(pk=draft.pk)
    assert taken.title == "Chữ của biên tập viên"
    assert contributors(taken) == {author.pk, editor.pk}
    entry = AuditEntry.objects.get(action=Action.REUSE)
    assert (entry.actor, entry.object_id) == (editor, draft.article_id)
    assert "lấy bản để riêng của" in entry.reason


def test_the_lead_photo_of_what_was_approved_is_changed_by_a_leader_alone_and_recorded(
    category, editor, leader
):
    photo = make_photo(caption="Hội nghị")
    article = make_article(lead_photo=photo, category=category)
    assert describe(editor, photo, caption="Chữ chưa ai duyệt").status_code == 403
    page = signed_in(editor).get(reverse("admin:core_photo_change", args=[photo.pk]))
    assert "chỉ lãnh đạo được sửa" in page.content.decode()
    assert describe(leader, photo, caption="Hội nghị sơ kết").status_code == 302
    photo.refresh_from_db()
    assert photo.caption == "Hội nghị sơ kết"
    [(by, changed, what)] = trail_of_media()
    assert (by, changed) == (leader.pk, article.pk)
    assert what.startswith("Hội nghị sơ kết: chú thích")


def test_who_changes_the_photo_of_a_submitted_text_may_not_approve_it(category, editor, colleague):
    photo = make_photo()
    waiting = submitted(colleague, lead_photo=photo, category=category)
    seen = waiting.stamp()
    assert describe(editor, photo, focus_x=10).status_code == 302
    waiting = Edition.objects.get(pk=waiting.pk)
    assert waiting.stamp() != seen
    assert editor.pk in contributors(waiting)


def test_captions_of_a_video_are_part_of_what_is_approved(category, editor, colleague, leader):
    video = make_video()
    body = f'<figure class="video"><video src="{video.url}"></video></figure><p>Nội dung.</p>'
    waiting = submitted(colleague, body=body, category=category)
    seen = waiting.stamp()
    assert caption(editor, video, b"Xin").status_code == 302
    assert waiting.stamp() != seen
    assert editor.pk in contributors(waiting)
    acknowledge(waiting, [one.message for one in waiting.problems()], by=leader)
    approve(waiting, by=leader)
    assert caption(editor, video, "Bịa".encode()).status_code == 403
    assert caption(leader, video, "Chào".encode()).status_code == 302
    assert [by for by, *_ in trail_of_media()] == [leader.pk, editor.pk]


def test_another_hour_is_looked_at_before_it_is_approved_and_recorded(
    category, editor, colleague, leader
):
    waiting = submitted(colleague, category=category)
    seen = waiting.stamp()
    years_ago = timezone.now() - timedelta(days=4000)
    texts = {"publish_at": years_ago}
    versions.write(waiting.article, texts, texts, by=editor, what="ngày giờ đăng")
    with pytest.raises(Refused, match="sau khi bạn mở trang"):
        approve(waiting, by=leader, seen=seen)
    assert editor.pk not in contributors(waiting)
    noted = AuditEntry.objects.filter(action=Action.HOURS).values_list("actor", "reason")
    assert list(noted) == [(editor.pk, "ngày giờ đăng")]


@pytest.mark.parametrize("table", ["core_auditentry", "core_snapshot"])
def test_nobody_empties_the_trail_or_the_saves(table):
    with connection.cursor() as cursor:
        # Tests with real transactions empty every table after them.
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER trail_not_emptied")
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            cursor.execute(f"TRUNCATE {table} CASCADE")
