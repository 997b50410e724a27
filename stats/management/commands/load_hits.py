"""`manage.py load_hits`: count hits as they come, or once what waits in the spool."""

import signal
import threading
from typing import Any

from django.core.management import BaseCommand, CommandParser
from django.utils import timezone

from stats import loader


class Command(BaseCommand):
    """Several may run, on one host or many: a lock lets them count one after the other."""

    help = "Đếm các lượt đang chờ; chạy mãi, hoặc một lần với --once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="Đếm hết số đang chờ rồi dừng.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["once"]:
            loader.drain(timezone.now())
            return
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        loader.run(stop)
