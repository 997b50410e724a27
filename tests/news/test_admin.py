"""The newsroom's “Bài viết”: one form, and buttons that say what happens next."""

from base64 import b64encode
from datetime import timedelta

import pytest
from django.core.paginator import Paginator
from django.db import IntegrityError, connection
from django.urls import reverse
from django.utils import timezone

from core.audit import AuditEntry
from core.media import Photo
from core.newsroom import BoundedPaginator
from core.publishing import move
from core.remarks import Remark, remark
from core.workflow import Action, State
from news.models import Article, Category, Edition
from tests.factories import (
    make_article,
    make_category,
    make_draft,
    make_person,
    make_photo,
    make_unit,
    make_user,
    picture_file,
)

pytestmark = pytest.mark.django_db

LIST = reverse("admin:news_article_changelist")
ADD = reverse("admin:news_article_add")


@pytest.fixture
def writer(client):
    user = make_person("Cộng tác viên", make_unit("Báo"), username="cong-tac-vien")
    client.force_login(user)
    return user


@pytest.fixture
def leader(client):
    user = make_person("Lãnh đạo", username="lanh-dao")
    user.last_name = "Thu Hà"
    user.save()
    client.force_login(user)
    return user


def of(writer):
    """The unit that `writer` writes for."""
    return writer.assignments.get().unit


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
        "summary": "Đảng ủy Khối họp thường kỳ.",
        "body": "<p>Nội dung.</p>",
        "category": category.pk if category else "",
        "lead_photo": "",
        "pen_name": "",
        "unit": "",
        "source_name": "",
        "source_url": "",
        "publish_at_0": f"{local:%d/%m/%Y}" if local else "",
        "publish_at_1": f"{local:%H:%M}" if local else "",
        "expire_at_0": "",
        "expire_at_1": "",
        button: "",
        **changes,
    }


def opened(client, article, button="_save", **changes):
    """Return an existing article as its form sends it when `changes` were typed."""
    form = client.get(change(article)).context["adminform"].form
    values = {name: form[name].value() for name in form.fields}
    for name in ("publish_at", "expire_at"):
        if at := values.pop(name):
            at = timezone.localtime(at)
            values |= {f"{name}_0": f"{at:%d/%m/%Y}", f"{name}_1": f"{at:%H:%M}"}
    return {name: "" if value is None else value for name, value in values.items()} | {
        button: "",
        **changes,
    }


def errors(response):
    return response.context["adminform"].form.errors


def messages(response):
    return [str(message) for message in response.context["messages"]]


def submitted(**values):
    """An edition that waits for approval."""
    by = values.pop("by", None)
    return move(make_draft(by=by, **values), Action.SUBMIT)


def approved(**values):
    """An edition that waits for its hour."""
    values.setdefault("publish_at", timezone.now() + timedelta(days=1))
    return move(submitted(**values), Action.APPROVE)


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

    def test_nothing_in_the_form_speaks_of_editions(self, client, leader):
        article = make_article()
        for address in (ADD, change(article), LIST):
            assert "phiên bản" not in text_of(client.get(address)).lower()

    def test_a_scalable_form_has_no_giant_select(self, client, writer):
        for number in range(30):
            make_unit(f"Chi bộ cơ sở {number}")
        assert "Chi bộ cơ sở" not in text_of(client.get(ADD))

    def test_looking_at_a_live_article_creates_nothing(self, client, writer):
        article = make_article(unit=of(writer))
        assert client.get(change(article)).status_code == 200
        assert Edition.objects.count() == 1

    def test_saving_a_live_article_unchanged_makes_no_revision(self, client, writer):
        at = timezone.now() - timedelta(days=400, seconds=33)
        article = make_article(at=at, unit=of(writer), body="<p>Chữ <strong>đậm</strong>.</p>")
        # The editor adds line ends and entities of its own.
        body = "<p>Chữ&nbsp;<b>đậm</b>.</p>\r\n"
        response = client.post(change(article), opened(client, article, body=body), follow=True)
        assert Edition.objects.count() == 1
        assert messages(response) == ["Không có gì thay đổi nên không có gì phải lưu."]

    def test_changing_a_live_article_leaves_readers_their_text(self, client, writer):
        article = make_article("Tên cũ", unit=of(writer))
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
        article = make_article("Họp", unit=of(writer))
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
        article = make_article(lead_photo=make_photo(caption="Quang cảnh"), unit=of(writer))
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

    def test_who_may_only_look_changes_nothing(self, client, writer):
        draft = make_draft("Chỉ để xem", unit=of(writer))
        move(draft, Action.SUBMIT, by=writer)
        response = client.get(change(draft.article))
        assert "Chỉ để xem" in text_of(response)
        assert f'<div class="shown-text">{draft.body}</div>' in text_of(response)
        assert 'name="_save"' not in text_of(response)
        client.post(change(draft.article), fields(draft.category, title="Ghi đè"))
        draft.refresh_from_db()
        assert draft.title == "Chỉ để xem"
        assert "Rút về sửa" in text_of(response)

    @pytest.mark.parametrize("button", ["_approve", "_publish", "_urgent", "_confirm"])
    def test_a_forged_publication_is_refused_and_the_text_kept(self, client, writer, button):
        client.post(ADD, fields(make_category(), button, unit=of(writer).pk), follow=True)
        assert Edition.objects.get().state == State.DRAFT

    def test_the_article_of_another_unit_is_as_good_as_absent(self, client, writer):
        hidden = make_article("Đơn vị khác")
        for page in ("change", "history", "preview", "bin", "deed"):
            extra = ["submit"] if page == "deed" else []
            address = reverse(f"admin:news_article_{page}", args=[hidden.pk, *extra])
            assert client.get(address, follow=False).status_code in (302, 404)
            assert "Đơn vị khác" not in text_of(client.get(address, follow=True))
        assert "Đơn vị khác" not in text_of(client.get(LIST, {"q": "don vi khac"}))


