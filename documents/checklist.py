"""What must be right before readers see a document."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from core.problems import Problem, Severity
from documents import secrecy

if TYPE_CHECKING:
    from documents.models import Document


def problems(document: "Document") -> list[Problem]:
    """Return what stands in the way of publishing `document`, in words for the records clerk."""
    return [*_stale(document), *_missing(document), *_secret(document), *_unread(document)]


def _stale(document: "Document") -> Iterator[Problem]:
    """A correction out of the bin may be older than one that was published meanwhile."""
    corrected = document.corrects if document.is_open else None
    if corrected and corrected.digest() != document.base_digest:
        yield _error(
            "stale",
            "Văn bản đã được đính chính sau khi bản này được soạn. Hãy bỏ bản này vào thùng rác "
            "rồi soạn đính chính mới từ văn bản hiện có.",
            "",
        )


def _missing(document: "Document") -> Iterator[Problem]:
    needed = {
        "type": ("loại văn bản", document.type_id),
        "issuer": ("cơ quan ban hành", document.issuer_id),
        "abstract": ("trích yếu", document.abstract.strip()),
    }
    missing = {field: name for field, (name, value) in needed.items() if not value}
    if missing:
        names = ", ".join(missing.values())
        yield _error(
            "missing", f"Văn bản chưa có {names}. Hãy điền rồi gửi lại.", next(iter(missing))
        )


def _secret(document: "Document") -> Iterator[Problem]:
    texts = (("sign", "Số, ký hiệu", document.sign), ("abstract", "Trích yếu", document.abstract))
    for field, name, text in texts:
        if marking := secrecy.marking(text):
            never = "Văn bản mang bí mật nhà nước không được đưa lên trang."
            yield _error("secret", f"{name} có dấu “{marking}”. {never}", field)
    for file in filter(lambda one: one.marking, document.current_files()):
        yield _error(
            "secret",
            f"Tệp “{file.name}” có dấu “{file.marking}” nên không được đăng. "
            "Hãy xóa tệp khỏi máy chủ này và báo người phụ trách bảo mật.",
            "files",
        )


def _unread(document: "Document") -> Iterator[Problem]:
    for file in filter(lambda one: one.needs_clearance, document.current_files()):
        yield _error(
            "unread",
            f"Tệp “{file.name}” chưa có lớp văn bản nên máy không kiểm tra được dấu mật. "
            "Hãy tự đọc tệp rồi bấm “Xác nhận không mật” ở tệp ấy.",
            "files",
        )


def _error(code: str, message: str, field: str) -> Problem:
    return Problem(code, Severity.ERROR, message, field)
