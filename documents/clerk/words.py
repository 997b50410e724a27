"""What the form of a document says of itself: its heading, and what storing it has done."""

from typing import Any

from core.workflow import State
from documents.models import Document

UNKNOWN_PATTERN = (
    "Số, ký hiệu này không theo mẫu nào nên máy không phát hiện được văn bản trùng. "
    "Nếu văn bản in đúng như vậy thì hãy để nguyên."
)


NOTHING_CHANGED = "Không có gì thay đổi nên không có gì phải lưu."
NOT_OF_THE_TEXT = ("stamp", "new_files", "new_role")


def is_unconfirmed(document: Document) -> bool:
    """True of a draft that nobody has saved since it was made from a file (desk.UNCONFIRMED)."""
    drafted = document.state == State.DRAFT and not document.corrects_id
    return drafted and document.updated_at == document.created_at


def title_of(document: Document | None, may_change: bool) -> str:
    """Return the heading of the form: who may only look is promised no more."""
    if document is None:
        return "Thêm văn bản"
    if not may_change:
        return "Văn bản"
    return "Sửa bản đính chính" if document.corrects_id else "Sửa văn bản"


def changed_words(form: Any, formsets: Any) -> str:
    """Name what was changed in the form and its parts, for the audit trail; files come later."""
    names = [name for name in form.changed_data if name not in NOT_OF_THE_TEXT]
    parts = [one.model._meta.verbose_name for one in formsets if one.has_changed()]
    return ", ".join([*(str(form.fields[name].label).lower() for name in names), *parts])


def saved_words(document: Document) -> str:
    """Say what storing a document has changed, and who sees it."""
    if document.state == State.SUBMITTED:
        return "Đã lưu. Văn bản chờ một người khác duyệt."
    if document.corrects_id:
        return "Đã lưu bản đính chính. Bạn đọc vẫn thấy văn bản như cũ cho đến khi được duyệt."
    return "Đã lưu bản nháp. Chỉ văn thư thấy."
