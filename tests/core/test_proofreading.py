"""Each check on a text that has the fault, and on one that nearly has it."""

import re
import time
from pathlib import Path

import pytest

from core.problems import Severity
from core.proofreading import Passage, proofread, spelling
from core.proofreading.conversion import converted
from core.syllables import is_syllable
from core.text import nfc
from portal.demo import source
from portal.demo.source import page

FOLDER = Path(spelling.__file__).parent


def found(*texts):
    return [*proofread([Passage("body", nfc(text)) for text in texts])]


def codes(*texts):
    return [problem.code for problem in found(*texts)]


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("legacy_encoding", "§¶ng bé Khèi"),
        ("legacy_encoding", "Ñaûng boä Khoái"),
        ("lookalike", "Ðảng bộ Khối"),
        ("lookalike", "Tỉnh ủy Trа Vinh"),  # Cyrillic а
        ("lookalike", "Ｔｒà Vinh"),
        ("invisible", "Trà\u200b Vinh"),
        ("invisible", "Đảng\u00ad bộ"),
        ("invisible", "x\u0309ã"),
        ("doubled_quotes", 'người dân tỉnh Trà Vinh"""".'),
        ("doubled_quotes", "“Học tập”” và làm theo".replace("””", '”"')),
        ("double_spaces", "hội nghị  tổng kết"),
        ("double_spaces", "hội nghị \u00a0tổng kết"),
        ("impossible_date", "họp ngày 31/02/2023"),
        ("impossible_date", "họp ngày 29/02/2023"),
        ("impossible_date", "sáng 31/4"),
        ("impossible_date", "ngày 31 tháng 9 năm 2023"),
        ("impossible_date", "từ 12.13.2023"),
        ("wrong_sum", "mở 11 lớp (trong đó có 03 Lớp đảng viên mới; 04 Lớp kết nạp; 03 Lớp khác)"),
        ("wrong_sum", "tổ chức 12 hội nghị (gồm 5 hội nghị cấp tỉnh và 6 hội nghị cơ sở)"),
        ("wrong_sum", "mở 5 lớp (trong đó 3 lớp đảng viên mới, 4 lớp kết nạp đảng)"),
        ("wrong_sum", "1.650/1.277 bài dự thi (vượt 337 bài)"),
        ("identity_number", "số CCCD 084088001234 của ông A"),
        ("identity_number", "mã 084 088 001 234"),
        ("identity_number", "CMND số 334455667"),
        ("phone_number", "liên hệ đồng chí A, 0918.123.456"),
        ("phone_number", "số +84 918 123 456"),
        ("private_address", "gửi về nguyenvana@gmail.com"),
        ("misspelt", "công tác truyên truyền"),
        ("misspelt", "Trang thông tin điển tử"),
        ("misspelt", "nghị quyết nữa nhiệm kỳ Đại hội"),
        ("misspelt", "Ngưòi dân"),
        ("misspelt", "cac đồng chí"),
        ("misspelt", "kết quả cuả hội nghị"),
        ("misspelt", "côngtác xây dựng Đảng"),
    ],
)
def test_a_fault_is_found(code, text):
    assert codes(text) == [code]


@pytest.mark.parametrize(
    "text",
    [
        "Toà án, hoà bình, xoá bỏ; « bé »; 5 µm",
        "Đảng bộ, Ukraina, Guðrún, Москва",
        "Học sinh nói: “Bác dặn: “Học, học nữa, học mãi””.",
        'màn hình 32" và 43"',
        "ngày 28/02/2023, 29/02/2024, 30/4/2023",
        "ngày 30/02 âm lịch",
        "Nghị quyết 31/02/2023/NQ-CP; phiên bản 1.13.2023.5; tỷ lệ 31/2",
        "mở 11 lớp (trong đó có 03 Lớp mới; 04 Lớp kết nạp; 01 Lớp đối tượng 4; 03 Lớp khác)",
        "120 đại biểu (trong đó có 45 nữ, 30 đảng viên trẻ, 20 người Khmer)",
        "mở 11 lớp (trong đó có 3 lớp đảng viên mới, 4 lớp kết nạp đảng)",
        "có 1.200 lượt người dự (trong đó 700 lượt người trực tiếp và 500 lượt người trực tuyến)",
        "1.650/1.277 bài dự thi (vượt 373 bài), 12/10 lớp (vượt 20%)",
        "số tài khoản 973012345678; điện thoại cơ quan 0294 3855 369",
        "tổng đài 1800 1234; đường dây nóng 0918 123 456",
        "hộp thư bantuyengiao@travinh.gov.vn",
        "Học tập, một tuần nữa nhiệm vụ sẽ xong, cử công tác, viên chức",
        "internet, website, email, video, top 10, chat; hotline 24/7",
        "cuốn sách “Das Kapital” và “The State and Revolution”",
        "V.I. Lênin, Mát-xcơ-va, Đắk Lắk, Ê Đê, Pôn Pốt, K'Ho, phum sóc, ô tô, ôtô, micrô",
        "Quyết định số 85-QĐ/TW; xem https://tuyengiao.vn/bai-viet-ngan",
        "quý, quí, khỏe, khoẻ, thủy, thuỷ, kì, kỳ, lí, lý",
    ],
)
def test_what_nearly_has_a_fault_is_let_alone(text):
    assert codes(text) == []


