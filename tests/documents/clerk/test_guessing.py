"""What the first page of a document seems to say: layouts as PDF text and recognised scans give."""

import random
import time
import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents import signs
from documents.clerk.guessing import Guess, guess

DIRECTIVE = """TỈNH ỦY TRÀ VINH
*
Số 24-CT/TU
ĐẢNG CỘNG SẢN VIỆT NAM

Trà Vinh, ngày 29 tháng 6 năm 2017

CHỈ THỊ
về tiếp cận, xử lý và ứng phó với thông tin trên mạng xã hội
đối với cán bộ, đảng viên trên địa bàn tỉnh
-----
Trong những năm qua, thực hiện Chỉ thị số 05-CT/TW ngày 15 tháng 5 năm 2016 của Bộ Chính trị,
các cấp ủy đã triển khai nghiêm túc.
\fCác cấp ủy, tổ chức đảng quán triệt và thực hiện nghiêm Chỉ thị này.

Nơi nhận:
- Thường trực Tỉnh ủy,
- Đ/c Trần Văn B,
- Lưu Văn phòng Tỉnh ủy.
T/M BAN THƯỜNG VỤ
BÍ THƯ
(đã ký)
Nguyễn Văn A
"""
ABSTRACT = (
    "về tiếp cận, xử lý và ứng phó với thông tin trên mạng xã hội"
    " đối với cán bộ, đảng viên trên địa bàn tỉnh"
)
DIRECTIVE_GUESS = Guess(
    sign=signs.Sign(24, "", None, "CT/TU"),
    sign_text="24-CT/TU",
    type_name="Chỉ thị",
    issuer_name="TỈNH ỦY TRÀ VINH",
    issued_on=date(2017, 6, 29),
    abstract=ABSTRACT,
    signer="Nguyễn Văn A",
    position="Bí thư",
)


def test_a_party_directive_tells_everything():
    assert guess(DIRECTIVE) == DIRECTIVE_GUESS


def test_decomposed_letters_lookalikes_and_windows_line_ends_change_nothing():
    assert guess(unicodedata.normalize("NFD", DIRECTIVE)) == DIRECTIVE_GUESS
    assert guess(DIRECTIVE.replace("Đ", "Ð").replace("\n", "\r\n")) == DIRECTIVE_GUESS
    assert guess(DIRECTIVE.replace(" ", "\u00a0 ")) == DIRECTIVE_GUESS


def test_the_columns_of_the_header_may_be_merged_line_by_line():
    page = """TỈNH ỦY TRÀ VINH            ĐẢNG CỘNG SẢN VIỆT NAM
ĐẢNG ỦY KHỐI CÁC CƠ QUAN
VÀ DOANH NGHIỆP TỈNH     Trà Vinh, ngày 05 tháng 01 năm 2023
*
Số 15-CTr/ĐUK
CHƯƠNG TRÌNH
công tác năm 2023
-----
Căn cứ Chương trình số 20-CTr/TU ngày 30 tháng 12 năm 2022 của Tỉnh ủy, ...
Nơi nhận:                         T/M BAN CHẤP HÀNH
- Ban Thường vụ Tỉnh ủy,                  K/T BÍ THƯ
- Các chi, đảng bộ cơ sở,        PHÓ BÍ THƯ THƯỜNG TRỰC
- Lưu Văn phòng Đảng ủy.            Thạch Thị Ngọc Lan
"""
    assert guess(page) == Guess(
        sign=signs.Sign(15, "", None, "CTr/ĐUK"),
        sign_text="15-CTr/ĐUK",
        type_name="Chương trình",
        issuer_name="ĐẢNG ỦY KHỐI CÁC CƠ QUAN VÀ DOANH NGHIỆP TỈNH",
        issued_on=date(2023, 1, 5),
        abstract="công tác năm 2023",
        signer="Thạch Thị Ngọc Lan",
        position="Phó Bí thư Thường trực",
    )


