"""Nothing of an internal, unpublished or withdrawn internal document reaches who may not read it.

Every public address is asked; what is not public answers exactly as what never was.
"""

import io
import re
from urllib.parse import urlencode

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from documents.corrections import changing
from documents.models import Document
from documents.validity import Status
from portal.models import MenuItem, Page
from tests.factories import make_article, make_cadre, make_site, make_user
from tests.portal.hidden_documents import YEAR, Library

pytestmark = pytest.mark.django_db

ABSENT = 999_999
# What may differ between two answers of the same page: a token of the form, the moment.
TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="\w+"')
CONDITIONS = [
    {"range": "bytes=0-9"},
    {"range": "bytes=99999999-"},
    {"if-none-match": "*"},
    {"if-match": '"x"'},
    {"if-modified-since": "Sat, 01 Jan 2050 00:00:00 GMT"},
    {"if-range": '"x"', "range": "bytes=0-9"},
]


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker, tmp_path_factory):
    """The library, made once: reading four files takes longer than any of these tests."""
    root = tmp_path_factory.mktemp("documents")
    with django_db_blocker.unblock(), transaction.atomic():
        make_site(name="Đảng bộ Khối")
        MenuItem.objects.create(label="Văn bản", url="/van-ban/")
        Page.objects.create(title="Giới thiệu", slug="gioi-thieu")
        with override_settings(DOCUMENTS_ROOT=root):
            yield Library(), root
        transaction.set_rollback(True)


@pytest.fixture
def library(made, settings, db):
    library, settings.DOCUMENTS_ROOT = made
    settings.SITE_URL = "http://testserver"
    return library


def stranger():
    return Client()


def signed_in():
    """One whom the portal knows, but who may not read internal documents."""
    client, user = Client(), make_user()
    user.is_staff = False
    user.save()
    client.force_login(user)
    return client


def cadre():
    client = Client()
    client.force_login(make_cadre())
    return client


WITHOUT_THE_RIGHT = pytest.mark.parametrize("make_client", [stranger, signed_in])


def body(response):
    content = b"".join(response) if response.streaming else response.content
    return TOKEN.sub(b"", content)


def answer(client, path, method="GET", **headers):
    """All that an answer says: status, headers, body."""
    response = client.generic(method, path, headers=headers)
    told = {name: value for name, value in response.headers.items() if name != "Expires"}
    return response.status_code, told, body(response)


def readable_text(client, path):
    """What a person or a program reads at `path`; a spreadsheet is unpacked."""
    response = client.get(path)
    assert response.status_code < 500, path
    content = body(response)
    if "spreadsheetml" in response.headers.get("Content-Type", ""):
        rows = openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True)
        return " ".join(str(cell) for row in rows for cell in row).lower()
    return content.decode("utf-8", "replace").lower() + str(response.headers).lower()


def filters(library):
    """Queries of the list that tell nothing of the hidden documents by themselves."""
    yield {}
    document = library.public
    yield from (
        {"loai": document.type.slug},
        {"co-quan": document.issuer.slug},
        {"linh-vuc": "cong-khai"},
        {"nam": "2023"},
        {"nam": "khong-ro"},
        {"q": "1-KH/ĐUK"},
        {"q": "Về việc"},
        {"q": "Công khai", "linh-vuc": "cong-khai", "co-quan": document.issuer.slug},
        {"q": "KH"},
        {"q": "8"},
        {"sap-xep": "cu"},
        {"trang": "1"},
    )
    yield from ({"hieu-luc": status.value} for status in Status)


def public_addresses(client, library):
    """Every public address that there is, and a few that there are not."""
    article = make_article()
    month = timezone.localtime(article.published_at)
    yield from ("/", "/tin-tuc/", "/gioi-thieu/", "/khong-co/", "/dang-nhap/", "/van-ban/kiem-tra/")
    yield from (article.get_absolute_url(), article.category.get_absolute_url())
    yield f"/tin-tuc/{month.year}/{month.month}/"
    for document in (library.public, library.older):
        yield document.get_absolute_url()
    yield from (library.file.get_absolute_url(), library.file.preview_url)
    for query in filters(library):
        for path in ("/van-ban/", "/van-ban/tai-ve.csv", "/van-ban/tai-ve.xlsx"):
            yield f"{path}?{urlencode(query)}"
    for kind in ("rss", "atom"):
        yield from (f"/{kind}/", f"/{kind}/van-ban/", f"/{kind}/{article.category.slug}/")
        yield f"/{kind}/van-ban/loai/{library.public.type.slug}/"
        yield f"/{kind}/van-ban/co-quan/{library.public.issuer.slug}/"
        yield f"/{kind}/van-ban/linh-vuc/cong-khai/"
    yield from ("/robots.txt", "/site.webmanifest", "/sitemaps/tin-moi.xml", "/sitemap.xml")
    index = client.get("/sitemap.xml").content.decode()
    yield from re.findall("<loc>http://testserver([^<]+)</loc>", index)


