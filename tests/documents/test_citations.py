"""Documents cited in running text: what is read of a mention, and what it may mean."""

import unicodedata
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from documents import citations
from portal import demo
from portal.demo.directives import cited
from tests.factories import make_document, make_issuer, make_type

SOURCE = Path(demo.__file__).with_name("source.txt").read_text(encoding="utf-8")
DAY = date(2017, 6, 29)
TODAY = date(2024, 1, 1)


def only(text):
    (found,) = citations.find(text)
    return found


def test_the_five_of_the_source_page_are_found_with_kind_date_and_issuer():
    found = {str(one.sign): one for one in citations.find(SOURCE)}
    known = {one.sign: one for one in cited()}
    assert found.keys() == known.keys()
    for sign, one in found.items():
        assert one.kind.replace(" ", "-") == known[sign].type
        assert one.first_day == one.last_day == known[sign].issued_on
        assert one.issuer in ("", known[sign].issuer)
        assert not one.doubtful
    assert SOURCE[found["21-KL/TW"].start : found["21-KL/TW"].end] == (
        "Kết luận 21-KL/TW, ngày 25/10/2021"
    )


@pytest.mark.parametrize(
    "written",
    [
        "Chỉ thị số 24-CT/TU ngày 29/6/2017",
        "chỉ thị số: 24-CT/TU, ngày 29-06-2017",
        "CHỈ THỊ SỐ 24-CT/TU NGÀY 29.6.2017",
        "Chỉ thị số 24 - CT/TU ngày 29 tháng 6 năm 2017",
        "Chỉ thị\nsố 24-CT/TU,\nban hành ngày 29/6/2017",
        "Chỉ\u00a0thị số\u00a024-CT/TU\u00a0ngày\u00a029/6/2017",
        "Chỉ thị 24-CT/TU (29/6/2017)",
        "Chỉ thị số 24-CT/TU (ngày 29/06/2017)",
    ],
)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_every_way_of_citing_says_the_same(written, form):
    text = unicodedata.normalize(form, f"Thực hiện {written} của Tỉnh ủy về việc đó.")
    found = only(text)
    assert (str(found.sign), found.kind, found.first_day, found.last_day) == (
        ("24-CT/TU", "chi thi", DAY, DAY)
    )
    assert found.issuer == "Tỉnh ủy"
    assert unicodedata.normalize("NFC", text[found.start : found.end]) == written


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        ("24-CT/TU năm 2017", date(2017, 1, 1), date(2017, 12, 31)),
        ("24-CT/TU (2017)", date(2017, 1, 1), date(2017, 12, 31)),
        ("24-CT/TU tháng 2/2020", date(2020, 2, 1), date(2020, 2, 29)),
        ("24-CT/TU ngày 31/02/2017", None, None),
        ("24-CT/TU ngày 29/6", None, None),
        ("24-CT/TU; ngày 29/6/2017", None, None),
        ("24-CT/TU, Chuyên đề năm 2024", None, None),
    ],
)
def test_a_date_may_be_a_year_a_month_or_nothing(written, first, last):
    found = only(f"Theo {written} thì")
    assert (found.first_day, found.last_day) == (first, last)


def test_numbers_that_share_a_symbol_are_doubtful():
    text = "Các Kết luận số 01, 07 và 21-KL/TW ngày 25/10/2021 của Bộ Chính trị"
    found = list(citations.find(text))
    assert [(str(one.sign), one.doubtful) for one in found] == [
        ("01-KL/TW", True),
        ("07-KL/TW", True),
        ("21-KL/TW", False),
    ]
    assert [text[one.start : one.end] for one in found[:2]] == ["01", "07"]
    assert {one.kind for one in found} == {"ket luan"}
    assert [str(one.sign) for one in citations.find("năm 2017, 24-CT/TU")] == ["24-CT/TU"]


words = st.text(st.sampled_from("aăâđêôơưếộ ,.;:()-/0129số\n\u00a0“”<>&"), max_size=30)


@settings(deadline=None)
@given(words, words, st.sampled_from(["NFC", "NFD"]))
def test_whatever_stands_around_the_places_are_those_of_the_text(before, after, form):
    text = unicodedata.normalize(form, f"{before}\nChỉ thị số 24-CT/TU ngày 29/6/2017.{after}")
    found = [one for one in citations.find(text) if str(one.sign) == "24-CT/TU" and one.kind]
    assert found
    phrase = unicodedata.normalize("NFC", text[found[0].start : found[0].end])
    assert phrase == "Chỉ thị số 24-CT/TU ngày 29/6/2017"
    assert text[found[0].sign_start : found[0].sign_end] == "24-CT/TU"
    for one in citations.find(text):
        assert 0 <= one.start <= one.sign_start < one.sign_end <= one.end <= len(text)


@pytest.mark.django_db
class TestInTheLibrary:
    @pytest.fixture
    def issuer(self):
        return make_issuer("Ban Thường vụ Tỉnh ủy")

    def document(self, issuer, day=DAY, kind="Chỉ thị", **fields):
        return make_document(
            "24-CT/TU", type=make_type(kind), issuer=issuer, issued_on=day, **fields
        )

    def meant(self, text, day=TODAY):
        bearers = citations.bearers(["24-ct/tu"])
        return citations.certain(only(text), bearers["24-ct/tu"], day)

    @pytest.mark.parametrize(
        ("text", "is_it"),
        [
            ("24-CT/TU", True),
            ("Chỉ thị số 24-CT/TU ngày 29/6/2017", True),
            ("Chỉ thị số 24-CT/TU năm 2017 của Tỉnh ủy", True),
            ("24-CT/TU ngày 29/6/2017 của Thường trực", True),
            ("Kết luận số 24-CT/TU", False),
            ("24-CT/TU ngày 30/6/2017", False),
            ("24-CT/TU năm 2016", False),
            ("24-CT/TU của Tỉnh ủy Vĩnh Long", False),
        ],
    )
    def test_all_that_is_said_has_to_agree(self, issuer, text, is_it):
        document = self.document(issuer)
        assert self.meant(text) == (document if is_it else None)

    def test_a_date_that_the_library_does_not_know_is_not_taken_on_trust(self, issuer):
        self.document(issuer, day=None)
        assert self.meant("24-CT/TU ngày 29/6/2017") is None
        assert self.meant("Chỉ thị số 24-CT/TU")

    def test_what_was_issued_later_is_not_meant(self, issuer):
        self.document(issuer)
        assert self.meant("24-CT/TU", day=date(2017, 6, 28)) is None

    def test_of_several_none_is_guessed(self, issuer):
        first = self.document(issuer, term="2015-2020")
        self.document(issuer, day=date(2021, 1, 5), term="2020-2025")
        assert self.meant("Chỉ thị số 24-CT/TU") is None
        assert self.meant("Chỉ thị số 24-CT/TU năm 2017") == first
        assert self.meant("Chỉ thị số 24-CT/TU", day=date(2020, 1, 1)) == first

    def test_the_issuer_decides_between_those_of_one_day(self, issuer):
        first = self.document(issuer)
        self.document(make_issuer("Huyện ủy"))
        assert self.meant("24-CT/TU ngày 29/6/2017") is None
        assert self.meant("24-CT/TU ngày 29/6/2017 của Tỉnh ủy") == first

    def test_internal_ones_are_not_known(self, issuer):
        self.document(issuer, visibility="internal")
        assert self.meant("24-CT/TU") is None
