"""What is shown of an entry, and what is marked in it."""

from dataclasses import replace
from random import Random

import pytest

from core.search.extracts import READ, SHOWN, _compared, _written, extract, highlighted
from core.search.query import parse
from core.search.tokens import forms, ways_to_write

FILLING = ["chữ"] * 90


def query(text):
    """What was typed, where every word with marks stands so in some text."""
    parsed = parse(text)
    return replace(parsed, exact=frozenset(word.exact for word in parsed.words))


def marked(pieces):
    return [text for text, hit in pieces if hit]


def shown(pieces):
    return "".join(text for text, _ in pieces)


def test_what_is_looked_for_as_it_is_written_is_what_comparing_every_word_finds():
    random = Random(7)
    words = "hòa hoà Hòa HOÀ hóa kỷ kỉ Kỉ ky kỳ quý quí thúy thuý tuyên Tuyên, (tuyên) tuyến đảng"
    others = "ðảng Đảng ĐẢNG bộ. đảng-bộ hòa\nbình bình/hòa 24-CT/TU tuyên2 _tuyên_ xuyên İ – x"
    pool = [*words.split(), *others.split(" "), "", "ngày\tđảng", "hoàn", "kỷ\u00a0niệm"]
    for typed in ("hòa", "kỉ", "tuyên", "đảng bộ", "quý thúy hoà", "kỳ Đảng bình"):
        asked = query(typed)
        for _ in range(200):
            text = " ".join(random.choices(pool, k=random.randrange(12)))
            if "İ" in text:  # two letters in lower case
                assert _written(text, asked) is None
            else:
                assert _written(text, asked) == _compared(text, asked), (typed, text)


@pytest.mark.parametrize(
    ("exact", "written"),
    [
        ("hòa", {"hòa", "hoà"}),
        ("kỉ", {"kỉ", "kỷ"}),
        ("quí", {"quí", "quý", "qúi", "qúy"}),
        ("tuyên", {"tuyên"}),
        ("đảng", {"đảng"}),
    ],
)
def test_every_way_to_write_a_word_is_known(exact, written):
    assert ways_to_write(exact) == written
    assert {forms(word)[0] for word in written} == {exact}


@pytest.mark.parametrize("typed", ["dân vận", "dan van", "24-CT/TU", "7/10/2022", '"dân vận"'])
@pytest.mark.parametrize("before", [0, 300, 3_000])
def test_the_best_place_is_found_wherever_it_stands(typed, before):
    place = "dân vận, số 24-CT/TU, ngày 07 tháng 10 năm 2022"
    text = " ".join([*["chữ"] * before, place, *FILLING])
    pieces = extract(text, query(typed))
    assert marked(pieces)
    assert len(shown(pieces).strip("… ").split()) == SHOWN
    assert (pieces[0] == ("… ", False)) == (before > 0)
    assert pieces[-1] == (" …", False)
    assert shown(pieces).strip("… ") in text


def test_what_lies_too_deep_in_a_text_is_left_there():
    text = " ".join(["chữ"] * READ[-1] + ["dân vận"])
    pieces = extract(text, query("dân vận"))
    assert not marked(pieces)
    assert shown(pieces) == " ".join(["chữ"] * SHOWN) + " …"


def test_a_sign_is_marked_as_a_whole_and_its_number_elsewhere_is_not():
    text = "24 người, 24/10/2023, Chỉ thị số 24-\nCT/TU, 124-CT/TU, 24-CT/TW, 24.000 đồng"
    assert marked(highlighted(text, query("24-CT/TU"))) == ["24-\nCT/TU"]
    assert marked(highlighted(text, query("24-CT/TU 24"))) == ["24", "24", "24-\nCT/TU", "24"]
    # Neither is cut where the extract ends.
    assert shown(extract(" ".join([*FILLING[:38], text]), query("chữ"))).endswith("24 người …")


@pytest.mark.parametrize("text", ["", " ", "\n", "x" * 50_000, "–", "\u0301", "\x00", "İ" * 9])
def test_any_text_has_an_extract(text):
    for typed in ("đảng", "dang", "24-CT/TU"):
        assert shown(extract(text, query(typed))).strip("… ") in text
        assert shown(highlighted(text, query(typed))) == text
