"""Tags of partials/meta.html."""

from django import template
from django.template.base import FilterExpression, Parser, Token
from django.template.context import Context
from django.utils.html import format_html_join, json_script

from portal.metadata import Metadata, describe

register = template.Library()


@register.simple_tag(takes_context=True)
def metadata(context: Context) -> Metadata:
    """Return what the page being rendered says about itself to machines."""
    return describe(context)


@register.simple_tag(takes_context=True)
def open_graph(context: Context, meta: Metadata) -> str:
    """Write a meta element for each property of the page."""
    properties = meta.properties(context["site"])
    return format_html_join("\n", '<meta property="{}" content="{}">', properties)


@register.tag
def json_ld(parser: Parser, token: Token) -> "JsonLdNode":
    """Write the script element of a JSON-LD graph: {% json_ld graph %}."""
    _, graph = token.split_contents()
    return JsonLdNode(parser.compile_filter(graph))


class JsonLdNode(template.Node):
    """Django's own json_script, which escapes <, > and &, under the type of JSON-LD.

    A node's output is taken as it is, so nothing here declares any text safe by itself.
    """

    def __init__(self, graph: FilterExpression) -> None:
        self.graph = graph

    def render(self, context: Context) -> str:
        document = {"@context": "https://schema.org", "@graph": self.graph.resolve(context)}
        return json_script(document).replace("application/json", "application/ld+json", 1)
