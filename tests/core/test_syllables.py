import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.syllables import all_spelt, is_syllable, looks_like_syllable
from core.text import normalise_tones

TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")


@given(st.sampled_from(all_spelt()), st.sampled_from(TONES))
def test_every_spelling_takes_every_tone_but_before_a_stop(spelt, tone):
    vowel = next(i for i, char in enumerate(spelt) if char in "aăâeêioôơuưy")
    word = normalise_tones(spelt[: vowel + 1] + tone + spelt[vowel + 1 :])
    stopped = spelt.endswith(("c", "ch", "p", "t"))
    if not tone or not stopped:
        assert is_syllable(word) == (not stopped)


@pytest.mark.parametrize(
    "word",
    "Đảng ĐẢNG hòa hoà thủy thuỷ quý quí của giếng gì gìn giá giặt nghiêng khuỷu khúc quốc quyết"
    " Ở ý yêu kỷ sĩ hươu rượu ngoằn ngoèo xoong tuýp buýt thuở nguệch xuềnh quỵt".split(),
)
def test_words_of_vietnamese_are_syllables(word):
    assert is_syllable(word)
    assert is_syllable(unicodedata.normalize("NFD", word))


@pytest.mark.parametrize(
    "word",
    # Tones on the wrong vowel, without marks, before a stop, of the wrong onset; joined; foreign.
    "cuả qúy gía hứơng ngưòi cac thuc thuc ngĩa ghạo kạn nge tuyen tưởg côngtác résumé Lênin z"
    " Đảngg thìch hoặch ".split(),
)
def test_other_words_are_none(word):
    assert not is_syllable(word)


def test_a_word_looks_like_a_syllable_when_only_its_marks_are_wrong():
    assert looks_like_syllable("ngưòi")
    assert looks_like_syllable("cac")
    assert not looks_like_syllable("Mátxcơva")
    assert not looks_like_syllable("internet")
