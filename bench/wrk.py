"""wrk, and the rounds in which everything is asked in turn."""

import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import NamedTuple
from urllib.request import Request, urlopen

from bench.processes import run

WARMING = 12  # requests before the first round: both workers fill their caches, most likely


@dataclass(frozen=True)
class Target:
    """A server: what it is called in the tables and where each kind of page is."""

    name: str
    addresses: dict[str, str]


class Cell(NamedTuple):
    """One thing to measure."""

    target: str
    kind: str
    connections: int
    gzip: bool


class Figure(NamedTuple):
    """Requests a second: the median of the rounds, and half of what they differ by, as a share."""

    median: float
    spread: float


Results = dict[Cell, list[float]]


def measure(
    cells: Iterable[Cell],
    targets: dict[str, Target],
    *,
    rounds: int,
    seconds: int,
    say: Callable[[str], None],
) -> Results:
    """Return the requests a second of each cell in each round; every round has its own order."""
    results: Results = defaultdict(list)
    left = [cell for cell in cells if cell.kind in targets[cell.target].addresses]
    for address in dict.fromkeys(targets[cell.target].addresses[cell.kind] for cell in left):
        for _ in range(WARMING):
            body(address)
    for number in range(1, rounds + 1):
        random.Random(number).shuffle(left)
        for done, cell in enumerate(left, 1):
            address = targets[cell.target].addresses[cell.kind]
            results[cell].append(ask(address, cell.connections, cell.gzip, seconds))
            say(f"round {number} of {rounds}, {done} of {len(left)}: {cell.target}, {cell.kind}")
    return results


def ask(
    address: str,
    connections: int,
    gzip: bool,
    seconds: int,
    *,
    wrk: Sequence[str] = ("wrk",),
) -> float:
    """Return the requests a second that are answered with 2xx; any other answer ends all."""
    options = ["-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "30s"]
    answer = run([*wrk, *options, "-H", f"Accept-Encoding: {coding(gzip)}", address])
    if "Non-2xx" in answer or "Socket errors" in answer:
        raise SystemExit(f"{address}\n{answer}")
    found = re.search(r"Requests/sec:\s+([\d.]+)", answer)
    return float(found[1]) if found else 0.0


def coding(gzip: bool) -> str:
    """Return what Accept-Encoding says."""
    return "gzip" if gzip else "identity"


def figure(rounds: list[float]) -> Figure:
    """Return the median of some rounds and their spread."""
    middle = median(rounds)
    return Figure(middle, (max(rounds) - min(rounds)) / 2 / middle if middle else 0.0)


def body(address: str, *, gzip: bool = True) -> bytes:
    """Return what is sent for `address`, packed as it is sent."""
    with urlopen(Request(address, headers={"Accept-Encoding": coding(gzip)}), timeout=60) as answer:
        content: bytes = answer.read()
        return content
