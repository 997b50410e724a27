"""The newsroom's “Bài viết”: one form, and buttons that say what happens next."""

from base64 import b64encode
from datetime import timedelta

import pytest
from django.core.paginator import Paginator
from django.urls import reverse
from django.utils import timezone

from core.media import Photo
from core.newsroom import BoundedPaginator
from core.publishing import Action, AuditEntry, State, move
from news.models import Article, Category, Edition
from tests.factories import (
    make_article,
    make_category,
    make_draft,
    make_photo,
    make_unit,
    make_user,
    picture_file,
)

pytestmark = pytest.mark.django_db

WRITER = ("news.add_article", "news.change_article", "news.view_article", "news.delete_article")
LIST = reverse("admin:news_article_changelist")
ADD = reverse("admin:news_article_add")


@pytest.fixture
def writer(client):
    user = make_user(*WRITER, "news.view_category", "news.view_unit", username="cong-tac-vien")
    client.force_login(user)
    return user


@pytest.fixture
def publisher(client):
    user = make_user(*WRITER, "news.publish_article", username="bien-tap-vien", last_name="Thu Hà")
    client.force_login(user)
    return user


def change(article):
    return reverse("admin:news_article_change", args=[article.pk])


def text_of(response):
    return response.content.decode()


def fields(category=None, button="_save", **changes):
    """Return a new article as the form sends it."""
    at = changes.pop("publish_at", None)
    local = timezone.localtime(at) if at else None
    return {
        "title": "Đảng ủy Khối họp",
        "summary": "",
        "body": "<p>Nội dung.</p>",
        "category": category.pk if category else "",
        "lead_photo": "",
        "pen_name": "",
        "unit": "",
        "source_name": "",
        "source_url": "",
        "publish_at_0": f"{local:%d/%m/%Y}" if local else "",
        "publish_at_1": f"{local:%H:%M}" if local else "",
        button: "",
        **changes,
    }


def opened(client, article, button="_save", **changes):
    """Return an existing article as its form sends it when `changes` were typed."""
    form = client.get(change(article)).context["adminform"].form
    values = {name: form[name].value() for name in form.fields}
    at = values.pop("publish_at")
    if at:
        at = timezone.localtime(at)
        values |= {"publish_at_0": f"{at:%d/%m/%Y}", "publish_at_1": f"{at:%H:%M}"}
    return {name: "" if value is None else value for name, value in values.items()} | {
        button: "",
        **changes,
    }


def errors(response):
    return response.context["adminform"].form.errors


def messages(response):
    return [str(message) for message in response.context["messages"]]


