"""The bytes of files: who gets them, whole, in part, or not again."""

import logging
from datetime import date
from urllib.parse import unquote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from core.publishing import move
from core.workflow import Action
from documents import vault
from documents.corrections import changing
from documents.downloads import disposition
from documents.signals import file_downloaded
from tests.factories import (
    attached,
    attached_upload,
    make_cadre,
    make_document,
    make_document_draft,
    make_site,
    make_user,
    pdf_file,
    picture_file,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def upload():
    return pdf_file("Nội dung.", name="Chỉ thị số 24 của Đảng ủy.pdf")


@pytest.fixture
def content(upload):
    content = upload.read()
    upload.seek(0)
    return content


@pytest.fixture
def file(upload, content):
    return attached_upload(make_document(), upload)


@pytest.fixture
def downloads():
    """Collect the files whose download is told."""
    seen = []

    def note(sender, file, request, **kwargs):
        seen.append(file)

    file_downloaded.connect(note)
    yield seen
    file_downloaded.disconnect(note)


def body(response):
    return response.getvalue()


def ask(client, file, **headers):
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.get(file.get_absolute_url(), headers=names)


class TestWhole:
    def test_it_is_what_was_uploaded(self, client, file, content):
        response = ask(client, file)
        assert response.status_code == 200
        assert body(response) == content
        assert response["Content-Type"] == "application/pdf"
        assert response["Content-Length"] == str(len(content))
        assert response["Accept-Ranges"] == "bytes"
        assert response["X-Content-Type-Options"] == "nosniff"

    def test_head_tells_the_same_without_the_bytes(self, client, file, downloads):
        head = client.head(file.get_absolute_url())
        get = ask(client, file)
        assert head.content == b""
        for name in ("Content-Type", "Content-Length", "Content-Disposition", "ETag"):
            assert head[name] == get[name]
        assert len(downloads) == 1  # the GET

    def test_a_shared_copy_is_asked_for_anew_since_it_may_be_withdrawn(self, client, file):
        response = ask(client, file)
        assert response["Cache-Control"] == "public, max-age=0, must-revalidate"
        assert not response.cookies

    @pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
    def test_other_methods_are_refused(self, client, file, method):
        assert getattr(client, method)(file.get_absolute_url()).status_code == 405


class TestName:
    def test_both_forms_of_the_name_are_sent(self, client, file):
        sent = ask(client, file)["Content-Disposition"]
        assert sent.startswith('inline; filename="chi thi so 24 cua dang uy.pdf"; ')
        assert unquote(sent.partition("UTF-8''")[2]) == "Chỉ thị số 24 của Đảng ủy.pdf"

    def test_tai_ve_asks_for_a_download(self, client, file):
        response = client.get(file.get_absolute_url() + "?tai-ve")
        assert response["Content-Disposition"].startswith("attachment; ")

    @pytest.mark.parametrize(
        "name", ['a".pdf', "a\\.pdf", "a;b.pdf", "a%0d.pdf", "文.pdf", "😀.pdf"]
    )
    def test_no_name_breaks_the_header(self, name):
        sent = disposition(name, in_place=True)
        assert sent.isascii()
        assert sent.count('"') == 2
        assert "\\" not in sent
        assert unquote(sent.partition("UTF-8''")[2]) == name

    @pytest.mark.parametrize("name", ["sai.pdf", "x" * 300, "a.html"])
    def test_a_wrong_name_in_the_address_redirects(self, client, file, name):
        wrong = reverse("documents:file", args=[file.pk, name])
        response = client.get(wrong + "?tai-ve")
        assert response.status_code == 301
        assert response["Location"] == file.get_absolute_url() + "?tai-ve"

    def test_only_pdfs_and_pictures_are_shown_in_place(self, client, file):
        picture = SimpleUploadedFile("anh.jpeg", picture_file((600, 400)).getvalue())
        shown = attached_upload(file.document, picture, read_by=make_user())
        assert ask(client, shown)["Content-Disposition"].startswith("inline")
        assert ask(client, shown)["Content-Security-Policy"].startswith("sandbox;")
        other = attached_as(file.document, "docx")
        assert ask(client, other)["Content-Disposition"].startswith("attachment")
        assert ask(client, other)["Content-Security-Policy"].startswith("sandbox;")

    def test_a_pdf_may_be_framed_by_this_site_alone(self, client, file):
        response = ask(client, file)
        assert response["Content-Security-Policy"] == "frame-ancestors 'self'"
        assert response["X-Frame-Options"] == "SAMEORIGIN"


def attached_as(document, kind):
    """Store bytes of a kind whose reading is not what is tested here."""
    content = b"PK" + kind.encode()
    vault.keep("c" * 64, content)
    with changing():
        return document.files.create(
            name=f"tep.{kind}", kind=kind, sha256="c" * 64, size=len(content), text_state="layer"
        )


class TestRange:
    """RFC 9110, 14: one range is answered, whatever else is asked gets the whole file."""

    @pytest.mark.parametrize(
        ("asked", "start", "stop"),
        [
            ("bytes=0-0", 0, 1),
            ("bytes=0-", 0, None),
            ("bytes=5-9", 5, 10),
            ("bytes=5-", 5, None),
            ("bytes=-7", -7, None),
            ("bytes=5-99999999999", 5, None),
            ("Bytes=5-9", 5, 10),
            ("bytes= 5-9 ", 5, 10),
        ],
    )
    def test_a_part_is_sent(self, client, file, content, asked, start, stop):
        response = ask(client, file, Range=asked)
        part = content[start:stop]
        whole = len(part) == len(content)
        assert response.status_code == (200 if whole else 206)
        assert body(response) == part
        assert response["Content-Length"] == str(len(part))
        if not whole:
            first = content.index(part) if start < 0 else start
            last = first + len(part) - 1
            assert response["Content-Range"] == f"bytes {first}-{last}/{len(content)}"

    def test_a_longer_suffix_than_the_file_is_the_file(self, client, file, content):
        response = ask(client, file, Range="bytes=-99999999")
        assert (response.status_code, body(response)) == (200, content)

    def test_ranges_larger_than_a_block_are_whole(self, client, monkeypatch, file, content):
        monkeypatch.setattr("core.ranges.BLOCK", 10)
        assert body(ask(client, file, Range="bytes=3-77")) == content[3:78]

    @pytest.mark.parametrize("asked", ["bytes=99999999-", "bytes=99999999-999999999", "bytes=-0"])
    def test_beyond_the_end_there_is_nothing(self, client, file, content, asked, downloads):
        response = ask(client, file, Range=asked)
        assert response.status_code == 416
        assert response["Content-Range"] == f"bytes */{len(content)}"
        assert downloads == []

    @pytest.mark.parametrize(
        "asked",
        [
            "bytes=0-1,3-4",
            "bytes=9-5",
            "bytes=-",
            "bytes=a-b",
            "bytes=+1-2",
            "bytes=١-٢",
            "bytes=--1",
            "bytes=1-2-3",
            "bytes=" + "9" * 5000 + "-",
            "pages=1-2",
            "bytes 0-1",
            "",
        ],
    )
    def test_what_is_no_single_range_gets_the_whole(self, client, file, content, asked):
        response = client.get(file.get_absolute_url(), HTTP_RANGE=asked)
        assert (response.status_code, body(response)) == (200, content)

    def test_if_range_keeps_the_part_of_the_same_file_alone(self, client, file, content):
        etag = ask(client, file)["ETag"]
        same = ask(client, file, Range="bytes=1-2", If_Range=etag)
        assert (same.status_code, body(same)) == (206, content[1:3])
        for other in ('"khac"', f"W/{etag}", "Mon, 23 Nov 2026 00:00:00 GMT"):
            response = ask(client, file, Range="bytes=1-2", If_Range=other)
            assert (response.status_code, body(response)) == (200, content)

    def test_head_knows_no_ranges(self, client, file, content):
        response = client.head(file.get_absolute_url(), headers={"Range": "bytes=1-2"})
        assert response.status_code == 200
        assert response["Content-Length"] == str(len(content))


class TestAgain:
    def test_what_the_reader_has_is_not_sent_again(self, client, file, downloads):
        etag = ask(client, file)["ETag"]
        response = ask(client, file, If_None_Match=f'"x", {etag}')
        assert response.status_code == 304
        assert response["ETag"] == etag
        assert response["Cache-Control"] == "public, max-age=0, must-revalidate"
        assert len(downloads) == 1

    def test_the_etag_says_nothing_of_the_content(self, client, file, upload):
        upload.seek(0)
        twin = attached_upload(make_document(), upload)
        assert ask(client, file)["ETag"] != ask(client, twin)["ETag"]
        assert file.sha256 not in str(ask(client, file).headers)

    def test_an_etag_does_not_confirm_what_is_restricted(self, client):
        hidden = attached(make_document(visibility="internal"))
        for etag in ("*", f'"tep-{hidden.pk}"'):
            assert ask(client, hidden, If_None_Match=etag).status_code == 404


class TestPermission:
    def test_internal_unpublished_and_absent_files_answer_alike(
        self, client, django_assert_num_queries
    ):
        make_site()
        internal = attached(make_document(visibility="internal"))
        draft = attached(make_document_draft())
        absent = draft.get_absolute_url().replace(f"/{draft.pk}/", f"/{draft.pk + 1000}/")
        answers = set()
        for address in (
            internal.get_absolute_url(),
            draft.get_absolute_url(),
            absent,
            internal.preview_url,
            draft.preview_url,
            reverse("documents:file", args=[internal.pk, "sai.pdf"]),
        ):
            # What is due, the site, the file; menu, links and newest documents.
            with django_assert_num_queries(6):
                response = client.get(address)
            assert response.status_code == 404
            answers.add(response.content)
        assert len(answers) == 1

    def test_a_cadre_gets_an_internal_file_and_nothing_stores_it(self, client):
        hidden = attached(make_document(visibility="internal"))
        client.force_login(make_cadre())
        for address in (hidden.get_absolute_url(), hidden.preview_url):
            response = client.get(address)
            assert response.status_code == 200
            assert "no-store" in response["Cache-Control"]
            assert "private" in response["Cache-Control"]

    def test_number_zero_and_huge_numbers_are_absent(self, client):
        for pk in ("0", "9" * 30):
            assert client.get(f"/van-ban/tep/{pk}/a.pdf").status_code == 404
            assert client.get(f"/van-ban/tep/{pk}/trang-dau.webp").status_code == 404


class TestGone:
    def test_a_replaced_file_answers_410_with_the_newest_one(self, client, file):
        second = attached(file.document, replaces=file, name="bản hai.pdf")
        third = attached(file.document, replaces=second, name="bản ba.pdf")
        response = ask(client, file)
        assert response.status_code == 410
        page = response.content.decode()
        assert f'<a href="{third.get_absolute_url()}">bản ba.pdf</a>' in page
        assert second.get_absolute_url() not in page
        assert client.get(file.preview_url).status_code == 404

    def test_the_files_of_a_withdrawn_document_answer_410(self, client, file, downloads):
        move(file.document, Action.WITHDRAW, reason="Sai số liệu.")
        response = ask(client, file)
        assert response.status_code == 410
        assert "Sai số liệu." in response.content.decode()
        assert client.get(file.preview_url).status_code == 404
        assert downloads == []

    @pytest.mark.parametrize("damage", [lambda p: p.unlink(), lambda p: p.write_bytes(b"%PDF")])
    def test_lost_or_cut_bytes_are_a_404_and_an_entry_in_the_log(
        self, client, file, caplog, damage, downloads
    ):
        damage(vault.path(file.sha256))
        with caplog.at_level(logging.ERROR, "documents.downloads"):
            assert ask(client, file).status_code == 404
        assert str(file.pk) in caplog.text
        assert downloads == []

    def test_a_lost_picture_is_a_404(self, client, file):
        vault.path(file.sha256, vault.PREVIEW).unlink()
        assert client.get(file.preview_url).status_code == 404


class TestCounting:
    @pytest.mark.parametrize("asked", [None, "bytes=0-9", "bytes=0-", "bytes=0-1,3-4"])
    def test_the_whole_or_its_beginning_counts_once(self, client, file, downloads, asked):
        ask(client, file, **({"Range": asked} if asked else {}))
        assert downloads == [file]

    @pytest.mark.parametrize("asked", ["bytes=1-9", "bytes=-5"])
    def test_a_later_part_does_not_count(self, client, file, downloads, asked):
        ask(client, file, Range=asked)
        assert downloads == []

    def test_the_picture_and_the_page_do_not_count(self, client, file, downloads):
        client.get(file.preview_url)
        client.get(file.document.get_absolute_url())
        client.get(reverse("documents:file", args=[file.pk, "sai.pdf"]))
        assert downloads == []

    def test_a_counter_that_fails_does_not_fail_the_reader(self, client, file, content, caplog):
        def broken(**kwargs):
            raise OSError("Disk is full.")

        file_downloaded.connect(broken)
        try:
            assert body(ask(client, file)) == content
        finally:
            file_downloaded.disconnect(broken)
        assert "Disk is full." in caplog.text


class TestBehindNginx:
    @pytest.fixture(autouse=True)
    def accelerated(self, settings):
        settings.ACCEL_REDIRECT = "/tep-noi-bo/"

    def test_nginx_is_told_where_the_bytes_lie(self, client, file, downloads):
        response = ask(client, file)
        assert response["X-Accel-Redirect"] == f"/tep-noi-bo/{file.sha256[:2]}/{file.sha256}"
        assert response.content == b""
        assert response["Content-Type"] == "application/pdf"
        assert response["Content-Disposition"].startswith("inline")
        assert downloads == [file]

    def test_strangers_are_refused_before_nginx_hears_of_it(self, client):
        response = ask(client, attached(make_document(visibility="internal")))
        assert response.status_code == 404
        assert "X-Accel-Redirect" not in response

    def test_who_names_the_version_is_served_from_here(self, client, file, content):
        """nginx would hold If-Match against an ETag of its own."""
        response = ask(client, file, If_Match=f'"tep-{file.pk}"')
        assert "X-Accel-Redirect" not in response
        assert body(response) == content

    def test_what_the_reader_has_does_not_reach_nginx(self, client, file, downloads):
        response = ask(client, file, If_None_Match=f'"tep-{file.pk}"')
        assert response.status_code == 304
        assert downloads == []


def test_the_picture_of_the_first_page_is_webp(client, file):
    response = client.get(file.preview_url)
    assert response["Content-Type"] == "image/webp"
    assert response.content[8:12] == b"WEBP"
    again = client.get(file.preview_url, headers={"If-None-Match": response["ETag"]})
    assert again.status_code == 304


@pytest.mark.usefixtures("process_that_answered_before")
def test_a_file_costs_one_query(client, django_assert_num_queries):
    make_site()
    file = attached(make_document(issued_on=date(2023, 1, 1)))
    with django_assert_num_queries(1):
        ask(client, file)
    with django_assert_num_queries(1):
        client.get(file.preview_url)
