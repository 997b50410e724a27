"""A portal of N articles that answers one address a line with what the page cost (bench/growth).

Prints JSON: the address of each page by its name, then for each line read from standard input
(cold, warm or statements, and an address) the milliseconds of the processor or the number.
"""

import json
import logging
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from time import process_time
from typing import Any
from urllib.parse import urlencode

import django

from bench.scratch import in_process
from portal import local

DEEP = (50, 5_000)
LIKELY = 1_000  # of the newest, among which each text of the demonstration is
SEARCHES = {
    "a word of nearly all": "đảng",
    "a word of nearly all, without marks": "va",
    "several words": "xây dựng đảng",
    "words of some": "hiến máu tình nguyện",
    "words of few": "ukraina",
    "a phrase": '"đảng bộ"',
    "a sign": "24-CT/TU",
    "a slip": "nghj quyet",
    "no such word": "zzzzzz",
}
ABSENT = "/khong-co-trang-nay/"
TYPED = ("đả", "hội nghị tr", "24")


@contextmanager
def portal(folder: Path, articles: int) -> Iterator[None]:
    """Set Django up on the server below `folder`, and fill it unless it is."""
    os.environ.pop("DATABASE_URL", None)
    os.environ["VAR_DIR"] = str(folder)
    # What helpers of a query do could not be seen.
    os.environ["PGOPTIONS"] = "-c max_parallel_workers_per_gather=0"
    (folder / "static").mkdir(parents=True, exist_ok=True)  # whitenoise warns without it
    with local.environment():
        django.setup()
        from django.conf import settings

        with in_process(settings):
            _fill(articles)
            yield


