"""The article page: one permanent address, whatever becomes of the article."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core.publishing import move
from core.workflow import Action
from news.models import Edition
from news.views import corrections
from portal.budget import BUDGET
from tests.factories import (
    make_article,
    make_category,
    make_draft,
    make_person,
    make_photo,
    make_site,
    make_unit,
    make_user,
)

pytestmark = pytest.mark.django_db


def text_of(response):
    return response.content.decode()


def test_it_shows_the_live_edition(client):
    photo = make_photo(alt="Toàn cảnh hội nghị", caption="Quang cảnh", credit="Ảnh: Minh Anh")
    article = make_article(
        "Đảng ủy Khối họp <thường kỳ>",
        summary="Tóm tắt của bài.",
        body="<p>Đoạn thứ nhất.</p>",
        pen_name="Thu Hà",
        unit=make_unit("Chi bộ Báo Trà Vinh"),
        lead_photo=photo,
        source_name="Báo Nhân Dân",
        source_url="https://nhandan.vn/bai.html",
    )
    page = text_of(client.get(article.get_absolute_url()))
    for shown in (
        "Đảng ủy Khối họp &lt;thường kỳ&gt;",
        "Tóm tắt của bài.",
        "Đoạn thứ nhất.",
        "Thu Hà",
        "Chi bộ Báo Trà Vinh",
        'alt="Toàn cảnh hội nghị"',
        "Quang cảnh",
        "Ảnh: Minh Anh",
        'href="https://nhandan.vn/bai.html"',
        f"{timezone.localtime(article.published_at):%d/%m/%Y}",
    ):
        assert shown in page


@pytest.mark.parametrize("slug", ["sai", "tin-cu", "a-1", "x" * 5000])
def test_the_id_decides_and_a_wrong_slug_redirects_for_good(client, slug):
    article = make_article()
    response = client.get(reverse("news:article", args=[slug, article.pk]))
    assert response.status_code == 301
    assert response["Location"] == article.get_absolute_url()


def test_the_address_of_a_former_title_redirects(client):
    article = make_article("Tên cũ")
    former = article.get_absolute_url()
    draft = article.revise(by=None)
    draft.title = "Tên mới"
    draft.save()
    move(draft, Action.PUBLISH)
    response = client.get(former, follow=True)
    assert response.redirect_chain == [(f"/tin-tuc/ten-moi-{article.pk}/", 301)]


def test_a_title_without_letters_still_has_an_address(client):
    article = make_article("2023?!")
    assert client.get(article.get_absolute_url()).status_code == 200
    article = make_article("“…”")
    assert article.get_absolute_url() == f"/tin-tuc/bai-viet-{article.pk}/"


def test_a_withdrawn_article_answers_410_with_its_notice(client):
    article = make_article()
    move(article.live, Action.WITHDRAW, reason="Số liệu <chưa> đúng.")
    response = client.get(article.get_absolute_url())
    assert response.status_code == 410
    assert "Số liệu &lt;chưa&gt; đúng." in text_of(response)
    assert article.live.title not in text_of(response)


@pytest.mark.parametrize("path", ["/tin-tuc/a-999999/", f"/tin-tuc/a-{10**30}/", "/tin-tuc/a-0/"])
def test_an_unknown_article_is_a_404(client, path):
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_other_methods_are_refused(client, method):
    article = make_article()
    assert getattr(client, method)(article.get_absolute_url()).status_code == 405


class TestUnpublished:
    @pytest.fixture
    def draft(self):
        return make_draft("Bài chưa đăng", body="<p>Bí mật tòa soạn.</p>")

    def addresses(self, draft):
        article = draft.article
        return [article.get_absolute_url(), reverse("news:preview", args=[article.pk])]

    def test_it_is_a_404_for_readers(self, client, draft):
        assert [client.get(a).status_code for a in self.addresses(draft)] == [404, 404]

    def test_it_is_a_404_for_a_signed_in_person_without_the_right(self, client, draft):
        for person in (make_user(), make_person("Cộng tác viên"), make_person("Quản trị")):
            client.force_login(person)
            assert [client.get(a).status_code for a in self.addresses(draft)] == [404, 404]

    def test_it_is_a_404_for_who_has_the_right_but_is_not_staff(self, client, draft):
        user = make_user("news.view_article")
        user.is_staff = False
        user.save()
        client.force_login(user)
        assert client.get(self.addresses(draft)[1]).status_code == 404

    def test_who_may_preview_is_led_to_the_preview(self, client, draft):
        client.force_login(make_person("Lãnh đạo"))
        response = client.get(draft.article.get_absolute_url(), follow=True)
        assert "Bí mật tòa soạn." in text_of(response)
        assert "no-store" in response["Cache-Control"]
        assert "private" in response["Cache-Control"]
        assert response["X-Robots-Tag"] == "noindex"

    def test_the_way_to_the_preview_is_not_cached_either(self, client, draft):
        client.force_login(make_person("Lãnh đạo"))
        response = client.get(draft.article.get_absolute_url())
        assert "no-store" in response["Cache-Control"]

    def test_the_preview_of_a_live_article_shows_its_open_edition(self, client):
        article = make_article(body="<p>Bản đang đăng.</p>")
        draft = article.revise(by=None)
        draft.body = "<p>Bản đang sửa.</p>"
        draft.save()
        client.force_login(make_person("Lãnh đạo"))
        preview = text_of(client.get(reverse("news:preview", args=[article.pk])))
        assert "Bản đang sửa." in preview
        assert "Bản đang sửa." not in text_of(client.get(article.get_absolute_url()))


class TestCorrections:
    def revised(self, article, note="", **fields):
        edition = article.revise(by=None)
        edition.change = "substantive" if note else "minor"
        edition.correction_note = note
        for name, value in fields.items():
            setattr(edition, name, value)
        edition.save()
        return edition

    def test_each_stands_with_its_date_and_a_minor_change_says_nothing(self, client):
        article = make_article()
        assert "Đính chính" not in text_of(client.get(article.get_absolute_url()))
        for note in ("Số liệu là 721.618.", "", "Tên <b>đúng</b> là Thu Hà."):
            move(self.revised(article, note), Action.PUBLISH)
        page = text_of(client.get(article.get_absolute_url()))
        day = f"{timezone.localdate():%d/%m/%Y}</time>:</strong>"
        assert page.count(day) == 2
        assert page.index("721.618") < page.index("Tên &lt;b&gt;đúng&lt;/b&gt; là Thu Hà.")

    def test_readers_do_not_see_the_one_being_written(self, client):
        article = make_article()
        self.revised(article, "Chưa duyệt.")
        assert "Chưa duyệt." not in text_of(client.get(article.get_absolute_url()))
        client.force_login(make_person("Lãnh đạo"))
        preview = client.get(reverse("news:preview", args=[article.pk]))
        assert "Chưa duyệt." in text_of(preview)

    def test_they_cost_one_query_however_many(self, django_assert_num_queries):
        article = make_article()
        assert corrections(article.live) == []
        for number in range(4):
            move(self.revised(article, f"Lần {number}."), Action.PUBLISH)
        live = Edition.objects.get(live_article=article)
        with django_assert_num_queries(1):
            assert [note for _, note in corrections(live)] == [f"Lần {n}." for n in range(4)]


class TestNeighbours:
    def test_previous_and_next_are_those_beside_it_in_time(self, client):
        section, now = make_category(), timezone.now()
        days = [now - timedelta(days=n) for n in (3, 2, 2, 1)]
        first, second, third, fourth = (make_article(category=section, at=d) for d in days)

        def beside(article):
            shown = client.get(article.get_absolute_url()).context["article"]
            return [one and one["pk"] for one in (shown.older, shown.newer)]

        assert beside(second) == [first.pk, third.pk]
        assert beside(third) == [second.pk, fourth.pk]
        assert beside(first) == [None, second.pk]
        assert beside(fourth) == [third.pk, None]


@pytest.mark.usefixtures("process_that_answered_before")
@pytest.mark.parametrize("others", [1, 12])
def test_it_keeps_to_its_budget_of_queries_however_many_articles(
    client, others, django_assert_max_num_queries
):
    make_site()
    section = make_category()
    for _ in range(others):
        make_article(category=section, lead_photo=make_photo())
    article = make_article(category=make_category(parent=section), unit=make_unit())
    client.get(article.get_absolute_url())
    with django_assert_max_num_queries(BUDGET["article"]):
        client.get(article.get_absolute_url())


def test_readers_share_a_copy_that_is_asked_for_anew(client):
    response = client.get(make_article().get_absolute_url())
    assert response["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert "Cookie" not in response.get("Vary", "")
    assert not response.cookies
    again = client.get(response.request["PATH_INFO"], headers={"If-None-Match": response["ETag"]})
    assert again.status_code == 304
