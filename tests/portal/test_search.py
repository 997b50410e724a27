"""/tim-kiem/: one page for everything that readers may find."""

from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from core.publishing import move
from core.search import finding
from core.search.entries import Content, Kind, SearchEntry, index_all
from core.search.vocabulary import SearchWord
from core.workflow import Action
from documents.models import Document
from news.models import Article
from portal import misses, search
from portal.misses import SearchMiss
from portal.models import Page
from portal.throttle import Throttle
from tests.factories import (
    attached,
    make_article,
    make_cadre,
    make_category,
    make_document,
    make_document_draft,
    make_draft,
    make_issuer,
    make_person,
    make_type,
)

pytestmark = pytest.mark.django_db
PAGE = "/tim-kiem/"
SUGGEST = "/tim-kiem/goi-y/"


@pytest.fixture(autouse=True)
def full_buckets(monkeypatch, settings, tmp_path):
    settings.DOCUMENTS_ROOT = tmp_path
    monkeypatch.setattr(search, "SEARCHES", Throttle(at_once=120, per_second=4))


def ask(client, q, **parameters):
    return client.get(PAGE, {"q": q, **parameters})


def shown(answer):
    return [row.address for row in answer.context["results"].rows]


def test_articles_documents_and_pages_are_found_in_one_list(client):
    article = make_article("Dân vận khéo ở cơ sở")
    document = make_document("17-HD/ĐUK", abstract="Về mô hình dân vận khéo")
    page = Page.objects.create(title="Ban Dân vận", slug="dan-van", body="<p>khéo</p>")
    answer = ask(client, "dan van kheo")
    expected = {one.get_absolute_url() for one in (article, document, page)}
    assert set(shown(answer)) == expected
    assert "3 kết quả" in answer.text
    assert "<mark>Dân vận khéo</mark>" in answer.text


def test_what_is_published_is_found_at_once_and_no_longer_once_withdrawn(client):
    draft = make_draft("Bài chưa đăng", body="<p>từngữhiếm</p>")
    assert not shown(ask(client, "từngữhiếm"))
    live = move(draft, Action.PUBLISH)
    assert len(shown(ask(client, "từngữhiếm"))) == 1
    revised = Article.objects.get().revise(by=None)
    revised.body = "<p>chữkhác</p>"
    revised.save()
    assert len(shown(ask(client, "từngữhiếm"))) == 1
    live = move(revised, Action.PUBLISH)
    assert not shown(ask(client, "từngữhiếm"))
    assert len(shown(ask(client, "chữkhác"))) == 1
    move(live, Action.WITHDRAW, reason="Nhầm.")
    assert not shown(ask(client, "chữkhác"))
    assert not SearchEntry.objects.exists()
    assert not SearchWord.objects.exists()


def test_what_is_rolled_back_is_not_found(client):
    draft = make_draft("Hoàn tác")
    with transaction.atomic():
        move(draft, Action.PUBLISH)
        transaction.set_rollback(True)
    assert not shown(ask(client, "hoàn tác"))


def test_words_inside_files_are_found_and_follow_corrections(client):
    document = make_document_draft("5-KH/ĐUK", abstract="Kế hoạch")
    attached(document, "Nội dung có từtrongtệp ở đây")
    move(document, Action.PUBLISH)
    answer = ask(client, "từtrongtệp")
    assert shown(answer) == [document.get_absolute_url()]
    assert "<mark>từtrongtệp</mark> ở đây" in answer.text
    old = document.files.get()
    attached(document, "Nội dung mới", replaces=old)
    assert not shown(ask(client, "từtrongtệp"))
    assert len(shown(ask(client, "nội dung mới"))) == 1


def test_pages_come_and_go_with_their_visibility(client):
    page = Page.objects.create(title="Giới thiệu", slug="gioi-thieu", body="<p>x</p>")
    assert shown(ask(client, "giới thiệu")) == ["/gioi-thieu/"]
    page.visible = False
    page.save()
    assert not shown(ask(client, "giới thiệu"))
    page.visible = True
    page.save()
    Page.objects.all().delete()
    assert not shown(ask(client, "giới thiệu"))