def _fill(articles: int) -> None:
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    call_command("load_demo", articles=articles, verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def pages() -> dict[str, str]:
    """Return the address of each page by its name; where a list ends earlier, its last full one."""
    return {**_shown(), **_lists(), **_searches(), **_feeds()}


def _shown() -> dict[str, str]:
    from documents.models import Document
    from news.models import Article
    from portal.models import Page

    published, document = Article.objects.published(), Document.objects.published()[0]
    oldest, static = published.reverse()[0], Page.objects.published()[0]
    newest = (article for article in published[:LIKELY] if _text(article) == _text(oldest))
    return {
        "home": "/",
        "article, newest with the text of the oldest": next(newest).get_absolute_url(),
        "article, oldest": oldest.get_absolute_url(),
        "article, of the demonstration": published.get(pk=1).get_absolute_url(),
        "document": document.get_absolute_url(),
        "static page": static.get_absolute_url(),
        "statistics": "/thong-ke/",
        "no such page": ABSENT,
    }


def _text(article: Any) -> str:
    return str(article.live.body)


def _lists() -> dict[str, str]:
    from documents.models import Document
    from news.listing import months_of
    from news.models import Article, Category

    published = Article.objects.published()
    section = max(Category.objects.filter(parent=None), key=_articles_in)
    subsection = max(Category.objects.exclude(parent=None), key=_articles_in)
    fullest = max(months_of(), key=lambda month: month.articles)
    month = "/tin-tuc/{0.year}/{0.month}/"
    library = Document.objects.published().count()
    return {
        **_deep("all news", "/tin-tuc/", published.count()),
        **_deep("section", section.get_absolute_url(), _articles_in(section)),
        **_deep("subsection", subsection.get_absolute_url(), _articles_in(subsection)),
        **_deep("fullest month", month.format(fullest.first), fullest.articles),
        **_deep("documents", "/van-ban/", library),
        "documents, searched": f"/van-ban/?{urlencode({'q': 'tuyên truyền'})}",
        "documents, filtered": "/van-ban/?hieu-luc=con-hieu-luc",
    }


def _articles_in(category: Any) -> int:
    from news.models import Article

    return Article.objects.published().in_category(category).count()


def _deep(name: str, path: str, rows: int) -> dict[str, str]:
    from core.listing import PER_PAGE

    last = max(1, rows // PER_PAGE)
    deep = {f"{name}, page {number:,}": min(number, last) for number in DEEP}
    deep |= {f"{name}, last page": last}
    return {name: path} | {one: f"{path}?trang={number}" for one, number in deep.items()}


def _searches() -> dict[str, str]:
    found = {}
    for name, words in SEARCHES.items():
        found[f"search, {name}"] = f"/tim-kiem/?{urlencode({'q': words})}"
    common, several = SEARCHES["a word of nearly all"], SEARCHES["several words"]
    ordered = {"q": common, "sap-xep": "moi"}
    found |= {
        "search, page 50": _deep_search(common),
        "search, several words, page 50": _deep_search(several),
        "search, newest first": f"/tim-kiem/?{urlencode(ordered)}",
        "search, filtered": f"/tim-kiem/?{urlencode({'q': common, 'nguon': 'van-ban'})}",
    }
    typed = {f"suggestions, {text}": f"/tim-kiem/goi-y/?{urlencode({'q': text})}" for text in TYPED}
    return found | typed


def _deep_search(words: str) -> str:
    from django.http import QueryDict

    from portal.results import results

    asked = urlencode({"q": words})
    last = results(QueryDict(asked), internal=False).pages
    return f"/tim-kiem/?{asked}&trang={min(DEEP[0], last)}"


def _feeds() -> dict[str, str]:
    from news.listing import months_of
    from news.models import Category

    section = Category.objects.filter(parent=None)[0]
    month = f"{months_of()[0].first:%Y-%m}"
    return {
        "RSS": "/rss/",
        "RSS of a section": f"/rss/{section.slug}/",
        "Atom": "/atom/",
        "RSS of documents": "/rss/van-ban/",
        "sitemap": "/sitemap.xml",
        "sitemap of categories": "/sitemaps/chuyen-muc.xml",
        "sitemap of news": "/sitemaps/tin-moi.xml",
        "sitemap of a month": f"/sitemaps/tin-{month}.xml",
    }


class Meter:
    """Asks the portal's WSGI application and reads the processor's clocks of both processes."""

    def __init__(self) -> None:
        from django.core.wsgi import get_wsgi_application
        from django.db import connection

        self._application: Any = get_wsgi_application()
        self._connection = connection
        self._number = count()

    def cold(self, address: str) -> float:
        """Return the milliseconds of a request for which nothing was kept from another."""
        from core.version_cache import Entries
        from portal.freshness import watch

        watch.store_now()
        watch.store.entries = Entries()
        return self.warm(address)

    def warm(self, address: str) -> float:
        """Return the milliseconds of a request; of a sitemap, for each address: they are many."""
        environ = self._environ(address)
        began = self._spent()
        answer = self._application(environ, lambda *head: None)
        body = b"".join(answer)
        answer.close()
        spent = self._spent() - began
        assert answer.status_code == (404 if address == ABSENT else 200), address
        return 1000 * spent / max(1, body.count(b"<loc>"))

    def statements(self, address: str) -> int:
        """Return the number of statements of a request."""
        statements: list[str] = []

        def noted(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
            statements.append(sql)
            return execute(sql, *rest)

        with self._connection.execute_wrapper(noted):
            self.warm(address)
        return len(statements)

    def _environ(self, address: str) -> dict[str, Any]:
        from django.test import RequestFactory

        # Everybody has another address: the search admits so many of each.
        number = next(self._number)
        reader = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
        factory = RequestFactory(SERVER_NAME="127.0.0.1", REMOTE_ADDR=reader)
        return factory.get(address).environ

    def _spent(self) -> float:
        """Seconds that Python and the connection's server process have run."""
        self._connection.ensure_connection()
        pid = self._connection.connection.info.backend_pid
        server = Path(f"/proc/{pid}/schedstat").read_text().split()[0]
        return process_time() + int(server) / 1e9


def main(folder: Path, articles: int) -> None:
    """Serve until standard input ends."""
    logging.disable()  # pages that are not there are asked for too
    with portal(folder.resolve(), articles):
        print(json.dumps(pages()), flush=True)
        meter = Meter()
        for line in sys.stdin:
            how, address = line.split()
            print(json.dumps(getattr(meter, how)(address)), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
