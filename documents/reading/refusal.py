"""Why a file is refused, in words that say what to do."""

_AS_PDF = "Hãy mở tệp, xuất thành một tệp PDF mới rồi tải lên lại."
_AS_DOCX = "Hãy mở tệp, lưu thành DOCX hoặc PDF rồi tải lên lại."

REASONS = {
    "empty": "Tệp rỗng (0 byte). Hãy chọn lại tệp.",
    "too_large": "Tệp lớn hơn 50 MB. Hãy giảm dung lượng (chẳng hạn quét lại ở 200 dpi) hoặc tách "
    "thành nhiều tệp rồi tải lên lại.",
    "too_many_pages": "Tệp có hơn 2.000 trang. Hãy tách thành nhiều tệp rồi tải lên lại.",
    "too_much_text": "Tệp có hơn 2.000.000 ký tự. Hãy tách thành nhiều tệp rồi tải lên lại.",
    "too_complex": "Tệp quá phức tạp, máy chủ không đọc hết được trong giới hạn cho phép. Hãy "
    "xuất thành một tệp PDF đơn giản hơn hoặc tách thành nhiều tệp rồi tải lên lại.",
    "damaged": "Tệp bị hỏng hoặc tải lên chưa trọn vẹn. Hãy mở tệp trên máy, lưu lại thành một tệp "
    "mới rồi tải lên lại.",
    "encrypted": "Tệp có mật khẩu hoặc bị khóa quyền in, sao chép, nên phần mềm đọc màn hình không "
    "dùng được. Hãy bỏ bảo vệ rồi tải lên lại.",
    "polyglot": "Tệp có chứa nội dung khác loại (trang web, mã lệnh hoặc tệp nén). " + _AS_PDF,
    "script": "Tệp PDF có mã JavaScript. " + _AS_PDF,
    "action": "Tệp PDF có lệnh mở chương trình, mở tệp khác, gửi dữ liệu hoặc phát nội dung đa "
    "phương tiện. " + _AS_PDF,
    "attachment": "Tệp có tệp khác đính kèm bên trong. Hãy gỡ tệp đính kèm, tải riêng từng tệp lên "
    "làm phụ lục.",
    "xfa": "Tệp PDF là biểu mẫu XFA, nhiều phần mềm không mở được. " + _AS_PDF,
    "link": "Tệp có liên kết không phải là địa chỉ web hay thư điện tử (chẳng hạn tệp trên máy của "
    "người soạn). Hãy bỏ liên kết ấy rồi tải lên lại.",
    "macro": "Tệp có macro hoặc mã lệnh. Hãy lưu thành bản không có macro hoặc xuất ra PDF rồi tải "
    "lên lại.",
    "embedded": "Tệp có đối tượng nhúng (OLE, ActiveX hoặc tệp khác). " + _AS_PDF,
    "remote": "Tệp tự nạp nội dung từ nơi khác (mẫu, ảnh, liên kết dữ liệu hoặc DDE). Hãy ngắt các "
    "liên kết ấy hoặc xuất ra PDF rồi tải lên lại.",
    "entities": "Tệp có khai báo XML không an toàn. " + _AS_PDF,
    "old_office": "Đây là định dạng Office cũ (DOC, XLS, PPT). " + _AS_DOCX,
    "presentation": "Tệp trình chiếu chưa dùng được. " + _AS_PDF,
    "rtf": "Tệp RTF chưa dùng được. " + _AS_DOCX,
    "web_page": "Đây là trang web hoặc tệp XML, SVG, có thể chứa mã lệnh. " + _AS_PDF,
    "archive": "Đây là tệp nén. Hãy giải nén rồi tải từng văn bản lên.",
    "program": "Đây là chương trình, không phải văn bản. Hãy chọn lại tệp.",
    "picture": "Loại ảnh này chưa dùng được. Hãy chuyển sang JPEG, PNG hoặc PDF rồi tải lên lại.",
    "unknown": "Không nhận ra loại tệp. Cổng nhận PDF, DOCX, XLSX, ODT, JPEG và PNG: hãy chuyển "
    "sang một trong các loại ấy rồi tải lên lại.",
    "too_long_to_recognise": "Bản quét có hơn 200 trang nên máy chủ không nhận dạng chữ. Hãy tách "
    "thành nhiều tệp hoặc tải lên bản có lớp văn bản.",
    "too_many_rows": "Bảng có hơn 20.000 dòng. Hãy tách thành nhiều tệp rồi nhập lần lượt.",
    "not_a_table": "Không đọc được bảng. Hãy lưu sổ thành tệp XLSX hoặc CSV (mã UTF-8) rồi tải lên "
    "lại.",
    "busy": "Máy chủ đang đọc nhiều tệp khác. Hãy đợi một phút rồi tải lên lại.",
    "no_converter": "Máy chủ chưa cài LibreOffice nên chưa nhận được tệp DOC, ODT và RTF. Hãy mở "
    "tệp trong Word, lưu thành DOCX rồi gửi lại, hoặc báo người quản trị.",
    "no_recogniser": "Máy chủ chưa cài phần mềm nhận dạng chữ tiếng Việt. Hãy báo người quản trị.",
}


class Refusal(Exception):
    """A file that is not taken in; `code` names the reason, `message` is for people."""

    def __init__(self, code: str, message: str = "") -> None:
        self.code = code
        self.message = message or REASONS[code]
        super().__init__(self.message)