def test_the_whole_page_may_be_one_line():
    assert guess(DIRECTIVE.partition("\f")[0].replace("\n", " ")) == Guess(
        sign=signs.Sign(24, "", None, "CT/TU"),
        sign_text="24-CT/TU",
        type_name="Chỉ thị",
        issuer_name="TỈNH ỦY TRÀ VINH",
        issued_on=date(2017, 6, 29),
        abstract=ABSTRACT,
    )


def test_the_right_column_may_come_first_and_the_left_one_last():
    page = """ĐẢNG CỘNG SẢN VIỆT NAM
Hà Nội, ngày 07 tháng 10 năm 2022
QUY ĐỊNH
về việc thiết lập và sử dụng trang thông tin điện tử cá nhân
trên Internet, mạng xã hội
-----
- Căn cứ Điều lệ Đảng;
BAN CHẤP HÀNH TRUNG ƯƠNG
*
Số 85-QĐ/TW
"""
    guessed = guess(page)
    assert str(guessed.sign) == "85-QĐ/TW"
    assert guessed.type_name == "Quy định"
    assert guessed.issued_on == date(2022, 10, 7)
    assert guessed.abstract == (
        "về việc thiết lập và sử dụng trang thông tin điện tử cá nhân trên Internet, mạng xã hội"
    )


def test_a_state_plan_is_read_in_its_own_layout():
    page = """ỦY BAN NHÂN DÂN CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
TỈNH TRÀ VINH Độc lập - Tự do - Hạnh phúc

Số: 05/KH-UBND Trà Vinh, ngày 09 tháng 01 năm 2023

KẾ HOẠCH
Cải cách hành chính tỉnh Trà Vinh năm 2023

Thực hiện Nghị quyết số 76/NQ-CP ngày 15 tháng 7 năm 2021 của Chính phủ, ...

Nơi nhận:
- Bộ Nội vụ;
- Lưu: VT, THNV.
TM. ỦY BAN NHÂN DÂN
KT. CHỦ TỊCH
PHÓ CHỦ TỊCH

Nguyễn Quỳnh Thiện
"""
    assert guess(page) == Guess(
        sign=signs.Sign(5, "", None, "KH-UBND"),
        sign_text="05/KH-UBND",
        type_name="Kế hoạch",
        issuer_name="ỦY BAN NHÂN DÂN TỈNH TRÀ VINH",
        issued_on=date(2023, 1, 9),
        abstract="Cải cách hành chính tỉnh Trà Vinh năm 2023",
        signer="Nguyễn Quỳnh Thiện",
        position="Phó Chủ tịch",
    )


def test_a_decree_carries_its_year_and_its_grounds_are_no_abstract():
    page = """CHÍNH PHỦ
-------
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
---------------
Số: 42/2022/NĐ-CP
Hà Nội, ngày 24 tháng 6 năm 2022

NGHỊ ĐỊNH
QUY ĐỊNH VỀ VIỆC CUNG CẤP THÔNG TIN VÀ DỊCH VỤ CÔNG TRỰC TUYẾN
CỦA CƠ QUAN NHÀ NƯỚC TRÊN MÔI TRƯỜNG MẠNG
Căn cứ Luật Tổ chức Chính phủ ngày 19 tháng 6 năm 2015;
"""
    assert guess(page) == Guess(
        sign=signs.Sign(42, "", 2022, "NĐ-CP"),
        sign_text="42/2022/NĐ-CP",
        type_name="Nghị định",
        issuer_name="CHÍNH PHỦ",
        issued_on=date(2022, 6, 24),
        abstract="QUY ĐỊNH VỀ VIỆC CUNG CẤP THÔNG TIN VÀ DỊCH VỤ CÔNG TRỰC TUYẾN"
        " CỦA CƠ QUAN NHÀ NƯỚC TRÊN MÔI TRƯỜNG MẠNG",
    )