class TestPublishing:
    def test_a_text_goes_live_by_two_people_with_one_button_each(self, client, writer):
        category = make_category()
        said = messages(client.post(ADD, fields(category, "_submit"), follow=True))
        assert "Người phụ trách chuyên mục sẽ duyệt" in said[0]
        article = Article.objects.get()
        editor = make_person("Biên tập viên", category)
        client.force_login(editor)
        response = client.post(change(article), opened(client, article, "_approve"), follow=True)
        assert f'href="{article.get_absolute_url()}"' in messages(response)[0]
        assert client.get(article.get_absolute_url()).status_code == 200
        trail = AuditEntry.objects.order_by("pk").values_list("action", "actor")
        assert list(trail) == [
            (Action.CREATE, writer.pk),
            (Action.SUBMIT, writer.pk),
            (Action.APPROVE, editor.pk),
            (Action.PUBLISH, None),
        ]

    def test_what_the_checklist_finds_is_told_once(self, client, writer):
        draft = make_draft("Hội nghị về truyên truyền", by=writer, summary="Tóm tắt.")
        sent = opened(client, draft.article, "_submit")
        response = client.post(change(draft.article), sent, follow=True)
        assert len(messages(response)) == 1
        assert "còn 1 điều" in messages(response)[0]
        assert text_of(response).count('value="“truyên truyền” có lẽ là') == 1

    def test_old_fonts_are_converted_in_the_form_alone(self, client, writer):
        draft = make_draft("§¶ng bé Khèi", by=writer)
        page = client.get(change(draft.article))
        assert 'data-convert="title"' in text_of(page)
        address = page.context["convert_url"]
        for field, given, turned in (
            ("title", "§¶ng bé Khèi", "Đảng bộ Khối"),
            ("body", "<p>§¶ng bé Khèi</p>", "<p>Đảng bộ Khối</p>"),
        ):
            answer = client.post(address, {"field": field, "text": given})
            assert answer.json() == {"text": turned}
        draft.refresh_from_db()
        assert draft.title == "§¶ng bé Khèi"
        client.force_login(make_user())
        assert client.post(address, {"field": "title", "text": "a"}).status_code == 403

    def test_whoever_wrote_is_told_who_else_may_approve(self, client, leader):
        client.post(ADD, fields(make_category(), "_submit"))
        article = Article.objects.get()
        page = text_of(client.get(change(article)))
        assert "Bạn đã góp phần vào bản này nên không tự duyệt được." in page
        assert "Chưa có ai khác được giao duyệt" in page
        other = make_person("Biên tập viên", article.category, username="nguoi-duyet")
        assert f"Người duyệt được: {other.username}." in text_of(client.get(change(article)))
        client.post(change(article), opened(client, article, "_approve"))
        assert article.working_edition().state == State.SUBMITTED

    def test_who_only_sets_the_hour_may_still_approve(self, client, leader):
        draft = submitted()
        at = (timezone.now() + timedelta(days=2)).replace(second=0, microsecond=0)
        local = timezone.localtime(at)
        hour = {"publish_at_0": f"{local:%d/%m/%Y}", "publish_at_1": f"{local:%H:%M}"}
        sent = opened(client, draft.article, "_approve", **hour)
        response = client.post(change(draft.article), sent, follow=True)
        draft.refresh_from_db()
        assert (draft.state, draft.publish_at) == (State.APPROVED, at)
        assert f"lúc {local:%H:%M ngày %d/%m/%Y}" in messages(response)[0]

    def test_an_hour_gone_by_dates_an_old_story(self, client, leader):
        at = (timezone.now() - timedelta(days=900)).replace(second=0, microsecond=0)
        draft = submitted(publish_at=at)
        client.post(change(draft.article), opened(client, draft.article, "_approve"))
        assert Article.objects.get().published_at == at

    def test_what_is_not_fit_stays_a_draft_and_says_why(self, client, writer):
        photo = make_photo(alt="")
        sent = fields(make_category(), "_submit", lead_photo=photo.pk, body="")
        response = client.post(ADD, sent, follow=True)
        assert Edition.objects.get().state == State.DRAFT
        said = text_of(response)
        assert "Bài chưa có nội dung" in said
        assert "chưa có mô tả" in said

    def test_a_warning_is_accepted_by_name_and_then_no_more_asked(self, client, writer):
        client.post(ADD, fields(make_category(), "_submit", summary=""))
        article = Article.objects.get()
        page = client.get(change(article))
        warnings = [one.message for one in page.context["problems"] if not one.blocks]
        assert warnings
        assert 'name="acknowledge"' in text_of(page)
        sent = opened(client, article, "_submit", acknowledge=warnings)
        client.post(change(article), sent)
        assert article.working_edition().state == State.SUBMITTED
        accepted = AuditEntry.objects.filter(action=Action.ACKNOWLEDGE, actor=writer)
        assert sorted(accepted.values_list("reason", flat=True)) == sorted(warnings)

    def test_a_text_changed_after_approval_must_be_approved_again(self, client, leader):
        draft = approved()
        client.post(change(draft.article), opened(client, draft.article, title="Sửa"))
        draft.refresh_from_db()
        assert (draft.title, draft.state) == ("Sửa", State.SUBMITTED)

    @pytest.mark.parametrize("hour", [("", ""), ("01/02/2020", "08:00")])
    def test_a_scheduled_article_needs_an_hour_ahead(self, client, leader, hour):
        draft = approved()
        sent = opened(client, draft.article, publish_at_0=hour[0], publish_at_1=hour[1])
        found = errors(client.post(change(draft.article), sent))
        assert "giờ trong tương lai" in found["publish_at"][0]

    def test_a_scheduled_article_takes_another_hour_without_a_second_approval(self, client, leader):
        draft = approved()
        sent = opened(client, draft.article, publish_at_0="01/02/2099", publish_at_1="08:00")
        client.post(change(draft.article), sent)
        draft.refresh_from_db()
        assert (draft.state, draft.publish_at.year) == (State.APPROVED, 2099)

    def test_it_comes_down_at_its_hour_which_lies_after_it_went_up(self, client, leader):
        draft = submitted()
        early = {"expire_at_0": "01/02/2020", "expire_at_1": "08:00"}
        found = errors(client.post(change(draft.article), opened(client, draft.article, **early)))
        assert "sau giờ đăng" in found["expire_at"][0]
        late = {"expire_at_0": "01/02/2099", "expire_at_1": "08:00"}
        client.post(change(draft.article), opened(client, draft.article, "_approve", **late))
        draft.refresh_from_db()
        assert (draft.state, draft.expire_at.year) == (State.LIVE, 2099)

    @pytest.mark.parametrize("hour", [("32/01/2024", "08:00"), ("01/02/2024", "25:00"), ("x", "")])
    def test_an_impossible_hour_is_an_error_at_its_field(self, client, leader, hour):
        sent = fields(make_category(), publish_at_0=hour[0], publish_at_1=hour[1])
        assert "publish_at" in errors(client.post(ADD, sent))

    @pytest.mark.parametrize("day", ["01/01/0001", "15/07/0203", "31/12/1899"])
    def test_a_slip_in_the_year_is_an_error_at_its_field(self, client, leader, day):
        sent = fields(make_category(), "_submit", publish_at_0=day, publish_at_1="00:00")
        assert "publish_at" in errors(client.post(ADD, sent))
        assert not Article.objects.exists()


