"""Secrecy markings: every stamp is found, and words that only contain “mật” are not stamps."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.secrecy import marking

HEAD = """ĐẢNG BỘ TỈNH TRÀ VINH
ĐẢNG ỦY KHỐI CÁC CƠ QUAN VÀ DOANH NGHIỆP
*
Số 12-BC/ĐUK
ĐẢNG CỘNG SẢN VIỆT NAM
Trà Vinh, ngày 07 tháng 10 năm 2022
"""
BODY = "Thực hiện chỉ thị của Ban Thường vụ, Đảng ủy Khối báo cáo kết quả như sau.\n"


def paper(line, at=3):
    """The first page of a document with one more line in its head."""
    lines = HEAD.splitlines()
    return "\n".join([*lines[:at], line, *lines[at:], BODY * 30])


@pytest.mark.parametrize(
    ("line", "level"),
    [
        ("MẬT", "Mật"),
        ("TỐI MẬT", "Tối mật"),
        ("TUYỆT MẬT", "Tuyệt mật"),
        ("  MẬT.  ", "Mật"),
        ("M Ậ T", "Mật"),
        ("T Ố I   M Ậ T", "Tối mật"),
        ("T U Y Ệ T M Ậ T", "Tuyệt mật"),
        ("T  U  Y  Ệ  T    M  Ậ  T", "Tuyệt mật"),
        ("[ MẬT ]", "Mật"),
        ("| TỐI MẬT |", "Tối mật"),
        ("(MẬT)", "Mật"),
        ("— MẬT —", "Mật"),
        ("┃ MẬT ┃", "Mật"),
        ("Mật", "Mật"),
        ("Tối mật", "Tối mật"),
        ("tuyệt mật", "Tuyệt mật"),
        ("Độ mật: Mật", "Mật"),
        ("ĐỘ MẬT: TỐI MẬT", "Tối mật"),
        ("Mức độ mật: Tuyệt mật", "Tuyệt mật"),
        ("Độ mật: Mật Trà Vinh, ngày 07 tháng 10 năm 2022", "Mật"),
        ("MẬT Trà Vinh, ngày 07 tháng 10 năm 2022", "Mật"),
        ("Số 12-BC/TU MẬT", "Mật"),
        ("Số 12-BC/TU M Ậ T", "Mật"),
        ("ĐẢNG CỘNG SẢN VIỆT NAM TỐI MẬT", "Tối mật"),
        ("TUYỆT MẬT ĐẢNG CỘNG SẢN VIỆT NAM", "Tuyệt mật"),
        ("BÁO CÁO MẬT", "Mật"),
        ("MẬT Nhà Bè, ngày 07 tháng 10 năm 2022", "Mật"),
        ("TÀI LIỆU MẬT, KHÔNG SAO CHỤP", "Mật"),
        ("M\u00adẬ\u00adT", "Mật"),
        ("M\u200bẬ\u200bT", "Mật"),
        ("ＭẬＴ", "Mật"),
    ],
)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_stamp_in_the_head_is_found(line, level, form):
    assert marking(unicodedata.normalize(form, paper(line))) == level


@pytest.mark.parametrize("line", ["MẬT", "TỐI MẬT", "T U Y Ệ T  M Ậ T", "Độ mật: Tối mật"])
def test_a_line_that_is_only_a_marking_is_found_on_any_page(line):
    assert marking(HEAD + BODY * 40 + "\f" + BODY * 3 + line + "\n" + BODY)
    assert marking(HEAD + BODY * 40 + line)


@pytest.mark.parametrize(
    "line",
    [
        "BÍ MẬT NHÀ NƯỚC",
        "VỀ CÔNG TÁC BẢO VỆ BÍ MẬT NHÀ NƯỚC",
        "VỀ CÔNG TÁC BẢO MẬT THÔNG TIN",
        "Về công tác bảo mật, thân mật và cơ mật",
        "MẶT TRẬN TỔ QUỐC VIỆT NAM",
        "MẬT TRẬN TỔ QUỐC VIỆT NAM",
        "HỢP TÁC XÃ NUÔI ONG MẬT",
        "MẬT ONG RỪNG U MINH",
        "BAN CƠ YẾU: QUY CHẾ DÙNG MẬT MÃ",
        "MẬT ĐỘ DÂN SỐ",
        "LƯU HÀNH NỘI BỘ",
        "GIẢI MẬT",
        "VỀ VIỆC GIẢI MẬT TÀI LIỆU",
        "Quy định việc đóng dấu “TỐI MẬT” và dấu “MẬT”",
        'Dấu "TUYỆT MẬT" có khuôn chữ in hoa',
        "Danh mục bí mật nhà nước độ Tối mật, Mật",
        "DANH MỤC BÍ MẬT NHÀ NƯỚC ĐỘ TUYỆT MẬT, TỐI MẬT VÀ MẬT TRONG NGÀNH KIỂM TRA",
        "XÁC ĐỊNH ĐỘ MẬT CỦA TÀI LIỆU",
        "Độ mật:",
        "Nơi nhận: như trên, lưu văn thư",
        "MẤT AN TOÀN GIAO THÔNG",
        "",
    ],
)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_words_that_only_speak_of_secrets_are_no_marking(line, form):
    assert marking(unicodedata.normalize(form, paper(line))) == ""


def test_a_regulation_may_explain_the_stamps_in_its_text():
    rule = (
        "Điều 5. Mẫu dấu chỉ độ mật\n"
        "1. Mẫu dấu “TUYỆT MẬT”, “TỐI MẬT”, “MẬT” hình chữ nhật, mực đỏ; tài liệu TỐI MẬT giao\n"
        "tận tay người nhận. Tài liệu MẬT gửi trong bì dày.\n"
    )
    assert marking(HEAD + BODY * 20 + rule) == ""


@pytest.mark.parametrize(("first", "second"), [("BẢO VỆ BÍ", "MẬT NHÀ NƯỚC"), ("BẢO", "MẬT")])
def test_a_compound_broken_over_two_lines_is_no_marking(first, second):
    assert marking(paper(f"VỀ CÔNG TÁC {first}\n{second}")) == ""


def test_a_word_left_alone_on_a_line_of_the_running_text_is_no_marking():
    assert marking(HEAD + BODY * 30 + "các tài liệu có độ\nmật\ncao hơn") == ""


def test_the_highest_of_several_markings_counts():
    assert marking("MẬT\nTUYỆT MẬT\nTỐI MẬT") == "Tuyệt mật"


@pytest.mark.parametrize(
    ("metadata", "level"),
    [
        ("Mật", "Mật"),
        ("mật", "Mật"),
        ("Báo cáo quý I\nTối mật\nVăn phòng", "Tối mật"),
        ("báo cáo; mật; quý I", "Mật"),
        ("Nghị quyết, Tuyệt mật", "Tuyệt mật"),
        ("Quy chế bảo vệ bí mật nhà nước\nbí mật, bảo mật", ""),
        ("", ""),
    ],
)
def test_a_field_of_metadata_that_is_a_marking_counts(metadata, level):
    assert marking(metadata) == level


@given(st.text(alphabet="MẬTỐIUYỆ mật“”\"'(),;:|\f\n\u0323\u0302Độ", max_size=60))
def test_any_text_has_a_marking_or_none(text):
    assert marking(text) in ("", "Mật", "Tối mật", "Tuyệt mật")