class TestWriting:
    def test_a_new_article_is_a_draft_that_only_the_newsroom_sees(self, client, writer):
        response = client.post(ADD, fields(make_category()), follow=True)
        edition = Edition.objects.get()
        assert (edition.title, edition.state) == ("Đảng ủy Khối họp", State.DRAFT)
        assert edition.created_by == writer
        assert messages(response) == ["Đã lưu bản nháp. Chỉ tòa soạn thấy."]
        assert response.redirect_chain == [(change(edition.article), 302)]
        assert client.get(edition.article.get_absolute_url()).status_code == 302
        client.logout()
        assert client.get(edition.article.get_absolute_url()).status_code == 404

    def test_title_and_category_are_required_and_nothing_else(self, client, writer):
        response = client.post(ADD, fields(title=" "))
        assert set(errors(response)) == {"title", "category"}
        assert "Nội dung." in text_of(response)
        assert not Article.objects.exists()

    @pytest.mark.parametrize("title", ["\u200b\u200b", "“…”", "\u0301"])
    def test_a_title_without_a_letter_is_no_title(self, client, writer, title):
        response = client.post(ADD, fields(make_category(), title=title))
        assert set(errors(response)) == {"title"}

    def test_nothing_in_the_form_speaks_of_editions(self, client, publisher):
        article = make_article()
        for address in (ADD, change(article), LIST):
            assert "phiên bản" not in text_of(client.get(address)).lower()

    def test_a_scalable_form_has_no_giant_select(self, client, writer):
        for number in range(30):
            make_unit(f"Chi bộ cơ sở {number}")
        assert "Chi bộ cơ sở" not in text_of(client.get(ADD))

    def test_looking_at_a_live_article_creates_nothing(self, client, writer):
        article = make_article()
        assert client.get(change(article)).status_code == 200
        assert Edition.objects.count() == 1

    def test_saving_a_live_article_unchanged_makes_no_revision(self, client, writer):
        at = timezone.now() - timedelta(days=400, seconds=33)
        article = make_article(at=at, body="<p>Chữ <strong>đậm</strong>.</p>")
        # The editor adds line ends and entities of its own.
        body = "<p>Chữ&nbsp;<b>đậm</b>.</p>\r\n"
        response = client.post(change(article), opened(client, article, body=body), follow=True)
        assert Edition.objects.count() == 1
        assert messages(response) == ["Không có gì thay đổi nên không có gì phải lưu."]

    def test_changing_a_live_article_leaves_readers_their_text(self, client, writer):
        article = make_article("Tên cũ")
        response = client.post(
            change(article), opened(client, article, title="Tên mới"), follow=True
        )
        assert messages(response) == ["Đã lưu bản sửa. Bạn đọc vẫn thấy bản đang đăng."]
        article.refresh_from_db()
        assert article.live.title == "Tên cũ"
        assert article.open_edition().title == "Tên mới"
        client.post(change(article), opened(client, article, title="Tên mới nữa"))
        assert article.editions.count() == 2

    def test_a_title_typed_with_loose_marks_is_no_change(self, client, writer):
        article = make_article("Họp")
        client.post(change(article), opened(client, article, title="Họp"))
        assert article.editions.count() == 1

    def test_pictures_pasted_into_the_text_come_into_the_library(self, client, writer):
        data = b64encode(picture_file().read()).decode()
        body = f'<p>Ảnh</p><p><img src="data:image/jpeg;base64,{data}" alt="Họp"></p>'
        client.post(ADD, fields(make_category(), body=body))
        photo = Photo.objects.get()
        assert f'<img src="{photo.url}"' in Edition.objects.get().body
        assert photo.created_by == writer

    def test_a_broken_pasted_picture_is_an_error_at_the_text(self, client, writer):
        body = '<p><img src="data:image/png;base64,AAAA"></p>'
        response = client.post(ADD, fields(make_category(), body=body))
        assert "không phải là ảnh" in errors(response)["body"][0]

    def test_pictures_of_other_sites_are_left_out_and_counted(self, client, writer):
        body = '<p>Chữ</p><img src="https://example.com/a.jpg"><IMG src="file:///b.png">'
        response = client.post(ADD, fields(make_category(), body=body), follow=True)
        assert messages(response)[0].startswith("2 ảnh dán từ nơi khác không được đưa vào bài.")
        assert Edition.objects.get().body == "<p>Chữ</p>"

    @pytest.mark.parametrize("number", ["abc", "0", "9" * 40, "-1", "1; drop", "²"])
    def test_a_photo_that_does_not_exist_is_refused(self, client, writer, number):
        response = client.post(ADD, fields(make_category(), lead_photo=number))
        assert "lead_photo" in errors(response)

    def test_what_was_chosen_is_shown_again(self, client, writer):
        article = make_article(lead_photo=make_photo(caption="Quang cảnh"), unit=make_unit("Báo"))
        page = text_of(client.get(change(article)))
        assert article.live.lead_photo.url in page
        assert "Báo" in page


class TestRights:
    def test_strangers_are_led_to_the_sign_in(self, client):
        assert client.get(LIST).status_code == 302

    def test_staff_without_rights_are_refused(self, client):
        article = make_draft().article
        client.force_login(make_user())
        for address in (LIST, ADD, change(article)):
            assert client.get(address).status_code == 403
        assert client.post(ADD, fields(make_category())).status_code == 403

    def test_who_may_only_look_changes_nothing(self, client):
        article = make_draft("Chỉ để xem").article
        client.force_login(make_user("news.view_article"))
        response = client.get(change(article))
        assert "Chỉ để xem" in text_of(response)
        assert "_save" not in text_of(response)
        assert client.post(change(article), fields(make_category())).status_code == 403

    def test_a_contributor_is_offered_no_publication(self, client, writer):
        page = text_of(client.get(change(make_article())))
        assert 'name="_save"' in page
        assert 'name="_publish"' not in page
        assert "Gỡ bài" not in page

    def test_a_forged_publication_is_refused_and_the_text_kept(self, client, writer):
        response = client.post(ADD, fields(make_category(), "_publish"), follow=True)
        edition = Edition.objects.get()
        assert edition.state == State.DRAFT
        assert "chưa được giao quyền đăng" in messages(response)[0]

    @pytest.mark.parametrize("what", ["_unschedule", "_publish"])
    def test_a_contributor_does_not_touch_what_is_scheduled(self, client, writer, what):
        draft = make_draft(publish_at=timezone.now() + timedelta(days=1))
        move(draft, Action.SCHEDULE)
        assert "chỉ người có quyền đăng mới sửa được" in text_of(client.get(change(draft.article)))
        answer = client.post(change(draft.article), fields(draft.category, what))
        assert answer.status_code == 403

    def test_a_contributor_does_not_withdraw(self, client, writer):
        article = make_article()
        address = reverse("admin:news_article_withdraw", args=[article.pk])
        assert client.get(address).status_code == 403
        assert client.post(address, {"reason": "Sai"}).status_code == 403
        article.refresh_from_db()
        assert article.live


