"""Where photos and videos are shown, and that nothing shown is ever deleted."""

import threading

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.test import RequestFactory
from django.urls import reverse

from core.media import Photo
from core.publishing import move
from core.uses import PhotoUse, VideoUse, places
from core.workflow import Action
from news.checklist import problems
from news.models import Edition
from portal.models import Page
from tests.factories import make_article, make_draft, make_photo, make_user, make_video


def body_with(*photos):
    return "".join(
        f'<figure class="photo"><img src="{one.url}" alt="Hội nghị đông người"></figure>'
        for one in photos
    )


def uses(photo):
    return sorted(photo.uses.values_list("kind", "object_id"))


@pytest.mark.django_db
def test_lead_body_and_gallery_are_noted_and_forgotten_with_the_text():
    lead, first, second = make_photo(), make_photo(), make_photo()
    edition = make_draft(
        lead_photo=lead, body=f'{body_with(first)}<div class="gallery">{body_with(second)}</div>'
    )
    noted = [("news_edition", edition.pk)]
    assert [uses(photo) for photo in (lead, first, second)] == [noted, noted, noted]
    edition.lead_photo, edition.body = second, "<p>Chữ</p>"
    edition.save()
    assert [uses(photo) for photo in (lead, first, second)] == [[], [], noted]
    edition.article.delete()
    assert not PhotoUse.objects.exists()


@pytest.mark.django_db
def test_a_superseded_edition_keeps_its_photos():
    photo = make_photo()
    article = make_article(body=body_with(photo))
    edition = article.revise(by=None)
    edition.body = "<p>Không ảnh</p>"
    edition.save()
    move(edition, Action.PUBLISH)
    assert len(uses(photo)) == 1
    with pytest.raises(ProtectedError):
        photo.delete()


@pytest.mark.django_db
def test_whatever_writes_a_text_its_photos_are_noted():
    photo = make_photo()
    page = Page.objects.create(title="Giới thiệu", slug="gioi-thieu")
    Page.objects.update(body=body_with(photo))
    edition = make_draft()
    Edition.objects.bulk_create(
        [
            Edition(
                article=edition.article,
                number=2,
                state="superseded",
                title="Cũ",
                category=edition.category,
                body=body_with(photo),
                went_live_at=edition.created_at,
            )
        ]
    )
    older = edition.article.editions.get(number=2)
    assert uses(photo) == [("news_edition", older.pk), ("portal_page", page.pk)]
    page.delete()
    assert uses(photo) == [("news_edition", older.pk)]


@pytest.mark.django_db
def test_a_photo_is_found_under_its_former_addresses():
    photo = make_photo(size=(90, 60))
    edition = make_draft(body=body_with(photo))
    photo.cut_left = 50
    photo.recut()
    assert uses(photo) == [("news_edition", edition.pk)]
    edition.save()
    edition.body = edition.body.replace("<figure", "<p>Thêm</p><figure")
    edition.save()
    assert uses(photo) == [("news_edition", edition.pk)]


@pytest.mark.django_db
def test_videos_and_their_posters_are_noted_too():
    poster = make_photo()
    video = make_video(poster=poster)
    edition = make_draft(body=f'<figure class="video"><video src="{video.url}"></video></figure>')
    assert list(video.uses.values_list("object_id", flat=True)) == [edition.pk]
    assert uses(poster) == [("core_video", video.pk)]
    with pytest.raises(ProtectedError):
        video.delete()


@pytest.mark.django_db
def test_a_use_is_noted_once():
    photo, video = make_photo(), make_video()
    PhotoUse.objects.create(photo=photo, kind="x", object_id=1)
    with pytest.raises(IntegrityError, match="photo_use_noted_once"), transaction.atomic():
        PhotoUse.objects.create(photo=photo, kind="x", object_id=1)
    VideoUse.objects.create(video=video, kind="x", object_id=1)
    with pytest.raises(IntegrityError, match="video_use_noted_once"), transaction.atomic():
        VideoUse.objects.create(video=video, kind="x", object_id=1)


@pytest.mark.django_db
def test_places_are_told_to_who_may_see_them_and_counted_for_the_others():
    photo = make_photo()
    article = make_article("Bài mật", lead_photo=photo)
    article.revise(by=None)
    request = RequestFactory().get("/")
    request.user = make_user("news.view_article", "news.change_article", is_superuser=True)
    (told,), others = places(request, photo.uses)
    assert (told.title, told.rows, others) == ("Bài mật", 2, 0)
    assert told.url == reverse("admin:news_article_change", args=[article.pk])
    request.user = AnonymousUser()
    assert places(request, photo.uses) == ([], 2)


@pytest.mark.django_db(transaction=True)
def test_a_photo_that_a_text_takes_at_this_moment_is_not_deleted():
    photo, draft = make_photo(), make_draft()
    refused, started = [], threading.Event()

    def delete_elsewhere():
        started.set()
        try:
            Photo.objects.get(pk=photo.pk).delete()
        except ProtectedError:
            refused.append(photo.pk)
        finally:
            connection.close()

    thread = threading.Thread(target=delete_elsewhere)
    with transaction.atomic():
        draft.body = body_with(photo)
        draft.save()
        thread.start()
        started.wait()
        wait_until_somebody_waits()
    thread.join()
    assert refused == [photo.pk]
    assert Photo.objects.filter(pk=photo.pk).exists()


@pytest.mark.django_db(transaction=True)
def test_a_text_that_takes_a_photo_while_it_is_deleted_knows_of_no_photo():
    photo, draft = make_photo(), make_draft()

    def save_elsewhere():
        try:
            draft.body = body_with(photo)
            draft.save()
        finally:
            connection.close()

    thread = threading.Thread(target=save_elsewhere)
    with transaction.atomic():
        photo.delete()
        thread.start()
        wait_until_somebody_waits()
    thread.join()
    assert not PhotoUse.objects.exists()
    assert "photo_gone" in {problem.code for problem in problems(Edition.objects.get())}


def wait_until_somebody_waits():
    """Return once another connection waits for a lock that this transaction holds."""
    with connection.cursor() as cursor:
        for _ in range(500):
            cursor.execute(
                "SELECT count(*), pg_sleep(0.01) FROM pg_locks"
                " WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))"
            )
            if cursor.fetchone()[0]:
                return
    raise AssertionError("Nobody waits for this transaction.")
