"""DOCX and XLSX (ECMA-376): what they may not contain, and their text."""

import re

from documents.reading import sheets, word
from documents.reading.links import is_plain_link
from documents.reading.markup import Attributes, Visitor, visit
from documents.reading.package import Package
from documents.reading.refusal import Refusal

_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_METADATA = ("docProps/core.xml", "docProps/custom.xml")

# Content types, part names and relationships by what they bring in; in lower case.
_DANGERS = {
    "macro": re.compile(r"vbaproject|vbadata|macroenabled|macrosheet|ms-excel\.intlmacro"),
    "embedded": re.compile(r"activex|oleobject|/control$|/embeddings/(?!.*\.xlsx$)|afchunk"),
    "remote": re.compile(
        r"attachedtemplate|externallink|/connections?(?:\.xml)?$|querytable|subdocument|/frame$"
        r"|webextension|volatiledependencies|mailmerge"
    ),
}


class _ContentTypes(Visitor):
    """Collects the content types of all parts, and the part of each type that is overridden."""

    def __init__(self) -> None:
        self.types: set[str] = set()
        self.parts: dict[str, str] = {}

    def start(self, name: str, attributes: Attributes) -> None:
        content_type = attributes.get("ContentType", "").lower()
        self.types.add(content_type)
        if name == "Override":
            self.parts[content_type] = attributes.get("PartName", "").lstrip("/")


class _Relationships(Visitor):
    """Refuses relationships that load something, or that run something."""

    def start(self, name: str, attributes: Attributes) -> None:
        if name != "Relationship":
            return
        kind, target = attributes.get("Type", ""), attributes.get("Target", "")
        _refuse_danger(kind)
        if attributes.get("TargetMode", "").lower() == "external":
            if not kind.endswith("/hyperlink"):
                raise Refusal("remote")
            if not is_plain_link(target):
                raise Refusal("link")


def read(package: Package, content: bytes) -> dict[str, object]:
    """What documents.extraction.Reading says of the DOCX or XLSX in `package`."""
    package.refuse_unless_plain()
    types = _ContentTypes()
    visit(package.read("[Content_Types].xml"), types)
    for name in (*types.types, *(f"/{name}" for name in package.names)):
        _refuse_danger(name)
    for name in package.matching(r".*\.rels"):
        _refuse_package_outside_charts(package, name)
        visit(package.read(name), _Relationships())
    return {
        "pages": None,
        "metadata": package.metadata(*_METADATA),
        **_read(package, types, content),
    }


def _read(package: Package, types: _ContentTypes, content: bytes) -> dict[str, object]:
    if _DOCX in types.types:
        return {"kind": "docx", "text": word.text(package)}
    if _XLSX in types.types:
        return {"kind": "xlsx", "text": sheets.text(package, content)}
    raise Refusal("presentation" if any("presentationml" in t for t in types.types) else "unknown")


def _refuse_danger(name: str) -> None:
    for reason, pattern in _DANGERS.items():
        if pattern.search(name.lower()):
            raise Refusal(reason)


def _refuse_package_outside_charts(package: Package, name: str) -> None:
    """A workbook inside a file is taken only as the figures behind a chart."""
    if b"relationships/package" in package.read(name) and "/charts/" not in name.lower():
        raise Refusal("embedded")
