"""Readers' pages a second while others publish, import and count, beside what they are alone.

Each work runs in a process of its own, as fast as an office ever would: an approval five times a
second, documents with their files one after the other, a thousand hits a second. Needs wrk.
"""

import os
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import count
from random import Random
from statistics import median

import django

from bench.processes import HOST, PATIENCE, answers, free_port
from bench.scratch import portal
from bench.wrk import ask, body

BAR = 0.8  # of what readers get alone
ROUNDS, SECONDS, READERS = 5, 4, 32
APPROVALS, HITS = 5, 1_000  # a second
CONTENT = 40  # articles and documents on the pages
# Who measures must not be slowed by what is measured; root alone may say so.
WRK = ("chrt", "-r", "1", "wrk") if os.geteuid() == 0 else ("wrk",)
SERVERS = {
    "from memory": "portal.serve:worker_application",
    "made anew": "bench.peers.portal:worker_application",
}


def approving() -> Iterator[float]:
    """Publish through two pairs of eyes; yield the seconds to the next time."""
    from core.publishing import approve, move
    from core.workflow import Action
    from tests.factories import make_category, make_draft, make_person

    category = make_category()
    writer, approver = (make_person("Biên tập viên", category) for _ in range(2))
    while True:
        draft = make_draft(category=category, by=writer)
        approve(move(draft, Action.SUBMIT, by=writer), by=approver)
        yield 1 / APPROVALS


def importing() -> Iterator[float]:
    """Publish documents of eight pages, each read by the parsers."""
    from core.publishing import move
    from core.workflow import Action
    from documents.extraction import read
    from tests.factories import attached, make_document_draft, pdf_file

    pages = ["Tăng cường công tác xây dựng, chỉnh đốn Đảng trong Khối. " * 40] * 8
    while True:
        read(pdf_file(*pages).read())
        draft = make_document_draft()
        attached(draft, *pages)
        move(draft, Action.PUBLISH)
        yield 0


def counting() -> Iterator[float]:
    """Count a second's hits of a thousand browsers."""
    from django.utils import timezone

    from news.models import Article
    from stats import loader, signing, spool
    from tests.asking import environ

    tokens = [signing.token("b", pk) for pk in Article.objects.values_list("pk", flat=True)]
    browser = {"USER_AGENT": "Mozilla/5.0 (X11) Firefox/130.0"}
    while True:
        began = time.time()
        for number in range(HITS):
            request = environ("/dem/", "POST", **browser)
            request["REMOTE_ADDR"] = f"203.0.{number % 256}.{number // 256}"
            token = tokens[number % len(tokens)]
            spool.append(spool.line(request, "view", token, began), began)
        while loader.load(timezone.now()) == loader.BATCH:
            pass
        yield max(0.0, began + 1 - time.time())


WORKS: dict[str, Callable[[], Iterator[float]]] = {
    work.__name__: work for work in (approving, importing, counting)
}


def work(name: str) -> None:
    """Do one of the works for ever; say so once it is going."""
    django.setup()
    from tests import factories

    factories.numbers = count(os.getpid() * 1_000)  # other names than whoever came before
    for number, pause in enumerate(WORKS[name]()):
        if number == 0:
            print("going", flush=True)
        time.sleep(pause)


@contextmanager
def beside(name: str) -> Iterator[None]:
    """Have one of the works done meanwhile; nothing for the name "alone"."""
    if name == "alone":
        yield
        return
    command = [sys.executable, "-m", "bench.beside", name]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout
            if not process.stdout.readline():
                raise SystemExit(f"{name} does not start.")
            yield
        finally:
            process.kill()


def main() -> None:
    """Measure, print, and exit with 1 below the bar."""
    from tests.factories import make_article, make_category, make_document

    category = make_category("Tin tức")
    for _ in range(CONTENT):
        make_article(category=category)
        make_document()
    results: dict[tuple[str, str], list[float]] = defaultdict(list)
    with ExitStack() as stack:
        addresses = {
            name: f"http://{HOST}:{stack.enter_context(_server(target))}/"
            for name, target in SERVERS.items()
        }
        cells = [(server, name) for server in SERVERS for name in ("alone", *WORKS)]
        for number in range(ROUNDS):
            Random(number).shuffle(cells)
            for server, name in cells:
                with beside(name):
                    body(addresses[server])
                    results[server, name].append(
                        ask(addresses[server], READERS, True, SECONDS, wrk=WRK)
                    )
            print(f"round {number + 1} of {ROUNDS}", flush=True)
    _report({cell: median(rounds) for cell, rounds in results.items()})


@contextmanager
def _server(target: str) -> Iterator[int]:
    """Serve in the session that the works run in: Linux shares out time among sessions first."""
    port = free_port()
    ready, deadline = answers(port), time.monotonic() + PATIENCE
    command = [sys.executable, "-m", "bench.server", target, str(port)]
    with subprocess.Popen(command, process_group=0) as server:
        try:
            while not ready():
                if server.poll() is not None or time.monotonic() > deadline:
                    raise SystemExit(f"{target} does not start.")
                time.sleep(0.1)
            yield port
        finally:
            server.terminate()


def _report(rates: dict[tuple[str, str], float]) -> None:
    shares = {cell: rate / rates[cell[0], "alone"] for cell, rate in rates.items()}
    for server in SERVERS:
        told = ", ".join(f"{name} {shares[server, name]:.2f}" for name in WORKS)
        print(f"front page {server}: {rates[server, 'alone']:,.0f}/s alone; {told}")
    if min(shares.values()) < BAR:
        raise SystemExit(f"The bar is {BAR}.")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        work(sys.argv[1])
    else:
        from django.core.management import call_command

        with portal():
            call_command("migrate", verbosity=0)
            call_command("collectstatic", interactive=False, verbosity=0)
            main()
