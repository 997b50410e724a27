"""Ask for the newsroom's pages as each role; print what each costs (bench/newsroom)."""

from collections.abc import Iterator
from statistics import median, quantiles
from time import perf_counter

from django.contrib.auth.models import User
from django.db import connection
from django.db.models import Count
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from bench import newsroom_rows
from core.media import Photo
from core.workflow import State
from documents.models import Document
from news.filters import StatusFilter
from news.models import Article, Category, Edition

ROUNDS = 20
BAR = 15, 300


def of_articles(user: User) -> Iterator[tuple[str, str]]:
    """Yield name and address of the list of articles, asked in many ways, and of its pages."""
    here = reverse("admin:news_article_changelist")
    yield "articles", here
    yield "articles, page 2", f"{here}?p=2"
    yield "articles, page 100", f"{here}?p=100"
    for words in ("đảng", "tuyên truyền", "tin số 7777", "không có chữ này", "77"):
        yield f"articles, “{words}”", f"{here}?q={words}"
    for status in StatusFilter.CONDITIONS:
        yield f"articles, {status}", f"{here}?tinh-trang={status}"
    section = Category.objects.filter(parent=None)[0]
    child = Category.objects.exclude(parent=None)[0]
    yield "articles, a section", f"{here}?chuyen-muc={section.pk}"
    yield "articles, a subsection", f"{here}?chuyen-muc={child.pk}"
    month = timezone.localdate()
    yield "articles, a month", f"{here}?thoi-gian={month:%Y-%m}"
    yield "articles, a year", f"{here}?thoi-gian={month.year - 5}"
    both = f"tinh-trang=dang&chuyen-muc={section.pk}&thoi-gian={month.year - 5}&q=đảng"
    yield "articles, all together", f"{here}?{both}"
    yield "new article", reverse("admin:news_article_add")
    yield "bin", reverse("admin:news_article_bin_list")
    yield from of_one_article(user)


def of_one_article(user: User) -> Iterator[tuple[str, str]]:
    """Yield the pages of an article in each state that the person works with."""
    mine = Article.objects.visible_to(user)
    for state in (State.DRAFT, State.SUBMITTED, State.RETURNED, State.APPROVED, State.LIVE):
        found = Edition.objects.filter(state=state, article__in=mine).order_by("-pk").first()
        if found is None:
            continue
        key = found.article_id
        yield f"form, {state}", reverse("admin:news_article_change", args=[key])
        for deed in ("submit", "return", "approve", "urgent", "confirm", "withdraw"):
            yield f"{deed}, {state}", reverse("admin:news_article_deed", args=[key, deed])
    often = mine.filter(editions__title=newsroom_rows.BEGUN).first()
    if often:
        yield "form, often saved", reverse("admin:news_article_change", args=[often.pk])
        yield "history, often saved", reverse("admin:news_article_history", args=[often.pk])
        yield "preview", reverse("admin:news_article_preview", args=[often.pk])


def of_photos(user: User) -> Iterator[tuple[str, str]]:
    """Yield the library, the picker, and the photo that is used most."""
    here, picker = reverse("admin:core_photo_changelist"), reverse("admin:core_photo_choose")
    yield "photos", here
    yield "photos, page 50", f"{here}?p=50"
    yield "photos, “hội nghị”", f"{here}?q=hội nghị"
    yield "photos, no alt", f"{here}?mo-ta=thieu"
    yield "picker", picker
    yield "picker, page 100", f"{picker}?trang=100"
    yield "picker, “quang cảnh 777”", f"{picker}?q=quang cảnh 777"
    used = Photo.objects.annotate(times=Count("uses")).order_by("-times")[0]
    yield "photo used most", reverse("admin:core_photo_change", args=[used.pk])


def of_documents(user: User) -> Iterator[tuple[str, str]]:
    """Yield the list of documents, asked in many ways, and a form in each state."""
    here = reverse("admin:documents_document_changelist")
    yield "documents", here
    for words in ("đảng", "24-CT/TU", "không có chữ này"):
        yield f"documents, “{words}”", f"{here}?q={words}"
    asked = ("p=2", "viec=ban-quet", "viec=khan", "tinh-trang=dang", "tinh-trang=cho-duyet")
    for query in (*asked, "loai=cong-van", "pham-vi=noi-bo", "nam=2020", "nam=khong-ro"):
        yield f"documents, {query}", f"{here}?{query}"
    if user.has_perm("documents.add_document"):
        yield "new document", reverse("admin:documents_document_add")
    for state in (State.DRAFT, State.SUBMITTED, State.LIVE):
        if found := Document.objects.filter(state=state).first():
            yield f"document, {state}", reverse("admin:documents_document_change", args=[found.pk])
            yield (
                f"history of a document, {state}",
                reverse("admin:documents_document_history", args=[found.pk]),
            )


def of_the_trail(user: User) -> Iterator[tuple[str, str]]:
    """Yield the audit trail, narrowed in every way."""
    here = reverse("admin:core_auditentry_changelist")
    day = timezone.localdate()
    yield "trail", here
    for query in (
        "p=100",
        "nguoi=do-don-vi",
        "nguoi=không ai",
        f"tu={day}",
        "den=2020-01-01",
        "action__exact=submit",
        "action__exact=withdraw",
        f"tu={day}&action__exact=submit&nguoi=do-don-vi-7",
    ):
        yield f"trail, {query}", f"{here}?{query}"


def pages(user: User) -> Iterator[tuple[str, str]]:
    """Yield name and address of every page that the person may open."""
    yield "desk", reverse("admin:index")
    yield "schedule", reverse("admin:schedule")
    if user.has_perm("news.view_article"):
        yield from of_articles(user)
    if user.has_perm("core.view_photo"):
        yield from of_photos(user)
    if user.has_perm("documents.view_document"):
        yield from of_documents(user)
    if user.has_perm("core.view_auditentry"):
        yield from of_the_trail(user)


def measure(client: Client, address: str) -> tuple[int, int, list[float]]:
    """Return the status of `address`, its queries and its milliseconds in ROUNDS requests."""
    status = client.get(address).status_code
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
        number = len(queries)
    times = []
    for _ in range(ROUNDS):
        start = perf_counter()
        client.get(address)
        times.append(1000 * (perf_counter() - start))
    return status, number, times


def ask(role: str, user: User) -> int:
    """Print a line for each page of `user`; return how many miss the bar."""
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(user)
    missed = 0
    for name, address in pages(user):
        status, queries, times = measure(client, address)
        if status == 302:
            continue  # a deed that is not this person's
        assert status == 200, (address, status)
        last = quantiles(times, n=20)[-1]
        over = queries > BAR[0] or last > BAR[1]
        missed += over
        figures = f"{queries:3} queries {median(times):6.0f} ms  p95 {last:6.0f} ms"
        print(f"{figures} {'OVER' if over else '    '} {role}: {name}", flush=True)
    return missed


staff = newsroom_rows.people()
newsroom_rows.work(staff)
newsroom_rows.settle()
print(f"{Article.objects.count()} articles, {Document.objects.count()} documents")
print(f"{sum(ask(role, user) for role, user in staff.items())} miss the bar")
