"""The photo library in the newsroom, the picker's addresses, and the audit trail."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from core.admin import PER_PAGE
from core.audit import AuditEntry
from core.media import Photo
from core.publishing import move
from core.workflow import Action
from tests.factories import (
    make_article,
    make_document,
    make_person,
    make_photo,
    make_user,
    picture_file,
)

pytestmark = pytest.mark.django_db

LIST = reverse("admin:core_photo_changelist")
ADD = reverse("admin:core_photo_add")
CHOOSE = "/quan-tri/core/photo/chon/"
UPLOAD = "/quan-tri/core/photo/tai-len/"
RIGHTS = ("core.add_photo", "core.view_photo", "core.change_photo", "core.delete_photo")


@pytest.fixture
def librarian(client):
    user = make_user(*RIGHTS)
    client.force_login(user)
    return user


def text_of(response):
    return response.content.decode()


def file_errors(response):
    return response.context["adminform"].form.errors.get("file", [])


class TestLibrary:
    def test_a_photo_is_stored_with_its_texts(self, client, librarian):
        sent = {"file": picture_file(), "alt": "Lễ chào cờ", "taken_on": "07/10/2022"}
        assert client.post(ADD, sent).status_code == 302
        photo = Photo.objects.get()
        assert (photo.alt, photo.created_by, f"{photo.taken_on}") == (
            "Lễ chào cờ",
            librarian,
            "2022-10-07",
        )

    def test_a_file_is_required_at_first_and_never_again(self, client, librarian):
        assert file_errors(client.post(ADD, {"alt": "Không tệp"}))
        photo = make_photo(alt="Cũ")
        address = reverse("admin:core_photo_change", args=[photo.pk])
        assert 'type="file"' not in text_of(client.get(address))
        key = photo.key
        client.post(address, {"alt": "Mới", "file": picture_file()})
        photo.refresh_from_db()
        assert (photo.alt, photo.key) == ("Mới", key)

    def test_who_brought_a_photo_in_describes_it_and_nobody_elses(self, client):
        contributor = make_person("Cộng tác viên")
        client.force_login(contributor)
        own, other = make_photo(alt="", by=contributor), make_photo(alt="")
        address = "admin:core_photo_change"
        for photo, answered in ((own, 302), (other, 403)):
            sent = {"alt": "Đại biểu giơ thẻ", "caption": "", "credit": "", "taken_on": ""}
            assert client.post(reverse(address, args=[photo.pk]), sent).status_code == answered
        own.refresh_from_db()
        assert (own.alt, str(other)) == ("Đại biểu giơ thẻ", f"Ảnh số {other.pk}")

    def test_the_same_file_leads_to_the_photo_that_is_there(self, client, librarian):
        file = picture_file()
        photo = Photo.objects.create_from_upload(file, caption="Đã <có>")
        file.seek(0)
        (error,) = file_errors(client.post(ADD, {"file": file}))
        assert reverse("admin:core_photo_change", args=[photo.pk]) in error
        assert "Đã &lt;có&gt;" in error

    @pytest.mark.parametrize("content", [b"", b"GIF89a", b"<svg onload=alert(1)>", b"%PDF-1.7"])
    def test_what_is_no_picture_is_refused_at_the_field(self, client, librarian, content):
        sent = {"file": SimpleUploadedFile("anh.jpg", content, "image/jpeg")}
        assert file_errors(client.post(ADD, sent))
        assert not Photo.objects.exists()

    def test_a_decorative_photo_has_no_description(self, client, librarian):
        sent = {"file": picture_file(), "alt": "Hoa", "decorative": "on"}
        response = client.post(ADD, sent)
        assert "dấu chọn “ảnh trang trí”" in text_of(response)
        assert not Photo.objects.exists()

    def test_search_ignores_diacritics(self, client, librarian):
        make_photo(caption="Đại hội đảng bộ")
        make_photo(caption="Lễ chào cờ")
        rows = client.get(LIST, {"q": "dai hoi Đảng"}).context["cl"].result_list
        assert [photo.caption for photo in rows] == ["Đại hội đảng bộ"]

    def test_photos_without_a_description_can_be_listed(self, client, librarian):
        missing = make_photo(alt="")
        make_photo(alt="", decorative=True)
        make_photo(alt="Có")
        rows = client.get(LIST, {"mo-ta": "thieu"}).context["cl"].result_list
        assert list(rows) == [missing]
        assert len(client.get(LIST, {"mo-ta": "du"}).context["cl"].result_list) == 2

    def test_its_queries_do_not_grow(self, client, librarian, django_assert_max_num_queries):
        make_photo()
        client.get(LIST)
        with django_assert_max_num_queries(12) as few:
            client.get(LIST)
        for _ in range(20):
            make_photo()
        with django_assert_max_num_queries(len(few)):
            client.get(LIST)


class TestPicker:
    def test_it_describes_the_newest_photos(self, client, librarian):
        make_photo(alt="")
        photo = make_photo(alt="Họp", caption="Quang cảnh", credit="Minh Anh", size=(1300, 900))
        first = client.get(CHOOSE).json()["photos"][0]
        assert first == {
            "id": photo.pk,
            "url": photo.src(800),
            "thumb": photo.src(400),
            "width": 800,
            "height": 554,
            "alt": "Họp",
            "caption": "Quang cảnh",
            "credit": "Minh Anh",
            "needs_alt": False,
        }

    def test_it_searches_and_turns_pages(self, client, librarian):
        for number in range(PER_PAGE + 1):
            file = picture_file((4, 4), "PNG")
            Photo.objects.create_from_upload(file, caption=f"Hội nghị {number}")
        make_photo(alt="", caption="Chào cờ")
        first = client.get(CHOOSE, {"q": "hoi nghi"}).json()
        second = client.get(CHOOSE, {"q": "hoi nghi", "trang": first["next"]}).json()
        assert (len(first["photos"]), first["next"]) == (PER_PAGE, 2)
        assert [photo["caption"] for photo in second["photos"]] == ["Hội nghị 0"]
        assert second["next"] is None

    @pytest.mark.parametrize("page", ["0", "-1", "1" * 5000, "²", "NaN", "\x00", "🙂"])
    def test_odd_pages_are_answered(self, client, librarian, page):
        make_photo()
        assert client.get(CHOOSE, {"trang": page, "q": "\x00" if page == "\x00" else ""}).json()

    def test_it_asks_the_database_once(self, client, librarian, django_assert_max_num_queries):
        for _ in range(5):
            make_photo()
        with django_assert_max_num_queries(8):
            assert len(client.get(CHOOSE).json()["photos"]) == 5

    def test_it_is_for_who_may_see_photos(self, client):
        assert client.get(CHOOSE).status_code == 403
        client.force_login(make_user())
        assert client.get(CHOOSE).status_code == 403
        assert "quyền xem kho ảnh" in client.get(CHOOSE).json()["error"]["message"]
        assert client.post(CHOOSE).status_code == 405


class TestUpload:
    def test_the_editor_learns_where_the_picture_is(self, client, librarian):
        answer = client.post(UPLOAD, {"upload": picture_file(), "alt": " Họp "}).json()
        photo = Photo.objects.get()
        assert (answer["uploaded"], answer["url"], answer["id"]) == (1, photo.url, photo.pk)
        assert answer["fileName"] == "anh.jpeg"
        assert (photo.alt, photo.created_by) == ("Họp", librarian)

    def test_the_same_picture_twice_is_one_photo(self, client, librarian):
        file = picture_file()
        first = client.post(UPLOAD, {"upload": file}).json()
        file.seek(0)
        assert client.post(UPLOAD, {"upload": file}).json()["id"] == first["id"]

    @pytest.mark.parametrize("sent", [{}, {"upload": "chữ"}])
    def test_without_a_file_it_says_so(self, client, librarian, sent):
        assert "Chưa có tệp ảnh" in client.post(UPLOAD, sent).json()["error"]["message"]

    @pytest.mark.parametrize("content", [b"", b"MZ", b"<svg onload=alert(1)>"])
    def test_what_is_no_picture_is_refused_with_the_reason(self, client, librarian, content):
        file = SimpleUploadedFile("anh.png", content, "image/png")
        answer = client.post(UPLOAD, {"upload": file}).json()
        assert answer["uploaded"] == 0
        assert "Hãy" in answer["error"]["message"]

    def test_texts_that_are_too_long_are_refused(self, client, librarian):
        answer = client.post(UPLOAD, {"upload": picture_file(), "alt": "a" * 301}).json()
        assert answer["uploaded"] == 0
        assert not Photo.objects.exists()

    def test_what_the_database_cannot_hold_is_left_out(self, client, librarian):
        client.post(UPLOAD, {"upload": picture_file(), "alt": "Hội\x00 nghị"})
        assert Photo.objects.get().alt == "Hội nghị"

    def test_strangers_and_people_without_the_right_are_refused_in_json(self, client):
        answer = client.post(UPLOAD, {"upload": picture_file()})
        assert answer.status_code == 403
        assert "Phiên làm việc đã hết" in answer.json()["error"]["message"]
        client.force_login(make_user("core.view_photo"))
        assert client.post(UPLOAD, {"upload": picture_file()}).status_code == 403
        assert client.get(UPLOAD).status_code == 405
        assert not Photo.objects.exists()

    def test_another_site_cannot_upload_in_our_name(self):
        strict = Client(enforce_csrf_checks=True)
        strict.force_login(make_user(*RIGHTS))
        assert strict.post(UPLOAD, {"upload": picture_file()}).status_code == 403
        assert not Photo.objects.exists()


class TestAuditTrail:
    LIST = reverse("admin:core_auditentry_changelist")

    EXPORT = "admin:core_auditentry_export"

    @pytest.fixture
    def boss(self, client):
        user = make_person("Lãnh đạo", username="lanh-dao")
        user.last_name = "Thu Hà"
        user.save()
        move(make_article("Bài bị gỡ").live, Action.WITHDRAW, by=user, reason="=Sai số liệu.")
        client.force_login(user)
        return user

    def found(self, client, **query):
        rows = client.get(self.LIST, query).context["cl"].result_list
        return [(one.action, one.title) for one in rows]

    def test_it_tells_who_did_what_and_why(self, client, boss):
        page = text_of(client.get(self.LIST))
        for words in ("Thu Hà", "Gỡ", "Bài bị gỡ", "Sai số liệu.", "Tự động"):
            assert words in page

    def test_it_is_narrowed_by_person_period_action_and_kind(self, client, boss):
        withdrawn = [("withdraw", "Bài bị gỡ")]
        today = timezone.localdate()
        assert self.found(client, nguoi="thu ha") == withdrawn
        assert self.found(client, nguoi="lanh-dao", tu=today, den=today) == withdrawn
        assert self.found(client, nguoi="ai khac") == []
        assert self.found(client, tu=today + timedelta(days=1)) == []
        assert self.found(client, den=today - timedelta(days=1)) == []
        assert self.found(client, action="withdraw") == withdrawn
        kind = ContentType.objects.get_by_natural_key("news", "article")
        assert len(self.found(client, loai=kind.pk)) == len(self.found(client))
        assert self.found(client, loai=0) == []

    @pytest.mark.parametrize(
        "odd", [{"tu": "0001-01-01"}, {"den": "9999-12-31"}, {"tu": "32"}, {"nguoi": "\x00%"}]
    )
    def test_odd_filters_are_answered(self, client, boss, odd):
        assert client.get(self.LIST, odd).status_code == 200

    def test_it_is_taken_away_as_a_file_without_formulas(self, client, boss):
        address = reverse(self.EXPORT, args=["csv"])
        rows = b"".join(client.get(address, {"action": "withdraw"})).decode().splitlines()
        assert len(rows) == 2
        assert "Thu Hà,lanh-dao,Gỡ,bài viết" in rows[1]
        assert rows[1].endswith("'=Sai số liệu.")
        sheet = load_workbook(BytesIO(client.get(reverse(self.EXPORT, args=["xlsx"])).content))
        assert sheet.active["G2"].value == "Bài bị gỡ"
        assert client.get(reverse(self.EXPORT, args=["pdf"])).status_code == 404
        assert client.post(address).status_code == 405

    def test_a_long_file_is_cut_and_says_so(self, client, boss, monkeypatch):
        monkeypatch.setattr("core.audit_admin.MOST_ROWS", 1)
        lines = b"".join(client.get(reverse(self.EXPORT, args=["csv"]))).decode().splitlines()
        assert len(lines) == 3
        assert "Hãy lọc hẹp hơn" in lines[2]

    def test_it_is_closed_to_who_may_not_read_it(self, client, boss):
        client.force_login(make_person("Biên tập viên"))
        for address in (self.LIST, reverse(self.EXPORT, args=["csv"])):
            assert client.get(address).status_code == 403

    def test_it_is_silent_on_what_its_reader_may_not_look_at(self, client):
        make_article("Bài của tòa soạn")
        make_document("8642-KH/ĐUK", visibility="internal")
        client.force_login(make_user("core.view_auditentry", "news.change_article"))
        pages = [client.get(self.LIST), client.get(reverse(self.EXPORT, args=["csv"]))]
        for page in (text_of(pages[0]), b"".join(pages[1]).decode()):
            assert "Bài của tòa soạn" in page
            assert "8642-KH" not in page

    def test_nobody_changes_it(self, client):
        make_article()
        entry = AuditEntry.objects.first()
        user = make_user()
        user.is_superuser = True
        user.save()
        client.force_login(user)
        for page in ("change", "delete"):
            address = reverse(f"admin:core_auditentry_{page}", args=[entry.pk])
            assert client.post(address, {"post": "yes"}).status_code == 403
        assert client.get(reverse("admin:core_auditentry_add")).status_code == 403
        assert entry.content_type == ContentType.objects.get(model="article")
