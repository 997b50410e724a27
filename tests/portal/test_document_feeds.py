"""Feeds of the documents: an office follows just what concerns it."""

from datetime import date, timedelta
from xml.etree import ElementTree

import feedparser
import pytest
from django.test import override_settings
from django.utils import timezone

from core.publishing import move
from core.workflow import Action
from documents.corrections import changing
from documents.files import FileRole
from documents.models import Document, Field
from portal.models import SiteSettings
from tests.factories import attached, make_document, make_document_draft, make_issuer, make_type

pytestmark = pytest.mark.django_db
SITE = "https://dangbo.example.vn"
BOTH = pytest.mark.parametrize("address", ["/rss/van-ban/", "/atom/van-ban/"])


@pytest.fixture(autouse=True)
def site(settings):
    settings.SITE_URL = SITE
    return SiteSettings.objects.create(pk=1, name="Đảng bộ Khối", owner="Đảng ủy Khối")


@pytest.fixture
def topic():
    return Field.objects.create(name="Tuyên giáo", slug="tuyen-giao")


def read(client, address):
    response = client.get(address)
    assert response.status_code == 200
    ElementTree.fromstring(response.content)
    headers = {"content-type": response.headers["Content-Type"]}
    feed = feedparser.parse(response.content, response_headers=headers)
    assert not feed.bozo, feed.bozo_exception
    return feed


def titles(client, address):
    return [item.title for item in read(client, address).entries]


@BOTH
def test_an_item_says_what_an_office_needs(client, address):
    document = make_document(
        "24-CT/TU",
        type=make_type("Chỉ thị"),
        issuer=make_issuer("Ban Thường vụ <Tỉnh ủy>"),
        abstract="Về công tác dân vận & tuyên giáo\x0c",
        issued_on=date(2017, 6, 29),
    )
    (item,) = read(client, address).entries
    assert item.title == "24-CT/TU: Về công tác dân vận & tuyên giáo"
    assert item.link == SITE + document.get_absolute_url()
    told = "Chỉ thị của Ban Thường vụ &lt;Tỉnh ủy&gt;, ngày 29/06/2017."
    assert item.summary.startswith(told)
    assert item.author == "Ban Thường vụ <Tỉnh ủy>"
    assert [tag.term for tag in item.tags] == ["Chỉ thị"]
    assert item.published_parsed[:6] == document.went_live_at.timetuple()[:6]


@BOTH
def test_the_feed_says_what_it_is_of(client, address):
    make_document()
    feed = read(client, address).feed
    assert feed.title == "Văn bản – Đảng bộ Khối"
    links = {link.rel: link.href for link in feed.links}
    assert links == {"alternate": f"{SITE}/van-ban/", "self": SITE + address}


@BOTH
def test_a_document_without_sign_or_date_stands_under_its_abstract(client, address):
    draft = make_document_draft(abstract="Thư chúc Tết")
    draft.sign = ""
    draft.save()
    document = move(draft, Action.PUBLISH)
    (item,) = read(client, address).entries
    assert item.title == "Thư chúc Tết"
    assert item.summary == f"Kế hoạch của {document.issuer}. Thư chúc Tết"


@BOTH
def test_the_enclosure_is_the_main_file_as_it_is_now(client, address):
    document = make_document_draft()
    attached(document, role=FileRole.APPENDIX, name="phụ lục.pdf")
    before = attached(document, "Cũ", name="cũ.pdf")
    move(document, Action.PUBLISH)
    file = attached(document, "Mới", replaces=before, name="mới.pdf")
    (enclosure,) = read(client, address).entries[0].enclosures
    assert enclosure.href == SITE + file.get_absolute_url()
    assert (enclosure.type, int(enclosure.length)) == ("application/pdf", file.size)


@BOTH
def test_the_newest_publication_stands_first_whatever_its_date_of_issue(client, address):
    now = timezone.now()
    for hours, (sign, day) in enumerate([("1-KH/A", 2), ("2-KH/A", 1), ("3-KH/A", 3)]):
        document = make_document(sign, issued_on=date(2023, 5, day))
        posted = Document.objects.filter(pk=document.pk)
        posted.update(went_live_at=now - timedelta(hours=hours))
    assert [title[:6] for title in titles(client, address)] == ["1-KH/A", "2-KH/A", "3-KH/A"]


