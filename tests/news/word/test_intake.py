"""“Nhập từ Word”: each file becomes a draft with its photos in the library, or nothing at all."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from docx import Document

from core.media import Photo
from core.workflow import State
from news.models import Article, Assignment, Edition, Unit
from news.word.drafts import receive
from tests.factories import make_category, make_unit, make_user, picture_file
from tests.news.word import papers

pytestmark = pytest.mark.django_db

PAGE = reverse("admin:news_article_word")
RIGHTS = [f"news.{verb}_article" for verb in ("add", "change", "view")]


@pytest.fixture
def writer(client):
    user = make_user(*RIGHTS)
    client.force_login(user)
    return user


def upload(document, name="bao-cao.docx"):
    given = document if isinstance(document, bytes) else papers.content(document)
    return SimpleUploadedFile(name, given)


def send(client, *files, **fields):
    fields.setdefault("category", make_category().pk)
    response = client.post(PAGE, {"files": files} | fields, headers={"Accept": "application/json"})
    return response.json()["outcomes"]


def with_pictures(*pictures):
    document = Document()
    document.add_heading("Ba ảnh", 1)
    for picture in pictures:
        document.add_picture(picture)
    return document


def test_a_file_becomes_a_draft_of_who_sent_it(client, writer):
    category, unit = make_category(), make_unit()
    Assignment.objects.create(user=writer, unit=unit)
    [outcome] = send(client, upload(papers.report()), category=category.pk, unit=unit.pk)
    edition = Edition.objects.get()
    assert (edition.state, edition.created_by) == (State.DRAFT, writer)
    assert (edition.category, edition.unit) == (category, unit)
    assert edition.title == "Sơ kết công tác tuyên giáo chín tháng đầu năm"
    assert edition.summary == papers.LONG
    assert outcome["result"] == "made"
    assert outcome["url"] == reverse("admin:news_article_change", args=[edition.article_id])
    assert outcome["remarks"] == [
        "2 ảnh mới đã vào kho ảnh. Hãy ghi mô tả (alt) cho 2 ảnh trước khi gửi duyệt."
    ]


def test_photos_stand_in_place_and_ask_for_a_description(client, writer):
    send(client, upload(papers.report()))
    body = Edition.objects.get().body
    photos = {photo.url: photo for photo in Photo.objects.all()}
    assert len(photos) == 2
    assert all(body.count(f'<img src="{url}" alt=""') for url in photos)
    assert all(photo.needs_alt and photo.created_by == writer for photo in photos.values())
    words = " ".join(str(problem) for problem in Edition.objects.get().problems())
    assert "mô tả" in words


def test_a_photo_that_the_library_has_is_not_stored_again(client, writer):
    known, new = picture_file((90, 60)), picture_file((90, 60))
    photo = Photo.objects.create_from_upload(known, alt="Quang cảnh")
    known.seek(0)
    [outcome] = send(client, upload(with_pictures(known, new, known)))
    assert Photo.objects.count() == 2
    assert Edition.objects.get().body.count(f'<img src="{photo.url}" alt="Quang cảnh"') == 2
    assert outcome["remarks"] == [
        "1 ảnh mới đã vào kho ảnh. 1 ảnh đã có sẵn trong kho, không lưu thêm. "
        "Hãy ghi mô tả (alt) cho 1 ảnh trước khi gửi duyệt."
    ]


def test_a_drawing_of_word_is_left_out_and_named(client, writer):
    document = with_pictures(picture_file((90, 60)), picture_file((90, 60)))
    parts = sorted(document.part.package.image_parts, key=lambda part: part.partname)
    parts[1]._blob = b"\x01\x00\x00\x00" + bytes(36) + b" EMF" + bytes(60)
    [outcome] = send(client, upload(document))
    assert outcome["result"] == "made"
    assert Edition.objects.get().body.count("<img") == 1
    assert any("Ảnh thứ 2 ở định dạng EMF" in remark for remark in outcome["remarks"])


def test_one_refused_file_does_not_stop_the_others(client, writer):
    first, broken, last = send(
        client,
        upload(papers.report(), "một.docx"),
        upload(b"PK\x03\x04 xin", "hỏng.docx"),
        upload(with_pictures(), "ba.docx"),
    )
    assert [one["result"] for one in (first, broken, last)] == ["made", "refused", "made"]
    assert (broken["name"], broken["url"]) == ("hỏng.docx", "")
    assert "Tệp bị hỏng" in broken["words"]
    assert Article.objects.count() == 2


def test_the_file_name_stands_in_for_a_title_that_nobody_wrote(client, writer):
    document = Document()
    document.add_paragraph(papers.LONG)
    [outcome] = send(client, upload(document, "tin_hoi-nghi.docx"))
    assert outcome["document"] == "tin hoi nghi"
    assert outcome["remarks"] == ["Không rõ tiêu đề nên lấy tên tệp làm tiêu đề. Hãy sửa lại."]


def test_letters_of_old_fonts_are_converted_and_that_is_told(client, writer):
    document = Document()
    paragraph = document.add_paragraph()
    papers.in_font(paragraph, "§¶ng bé Khèi", ".VnTime")
    [outcome] = send(client, upload(document))
    assert outcome["document"] == "Đảng bộ Khối"
    assert any("sang Unicode" in remark for remark in outcome["remarks"])


def test_an_empty_file_makes_no_article(client, writer):
    [outcome] = send(client, upload(Document()))
    assert (outcome["result"], Article.objects.count()) == ("refused", 0)


def test_when_the_draft_fails_no_photo_stays_behind(writer, settings):
    category = make_category()
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION pg_temp.refuse() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'no drafts today'; END $$;"
            "CREATE TRIGGER no_drafts BEFORE INSERT ON news_edition"
            " EXECUTE FUNCTION pg_temp.refuse()"
        )
    with pytest.raises(Exception, match="no drafts today"):
        receive(upload(papers.report()), by=writer, category=category)
    assert (Article.objects.count(), Photo.objects.count()) == (0, 0)
    assert not [one for one in Path(settings.MEDIA_ROOT).rglob("*") if one.is_file()]


def test_without_a_category_nothing_is_read(client, writer):
    [outcome] = send(client, upload(papers.report()), category="")
    assert (outcome["result"], outcome["words"]) == ("refused", "Chưa chọn chuyên mục.")
    assert not Article.objects.exists()


def test_without_script_the_page_answers_with_the_outcomes(client, writer):
    data = {"files": [upload(papers.report())], "category": make_category().pk}
    said = client.post(PAGE, data).content.decode()
    assert reverse("admin:news_article_change", args=[Article.objects.get().pk]) in said
    assert "Hãy ghi mô tả (alt) cho 2 ảnh" in said
    assert "Chưa có tệp nào" in client.post(PAGE, {"category": data["category"]}).content.decode()


def test_a_contributor_chooses_among_his_own_units_alone(client, writer):
    own, other = make_unit(), make_unit()
    Assignment.objects.create(user=writer, unit=own)
    said = client.get(PAGE).content.decode()
    assert own.name in said
    assert other.name not in said
    [outcome] = send(client, upload(papers.report()), unit=other.pk)
    assert (outcome["result"], Article.objects.count()) == ("refused", 0)


def test_an_editor_chooses_among_the_active_units(client):
    client.force_login(make_user(*RIGHTS, "news.publish_article"))
    active, former = make_unit(), make_unit()
    Unit.objects.filter(pk=former.pk).update(active=False)
    said = client.get(PAGE).content.decode()
    assert active.name in said
    assert former.name not in said


def test_who_may_not_write_does_not_find_the_page(client):
    client.force_login(make_user("news.view_article"))
    assert client.get(PAGE).status_code == 403
    assert client.post(PAGE, {"files": [upload(papers.report())]}).status_code == 403


def test_the_page_says_which_files_it_takes(client, writer, monkeypatch):
    assert 'accept=".docx,.doc,.odt,.rtf"' in client.get(PAGE).content.decode()
    monkeypatch.setenv("PATH", "/nonexistent")
    said = client.get(PAGE).content.decode()
    assert 'accept=".docx"' in said
    assert "lưu thành DOCX trước" in said


def test_the_list_of_articles_leads_to_the_page(client, writer):
    assert PAGE in client.get(reverse("admin:news_article_changelist")).content.decode()