class TestCorrecting:
    def test_only_a_revision_asks_what_it_does_to_what_readers_saw(self, client, leader):
        assert "correction_note" not in text_of(client.get(ADD))
        assert "correction_note" not in text_of(client.get(change(make_draft().article)))
        assert "correction_note" in text_of(client.get(change(make_article())))

    def test_a_correction_needs_a_note_for_readers(self, client, leader):
        article = make_article()
        sent = opened(client, article, title="Số liệu đúng", change="substantive")
        found = errors(client.post(change(article), sent))
        assert "hãy ghi chú cho bạn đọc" in found["correction_note"][0]

    def test_readers_see_its_date_and_the_next_revision_begins_without(self, client, leader):
        article = make_article()
        note = "Số đảng viên là 721.618, không phải 721.681."
        sent = opened(client, article, "_submit", change="substantive", correction_note=note)
        client.post(change(article), sent)
        client.force_login(make_person("Lãnh đạo"))
        client.post(change(article), opened(client, article, "_approve"))
        today = timezone.localdate()
        page = text_of(client.get(article.get_absolute_url()))
        assert f"{today:%d/%m/%Y}</time>:</strong> {note}" in page
        form = client.get(change(article)).context["adminform"].form
        assert form["change"].value() == "minor"
        assert form["correction_note"].value() == ""
        assert Article.objects.get().editions.count() == 2


