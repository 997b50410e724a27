"""Whether a copy is the library's own: by digest, or by an upload that is stored nowhere."""

import hashlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from core.publishing import move
from core.workflow import Action
from documents import vault
from tests.factories import (
    attached,
    attached_upload,
    make_cadre,
    make_document,
    make_document_draft,
    make_issuer,
    make_site,
    pdf_file,
)

pytestmark = pytest.mark.django_db

ADDRESS = "/van-ban/kiem-tra/"
UNKNOWN = "Không có trong thư viện."


def answer(client, sha256):
    response = client.get(ADDRESS, {"sha256": sha256})
    return response.status_code, response.content.decode()


def content_of(file):
    return vault.path(file.sha256).read_bytes()


def send(client, *contents, name="tep"):
    return client.post(ADDRESS, {name: [SimpleUploadedFile("a.pdf", c) for c in contents]})


class TestByDigest:
    def test_a_current_file_is_named_with_its_document_and_its_force(self, client):
        file = attached(make_document(), name="Kế hoạch.pdf")
        status, page = answer(client, file.sha256)
        assert status == 200
        assert "Đây là tệp “Kế hoạch.pdf” của" in page
        assert f'<a href="{file.document.get_absolute_url()}">{file.document}</a>' in page
        assert "standing--con-hieu-luc" in page

    def test_a_replaced_file_is_called_old(self, client):
        file = attached(make_document())
        attached(file.document, replaces=file)
        _, page = answer(client, file.sha256)
        assert "Đây là bản cũ, đã được thay." in page
        assert file.document.get_absolute_url() in page
        assert file.get_absolute_url() not in page

    def test_a_file_of_two_documents_is_found_in_both(self, client):
        upload, issuer = pdf_file(), make_issuer()
        documents = [make_document(issuer=issuer) for _ in range(2)]
        for document in documents:
            upload.seek(0)
            file = attached_upload(document, upload, by=None)
        _, page = answer(client, file.sha256)
        assert all(document.get_absolute_url() in page for document in documents)

    def test_any_other_is_unknown(self, client):
        status, page = answer(client, "0" * 64)
        assert status == 200
        assert UNKNOWN in page

    def test_what_strangers_may_not_see_is_unknown_by_the_same_queries(
        self, client, django_assert_num_queries
    ):
        make_site()
        hidden = attached(make_document(visibility="internal"))
        draft = attached(make_document_draft())
        gone = attached(make_document())
        move(gone.document, Action.WITHDRAW, reason="Sai.")
        answers = set()
        for sha256 in (hidden.sha256, draft.sha256, gone.sha256, "0" * 64):
            with django_assert_num_queries(6):
                _, page = answer(client, sha256)
            assert UNKNOWN in page
            answers.add(page.replace(sha256, ""))
        assert len(answers) == 1
        client.force_login(make_cadre())
        assert UNKNOWN not in answer(client, hidden.sha256)[1]

    def test_capitals_and_blanks_around_do_not_matter(self, client):
        file = attached(make_document())
        assert UNKNOWN not in answer(client, f" {file.sha256.upper()}\n")[1]

    @pytest.mark.parametrize(
        "sha256", ["", "abc", "g" * 64, "0" * 63, "0" * 65, "0" * 9000, "\x00" * 64, "٠" * 64]
    )
    def test_a_malformed_digest_is_refused_in_plain_words(self, client, sha256):
        status, page = answer(client, sha256)
        assert status == 400
        assert "Mã SHA-256 phải gồm đúng 64 ký tự" in page


class TestByUpload:
    def test_it_leads_to_the_answer_for_its_digest(self, client):
        file = attached(make_document())
        response = send(client, content_of(file))
        assert response.status_code == 302
        assert response["Location"] == f"{ADDRESS}?sha256={file.sha256}"

    def test_a_large_file_is_digested_as_it_passes(self, client):
        content = b"0123456789abcdef" * 200_000
        response = send(client, content)
        assert response["Location"].endswith(hashlib.sha256(content).hexdigest())

    def test_nothing_of_it_is_kept(self, client, settings, tmp_path):
        settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "uploads"
        settings.FILE_UPLOAD_TEMP_DIR.mkdir()
        response = send(client, b"x" * 4_000_000)
        assert dict(response.wsgi_request.FILES) == {}
        assert dict(response.wsgi_request.POST) == {}
        assert list(settings.FILE_UPLOAD_TEMP_DIR.iterdir()) == []

    def test_it_needs_no_token_since_it_changes_nothing(self):
        client = Client(enforce_csrf_checks=True)
        assert send(client, b"abc").status_code == 302

    @pytest.mark.parametrize("name", ["khac", "tep"])
    def test_the_name_of_the_field_does_not_matter(self, client, name):
        assert send(client, b"abc", name=name).status_code == 302

    @pytest.mark.parametrize(
        ("contents", "words"),
        [
            ([], "Bạn chưa chọn tệp."),
            ([b""], "Tệp vừa chọn rỗng"),
            ([b"a", b"b"], "Mỗi lần chỉ kiểm tra được một tệp."),
        ],
        ids=["none", "empty", "two"],
    )
    def test_anything_but_one_file_is_refused_in_plain_words(self, client, contents, words):
        response = send(client, *contents)
        assert response.status_code == 400
        assert words in response.content.decode()

    def test_a_body_over_the_limit_is_not_read(self, client, monkeypatch):
        monkeypatch.setattr("documents.verify.LIMIT", 1000)
        response = send(client, b"x" * 2000)
        assert response.status_code == 400
        assert "Tệp lớn hơn 100 MB" in response.content.decode()

    @pytest.mark.parametrize(
        ("body", "content_type"),
        [
            (b"tep=abc", "application/x-www-form-urlencoded"),
            (b"{}", "application/json"),
            (b"", "multipart/form-data; boundary=x"),
            (b"rubbish", "multipart/form-data; boundary=x"),
            (b"rubbish", "multipart/form-data"),
        ],
    )
    def test_what_is_no_upload_is_a_400(self, client, body, content_type):
        response = client.post(ADDRESS, body, content_type=content_type)
        assert response.status_code == 400


def test_the_form_comes_first(client):
    response = client.get(ADDRESS)
    assert response.status_code == 200
    assert response["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert not response.cookies
    assert UNKNOWN not in response.content.decode()


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_refused(client, method):
    assert getattr(client, method)(ADDRESS).status_code == 405
