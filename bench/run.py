"""The portal beside nginx serving files, a plain view, Wagtail and WordPress; see bench/README.md.

The portal starts from scratch on an embedded PostgreSQL of its own, is filled, and is asked by wrk;
what a peer lacks on this machine is said, and it is left out. Nothing stays behind but the figures
in bench/README.md (and Wagtail's packages, for the next time).
"""

import argparse
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path

import psutil
from django.core.management import call_command
from django.utils import timezone

from bench import table
from bench.corpus import Corpus
from bench.memory import Memory, Stack, postmaster
from bench.peers import hello, nginx, portal, wagtail, wordpress
from bench.processes import program
from bench.scratch import portal as scratch_portal
from bench.wrk import Cell, Results, Target, ask, body, measure
from portal import local

KINDS = [
    "home",
    "article",
    "category",
    "category, deep",
    "news, deepest",
    "documents",
    "search",
    "RSS",
    "hello",
]
DEEP = ("category, deep", "news, deepest")  # cached, they are pages like any other
UNCACHED = [portal.UNCACHED, wagtail.STOCK, wordpress.STOCK]
CACHED = [
    portal.CACHED,
    portal.BEHIND,
    nginx.FILE,
    hello.HELLO,
    wagtail.CACHED,
    wordpress.CACHED,
]
MANY, ONE = 32, 1  # connections
MOST_DOCUMENTS = 100_000  # unless more are asked for: they take minutes to load
LOAD = 2  # seconds that each page is asked while memory is watched

Started = AbstractContextManager[list[Target]]


def main() -> None:
    """Measure and write the section of bench/README.md for this number of articles."""
    options = _options()
    for end in (signal.SIGINT, signal.SIGTERM):
        signal.signal(end, signal.default_int_handler)
    if not program("wrk"):
        raise SystemExit("wrk is missing: sudo apt install wrk")
    environment = local.var_folder().resolve() / "bench-wagtail"
    began = time.monotonic()
    with scratch_portal() as settings, ExitStack() as servers:
        scratch = Path(settings.VAR_DIR)
        corpus = _filled(options)
        targets, memory = _portal(corpus, scratch, servers)
        targets += _peers(options, corpus, targets[0], (scratch, environment), servers)
        by_name = {target.name: target for target in targets}
        cells = list(_cells(by_name))
        results = measure(
            cells, by_name, rounds=options.rounds, seconds=options.seconds, say=progress
        )
        text = _report(options, corpus, results, by_name, memory)
    table.replace_section(f"bench/run, {options.articles} articles", text)
    print(f"\n{text}\n\n{time.monotonic() - began:.0f} s; in bench/README.md")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench/run", description=__doc__)
    parser.add_argument("--articles", type=int, default=1500, help="1500, 100000, 1000000")
    parser.add_argument("--documents", type=int, help="as many as articles, 100000 at most")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=8, help="of each round")
    parser.add_argument("--quick", action="store_true", help="rounds of 3 seconds")
    parser.add_argument(
        "--without", nargs="*", default=[], choices=["nginx", "wagtail", "wordpress"]
    )
    options = parser.parse_args()
    if options.quick:
        options.seconds = 3
    return options


def _filled(options: argparse.Namespace) -> Corpus:
    """Fill the portal's database."""
    documents = min(options.articles, MOST_DOCUMENTS)
    if options.documents is not None:
        documents = options.documents
    with step("tables"):
        call_command("migrate", verbosity=0)
    with step("static files"):
        call_command("collectstatic", interactive=False, verbosity=0)
    with step(f"{options.articles:,} articles, {documents:,} documents"):
        call_command("load_demo", articles=options.articles, documents=documents, verbosity=0)
    with step("VACUUM ANALYZE"):
        _settle()
    return Corpus()


def _settle() -> None:
    """Leave nothing to do beside the measurements: no scan to recognise, no row to tidy up."""
    from django.db import connection

    from documents.files import DocumentFile, TextState

    DocumentFile.objects.filter(text_state=TextState.WAITING).update(text_state=TextState.NONE)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _portal(
    corpus: Corpus, scratch: Path, servers: ExitStack
) -> tuple[list[Target], dict[str, Memory]]:
    """Start the portal, nginx before it, then once more uncached; measure memory in between."""
    with step("the portal"):
        target, server = servers.enter_context(portal.started(corpus, scratch))
        targets, roots = [target], [server.pid, postmaster()]
        if not nginx.missing():
            front, proxy = servers.enter_context(portal.behind_nginx(target, scratch))
            targets.append(front)
            roots.append(proxy.pid)
    with step("memory"):
        memory = _memory(Stack(roots), targets)
    with step("the portal, uncached"):
        targets.append(servers.enter_context(portal.uncached(corpus, scratch)))
    return targets, memory


