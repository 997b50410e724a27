"""Tries the links to other sites in the background (news/links.py)."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import OperationalError, close_old_connections

from news.links import check

PAUSE = 3_600  # seconds between two rounds


class Command(BaseCommand):
    """`check_links` tries links every hour, `check_links --once` those that are due now."""

    help = "Thử các liên kết ra trang khác trong bài đang đăng và bài đang viết."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take --once."""
        parser.add_argument("--once", action="store_true", help="chỉ thử một lượt")

    def handle(self, *args: Any, once: bool, **options: Any) -> None:
        """Try until told to stop; a database that restarts is waited for."""
        if once:
            self.stdout.write(f"Đã thử {check()} liên kết.")
            return
        while True:
            try:
                check()
            except OperationalError as error:
                self.stderr.write(f"Mất kết nối với cơ sở dữ liệu: {error}")
            close_old_connections()
            time.sleep(PAUSE)
