"""Signs of documents: every way of typing, printing and citing them."""

import random
import time
import unicodedata
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from documents import signs
from documents.signs import Sign
from portal import demo

SOURCE = Path(demo.__file__).with_name("source.txt").read_text(encoding="utf-8")
CITED_IN_SOURCE = ["01-KL/TW", "05-CT/TW", "21-KL/TW", "24-CT/TU", "85-QĐ/TW"]

PRINTED = """
24-CT/TU 01-KL/TW 8011-CV/BTCTW 02-NQi/TW 15-CTr/ĐUK 12a-CV/ĐU 85-QĐ/TW 36-HD/VPTW 07-QĐi/TW
06-HD/UBKTTW 97-QĐ/TW 04-NQ/TW 26-NQ/TU 71-HD/BTGTW 66-QĐ/TW 05-HD/BTCTW 132-QĐ/TW 19-QC/TU
120-BC/ĐUK 33-TB/ĐUK 09-TTr/ĐUK 45-KH/ĐUK 02-ĐA/TU 11-TT/TU 03-QyĐ/TW 146-CV/BTGTU 58-KH/BDVTU
12-NQ/HU 217-QĐ/TW 218-QĐ/TW 35-NQ/TW 01-NQLT/TU-HĐND 367-QĐ/TWĐTN-VP 24-BS/UBKTTU 10-CV/ĐU
123/KH-UBND 05/QĐ-UBND 1719/QĐ-TTg 16/CT-TTg 02/CĐ-TTg 76/NQ-CP 15/NQ-HĐND 1234/SNV-CCVC
99/BC-STTTT 3456/UBND-KGVX 220/SGDĐT-VP 88/SKH&ĐT-TH 4567/VPCP-V.III 30/HD-LĐLĐ 155/QĐ-BGDĐT
1893/QĐ-ĐDN 12b/TB-VPUB 500/TTr-SNN 18/GM-UBND 7/BTP-PLHS 100/TB-VP/UBND 246/UBND
42/2022/NĐ-CP 30/2020/NĐ-CP 32/2017/TT-BTTTT 666/2015/QĐ-UBND 45/2019/QH14 91/2025/QH15
15/2014/TTLT-BCA-BTP 01/2020/TTLT-VKSNDTC-TANDTC-BCA-BTP-BQP 09/2021/NQ-HĐND 11/2024/L-CTN
18/2018/QĐ-TTg 02/2023/UBTVQH15
""".split()


def nfd(value):
    return unicodedata.normalize("NFD", value)


@pytest.mark.parametrize(
    ("typed", "sign"),
    [
        ("24-CT/TU", Sign(24, "", None, "CT/TU")),
        ("8011-CV/BTCTW", Sign(8011, "", None, "CV/BTCTW")),
        ("12a-CV/ĐU", Sign(12, "a", None, "CV/ĐU")),
        ("01-KL/TW", Sign(1, "", None, "KL/TW")),
        ("123/KH-UBND", Sign(123, "", None, "KH-UBND")),
        ("42/2022/NĐ-CP", Sign(42, "", 2022, "NĐ-CP")),
        ("45/2019/QH14", Sign(45, "", 2019, "QH14")),
        ("2022/NĐ-CP", Sign(2022, "", None, "NĐ-CP")),
        ("246/UBND", Sign(246, "", None, "UBND")),
        ("100/TB-VP/UBND", Sign(100, "", None, "TB-VP/UBND")),
    ],
)
def test_a_sign_is_number_suffix_year_and_symbol(typed, sign):
    assert signs.parse(typed) == sign


