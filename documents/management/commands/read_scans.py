"""Reads scans in the background (documents/scans.py); bin/run keeps one running."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import OperationalError, close_old_connections

from documents.scans import read_waiting

PAUSE = 10  # seconds between two looks at the table


class Command(BaseCommand):
    """`read_scans` reads scans as they come, `read_scans --once` those that wait now."""

    help = "Nhận dạng chữ trong các bản quét đang chờ."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take --once."""
        parser.add_argument("--once", action="store_true", help="chỉ đọc các bản quét đang chờ")

    def handle(self, *args: Any, once: bool, **options: Any) -> None:
        """Read until told to stop; a database that restarts is waited for."""
        if once:
            self.stdout.write(f"Đã đọc {read_waiting()} bản quét.")
            return
        while True:
            try:
                read_waiting()
            except OperationalError as error:
                self.stderr.write(f"Mất kết nối với cơ sở dữ liệu: {error}")
            close_old_connections()
            time.sleep(PAUSE)
