"""What stands around a page, as the template tags of Wagtail's own demonstration make it."""

from django import template
from wagtail.models import Page, Site

from journal.models import ArticlePage, cards

LATEST = 5
register = template.Library()


@register.inclusion_tag("journal/menu.html", takes_context=True)
def menu(context):
    """The pages that are to be in menus; of each, whether it is open and has some of its own."""
    request, page = context["request"], context.get("page")
    root = Site.find_for_request(request).root_page
    pages = root.get_children().live().in_menu()
    for one in pages:
        one.show_dropdown = one.get_children().live().in_menu().exists()
        one.active = bool(page) and page.url_path.startswith(one.url_path)
    return {"pages": pages, "request": request}


@register.inclusion_tag("journal/breadcrumbs.html", takes_context=True)
def breadcrumbs(context):
    """The pages above this one."""
    page = context.get("page")
    above = Page.objects.ancestor_of(page, inclusive=True).filter(depth__gt=1) if page else ()
    return {"ancestors": above, "request": context["request"]}


@register.inclusion_tag("journal/latest.html", takes_context=True)
def latest(context):
    """The newest articles, for the side of every page."""
    articles = cards(ArticlePage.objects.live().order_by("-date"))[:LATEST]
    return {"articles": articles, "request": context["request"]}