@pytest.mark.parametrize(
    "typed",
    [
        "24 CT/TU",
        "số 24-CT/TU",
        "Số: 24-CT/TU",
        "SỐ :24-CT/TU",
        "So 24-CT/TU",
        "Sô: 24-CT/TU",
        "số24-CT/TU",
        "24ct/tu",
        "24-ct/tu",
        "24-Ct/Tu",
        "24-CT/tu",
        "24 - CT / TU",
        "24  -\tCT/ TU",
        "  24-CT/TU.",
        "(24-CT/TU)",
        "“24-CT/TU”,",
        "024-CT/TU",
        "24/CT/TU",
        "24–CT/TU",
        "24—CT/TU",
        "24‑CT/TU",
        "24‐CT/TU",
        "24−CT/TU",
        "24\u00adCT/TU",
        "24-CT⁄TU",
        "24\u00a0-\u202fCT/TU",
        "\ufeff24-CT/\u200bTU",
        "２４－ＣＴ／ＴＵ",
        "24-CT/TU¹",
        "24-CT/\nTU",
    ],
)
def test_every_way_of_typing_a_sign_is_the_same_sign(typed):
    for text in (typed, nfd(typed)):
        assert signs.key(signs.parse(text)) == "24-ct/tu"


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("24 ct/tu", "24-CT/TU"),
        ("1-kl/tw", "01-KL/TW"),
        ("5/qđ-ubnd", "05/QĐ-UBND"),
        ("9A-CV/ĐU", "09a-CV/ĐU"),
        ("15-CTr/ĐUK", "15-CTr/ĐUK"),
        ("18-QĐ-TTg", None),
        ("18/qđ-TTg", "18/QĐ-TTg"),
        ("1.234-CV/TU", "1234-CV/TU"),
        ("123 KH-UBND", "123/KH-UBND"),
        ("42/2022 NĐ-CP", "42/2022/NĐ-CP"),
        ("51/1999-NĐ-CP", "51/1999/NĐ-CP"),
        ("42 / 2022 / NÐ - CP", "42/2022/NĐ-CP"),
        ("85-qð/tw", "85-QĐ/TW"),
        ("29-NQ/TƯ", "29-NQ/TƯ"),
    ],
)
def test_a_sign_is_printed_as_offices_print_it(typed, printed):
    sign = signs.parse(typed)
    assert (sign and str(sign)) == printed
    assert signs.parse(nfd(typed)) == sign


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "số",
        "24",
        "24-",
        "24-CT",
        "24 CT",
        "24CT",
        "24-CT-TU",
        "CT/TU",
        "-CT/TU",
        "/KH-UBND",
        "0-CT/TU",
        "00-CT/TU",
        "1234567-CT/TU",
        "1.23-CT/TU",
        "1.234.567-CT/TU",
        "24-CT/",
        "24-/TU",
        "24--CT/TU",
        "24-CT//TU",
        "24-C/TU",
        "24-CT/TU 25-CT/TU",
        "24-CT/TU ngày 29/6/2017",
        "Chỉ thị 24-CT/TU",
        "24-Chỉ thị/Tỉnh ủy",
        "24-CT/TÚ",
        "24-CT/1",
        "42/22/NĐ-CP",
        "42/1822/NĐ-CP",
        "42-2022/NĐ-CP",
        "18/5/2021",
        "3/4",
        "2021-2030",
        "0294.3862.123",
        "https://travinh.gov.vn/24-CT/TU",
        "24-" + "A" * 30 + "/" + "B" * 30,
        "A" * 1_000_000,
        "24-CT/TU" + " " * 1_000_000,
        "٢٤-CT/TU",
        "²-CT/TU",
        "\x00",
        "\ud800",
    ],
)
def test_what_is_not_one_sign_is_none(text):
    assert signs.parse(text) is None


@pytest.mark.parametrize("printed", PRINTED)
def test_a_printed_sign_is_read_printed_again_and_found(printed):
    sign = signs.parse(printed)
    canonical = str(sign)
    assert signs.parse(canonical) == sign
    assert canonical.lstrip("0") == printed.lstrip("0")
    assert signs.parse(f"số {printed.lower()}".upper()) is not None
    assert signs.key(signs.parse(printed.lower())) == signs.key(sign)
    text = f"theo Văn bản số {printed}, ngày 29/6/2017"
    found = [text[found.start : found.end] for found in signs.find(text)]
    expected = [] if printed in {"246/UBND", "11/2024/L-CTN"} else [printed]
    assert found == expected


def test_more_than_sixty_real_signs_are_tried():
    assert len(set(PRINTED)) >= 65


def test_trung_uong_is_tw_however_it_is_written_and_never_tu():
    assert signs.key(signs.parse("29-NQ/TƯ")) == signs.key(signs.parse("29-NQ/TW"))
    assert signs.key(signs.parse("29-nq/tư")) == signs.key(signs.parse("29-NQ/TW"))
    assert signs.key(signs.parse("29-NQ/TU")) != signs.key(signs.parse("29-NQ/TW"))


