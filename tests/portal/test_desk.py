"""The first page of the newsroom and the plan of a month: what awaits whom, and no more."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core.publishing import approve, move
from core.workflow import Action
from tests.factories import (
    make_article,
    make_category,
    make_document_draft,
    make_draft,
    make_person,
    make_photo,
    make_site,
    make_unit,
    make_user,
)

pytestmark = pytest.mark.django_db

INDEX = "/quan-tri/"
PLAN = reverse("admin:schedule")


@pytest.fixture
def here():
    return make_category("Tuyên giáo")


@pytest.fixture
def editor(here):
    return make_person("Biên tập viên", here, username="bien-tap")


@pytest.fixture
def writer():
    return make_person("Cộng tác viên", make_unit(), username="viet")


def desk(client, person):
    """The titles of each block, as the person sees them."""
    client.force_login(person)
    blocks = client.get(INDEX).context["blocks"]
    return {block.name: [line.title for line in block.lines] for block in blocks}


def submitted(title, by, **fields):
    return move(make_draft(title, by=by, **fields), Action.SUBMIT, by=by)


def test_what_others_wrote_awaits_who_may_approve_it(client, here, editor, writer):
    submitted("Chờ duyệt", writer, category=here)
    submitted("Của tôi", editor, category=here)
    submitted("Chuyên mục khác", writer)
    assert desk(client, editor)["awaiting"] == ["Chờ duyệt"]
    assert "awaiting" not in desk(client, writer)
    leader = make_person("Lãnh đạo")
    assert desk(client, leader)["awaiting"] == ["Chờ duyệt", "Của tôi", "Chuyên mục khác"]


def test_who_approved_the_first_text_is_asked_about_the_next(client, here, editor, writer):
    first = submitted("Bài", editor, category=here)
    article = approve(first, by=make_person("Lãnh đạo")).article
    revision = article.revise(by=writer)
    move(revision, Action.SUBMIT, by=make_person("Lãnh đạo"))
    assert desk(client, editor)["awaiting"] == ["Bài"]


def test_returned_and_own_drafts_come_back_to_their_writer(client, here, editor, writer):
    move(submitted("Bị trả", writer, category=here), Action.RETURN, by=editor, reason="Thiếu.")
    make_draft("Đang viết", by=writer)
    binned = make_draft("Đã bỏ", by=writer).article
    binned.binned_at = timezone.now()
    binned.save()
    found = desk(client, writer)
    assert (found["returned"], found["drafts"]) == (["Bị trả"], ["Đang viết"])
    assert desk(client, editor).get("returned") is None


def test_what_is_urgent_stands_on_every_desk_until_it_is_confirmed(client, editor, writer):
    move(make_draft("Tin bão"), Action.URGENT, by=make_person("Lãnh đạo"), reason="Bão.")
    for person in (editor, writer, make_person("Lãnh đạo")):
        assert desk(client, person)["urgent"] == ["Tin bão"]


def test_forgotten_categories_photos_and_the_bin_are_told_to_who_can_help(client, editor, here):
    make_site(stale_after_days=5)
    fresh = make_category("Có tin")
    child = make_category("Con", parent=fresh)
    make_article(category=child)
    make_article(category=here, at=timezone.now() - timedelta(days=6))
    make_category("Chưa có tin")
    make_photo(alt="")
    thrown = make_draft("Đã bỏ", category=here).article
    thrown.binned_at = timezone.now()
    thrown.save()
    make_document_draft(binned_at=timezone.now())
    leader = desk(client, make_person("Lãnh đạo"))
    assert leader["stale"] == ["Chưa có tin", "Tuyên giáo"]
    assert desk(client, editor)["stale"] == ["Tuyên giáo"]
    assert leader["photos"] == ["1 ảnh thiếu mô tả"]
    assert desk(client, make_person("Quản trị"))["bin"] == [
        "1 bài trong thùng rác",
        "1 văn bản trong thùng rác",
    ]


def test_documents_await_those_who_may_decide(client, writer):
    move(make_document_draft("24-KH/ĐUK"), Action.SUBMIT)
    assert desk(client, make_person("Văn thư"))["awaiting-documents"] == ["Kế hoạch số 24-KH/ĐUK"]
    assert "awaiting-documents" not in desk(client, writer)


@pytest.mark.parametrize("role", ["Cộng tác viên", "Biên tập viên", "Lãnh đạo", "Quản trị"])
def test_a_desk_costs_the_same_whatever_there_is(client, here, role, django_assert_max_num_queries):
    person = make_person(role, *([here] if role == "Biên tập viên" else []))
    client.force_login(person)
    client.get(INDEX)
    with django_assert_max_num_queries(21) as few:
        client.get(INDEX)
    for number in range(9):
        submitted(f"Chờ {number}", make_person("Cộng tác viên"), category=here)
        make_draft(by=person, category=here)
        make_article(by=person, category=here)
        move(make_draft(category=here), Action.URGENT, by=make_person("Lãnh đạo"), reason="Gấp")
    with django_assert_max_num_queries(len(few)):
        client.get(INDEX)


class TestPlan:
    def test_it_shows_what_goes_up_what_comes_down_and_what_is_in_work(
        self, client, here, editor, writer
    ):
        at = timezone.make_aware(timezone.datetime(2099, 3, 31, 23, 30))
        edition = submitted("Lên trang", writer, category=here, publish_at=at)
        edition.expire_at = at + timedelta(hours=1)
        edition.save()
        move(edition, Action.APPROVE, by=editor)
        make_draft("Đang viết", by=editor, category=here)
        make_draft("Của người khác")
        client.force_login(editor)
        march = client.get(PLAN, {"thang": "2099-03"}).content.decode()
        assert "Lên trang</a>" in march
        assert "31/03/2099" in march
        assert "Tự gỡ" not in march
        assert "Đang viết" in march
        assert "Của người khác" not in march
        april = client.get(PLAN, {"thang": "2099-04"}).content.decode()
        assert "00:30" in april
        assert "Tự gỡ" in april

    @pytest.mark.parametrize("month", ["2099-13", "x", "0001-01", "2026-1-1", "²"])
    def test_no_such_month(self, client, editor, month):
        client.force_login(editor)
        assert client.get(PLAN, {"thang": month}).status_code == 404

    def test_it_is_closed_to_who_has_nothing_to_plan(self, client):
        client.force_login(make_user())
        assert client.get(PLAN).status_code == 403
        client.logout()
        assert client.get(PLAN).status_code == 302
