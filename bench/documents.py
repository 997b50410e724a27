"""Ask for the list of documents in many ways, uncached; print what each costs (bench/documents)."""

from collections import Counter
from statistics import median, quantiles
from time import perf_counter

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.listing import PER_PAGE
from documents.models import Document

ROUNDS = 30
LIST = "/van-ban/"
ASKED = (
    "",
    "trang=50",
    "trang={last}",
    "sap-xep=cu",
    "sap-xep=cu&trang=50",
    "loai=cong-van",
    "loai=quy-che",
    "co-quan={common}",
    "co-quan={rare}",
    "linh-vuc={field}",
    "nam=2015",
    "nam=khong-ro",
    "hieu-luc=con-hieu-luc",
    "hieu-luc=con-hieu-luc&trang=50",
    "hieu-luc=het-hieu-luc",
    "hieu-luc=chua-hieu-luc",
    "loai=ke-hoach&nam=2020",
    "loai=ke-hoach&co-quan={common}&hieu-luc=het-hieu-luc",
    "co-quan={rare}&linh-vuc={field}&nam=2012&hieu-luc=con-hieu-luc",
    "q=đảng",
    "q=đảng&trang=50",
    "q=đảng&nam=2015",
    "q=tuyên truyền",
    "q=tuyên truyền&loai=ke-hoach",
    "q=nội vụ 7",
    "q=nội vụ 7&trang=50",
    "q=30/4",
    "q=không có chữ này",
    "q={sign}",
    "q=9999-CT/TU",
)


def measure(client: Client, address: str) -> tuple[int, list[float]]:
    """Return the number of queries of `address` and its milliseconds in ROUNDS requests."""
    assert client.get(address).status_code in (200, 302), address
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
        number = len(queries)
    times = []
    for _ in range(ROUNDS):
        start = perf_counter()
        client.get(address)
        times.append(1000 * (perf_counter() - start))
    return number, times


def addresses() -> list[str]:
    """Return what to ask, made of what the library has."""
    published = Document.objects.published()
    counted = Counter(published.order_by().values_list("issuer__slug", flat=True)).most_common()
    newest = published.first()
    filled = {
        "last": -(-published.count() // PER_PAGE),
        "common": counted[0][0],
        "rare": counted[-1][0],
        "field": "dan-van",
        "sign": newest.sign if newest else "",
    }
    return [f"{LIST}?{asked.format(**filled)}".rstrip("?") for asked in ASKED]


client = Client(SERVER_NAME="127.0.0.1")
with connection.cursor() as cursor:
    cursor.execute("VACUUM ANALYZE documents_document")
    cursor.execute("VACUUM ANALYZE documents_tally")
print(f"{Document.objects.published().count()} documents")
every: list[float] = []
for address in addresses():
    queries, times = measure(client, address)
    every += times
    spread = f"{median(times):6.1f} ms  p95 {quantiles(times, n=20)[-1]:6.1f} ms"
    print(f"{queries} queries {spread}  {address}")
print(f"all: median {median(every):.1f} ms, p95 {quantiles(every, n=20)[-1]:.1f} ms")
