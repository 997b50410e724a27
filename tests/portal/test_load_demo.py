"""`load_demo`: loads once, adds for benchmarks, removes only what is its own."""

from datetime import datetime
from io import StringIO
from unicodedata import is_normalized
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import F, Sum
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone

from core.audit import AuditEntry
from core.media import Photo
from core.search.entries import SearchEntry
from core.search.rebuilding import recount
from core.search.vocabulary import SearchWord
from core.text import fold, plain_text
from news.indexing import refresh
from news.models import Article, Category, Edition, Keyword, MonthCount, Unit
from news.related import alike
from portal.demo import (
    AUTHOR_USERNAME,
    DEMO_PASSWORD,
    DEMO_USERNAME,
    bulk_entries,
    load,
    site,
    source,
)
from portal.demo.illustrations import Picture
from portal.models import MenuItem, Page, SiteSettings, WebLink
from tests.factories import make_article, make_photo, make_user

pytestmark = pytest.mark.django_db
WIDTH = 120
FEW = tuple(Picture(name, 0) for name in ("conference", "meeting", "classroom", "river"))
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def load_few(**options):
    return load.load(width=WIDTH, pictures=FEW, directives=[], quiet=True, **options)


def trail_of_articles():
    return AuditEntry.objects.filter(content_type__model="article")


def found():
    """How many articles can be found."""
    return SearchEntry.objects.filter(kind="article").count()


def known_to_search(article):
    """The entry of `article`, and how many entries have each word."""
    entry = SearchEntry.objects.filter(kind="article", object_id=article.pk).values()
    return entry.get(), set(SearchWord.objects.values_list("word", "internal", "entries"))


def seed():
    return Article.objects.get(live__title=source.page().title)


@pytest.fixture(scope="class")
def made(django_db_setup, django_db_blocker, tmp_path_factory):
    """How many articles one load makes, which takes seconds, and where their photos are."""
    root = tmp_path_factory.mktemp("media")
    with django_db_blocker.unblock(), transaction.atomic():
        with override_settings(MEDIA_ROOT=root):
            number = load_few()
        yield number, root
        transaction.set_rollback(True)


@pytest.fixture
def loaded(made, settings, db):
    number, settings.MEDIA_ROOT = made
    return number


class TestOnceLoaded:
    def test_the_whole_demonstration_stands_after_one_load(self, loaded):
        assert loaded == 157
        begin, end = datetime(2023, 1, 1, tzinfo=HANOI), datetime(2024, 1, 1, tzinfo=HANOI)
        of_2023 = Article.objects.published().filter(published_at__gte=begin, published_at__lt=end)
        assert of_2023.count() == 145
        assert Edition.objects.values("title").distinct().count() == 157
        assert not Article.objects.filter(published_at__gt=timezone.now()).exists()
        assert trail_of_articles().filter(action="publish").count() == 157
        assert Unit.objects.count() == 44
        assert Category.objects.filter(parent=None).count() == 7
        for text in Edition.objects.values_list("title", "summary", "body", "pen_name"):
            assert is_normalized("NFC", "".join(text))
        for photo in Photo.objects.all():
            assert photo.alt
            assert photo.credit == "Ảnh minh họa"

        body = seed().live.body
        words = plain_text(body)
        for paragraph in source.page().paragraphs:
            assert " ".join(paragraph.split()) in " ".join(words.split())
        for caption in source.page().captions:
            assert f"<figcaption>{caption} (ảnh minh họa)</figcaption>" in body
        assert body.count("<img") == 2
        assert seed().live.pen_name == source.SIGNATURE
        assert found() == 157
        assert alike(seed().pk)
        assert SiteSettings.objects.get().lead == seed()

    def test_a_second_load_does_nothing(self, loaded):
        counted = (Article, Photo, AuditEntry, MenuItem, WebLink)
        before = [model.objects.count() for model in counted]
        assert load_few() == 0
        assert [model.objects.count() for model in counted] == before

    def test_flush_keeps_an_editors_article_and_the_photo_that_it_shows(self, loaded):
        borrowed = Photo.objects.filter(created_by__username=AUTHOR_USERNAME).first()
        in_text = Photo.objects.filter(created_by__username=AUTHOR_USERNAME).last()
        own_photo = make_photo()
        figure = f'<figure class="photo"><img src="{in_text.url}" alt="Quang cảnh"></figure>'
        own = make_article(
            "Bài của biên tập viên",
            by=User.objects.get(username=DEMO_USERNAME),
            lead_photo=borrowed,
            body=f"<p>Có ảnh.</p>{figure}",
        )
        assert load.flush() == 157
        assert list(Article.objects.published()) == [own]
        assert set(Photo.objects.all()) == {borrowed, in_text, own_photo}
        assert set(AuditEntry.objects.values_list("object_id", flat=True)) == {own.pk}
        assert found() == 1
        assert set(Keyword.objects.values_list("article", flat=True)) == {own.pk}
        assert MonthCount.objects.aggregate(Sum("articles"))["articles__sum"] == 1

    def test_more_articles_keep_the_invariants_of_publication(self, loaded):
        assert load_few(articles=300) == 143
        assert load_few(articles=300) == 0
        assert Article.objects.published().count() == found() == 300
        assert Edition.objects.values("title").distinct().count() == 300
        assert not Article.objects.exclude(live__article_id=F("pk")).exists()
        assert trail_of_articles().values("object_id").distinct().count() == 300
        assert MonthCount.objects.aggregate(Sum("articles"))["articles__sum"] == 300
        newest = Edition.objects.order_by("-pk").select_related("article", "category").first()
        assert len(alike(newest.article_id)[:4]) == 4
        assert Keyword.objects.values("article").distinct().count() == 300
        assert newest.folded == fold(f"{newest.title} {newest.summary}")
        assert newest.article.section_id == newest.category.section_id
        assert newest.article.published_at <= timezone.now()
        oldest = Article.objects.order_by("published_at").first()
        assert (timezone.now() - oldest.published_at).days > 3600

    @pytest.mark.parametrize("many", [1, 100])
    def test_search_knows_of_more_articles_what_publication_tells(self, loaded, monkeypatch, many):
        monkeypatch.setattr(bulk_entries, "MANY", many)
        load_few(articles=loaded + 4)
        article = Article.objects.published()[0]
        before = known_to_search(article)
        refresh(article)
        recount()
        assert known_to_search(article) == before
        with connection.cursor() as cursor:
            assert "search_public" in connection.introspection.get_constraints(
                cursor, "core_searchentry"
            )

    def test_the_command_says_that_there_is_nothing_to_do(self, loaded, settings):
        settings.IS_LOCAL = True
        said = StringIO()
        call_command("load_demo", stdout=said)
        assert "Đã có đủ" in said.getvalue()
        assert DEMO_USERNAME in said.getvalue()


