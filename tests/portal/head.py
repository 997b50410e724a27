"""What the head of a page tells machines, as browsers and robots parse it."""

import json
from html.parser import HTMLParser

SITE = "https://dangbo.example.vn"


class Head(HTMLParser):
    """The metas, links and JSON-LD of a page as browsers and robots parse them."""

    def __init__(self, html):
        super().__init__()
        self.inside = None
        self.meta, self.links, self.scripts = {}, [], []
        self.feed(html)
        self.close()
        self.things = [thing for text in self.scripts for thing in json.loads(text)["@graph"]]

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "meta" and "content" in attrs:
            key = attrs.get("name") or attrs.get("property")
            assert key not in self.meta or key == "theme-color"
            self.meta[key] = attrs["content"]
        elif tag == "link":
            self.links.append(attrs)
        elif tag == "script" and attrs.get("type") == "application/ld+json":
            self.scripts.append("")
            self.inside = tag

    def handle_data(self, data):
        if self.inside:
            self.scripts[-1] += data

    def handle_endtag(self, tag):
        self.inside = None

    def link(self, rel):
        return [link["href"] for link in self.links if link.get("rel") == rel]

    def thing(self, kind):
        (found,) = (thing for thing in self.things if thing["@type"] == kind)
        return found

    @property
    def trail(self):
        steps = self.thing("BreadcrumbList")["itemListElement"]
        assert [step["position"] for step in steps] == list(range(1, len(steps) + 1))
        return [(step["name"], step["item"].removeprefix(SITE)) for step in steps]


def head_of(client, address, status=200):
    response = client.get(address)
    assert response.status_code == status
    return Head(response.content.decode())


def assert_not_indexed(head):
    assert head.meta["robots"] == "noindex"
    assert head.link("canonical") == []
    assert head.things == []
    assert "og:title" not in head.meta
