"""ODT (ISO/IEC 26300): what it may not contain, and its text."""

import re

from documents.reading.links import is_plain_link
from documents.reading.markup import Attributes, Visitor, visit
from documents.reading.package import Package
from documents.reading.plain import Text
from documents.reading.refusal import Refusal

_REFUSED_ELEMENTS = {
    "encryption-data": "encrypted",
    "event-listener": "macro",
    "script": "macro",
    "library": "macro",
    "object-ole": "embedded",
    "plugin": "embedded",
    "applet": "embedded",
    "floating-frame": "remote",
    "section-source": "remote",
    "table-source": "remote",
    "dde-source": "remote",
    "dde-connection-decl": "remote",
    "auto-reload": "remote",
}
_READ = ("styles.xml", "content.xml", "meta.xml", "settings.xml", "META-INF/manifest.xml")
# Headers of pages (styles.xml) first: a stamp of secrecy there heads the first page.
_ORDER = ("styles.xml", "content.xml")
# An address with a scheme, or a path that leaves the package; a template is only named, not loaded.
_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|[\\/]|\.\./", re.IGNORECASE)
_PARAGRAPHS = frozenset({"p", "h"})


class _Part(Visitor):
    """Text of one part; refuses what runs, and what loads from outside the package."""

    def __init__(self) -> None:
        self.text: list[str] = []
        self._paragraphs = 0
        self._deleted = 0

    def start(self, name: str, attributes: Attributes) -> None:
        if name in _REFUSED_ELEMENTS:
            raise Refusal(_REFUSED_ELEMENTS[name])
        _refuse_loading(name, attributes.get("href", ""))
        self._paragraphs += name in _PARAGRAPHS
        self._deleted += name == "tracked-changes"
        if name == "s":
            self.text.append(" ")
        elif name in ("tab", "line-break"):
            self.text.append("\t" if name == "tab" else "\n")

    def end(self, name: str) -> None:
        if name in _PARAGRAPHS:
            self._paragraphs -= 1
            self.text.append("\n")
        self._deleted -= name == "tracked-changes"

    def data(self, text: str) -> None:
        if self._paragraphs and not self._deleted:
            self.text.append(text.replace("\n", " "))


def _refuse_loading(name: str, target: str) -> None:
    if name == "a":
        if not is_plain_link(target):
            raise Refusal("link")
    elif _ELSEWHERE.match(target) and not (name == "template" and target.startswith("../")):
        raise Refusal("remote")


def read(package: Package) -> dict[str, object]:
    """What documents.extraction.Reading says of the ODT in `package`."""
    package.refuse_unless_plain()
    if package.matching(r"(?:Basic|Scripts|Dialogs)/.+"):
        raise Refusal("macro")
    parts = {name: _visited(package, name) for name in _parts(package)}
    whole = Text()
    for name in _ORDER:
        whole.add_page(parts.get(name, ""))
    return {
        "kind": "odt",
        "pages": None,
        "text": whole.whole("\n"),
        "metadata": package.metadata("meta.xml"),
    }


def _parts(package: Package) -> list[str]:
    if "content.xml" not in package.names:
        raise Refusal("damaged")
    objects = package.matching(r".+/(?:content|styles)\.xml")  # charts and formulas
    return [name for name in _READ if name in package.names] + objects


def _visited(package: Package, name: str) -> str:
    part = _Part()
    visit(package.read(name), part)
    return "".join(part.text)
