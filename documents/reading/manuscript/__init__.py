"""A DOCX (ECMA-376, transitional or strict) as documents.blocks.Manuscript, in JSON.

Nothing outside the package is ever asked for: what is linked is left out, what is embedded but
no picture is passed over. That is why files may come here that the library refuses to publish.
"""

from documents.reading.kinds import kind_of
from documents.reading.manuscript.body import Reader
from documents.reading.markup import Attributes, Visitor, visit
from documents.reading.package import Package
from documents.reading.refusal import Refusal

_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.{}.main+xml"
_MAINS = frozenset({_MAIN.format("document"), _MAIN.format("template")})
_MACROS = "application/vnd.ms-word.document.macroenabled.main+xml"
_ODT = "application/vnd.oasis.opendocument.text"


class _Parts(Visitor):
    """The name of the part of each content type that is overridden."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "Override":
            kind = attributes.get("ContentType", "").lower()
            self.names[kind] = attributes.get("PartName", "").lstrip("/")


def read(content: bytes) -> tuple[dict[str, object], bytes]:
    """The manuscript in the DOCX `content`, and its photos one after the other.

    Refusal "odt" for an ODT, which LibreOffice must first make into a DOCX.
    """
    if kind_of(content) != "zip":
        raise Refusal("unknown")
    package = Package(content)
    if package.read("mimetype").strip() == _ODT.encode():
        raise Refusal("odt", "ODT")
    reader = Reader(package, _main(package))
    blocks = reader.body()
    answer: dict[str, object] = {
        "blocks": blocks,
        "notes": reader.notes(),
        "sizes": [len(photo) for photo in reader.pictures.contents],
        "missing": sorted(reader.pictures.missing),
        "cropped": sorted(reader.pictures.cropped),
    }
    return answer, b"".join(reader.pictures.contents)


def _main(package: Package) -> str:
    """The name of the part with the text."""
    types = package.read("[Content_Types].xml")
    if not types:
        raise Refusal("archive")
    parts = _Parts()
    visit(types, parts)
    if _MACROS in parts.names:
        raise Refusal("macro")
    name = next((name for kind, name in parts.names.items() if kind in _MAINS), "")
    if name not in package.names:
        raise Refusal("unknown")
    return name
