"""Four tabs of one browser, opened at one moment: one visit and one view, 200 times in a row."""

import http.client
import threading
from concurrent.futures import ThreadPoolExecutor

from django.core.management import call_command
from django.db.models import Sum
from django.utils import timezone

from bench.beacon import CHROME, PORT, granian, until_it_answers
from bench.scratch import portal

ROUNDS, TABS = 200, 4


def main() -> None:
    """Exit with 1 at the first round that counts anything else."""
    from stats import loader, signing, spool
    from stats.models import ObjectDay, SiteDay

    def send(number: int, together: threading.Barrier) -> None:
        server = http.client.HTTPConnection("127.0.0.1", PORT, timeout=20)
        server.connect()
        together.wait()
        browser = {"User-Agent": f"{CHROME} Round/{number}"}
        server.request("POST", f"/dem/?o={signing.token('b', number)}", headers=browser)
        if server.getresponse().status != 200:
            raise SystemExit("A beacon was refused.")
        server.close()

    with granian("portal.serve:worker_application"), ThreadPoolExecutor(TABS) as tabs:
        until_it_answers()
        for number in range(1, ROUNDS + 1):
            together = threading.Barrier(TABS)
            list(tabs.map(send, [number] * TABS, [together] * TABS))
            lines = loader.load(timezone.now())
            counted = SiteDay.objects.aggregate(visits=Sum("visits"), views=Sum("views"))
            of_object = ObjectDay.objects.get(object_id=number).amount
            if (lines, *counted.values(), of_object) != (TABS, number, number, 1):
                raise SystemExit(f"Round {number}: {lines} lines, {counted}, {of_object}.")
    print(f"{ROUNDS} times {TABS} views at one moment: each one visit and one view;", end=" ")
    print(f"{len(spool.files())} files of workers' threads")


if __name__ == "__main__":
    with portal():
        call_command("migrate", verbosity=0)
        main()