class TestPublishing:
    def test_a_new_article_goes_live_with_one_button(self, client, publisher):
        response = client.post(ADD, fields(make_category(), "_publish"), follow=True)
        article = Article.objects.get()
        assert f'href="{article.get_absolute_url()}"' in messages(response)[0]
        assert client.get(article.get_absolute_url()).status_code == 200
        entry = AuditEntry.objects.get()
        assert (entry.action, entry.actor) == (Action.PUBLISH, publisher)

    def test_an_hour_ahead_schedules(self, client, publisher):
        at = (timezone.now() + timedelta(days=2)).replace(second=0, microsecond=0)
        response = client.post(ADD, fields(make_category(), "_publish", publish_at=at), follow=True)
        edition = Edition.objects.get()
        assert (edition.state, edition.publish_at) == (State.APPROVED, at)
        assert f"lúc {timezone.localtime(at):%H:%M ngày %d/%m/%Y}" in messages(response)[0]

    def test_an_hour_gone_by_dates_an_old_story(self, client, publisher):
        at = (timezone.now() - timedelta(days=900)).replace(second=0, microsecond=0)
        client.post(ADD, fields(make_category(), "_publish", publish_at=at))
        assert Article.objects.get().published_at == at

    def test_what_is_not_fit_stays_a_draft_and_says_why(self, client, publisher):
        photo = make_photo(alt="")
        response = client.post(
            ADD, fields(make_category(), "_publish", lead_photo=photo.pk, body=""), follow=True
        )
        assert Edition.objects.get().state == State.DRAFT
        assert [words[:20] for words in messages(response)] == [
            "Bài chưa có nội dung",
            "Ảnh chính chưa có mô",
        ]

    def test_a_revision_replaces_the_live_text(self, client, publisher):
        article = make_article("Tên cũ")
        client.post(change(article), opened(client, article, "_publish", title="Tên mới"))
        article.refresh_from_db()
        assert (article.live.title, article.open_edition()) == ("Tên mới", None)

    def test_publishing_an_unchanged_live_article_is_refused(self, client, publisher):
        article = make_article()
        response = client.post(change(article), opened(client, article, "_publish"), follow=True)
        assert "“đang đăng”" in messages(response)[0]
        assert AuditEntry.objects.count() == 1

    def test_the_second_of_two_publishers_is_told(self, client, publisher):
        article = make_draft().article
        second = opened(client, article, "_publish")
        client.post(change(article), opened(client, article, "_publish"))
        response = client.post(change(article), second, follow=True)
        assert "“đang đăng”" in messages(response)[-1]
        assert AuditEntry.objects.filter(action=Action.PUBLISH).count() == 1

    def test_scheduling_can_be_taken_back(self, client, publisher):
        draft = make_draft(publish_at=timezone.now() + timedelta(days=1))
        move(draft, Action.SCHEDULE)
        client.post(change(draft.article), opened(client, draft.article, "_unschedule"))
        draft.refresh_from_db()
        assert draft.state == State.DRAFT

    def test_a_scheduled_article_can_be_corrected_and_stays_scheduled(self, client, publisher):
        draft = make_draft(publish_at=timezone.now() + timedelta(days=1))
        move(draft, Action.SCHEDULE)
        client.post(change(draft.article), opened(client, draft.article, title="Sửa"))
        draft.refresh_from_db()
        assert (draft.title, draft.state) == ("Sửa", State.APPROVED)

    def test_a_scheduled_article_can_go_live_at_once(self, client, publisher):
        draft = make_draft(publish_at=timezone.now() + timedelta(days=1))
        move(draft, Action.SCHEDULE)
        hourless = {"publish_at_0": "", "publish_at_1": ""}
        client.post(change(draft.article), opened(client, draft.article, "_publish", **hourless))
        draft.refresh_from_db()
        assert draft.state == State.LIVE

    @pytest.mark.parametrize("hour", [("", ""), ("01/02/2020", "08:00")])
    def test_a_scheduled_article_needs_an_hour_ahead(self, client, publisher, hour):
        draft = make_draft(publish_at=timezone.now() + timedelta(days=1))
        move(draft, Action.SCHEDULE)
        sent = opened(client, draft.article, publish_at_0=hour[0], publish_at_1=hour[1])
        assert (
            "giờ trong tương lai"
            in errors(client.post(change(draft.article), sent))["publish_at"][0]
        )

    def test_a_withdrawn_article_can_come_back(self, client, publisher):
        article = make_article()
        move(article.live, Action.WITHDRAW, reason="Sai số liệu.")
        client.post(change(article), opened(client, article, "_publish", title="Đã sửa"))
        article.refresh_from_db()
        assert article.live.title == "Đã sửa"
        assert not article.withdrawn

    @pytest.mark.parametrize("hour", [("32/01/2024", "08:00"), ("01/02/2024", "25:00"), ("x", "")])
    def test_an_impossible_hour_is_an_error_at_its_field(self, client, publisher, hour):
        sent = fields(make_category(), publish_at_0=hour[0], publish_at_1=hour[1])
        assert "publish_at" in errors(client.post(ADD, sent))

    @pytest.mark.parametrize("day", ["01/01/0001", "15/07/0203", "31/12/1899"])
    def test_a_slip_in_the_year_is_an_error_at_its_field(self, client, publisher, day):
        sent = fields(make_category(), "_publish", publish_at_0=day, publish_at_1="00:00")
        assert "publish_at" in errors(client.post(ADD, sent))
        assert not Article.objects.exists()


