"""The ZIP package around DOCX, XLSX and ODT: bounded, and never unpacked."""

import io
import re
import zipfile
import zlib

from documents.reading import markup
from documents.reading.refusal import Refusal

ENTRY_LIMIT = 5_000
UNPACKED_LIMIT = 200 * 1024 * 1024
RATIO_LIMIT = 200
_SMALL = 4 * 1024 * 1024  # an empty table compresses well: below this the ratio means nothing
_XML = re.compile(r"\.(?:xml|rels|rdf)$")  # VML is not always well-formed


class Package:
    """The parts of the ZIP file `content` by name; Refusal when it is a bomb, broken or locked."""

    def __init__(self, content: bytes) -> None:
        if content.count(b"PK\x01\x02") > ENTRY_LIMIT:  # before the list is built in memory
            raise Refusal("too_complex")
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(content))
        except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError) as error:
            raise Refusal("damaged") from error
        entries = self._archive.infolist()
        self._refuse_bomb(entries)
        self.names = [entry.filename for entry in entries]
        if len({name.lower() for name in self.names}) != len(self.names):
            raise Refusal("damaged")  # which of two equal names is read depends on the reader

    def _refuse_bomb(self, entries: list[zipfile.ZipInfo]) -> None:
        if any(entry.flag_bits & 0x1 for entry in entries):
            raise Refusal("encrypted")
        if sum(entry.file_size for entry in entries) > UNPACKED_LIMIT:
            raise Refusal("too_complex")
        for entry in entries:
            if entry.file_size > max(_SMALL, RATIO_LIMIT * entry.compress_size):
                raise Refusal("too_complex")
            if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise Refusal("damaged")

    def read(self, name: str) -> bytes:
        """The bytes of one part, no more than the package said; b"" when there is none."""
        if name not in self.names:
            return b""
        try:
            return self._archive.read(name)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
            raise Refusal("damaged") from error

    def matching(self, pattern: str) -> list[str]:
        """Names of the parts that match the whole of `pattern`, whatever their case."""
        wanted = re.compile(pattern, re.IGNORECASE)
        return [name for name in self.names if wanted.fullmatch(name)]

    def refuse_unless_plain(self) -> None:
        """Refusal when any XML part is broken or defines a document type."""
        for name in self.names:
            xml = self.read(name) if _XML.search(name.lower()) else b""
            if xml:  # LibreOffice leaves an empty part in many files
                markup.refuse_unless_plain(xml)

    def metadata(self, *names: str) -> str:
        """The filled fields of the metadata parts `names`, one a line."""
        found = [field for name in names if name in self.names for field in self._fields(name)]
        return "\n".join(dict.fromkeys(found))

    def _fields(self, name: str) -> list[str]:
        return markup.fields(self.read(name))
