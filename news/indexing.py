"""What the search knows of articles."""

from collections.abc import Iterator
from typing import Any

from django.utils import timezone

from core.publishing import Publishable
from core.search.entries import Content, Kind, index, remove
from core.text import plain_text
from core.workflow import State
from news.models import Article, ArticleQuerySet, Edition


def follow(*, version: Publishable, **kwargs: Any) -> None:
    """Bring the entry in line with what readers see, in the transaction of a move (`moved`).

    Not while one edition makes way for the next: words are locked last, whoever publishes.
    """
    if isinstance(version, Edition) and version.state in (State.LIVE, State.WITHDRAWN):
        refresh(version.article)


def refresh(article: Article) -> None:
    """Write the entry of `article`, or take it away when readers see no edition of it."""
    if article.live is None:
        remove(Kind.ARTICLE, article.pk)
    else:
        index(content_of(article, article.live))


def contents(published: ArticleQuerySet) -> Iterator[Content]:
    """Yield what readers may find of the `published` articles, oldest first."""
    for article in published.for_page().reverse().iterator(chunk_size=200):
        if article.live:
            yield content_of(article, article.live)


def content_of(article: Article, edition: Edition) -> Content:
    """Return what can be found of `article`, whose text is `edition`."""
    assert article.published_at is not None
    lead = edition.lead_photo
    more = (edition.pen_name, str(edition.unit or ""), edition.source_name)
    body = (plain_text(edition.body), lead.caption if lead else "", *more)
    return Content(
        kind=Kind.ARTICLE,
        object_id=article.pk,
        address=article.get_absolute_url(),
        title=edition.title,
        summary=edition.summary,
        body="\n".join(filter(None, body)),
        day=timezone.localdate(article.published_at),
        section=article.section_id,
    )
