"""Tell 200 random stories of two people at one article (tests/news/interleaving.py)."""

import logging
import sys
import time
from collections import Counter

from django.core.management import call_command

from bench.scratch import in_process, portal

STORIES, STEPS = 200, 7


def main(stories):
    """Tell each story, stop at the first that goes wrong, print what happened in all."""
    from core.audit import AuditEntry
    from core.snapshots import Snapshot
    from tests.news.interleaving import Story

    logging.disable()  # refusals are part of the story
    began, typed = time.monotonic(), 0
    for seed in range(stories):
        story = Story(seed)
        story.run(STEPS)
        typed += story.check()
    print(f"{stories} stories of {STEPS} steps by two, {time.monotonic() - began:.0f} s")
    aside = Snapshot.objects.filter(aside=True).count()
    print(f"{typed} texts typed, none lost; {aside} laid aside")
    print(dict(Counter(AuditEntry.objects.values_list("action", flat=True))))


if __name__ == "__main__":
    with portal() as settings, in_process(settings):
        call_command("migrate", verbosity=0)
        main(int(sys.argv[1]) if len(sys.argv) > 1 else STORIES)
