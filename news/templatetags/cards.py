"""Articles in lists, each card made once for all pages that show it alike."""

from django import template
from django.template.loader import render_to_string

from core.version_cache import remembered
from news.cards import Card
from news.models import Category

register = template.Library()


@register.simple_tag
def card(one: Card, look: str, category: Category | None = None) -> str:
    """Return the template of news/cards/ that `look` names; the page names `category` already."""

    def made() -> str:
        context = {"article": one.article, "category": category}
        return render_to_string(f"news/cards/{look}.html", context)

    return remembered(f"card {look} {one.pk} {category.pk if category else ''}", made)
