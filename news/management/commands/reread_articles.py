"""Reads all live articles anew: what they cite and which are alike."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from tqdm import tqdm

from core.workflow import State
from news import citations, kin
from news.models import Edition


class Command(BaseCommand):
    """`reread_articles`, after an upgrade, or once articles were brought in around Django."""

    help = "Đọc lại các bài đang đăng: văn bản được dẫn và tin liên quan."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take --quiet."""
        parser.add_argument("--quiet", action="store_true", help="không hiện tiến độ")

    def handle(self, *args: Any, quiet: bool, **options: Any) -> None:
        """Read one article after another, oldest first; may be broken off and run again."""
        live = Edition.objects.filter(state=State.LIVE).select_related("article").order_by("pk")
        progress = tqdm(
            live.iterator(chunk_size=200), total=live.count(), unit="bài", disable=quiet
        )
        for edition in progress:
            citations.read(edition)
            kin.find(edition)
