"""Which entries answer, in which order, and what is counted of them."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from core.listing import PER_PAGE
from core.search import finding
from core.search.answering import How, answer
from core.search.entries import Content, Kind, SearchEntry, index, remove
from core.search.extracts import extract, highlighted
from core.search.finding import Asked
from core.search.query import parse
from core.search.rebuilding import prune, rebuild
from core.search.spelling import distance
from core.search.suggesting import suggestions
from core.search.vocabulary import SearchWord

pytestmark = pytest.mark.django_db


def make(number, title, body="", **fields):
    fields.setdefault("kind", Kind.ARTICLE)
    fields.setdefault("day", date(2023, 5, 1))
    content = Content(object_id=number, address=f"/{number}/", title=title, body=body, **fields)
    index(content)
    return content


def found(text, **asked):
    return answer(Asked(parse(text), **asked))


def titles(text, **asked):
    entries = SearchEntry.objects.in_bulk(keys := found(text, **asked).found.keys)
    return [entries[key].title for key in keys]


def words(**fields):
    return dict(SearchWord.objects.filter(**fields).values_list("word", "entries"))


def test_marks_count_where_they_were_typed():
    make(1, "Đảng bộ"), make(2, "đang họp"), make(3, "dâng hoa, dáng cây")
    assert titles("đảng") == ["Đảng bộ"]
    assert set(titles("dang")) == {"Đảng bộ", "đang họp", "dâng hoa, dáng cây"}


def test_marks_that_no_text_has_are_passed_over():
    make(1, "Đảng bộ Cục Thuế")
    assert titles("dảng bộ") == ["Đảng bộ Cục Thuế"]
    make(2, "Hội nghị"), make(3, "Nghỉ lễ")
    answered = found("hội nghỉ")
    assert (answered.how, answered.found.total) == (How.WITHOUT_MARKS, 1)


def test_the_title_goes_before_the_text():
    make(1, "Tin trong ngày", "Hội nghị bàn về dân vận.", day=date(2023, 6, 1))
    make(2, "Dân vận khéo", "Nội dung.")
    assert titles("dân vận") == ["Dân vận khéo", "Tin trong ngày"]


def test_words_side_by_side_go_before_scattered_ones():
    make(1, "Một", "nhân dân cần vận dụng", day=date(2023, 6, 1))
    make(2, "Hai", "công tác dân vận ở cơ sở")
    assert titles("dân vận") == ["Hai", "Một"]
    assert titles('"dân vận"') == ["Hai"]


def test_what_is_newer_goes_first_among_equals():
    make(1, "Đại hội", day=date(2020, 1, 1)), make(2, "Đại hội", day=date(2023, 1, 1))
    keys = found("đại hội").found.keys
    assert SearchEntry.objects.get(pk=keys[0]).object_id == 2


def test_newest_first_heeds_nothing_else():
    make(1, "Dân vận", day=date(2020, 1, 1)), make(2, "Tin", "dân vận", day=date(2023, 1, 1))
    assert titles("dân vận", newest_first=True) == ["Tin", "Dân vận"]


def test_the_document_that_bears_a_sign_goes_before_those_that_cite_it():
    make(1, "Thực hiện Chỉ thị số 24-CT/TU", day=date(2023, 6, 1))
    make(2, "Về mạng xã hội", label="Chỉ thị số 24-CT/TU", sign="24-ct/tu", kind=Kind.DOCUMENT)
    for typed in ("24-CT/TU", "24ct tu", "chỉ thị 24 ct/tu", "24/CT-TU"):
        assert titles(typed) == ["Về mạng xã hội", "Thực hiện Chỉ thị số 24-CT/TU"], typed


def test_the_document_that_bears_a_sign_is_first_however_many_cite_it(monkeypatch):
    monkeypatch.setattr(finding, "RANKED", 3)
    old = date(2001, 1, 1)
    make(1, "Về mạng", label="Chỉ thị 24-CT/TU", sign="24-ct/tu", kind=Kind.DOCUMENT, day=old)
    for number in range(2, 9):
        make(number, f"Tin {number}", "Chỉ thị 24-CT/TU")
    for typed in ("24-CT/TU", "chỉ thị 24-CT/TU", '"chỉ thị" 24-CT/TU'):
        assert titles(typed)[0] == "Về mạng", typed
        assert len(titles(typed)) == 8


def test_a_plan_that_is_kept_finds_what_a_new_one_does():
    make(1, "Dân vận khéo"), make(2, "Tin", "dân vận 24-CT/TU", sign="24-ct/tu"), make(3, "Dân vận")
    for text in ("dân vận", "dan van", '"vận khéo"', "24-CT/TU", "dân vận dân"):
        for asked in ({}, {"newest_first": True}, {"internal": True}):
            kept = [found(text, **asked).found for _ in range(2)]
            with connection.execute_wrapper(lambda execute, *statement: execute(*statement)):
                assert kept == [found(text, **asked).found] * 2


def test_what_is_excluded_is_left_out():
    make(1, "Đảng bộ"), make(2, "Đảng viên"), make(3, "Đảng viên bỏ phiếu")
    assert set(titles("đảng -bộ")) == {"Đảng viên", "Đảng viên bỏ phiếu"}
    assert titles('đảng -"bỏ phiếu" -bộ') == ["Đảng viên"]


def test_facets_are_counted_and_narrow_what_is_found():
    make(1, "Đảng", section=3), make(2, "Đảng", section=4, day=date(2021, 1, 1))
    make(3, "Đảng", kind=Kind.DOCUMENT, type=7, issuer=9)
    assert found("đảng").found.facets == {
        "kind": {"article": 2, "document": 1},
        "section": {3: 1, 4: 1},
        "type": {7: 1},
        "issuer": {9: 1},
        "year": {2023: 2, 2021: 1},
    }
    assert found("đảng", chosen={"section": 4, "year": 2021}).found.total == 1
    assert found("đảng", chosen={"section": 3, "year": 2021}).found.total == 0


def test_slips_are_put_right_from_the_words_that_there_are():
    make(1, "Nghị quyết Đại hội"), make(2, "Nghỉ lễ")
    answered = found("nghj quyet")
    assert (answered.how, answered.query.text) == (How.CORRECTED, "nghị quyet")
    assert titles("nghj quyet") == ["Nghị quyết Đại hội"]
    # Each word is known, yet never beside the other.
    make(3, "Quyên góp")
    assert found("nghi quyen").query.text == "nghi quyết"


def test_some_of_the_words_are_better_than_nothing():
    make(1, "Công tác dân vận"), make(2, "Công tác")
    answered = found("công tác dân vận zzzzzz")
    assert answered.how == How.PARTLY
    assert titles("công tác dân vận zzzzzz")[0] == "Công tác dân vận"


def test_nothing_at_all():
    assert found("zzzzzz").found.total == 0
    assert found("").found.total == 0


def test_one_page_of_what_is_found_comes_with_it_in_its_order():
    for number in range(2 * PER_PAGE + 3):
        make(number, f"Đảng {number}", day=date(2023, 1, 1 + number % 7))
    for skipped, rows in (
        (0, PER_PAGE),
        (PER_PAGE, PER_PAGE),
        (2 * PER_PAGE, 3),
        (5 * PER_PAGE, 0),
    ):
        answered = found("đảng", skipped=skipped).found
        assert [one.id for one in answered.shown] == answered.keys[skipped : skipped + PER_PAGE]
        assert len(answered.shown) == rows


def test_more_than_are_counted_are_said_to_be_more(monkeypatch):
    monkeypatch.setattr(finding, "MOST", 3)
    for number in range(10):
        make(number, f"Đảng {number}", day=date(2023, 1 + number, 1))
    answered = found("đảng").found
    assert answered.bounded
    assert answered.total == 4
    assert sum(answered.facets["kind"].values()) == 4
    newest = SearchEntry.objects.get(pk=answered.keys[0])
    assert newest.day == date(2023, 10, 1)


def test_what_is_internal_is_there_for_those_who_may_read_it_alone():
    make(1, "Tin chung"), make(2, "Chuyện kín qzxkín 77-KL/TU", internal=True, sign="77-kl/tu")
    for typed in ("qzxkín", "chuyện kín", "77-KL/TU", "77klt", "qzxkim", "chuyen tin"):
        assert "Chuyện kín qzxkín 77-KL/TU" not in titles(typed)
        assert "qzx" not in found(typed).query.text.replace(typed, "")
        assert not any("kín" in one.text for one in suggestions(typed, internal=False))
    assert not words(word="qzxkín", internal=False)
    assert titles("qzxkín", internal=True) == ["Chuyện kín qzxkín 77-KL/TU"]
    assert [one.address for one in suggestions("qzxk", internal=True)] == ["/2/"]
    assert [one.address for one in suggestions("77", internal=True)] == ["/2/"]


def test_the_public_never_touches_the_index_of_what_is_internal():
    """So what is internal costs the public no time: nothing can be measured."""
    make(1, "Tin chung"), make(2, "Chuyện kín", internal=True)
    statements = []

    def watch(execute, sql, params, many, context):
        if "EXPLAIN" not in sql and "WITH found" in sql:
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN {sql}", params)
                statements.append("\n".join(row[0] for row in cursor.fetchall()))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        found("chuyện")
    assert statements
    assert all("search_" in plan and "search_internal" not in plan for plan in statements)


def test_words_are_counted_as_entries_come_and_go():
    make(1, "Dân vận khéo"), make(2, "Dân vận")
    assert words() == {"dân": 2, "vận": 2, "khéo": 1}
    make(1, "Dân chủ")
    assert words() == {"dân": 2, "vận": 1, "chủ": 1}
    make(2, "Dân vận", internal=True)
    assert words(internal=True) == {"dân": 1, "vận": 1}
    assert words(internal=False) == {"dân": 1, "chủ": 1}
    remove(Kind.ARTICLE, 1), remove(Kind.ARTICLE, 2), remove(Kind.ARTICLE, 3)
    assert words() == {}
    assert not SearchEntry.objects.exists()


def test_rebuilding_changes_nothing_that_is_right_and_mends_what_is_not():
    contents = [make(1, "Dân vận"), make(2, "Dân chủ")]
    make(3, "Không còn nữa")
    before = list(SearchEntry.objects.filter(object_id__lt=3).values_list("object_id", "vector"))
    SearchWord.objects.filter(word="dân").update(entries=77)
    assert rebuild(contents) == (2, 1, 3)
    assert rebuild(contents) == (2, 0, 3)
    assert words() == {"dân": 2, "vận": 1, "chủ": 1}
    assert list(SearchEntry.objects.values_list("object_id", "vector")) == before


def test_what_went_around_the_door_can_be_pruned():
    make(1, "Dân vận"), make(2, "Dân chủ")
    prune({Kind.ARTICLE: SearchEntry.objects.filter(object_id=2).values("object_id")})
    assert words() == {"dân": 1, "chủ": 1}


def test_the_database_keeps_one_entry_for_each_thing():
    make(1, "Một")
    entry = SearchEntry.objects.get()
    for name, values in (
        ("search_entry_once", {}),
        ("search_kind_known", {"object_id": 5, "kind": "poem"}),
    ):
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            SearchEntry.objects.bulk_create([copy_of(entry, **values)])
    with pytest.raises(IntegrityError, match="search_word_once"):
        SearchWord.objects.create(word="một", internal=False, shown="", folded="", entries=1)


def copy_of(entry, **values):
    names = [field.name for field in SearchEntry._meta.fields if field.name != "id"]
    return SearchEntry(**{name: getattr(entry, name) for name in names} | values)


def test_a_very_long_text_is_found_to_its_end_and_costs_no_phrase_too_many():
    make(1, "Dài", " ".join(f"từ{number}" for number in range(17_000)) + " cuối cùng")
    assert titles("cuối cùng") == ["Dài"]


def test_the_extract_shows_the_words_where_they_stand_together():
    query = parse("dân vận khéo")
    body = " ".join(["dân"] * 60 + ["Mô hình", "Dân vận khéo", "được công nhận."] + ["chữ"] * 90)
    pieces = extract(body, query)
    assert ("Dân vận khéo", True) in pieces
    assert pieces[0] == ("… ", False)
    assert pieces[-1] == (" …", False)


def test_only_words_side_by_side_are_marked_where_marks_were_not_typed():
    text = "Xây dựng Đảng, nội dung"
    assert [part for part, hit in highlighted(text, parse("xay dung")) if hit] == ["Xây dựng"]
    assert "".join(part for part, _ in highlighted(text, parse("xay dung"))) == text


@pytest.mark.parametrize(
    ("one", "other", "letters"),
    [
        ("nghi", "nghi", 0),
        ("nghj", "nghi", 1),
        ("truyn", "truyen", 1),
        ("gnhi", "nghi", 1),
        ("", "ab", 2),
    ],
)
def test_slips_are_counted_in_letters(one, other, letters):
    assert distance(one, other) == letters


def test_suggestions_are_titles_and_signs_that_begin_so():
    make(1, "Nghị quyết Đại hội"), make(2, "Hội nghị quý I"), make(3, "Dân vận")
    make(4, "Về thi đua", label="Chỉ thị số 24-CT/TU", sign="24-ct/tu", kind=Kind.DOCUMENT)
    assert next(iter(suggestions("nghi quy", internal=False))).address == "/1/"
    assert [one.address for one in suggestions("nghị quyế", internal=False)] == ["/1/"]
    assert [one.text for one in suggestions("24c", internal=False)] == [
        "Chỉ thị số 24-CT/TU: Về thi đua"
    ]
    assert suggestions("d", internal=False) == [] == suggestions("zzz", internal=False)
