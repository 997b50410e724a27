"""Many more articles, for benchmarks: the same texts and photos, numbered, over ten years.

They keep the invariants of `move()`: a live pointer, section, folded title and one audit entry
each; months are counted by the database. What their models cite and are like is copied too.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import islice

from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.utils import timezone
from tqdm import tqdm

from core.audit import AuditEntry
from core.workflow import Action, State
from news.models import Article, Edition, Unit, slug_of
from portal.demo import AUTHOR_USERNAME, copies

BATCH = 2_000
SPAN = timedelta(days=3652)
# The field's cleaner remembers 32 texts: as many bodies are cleaned once, not once per article.
MODELS = 24


def load(number: int, *, by: User, quiet: bool) -> None:
    """Add `number` live articles by `by`, made from the demonstration's own."""
    rows = _editions(number, by)
    with tqdm(total=number, desc="Bài thêm", unit="bài", disable=quiet) as progress:
        for turn, batch in enumerate(iter(lambda: list(islice(rows, BATCH)), [])):
            _write([edition for edition, _ in batch], by)
            copies.follow(batch)
            if turn == 0:
                # Triggers go on with plans made for empty tables until there are statistics.
                _analyze()
            progress.update(len(batch))
    _analyze()


def _analyze() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE news_article, news_edition, core_auditentry, core_photouse")


def _editions(number: int, by: User) -> Iterator[tuple[Edition, Edition]]:
    """Unsaved editions with distinct titles, evenly over ten years up to now, and their models."""
    own = Edition.objects.filter(number=1, created_by__username=AUTHOR_USERNAME)
    models = list(own.filter(state=State.LIVE, source_name="").select_related("category")[:MODELS])
    units = list(Unit.objects.all())
    now, first = timezone.now(), own.count()
    for index in range(number):
        model, unit = models[index % len(models)], units[index % len(units)]
        edition = Edition(
            title=f"{model.title[:120]} – {unit.short_name}, tin số {first + index}",
            summary=model.summary,
            category=model.category,
            lead_photo_id=model.lead_photo_id,
            body=model.body,
            pen_name=model.pen_name,
            unit=unit,
            publish_at=now - SPAN * (number - index) / (number + 1),
            went_live_at=now,
            state=State.LIVE,
            created_by=by,
        )
        yield edition, model


def _write(editions: Sequence[Edition], by: User) -> None:
    """Write article, edition and audit entry of each; the keys between them wait for commit."""
    article_ids = _new_ids(Article, len(editions))
    edition_ids = _new_ids(Edition, len(editions))
    articles = []
    for article_id, edition_id, edition in zip(article_ids, edition_ids, editions, strict=True):
        edition.pk, edition.article_id = edition_id, article_id
        articles.append(
            Article(
                pk=article_id,
                slug=slug_of(edition.title),
                category=edition.category,
                section_id=edition.category.section_id,
                live_id=edition_id,
                published_at=edition.publish_at,
            )
        )
    Article.objects.bulk_create(articles)
    Edition.objects.bulk_create(editions)
    subject = ContentType.objects.get_for_model(Article)
    AuditEntry.objects.bulk_create(_entry(edition, subject, by) for edition in editions)


def _entry(edition: Edition, subject: ContentType, by: User) -> AuditEntry:
    return AuditEntry(
        actor=by,
        action=Action.PUBLISH,
        from_state=State.DRAFT,
        to_state=State.LIVE,
        content_type=subject,
        object_id=edition.article_id,
        version_id=edition.pk,
        title=edition.title,
    )


def _new_ids(model: type[Article] | type[Edition], number: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [model._meta.db_table, number],
        )
        return [row[0] for row in cursor.fetchall()]