@BOTH
def test_the_thirty_newest_stand_in_it(client, address):
    issuer = make_issuer()
    for _ in range(31):
        make_document(issuer=issuer)
    assert len(titles(client, address)) == 30


@BOTH
def test_only_what_everybody_may_read_stands_in_it(client, address):
    make_document_draft("1-KH/A")
    make_document("2-KH/A", visibility="internal")
    move(make_document("3-KH/A"), Action.WITHDRAW, reason="Nhầm.")
    make_document("4-KH/A", abstract="Công khai")
    assert titles(client, address) == ["4-KH/A: Công khai"]


@BOTH
def test_a_corrected_sign_never_changes_the_identity(client, address):
    document = make_document("24-KH/A")
    before = read(client, address).entries[0]
    with changing():
        document.sign = "25-KH/A"
        document.save()
    after = read(client, address).entries[0]
    assert after.id == before.id == f"{SITE}/van-ban/van-ban-{document.pk}/"
    assert after.link != before.link


@BOTH
def test_each_kind_has_a_feed_of_its_own(client, address, topic):
    issuer, kind = make_issuer("Ban Tổ chức", slug="ban-to-chuc"), make_type("Chỉ thị")
    make_document("1-CT/A", abstract="Loại", type=kind)
    make_document("2-KH/A", abstract="Cơ quan", issuer=issuer)
    make_document("3-KH/A", abstract="Lĩnh vực", fields=[topic])
    for path, found, name in (
        (f"loai/{kind.slug}/", "1-CT/A: Loại", "Văn bản loại Chỉ thị"),
        ("co-quan/ban-to-chuc/", "2-KH/A: Cơ quan", "Văn bản của Ban Tổ chức"),
        ("linh-vuc/tuyen-giao/", "3-KH/A: Lĩnh vực", "Văn bản lĩnh vực Tuyên giáo"),
    ):
        feed = read(client, address + path)
        assert [item.title for item in feed.entries] == [found]
        assert feed.feed.title == f"{name} – Đảng bộ Khối"
        kind, slug, _ = path.split("/")
        assert feed.feed.link == f"{SITE}/van-ban/?{kind}={slug}"


@BOTH
def test_what_internal_documents_alone_belong_to_is_not_named(client, address, topic):
    issuer = make_issuer(slug="ban-kin")
    make_document(visibility="internal", fields=[topic], issuer=issuer)
    for path in ("linh-vuc/tuyen-giao/", "co-quan/ban-kin/"):
        assert client.get(address + path).status_code == 404
    make_document(fields=[topic])
    assert len(titles(client, f"{address}linh-vuc/tuyen-giao/")) == 1


@BOTH
@pytest.mark.parametrize(
    "path", ["loai/khong-co/", "nam/2023/", "loai/", "type/ke-hoach/", "loai/a/b/", "loai/%00/"]
)
def test_nothing_else_has_a_feed(client, address, path):
    make_document()
    assert client.get(address + path).status_code == 404


@override_settings(ALLOWED_HOSTS=["*"])
@BOTH
def test_the_host_that_a_request_names_appears_nowhere(client, address):
    attached(make_document())
    content = client.get(address, headers={"host": "gia-mao.example"}).content
    assert b"gia-mao" not in content


@BOTH
def test_a_withdrawal_is_noticed_at_once(client, address):
    make_document()
    document = make_document()
    first = client.get(address)
    assert first.headers["Cache-Control"] == "public, max-age=0, must-revalidate"
    known = {"if-none-match": first.headers["ETag"]}
    assert client.get(address, headers=known).status_code == 304
    move(document, Action.WITHDRAW, reason="Nhầm.")
    assert client.get(address, headers=known).status_code == 200


@pytest.mark.parametrize("documents", [1, 6])
def test_the_queries_do_not_grow(client, django_assert_num_queries, topic, documents):
    for _ in range(documents):
        draft = make_document_draft(fields=[topic])
        attached(draft)
        move(draft, Action.PUBLISH)
    with django_assert_num_queries(4):
        client.get("/rss/van-ban/")
    with django_assert_num_queries(5):
        client.get("/rss/van-ban/linh-vuc/tuyen-giao/")


@BOTH
def test_a_feed_is_only_read(client, address):
    assert client.post(address).status_code == 405