def test_a_decision_names_its_authority_below_the_abstract():
    page = """ĐẢNG BỘ TỈNH TRÀ VINH
ĐẢNG ỦY KHỐI CÁC CƠ QUAN VÀ DOANH NGHIỆP TỈNH
*
Số 112-QĐ/ĐUK
ĐẢNG CỘNG SẢN VIỆT NAM
Trà Vinh, ngày 3 tháng 4 năm 2023
QUYẾT ĐỊNH
về việc thành lập Tổ thư ký
BAN THƯỜNG VỤ ĐẢNG ỦY KHỐI
- Căn cứ Quy chế làm việc số 01-QC/ĐUK;
QUYẾT ĐỊNH
Điều 1. Thành lập Tổ thư ký.
"""
    guessed = guess(page)
    assert guessed.type_name == "Quyết định"
    assert guessed.abstract == "về việc thành lập Tổ thư ký"
    assert guessed.issuer_name == "ĐẢNG ỦY KHỐI CÁC CƠ QUAN VÀ DOANH NGHIỆP TỈNH"
    assert guessed.issued_on == date(2023, 4, 3)


def test_a_state_letter_has_its_subject_after_v_v():
    page = """UBND TỈNH TRÀ VINH CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
SỞ NỘI VỤ Độc lập - Tự do - Hạnh phúc
Số: 1234/SNV-CCVC Trà Vinh, ngày 10 tháng 5 năm 2023
V/v báo cáo kết quả thực hiện
Nghị định số 108/2014/NĐ-CP

Kính gửi: Các sở, ban, ngành tỉnh

Thực hiện Công văn số 55/UBND-NC, Sở Nội vụ đề nghị ...
KẾ HOẠCH
Nơi nhận: GIÁM ĐỐC
- Như trên;
- Lưu: VT.
Trần Minh Hải
"""
    assert guess(page) == Guess(
        sign=signs.Sign(1234, "", None, "SNV-CCVC"),
        sign_text="1234/SNV-CCVC",
        type_name="Công văn",
        issuer_name="SỞ NỘI VỤ",
        issued_on=date(2023, 5, 10),
        abstract="báo cáo kết quả thực hiện Nghị định số 108/2014/NĐ-CP",
        signer="Trần Minh Hải",
        position="Giám đốc",
    )


def test_a_party_letter_has_its_subject_below_the_sign():
    page = """TỈNH ỦY TRÀ VINH
BAN TUYÊN GIÁO
*
Số 8011-CV/BTGTU
Tuyên truyền kỷ niệm ngày sinh
Chủ tịch Hồ Chí Minh
ĐẢNG CỘNG SẢN VIỆT NAM
Trà Vinh, ngày 12 tháng 5 năm 2023
Kính gửi: Các huyện ủy, thị ủy, thành ủy
Nhằm tuyên truyền sâu rộng, ...
T/L TRƯỞNG BAN
CHÁNH VĂN PHÒNG
Lê Thị Hồng Nhung
"""
    assert guess(page) == Guess(
        sign=signs.Sign(8011, "", None, "CV/BTGTU"),
        sign_text="8011-CV/BTGTU",
        type_name="Công văn",
        issuer_name="BAN TUYÊN GIÁO",
        issued_on=date(2023, 5, 12),
        abstract="Tuyên truyền kỷ niệm ngày sinh Chủ tịch Hồ Chí Minh",
        signer="Lê Thị Hồng Nhung",
        position="Chánh Văn phòng",
    )


def test_a_submission_keeps_its_type_although_it_has_an_addressee():
    page = """ĐẢNG ỦY KHỐI ĐẢNG CỘNG SẢN VIỆT NAM
Số 07-TTr/ĐUK Trà Vinh, ngày 1 tháng 3 năm 2023
TỜ TRÌNH
về việc xin chủ trương tổ chức hội nghị
Kính gửi: Ban Thường vụ Tỉnh ủy
"""
    guessed = guess(page)
    assert guessed.type_name == "Tờ trình"
    assert guessed.abstract == "về việc xin chủ trương tổ chức hội nghị"


