"""What pages of documents tell of the news."""

from django import template

from news.citations import citing
from news.models import Article

register = template.Library()

SHOWN = 10


@register.simple_tag
def articles_citing(document_pk: int) -> list[Article]:
    """Return the newest SHOWN articles whose live text cites the document; one query."""
    found = citing(document_pk).select_related("live")
    return list(found.only("slug", "published_at", "live__title")[:SHOWN])
