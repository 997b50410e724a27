"""What differs between two texts, word by word."""

import random
import time
import unicodedata

import pytest
from django.template.loader import render_to_string

from core.diff import Fate, compare_html, compare_text
from core.text import plain_text

WORDS = "đảng ủy khối các cơ quan tỉnh, hội nghị sơ kết 07/10/2022 24-CT/TU ( “ . \u0302a".split()


def side(runs, fate):
    return "".join(run.text for run in runs if run.fate in (Fate.KEPT, fate))


def test_what_is_kept_and_added_is_the_new_text_and_with_what_is_removed_the_old_one():
    chance = random.Random(5)
    for _ in range(400):
        old, new = (" ".join(chance.choices(WORDS, k=chance.randrange(25))) for _ in range(2))
        runs = compare_text(old, new)
        assert side(runs, Fate.ADDED).lstrip() == unicodedata.normalize("NFC", new)
        assert side(runs, Fate.REMOVED).split() == unicodedata.normalize("NFC", old).split() or (
            # A kept word is written with the space of the new text.
            "".join(side(runs, Fate.REMOVED).split())
            == "".join(unicodedata.normalize("NFC", old).split())
        )


def test_words_dates_and_signs_stay_whole_however_they_were_composed():
    old = unicodedata.normalize("NFD", "Đảng ủy họp ngày 07/10/2022 theo 24-CT/TU.")
    runs = compare_text(old, "Đảng uỷ họp ngày 08/10/2022 theo 24-CT/TW.")
    changed = [(run.fate.value, run.text.strip()) for run in runs if run.fate != Fate.KEPT]
    assert changed == [
        *(("removed", "ủy"), ("added", "uỷ")),
        *(("removed", "07/10/2022"), ("added", "08/10/2022")),
        *(("removed", "24-CT/TU"), ("added", "24-CT/TW")),
    ]
    assert all(unicodedata.is_normalized("NFC", run.text) for run in runs)


def test_words_of_either_side_never_touch():
    html = compare_html("<p>Một hai ba bốn</p>", "<p>Hai ba năm</p>")
    for runs in (
        compare_text("Một hai ba", "Hai ba"),
        html[0].runs,
        compare_text("Cũ đi", "Mới về"),
    ):
        words = [run.text for run in runs]
        assert all(later[0] == " " for later in words[1:]), words


def test_a_lone_word_between_changes_is_told_with_them():
    runs = compare_text("một hai ba và bốn năm sáu", "bảy tám chín và mười trăm nghìn")
    assert [run.fate for run in runs] == [Fate.REMOVED, Fate.ADDED]


def test_blocks_are_kept_and_tags_within_them_passed_over():
    blocks = compare_html(
        "<h2>Kết quả</h2><p>Một <strong>hai</strong>.</p><ul><li>Ba</li></ul>",
        '<h2>Kết quả</h2><p>Một hai bốn.</p><ul><li>Ba</li></ul><img src="/m/a.webp" alt="Ảnh">',
    )
    assert [(block.tag, block.changed) for block in blocks] == [
        ("h2", False),
        ("p", True),
        ("li", False),
        ("figure", True),
    ]
    assert [run.text for run in blocks[1].runs if run.fate == Fate.ADDED] == [" bốn"]
    assert blocks[3].runs[0].picture == "/m/a.webp"


def test_the_new_text_is_told_in_full_from_html_too():
    old, new = "<p>Một</p><p>Hai ba</p>", "<h2>Một</h2><p>Hai</p><p>bốn</p>"
    told = " ".join(side(block.runs, Fate.ADDED) for block in compare_html(old, new))
    assert told.split() == plain_text(new).split()


@pytest.mark.parametrize("fragment", ["<p>", "a ", "<p>a</p>", "đ́ảng "])
def test_long_texts_without_a_common_word_take_no_long(fragment):
    old, new = fragment * (200_000 // len(fragment)), "<p>b</p>" * 5_000
    began = time.process_time()
    compare_html(old, new)
    assert time.process_time() - began < 2


def test_what_is_shown_is_escaped_and_readable_without_colour():
    runs = compare_text("<script>", "<script>alert(1)</script>")
    html = render_to_string("admin/publication/runs.html", {"runs": runs})
    assert "<script" not in html
    assert "&lt;" in html
    assert "[thêm:" in html
