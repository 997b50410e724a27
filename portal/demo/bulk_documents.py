"""Many more documents, for benchmarks: abstracts and files of the demonstration's own, numbered.

They keep the invariants of publication (an audit entry each, words for the search); force and its
end follow from dates and relations as everywhere. Spread over twenty-two years as an office's are:
few types and issuers have most of them.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice, pairwise
from random import Random

from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.search import SearchVector
from django.db import connection
from django.db.models import Count, Max, Value
from django.utils import timezone
from tqdm import tqdm

from core.audit import AuditEntry
from core.text import slugify
from core.workflow import Action, State
from documents.corrections import changing
from documents.files import DocumentFile
from documents.models import (
    Document,
    DocumentType,
    Field,
    Issuer,
    Relation,
    RelationKind,
    Visibility,
)
from documents.search import words_of
from portal.demo import AUTHOR_USERNAME
from portal.demo.texts import unit_names

BATCH = 1_000
SEED = 2023
YEARS = 22
CODE_OF_UNITS = "ĐU"
# Of a hundred documents, so many are of the type.
TYPES = {"CV": 38, "KH": 16, "BC": 14, "TB": 12, "HD": 6, "NQ": 6, "KL": 4, "CT": 2, "QC": 2}


@dataclass(frozen=True)
class Model:
    """A document of the demonstration with its main file."""

    document: Document
    file: DocumentFile


class Office:
    """What documents are made with; the same numbers make the same documents."""

    def __init__(self, by: User) -> None:
        self.by = by
        self.chance = Random(SEED)
        self.models = _models()
        self.types = {t.code: t for t in DocumentType.objects.filter(code__in=TYPES)}
        self.issuers = _issuers()
        # A few issue much, many issue little.
        self.shares = [1 / rank for rank in range(1, len(self.issuers) + 1)]
        self.fields = list(Field.objects.all())
        self.numbers = _numbers()
        self.today = timezone.localdate()

    def document(self) -> tuple[Document, Model]:
        """Return an unsaved document and the one that lends it abstract and file."""
        model = self.chance.choice(self.models)
        code = self.chance.choices(list(TYPES), list(TYPES.values()))[0]
        issuer = self.chance.choices(self.issuers, self.shares)[0]
        day = self.today - timedelta(days=self.chance.randrange(YEARS * 365))
        document = Document(
            type=self.types[code],
            issuer=issuer,
            term=_term(day),
            issued_on=day,
            visibility=Visibility.INTERNAL if self._once_in(50) else Visibility.PUBLIC,
            state=State.LIVE,
            went_live_at=timezone.now(),
            created_by=self.by,
        )
        self._date(document, day)
        self._number(document, code, issuer, model.document.abstract)
        return document, model

    def topics(self) -> list[Field]:
        """Return one or two fields."""
        return self.chance.sample(self.fields, self.chance.choice((1, 1, 2)))

    def _once_in(self, times: int) -> bool:
        return self.chance.randrange(times) == 0

    def _date(self, document: Document, day: date) -> None:
        if self._once_in(200):
            document.issued_on = None
        if self._once_in(7):
            document.effective_on = day + timedelta(days=self.chance.randint(1, 90))
        if self._once_in(4):
            document.expires_on = day + timedelta(days=self.chance.randint(365, 5 * 365))

    def _number(self, document: Document, code: str, issuer: Issuer, abstract: str) -> None:
        self.numbers[key := (document.issuer_id, document.type_id, document.term)] += 1
        number = self.numbers[key]
        document.sign = f"{number:02d}-{code}/{issuer.code}"
        document.abstract = f"{abstract} – {issuer}, lần {number}"
        document.follow_sign()


def load(number: int, *, by: User, quiet: bool) -> None:
    """Add `number` live documents by `by`, made from the demonstration's own."""
    office = Office(by)
    made = (office.document() for _ in range(number))
    with tqdm(total=number, desc="Văn bản thêm", unit="văn bản", disable=quiet) as progress:
        while batch := list(islice(made, BATCH)):
            with changing():
                _write(batch, office)
            progress.update(len(batch))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE documents_document, documents_documentfile, core_auditentry")


def _models() -> list[Model]:
    files = DocumentFile.objects.filter(
        document__created_by__username=AUTHOR_USERNAME, document__state=State.LIVE, replaced_by=None
    )
    of_documents = {file.document_id: file for file in files.select_related("document")[:40]}
    return [Model(file.document, file) for file in of_documents.values()]


def _issuers() -> list[Issuer]:
    """The body that issued most of the demonstration, then its units."""
    issued = Document.objects.filter(created_by__username=AUTHOR_USERNAME).values("issuer")
    first = issued.annotate(total=Count("pk")).order_by("-total").values_list("issuer", flat=True)
    whole = Issuer.objects.get(pk=first[0])
    units = [
        Issuer.objects.get_or_create(
            slug=slugify(name),
            defaults={"name": name, "code": CODE_OF_UNITS, "superior": whole},
        )[0]
        for name in unit_names()
    ]
    return [whole, *units]


def _numbers() -> Counter[tuple[int | None, int | None, str]]:
    """Return the last number given so far, by issuer, type and term."""
    taken = Document.objects.order_by().filter(number__isnull=False)
    last = taken.values_list("issuer", "type", "term").annotate(Max("number"))
    return Counter({(issuer, kind, term): number for issuer, kind, term, number in last})


def _term(day: date) -> str:
    first = day.year - day.year % 5
    return f"{first}-{first + 5}"


def _write(batch: Sequence[tuple[Document, Model]], office: Office) -> None:
    """Write documents, files, fields, audit entries and, for some, what ended or amended them."""
    for document, model in batch:
        words = words_of(document.sign, document.abstract, model.file.text)
        document.words = SearchVector(Value(words), config="simple")
    documents = Document.objects.bulk_create(document for document, _ in batch)
    DocumentFile.objects.bulk_create(_copied(model.file, document) for document, model in batch)
    through = Document.fields.through
    through.objects.bulk_create(
        through(document_id=document.pk, field_id=topic.pk)
        for document in documents
        for topic in office.topics()
    )
    subject = ContentType.objects.get_for_model(Document)
    AuditEntry.objects.bulk_create(_entry(document, subject) for document in documents)
    Relation.objects.bulk_create(_relations(documents, office.chance))


def _copied(file: DocumentFile, document: Document) -> DocumentFile:
    """A row for `document` that names the same bytes as `file`."""
    kept = ("role", "name", "kind", "sha256", "size", "pages", "text", "text_state", "has_preview")
    values = {name: getattr(file, name) for name in kept}
    return DocumentFile(document=document, added_by=document.created_by, **values)


def _entry(document: Document, subject: ContentType) -> AuditEntry:
    return AuditEntry(
        actor=document.created_by,
        action=Action.PUBLISH,
        from_state=State.DRAFT,
        to_state=State.LIVE,
        content_type=subject,
        object_id=document.pk,
        version_id=document.pk,
        title=str(document),
    )


def _relations(documents: Sequence[Document], chance: Random) -> Iterator[Relation]:
    """One in twenty documents replaces, or amends, an older one of the same issuer."""
    dated = [document for document in documents if document.issued_on]
    dated.sort(key=lambda document: (document.issuer_id, document.issued_on))
    for older, newer in pairwise(dated):
        if older.issuer_id == newer.issuer_id and chance.randrange(20) == 0:
            kind = chance.choice((RelationKind.REPLACES, RelationKind.AMENDS))
            yield Relation(source=newer, target=older, kind=kind)
