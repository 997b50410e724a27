"""What must be right before readers see a document."""

from typing import TYPE_CHECKING

from documents import secrecy

if TYPE_CHECKING:
    from documents.models import Document


def problems(document: "Document") -> list[str]:
    """Return what stands in the way of publishing `document`, in words for the records clerk."""
    return [*_missing(document), *_secret(document), *_unread(document)]


def _missing(document: "Document") -> list[str]:
    needed = {
        "loại văn bản": document.type_id,
        "cơ quan ban hành": document.issuer_id,
        "trích yếu": document.abstract.strip(),
    }
    missing = ", ".join(name for name, value in needed.items() if not value)
    return [f"Văn bản chưa có {missing}. Hãy điền rồi đăng lại."] if missing else []


def _secret(document: "Document") -> list[str]:
    found = []
    for name, text in (("Số, ký hiệu", document.sign), ("Trích yếu", document.abstract)):
        if marking := secrecy.marking(text):
            found.append(
                f"{name} có dấu “{marking}”. Văn bản mang bí mật nhà nước không được đưa lên trang."
            )
    for file in document.files.current().exclude(marking=""):
        found.append(
            f"Tệp “{file.name}” có dấu “{file.marking}” nên không được đăng. "
            "Hãy xóa tệp khỏi máy chủ này và báo người phụ trách bảo mật."
        )
    return found


def _unread(document: "Document") -> list[str]:
    return [
        f"Tệp “{file.name}” chưa có lớp văn bản nên máy không kiểm tra được dấu mật. "
        "Hãy tự đọc tệp rồi bấm “Xác nhận không mật” ở tệp ấy."
        for file in document.files.current().uncleared()
    ]
