"""The tag that marks the words that answer."""

from django.template import Context, Template


def test_every_piece_is_escaped_whether_it_answers_or_not():
    pieces = [("<b>", False), ("</mark><script>'x'", True), ('&"', False)]
    shown = Template("{% load marked %}{% marked pieces %}").render(Context({"pieces": pieces}))
    assert shown == ("&lt;b&gt;<mark>&lt;/mark&gt;&lt;script&gt;&#x27;x&#x27;</mark>&amp;&quot;")