class TestWithdrawing:
    def address(self, article):
        return reverse("admin:news_article_withdraw", args=[article.pk])

    def test_the_reason_is_what_readers_see(self, client, publisher):
        article = make_article()
        response = client.post(self.address(article), {"reason": "Số liệu chưa đúng."})
        assert response["Location"] == change(article)
        gone = client.get(article.get_absolute_url())
        assert gone.status_code == 410
        assert "Số liệu chưa đúng." in text_of(gone)

    def test_without_a_reason_it_is_refused(self, client, publisher):
        article = make_article()
        for reason in (" ", "\x00"):
            response = client.post(self.address(article), {"reason": reason})
            assert "Hãy ghi lý do" in text_of(response)
        article.refresh_from_db()
        assert article.live

    def test_what_is_not_public_cannot_be_withdrawn(self, client, publisher):
        response = client.post(self.address(make_draft().article), {"reason": "Sai"})
        assert "không đăng nên không cần gỡ" in text_of(response)

    def test_a_scheduled_revision_does_not_bring_it_back(self, client, publisher):
        article = make_article()
        revision = article.revise(by=None)
        revision.publish_at = timezone.now() + timedelta(hours=1)
        revision.save()
        move(revision, Action.SCHEDULE)
        client.post(self.address(article), {"reason": "Sai"})
        revision.refresh_from_db()
        assert revision.state == State.DRAFT


