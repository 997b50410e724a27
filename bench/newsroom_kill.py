"""Kill processes in the middle of 50 requests (tests/news/killing.py): all or nothing."""

import sys

from django.core.management import call_command

from bench.scratch import portal

KILLS = 50

if __name__ == "__main__":
    with portal():
        from tests.news import killing

        call_command("migrate", verbosity=0)
        killing.main(int(sys.argv[1]) if len(sys.argv) > 1 else KILLS)
