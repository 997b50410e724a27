"""Ask each kind of page, uncached, and print its queries and its median time (bench/growth)."""

from statistics import median
from time import perf_counter

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.listing import PER_PAGE
from news.models import Article, Category

ROUNDS = 15


def measure(client: Client, path: str) -> tuple[int, float]:
    """Return the number of queries and the median milliseconds of `path`; it must answer 200."""
    assert client.get(path).status_code == 200, path
    with CaptureQueriesContext(connection) as queries:
        client.get(path)
        number = len(queries)
    times = []
    for _ in range(ROUNDS):
        start = perf_counter()
        client.get(path)
        times.append(1000 * (perf_counter() - start))
    return number, median(times)


def paths() -> list[str]:
    """Return the pages to ask: first, fiftieth and last where a list has so many."""
    published = Article.objects.published()
    section = Category.objects.filter(parent=None).first()
    lists = [("/tin-tuc/", published)]
    if section:
        lists.append((section.get_absolute_url(), published.in_category(section)))
    pages = []
    for path, articles in lists:
        last = max(1, -(-articles.count() // PER_PAGE))
        pages += [f"{path}?trang={number}" for number in dict.fromkeys((1, min(50, last), last))]
    oldest = published.reverse()[0]
    return ["/", *pages, published[0].get_absolute_url(), oldest.get_absolute_url(), "/rss/"]


client = Client(SERVER_NAME="127.0.0.1")
print(f"{Article.objects.published().count()} articles")
for path in paths():
    queries, milliseconds = measure(client, path)
    print(f"{queries} queries {milliseconds:6.1f} ms  {path[:70]}")