class TestReturning:
    def address(self, draft):
        return reverse("admin:news_article_deed", args=[draft.article_id, "return"])

    def sent(self, draft, **given):
        return {"stamp": draft.stamp(), "reason": "Thiếu nguồn.", **given}

    def test_the_reviewer_sees_the_text_and_boxes_without_a_script(self, client, leader):
        page = text_of(client.get(self.address(submitted(body="<p>Một câu.</p>"))))
        assert "<p>Một câu.</p>" in page
        assert page.count('name="quote"') == page.count('name="remark"') == 3

    def test_the_writer_finds_reason_and_remarks_and_ticks_them(self, client, leader):
        writer = make_person("Cộng tác viên", make_unit())
        draft = submitted(by=writer)
        given = {"quote": ["Nội dung bài viết.", ""], "remark": ["Câu này <b>cũ</b>.", "Đẹp."]}
        client.post(self.address(draft), self.sent(draft, **given))
        client.force_login(writer)
        page = text_of(client.get(change(draft.article)))
        for words in (
            "Thiếu nguồn.",
            "Nội dung bài viết.",
            "Câu này &lt;b&gt;cũ&lt;/b&gt;.",
            "Thu Hà",
        ):
            assert words in page
        first = Remark.objects.first()
        sent = opened(client, draft.article, settled=[first.pk, "²", "9" * 30])
        said = messages(client.post(change(draft.article), sent, follow=True))
        assert said == ["Đã ghi: 1 góp ý đã sửa xong."]
        assert [bool(one.settled_at) for one in Remark.objects.all()] == [True, False]
        assert AuditEntry.objects.filter(action=Action.REMARK).count() == 2
        client.post(change(draft.article), opened(client, draft.article, "_submit"))
        assert "Câu này" in text_of(client.get(change(draft.article)))

    def test_a_sentence_without_a_remark_returns_nothing(self, client, leader):
        draft = submitted()
        given = {"quote": ["Nội dung bài viết."], "remark": [" "]}
        page = text_of(client.post(self.address(draft), self.sent(draft, **given)))
        assert "Hãy ghi góp ý cho câu" in page
        assert "Thiếu nguồn.</textarea>" in page
        draft.refresh_from_db()
        assert draft.state == State.SUBMITTED
        assert not Remark.objects.exists()

    def test_a_remark_says_something(self, leader):
        with pytest.raises(IntegrityError, match="remark_says_something"):
            remark(make_draft(), [("Một câu.", "")], by=leader)

    def test_remarks_stay_with_their_text(self, client, leader):
        one, other = submitted(), submitted()
        given = {"quote": [""], "remark": ["Sửa tiêu đề."]}
        client.post(self.address(one), self.sent(one, **given))
        client.post(change(other.article), opened(client, other.article, settled=["1"]))
        made = Remark.objects.get()
        client.post(change(other.article), opened(client, other.article, settled=[made.pk]))
        made.refresh_from_db()
        assert made.settled_at is None


