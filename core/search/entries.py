"""What can be found: one entry for each article, document and page that is public or internal."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.db import models, transaction
from django.db.models import F, Func, Q

from core.fields import NFCTextField
from core.search import vocabulary
from core.search.query import IN_TITLE, OF_FILTER, quoted
from core.search.tokens import SIGN, sign_token, tokens
from core.text import nfc

# A tsvector counts positions up to 16.383; beyond, a word is found but no phrase.
LAST_POSITION = 16_383
# A tsvector holds at most 1 MB: more words than this are beyond what anybody searches for.
MOST_LETTERS = 300_000
# How often one word of one text is worth noting (PostgreSQL notes 255).
MOST_PLACES = 32
GAP = 10  # positions between title, summary and body, so that no phrase spans them
# The year, the month and the day of an entry as numbers (2023, 202305, 20230501): what leads to the
# newest entries, or to those of any stretch of time.
PERIODS = (
    "ARRAY[extract(year FROM %(expressions)s)::int,"
    " (100 * extract(year FROM %(expressions)s) + extract(month FROM %(expressions)s))::int,"
    " (10000 * extract(year FROM %(expressions)s) + 100 * extract(month FROM %(expressions)s)"
    " + extract(day FROM %(expressions)s))::int]"
)


class Kind(models.TextChoices):
    """What an entry stands for."""

    ARTICLE = "article", "Tin, bài"
    DOCUMENT = "document", "Văn bản"
    PAGE = "page", "Trang giới thiệu"


@dataclass(frozen=True)
class Content:
    """What a room says of one thing that can be found; keys of facets are the room's own."""

    kind: Kind
    object_id: int
    address: str
    title: str
    day: date
    label: str = ""
    summary: str = ""
    body: str = ""
    sign: str = ""
    internal: bool = False
    section: int | None = None
    type: int | None = None
    issuer: int | None = None


class SearchEntry(models.Model):
    """One thing that can be found, with its words; written by `index()` and `remove()` alone."""

    kind = models.CharField(max_length=8, choices=Kind)
    object_id = models.BigIntegerField()
    internal = models.BooleanField()
    day = models.DateField()
    section = models.IntegerField(null=True)
    type = models.IntegerField(null=True)
    issuer = models.IntegerField(null=True)
    sign = models.CharField(max_length=80, blank=True)
    address = models.CharField(max_length=300)
    label = NFCTextField(blank=True)
    title = NFCTextField()
    summary = NFCTextField(blank=True)
    body = NFCTextField(blank=True)
    vector = SearchVectorField()

    class Meta:
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(fields=("kind", "object_id"), name="search_entry_once"),
            models.CheckConstraint(name="search_kind_known", condition=Q(kind__in=Kind.values)),
        )
        indexes = (
            # Apart, so that what is internal costs the public no time that could be measured.
            GinIndex(
                "vector",
                Func("day", template=PERIODS),
                name="search_public",
                condition=Q(internal=False),
                fastupdate=False,
            ),
            GinIndex(
                "vector",
                Func("day", template=PERIODS),
                name="search_internal",
                condition=Q(internal=True),
                fastupdate=False,
            ),
            models.Index(F("day").desc(), name="search_newest", condition=Q(internal=False)),
            models.Index(
                OpClass(F("sign"), "text_pattern_ops"),
                name="search_sign",
                condition=~Q(sign="") & Q(internal=False),
            ),
        )

    def __str__(self) -> str:
        return self.title


def index(content: Content) -> None:
    """Write the entry of `content`, in place of any before; belongs in the transaction that
    publishes it."""
    index_all([content])


def index_all(contents: Iterable[Content]) -> None:
    """Write the entries of `contents`, in place of any before, in one transaction."""
    with transaction.atomic():
        for content in contents:
            _write(content)


def remove(kind: Kind, object_id: int) -> None:
    """Take the entry away, with its words; there may be none."""
    with transaction.atomic():
        old = _stored(kind, object_id)
        if old:
            vocabulary.change(counted(old), {})
            old.delete()


def _stored(kind: Kind, object_id: int) -> SearchEntry | None:
    found = SearchEntry.objects.select_for_update().filter(kind=kind, object_id=object_id)
    return found.defer("vector").first()


def _write(content: Content) -> None:
    old = _stored(content.kind, content.object_id)
    entry = entry_of(content)
    entry.pk = old.pk if old else None
    entry.save(force_insert=old is None, force_update=old is not None)
    vocabulary.change(counted(old) if old else {}, counted(entry))


def entry_of(content: Content) -> SearchEntry:
    """Return the entry of `content`, unsaved."""
    entry = SearchEntry(
        kind=content.kind,
        object_id=content.object_id,
        internal=content.internal,
        day=content.day,
        section=content.section,
        type=content.type,
        issuer=content.issuer,
        sign=sign_token(content.sign)[1:] if content.sign else "",
        address=content.address,
        label=nfc(content.label),
        title=nfc(content.title),
        summary=nfc(content.summary),
        body=nfc(content.body)[:MOST_LETTERS],
    )
    entry.vector = vector_of(entry)
    return entry


# The words of an entry


def parts_of(entry: SearchEntry) -> list[tuple[str, str]]:
    """Return the texts of `entry`, each with its weight."""
    return [(entry.title, "A"), (f"{entry.label}\n{entry.summary}", "B"), (entry.body, "C")]


def vector_of(entry: SearchEntry) -> str:
    """Return the tsvector of `entry`: its words as typed and folded, those of its title once
    more, and what it is filtered by."""
    places: dict[str, list[str]] = {}
    start = 1
    for text, weight in parts_of(entry):
        last = 0
        for token in tokens(text):
            last = token.position
            place = start + last
            for form in {token.exact, token.folded}:
                found = places.setdefault(form, [])
                if place <= LAST_POSITION and len(found) < MOST_PLACES:
                    found.append(f"{place}{weight}")
                if weight == "A":
                    places.setdefault(IN_TITLE + form, [])
        start += last + GAP
    for name in filters_of(entry):
        places[name] = []
    return " ".join(quoted(word, f":{','.join(at)}" if at else "") for word, at in places.items())


def filters_of(entry: SearchEntry) -> list[str]:
    """Return the lexemes by which entries are filtered."""
    chosen = {
        "kind": entry.kind,
        "section": entry.section,
        "type": entry.type,
        "issuer": entry.issuer,
        "year": entry.day.year,
    }
    names = [filter_lexeme(name, value) for name, value in chosen.items() if value is not None]
    own_sign = [IN_TITLE + SIGN + entry.sign] if entry.sign else []
    return [*names, *own_sign]


def filter_lexeme(name: str, value: object) -> str:
    """Return what entries have whose facet `name` is `value`."""
    return f"{OF_FILTER}{name}:{value}"


def counted(entry: SearchEntry) -> vocabulary.Words:
    """Return the words of `entry` that the vocabulary counts."""
    texts = (text for text, _ in parts_of(entry))
    return vocabulary.words_of(texts, internal=entry.internal)