def test_party_and_state_signs_with_the_same_letters_differ():
    assert signs.key(signs.parse("24-CT/TU")) != signs.key(signs.parse("24/CT-TU"))
    assert signs.key(signs.parse("12-CV/ĐU")) != signs.key(signs.parse("12a-CV/ĐU"))
    assert signs.key(signs.parse("42/2022/NĐ-CP")) != signs.key(signs.parse("42/NĐ-CP"))


def cited(text):
    return [text[found.start : found.end] for found in signs.find(text)]


def test_every_sign_of_the_source_page_is_found_and_nothing_else():
    assert cited(SOURCE) == CITED_IN_SOURCE
    assert cited(nfd(SOURCE)) == [nfd(sign) for sign in CITED_IN_SOURCE]
    assert cited(SOURCE.replace("Đ", "Ð")) == [s.replace("Đ", "Ð") for s in CITED_IN_SOURCE]
    assert [str(found.sign) for found in signs.find(SOURCE)] == CITED_IN_SOURCE


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Kết luận số 01-KL/TW ngày 18/5/2021 của Bộ Chính trị", ["01-KL/TW"]),
        ("tục thực hiện Chỉ thị số 05-CT/TW, Chuyên đề năm 2024", ["05-CT/TW"]),
        (". Kết luận 21-KL/TW, ngày 25/10/2021", ["21-KL/TW"]),
        ("Chỉ thị số 24-CT/TU ngày 29/6/2017 của Ban Thường vụ Tỉnh ủy", ["24-CT/TU"]),
        ("”; Quy định số 85-QĐ/TW, ngày 07/10/2022 của Ban Bí thư", ["85-QĐ/TW"]),
        ("Số: 24 - CT/ TU", ["24 - CT/ TU"]),
        ("số 24 CT/TU và số 25CT/TU", ["24 CT/TU", "25CT/TU"]),
        ("số31-QĐ/TW, số\n91-QĐ/\nTW", ["31-QĐ/TW", "91-QĐ/\nTW"]),
        ("Số: 123 / KH – UBND", ["123 / KH – UBND"]),
        ("(24-CT/TU; 85-QĐ/TW).", ["24-CT/TU", "85-QĐ/TW"]),
        ("24‑CT/TU—văn bản", ["24‑CT/TU"]),
        ("số 24-CT/TU - UBND tỉnh", ["24-CT/TU"]),
        ("24-CT/TU.Ngày sau", ["24-CT/TU"]),
        ("24-CT/TU² và 1.234-CV/TU", ["24-CT/TU", "1.234-CV/TU"]),
        ("Nghị quyết số 18, 19-NQ/TW", ["19-NQ/TW"]),
        ("Luật số 45/2019/QH14, 42/2022/NĐ-CP", ["45/2019/QH14", "42/2022/NĐ-CP"]),
        ("２４－ＣＴ／ＴＵ", ["２４－ＣＴ／ＴＵ"]),
    ],
)
def test_signs_are_found_in_text_at_their_offsets(text, found):
    assert cited(text) == found
    assert cited(nfd(text)) == [nfd(sign) for sign in found]


@pytest.mark.parametrize(
    "text",
    [
        "ngày 18/5/2021, ngày 07-10-2022, 2/9, tháng 5/2021",
        "3/4 số đảng viên, 1.650/1.277 bài, 5.033/6.110 đảng viên, 24/24 giờ, 24/7",
        "giai đoạn 2021-2030, nhiệm kỳ 2020 -2025, năm 2021 - UBND/HĐND tỉnh",
        "0294.3862.123, (0294) 3 862 123, 0294-3862/UBND-VP",
        "80 km/h, 5 tấn/ha, 120 mg/l, tỷ lệ 1/500, 2-3 lần/năm",
        "TTXVN/Vietnam+, TTXVN/24-CT/TU",
        "điểm a khoản 1/Điều 5, Điều 12/BLHS-2015, khoản 2-Điều 5/Luật Đất đai",
        "Luật 91/2025, Nghị định 42/2022",
        "https://travinh.gov.vn/24-CT/TU www.dangbo.vn/?so=24-CT/TU HTTP://A.VN/X,24-CT/TU",
        "gov.vn/van-ban/24-CT/TU ?so=24-CT/TU a@24-CT/TU",
        "có 12 UBND/HĐND xã, 12 KH-UBND",
        "đường 12-A/B, nhà 3/A-B, căn hộ 5-B2/7",
        "QCVN 41:2019/BGTVT-AB, ISO 9001:2015",
        "COVID-19, AK-47/TU-22, U23/U-22",
        "24-Chỉ thị/Tỉnh ủy, 24-ct/tu, 24-CT/TÚ, 24-CT/TUỳ",
        "A24-CT/TU, 124.24-CT/TU, 29/6/2017-CT/TU",
        "0-CT/TU",
        "1234567-CT/TU",
    ],
)
def test_what_only_resembles_a_sign_is_not_found(text):
    assert cited(text) == []
    assert cited(nfd(text)) == []


