"""The words of a text, as they are compared."""

import pytest

from core.search.tokens import sign_token, tokens


def forms(text):
    return [(token.exact, token.folded) for token in tokens(text)]


def exact(text):
    return [token.exact for token in tokens(text)]


def test_each_word_is_kept_as_typed_and_folded_at_one_place():
    assert forms("Xây dựng Đảng") == [("xây", "xay"), ("dựng", "dung"), ("đảng", "dang")]
    assert [token.position for token in tokens("Xây dựng Đảng")] == [0, 1, 2]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("hoà bình", "hòa bình"),
        ("Uỷ ban", "Ủy ban"),
        ("khoẻ", "khỏe"),
        ("kỷ luật", "kỉ luật"),
        ("Lý luận", "lí luận"),
        ("bác sỹ", "bác sĩ"),
        ("quý", "quí"),
        ("Ðảng", "Đảng"),
        ("tháng 07", "tháng 7"),
        ("721.618", "721618"),
        ("đảng", "đảng"),
    ],
)
def test_ways_of_writing_one_word_are_one(one, other):
    assert forms(one) == forms(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("đảng", "đang"), ("may", "mai"), ("tay", "tai"), ("thuy", "thui"), ("3.5", "35")],
)
def test_different_words_stay_different(one, other):
    assert exact(one) != exact(other)


@pytest.mark.parametrize(
    "text",
    ["29/6/2017", "29-06-2017", "29.6.2017", "ngày 29 tháng 6 năm 2017", "29 thang 6 nam 2017"],
)
def test_a_day_is_one_token_however_it_is_written(text):
    assert "29/6/2017" in exact(text)


@pytest.mark.parametrize("text", ["32/1/2020", "1/13/2020", "12/2020", "129/6/2017"])
def test_what_is_no_day_is_none(text):
    assert not any("/" in word for word in exact(text))


def test_a_sign_is_one_token_beside_its_parts():
    text = "Thực hiện Chỉ thị số 24-CT/TU ngày 29/6/2017"
    found = {token.exact: text[token.start : token.end] for token in tokens(text)}
    assert found["#24cttu"] == "24-CT/TU"
    assert {"24", "ct", "tu"} <= found.keys()


@pytest.mark.parametrize("typed", ["24-CT/TU", "24ct/tu", "24 CT TU", "24/CT-TU", "024-ct/tu"])
def test_a_sign_is_the_same_however_it_is_typed(typed):
    assert sign_token(typed) == "#24cttu"


@pytest.mark.parametrize("text", ["", " ", "\x00", "😀", "&|!():*<->", "\u0301" * 50, "'\\"])
def test_anything_can_be_taken_apart(text):
    assert all(token.exact for token in tokens(text))