class TestTwoAtOnce:
    def test_what_somebody_else_wrote_is_not_overwritten_unseen(self, client, publisher):
        article = make_draft("Bản đầu").article
        mine = opened(client, article, title="Của tôi", body="<p>Của tôi.</p>")
        other = make_user(*WRITER, username="nguoi-khac", last_name="Minh Anh")
        client.force_login(other)
        client.post(change(article), opened(client, article, title="Của người khác"))

        client.force_login(publisher)
        warned = client.post(change(article), mine)
        page = text_of(warned)
        assert "Minh Anh đã sửa hoặc đăng bài này lúc" in page
        assert "Của tôi</textarea>" in page
        assert article.working_edition().title == "Của người khác"

        stamp = warned.context["adminform"].form["stamp"].value()
        client.post(change(article), {**mine, "stamp": stamp})
        assert article.working_edition().title == "Của tôi"

    def test_text_typed_while_another_published_is_not_lost(self, client, publisher):
        draft = make_draft("Bản đầu")
        mine = opened(client, draft.article, title="Của tôi")
        move(draft, Action.PUBLISH)
        warned = client.post(change(draft.article), mine)
        assert "Của tôi</textarea>" in text_of(warned)
        stamp = warned.context["adminform"].form["stamp"].value()
        client.post(change(draft.article), {**mine, "stamp": stamp})
        draft.refresh_from_db()
        assert draft.title == "Bản đầu"
        assert draft.article.open_edition().title == "Của tôi"

    def test_a_form_without_its_stamp_overwrites_nothing(self, client, writer):
        article = make_draft("Bản đầu").article
        sent = {**opened(client, article, title="Khác"), "stamp": ""}
        assert client.post(change(article), sent).status_code == 200
        assert article.working_edition().title == "Bản đầu"

    def test_the_browser_learns_which_copy_is_stored(self, client, writer):
        token = "0a1b2c3d-0000-4000-8000-0a1b2c3d4e5f"
        response = client.post(ADD, fields(make_category(), autosave=token))
        assert response.cookies["portal_saved"].value == token
        response = client.post(ADD, fields(make_category(), autosave="x; path=/"))
        assert "portal_saved" not in response.cookies

    def test_a_refused_form_keeps_its_copy(self, client, writer):
        token = "0a1b2c3d-0000-4000-8000-0a1b2c3d4e5f"
        response = client.post(ADD, fields(autosave=token))
        assert "portal_saved" not in response.cookies
        assert f'value="{token}"' in text_of(response)


class TestDeleting:
    def address(self, article):
        return reverse("admin:news_article_delete", args=[article.pk])

    def test_a_draft_can_be_deleted(self, client, writer):
        article = make_draft("Bỏ đi").article
        assert "Bỏ đi" in text_of(client.get(self.address(article)))
        client.post(self.address(article), {"post": "yes"})
        assert not Article.objects.exists()

    def test_what_readers_have_seen_cannot(self, client, publisher):
        live, withdrawn = make_article(), make_article()
        move(withdrawn.live, Action.WITHDRAW, reason="Sai")
        for article in (live, withdrawn):
            assert "Xóa bản nháp" not in text_of(client.get(change(article)))
            assert client.post(self.address(article), {"post": "yes"}).status_code == 403
        assert Article.objects.count() == 2

    def test_a_contributor_does_not_delete_what_is_scheduled(self, client, writer):
        draft = make_draft(publish_at=timezone.now() + timedelta(days=1))
        move(draft, Action.SCHEDULE)
        assert client.post(self.address(draft.article), {"post": "yes"}).status_code == 403
        assert Article.objects.exists()

    def test_there_is_no_bulk_deletion(self, client, publisher):
        draft = make_draft()
        client.post(
            LIST, {"action": "delete_selected", "_selected_action": [draft.article_id], "post": "y"}
        )
        assert Article.objects.exists()


