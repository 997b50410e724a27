"""`manage.py load_demo`: the demonstration content."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.demo import DEMO_PASSWORD, DEMO_USERNAME, load

MOST_ARTICLES = 1_000_000


class Command(BaseCommand):
    """Load the demonstration content once; a second call changes nothing."""

    help = "Load the demonstration content; does nothing when it is already there."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--flush", action="store_true", help="remove it first, begin again")
        parser.add_argument(
            "--articles",
            type=int,
            default=0,
            metavar="N",
            help=f"fill up to N articles in all, for benchmarks (at most {MOST_ARTICLES:,})",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG and not settings.IS_LOCAL:
            raise CommandError(
                "The demonstration has a sign-in with a known password, so it must not exist on "
                f"a public host: SITE_URL is {settings.SITE_URL}. Use a loopback address."
            )
        if not 0 <= options["articles"] <= MOST_ARTICLES:
            raise CommandError(f"--articles takes 0 to {MOST_ARTICLES:,}.")
        quiet = options["verbosity"] == 0
        if options["flush"]:
            self._say(quiet, f"Removed {load.flush()} demonstration articles.")
        added = load.load(articles=options["articles"], quiet=quiet)
        self._say(quiet, f"Added {added} articles." if added else "Already loaded: nothing to do.")
        self._say(quiet, f"Demonstration sign-in: {DEMO_USERNAME} / {DEMO_PASSWORD}")

    def _say(self, quiet: bool, sentence: str) -> None:
        if not quiet:
            self.stdout.write(sentence)
