"""Which office file a ZIP package is; the rest is left to its reader."""

from documents.reading import ooxml, opendocument
from documents.reading.package import Package
from documents.reading.refusal import Refusal

_OPEN_DOCUMENT = "application/vnd.oasis.opendocument."


def read(content: bytes) -> tuple[dict[str, object], bytes]:
    """What documents.extraction.Reading says of the DOCX, XLSX or ODT `content`; no preview."""
    package = Package(content)
    mimetype = package.read("mimetype").decode("ascii", "replace").strip()
    if mimetype.startswith(_OPEN_DOCUMENT):
        kind = mimetype.removeprefix(_OPEN_DOCUMENT)
        if kind != "text":
            raise Refusal("presentation" if kind == "presentation" else "unknown")
        return opendocument.read(package), b""
    if "[Content_Types].xml" in package.names:
        return ooxml.read(package, content), b""
    raise Refusal("archive")
