"""Kill loaders without warning while hits come in: `python -m tests.stats.killing KILLS`.

Every hit is of an object of its own and asks not to be followed, so nothing hides a hit that is
lost or counted twice: each object must have exactly one view. Two loaders run at any time.
"""

import os
import random
import signal
import sys
import threading
import time

import django

LOADERS = 2
PER_ROUND = 40


def main(kills):
    django.setup()
    from stats import loader, spool

    loader.BATCH, loader.PAUSE, loader.AFTER_FAILURE = 30, 0.001, 0.01
    spool.GRACE = 0.2
    chance, written = random.Random(), 0
    children = [start(loader) for _ in range(LOADERS)]
    for _ in range(kills):
        for _ in range(PER_ROUND):
            written += 1
            write(written)
            time.sleep(chance.random() * 0.002)
        victim = children.pop(0)
        os.kill(victim, signal.SIGKILL)
        os.waitpid(victim, 0)
        children.append(start(loader))
    finish(children)
    print(written)


def start(loader):
    """Fork a loader; this process has no connection that it could share."""
    child = os.fork()
    if not child:
        loader.run(threading.Event())
    return child


def finish(children):
    from django.utils import timezone

    from stats import loader

    for child in children:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    while loader.load(timezone.now()) == loader.BATCH:
        pass


def write(number):
    from stats import signing, spool
    from tests.stats.traffic import BROWSERS

    environ = {
        "REMOTE_ADDR": "113.160.1.2",
        "HTTP_USER_AGENT": BROWSERS[0].format(1),
        "HTTP_DNT": "1",
    }
    now = time.time()
    spool.append(spool.line(environ, "view", signing.token("b", number), now), now)


if __name__ == "__main__":
    main(int(sys.argv[1]))
