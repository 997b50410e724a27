"""Writes the demonstration's directives into the library, and removes them again.

They belong to it by their creator (AUTHOR_USERNAME); issuers, signers and fields stay when it is
flushed, since a clerk may have used them.
"""

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.db.models import Q
from tqdm import tqdm

from core.publishing import approve, move
from core.text import slugify
from core.workflow import Action
from documents import vault
from documents.files import DocumentFile, add, clear, examine
from documents.models import Document, DocumentType, Field, Issuer, Relation, Signer
from news.models import Citation
from portal.demo import AUTHOR_USERNAME, clauses, site
from portal.demo.directives import TERM, Cited, Directive, cited, fields

COMMITTEE = "Đảng ủy Khối các cơ quan và doanh nghiệp tỉnh Trà Vinh"
# Name, short name, code, superior: each after the body above it.
ISSUERS = (
    ("Trung ương", "", "TW", ""),
    ("Ban Chấp hành Trung ương", "", "TW", ""),
    ("Bộ Chính trị", "", "TW", "Ban Chấp hành Trung ương"),
    ("Ban Bí thư", "", "TW", "Bộ Chính trị"),
    ("Ban Thường vụ Tỉnh ủy", "", "TU", "Bộ Chính trị"),
    (COMMITTEE, "Đảng ủy Khối", "ĐUK", "Ban Thường vụ Tỉnh ủy"),
)


@dataclass(frozen=True)
class Shelves:
    """What directives are sorted by: name → issuer, slug → type and field."""

    issuers: dict[str, Issuer]
    types: dict[str, DocumentType]
    fields: dict[str, Field]


def count() -> int:
    """How many documents of the demonstration there are."""
    return Document.objects.filter(created_by__username=AUTHOR_USERNAME).count()


def load(directives: Sequence[Directive], *, by: User, quiet: bool) -> None:
    """Publish `directives` with their files, and what the source page cites."""
    shelves = _shelves()
    documents = {one.sign: _cite(one, shelves, by) for one in cited()}
    progress = tqdm(
        zip(directives, _files(directives, by), strict=True),
        desc="Đăng văn bản",
        total=len(directives),
        unit="văn bản",
        disable=quiet,
    )
    for directive, file in progress:
        documents[directive.sign] = _draft(directive, file, shelves, by)
    _relate(directives, documents)
    site.accounts()
    clerk, leader = (User.objects.get(username=name) for name in ("vanthu", "lanhdao"))
    for document in documents.values():
        approve(move(document, Action.SUBMIT, by=clerk), by=leader)


def flush() -> None:
    """Remove the demonstration's documents with their files and their trail."""
    by_author = Q(created_by__username=AUTHOR_USERNAME)
    # Whoever tried the demonstration may have corrected what it holds.
    by_author |= Q(corrects__created_by__username=AUTHOR_USERNAME)
    found = Document.objects.filter(by_author).order_by().values_list("pk", flat=True)
    own = Document.objects.filter(pk__in=list(found))
    files = DocumentFile.objects.filter(document__in=own)
    digests = set(files.values_list("sha256", flat=True))
    subject = ContentType.objects.get_for_model(Document).pk
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL portal.maintenance = 'on'")
        cursor.execute(
            "DELETE FROM core_auditentry USING documents_document AS document, auth_user AS author"
            " WHERE content_type_id = %s AND object_id = document.id"
            " AND author.id = document.created_by_id AND author.username = %s",
            [subject, AUTHOR_USERNAME],
        )
        cursor.execute(
            "DELETE FROM core_snapshot WHERE content_type_id = %s AND version_id = ANY(%s)",
            [subject, list(found)],
        )
        Citation.objects.filter(document__in=own).update(document=None)
        Relation.objects.filter(source__in=own).delete()
        Relation.objects.filter(target__in=own).delete()
        files._raw_delete(files.db)
        Document.fields.through.objects.filter(document__in=own).delete()
        own._raw_delete(own.db)
        cursor.execute("SET LOCAL portal.maintenance = 'off'")
    for sha256 in digests.difference(DocumentFile.objects.values_list("sha256", flat=True)):
        vault.discard(sha256)


def _shelves() -> Shelves:
    issuers: dict[str, Issuer] = {}
    for name, short_name, code, superior in ISSUERS:
        values = {
            "short_name": short_name,
            "code": code,
            "slug": slugify(name),
            "superior": issuers.get(superior),
        }
        issuers[name], _ = Issuer.objects.get_or_create(name=name, defaults=values)
    topics = {
        slug: Field.objects.get_or_create(slug=slug, defaults={"name": name, "order": order})[0]
        for order, (slug, name) in enumerate(fields().items())
    }
    return Shelves(issuers, {kind.slug: kind for kind in DocumentType.objects.all()}, topics)


def _files(directives: Iterable[Directive], by: User) -> Iterator[DocumentFile]:
    """The examined files of `directives`; drawn beside the process that reads them."""
    with ThreadPoolExecutor(max_workers=1) as drawing:
        for directive, content in zip(
            directives, drawing.map(clauses.file, directives), strict=True
        ):
            yield examine(SimpleUploadedFile(directive.filename, content), by=by)


def _cite(one: Cited, shelves: Shelves, by: User) -> Document:
    return Document.objects.create(
        sign=one.sign,
        type=shelves.types[one.type],
        issuer=shelves.issuers[one.issuer],
        issued_on=one.issued_on,
        abstract=one.abstract,
        created_by=by,
    )


def _draft(directive: Directive, file: DocumentFile, shelves: Shelves, by: User) -> Document:
    signer, _ = Signer.objects.get_or_create(name=directive.signer, position=directive.position)
    document = Document.objects.create(
        sign=directive.sign,
        type=shelves.types[directive.type],
        issuer=shelves.issuers[COMMITTEE],
        term=TERM,
        abstract=directive.abstract,
        signer=signer,
        issued_on=directive.issued_on,
        effective_on=directive.effective_on,
        visibility=directive.visibility,
        created_by=by,
    )
    document.fields.set(shelves.fields[slug] for slug in directive.fields)
    add(file, document)
    if file.needs_clearance:
        clear(file, by=by)
    return document


def _relate(directives: Iterable[Directive], documents: dict[str, Document]) -> None:
    for directive in directives:
        relation = directive.relation
        if relation and relation.sign in documents:
            Relation.objects.create(
                source=documents[directive.sign],
                kind=relation.kind,
                target=documents[relation.sign],
                provisions=relation.provisions,
            )
