"""The demonstration's directives of 2023, and the documents that the source page cites.

Data: `directives.tsv` (sign, type, day of issue, day of effect if another, fields, visibility,
kind of file, signer, position, relation, abstract, basis, two clauses of its own), `fields.tsv`
(slug, name) and `cited.tsv` (sign, type, code, day of issue, issuing body, subject: what the page
says, and nothing else).
"""

from datetime import date, datetime
from typing import NamedTuple

from portal.demo.texts import rows

TERM = "2020-2025"


class Relation(NamedTuple):
    """What a directive does to the document with `sign`; `provisions` are its parts concerned."""

    kind: str
    sign: str
    provisions: str = ""


class Directive(NamedTuple):
    """A directive of the Party committee; `file` is pdf, docx or scan (a PDF without text)."""

    sign: str
    type: str
    issued_on: date
    effective_on: date | None
    fields: tuple[str, ...]
    visibility: str
    file: str
    signer: str
    position: str
    relation: Relation | None
    abstract: str
    basis: str
    first: str
    second: str

    @property
    def filename(self) -> str:
        """Name the file as the office does: `12-KH-ĐUK.pdf`."""
        suffix = "docx" if self.file == "docx" else "pdf"
        return f"{self.sign.replace('/', '-')}.{suffix}"


class Cited(NamedTuple):
    """A document that the page cites; `issued_on` is None where the page gives no day."""

    sign: str
    type: str
    code: str
    issued_on: date | None
    issuer: str
    abstract: str


def directives() -> list[Directive]:
    """The 58 directives, in order of issue."""
    return [_directive(*row) for row in rows("directives.tsv")]


def cited() -> list[Cited]:
    """The five documents that the page cites."""
    return [
        Cited(sign, kind, code, _day(issued), issuer, abstract)
        for sign, kind, code, issued, issuer, abstract in rows("cited.tsv")
    ]


def fields() -> dict[str, str]:
    """Slug → name of what directives are about, in order."""
    return {row[0]: row[1] for row in rows("fields.tsv")}


def _directive(sign: str, kind: str, issued: str, effective: str, *rest: str) -> Directive:
    about, visibility, file, signer, position, relation, *texts = rest
    issued_on = _day(issued)
    if issued_on is None:
        raise ValueError(f"{sign}: a directive has a day of issue.")
    return Directive(
        sign,
        kind,
        issued_on,
        _day(effective),
        tuple(about.split()),
        visibility,
        file,
        signer,
        position,
        _relation(relation),
        *texts,
    )


def _relation(text: str) -> Relation | None:
    acts, _, provisions = text.partition(": ")
    kind, _, sign = acts.partition(" ")
    return Relation(kind, sign, provisions) if text else None


def _day(text: str) -> date | None:
    return datetime.strptime(text, "%d/%m/%Y").date() if text else None
