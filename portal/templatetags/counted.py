"""What pages tell the counter, and what it tells of them."""

from django import template
from django.template.context import Context

from stats import history, signing
from stats.models import Kind

register = template.Library()


@register.simple_tag(takes_context=True)
def token(context: Context) -> str:
    """Return what the page being rendered signs its views with; "" for a preview.

    It is the same for every reader, so that pages stay cacheable.
    """
    if "preview" in context:
        return ""
    if "edition" in context:
        return signing.token(Kind.ARTICLE, context["article"].pk)
    if "document" in context:
        return signing.token(Kind.DOCUMENT, context["document"].pk)
    return signing.token(Kind.PAGE)


@register.simple_tag
def views_of_article(pk: int) -> int:
    """Return how often an article was seen; one query."""
    return history.totals_of([Kind.ARTICLE], pk)[Kind.ARTICLE]


@register.simple_tag
def uses_of_document(pk: int) -> dict[str, int]:
    """Return {"views": …, "downloads": …} of a document; one query."""
    found = history.totals_of([Kind.DOCUMENT, Kind.DOWNLOAD], pk)
    return {"views": found[Kind.DOCUMENT], "downloads": found[Kind.DOWNLOAD]}
