"""`manage.py load_demo`: the demonstration content."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.templatetags.portal import number
from portal.demo import DEMO_PASSWORD, DEMO_USERNAME, load

MOST_ARTICLES = MOST_DOCUMENTS = 1_000_000


class Command(BaseCommand):
    """Load the demonstration content once; a second call changes nothing."""

    help = "Nạp nội dung minh họa; đã có thì không làm gì."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--flush", action="store_true", help="gỡ nội dung minh họa cũ rồi nạp lại từ đầu"
        )
        parser.add_argument(
            "--articles",
            type=int,
            default=0,
            metavar="N",
            help=f"nạp cho đủ N bài, để đo tốc độ (nhiều nhất {number(MOST_ARTICLES)})",
        )
        parser.add_argument(
            "--documents",
            type=int,
            default=0,
            metavar="N",
            help=f"nạp cho đủ N văn bản, để đo tốc độ (nhiều nhất {number(MOST_DOCUMENTS)})",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG and not settings.IS_LOCAL:
            raise CommandError(
                "Nội dung minh họa có tài khoản với mật khẩu ai cũng biết nên không được có trên "
                f"máy chủ công khai (SITE_URL là {settings.SITE_URL}). Chỉ nạp khi SITE_URL là "
                "địa chỉ của chính máy này, như http://127.0.0.1:8000."
            )
        if not 0 <= options["articles"] <= MOST_ARTICLES:
            raise CommandError(f"--articles nhận số từ 0 đến {number(MOST_ARTICLES)}.")
        if not 0 <= options["documents"] <= MOST_DOCUMENTS:
            raise CommandError(f"--documents nhận số từ 0 đến {number(MOST_DOCUMENTS)}.")
        quiet = options["verbosity"] == 0
        if options["flush"]:
            self._say(quiet, f"Đã gỡ {number(load.flush())} bài minh họa.")
        added = load.load(articles=options["articles"], documents=options["documents"], quiet=quiet)
        self._say(
            quiet, f"Đã nạp {number(added)} bài." if added else "Đã có đủ, không phải nạp thêm."
        )
        self._say(quiet, f"Đăng nhập thử: {DEMO_USERNAME} / {DEMO_PASSWORD}")

    def _say(self, quiet: bool, sentence: str) -> None:
        if not quiet:
            self.stdout.write(sentence)
