"""What search, citations and kin lack: content from before them, or brought in around `move()`."""

from collections.abc import Iterable, Iterator
from itertools import chain, islice

from django.db.models import Exists, OuterRef
from tqdm import tqdm

from core.search.entries import Content, Kind
from core.search.rebuilding import without_entry, write_missing
from core.workflow import State
from documents import indexing as documents
from documents.models import Document, DocumentQuerySet
from news import citations, kin
from news import indexing as news
from news.models import Article, ArticleQuerySet, Citation, Edition, Keyword
from portal.models import Page

BATCH = 200


def complete(*, quiet: bool) -> int:
    """Write all entries that are missing, once what lies behind them is read; return how many.

    Belongs where nobody publishes meanwhile; may be broken off and run again.
    """
    articles = without_entry(Article.objects.published(), Kind.ARTICLE)
    live = without_entry(Document.objects.filter(state=State.LIVE), Kind.DOCUMENT)
    pages = without_entry(Page.objects.published(), Kind.PAGE)
    total = articles.count() + live.count() + pages.count()
    if total:
        _read(articles)
        _resolve(live)
        found = chain(news.contents(articles), documents.contents(live), contents_of(pages))
        progress = tqdm(found, total=total, desc="Ghi chỉ mục", unit="mục", disable=quiet)
        write_missing(progress)
    return total


def contents_of(pages: Iterable[Page]) -> Iterator[Content]:
    """Yield what readers may find of static `pages`."""
    for page in pages:
        yield page.searchable()


def _read(articles: ArticleQuerySet) -> None:
    """Read what the texts cite and which are alike, but for those whose keywords are known."""
    unread = Edition.objects.filter(
        ~Exists(Keyword.objects.filter(article=OuterRef("article"))),
        live_article__in=articles.order_by(),
    )
    rows = iter(unread.select_related("article").order_by("pk").iterator(chunk_size=BATCH))
    while batch := list(islice(rows, BATCH)):
        for edition in batch:
            citations.read(edition)
        kin.find(*batch)


def _resolve(live: DocumentQuerySet) -> None:
    """Let older texts mean the documents that have come in."""
    cited = Citation.objects.filter(sign_key__in=live.order_by().values("sign_key"))
    citations.resolve(set(cited.order_by().values_list("sign_key", flat=True).distinct()))