def _memory(stack: Stack, targets: list[Target]) -> dict[str, Memory]:
    """Return what the stack holds after each page was asked once, and under load."""
    addresses = [address for target in targets for address in target.addresses.values()]
    for address in addresses:
        body(address)

    def load() -> None:
        for address in addresses:
            ask(address, MANY, True, LOAD)

    return {"idle": stack.now(), "under load": stack.most(threading.Thread(target=load))}


def _peers(
    options: argparse.Namespace,
    corpus: Corpus,
    cached: Target,
    places: tuple[Path, Path],
    servers: ExitStack,
) -> list[Target]:
    """Start each peer that this machine has; say what the others need."""
    scratch, environment = places
    peers: dict[str, tuple[Callable[[], str], Callable[[], Started]]] = {
        "hello": (lambda: "", lambda: hello.started(scratch)),
        "nginx": (nginx.missing, lambda: nginx.started(cached, scratch)),
        "wagtail": (
            lambda: wagtail.missing(corpus, environment),
            lambda: wagtail.started(corpus, scratch, environment),
        ),
        "wordpress": (
            lambda: wordpress.missing(corpus),
            lambda: wordpress.started(corpus, scratch),
        ),
    }
    targets = []
    for name, (missing, started) in peers.items():
        reason = "not asked for" if name in options.without else missing()
        if reason:
            print(f"without {name}: {reason}", flush=True)
            continue
        with step(name):
            targets += servers.enter_context(started())
    return targets


def _cells(names: Collection[str]) -> Iterator[Cell]:
    """Yield what is measured of the targets that run: everything once, some in other ways too."""
    for name in (*UNCACHED, *CACHED):
        if name in names:
            kinds = KINDS if name in UNCACHED else [kind for kind in KINDS if kind not in DEEP]
            yield from (Cell(name, kind, MANY, True) for kind in kinds)
            yield from (Cell(name, kind, ONE, True) for kind in ("home", "article", "hello"))
    for name in CACHED:
        if name in names:
            yield Cell(name, "home", MANY, False)


def _report(
    options: argparse.Namespace,
    corpus: Corpus,
    results: Results,
    targets: dict[str, Target],
    memory: dict[str, Memory],
) -> str:
    """Return the section of the README."""
    head = (
        f"{timezone.localdate()}, {_machine()}, {corpus.articles:,} articles; the deep page of the"
        f" category is number {corpus.deep}, the deepest of the news {corpus.deepest:,}."
        f" Medians of {options.rounds} rounds of {options.seconds} s, ± half of what they differ"
        " by; in brackets, how many times as much the first column is."
    )
    return "\n\n".join(
        [
            f"### {corpus.articles:,} articles\n\n{head}",
            f"Uncached, {MANY} connections, gzip asked for: requests a second",
            table.table(results, KINDS, UNCACHED, MANY, True),
            f"Cached, {MANY} connections, gzip asked for",
            table.table(results, KINDS, CACHED, MANY, True),
            f"Cached, {MANY} connections, no compression asked for",
            table.table(results, KINDS, CACHED, MANY, False),
            "One connection, uncached",
            table.table(results, KINDS, UNCACHED, ONE, True),
            "One connection, cached",
            table.table(results, KINDS, CACHED, ONE, True),
            "Memory of the whole stack: two workers, what runs beside them, PostgreSQL, nginx",
            table.plain([["", "PSS", "RSS, shared pages counted in each"], *_memory_rows(memory)]),
            "Bytes of a page",
            table.plain(_bytes(targets)),
        ]
    )


def _memory_rows(memory: dict[str, Memory]) -> list[list[str]]:
    return [[name, f"{used.pss:.0f} MB", f"{used.rss:.0f} MB"] for name, used in memory.items()]


def _bytes(targets: dict[str, Target]) -> list[list[str]]:
    """Return what each page weighs, compressed and not."""
    shown = [targets[name] for name in (*UNCACHED, *CACHED) if name in targets]
    rows = [["Page", *(target.name for target in shown)]]
    for kind in KINDS:
        if any(kind in target.addresses for target in shown):
            rows.append([kind, *(_weight(target.addresses.get(kind)) for target in shown)])
    return rows


def _weight(address: str | None) -> str:
    if not address:
        return ""
    return f"{len(body(address)):,} / {len(body(address, gzip=False)):,}"


def _machine() -> str:
    memory = psutil.virtual_memory().total / 2**30
    load = os.getloadavg()[2]
    return f"{os.cpu_count()} cores, {memory:.0f} GB, load of {load:.1f} in the last 15 minutes"


@contextmanager
def step(text: str) -> Iterator[None]:
    """Say what is being done, and how long it took."""
    began = time.monotonic()
    print(f"{text} … ", end="", flush=True)
    yield
    print(f"{time.monotonic() - began:.0f} s", flush=True)


def progress(text: str) -> None:
    """Say how far the rounds are, on one line of a terminal, else not on every turn."""
    if sys.stdout.isatty():
        print(f"\r\x1b[K{text}", end="", flush=True)
    elif text.count(", 1 of "):
        print(text, flush=True)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
