"""XML of office files: read as a stream, without definitions or entities of its own."""

from xml.parsers import expat

from documents.reading.refusal import Refusal

Attributes = dict[str, str]
_FIELDS = frozenset(
    "title subject description keywords Keywords keyword creator initial-creator category "
    "contentStatus user-defined lpwstr".split()
)


class Visitor:
    """Is told of elements and text by `visit()`; names come without their namespace."""

    def start(self, name: str, attributes: Attributes) -> None:
        """Take note of an opening tag."""

    def end(self, name: str) -> None:
        """Take note of a closing tag."""

    def data(self, text: str) -> None:
        """Take note of text."""


def visit(xml: bytes, visitor: Visitor) -> None:
    """Lead `visitor` through `xml`; Refusal when it is broken or defines a document type."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_definitions
    parser.StartElementHandler = lambda name, attributes: visitor.start(
        local(name), {local(key): value for key, value in attributes.items()}
    )
    parser.EndElementHandler = lambda name: visitor.end(local(name))
    parser.CharacterDataHandler = visitor.data
    _parse(parser, xml)


def refuse_unless_plain(xml: bytes) -> None:
    """Refusal when `xml` is broken or defines a document type."""
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse_definitions
    _parse(parser, xml)


def local(name: str) -> str:
    """Return the name without the namespace that expat puts before it."""
    return name.rpartition(" ")[2]


def _parse(parser: expat.XMLParserType, xml: bytes) -> None:
    try:
        parser.Parse(xml, True)
    except (expat.ExpatError, ValueError, LookupError) as error:  # the latter: odd encodings
        raise Refusal("damaged") from error


def _refuse_definitions(*_: object) -> None:
    raise Refusal("entities")


class _Fields(Visitor):
    """Collects what stands in fields of metadata, one string each."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self._depth = 0

    def start(self, name: str, attributes: Attributes) -> None:
        self.found += [attributes[key] for key in attributes if key in _FIELDS]
        if self._depth or name in _FIELDS:
            self._depth += 1
        if self._depth == 1:
            self.found.append("")

    def end(self, name: str) -> None:
        self._depth -= bool(self._depth)

    def data(self, text: str) -> None:
        if self._depth:
            self.found[-1] += text


def fields(xml: bytes) -> list[str]:
    """The filled fields title, subject, keywords and the like of `xml` (XMP, OOXML or ODF)."""
    visitor = _Fields()
    visit(xml, visitor)
    return [" ".join(field.split()) for field in visitor.found if field.strip()]