def test_a_recognised_scan_without_proper_diacritics_is_still_read():
    page = """TINH ỦY TRÀ VĨNH ĐẢNG CỌNG SÁN VIỆT NAM
*
Sô: 24 -CT/TU Trà Vinh. ngảy 29 thảng 6 nãm 2017

CHÌ THỊ
về tiếp cận thông tin trên mạng xã hội
_____
Trong nhưng năm qua, ...
T/M BAN THƯƠNG VỤ
PHO BÍ THƯ
Nguyên Văn Anh
"""
    guessed = guess(page)
    assert str(guessed.sign) == "24-CT/TU"
    assert guessed.type_name == "Chỉ thị"
    assert guessed.issuer_name == "TINH ỦY TRÀ VĨNH"
    assert guessed.issued_on == date(2017, 6, 29)
    assert guessed.abstract == "về tiếp cận thông tin trên mạng xã hội"
    assert (guessed.position, guessed.signer) == ("Phó Bí thư", "Nguyên Văn Anh")


def test_specks_and_doubled_letters_of_a_scan_do_not_hide_the_issuer():
    page = """TỈNH ỦY TRÀ VINH ĐẲNG CỘNG SẲN VIỆT NAM.
ĐẢẲNG ỦY KHỐI CÁC CƠ QUAN

'VÀ DOANH NGHIỆP TỈNH 'Trà Vinh, ngày 05 tháng 01 năm 2023
Vàng ˆ cà
Số 431-CV/ĐUK
Về phân công trực Tết theo Quy định số
85-QĐ/TW
Kính gửi: Các chi bộ
"""
    guessed = guess(page)
    assert guessed.issuer_name == "ĐẢẲNG ỦY KHỐI CÁC CƠ QUAN VÀ DOANH NGHIỆP TỈNH"
    assert guessed.abstract == "Về phân công trực Tết theo Quy định số 85-QĐ/TW"
    assert guessed.issued_on == date(2023, 1, 5)


def test_figures_misread_as_letters_are_read_in_a_date():
    assert guess("Số 1-CT/TU\nTrà Vinh, ngày O5 tháng l2 năm 2022").issued_on == date(2022, 12, 5)


@pytest.mark.parametrize(
    "printed",
    [
        "ngày 31 tháng 2 năm 2017",
        "ngày 29 tháng 13 năm 2017",
        "ngày 00 tháng 6 năm 2017",
        "ngày     tháng 6 năm 2017",
        "ngày ... tháng ... năm 2017",
        "ngày 29 tháng 6 năm",
        "tháng 6 năm 2017",
        "",
    ],
)
def test_a_date_that_does_not_exist_is_not_replaced_by_one_from_the_text(printed):
    page = DIRECTIVE.replace("ngày 29 tháng 6 năm 2017", printed)
    assert guess(page).issued_on is None
    assert guess(page).abstract == ABSTRACT
    assert str(guess(page).sign) == "24-CT/TU"


def test_a_draft_without_number_does_not_take_the_sign_of_a_cited_document():
    guessed = guess(DIRECTIVE.replace("Số 24-CT/TU", "Số      -CT/TU"))
    assert guessed.sign is None
    assert guessed.sign_text == "-CT/TU"
    assert guessed.issuer_name == "TỈNH ỦY TRÀ VINH"


def test_a_document_without_header_takes_nothing_from_the_documents_it_cites():
    page = """Thực hiện Chỉ thị số 24-CT/TU ngày 29 tháng 6 năm 2017 của Ban Thường vụ Tỉnh ủy,
Đảng ủy báo cáo như sau: các chi bộ đã thực hiện Kết luận
21-KL/TW, ngày 25 tháng 10 năm 2021 của Ban Chấp hành Trung ương.
"""
    assert guess(page) == Guess()


