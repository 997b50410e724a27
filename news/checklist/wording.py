"""Checks of title, summary and source."""

from collections.abc import Iterator

from core.problems import Problem
from core.proofreading import Passage
from news.checklist.text import BODY, Text

TITLE_LETTERS = 120
_LETTERS_OF_A_SHOUT = 10


def empty_body(text: Text) -> Iterator[Problem]:
    """Refuse an article that says nothing."""
    if not text.has_body:
        message = "Bài chưa có nội dung. Hãy nhập nội dung trước khi gửi."
        yield Passage(BODY, "").error("empty_body", message)


def empty_summary(text: Text) -> Iterator[Problem]:
    """Point at an article without the sentences that lists show under its title."""
    if not text.edition.summary.strip():
        yield Passage("summary", "").warning(
            "empty_summary",
            "Bài chưa có tóm tắt, nên trang chủ và kết quả tìm kiếm chỉ hiện tiêu đề. "
            "Hãy viết một đến ba câu.",
        )


def long_title(text: Text) -> Iterator[Problem]:
    """Point at a title that lists and search engines would cut."""
    title = text.edition.title.strip()
    if len(title) > TITLE_LETTERS:
        yield Passage("title", title).warning(
            "long_title",
            f"Tiêu đề dài {len(title)} chữ cái, quá {TITLE_LETTERS}. Hãy rút gọn, "
            "phần còn lại để ở tóm tắt.",
        )


def shouted_title(text: Text) -> Iterator[Problem]:
    """Point at a title in capitals, which is hard to read and is spelt out by screen readers."""
    title = text.edition.title
    letters = sum(char.isalpha() for char in title)
    if title == title.upper() and letters >= _LETTERS_OF_A_SHOUT and len(title.split()) > 2:
        yield Passage("title", title).warning(
            "shouted_title",
            "Tiêu đề viết hoa toàn bộ. Hãy chỉ viết hoa chữ đầu câu và tên riêng.",
        )


def repost_without_original(text: Text) -> Iterator[Problem]:
    """Refuse a repost that does not lead to its original (72/2013/NĐ-CP: cite the source)."""
    edition = text.edition
    if edition.source_name.strip() and not edition.source_url:
        yield Passage("source_url", "").error(
            "repost_without_original",
            f"Bài đăng lại từ “{edition.source_name}” chưa có địa chỉ bài gốc. "
            "Hãy dán địa chỉ bài gốc vào ô “địa chỉ bài gốc”.",
        )