def test_a_load_keeps_what_an_editor_changed_around_it():
    site.furnish(lead=make_article())
    Page.objects.filter(slug="lien-he").update(title="Địa chỉ của chúng tôi")
    MenuItem.objects.exclude(url="/lien-he/").delete()
    site.furnish(lead=make_article())
    assert Page.objects.get(slug="lien-he").title == "Địa chỉ của chúng tôi"
    assert MenuItem.objects.count() == 1


def test_flush_leaves_the_protection_of_published_texts_on():
    load.flush()
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('portal.maintenance', true)")
        assert cursor.fetchone()[0] != "on"


def test_the_editor_can_sign_in_and_approve_but_not_manage_accounts(client):
    site.accounts()
    user = authenticate(username=DEMO_USERNAME, password=DEMO_PASSWORD)
    assert user.is_staff
    assert not user.is_superuser
    for right in ("news.add_article", "news.publish_article", "core.add_photo"):
        assert user.has_perm(right)
    for right in ("news.lead_article", "portal.change_sitesettings", "auth.change_user"):
        assert not user.has_perm(right)
    client.force_login(user)
    assert client.get(reverse("admin:index")).status_code == 200


def test_nobody_can_sign_in_as_the_author_of_the_demonstration():
    assert not site.author().has_usable_password()
    assert not site.author().is_staff


def test_a_password_that_was_changed_stays_changed():
    site.accounts()
    user = User.objects.get(username=DEMO_USERNAME)
    user.set_password("mat-khau-da-doi")
    user.save()
    site.accounts()
    assert authenticate(username=DEMO_USERNAME, password="mat-khau-da-doi")


def test_the_command_refuses_a_public_host(settings):
    settings.DEBUG, settings.IS_LOCAL = False, False
    settings.SITE_URL = "https://dangbo.example.vn"
    with pytest.raises(CommandError, match=r"https://dangbo\.example\.vn"):
        call_command("load_demo")
    assert not User.objects.exists()


@pytest.mark.parametrize("number", ["-1", "1000001"])
def test_the_command_refuses_a_number_out_of_range(settings, number):
    settings.IS_LOCAL = True
    with pytest.raises(CommandError, match=r"1\.000\.000"):
        call_command("load_demo", articles=int(number))


def test_a_member_of_staff_is_not_mistaken_for_the_demonstration():
    make_article(by=make_user())
    assert load.count() == 0