class TestWithdrawing:
    def address(self, article, action="withdraw"):
        return reverse("admin:news_article_deed", args=[article.pk, action])

    def sent(self, client, article, reason):
        return {"reason": reason, "stamp": client.get(self.address(article)).context["stamp"]}

    def test_the_reason_is_what_readers_see(self, client, leader):
        article = make_article()
        sent = self.sent(client, article, "Số liệu chưa đúng.")
        response = client.post(self.address(article), sent)
        assert response["Location"] == change(article)
        gone = client.get(article.get_absolute_url())
        assert gone.status_code == 410
        assert "Số liệu chưa đúng." in text_of(gone)

    def test_without_a_reason_it_is_refused(self, client, leader):
        article = make_article()
        for reason in (" ", "\x00"):
            response = client.post(self.address(article), self.sent(client, article, reason))
            assert "Hãy ghi lý do" in text_of(response)
        article.refresh_from_db()
        assert article.live

    def test_what_is_not_public_cannot_be_withdrawn(self, client, leader):
        response = client.get(self.address(make_draft().article), follow=True)
        assert "Việc này hiện không làm được" in messages(response)[0]

    def test_a_scheduled_revision_does_not_bring_it_back(self, client, leader):
        article = make_article()
        revision = article.revise(by=None)
        revision.publish_at = timezone.now() + timedelta(hours=1)
        revision.save()
        move(move(revision, Action.SUBMIT), Action.APPROVE)
        client.post(self.address(article), self.sent(client, article, "Sai"))
        revision.refresh_from_db()
        assert revision.state == State.RETURNED

    def test_a_withdrawn_article_comes_back_by_approval(self, client, leader):
        article = make_article()
        move(article.live, Action.WITHDRAW, reason="Sai số liệu.")
        move(article.revise(by=None), Action.SUBMIT)
        client.post(change(article), opened(client, article, "_approve"))
        article.refresh_from_db()
        assert article.live
        assert not article.withdrawn


class TestTwoAtOnce:
    """What happens to a text typed over a newer one stands in test_versions.py."""

    def test_a_form_without_its_stamp_overwrites_nothing(self, client, leader):
        article = make_draft("Bản đầu").article
        sent = {**opened(client, article, title="Khác"), "stamp": ""}
        client.post(change(article), sent)
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


class TestBin:
    def page(self, article, name):
        return reverse(f"admin:news_article_{name}", args=[article.pk])

    BIN = reverse("admin:news_article_bin_list")

    def test_a_draft_is_thrown_away_and_taken_back(self, client, writer):
        article = make_draft("Bỏ đi", unit=of(writer)).article
        assert self.page(article, "bin") in text_of(client.get(change(article)))
        assert "Bỏ đi" in text_of(client.get(self.page(article, "bin")))
        client.post(self.page(article, "bin"))
        assert client.get(change(article)).status_code == 302
        assert "Bỏ đi" not in text_of(client.get(LIST))
        assert "Bỏ đi" in text_of(client.get(self.BIN))
        assert client.get(self.page(article, "take_back")).status_code == 405
        client.post(self.page(article, "take_back"))
        assert "Bỏ đi" in text_of(client.get(change(article)))

    @pytest.mark.parametrize("state", ["live", "withdrawn", "submitted", "approved"])
    def test_nothing_else_can_be_thrown_away(self, client, leader, state):
        if state in ("live", "withdrawn"):
            article = make_article()
        else:
            article = (submitted() if state == "submitted" else approved()).article
        if state == "withdrawn":
            move(article.live, Action.WITHDRAW, reason="Sai")
        assert "thùng rác…" not in text_of(client.get(change(article)))
        client.post(self.page(article, "bin"))
        article.refresh_from_db()
        assert article.binned_at is None

    def test_only_an_administrator_empties_it_and_the_trail_stays(self, client, leader):
        article = make_draft("Bỏ hẳn").article
        client.post(self.page(article, "bin"))
        assert client.post(self.page(article, "delete_for_good")).status_code == 403
        client.force_login(make_person("Quản trị"))
        assert "Bỏ hẳn" in text_of(client.get(self.BIN))
        assert "Không lấy lại được" in text_of(client.get(self.page(article, "delete_for_good")))
        client.post(self.page(article, "delete_for_good"))
        assert not Article.objects.exists()
        assert AuditEntry.objects.filter(action=Action.DELETE, title="Bỏ hẳn").exists()

    def test_the_bin_of_others_is_closed(self, client, writer):
        article = make_draft("Của người khác").article
        article.binned_at = timezone.now()
        article.save()
        assert "Của người khác" not in text_of(client.get(self.BIN))
        for name in ("take_back", "delete_for_good"):
            assert client.post(self.page(article, name)).status_code == 404
        client.force_login(make_user())
        assert client.get(self.BIN).status_code == 403

    def test_django_deletes_nothing(self, client, leader):
        draft = make_draft()
        sent = {"action": "delete_selected", "_selected_action": [draft.article_id], "post": "y"}
        client.post(LIST, sent)
        assert client.post(self.page(draft.article, "delete"), {"post": "yes"}).status_code == 403
        assert Article.objects.exists()


