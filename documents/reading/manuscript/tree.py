"""Parts of a Word file as trees, their names without namespaces; and what a part refers to."""

import posixpath
from typing import NamedTuple
from xml.etree.ElementTree import Element, TreeBuilder

from documents.reading.markup import Attributes, Visitor, visit
from documents.reading.package import Package


class _Builder(Visitor):
    """Builds a tree of what it is led through."""

    def __init__(self) -> None:
        self.tree = TreeBuilder()

    def start(self, name: str, attributes: Attributes) -> None:
        self.tree.start(name, attributes)

    def end(self, name: str) -> None:
        self.tree.end(name)

    def data(self, text: str) -> None:
        self.tree.data(text)


class Relation(NamedTuple):
    """What a part refers to: an address outside, or the name of another part."""

    target: str
    external: bool


def tree(package: Package, name: str) -> Element:
    """The part `name`, an empty element when there is none; Refusal when it is broken."""
    content = package.read(name)
    if not content:
        return Element("nothing")
    builder = _Builder()
    visit(content, builder)
    root: Element = builder.tree.close()
    return root


def relations(package: Package, name: str) -> dict[str, Relation]:
    """What the part `name` refers to, by the id that it uses for it."""
    folder, base = posixpath.split(name)
    found = {}
    for one in tree(package, f"{folder}/_rels/{base}.rels").iter("Relationship"):
        external = one.get("TargetMode", "").lower() == "external"
        target = one.get("Target", "")
        place = target if external else posixpath.normpath(posixpath.join("/", folder, target))[1:]
        found[one.get("Id", "")] = Relation(place, external)
    return found


def value(parent: Element | None, name: str, default: str = "") -> str:
    """The `val` of the child `name`; `default` when there is no such child or value."""
    child = parent.find(name) if parent is not None else None
    return child.get("val", default) if child is not None else default


def switched_on(child: Element) -> bool:
    """Whether an on/off element says on, as it does without a value (ECMA-376, ST_OnOff)."""
    return child.get("val", "true").lower() not in ("0", "false", "off", "none")