class TestList:
    def test_it_shows_each_article_once_with_its_status(self, client, publisher):
        make_draft("Nháp một")
        revised = make_article("Bài có bản sửa")
        draft = revised.revise(by=None)
        draft.title = "Bài có bản sửa, tên mới"
        draft.save()
        gone = make_article("Bài đã gỡ")
        move(gone.live, Action.WITHDRAW, reason="Sai")
        scheduled = make_draft("Bài hẹn giờ", publish_at=timezone.now() + timedelta(days=1))
        move(scheduled, Action.SCHEDULE)
        make_article("Bài đang đăng")
        page = text_of(client.get(LIST))
        assert page.count('class="field-headline"') == 5
        for words in (
            "Nháp một",
            "Bài có bản sửa, tên mới",
            ">Bản nháp<",
            ">Hẹn giờ đăng<",
            ">Đang đăng<",
            ">Đang đăng, có bản sửa<",
            ">Đã gỡ<",
        ):
            assert words in page

    @pytest.mark.parametrize(
        ("status", "found"),
        [
            ("nhap", ["Nháp"]),
            ("hen-gio", ["Hẹn"]),
            ("dang", ["Sửa", "Đăng"]),
            ("sua", ["Sửa"]),
            ("go", ["Gỡ"]),
            ("bậy", ["Nháp", "Hẹn", "Gỡ", "Sửa", "Đăng"]),
        ],
    )
    def test_it_can_be_narrowed_by_status(self, client, publisher, status, found):
        make_article("Đăng")
        make_article("Sửa").revise(by=None)
        move(make_article("Gỡ").live, Action.WITHDRAW, reason="Sai")
        scheduled = make_draft("Hẹn", publish_at=timezone.now() + timedelta(days=1))
        move(scheduled, Action.SCHEDULE)
        make_draft("Nháp")
        assert sorted(self.titles(client, {"tinh-trang": status})) == sorted(found)

    def titles(self, client, query):
        rows = client.get(LIST, query).context["cl"].result_list
        return [row.working_edition().title for row in rows]

    def test_the_newest_work_comes_first(self, client, publisher):
        old = make_article("Cũ", at=timezone.now() - timedelta(days=9))
        make_article("Mới", at=timezone.now() - timedelta(days=3))
        assert self.titles(client, {}) == ["Mới", "Cũ"]
        old.revise(by=None)
        assert self.titles(client, {}) == ["Cũ", "Mới"]

    def test_a_section_includes_its_subsections_and_drafts_moved_there(self, client, publisher):
        section = make_category("Xây dựng Đảng")
        child = make_category("Tổ chức", parent=section)
        other = make_category("Khác")
        make_article("Con", category=child)
        make_article("Ngoài", category=other)
        moved = make_draft("Chuyển", category=other)
        moved.category = section
        moved.save()
        assert sorted(self.titles(client, {"chuyen-muc": section.pk})) == ["Chuyển", "Con"]

    def test_months_are_those_of_vietnam(self, client, publisher):
        new_year = timezone.make_aware(timezone.datetime(2024, 1, 1, 0, 30))
        make_article("Năm mới", at=new_year)
        make_article("Năm cũ", at=new_year - timedelta(hours=1))
        assert self.titles(client, {"thoi-gian": "2024-01"}) == ["Năm mới"]
        assert self.titles(client, {"thoi-gian": "2023-12"}) == ["Năm cũ"]
        assert len(self.titles(client, {"thoi-gian": "2023-13"})) == 2

    @pytest.mark.parametrize(
        "query", ["xay dung dang", "Xây dựng Đảng", "ĐẢNG xây", "hop tong ket", "xây dựng"]
    )
    def test_search_ignores_diacritics_and_wants_every_word(self, client, publisher, query):
        make_article("Công tác xây dựng Đảng", summary="Hội nghị họp tổng kết")
        make_article("Xây cầu")
        assert self.titles(client, {"q": query}) == ["Công tác xây dựng Đảng"]

    def test_search_finds_the_number_of_an_article(self, client, publisher):
        article = make_article("Theo số")
        make_article("Khác")
        assert self.titles(client, {"q": str(article.pk)}) == ["Theo số"]

    @pytest.mark.parametrize("query", ["%", "_", "9" * 40, "'", '"', "\\", "²", "a\x00b"])
    def test_odd_searches_are_answered(self, client, publisher, query):
        make_article()
        assert client.get(LIST, {"q": query}).status_code in (200, 302)

    def test_search_does_not_find_what_was_replaced(self, client, publisher):
        article = make_article("Tên cũ")
        client.post(change(article), opened(client, article, "_publish", title="Tên mới"))
        assert self.titles(client, {"q": "ten cu"}) == []

    def test_its_queries_do_not_grow(self, client, publisher, django_assert_max_num_queries):
        unit = make_unit()
        for _ in range(5):
            make_article(unit=unit, lead_photo=make_photo()).revise(by=None)
        client.get(LIST)
        with django_assert_max_num_queries(15) as few:
            client.get(LIST)
        for _ in range(45):
            make_article(unit=make_unit(), lead_photo=make_photo(size=(8, 8))).revise(by=None)
        with django_assert_max_num_queries(len(few)):
            assert len(client.get(LIST).context["cl"].result_list) == 50

    def test_counting_stops_early(self, django_assert_num_queries):
        for _ in range(3):
            make_article()
        with django_assert_num_queries(1) as asked:
            assert BoundedPaginator(Article.objects.all(), 50).count == 3
        assert f"LIMIT {BoundedPaginator.LIMIT}" in asked.captured_queries[0]["sql"]
        assert issubclass(BoundedPaginator, Paginator)


