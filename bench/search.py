"""A million entries: how long is a search, a suggestion, the indexing of an article? (bench/search)

Everything is asked as the portal asks it, uncached, with facets; exit code 1 says that a bar was
missed.
"""

import random
import sys
from collections.abc import Callable
from datetime import date
from functools import partial
from statistics import median, quantiles
from time import perf_counter

from bench.scratch import portal

ENTRIES = 1_000_000
ROUNDS = 20
ARTICLES = 100
COMMON = ("đảng", "và", "dang", "va", "của", "chi bộ", "trà vinh")
PHRASES = ("xây dựng đảng", "xay dung dang", "nghị quyết trung ương", "tuyên truyền miệng")
SCARCE = ("hiến máu tình nguyện", "điện gió", "ok om bok", "600000-kh/ubnd", "đảng -bộ")
QUOTED = ('"đảng bộ"', '"tuyên truyền miệng"', '"bộ đảng"')
SLIPS = ("nghj quyet", "tuyen truyn mieng", "đảng zzzzzz")
TYPED = ("đả", "dang b", "xay dung d", "nghị quy", "hội nghị trung ương", "24", "600", "to", "zzz")


def times(ask: Callable[[], object], rounds: int = ROUNDS) -> list[float]:
    """Return the milliseconds of each of `rounds` calls, after one that does not count."""
    ask()
    spent = []
    for _ in range(rounds):
        started = perf_counter()
        ask()
        spent.append(1000 * (perf_counter() - started))
    return spent


def report(name: str, spent: list[float], bar: float | None = None) -> bool:
    """Print median and 95th percentile; return whether the latter keeps to the bar."""
    p95 = quantiles(spent, n=20)[-1]
    print(f"{name:34} median {median(spent):6.1f} ms  p95 {p95:6.1f} ms", flush=True)
    return bar is None or p95 < bar


def searches() -> bool:
    """Ask for words of every kind."""
    from core.search.answering import answer
    from core.search.finding import Asked
    from core.search.query import parse
    from core.search.vocabulary import SearchWord

    named = SearchWord.objects.filter(entries__lte=50, word__regex="^[^#]").order_by("word")
    chance = random.Random(6)
    rare = chance.sample(list(named.values_list("word", flat=True)[:5_000]), 20)
    well = True
    kinds = {"common": COMMON, "several": PHRASES, "scarce": SCARCE, "quoted": QUOTED}
    for name, asked in {**kinds, "rare": rare, "slips": SLIPS}.items():
        spent = []
        for text in asked:
            ask = partial(answer, Asked(parse(text)))
            taken = times(ask, 3 if name == "rare" else ROUNDS)
            spent += taken
            if name != "rare":
                report(f"  {text}", taken)
        well &= report(name, spent, 150 if name in ("common", "rare") else None)
    return well


def suggested() -> bool:
    """Ask for suggestions at every length of what is typed."""
    from core.search.suggesting import suggestions

    spent = []
    for text in TYPED:
        spent += times(partial(suggestions, text, internal=False))
    return report("suggestions", spent, 30)


def indexed() -> bool:
    """Write articles as large as any, and take them away."""
    from core.search.entries import Content, Kind, SearchEntry, index, remove

    rows = list(SearchEntry.objects.order_by("-pk").values_list("title", "body")[:ARTICLES])
    writing, removing = [], []
    for number, (title, body) in enumerate(rows, start=2 * ENTRIES):
        content = Content(Kind.ARTICLE, number, "/", title, date.today(), body=body, section=3)
        started = perf_counter()
        index(content)
        written = perf_counter()
        remove(Kind.ARTICLE, number)
        writing.append(1000 * (written - started))
        removing.append(1000 * (perf_counter() - written))
    report("taking an article away", removing)
    return report("indexing an article", writing, 20)


def sizes() -> None:
    """Print what the entries and their indexes occupy."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_size_pretty(pg_total_relation_size('core_searchentry')),"
            " pg_size_pretty(pg_relation_size('core_searchentry')),"
            " pg_size_pretty(pg_relation_size('search_public')),"
            " pg_size_pretty(pg_total_relation_size('core_searchword'))"
        )
        print(
            "whole {}, rows alone {}, index of words {}, vocabulary {}".format(*cursor.fetchone())
        )


def main() -> None:
    """Fill an empty database, then measure."""
    entries = int(sys.argv[1]) if sys.argv[1:] else ENTRIES
    with portal():
        from django.core.management import call_command

        from bench.search_entries import fill

        call_command("migrate", verbosity=0)
        fill(entries)
        sizes()
        kept = [searches(), suggested(), indexed()]
    sys.exit(not all(kept))


if __name__ == "__main__":
    main()