class TestList:
    def test_it_shows_each_article_once_with_its_status(self, client, leader):
        make_draft("Nháp một")
        revised = make_article("Bài có bản sửa")
        draft = revised.revise(by=None)
        draft.title = "Bài có bản sửa, tên mới"
        draft.save()
        gone = make_article("Bài đã gỡ")
        move(gone.live, Action.WITHDRAW, reason="Sai")
        approved(title="Bài hẹn giờ")
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
            ("cho-duyet", ["Chờ"]),
            ("tra-lai", ["Trả"]),
            ("hen-gio", ["Hẹn"]),
            ("dang", ["Sửa", "Đăng", "Khẩn"]),
            ("khan", ["Khẩn"]),
            ("sua", ["Sửa"]),
            ("go", ["Gỡ"]),
            ("bậy", ["Nháp", "Hẹn", "Gỡ", "Sửa", "Đăng", "Chờ", "Trả", "Khẩn"]),
        ],
    )
    def test_it_can_be_narrowed_by_status(self, client, leader, status, found):
        make_article("Đăng")
        make_article("Sửa").revise(by=None)
        move(make_article("Gỡ").live, Action.WITHDRAW, reason="Sai")
        approved(title="Hẹn")
        submitted(title="Chờ")
        move(submitted(title="Trả"), Action.RETURN, reason="Thiếu")
        move(make_draft("Khẩn"), Action.URGENT, by=leader, reason="Gấp")
        make_draft("Nháp")
        assert sorted(self.titles(client, {"tinh-trang": status})) == sorted(found)

    def titles(self, client, query):
        rows = client.get(LIST, query).context["cl"].result_list
        return [row.working_edition().title for row in rows]

    def test_the_newest_work_comes_first(self, client, leader):
        old = make_article("Cũ", at=timezone.now() - timedelta(days=9))
        make_article("Mới", at=timezone.now() - timedelta(days=3))
        assert self.titles(client, {}) == ["Mới", "Cũ"]
        old.revise(by=None)
        assert self.titles(client, {}) == ["Cũ", "Mới"]

    def test_the_order_follows_every_step_and_the_loss_of_a_draft(self, client, leader):
        old = make_article("Cũ", at=timezone.now() - timedelta(days=9))
        new = make_article("Mới", at=timezone.now() - timedelta(days=3))
        revision = old.revise(by=None)
        Edition.objects.filter(pk=revision.pk).update(updated_at=timezone.now() - timedelta(days=6))
        assert self.titles(client, {}) == ["Mới", "Cũ"]
        revision.save()
        assert self.titles(client, {}) == ["Cũ", "Mới"]
        revision.delete()
        assert self.titles(client, {}) == ["Mới", "Cũ"]
        move(old.live, Action.WITHDRAW, reason="Sai")
        assert self.titles(client, {}) == ["Cũ", "Mới"]
        new.save()
        assert self.titles(client, {}) == ["Cũ", "Mới"]

    def test_work_on_a_revision_locks_no_count_of_months(self):
        revision = make_article("Bài").revise(by=None)
        before = self.versions_of_counts()
        revision.save()
        assert self.versions_of_counts() == before

    def versions_of_counts(self):
        with connection.cursor() as cursor:
            cursor.execute("SELECT xmin::text, xmax::text, ctid::text FROM news_monthcount")
            return cursor.fetchall()

    def test_a_section_includes_its_subsections_and_drafts_moved_there(self, client, leader):
        section = make_category("Xây dựng Đảng")
        child = make_category("Tổ chức", parent=section)
        other = make_category("Khác")
        make_article("Con", category=child)
        make_article("Ngoài", category=other)
        moved = make_draft("Chuyển", category=other)
        moved.category = section
        moved.save()
        assert sorted(self.titles(client, {"chuyen-muc": section.pk})) == ["Chuyển", "Con"]

    def test_months_are_those_of_vietnam(self, client, leader):
        new_year = timezone.make_aware(timezone.datetime(2024, 1, 1, 0, 30))
        make_article("Năm mới", at=new_year)
        make_article("Năm cũ", at=new_year - timedelta(hours=1))
        assert self.titles(client, {"thoi-gian": "2024-01"}) == ["Năm mới"]
        assert self.titles(client, {"thoi-gian": "2023-12"}) == ["Năm cũ"]
        assert len(self.titles(client, {"thoi-gian": "2023-13"})) == 2

    @pytest.mark.parametrize(
        "query", ["xay dung dang", "Xây dựng Đảng", "ĐẢNG xây", "hop tong ket", "xây dựng"]
    )
    def test_search_ignores_diacritics_and_wants_every_word(self, client, leader, query):
        make_article("Công tác xây dựng Đảng", summary="Hội nghị họp tổng kết")
        make_article("Xây cầu")
        assert self.titles(client, {"q": query}) == ["Công tác xây dựng Đảng"]

    def test_search_finds_the_number_of_an_article(self, client, leader):
        article = make_article("Theo số")
        make_article("Khác")
        assert self.titles(client, {"q": str(article.pk)}) == ["Theo số"]

    @pytest.mark.parametrize("query", ["%", "_", "9" * 40, "'", '"', "\\", "²", "a\x00b"])
    def test_odd_searches_are_answered(self, client, leader, query):
        make_article()
        assert client.get(LIST, {"q": query}).status_code in (200, 302)

    def test_search_does_not_find_what_was_replaced(self, client, leader):
        article = make_article("Tên xưa")
        revision = article.revise(by=None)
        revision.title = "Tên mới"
        revision.save()
        move(revision, Action.PUBLISH)
        assert self.titles(client, {"q": "ten xua"}) == []

    def test_its_queries_do_not_grow(self, client, leader, django_assert_max_num_queries):
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
        article = make_article(unit=of(writer))
        for address in (article.get_absolute_url(), change(article), LIST):
            response = client.get(address)
            assert response["X-Frame-Options"] == "DENY"
            assert "frame-ancestors 'none'" in response["Content-Security-Policy"]

    def test_the_preview_is_for_who_may_look(self, client, leader):
        draft = make_draft()
        address = reverse("admin:news_article_preview", args=[draft.article_id])
        for page in (address, reverse("news:preview", args=[draft.article_id])):
            assert client.get(page).status_code == 200
        assert client.post(address).status_code == 405
        assert client.get(reverse("admin:news_article_preview", args=[0])).status_code == 404
        for person in (make_user(), make_person("Cộng tác viên"), make_person("Quản trị")):
            client.force_login(person)
            assert client.get(address).status_code in (403, 404)

    def test_the_history_tells_who_did_what_and_why(self, client, leader):
        article = submitted().article
        client.post(change(article), opened(client, article, title="Tên khác"))
        address = reverse("admin:news_article_deed", args=[article.pk, "return"])
        stamp = article.open_edition().stamp()
        client.post(address, {"reason": "Sai số liệu.", "stamp": stamp})
        page = text_of(client.get(reverse("admin:news_article_history", args=[article.pk])))
        for words in ("Thu Hà", "Trả lại", "Sai số liệu.", "tiêu đề"):
            assert words in page

    @pytest.mark.parametrize("pk", ["0", "abc", "²", "9" * 30])
    def test_pages_of_no_article(self, client, leader, pk):
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
        assert self.found(client, "unit", "a\x00") in ([], ["Báo", "Đảng bộ Báo Trà Vinh"])

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