@WITHOUT_THE_RIGHT
def test_no_public_address_tells_anything_of_them(library, make_client):
    client = make_client()
    asked = 0
    for path in public_addresses(client, library):
        told = readable_text(client, path)
        assert [token for token in library.tokens if token in told] == [], path
        asked += 1
    assert asked > 80


@WITHOUT_THE_RIGHT
def test_the_public_document_does_not_say_what_bears_on_it_in_secret(library, make_client):
    page = readable_text(make_client(), library.public.get_absolute_url())
    assert "điều 9" not in page
    assert library.public.sign.lower() in page


@WITHOUT_THE_RIGHT
def test_their_addresses_answer_as_those_of_absent_ids(library, make_client):
    client = make_client()
    for hidden in library.hidden:
        for path, pk in hidden.addresses:
            for method in ("GET", "HEAD", "POST"):
                real = answer(client, path.format(pk), method)
                assert real == answer(client, path.format(ABSENT), method), (method, path)
                assert real[0] in (404, 405)


@WITHOUT_THE_RIGHT
def test_ranges_and_conditions_find_nothing_out(library, make_client):
    client = make_client()
    for hidden in library.hidden:
        for headers in (*CONDITIONS, {"if-none-match": f'"tep-{hidden.file.pk}"'}):
            for path, pk in hidden.addresses_of_bytes:
                real = answer(client, path.format(pk), **headers)
                assert real == answer(client, path.format(ABSENT), **headers), path
                assert real[0] == 404


@WITHOUT_THE_RIGHT
def test_refusing_them_takes_as_many_queries_as_refusing_what_never_was(library, make_client):
    client = make_client()
    client.get("/van-ban/")
    for hidden in library.hidden:
        for path, pk in hidden.addresses:
            counts = []
            for number in (pk, ABSENT):
                with CaptureQueriesContext(connection) as queries:
                    client.get(path.format(number))
                counts.append(len(queries))
            assert counts[0] == counts[1], path


def assert_told_alike(client, path, known, unknown):
    """Assert that asking for `known` is answered as asking for `unknown`, which never was."""
    status, headers, content = answer(client, f"{path}{urlencode(known)}")
    other = answer(client, f"{path}{urlencode(unknown)}")
    for name, value in known.items():
        for letters in (value, value.lower()):
            blank = unknown[name] if letters == value else unknown[name].lower()
            content = content.replace(letters.encode(), blank.encode())
    assert status == other[0], known
    assert content == other[2], known
    assert headers.keys() == other[1].keys()


@WITHOUT_THE_RIGHT
@pytest.mark.parametrize("path", ["/van-ban/?", "/van-ban/tai-ve.csv?"])
def test_searching_their_words_is_searching_words_that_stand_nowhere(library, make_client, path):
    client = make_client()
    for hidden in library.hidden:
        for word in (*hidden.words.values(), hidden.field.name):
            assert_told_alike(client, path, {"q": word}, {"q": "z" * len(word)})
        number = hidden.sign.partition("-")[0]
        assert_told_alike(client, path, {"q": number}, {"q": "9753"})
    for kind in ("linh-vuc", "co-quan", "loai"):
        slug = library.internal.field.slug
        assert_told_alike(client, path, {kind: slug}, {kind: "z" * len(slug)})
    assert_told_alike(client, path, {"nam": str(YEAR)}, {"nam": str(YEAR - 1)})


@WITHOUT_THE_RIGHT
def test_typing_their_sign_leads_nowhere(library, make_client):
    client = make_client()
    for hidden in library.hidden:
        for sign in (hidden.sign, hidden.sign.lower(), f"số {hidden.sign}"):
            number = hidden.sign.partition("-")[0]
            response = client.get("/van-ban/", {"q": sign})
            unknown = client.get("/van-ban/", {"q": sign.replace(number, "9753")})
            assert response.status_code == unknown.status_code == 200
            assert body(response).replace(number.encode(), b"9753") == body(unknown)


@WITHOUT_THE_RIGHT
def test_the_list_offers_no_filter_that_they_alone_would_pass(library, make_client):
    page = readable_text(make_client(), "/van-ban/")
    assert f"nam={YEAR}" not in page
    assert f'value="{YEAR}"' not in page
    assert "1-kh/đuk" in page