part = st.from_regex(r"[A-ZĐƯÂ]{2}[A-Za-zđ0-9]{0,6}", fullmatch=True)
party = st.builds("{}/{}".format, part, part)
state = st.builds("{}-{}".format, part, part)
suffix = st.sampled_from(["", "", "a", "b"])
number = st.integers(1, 999_999)
party_signs = st.builds(Sign, number, suffix, st.none(), party)
state_signs = st.builds(Sign, number, suffix, st.none() | st.integers(1900, 2099), state)
any_sign = party_signs | state_signs
PIECES = [*"0 1 24 2022 . - / – Số số : a CT TU Tr đ Đ Ð QĐ Ư & ² ー －".split(), " ", "\n"]
nearly_signs = st.lists(st.sampled_from(PIECES), max_size=14).map("".join)


@given(any_sign)
def test_what_is_printed_is_read_as_the_same_sign(sign):
    assert signs.parse(str(sign)) == sign


@given(st.one_of(nearly_signs, st.text()))
@example("1-" + "A" * 20 + "/" + "B" * 20)
def test_what_is_read_is_printed_as_something_that_reads_the_same(text):
    sign = signs.parse(text)
    assert sign is None or signs.parse(str(sign)) == sign
    assert signs.parse(nfd(text)) == sign


@given(any_sign, st.sampled_from(["", "số ", "Số: "]), st.sampled_from(["-", " – ", "\u2011"]))
def test_case_dashes_spaces_and_announcement_do_not_change_the_key(sign, before, dash):
    key = signs.key(sign)
    typed = before + str(sign).replace("-", dash)
    for text in (typed, typed.lower(), typed.upper(), nfd(typed), typed.replace("Đ", "Ð")):
        assert signs.key(signs.parse(text)) == key


@given(st.one_of(st.lists(st.one_of(nearly_signs, st.text(max_size=5))).map(" ".join), st.text()))
def test_whatever_is_found_stands_at_its_offsets_in_order(text):
    end = 0
    for found in signs.find(text):
        assert end <= found.start < found.end <= len(text)
        assert signs.parse(text[found.start : found.end]) == found.sign
        end = found.end


def test_a_hundred_thousand_strings_crash_nothing():
    chance = random.Random(5)
    strings = ["".join(chance.choices(PIECES, k=8)) for _ in range(100_000)]
    read = [sign for sign in map(signs.parse, strings) if sign]
    assert len(read) > 50
    assert all(signs.parse(str(sign)) == sign for sign in read)
    assert sum(1 for _ in signs.find("\x00".join(strings))) > 10


@pytest.mark.parametrize(
    "unit",
    [
        *["1", "A", " ", "-", "/", "\n", "S", "\u0301", "24-", "1/", "số ", "số 1 ", "số 1 - "],
        *["24-CT/", "24-CT/TU-", "24-CT/TU ", "1/AA-", "số 1/2020/", "AA&", "A.A", "https://"],
        *["1/2020/AA-AA-AA-AA-AA-AA-", "số 1   -   AA   /   ", "1.234.", "Ă", "A\u0306"],
    ],
)
def test_hostile_repetition_is_searched_in_time_that_grows_with_its_length(unit):
    begun = time.perf_counter()
    for before in ("", "24-", "24-CT/", "1/AA", "số 1", "https://"):
        assert len(list(signs.find(before + unit * (30_000 // len(unit))))) <= 30_000
    assert time.perf_counter() - begun < 2
