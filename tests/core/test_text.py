"""Vietnamese text: the rules of core.text, by example and by property."""

import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core import text

VIETNAMESE = "aàảãáạăằẳẵắặâầẩẫấậeèẻẽéẹêềểễếệiìỉĩíịoòỏõóọôồổỗốộơờởỡớợuùủũúụưừửữứựyỳỷỹýỵđ"
syllables = st.text(alphabet=VIETNAMESE + "bcghklmnpqrtvx" + VIETNAMESE.upper(), max_size=7)
vietnamese = st.lists(syllables, max_size=6).map(" ".join)
anything = st.one_of(vietnamese, st.text())
MARKUP = """<p> </p> <br/> <b <! <![ <![if> <![CDATA[ ]]> <!-- --> <? </ & &nbsp; &#0; &#xD800;
    <script> </script> ' " """
html = st.lists(
    st.one_of(
        st.text(max_size=8),
        st.sampled_from(MARKUP.split()),
    )
).map("".join)


def nfd(value):
    return unicodedata.normalize("NFD", value)


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("Đảng ủy Khối", "dang uy khoi"),
        ("ĐẢNG UỶ", "dang uy"),
        ("Ðảng ðoàn", "dang doan"),
        ("nghị quyết Trung ương", "nghi quyet trung uong"),
        ("24-CT/TU", "24-ct/tu"),
        ("", ""),
    ],
)
def test_folding_removes_case_and_every_diacritic(typed, folded):
    assert text.fold(typed) == folded
    assert text.fold(nfd(typed)) == folded


@given(anything)
@example("İstanbul")
@example("\u1e9e\u0345")
def test_folding_is_idempotent_and_does_not_see_how_text_was_typed(value):
    folded = text.fold(value)
    assert text.fold(folded) == folded
    assert text.fold(nfd(value)) == text.fold(text.nfc(value)) == folded


@given(vietnamese)
def test_a_folded_vietnamese_word_is_ascii(value):
    assert text.fold(value).isascii()


@pytest.mark.parametrize(
    ("modern", "traditional"),
    [
        ("hoà", "hòa"),
        ("thuỷ", "thủy"),
        ("khoẻ", "khỏe"),
        ("toà", "tòa"),
        ("Uỷ", "Ủy"),
        ("UỶ BAN HOÀ BÌNH", "ỦY BAN HÒA BÌNH"),
        ("qúy", "quý"),
        ("gìa", "già"),
        ("hòan", "hoàn"),
        ("«Hoà», thuỷ-lợi 2023", "«Hòa», thủy-lợi 2023"),
    ],
)
def test_both_tone_placements_of_a_word_become_one(modern, traditional):
    assert text.normalise_tones(modern) == traditional
    assert text.normalise_tones(nfd(modern)) == traditional


def test_words_with_their_tones_in_place_are_left_alone():
    words = (
        "hoàn quý quả quốc già gì gìn giếng giữ huỳnh khuỷu thuyền ngoẻo xoóng của cửa kìa thuở"
        " Huế rượu cứu điều yếu người Đảng hoa ủy café río déjà"
    )
    assert text.normalise_tones(words) == words


def test_a_word_with_two_tones_is_not_guessed_at():
    assert text.normalise_tones("hóà") == "hóà"


@given(anything)
@example("hoà\u0301")
@example("hoà\u0331")
def test_tone_placement_is_idempotent_nfc_and_changes_nothing_but_tones(value):
    placed = text.normalise_tones(value)
    assert text.normalise_tones(placed) == placed
    assert unicodedata.is_normalized("NFC", placed)
    assert text.fold(placed) == text.fold(value)
    assert sorted(nfd(placed)) == sorted(nfd(text.nfc(value)))


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Đảng ủy Khối", "dang-uy-khoi"),
        ("  Hội nghị -- sơ kết (lần 2)!", "hoi-nghi-so-ket-lan-2"),
        ("Chỉ thị số 24‑CT/TU", "chi-thi-so-24-ct-tu"),
        ("№ ２０２３", "no-2023"),
        ("中文", ""),
        ("…", ""),
    ],
)
def test_a_slug_is_ascii_words_joined_by_hyphens(title, slug):
    assert text.slugify(title) == slug


@pytest.mark.parametrize(
    ("max_length", "slug"),
    [
        (12, "dang-uy-khoi"),
        (11, "dang-uy"),
        (8, "dang-uy"),
        (7, "dang-uy"),
        (6, "dang"),
        (3, "dan"),
    ],
)
def test_a_long_slug_is_cut_between_words(max_length, slug):
    assert text.slugify("Đảng ủy Khối", max_length=max_length) == slug


@given(anything, st.integers(min_value=1, max_value=100))
def test_every_slug_is_a_clean_path_segment_within_its_length(value, max_length):
    slug = text.slugify(value, max_length=max_length)
    assert len(slug) <= max_length
    assert re.fullmatch(r"(?:[a-z0-9]+(?:-[a-z0-9]+)*)?", slug)
    assert text.slugify(slug, max_length=max_length) == slug


@pytest.mark.parametrize(
    ("markup", "plain"),
    [
        ("<p>Một</p><p>hai <b>ba</b>bốn</p>", "Một\nhai babốn"),
        ("<ul><li>a<li>b</ul>c<br>d", "a\nb\nc\nd"),
        ("<td>1</td><td>2</td>", "1\n2"),
        ("a&nbsp;&amp;\n\n b", "a & b"),
        ("&lt;p&gt; Ho&agrave;", "<p> Hoà"),
        ("x<script>alert('<p>')</script><style>p{}</style>y", "xy"),
        ("<!-- ghi chú -->x<![if !supportLists]>·<![endif]>y<![bogus]>", "x·y"),
        ("<p>Hoa\u0300</p>", "Hoà"),
        ("", ""),
    ],
)
def test_plain_text_is_what_a_reader_sees(markup, plain):
    assert text.plain_text(markup) == plain


@given(html)
def test_plain_text_of_any_markup_is_tidy_nfc(markup):
    plain = text.plain_text(markup)
    assert unicodedata.is_normalized("NFC", plain)
    assert all(line and line == " ".join(line.split()) for line in plain.split("\n") if plain)


@given(html)
def test_text_inside_a_script_never_shows(markup):
    assert "bí mật" not in text.plain_text(f"<p>a</p><script>bí mật</script>{markup}")


def test_a_short_text_is_its_own_excerpt():
    assert text.excerpt("<p>Tin vắn</p>\n<p>hôm nay</p>") == "Tin vắn hôm nay"


def test_an_excerpt_ends_after_a_whole_word_without_its_comma():
    assert text.excerpt("<p>Năm 2023, Đảng ủy Khối</p>", letters=12) == "Năm 2023…"


@given(html, st.integers(min_value=1, max_value=60))
def test_an_excerpt_is_one_line_within_its_length(markup, letters):
    result = text.excerpt(markup, letters=letters)
    assert len(result) <= letters
    assert "\n" not in result
