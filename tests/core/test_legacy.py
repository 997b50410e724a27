import itertools
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import legacy
from core.legacy import Encoding, by_font, suspected, tcvn3, vni
from core.richtext import clean_html
from core.text import plain_text
from portal.demo.source import page

TONES = ("", "\u0300", "\u0301", "\u0309", "\u0303", "\u0323")
VOWELS = "aăâeêioôơuưy"
SMALL = [unicodedata.normalize("NFC", v + t) for v in VOWELS for t in TONES] + ["đ"]
ASCII = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ 0123456789.,;:-()"

# From the tables of the two encodings, written the other way round than core/legacy.py does.
TCVN3_OF = dict(
    zip(
        SMALL,
        "a µ ¸ ¶ · ¹ ¨ » ¾ ¼ ½ Æ © Ç Ê È É Ë e Ì Ð Î Ï Ñ ª Ò Õ Ó Ô Ö i × Ý Ø Ü Þ"
        " o ß ã á â ä « å è æ ç é ¬ ê í ë ì î u ï ó ñ ò ô \u00ad õ ø ö ÷ ù y ú ý û ü þ ®".split(
            " "
        ),
        strict=True,
    )
) | dict(zip("ĂÂÊÔƠƯĐ", "¡¢£¤¥¦§", strict=True))
VNI_OF = dict(
    zip(
        SMALL,
        "a aø aù aû aõ aï aê aè aé aú aü aë aâ aà aá aå aã aä e eø eù eû eõ eï eâ eà eá eå eã eä"
        " i ì í æ ó ò o oø où oû oõ oï oâ oà oá oå oã oä ô ôø ôù ôû ôõ ôï"
        " u uø uù uû uõ uï ö öø öù öû öõ öï y yø yù yû yõ î ñ".split(),
        strict=True,
    )
)
VNI_OF |= {letter.upper(): code.upper() for letter, code in VNI_OF.items()}


def test_the_tables_of_this_test_name_every_letter_once():
    for table in (TCVN3_OF, VNI_OF):
        assert len(set(table.values())) == len(table)
    assert len(VNI_OF) == 2 * 73
    assert set(VNI_OF) >= set(SMALL) | {letter.upper() for letter in SMALL}


@given(st.lists(st.sampled_from([*TCVN3_OF, *ASCII])))
def test_tcvn3_reads_every_letter_that_its_fonts_have(letters):
    text = "".join(letters)
    assert tcvn3("".join(TCVN3_OF.get(letter, letter) for letter in letters)) == text


@given(st.lists(st.sampled_from([*VNI_OF, *ASCII])))
def test_vni_reads_every_letter_in_both_cases(letters):
    assert vni("".join(VNI_OF.get(letter, letter) for letter in letters)) == "".join(letters)


def test_vni_reads_a_capital_whose_mark_was_typed_small():
    assert vni("Aù Ôû Ñaïi Aân") == "Á Ở Đại Ân"


@pytest.mark.parametrize(
    ("font", "typed", "meant"),
    [
        (".VnTime", "§¶ng bé", "Đảng bộ"),
        (".vntimeH", "§¶ng bé", "ĐẢNG BỘ"),
        ("'.VnArial NarrowH'", "trµ vinh", "TRÀ VINH"),
        ("VNI-Times", "Ñaûng boä", "Đảng bộ"),
        ("VNI Helve", "Traø Vinh", "Trà Vinh"),
    ],
)
def test_the_name_of_a_font_says_how_to_read_its_text(font, typed, meant):
    convert = by_font(font)
    assert convert is not None
    assert convert(typed) == meant


@pytest.mark.parametrize("font", ["Times New Roman", "Arial", "", "Verdana", "Noto Sans VN"])
def test_text_of_other_fonts_is_unicode_already(font):
    assert by_font(font) is None


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("§¶ng bé", Encoding.TCVN3),
        ("Céng hoµ x· héi chñ nghÜa ViÖt Nam", Encoding.TCVN3),
        ("KÕt qu¶ n¨m 2023: 145 tin, bµi", Encoding.TCVN3),
        ("Ñaûng boä", Encoding.VNI),
        ("ÑOÄC LAÄP - TÖÏ DO - HAÏNH PHUÙC", Encoding.VNI),
        ("Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam", Encoding.VNI),
    ],
)
def test_text_of_another_time_is_recognised(text, encoding):
    assert suspected(text) == encoding


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Dang bo Khoi",
        "Toà án hoà bình, xoá bỏ, khoá, loá",
        "toà hoá",
        "Bé có cá ở nhà bà",
        "« bé » ½ ¼ § 5 ± 2 °C µm",
        "L'été, où est le garçon ? « C'est déjà là-bas, près de la forêt »; il a dû goûter le thé.",
        "Für Grüße über die Straße, schöne Mädchen",
        "El niño español comió piñas en el corazón de la región",
        "Café naïve résumé © 2023 Windows® 5 µm",
        "Não há coração; são opções à população",
    ],
)
def test_unicode_in_any_language_is_not_suspected(text):
    assert suspected(text) is None


@pytest.mark.parametrize("table", [TCVN3_OF, VNI_OF], ids=["tcvn3", "vni"])
def test_every_sentence_of_the_former_site_is_recognised_once_mangled(table):
    encoding = Encoding.TCVN3 if table is TCVN3_OF else Encoding.VNI
    for line in (page().title, *page().paragraphs, *page().captions):
        mangled = "".join(table.get(letter, letter) for letter in line)
        assert suspected(line) is None
        assert suspected(mangled) == encoding
        assert legacy.convert(mangled, encoding) == line


@pytest.mark.parametrize("hyphen", ["\u00ad", "&shy;", "&#173;"])
def test_the_letter_that_is_a_soft_hyphen_elsewhere_survives_pasting(hyphen):
    html = clean_html(f"<p>T{hyphen} t{hyphen}ëng cña §¶ng</p>")
    assert tcvn3(plain_text(html)) == "Tư tưởng của Đảng"


def test_a_soft_hyphen_in_unicode_is_still_dropped():
    assert clean_html("<p>Đảng\u00ad bộ Khối</p>") == "<p>Đảng bộ Khối</p>"


def test_converting_leaves_ascii_alone():
    for convert, text in itertools.product((tcvn3, vni), (ASCII, "")):
        assert convert(text) == text
