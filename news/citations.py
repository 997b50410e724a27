"""Documents that editions cite: read when an edition is saved, linked when it is shown.

A row means the public document that it says beyond doubt (documents/citations.py), or what a
person has settled. Readers are told of documents that are public at that moment, and of no other.
"""

from collections.abc import Collection, Iterator
from datetime import date
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.text import Truncator

from core.fields import NFCCharField
from core.prepared import prepared
from core.references import Line, Reference, lines, place
from core.workflow import OPEN_STATES, State
from documents import citations, signs
from documents.citations import Mention
from documents.models import Document
from documents.validity import Status, status

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from news.models import ArticleQuerySet, Edition

TITLE_LENGTH = 200
MARKS = {
    Status.IN_FORCE: "còn hiệu lực",
    Status.PARTLY: "hết hiệu lực một phần",
    Status.PENDING: "chưa có hiệu lực",
    Status.REPLACED: "đã được thay thế",
    Status.ENDED: "hết hiệu lực",
}
_SAID = ("kind", "issuer", "first_day", "last_day", "doubtful")


class Citation(models.Model):
    """A document that an edition names; `documents.citations.Said` tells what is said of it.

    Rows of one article with the same `says` are settled together, those of later editions too.
    `words` is the HTML over which its link stands, from `start`; no `start`, no link: in titles,
    headings and links of the writer's own. `known_end` is the end of the document's force that
    whoever published or settled the citation could know.
    """

    edition = models.ForeignKey(
        "news.Edition", on_delete=models.CASCADE, related_name="citations", editable=False
    )
    sign_key = models.CharField(max_length=80, editable=False)
    kind = models.CharField(max_length=40, blank=True, editable=False)
    issuer = NFCCharField(max_length=citations.ISSUER_MAX_LENGTH, blank=True, editable=False)
    first_day = models.DateField(null=True, editable=False)
    last_day = models.DateField(null=True, editable=False)
    doubtful = models.BooleanField(default=False, editable=False)
    says = models.CharField(max_length=300, editable=False)
    sign = NFCCharField(max_length=80, editable=False)
    written = NFCCharField("trong bài viết là", max_length=400, editable=False)
    start = models.PositiveIntegerField(null=True, editable=False)
    words = models.TextField(blank=True, editable=False)
    document = models.ForeignKey(
        Document,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="văn bản được dẫn",
    )
    known_end = models.DateField(null=True, editable=False)
    settled_at = models.DateTimeField(null=True, editable=False)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
    )

    class Meta:
        verbose_name = "văn bản được dẫn"
        verbose_name_plural = "văn bản được dẫn trong bài"
        default_permissions = ()
        ordering = ("edition", "pk")
        constraints = (
            models.CheckConstraint(
                name="citation_doubtful_is_settled_by_a_person",
                condition=Q(doubtful=False) | Q(document=None) | Q(settled_at__isnull=False),
            ),
        )
        indexes = (
            models.Index(F("sign_key"), name="citation_waiting", condition=Q(settled_at=None)),
            models.Index(
                F("edition").desc(),
                name="citation_unresolved",
                condition=Q(document=None, settled_at=None),
            ),
        )

    def __str__(self) -> str:
        return self.written

    @property
    def day(self) -> date:
        """Return the day of the text; today for one that is not yet out."""
        at = self.edition.article.published_at or self.edition.publish_at or timezone.now()
        return timezone.localdate(at)

    def mean(self, document: Document | None) -> bool:
        """Take `document` for what is meant; return whether that is news."""
        if self.document_id == (document and document.pk):
            return False
        self.document, self.known_end = document, ended(document)
        return True


# Written


@transaction.atomic
def read(edition: "Edition") -> None:
    """Note anew what `edition` cites; what people have settled in its article stays."""
    rows = list(_rows(edition))
    if not rows:
        edition.citations.all().delete()
        return
    if edition.state == State.LIVE:
        _lock()
    settled = _settled(edition)
    bearers = citations.bearers({row.sign_key for row in rows})
    for row in rows:
        if former := settled.get(row.says):
            row.document_id, row.known_end = former.document_id, former.known_end
            row.settled_at, row.settled_by_id = former.settled_at, former.settled_by_id
        else:
            row.mean(citations.certain(row, bearers.get(row.sign_key, ()), row.day))
    edition.citations.all().delete()
    Citation.objects.bulk_create(rows)


def follow(document: Document) -> None:
    """Let the citations that may mean `document`, as it now stands, mean what they say."""
    known = Citation.objects.filter(document=document).values_list("sign_key", flat=True)
    resolve({document.sign_key, *known.distinct()} - {""})


@transaction.atomic
def resolve(keys: Collection[str]) -> int:
    """Match anew the citations of the signs `keys` that nobody has settled; return how many change.

    Editions that have been superseded are history and stay.
    """
    if not keys:
        return 0
    _lock()
    current = Q(edition__state__in=(*OPEN_STATES, State.LIVE))
    rows = Citation.objects.filter(current, sign_key__in=keys, settled_at=None)
    bearers = citations.bearers(keys)
    changed = [
        row
        for row in rows.select_related("edition__article").defer("edition__body")
        if row.mean(citations.certain(row, bearers.get(row.sign_key, ()), row.day))
    ]
    return Citation.objects.bulk_update(changed, ["document", "known_end"], batch_size=500)