def test_the_abstract_may_cite_a_sign_and_run_over_several_lines():
    page = DIRECTIVE.replace(
        "về tiếp cận", "về sơ kết 5 năm thực hiện Chỉ thị số\n05-CT/TW và\nĐề án 06,\ntiếp cận"
    )
    assert guess(page).abstract.startswith(
        "về sơ kết 5 năm thực hiện Chỉ thị số 05-CT/TW và Đề án 06, tiếp cận, xử lý"
    )
    assert str(guess(page).sign) == "24-CT/TU"


def test_a_watermark_and_markings_are_no_part_of_the_issuer():
    page = "BẢN MINH HỌA\nMẬT\n" + DIRECTIVE.replace("*\n", "BẢN MINH HỌA\n*\nDỰ THẢO\n", 1)
    assert guess(page) == DIRECTIVE_GUESS


def test_a_rule_drawn_as_a_line_leaves_the_end_of_the_abstract_to_the_words_that_follow():
    assert guess(DIRECTIVE.replace("-----\n", "")).abstract == ABSTRACT


def test_an_abstract_that_never_ends_is_cut_between_words():
    abstract = guess("Số 1-CT/TU\nCHỈ THỊ\n" + "về mọi việc " * 2000).abstract
    assert 480 < len(abstract) <= 500
    assert abstract.endswith(("về", "mọi", "việc"))


def test_the_first_signature_is_the_documents_own():
    annex = "\f\nPHỤ LỤC\nT/M CHI BỘ\nPHÓ BÍ THƯ\nTrần Thị C\n"
    assert guess(DIRECTIVE + annex) == DIRECTIVE_GUESS


def test_a_position_alone_on_its_line_signs_only_with_a_name_below():
    assert guess("Số 3/TB-SNV\nTHÔNG BÁO\nGIÁM ĐỐC\n\nThạch Sô Phia").position == "Giám đốc"
    assert guess("Số 3/TB-SNV\nTHÔNG BÁO\nGIÁM ĐỐC\n").position == ""


@pytest.mark.parametrize("text", ["", " ", "\f\f", "\n" * 50, "\x00", "\ud800", "Số", "CHỈ THỊ"])
def test_next_to_nothing_says_next_to_nothing(text):
    assert guess(text) in (Guess(), Guess(type_name="Chỉ thị"))


@pytest.mark.parametrize(
    "unit",
    [
        "A",
        "a ",
        " ",
        "\n",
        "*",
        "-",
        "9",
        "A. ",
        "CHỈ THỊ ",
        "CHỈ THỊ\n",
        "Số 1-",
        "Số 24-CT/TU ",
        "/A-",
        "Trà Vinh, ngày ",
        "Hà ",
        "Hà, ngày 29 tháng ",
        "T/M BÍ ",
        "T/M BÍ THƯ\n",
        "BÍ THƯ\n",
        "- Đ/c ",
        "TỈNH ỦY\n",
        "\u0301",
        "\ufdfa",
    ],
)
def test_hostile_repetition_takes_no_time(unit):
    begun = time.perf_counter()
    assert isinstance(guess(unit * (1_000_000 // len(unit))), Guess)
    assert time.perf_counter() - begun < 1


PIECES = [*DIRECTIVE.split(), *"V/v Kính gửi: K/T Số /KH-UBND năm".split(), "\n", "\f", "\x00"]


@given(st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=5)), max_size=60))
def test_any_text_is_guessed_at_without_failing(words):
    guessed = guess(" ".join(words))
    assert guessed.sign is None or guessed.sign_text
    assert len(guessed.abstract) <= 500


def test_thousands_of_shuffled_pages_are_guessed_at_without_failing():
    chance = random.Random(24)
    for _ in range(500):
        pieces = chance.sample(PIECES, k=40)
        assert isinstance(guess(" ".join(pieces)), Guess)
