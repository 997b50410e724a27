"""The rows of the list of documents, each made once for all lists that show it alike."""

from django import template
from django.template.loader import render_to_string

from core.version_cache import remembered
from documents.listing import Listing

register = template.Library()


@register.simple_tag
def library_row(listing: Listing, pk: int) -> str:
    """Return documents/row.html for the document `pk` of `listing`; what cadres see is not kept."""
    if listing.reader.is_cadre:
        return _made(listing, pk)
    return remembered(f"library {pk} {listing.bears_sign}", lambda: _made(listing, pk))


def _made(listing: Listing, pk: int) -> str:
    shown = {"row": listing.rows.get(pk), "with_term": listing.bears_sign}
    return render_to_string("documents/row.html", shown)