@transaction.atomic
def settle(citation: Citation, document: Document | None, *, by: "User") -> None:
    """Let `citation`, and what says the same in its article, mean `document` by the word of `by`.

    None: no document, and no link.
    """
    article = citation.edition.article_id
    Citation.objects.filter(edition__article=article, says=citation.says).update(
        document=document, known_end=ended(document), settled_at=timezone.now(), settled_by=by
    )


def _rows(edition: "Edition") -> Iterator[Citation]:
    """What `edition` names, unmatched: each place in its body, and once what has no place."""
    placed: list[Citation] = []
    others: dict[str, Citation] = {}
    for text in (edition.title, edition.summary):
        for mention in citations.find(text):
            row = _row(edition, mention, text)
            others.setdefault(row.says, row)
    for line in lines(edition.body):
        for mention in citations.find(line.text):
            row = _row(edition, mention, line.text)
            span = _place(edition.body, line, mention)
            if span is None:
                others.setdefault(row.says, row)
                continue
            row.start, row.words = span[0], edition.body[slice(*span)]
            placed.append(row)
    said = {row.says for row in placed}
    yield from placed
    yield from (row for row in others.values() if row.says not in said)


def _row(edition: "Edition", mention: Mention, text: str) -> Citation:
    key, said = signs.key(mention.sign), {name: getattr(mention, name) for name in _SAID}
    written = " ".join(text[mention.start : mention.end].split())
    says = " | ".join(str(value or "") for value in (key, *said.values()))
    return Citation(
        edition=edition,
        sign=str(mention.sign),
        sign_key=key,
        says=says,
        written=written,
        **said,
    )


def _place(body: str, line: Line, mention: Mention) -> tuple[int, int] | None:
    """Over the whole phrase, else over the sign."""
    return place(body, line, mention.start, mention.end) or place(
        body, line, mention.sign_start, mention.sign_end
    )


def _settled(edition: "Edition") -> dict[str, Citation]:
    """The latest word of a person on each thing that the article says."""
    rows = Citation.objects.filter(edition__article=edition.article_id, settled_at__isnull=False)
    return {row.says: row for row in rows.order_by("settled_at")}


def ended(document: Document | None) -> date | None:
    """Return the day on which the force of `document` ended, once it has come."""
    end = document.ended_on if document else None
    return end if end and end <= timezone.localdate() else None


def _lock() -> None:
    """Match one text or document at a time, or each could miss the other until commit."""
    with transaction.get_connection().cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [0x6369_7465])


# Shown to readers


def with_link(edition: int | OuterRef) -> QuerySet[Citation]:
    """Return what the edition of this id cites in its body and the library knows, public or not."""
    return Citation.objects.filter(edition=edition, start__isnull=False, document__isnull=False)


def references(edition: "Edition") -> list[Reference]:
    """Return the links to lay over the body of `edition`, to public documents; one query."""
    today = timezone.localdate()
    rows = _linked(edition.pk)
    return [_reference(row, row.document, today) for row in rows if row.document]


@prepared
def _linked(edition: int) -> QuerySet[Citation]:
    public = Document.objects.published().order_by()
    rows = with_link(edition).filter(document__in=public)
    shown = ("document__type__name", *(f"document__{name}" for name in _SHOWN))
    return rows.select_related("document__type").only("start", "words", *shown).order_by("start")


_SHOWN = (
    *("slug", "sign", "abstract", "issued_on", "effective_on"),
    *("ended_on", "ended_by", "partly_ended_on"),
)


def _reference(row: Citation, document: Document, day: date) -> Reference:
    # The trigger document_standing says of none that an internal document has replaced it.
    found = status(document, day)
    title = Truncator(f"{document}: {document.abstract}").chars(TITLE_LENGTH)
    return Reference(
        row.start or 0, row.words, document.get_absolute_url(), title, MARKS[found], found.value
    )


def citing(document_pk: int) -> "ArticleQuerySet":
    """Return the articles whose live text cites the document, newest first."""
    from news.models import Article

    rows = Citation.objects.filter(document=document_pk, edition=OuterRef("live"))
    return Article.objects.published().filter(Exists(rows))


# On the desk


def in_live_texts(user: "User") -> QuerySet[Citation]:
    """Return what the live texts that the newsroom shows to `user` cite, each once in a text."""
    from news import rights
    from news.models import Article

    same = Citation.objects.filter(edition=OuterRef("edition"), says=OuterRef("says"))
    found = Citation.objects.filter(~Exists(same.filter(pk__lt=OuterRef("pk"))))
    found = found.filter(edition__state=State.LIVE).order_by("-edition", "pk")
    if not user.has_perm(rights.LEADS):
        seen = Article.objects.visible_to(user).order_by().values("pk")
        found = found.filter(edition__article__in=seen)
    return found.select_related("edition__article", "document__type").defer(
        "edition__body", "document__words"
    )


def unresolved(user: "User") -> QuerySet[Citation]:
    """Return what live texts cite and the library cannot tell, newest first."""
    return in_live_texts(user).filter(document=None, settled_at=None)


def overtaken(user: "User") -> QuerySet[Citation]:
    """Return what live texts cite and has lost its force since, the latest end first."""
    unknown = Q(known_end=None) | ~Q(known_end=F("document__ended_on"))
    ended = Document.objects.published().filter(ended_on__lte=timezone.localdate())
    found = in_live_texts(user).filter(unknown, document__in=ended.order_by())
    return found.order_by("-document__ended_on", "-edition", "pk")