def test_an_internal_document_is_nowhere_for_strangers(client):
    issuer = make_issuer("Ban kín")
    make_document("1-KH/ĐUK", abstract="Kế hoạch công khai")
    hidden = make_document(
        "77-KL/QZX",
        abstract="Chuyện qzxkín",
        visibility="internal",
        issuer=issuer,
        type=make_type("Kết luận"),
        issued_on=date(1987, 5, 1),
    )
    for typed in ("qzxkín", "qzxkin", "77-KL/QZX", "77klqzx", "chuyện", "kế hoạch", "qzxkím"):
        text = ask(client, typed).text.replace(typed, "")
        suggested = client.get(SUGGEST, {"q": typed}).text
        for secret in ("qzx", "QZX", "Ban kín", "1987", "Chuyện"):
            assert secret not in text, typed
            assert secret not in suggested, typed
    client.force_login(make_cadre())
    answer = ask(client, "qzxkín")
    assert shown(answer) == [hidden.get_absolute_url()]
    assert "Lưu hành nội bộ" in answer.text
    assert "no-store" in answer["Cache-Control"]
    assert hidden.sign in client.get(SUGGEST, {"q": "77"}).text


def test_strangers_share_one_answer_without_a_cookie(client):
    answer = ask(client, "đảng")
    assert answer["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert not answer.cookies


def test_filters_narrow_and_can_be_taken_back(client):
    section = make_category("Tuyên giáo", slug="tuyen-giao")
    make_article("Dân vận", category=section)
    make_article("Dân vận")
    document = make_document(abstract="Dân vận", type=make_type("Hướng dẫn"))
    answer = ask(client, "dân vận", **{"chuyen-muc": "tuyen-giao"})
    assert len(shown(answer)) == 1
    assert "Chuyên mục: <strong>Tuyên giáo</strong>" in answer.text
    assert len(shown(ask(client, "dân vận", nguon="van-ban"))) == 1
    assert shown(ask(client, "dân vận", loai="huong-dan")) == [document.get_absolute_url()]
    options = {facet.name for facet, _ in ask(client, "dân vận").context["results"].facets}
    assert {"nguon", "chuyen-muc"} <= options


@pytest.mark.parametrize("q", ["đảng", '"đảng bộ"'])
def test_what_is_older_than_all_that_is_counted_can_be_narrowed_to(client, monkeypatch, q):
    monkeypatch.setattr(finding, "MOST", 2)
    days = [date(2025, 12, day) for day in range(1, 13)] + [date(2021, 3, day) for day in (1, 2)]
    contents = [Content(Kind.ARTICLE, n, f"/{n}/", "Đảng bộ", day) for n, day in enumerate(days)]
    other = Content(Kind.DOCUMENT, 1, "/cu/", "Khác", date(1998, 1, 1))
    hidden = Content(Kind.DOCUMENT, 2, "/kin/", "Đảng bộ", date(1987, 1, 1), internal=True)
    index_all([*contents, other, hidden])
    answer = ask(client, q)
    facets = {
        facet.name: {option.label: option.entries for option in options}
        for facet, options in answer.context["results"].facets
    }
    assert facets == {
        "nam": {"2025": 3, "2021": None, "1998": None},
        "nguon": {"Tin, bài": 3, "Văn bản": None, "Trang giới thiệu": None},
    }
    assert "tính trên 2 kết quả mới nhất; mục không có số vẫn chọn được" in answer.text
    assert "nam=2021" in answer.text
    assert "None" not in answer.text
    narrowed = ask(client, q, nam="2021")
    assert shown(narrowed) == ["/13/", "/12/"]
    assert "2 kết quả" in narrowed.text
    assert "Không tìm thấy" in ask(client, q, nam="1998").text


@pytest.mark.parametrize(
    "parameters",
    [
        {"nguon": "tho"},
        {"loai": "khong-co"},
        {"nam": "abc"},
        {"nam": "99999"},
        {"sap-xep": "x"},
        {"trang": "0"},
        {"trang": "2"},
        {"trang": "999999999"},
        {"trang": "-1"},
        {"co-quan": "a'b"},
        {"chuyen-muc": "x" * 1000},
    ],
)
def test_what_nobody_offered_is_not_there(client, parameters):
    assert ask(client, "đảng", **parameters).status_code == 404


@pytest.mark.parametrize(
    "q",
    [
        " ".join(["đảng"] * 10_000),
        "&|!():*<->\\'\"",
        "-đảng -bộ",
        "\x00",
        "😀",
        "<script>alert(1)</script>",
        "(a+)+$",
        "a" + "\u0301" * 5_000,
        "' OR 1=1 --",
        "%s %(x)s {0}",
    ],
)
def test_hostile_words_are_answered_like_any_others(client, q):
    make_article("Đảng bộ")
    answer = ask(client, q)
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text
    assert client.get(SUGGEST, {"q": q}).status_code == 200


def test_html_in_a_title_stays_text(client):
    make_article('Dấu <b>đậm</b> & "nháy"')
    answer = ask(client, "đậm")
    assert "Dấu &lt;b&gt;<mark>đậm</mark>&lt;/b&gt; &amp; &quot;nháy&quot;" in answer.text


def test_without_words_only_the_form_is_shown(client):
    answer = client.get(PAGE)
    assert answer.status_code == 200
    assert "results" in answer.context
    assert "kết quả" not in answer.text.partition("<main")[2].partition("</main>")[0].lower()


def test_an_address_with_empty_filters_is_shortened(client):
    answer = ask(client, "đảng", nam="", loai="")
    assert (answer.status_code, answer["Location"]) == (302, "/tim-kiem/?q=%C4%91%E1%BA%A3ng")


def test_a_slip_is_put_right_and_the_page_says_so(client):
    make_article("Nghị quyết Đại hội")
    answer = ask(client, "nghj quyet")
    assert "Có phải bạn tìm" in answer.text
    assert 'href="/tim-kiem/?q=ngh%E1%BB%8B+quyet"' in answer.text
    assert len(shown(answer)) == 1


def test_some_words_are_found_and_the_page_says_so(client):
    make_article("Công tác dân vận")
    answer = ask(client, "dân vận zzzzzz")
    assert "một phần các từ" in answer.text
    assert len(shown(answer)) == 1


def test_long_lists_have_numbered_pages(client):
    numbered = (
        Content(Kind.ARTICLE, number, "/", "Dân vận", date(2023, 5, 1)) for number in range(21)
    )
    index_all(numbered)
    assert len(shown(ask(client, "dân vận"))) == 20
    second = ask(client, "dân vận", trang="2")
    assert len(shown(second)) == 1
    assert '<ol class="hits" start="21">' in second.text
    assert ask(client, "dân vận", trang="3").status_code == 404


def test_a_page_of_results_costs_few_queries(client, django_assert_max_num_queries):
    for number in range(3):
        make_article(f"Dân vận {number}")
        make_document(abstract=f"Dân vận {number}")
    with django_assert_max_num_queries(14):
        ask(client, "dân vận")


def test_every_page_has_the_box(client):
    assert 'action="/tim-kiem/"' in client.get("/").text
    assert client.get("/van-ban/").text.count('type="search"') == 2
    assert ask(client, "x").text.count('action="/tim-kiem/"') == 1


def test_suggestions_are_titles_with_their_addresses(client):
    article = make_article("Nghị quyết Đại hội")
    answer = client.get(SUGGEST, {"q": "nghi quy"}).json()
    assert answer == {
        "suggestions": [
            {
                "text": "Nghị quyết Đại hội",
                "kind": "Tin, bài",
                "address": article.get_absolute_url(),
            }
        ],
        "said": "1 gợi ý",
    }


# Too many at once


def test_who_asks_too_much_waits_a_moment_and_nobody_else_does(client, monkeypatch):
    monkeypatch.setattr(search, "SEARCHES", Throttle(at_once=2, per_second=0.001))
    assert [ask(client, "đảng").status_code for _ in range(3)] == [200, 200, 429]
    refused = ask(client, "đảng")
    assert refused["Retry-After"] == "2"
    assert "no-store" in refused["Cache-Control"]
    assert client.get(PAGE, {"q": "đảng"}, REMOTE_ADDR="203.0.113.9").status_code == 200


def test_a_bucket_fills_again():
    throttle = Throttle(at_once=2, per_second=4)
    taken = [throttle._take(b"a", now) for now in (0, 0, 0, 0.25, 0.25, 10, 10, 10)]
    assert taken == [True, True, False, True, False, True, True, False]


def test_an_office_behind_one_address_is_not_locked_out():
    """A hundred people who each search every half a minute, all day."""
    throttle = Throttle(at_once=120, per_second=4)
    assert all(throttle._take(b"office", number * 0.3) for number in range(10_000))


# What was not found


def test_what_was_not_found_is_noted_without_who_asked(client):
    make_article("Đảng bộ")
    for _ in range(2):
        ask(client, "Điều lệ  Hội")
    ask(client, "đảng bộ")
    ask(client, "đảng", nam="1990")
    ask(client, "&&")
    noted = SearchMiss.objects.get()
    assert (noted.words, noted.times, noted.last_on) == ("điều lệ hội", 2, timezone.localdate())
    assert {field.name for field in SearchMiss._meta.fields} == {"id", "words", "times", "last_on"}


def test_what_the_newsroom_tries_is_not_noted(client):
    client.force_login(make_person("Biên tập viên"))
    client.get(PAGE, {"q": "điều lệ hội"})
    assert not SearchMiss.objects.exists()


def test_what_was_not_found_is_forgotten_after_ninety_days():
    today = timezone.localdate()
    SearchMiss.objects.create(words="cũ", last_on=today - timedelta(days=91))
    SearchMiss.objects.create(words="gần", last_on=today - timedelta(days=90))
    assert [one.words for one in misses.recent()] == ["gần"]
    misses.note("mới")
    assert set(SearchMiss.objects.values_list("words", flat=True)) == {"gần", "mới"}


def test_a_flood_of_nonsense_has_an_end(monkeypatch):
    monkeypatch.setattr(misses, "MOST", 2)
    for words in ("a", "b", "c", "a"):
        misses.note(words)
    assert dict(SearchMiss.objects.values_list("words", "times")) == {"a": 2, "b": 1}


def test_editors_see_on_their_desk_what_was_not_found(client):
    SearchMiss.objects.create(words="điều lệ hội", times=3)
    client.force_login(make_person("Biên tập viên"))
    desk = client.get("/quan-tri/").text
    assert "Bạn đọc tìm mà không thấy" in desk
    assert "điều lệ hội" in desk


# The command


def test_everything_can_be_written_anew(client):
    make_article("Dân vận khéo")
    make_document(abstract="Dân vận")
    make_document(abstract="Kín", visibility="internal")
    Page.objects.create(title="Giới thiệu", slug="gioi-thieu")
    before = entries()
    SearchEntry.objects.filter(kind="article").delete()
    SearchEntry.objects.filter(kind="page").update(object_id=4711)
    SearchWord.objects.all().delete()
    out = StringIO()
    call_command("rebuild_search", stdout=out)
    assert entries() == before
    assert "Đã ghi 4 mục, bỏ 1 mục thừa" in out.getvalue()
    assert len(shown(ask(client, "dân vận"))) == 2
    assert Document.objects.count() == 2


def entries():
    names = ("kind", "object_id", "internal", "title", "vector")
    return sorted(SearchEntry.objects.values_list(*names))
