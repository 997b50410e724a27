"""Pages from memory against the bars of a plain view and of nginx serving files; needs wrk, nginx.

The view says hello: in a new project, which is the bar, and with no middleware at all.
"""

from contextlib import ExitStack
from pathlib import Path

from django.core.management import call_command

from bench.corpus import Corpus
from bench.peers import hello, nginx, portal
from bench.scratch import portal as scratch_portal
from bench.wrk import Cell, figure, measure

PAGES = ("home", "article")
MANY = 32  # connections
ROUNDS, SECONDS = 5, 4
OF_HELLO, OF_A_FILE = 5.0, 0.4  # the bars


def main(scratch: Path) -> None:
    """Measure, print, and exit with 1 below a bar."""
    corpus = Corpus()
    with ExitStack() as servers:
        cached, _ = servers.enter_context(portal.started(corpus, scratch))
        peers = servers.enter_context(hello.started(scratch))
        peers += servers.enter_context(nginx.started(cached, scratch))
        cells = [Cell(portal.CACHED, page, MANY, True) for page in PAGES]
        cells += [Cell(nginx.FILE, page, MANY, True) for page in PAGES]
        cells += [Cell(hello.HELLO, view, MANY, True) for view in ("project", "hello")]
        targets = {target.name: target for target in (cached, *peers)}
        results = measure(cells, targets, rounds=ROUNDS, seconds=SECONDS, say=lambda _: None)
    rates = {cell: figure(rounds) for cell, rounds in results.items()}
    for cell, rate in rates.items():
        print(f"{cell.target:14} {cell.kind:8} {rate.median:10,.0f}/s ± {rate.spread:.0%}")
    missed = False
    for page in PAGES:
        ours, file, project, bare = (
            rates[Cell(target, kind, MANY, True)].median
            for target, kind in (
                (portal.CACHED, page),
                (nginx.FILE, page),
                (hello.HELLO, "project"),
                (hello.HELLO, "hello"),
            )
        )
        print(
            f"{page}: {ours / project:.1f} times the view of a new project, {ours / bare:.1f} times"
            f" the bare view, {ours / file:.2f} times the file"
        )
        missed |= ours < OF_HELLO * project or ours < OF_A_FILE * file
    if missed:
        raise SystemExit(f"The bars are {OF_HELLO} (new project) and {OF_A_FILE} (file).")


if __name__ == "__main__":
    with scratch_portal() as settings:
        call_command("migrate", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        call_command("load_demo", articles=1500, verbosity=0)
        main(Path(settings.VAR_DIR))
