"""Sends the notices that wait (portal/notices.py); bin/run keeps one running."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import OperationalError, close_old_connections

from portal.notices import send_waiting

PAUSE = 20  # seconds between two looks at the table


class Command(BaseCommand):
    """`send_notices` sends notices as they come, `send_notices --once` those that wait now."""

    help = "Gửi thư báo của tòa soạn đang chờ."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take --once."""
        parser.add_argument("--once", action="store_true", help="chỉ gửi các thư đang chờ")

    def handle(self, *args: Any, once: bool, **options: Any) -> None:
        """Send until told to stop; a database that restarts is waited for."""
        if once:
            self.stdout.write(f"Đã gửi {send_waiting()} thư.")
            return
        while True:
            try:
                send_waiting()
            except OperationalError as error:
                self.stderr.write(f"Mất kết nối với cơ sở dữ liệu: {error}")
            close_old_connections()
            time.sleep(PAUSE)
