"""The results as a section of bench/README.md."""

import re
from pathlib import Path

from bench.wrk import Cell, Results, figure

README = Path(__file__).parent / "README.md"


def table(
    results: Results, kinds: list[str], targets: list[str], connections: int, gzip: bool
) -> str:
    """Return requests a second by kind and target; beside others', the first's as a multiple."""
    shown = [t for t in targets if any(Cell(t, k, connections, gzip) in results for k in kinds)]
    lines = [_row(["Page", *shown]), _row(["---"] * (len(shown) + 1))]
    for kind in kinds:
        cells = [results.get(Cell(target, kind, connections, gzip)) for target in shown]
        if any(cells):
            lines.append(_row([kind, *(_shown(cell, cells[0]) for cell in cells)]))
    return "\n".join(lines)


def plain(rows: list[list[str]]) -> str:
    """Return rows as a table, the first being its head."""
    head, *rest = rows
    return "\n".join([_row(head), _row(["---"] * len(head)), *map(_row, rest)])


def replace_section(name: str, text: str) -> None:
    """Put `text` in place of the marked section `name` of the README, or at its end."""
    begin, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
    section = f"{begin}\n{text.strip()}\n{end}"
    readme = README.read_text()
    found = re.compile(rf"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
    if found.search(readme):
        readme = found.sub(lambda _: section, readme)
    else:
        readme = f"{readme.rstrip()}\n\n{section}\n"
    README.write_text(readme)


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _shown(rounds: list[float] | None, first: list[float] | None) -> str:
    if not rounds:
        return ""
    middle, spread = figure(rounds)
    number = f"{middle:,.0f}" if middle >= 100 else f"{middle:.1f}"
    text = f"{number} ±{spread:.0%}"
    if not first or first is rounds or not middle:
        return text
    return f"{text} ({figure(first).median / middle:.3g}×)"
