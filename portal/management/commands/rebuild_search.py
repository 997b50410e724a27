"""`manage.py rebuild_search`: write what the search knows anew, from what readers can see."""

from collections.abc import Iterable
from itertools import chain
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from tqdm import tqdm

from core.search import rebuilding
from core.search.entries import Content
from core.templatetags.portal import number
from core.workflow import State
from documents import indexing as documents
from documents.models import Document
from news import indexing as news
from news.models import Article
from portal.completion import complete, contents_of
from portal.models import Page


class Command(BaseCommand):
    """Write every entry anew, each in place of the former, while the search goes on answering."""

    help = "Ghi lại toàn bộ chỉ mục tìm kiếm; tìm kiếm vẫn chạy bình thường trong lúc đó."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take --missing."""
        parser.add_argument(
            "--missing",
            action="store_true",
            help="chỉ ghi những mục còn thiếu, sau khi đọc lại bài; chạy khi chưa ai đăng bài",
        )

    def handle(self, *args: Any, missing: bool, **options: Any) -> None:
        quiet = options["verbosity"] == 0
        if missing:
            said = f"Đã ghi {number(complete(quiet=quiet))} mục còn thiếu."
        else:
            written, removed, words = rebuilding.rebuild(_all(quiet))
            said = (
                f"Đã ghi {number(written)} mục, bỏ {number(removed)} mục thừa; {number(words)} từ."
            )
        if not quiet:
            self.stdout.write(said)


def _all(quiet: bool) -> Iterable[Content]:
    articles, pages = Article.objects.published(), Page.objects.published()
    live = Document.objects.filter(state=State.LIVE)
    total = articles.count() + live.count() + pages.count()
    contents = chain(news.contents(articles), documents.contents(live), contents_of(pages))
    return tqdm(contents, total=total, desc="Ghi chỉ mục", unit="mục", disable=quiet)
