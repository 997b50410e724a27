"""Nothing typed is ever lost: laid aside, compared, restored."""

import pytest
from django.urls import reverse

from core.audit import AuditEntry, contributors
from core.publishing import move
from core.snapshots import Snapshot, snapshots_of
from core.workflow import Action, State
from news.models import Article, Edition
from tests.factories import make_category, make_draft, make_person, make_photo, make_unit
from tests.news.test_admin import change, opened, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def category():
    return make_category("Xây dựng Đảng")


@pytest.fixture
def editor(client, category):
    user = make_person("Biên tập viên", category)
    client.force_login(user)
    return user


@pytest.fixture
def colleague(category):
    return make_person("Biên tập viên", category)


def page(name, article, *args):
    return reverse(f"admin:news_article_{name}", args=[article.pk, *args])


def restore(client, article, key, stamp=None):
    stamp = stamp or article.working_edition().stamp()
    return client.post(page("restore", article, key), {"stamp": stamp}, follow=True)


def said(response):
    return " ".join(str(message) for message in response.context["messages"])


class TestTwoAtOnce:
    def test_a_save_over_a_newer_text_keeps_both_and_shows_the_difference(
        self, client, editor, colleague, category
    ):
        article = make_draft("Bản đầu", category=category).article
        typed = opened(client, article, title="Của tôi", body="<p>Của tôi.</p>")
        client.force_login(colleague)
        client.post(change(article), opened(client, article, title="Của người khác"))
        client.force_login(editor)
        for _ in range(2):  # a second press does not overwrite either
            answer = client.post(change(article), typed, follow=True)
            assert article.working_edition().title == "Của người khác"
        aside = Snapshot.objects.filter(aside=True).latest("pk")
        assert (aside.by, aside.content["title"]) == (editor, "Của tôi")
        assert answer.redirect_chain == [(f"{page('compare', article)}?moi=l{aside.pk}", 302)]
        assert "Của người khác" in text_of(answer)
        assert "được giữ riêng" in said(answer)

        restore(client, article, f"l{aside.pk}")
        edition = article.working_edition()
        assert (edition.title, edition.body) == ("Của tôi", "<p>Của tôi.</p>")
        saved = [one.content["title"] for one in snapshots_of(edition).filter(aside=False)]
        assert saved == ["Của tôi", "Của người khác", "Bản đầu"]
        assert editor.pk in contributors(edition)

    def test_what_was_typed_while_another_published_is_kept(self, client, editor, category):
        draft = make_draft("Bản đầu", category=category)
        typed = opened(client, draft.article, title="Của tôi")
        move(draft, Action.PUBLISH)
        client.post(change(draft.article), typed)
        assert Edition.objects.count() == 1
        restore(client, draft.article, f"l{Snapshot.objects.get(aside=True).pk}")
        draft.refresh_from_db()
        assert (draft.title, draft.state) == ("Bản đầu", State.LIVE)
        assert draft.article.open_edition().title == "Của tôi"

    def test_what_a_contributor_typed_while_it_was_submitted_is_kept(self, client, category):
        unit = make_unit()
        author = make_person("Cộng tác viên", unit)
        draft = make_draft("Bản đầu", category=category, unit=unit, by=author)
        client.force_login(author)
        typed = opened(client, draft.article, title="Của tôi")
        draft = move(draft, Action.SUBMIT)
        answer = client.post(change(draft.article), typed, follow=True)
        assert draft.article.working_edition().title == "Bản đầu"
        aside = Snapshot.objects.get(aside=True)
        assert "làm bản đang viết</button>" not in text_of(answer)
        # What was not opened before it was submitted cannot be sent either.
        sent = {**typed, "stamp": draft.stamp(), "title": "Lén sửa"}
        client.post(change(draft.article), sent)
        assert draft.article.working_edition().title == "Bản đầu"

        move(draft, Action.RETURN, reason="Sửa lại.")
        restore(client, draft.article, f"l{aside.pk}")
        assert draft.article.working_edition().title == "Của tôi"

    def test_nothing_is_taken_over_a_text_that_was_not_shown(self, client, editor, category):
        draft = make_draft("Bản đầu", category=category)
        answer = restore(client, draft.article, f"b{draft.pk}", stamp="cũ")
        assert "sau khi bạn mở trang" in said(answer)


class TestComparison:
    @pytest.fixture
    def revised(self, category):
        photo = make_photo(alt="Đại hội")
        first = make_draft("Đảng ủy Khối họp", category=category, body="<p>Sáng 15/7.</p>")
        move(first, Action.PUBLISH)
        second = Article.objects.get().revise(by=None)
        second.title, second.body = "Đảng ủy Khối đã họp", "<p>Sáng 16/7 <i>tại</i> Trà Vinh.</p>"
        second.lead_photo, second.category = photo, make_category("Tin tức")
        second.save()
        move(second, Action.PUBLISH)
        return Article.objects.get()

    def test_two_editions_differ_by_words_photos_and_fields(self, client, revised, editor):
        client.force_login(make_person("Lãnh đạo"))
        second, first = revised.editions.order_by("-number")
        address = f"{page('compare', revised)}?cu=b{first.pk}&moi=b{second.pk}"
        answer = client.get(address)
        labels = [one.label for one in answer.context["differences"]]
        assert labels == ["tiêu đề", "chuyên mục", "nội dung", "ảnh chính", "mô tả ảnh chính"]
        shown = text_of(answer)
        assert "<del" in shown
        assert "Tin tức" in shown
        assert second.lead_photo.src(400) in shown
        with_names = client.get(page("history", revised))
        assert f'value="b{first.pk}"' in text_of(with_names)

    def test_an_old_edition_becomes_a_new_draft_and_the_live_one_stays(
        self, client, revised, django_assert_max_num_queries
    ):
        leader = make_person("Lãnh đạo")
        client.force_login(leader)
        live, first = revised.editions.order_by("-number")
        restore(client, revised, f"b{first.pk}")
        revised.refresh_from_db()
        draft = revised.open_edition()
        assert revised.live == live
        assert (draft.title, draft.lead_photo, draft.state) == (
            "Đảng ủy Khối họp",
            None,
            State.DRAFT,
        )
        assert leader.pk in contributors(draft)

        move(draft, Action.SUBMIT)
        before = Snapshot.objects.count()
        answer = restore(client, revised, f"b{live.pk}")
        assert "chờ duyệt hoặc đã duyệt" in said(answer)
        assert Snapshot.objects.count() == before

    @pytest.mark.parametrize("key", ["b0", "l999999999", "x1", "b", "l-1", "b1e9", "b" + "9" * 30])
    def test_what_is_no_version_of_this_article_is_not_found(self, client, revised, key):
        client.force_login(make_person("Lãnh đạo"))
        other = make_draft()
        save = snapshots_of(other).get()
        for one in (key, f"b{other.pk}", f"l{save.pk}"):
            assert client.get(page("compare", revised), {"moi": one}).status_code == 404
            assert client.post(page("restore", revised, one)).status_code == 404

    def test_who_may_not_see_an_article_compares_nothing(self, client, revised):
        client.force_login(make_person("Biên tập viên", make_category()))
        assert client.get(page("compare", revised)).status_code == 404
        assert client.post(page("restore", revised, "b1")).status_code == 404
        assert not AuditEntry.objects.filter(action=Action.EDIT).exists()
