"""What does a page cost at 1,000,000 articles, beside what it costs at 1,500? (bench/growth)

Two portals, each with a database of its own below --folder, are filled by the demonstration's
loader (the large one takes twenty minutes and 16 GB; what is there already is used again). Each
kind of public page is then asked of both in turn, without the page cache. A page costs the time
that the processor spends on it, in Python and in PostgreSQL, so others' load matters little; the
real-time priority of `chrt -r 1 bench/growth` makes the figures steadier still. Where the small
portal has no page 50 or 5,000, its last full page stands in for it.

A page is asked as if nobody had asked for any since the last publication (cold), and again while
what pages share is kept in memory (warm). A sitemap is as long as its month: it counts for each of
its addresses.

Exit code 1 says that some page costs more than BAR times as much, either way.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path
from statistics import median
from typing import Any

from portal import local

SMALL, LARGE = 1_500, 1_000_000
WARMING, ROUNDS = 5, 25
BAR = 1.3
HOW = ("cold", "warm")


class Portal:
    """A portal in a process of its own (bench/growth_pages.py)."""

    def __init__(self, folder: Path, articles: int) -> None:
        command = [sys.executable, "-m", "bench.growth_pages", str(folder), str(articles)]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.pages: dict[str, str] = self._read()

    def ask(self, how: str, name: str) -> float:
        """Return what asking for a page costs, `how` being one of HOW, or its statements."""
        assert self._process.stdin
        self._process.stdin.write(f"{how} {self.pages[name]}\n")
        self._process.stdin.flush()
        return float(self._read())

    def close(self) -> None:
        """End the process, and the server that it started."""
        self._process.communicate()

    def _read(self) -> Any:
        assert self._process.stdout
        return json.loads(self._process.stdout.readline() or "null")


def compare(small: Portal, large: Portal, name: str) -> float:
    """Print what the page costs in both; return how many times as much it costs in the large."""
    both = (small, large)
    figures = [f"{name:44} "]
    ratios = []
    for how in HOW:
        for portal in both * WARMING:
            portal.ask(how, name)
        rounds = [[portal.ask(how, name) for portal in both] for _ in range(ROUNDS)]
        few, many = map(median, zip(*rounds, strict=True))
        ratios.append(many / few)
        figures.append(f"{few:8.2f} {many:8.2f} {many / few:6.2f}")
    statements = "/".join(f"{portal.ask('statements', name):.0f}" for portal in both)
    verdict = "  over the bar" if max(ratios) > BAR else ""
    print(*figures, f"{statements:>7}{verdict}", flush=True)
    return max(ratios)


def main() -> None:
    """Compare all pages, or those whose names have the words given."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=local.var_folder() / "bench-growth")
    parser.add_argument("words", nargs="*")
    options = parser.parse_args()
    portals = [Portal(options.folder / str(number), number) for number in (SMALL, LARGE)]
    small, large = portals
    names = [name for name in small.pages if all(word in name for word in options.words)]
    print(
        f"{SMALL:,} and {LARGE:,} articles: ms of the processor and ratio, cold and warm; queries"
    )
    ratios = [compare(small, large, name) for name in names]
    for portal in portals:
        portal.close()
    worst = max(ratios)
    print(f"{len(ratios)} pages; median {median(ratios):.2f}, highest {worst:.2f}")
    sys.exit(worst > BAR)


if __name__ == "__main__":
    main()
