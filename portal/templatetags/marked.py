"""The tag that shows what was found with the words that answer marked."""

from html import escape

from django import template
from django.template.base import FilterExpression, Parser, Token
from django.template.context import Context

register = template.Library()


@register.tag
def marked(parser: Parser, token: Token) -> "MarkedNode":
    """Write the pieces of a text (core/search/extracts.py), escaped: {% marked pieces %}."""
    _, pieces = token.split_contents()
    return MarkedNode(parser.compile_filter(pieces))


class MarkedNode(template.Node):
    """Plain text in pieces, each of them escaped, in <mark> where it answers.

    A node's output is taken as it is, so nothing here declares any text safe by itself.
    """

    def __init__(self, pieces: FilterExpression) -> None:
        self.pieces = pieces

    def render(self, context: Context) -> str:
        return "".join(
            f"<mark>{escape(text)}</mark>" if hit else escape(text)
            for text, hit in self.pieces.resolve(context)
        )