class TestFurtherPages:
    def test_the_preview_frames_the_public_page(self, client, writer):
        response = client.post(ADD, fields(make_category(), "_preview"), follow=True)
        article = Article.objects.get()
        preview = reverse("news:preview", args=[article.pk])
        assert text_of(response).count(f'<iframe src="{preview}"') == 2
        assert "frame-src 'self'" in response["Content-Security-Policy"]
        framed = client.get(preview)
        assert framed["X-Frame-Options"] == "SAMEORIGIN"
        assert "frame-ancestors 'self'" in framed["Content-Security-Policy"]
        assert "unsafe-inline" not in framed["Content-Security-Policy"]

    def test_only_the_preview_may_be_framed(self, client, writer):
        article = make_article()
        for address in (article.get_absolute_url(), change(article), LIST):
            response = client.get(address)
            assert response["X-Frame-Options"] == "DENY"
            assert "frame-ancestors 'none'" in response["Content-Security-Policy"]

    def test_the_preview_is_for_who_may_look(self, client):
        draft = make_draft()
        client.force_login(make_user())
        address = reverse("admin:news_article_preview", args=[draft.article_id])
        assert client.get(address).status_code == 403
        client.force_login(make_user("news.view_article"))
        assert client.get(address).status_code == 200
        assert client.post(address).status_code == 405
        assert client.get(reverse("admin:news_article_preview", args=[0])).status_code == 404
        client.force_login(make_user("news.change_article"))
        for page in (address, reverse("news:preview", args=[draft.article_id])):
            assert client.get(page).status_code == 200

    def test_the_history_tells_who_did_what_and_why(self, client, publisher):
        article = make_draft().article
        client.post(change(article), opened(client, article, "_publish", title="Tên khác"))
        client.post(
            reverse("admin:news_article_withdraw", args=[article.pk]), {"reason": "Sai số liệu."}
        )
        page = text_of(client.get(reverse("admin:news_article_history", args=[article.pk])))
        for words in ("Thu Hà", "Đăng", "Gỡ", "Sai số liệu.", "Tiêu đề"):
            assert words in page

    @pytest.mark.parametrize("pk", ["0", "abc", "²", "9" * 30])
    def test_pages_of_no_article(self, client, publisher, pk):
        assert client.get(f"{LIST}{pk}/history/", follow=True).status_code in (200, 404)
        assert client.get(f"{LIST}{pk}/change/", follow=True).status_code in (200, 404)


class TestCategoriesAndUnits:
    def found(self, client, field, term):
        query = {"app_label": "news", "model_name": "edition", "field_name": field, "term": term}
        results = client.get(reverse("admin:autocomplete"), query).json()["results"]
        return [result["text"] for result in results]

    def test_categories_are_found_without_diacritics(self, client, writer):
        make_category("Xây dựng Đảng")
        make_category("Tuyên giáo")
        assert self.found(client, "category", "dang") == ["Xây dựng Đảng"]
        assert len(self.found(client, "category", "")) == 2

    def test_only_active_units_are_offered(self, client, writer):
        make_unit("Đảng bộ Báo Trà Vinh")
        former = make_unit("Đảng bộ cũ")
        former.active = False
        former.save()
        assert self.found(client, "unit", "dang bo") == ["Đảng bộ Báo Trà Vinh"]
        assert self.found(client, "unit", "a\x00") in ([], ["Đảng bộ Báo Trà Vinh"])

    def test_the_address_of_a_category_follows_from_its_name(self, client):
        client.force_login(make_user("news.add_category", "news.view_category"))
        sent = {"name": "Đảng ủy Khối", "slug": "", "order": 1}
        client.post(reverse("admin:news_category_add"), sent)
        assert Category.objects.get().slug == "dang-uy-khoi"

    def test_a_used_category_cannot_be_deleted(self, client):
        article = make_article()
        client.force_login(make_user("news.delete_category", "news.view_category"))
        address = reverse("admin:news_category_delete", args=[article.category_id])
        response = client.post(address, {"post": "yes"})
        assert response.status_code in (200, 403)
        article.refresh_from_db()
        assert article.category