@WITHOUT_THE_RIGHT
def test_feeds_of_their_fields_are_not_found(library, make_client):
    client = make_client()
    for hidden in library.hidden:
        for kind in ("rss", "atom"):
            path = f"/{kind}/van-ban/linh-vuc/{{}}/"
            real = answer(client, path.format(hidden.field.slug))
            assert real == answer(client, path.format("khong-co"))
            assert real[0] == 404


@WITHOUT_THE_RIGHT
def test_holding_a_copy_of_their_file_confirms_nothing(library, make_client):
    client = make_client()
    nobodys = "0" * 64
    for hidden in library.hidden:
        known, unknown = {"sha256": hidden.file.sha256}, {"sha256": nobodys}
        assert_told_alike(client, "/van-ban/kiem-tra/?", known, unknown)
        upload = SimpleUploadedFile("ban-sao.pdf", hidden.bytes)
        sent = client.post("/van-ban/kiem-tra/", {"tep": upload}, follow=True)
        page = body(sent).replace(hidden.file.sha256.encode(), nobodys.encode())
        assert page == body(client.get("/van-ban/kiem-tra/", unknown))


def test_a_cadre_finds_the_internal_document_and_its_file(library):
    client = cadre()
    hidden = library.internal
    for path in (
        "/van-ban/",
        f"/van-ban/?q={hidden.words['trichyeu']}",
        f"/van-ban/?q={hidden.words['chutep']}",
        f"/van-ban/?nam={YEAR}",
        "/van-ban/tai-ve.csv",
        "/van-ban/tai-ve.xlsx",
        library.public.get_absolute_url(),
        f"/van-ban/kiem-tra/?sha256={hidden.file.sha256}",
    ):
        assert hidden.sign.lower() in readable_text(client, path), path
    page = readable_text(client, hidden.document.get_absolute_url())
    assert hidden.words["nguoiky"] in page
    assert hidden.words["tentep"] in page
    assert body(client.get(hidden.file.get_absolute_url())) == hidden.bytes
    assert client.get("/van-ban/", {"q": hidden.sign}).url == hidden.document.get_absolute_url()


def test_what_a_cadre_gets_is_kept_by_no_cache(library):
    client = cadre()
    hidden = library.internal
    for path in (
        "/van-ban/",
        "/van-ban/tai-ve.csv",
        "/van-ban/tai-ve.xlsx",
        f"/van-ban/kiem-tra/?sha256={hidden.file.sha256}",
        hidden.document.get_absolute_url(),
        hidden.file.get_absolute_url(),
        hidden.file.preview_url,
        library.public.get_absolute_url(),
    ):
        for headers in ({}, {"range": "bytes=0-9"}):
            response = client.get(path, headers=headers)
            assert response.status_code in (200, 206), path
            control = set(response.headers["Cache-Control"].split(", "))
            assert {"no-store", "private"} <= control, path
            assert "public" not in control, path


def test_even_a_cadre_sees_no_draft_and_no_more_than_a_notice_of_what_was_withdrawn(library):
    client = cadre()
    for path, pk in library.draft.addresses:
        assert answer(client, path.format(pk)) == answer(client, path.format(ABSENT))
    for token in library.draft.tokens:
        assert token not in readable_text(client, "/van-ban/")
    gone = client.get(library.withdrawn.document.get_absolute_url())
    assert gone.status_code == 410
    assert library.withdrawn.words["chutep"] not in body(gone).decode()


def test_blocks_feeds_and_sitemaps_stay_public_even_for_a_cadre(library):
    client = cadre()
    for path in ("/", "/rss/van-ban/", f"/sitemaps/van-ban-{timezone.localdate():%Y}.xml"):
        told = readable_text(client, path)
        assert [token for token in library.tokens if token in told] == [], path


def test_caches_know_that_the_pages_depend_on_who_asks(library):
    client = stranger()
    for path in ("/van-ban/", library.public.get_absolute_url(), library.file.get_absolute_url()):
        response = client.get(path)
        assert response.headers["Cache-Control"] == "public, max-age=0, must-revalidate"
        assert "Cookie" in response.headers["Vary"]
        assert not response.cookies


def test_losing_the_right_closes_the_documents_at_once(library):
    client, user = Client(), make_cadre()
    client.force_login(user)
    path = library.internal.document.get_absolute_url()
    assert client.get(path).status_code == 200
    user.groups.clear()
    assert client.get(path).status_code == 404


def test_what_becomes_internal_is_gone_from_everywhere(library):
    with changing():
        Document.objects.filter(pk=library.older.pk).update(visibility="internal")
    client, sign = stranger(), library.older.sign.lower()
    assert client.get(library.older.get_absolute_url()).status_code == 404
    for path in ("/", "/van-ban/", "/van-ban/tai-ve.csv", "/rss/van-ban/"):
        assert sign not in readable_text(client, path), path