@pytest.mark.parametrize(
    ("texts", "quotes"),
    [
        (("721.618 lượt", "cả thảy 721,618 lượt"), ["721,618"]),
        (("1.462 cuộc, tuần này 5 501 lượt",), ["5 501"]),
        (("721,618 lượt và 5 501 lượt",), ["721,618", "5 501"]),
        (("đạt 99,6% và 98.5%",), ["98.5"]),
        (("1.462 cuộc với 12,345 tỷ đồng",), []),
        (("chỉ 721,618 lượt",), []),
        (("năm 2023 145 tin; ngày 07.10.2022; 0294 385 123; 1.462 cuộc",), []),
    ],
)
def test_numbers_are_written_in_one_way(texts, quotes):
    assert [problem.quote for problem in found(*texts)] == quotes


def test_quotation_marks_are_of_one_kind_in_a_text():
    (problem,) = found("“Học tập” và", 'chuyên đề "Khát vọng Trà Vinh"')
    assert (problem.code, problem.quote) == ("mixed_quotes", '"Khát vọng Trà Vinh')
    assert codes('chuyên đề "Khát vọng Trà Vinh" và "Học tập"') == []
    assert codes("“Học tập”", 'màn hình 32" của hội trường') == []


def test_a_finding_says_where_it_stands_and_what_to_do():
    (problem,) = found("Ban Tuyên giáo làm công tác Truyên truyền miệng.")
    assert problem.field == "body"
    assert problem.quote == "Truyên truyền"
    assert "tuyên truyền" in problem.message


def test_a_known_slip_is_not_told_a_second_time_for_its_syllable():
    assert [problem.quote for problem in found("thưc hiện nhiệm vụ")] == ["thưc hiện"]


def test_the_same_finding_is_told_once():
    assert codes("truyên truyền", "truyên truyền, truyên truyền") == ["misspelt"]


def test_a_number_that_is_called_an_identity_number_blocks():
    (called,) = found("CCCD số 084088001234")
    (alike,) = found("mã hồ sơ 084088001235")
    assert (called.severity, alike.severity) == (Severity.ERROR, Severity.WARNING)
    assert codes("CCCD số 005088001235") == []  # no province has this code


def test_every_known_slip_is_one_and_names_what_is_meant():
    lines = (FOLDER / "misspellings.txt").read_text(encoding="utf-8").splitlines()
    pairs = [line.split(" > ") for line in lines if not line.startswith("#")]
    assert len({wrong for wrong, _ in pairs}) == len(pairs) > 150
    for wrong, right in pairs:
        assert wrong == nfc(wrong).lower() != right == nfc(right)
        assert all(is_syllable(word) for word in right.replace(",", "").split())
        assert any(f"“{right}”" in problem.message for problem in found(wrong))
        assert codes(right) == []


def test_loanwords_are_none_of_our_syllables():
    assert not any(map(is_syllable, spelling._loanwords()))


def test_the_former_site_has_the_faults_that_the_board_knows_of_and_hardly_any_other():
    seen = {problem.quote: problem.code for problem in found(page().title, *page().paragraphs)}
    assert {quote for quote, code in seen.items() if code == "misspelt"} == {
        *("truyên truyền", "điển tử", "nữa nhiệm kỳ", "công tác viên"),
    }
    assert sorted(seen.values()) == sorted(
        ["doubled_quotes", "mixed_quotes", *["misspelt"] * 4, *["double_spaces"] * 4]
    )


@pytest.mark.parametrize(
    "name", "phrases.txt clauses.txt forms.txt units.txt articles.tsv directives.tsv".split()
)
def test_good_text_is_not_doubted(name):
    text = (Path(source.__file__).parent / name).read_text(encoding="utf-8")
    assert [problem.message for problem in found(*re.split("[\n\t]", text))] == []


def test_a_long_article_is_read_in_a_moment():
    passages = [Passage("body", text) for text in page().paragraphs * 2]
    began = time.process_time()
    assert [*proofread(passages)]
    assert time.process_time() - began < 0.05 * 3  # a machine at work on other tests is slower


@pytest.mark.parametrize("mark", ['"', "“", "(", "1 ", "0", "a@", "a/", "1.", "3 lớp; ", "' "])
def test_no_text_makes_it_slow(mark):
    began = time.process_time()
    found(mark * (20_000 // len(mark)))
    assert time.process_time() - began < 1


def test_conversion_changes_what_is_legacy_and_nothing_else():
    fields = converted(
        {
            "title": "§¶ng bé Khèi",
            "summary": "Đảng bộ Khối",
            "body": "<p>Ban Tuyªn gi¸o</p>\n<p><strong>Trµ</strong> Vinh, hoµ b×nh &amp; x· héi"
            "</p>\n<ul><li>Toà án</li></ul>",
        }
    )
    assert fields == {
        "title": "Đảng bộ Khối",
        "summary": "Đảng bộ Khối",
        "body": "<p>Ban Tuyên giáo</p>\n<p><strong>Trà</strong> Vinh, hoà bình &amp; xã hội</p>\n"
        "<ul><li>Toà án</li></ul>",
    }


def test_a_line_of_one_legacy_word_is_converted_with_the_lines_around_it():
    assert converted({"body": "<p>§¶ng bé Khèi</p><p>Trµ Vinh</p>"}) == {
        "body": "<p>Đảng bộ Khối</p>\n<p>Trà Vinh</p>"
    }
