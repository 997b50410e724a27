"""Whatever readers see changes the content version, in the same transaction; nothing else does."""

import re
from contextlib import ExitStack, closing
from datetime import date, timedelta

import psycopg2
import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLResolver, get_resolver
from django.utils import timezone

from core.caching import keeping_of
from core.content_version import ContentVersion
from core.media import Photo
from core.presence import Autosave
from core.publishing import move, rewritten
from core.video import Video
from core.workflow import Action
from documents import tally
from documents.corrections import changing
from documents.models import Document, DocumentFile, DocumentType, Field, Issuer, Signer, Visibility
from news.citations import Citation
from news.kin import Related
from news.models import Article, Category, Edition, Unit
from portal.models import MenuItem, Page, SiteSettings, WebLink
from tests.asking import ask
from tests.factories import (
    attached,
    make_article,
    make_category,
    make_document,
    make_document_draft,
    make_draft,
    make_photo,
    make_relation,
    make_site,
    make_unit,
    make_user,
    make_video,
)

pytestmark = pytest.mark.django_db

# Read by public pages, and told of otherwise: figures of the counter are some seconds old at most.
FIGURES = re.compile("stats_|hitcount_|django_content_type$")


def growth(change):
    """Return by how much `change` makes the version grow, as a transaction of its own would."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('portal.content_noted', '', true)")
    before = ContentVersion.objects.current()
    change()
    return ContentVersion.objects.current() - before


class Site:
    """One of everything that readers see."""

    def __init__(self):
        make_site(name="Đảng bộ Khối")
        MenuItem.objects.create(label="Văn bản", url="/van-ban/")
        WebLink.objects.create(label="Tỉnh ủy", url="https://example.vn/")
        self.page = Page.objects.create(title="Giới thiệu", slug="gioi-thieu")
        self.photo, self.video = make_photo(), make_video()
        self.category, self.unit = make_category(), make_unit()
        self.article = make_article(
            category=self.category,
            unit=self.unit,
            lead_photo=self.photo,
            body="<p>Theo văn bản 1-KH/ĐUK.</p>"
            f'<video src="/media/videos/{self.video.key}.mp4"></video>',
        )
        self.field = Field.objects.create(name="Tổ chức", slug="to-chuc")
        self.signer = Signer.objects.create(name="Nguyễn Văn A")
        dates = {"issued_on": date(2023, 5, 1), "signer": self.signer}
        self.document = make_document("1-KH/ĐUK", fields=[self.field], **dates)
        self.file = attached(self.document)
        self.later = make_document("2-KH/ĐUK", issuer=self.document.issuer, **dates)
        self.relation = make_relation(self.later, "amends", self.document, "Điều 1")

    def addresses(self):
        """An address of every route that is kept."""
        month = timezone.localtime(self.article.published_at)
        return [
            *("/", "/tin-tuc/", "/tin-tuc/?trang=1", "/van-ban/", "/gioi-thieu/", "/thong-ke/"),
            "/van-ban/?linh-vuc=to-chuc&nam=2023",
            f"/tin-tuc/{month:%Y/%-m}/",
            self.article.get_absolute_url(),
            self.category.get_absolute_url(),
            self.document.get_absolute_url(),
            self.later.get_absolute_url(),
            *("/rss/", "/atom/", "/rss/van-ban/", "/atom/van-ban/"),
            f"/rss/{self.category.slug}/",
            f"/atom/{self.category.slug}/",
            "/rss/van-ban/linh-vuc/to-chuc/",
            "/atom/van-ban/linh-vuc/to-chuc/",
            *("/sitemap.xml", "/sitemaps/trang.xml", "/sitemaps/chuyen-muc.xml"),
            "/sitemaps/tin-moi.xml",
            f"/sitemaps/tin-{month:%Y-%m}.xml",
            f"/sitemaps/van-ban-{month:%Y}.xml",
            *("/robots.txt", "/site.webmanifest"),
        ]


@pytest.fixture
def site():
    return Site()


def kept_routes(resolver, before=""):
    """Yield the patterns of all routes whose views are kept."""
    for route in resolver.url_patterns:
        pattern = before + str(route.pattern)
        if isinstance(route, URLResolver):
            yield from kept_routes(route, pattern)
        elif hasattr(route.callback, "keeping"):
            yield pattern


def test_the_site_above_has_an_address_of_every_kept_route(site):
    routes = {get_resolver().resolve(one.partition("?")[0]).route for one in site.addresses()}
    assert routes == set(kept_routes(get_resolver()))


def test_every_table_that_kept_pages_read_tells_of_its_changes(site, application):
    with CaptureQueriesContext(connection) as queries:
        for address in site.addresses():
            answer = ask(application, address)
            assert answer.status == 200, address
            assert keeping_of(address.partition("?")[0]), address
    named = {
        name
        for query in queries
        for name in re.findall(r'(?:FROM|JOIN) "?(\w+_\w+)"?', query["sql"])
    }
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'content_changed'"
        )
        watched = {name for (name,) in cursor.fetchall()}
        cursor.execute("SELECT relname FROM pg_class WHERE relkind = 'r'")
        tables = {name for (name,) in cursor.fetchall()}
    own = {ContentVersion._meta.db_table}
    assert {"news_article", "documents_tally", "portal_menuitem", "core_photo"} <= named
    assert {name for name in named & tables if not FIGURES.match(name)} - own == watched


def rewrite(model, **fields):
    return lambda site: model.objects.update(**fields)


def corrected(site):
    with changing():
        Document.objects.filter(pk=site.document.pk).update(abstract="Về việc khác")


def withdrawn(site):
    move(site.article.live, Action.WITHDRAW, reason="Nhầm.")


CHANGES = {
    "an article": lambda site: make_article(category=site.category),
    "its withdrawal": withdrawn,
    "what it cites": rewrite(Citation, document=None),
    "what it is like": rewrite(Related, score=7),
    "its address": lambda site: Article.objects.filter(pk=site.article.pk).update(slug="khac"),
    "a revision": lambda site: move(site.article.live.copy(by=None), Action.PUBLISH),
    "a category": rewrite(Category, name="Khác"),
    "a new category": lambda site: make_category(),
    "a unit": rewrite(Unit, short_name="CB"),
    "a photo's text": rewrite(Photo, alt="Khác"),
    "a video's text": rewrite(Video, transcript="Khác"),
    "a document": lambda site: move(site.draft, Action.PUBLISH),
    "its correction": corrected,
    "its withdrawal ": lambda site: move(site.document, Action.WITHDRAW, reason="Nhầm."),
    "a scan that was read": rewrite(DocumentFile, text="Khác", text_state="recognised"),
    "what it is about": lambda site: site.in_correction(site.document.fields.clear),
    "a relation": lambda site: site.in_correction(site.relation.delete),
    "a type": rewrite(DocumentType, name="Khác", slug="khac"),
    "an issuer": rewrite(Issuer, short_name="K"),
    "a field": rewrite(Field, name="Khác"),
    "a signer": rewrite(Signer, name="Khác"),
    "the counts": rewrite(tally.Tally, documents=7),
    "their day": rewrite(tally.TallyDay, day=date(2020, 1, 1)),
    "the settings": rewrite(SiteSettings, phone="0299"),
    "the menu": lambda site: MenuItem.objects.all().delete(),
    "a link": lambda site: WebLink.objects.create(label="Khác", url="https://example.vn/a"),
    "a page": rewrite(Page, visible=False),
}


def test_each_change_that_readers_see_makes_the_version_grow_by_one(site):
    site.draft = make_document_draft()
    site.other = make_article(category=site.category)

    def in_correction(change):
        with changing():
            change()

    site.in_correction = in_correction
    grown = {}
    for name, change in CHANGES.items():
        savepoint = transaction.savepoint()
        if name == "a type":
            DocumentType.objects.exclude(pk=site.document.type_id).delete()
        grown[name] = growth(lambda change=change: change(site))
        transaction.savepoint_rollback(savepoint)
    assert grown == dict.fromkeys(CHANGES, 1)


def at_work(site, editor):
    """Yield the deeds of a day in the newsroom of which readers see nothing."""
    cites = "<p>Theo văn bản 1-KH/ĐUK.</p>"
    yield lambda: make_draft(category=site.category, unit=site.unit, body=cites)
    draft = Edition.objects.get(state="draft")
    yield lambda: Edition.objects.filter(pk=draft.pk).update(title="Sửa")
    yield draft.save
    yield lambda: move(draft, Action.SUBMIT)
    yield lambda: site.article.live.copy(by=editor)
    revision = Edition.objects.get(state="draft")
    revision.publish_at = timezone.now() + timedelta(hours=1)
    yield lambda: rewritten(revision, by=editor, action=Action.EDIT)
    yield revision.save
    kind = ContentType.objects.get_for_model(Article)
    yield lambda: Autosave.objects.create(user=editor, content_type=kind, fields={"title": "Gõ"})
    yield lambda: Client().force_login(editor)
    known = {"issuer": site.document.issuer, "type": site.document.type}
    yield lambda: make_document_draft("9-KH/ĐUK", **known, fields=[site.field])
    document = Document.objects.get(state="draft")
    yield lambda: attached(document)
    yield lambda: make_relation(document, "guides", site.document)
    yield document.delete
    yield lambda: make_document(**known, visibility=Visibility.INTERNAL, fields=[site.field])
    yield make_photo
    yield make_video


def test_work_that_readers_do_not_see_leaves_the_version_as_it_is(site):
    grown = [growth(deed) for deed in at_work(site, make_user())]
    assert grown == [0] * len(grown)


def test_transactions_at_one_moment_neither_wait_for_each_other_nor_hide_each_other():
    def version():
        reader.execute("SELECT coalesce(sum(number), 0) FROM core_contentversion")
        return reader.fetchone()[0]

    with ExitStack() as stack:
        *writers, reading = (
            stack.enter_context(closing(psycopg2.connect(**connection.get_connection_params())))
            for _ in range(4)
        )
        reading.autocommit, reader = True, reading.cursor()
        began = version()
        for writer in writers:
            writer.cursor().execute("SET lock_timeout = '1s'; SELECT core_note_content()")
        assert version() == began
        seen = []
        for end in (writers[2].commit, writers[0].rollback, writers[1].commit):
            end()
            seen.append(version() - began)
        assert seen == [1, 1, 2]


def test_a_savepoint_that_is_rolled_back_takes_its_change_back_and_hides_no_later_one(site):
    def change():
        with transaction.atomic():
            Unit.objects.update(short_name="A")
            transaction.set_rollback(True)
        Unit.objects.update(short_name="B")
        Unit.objects.update(short_name="C")

    assert growth(change) == 1
