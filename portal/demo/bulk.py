"""Many more articles, for benchmarks: the same texts and photos, numbered, over ten years.

They keep the invariants of `move()`: a live pointer, section, folded title and one audit entry
each; months are counted by the database. What their models cite and are like is copied too, and
what search knows of them (bulk_entries.py).
"""

from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.utils import timezone
from tqdm import tqdm

from core.audit import AuditEntry
from core.workflow import Action, State
from news.models import Article, Edition, Unit, slug_of
from portal.demo import AUTHOR_USERNAME, bulk_entries, copies
from portal.demo.multiplying import Copies

BATCH = 10_000
DAYS = 3652
MODELS = 24
ORIGINALS = 480  # models with units; each is copied every so many articles
# Stands in an original for the article's number: in its title, its folded title and its address.
NUMBER = bulk_entries.NUMBER
NUMBERED = f"replace(own.{{}}, '{NUMBER}', made.number::text)"


def load(number: int, *, by: User, quiet: bool) -> None:
    """Add `number` live articles by `by`, made from the demonstration's own."""
    models = _models()
    originals = _originals(models, by, min(number, ORIGINALS))
    numbers = _number(number)
    articles = [_article(original) for original in originals]
    found = [bulk_entries.original(*one) for one in zip(articles, originals, strict=True)]
    tables = [
        _articles(articles),
        _editions(originals),
        _entries(originals, by),
        Copies(found, "bulk_number", bulk_entries.CHANGES),
    ]
    with (
        tqdm(total=number, desc="Bài thêm", unit="bài", disable=quiet) as progress,
        bulk_entries.indexed_after(number),
    ):
        for first in range(0, number, BATCH):
            after = min(first + BATCH, number)
            for table in tables:
                table.write(first, after)
            _follow(models, len(originals), first, after)
            if first == 0:
                # Triggers go on with plans made for empty tables until there are statistics.
                _analyze()
            progress.update(after - first)
    bulk_entries.count(found, numbers)
    _analyze()


def _analyze() -> None:
    tables = "news_article, news_edition, core_auditentry, core_photouse, core_searchentry"
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {tables}")


def _models() -> list[Edition]:
    own = Edition.objects.filter(number=1, created_by__username=AUTHOR_USERNAME)
    chosen = own.filter(state=State.LIVE, source_name="").order_by("article_id")
    return list(chosen.select_related("category", "lead_photo")[:MODELS])


def _originals(models: list[Edition], by: User, most: int) -> list[Edition]:
    """Return unsaved editions, without dates, whose titles have NUMBER in the number's place."""
    units, now = list(Unit.objects.all()), timezone.now()
    return [_original(models[n % len(models)], units[n % len(units)], by, now) for n in range(most)]


def _follow(models: list[Edition], originals: int, first: int, after: int) -> None:
    """Let the copies from number `first` to the one before `after` cite what their models do."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT n, edition, article FROM bulk_number WHERE n >= %s AND n < %s ORDER BY n",
            [first, after],
        )
        rows = cursor.fetchall()
    copies.follow(
        [(edition, article, models[n % originals % len(models)]) for n, edition, article in rows]
    )


def _original(model: Edition, unit: Unit, by: User, now: datetime) -> Edition:
    return Edition(
        title=f"{model.title[:120]} – {unit.short_name}, tin số {NUMBER}",
        summary=model.summary,
        category=model.category,
        lead_photo=model.lead_photo,
        body=model.body,
        pen_name=model.pen_name,
        unit=unit,
        went_live_at=now,
        state=State.LIVE,
        created_by=by,
    )


def _number(number: int) -> range:
    """Number the articles to come, give them keys, and moments evenly over ten years.

    Return the numbers that stand in their titles.
    """
    taken = Edition.objects.filter(number=1, created_by__username=AUTHOR_USERNAME).count()
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bulk_number")
        cursor.execute(
            "CREATE TEMPORARY TABLE bulk_number ON COMMIT DROP AS"
            " SELECT n, %s + n AS number,"
            " now() - interval '1 day' * (%s * (%s - n)::float / (%s + 1)) AS moment,"
            " nextval(pg_get_serial_sequence('news_article', 'id')) AS article,"
            " nextval(pg_get_serial_sequence('news_edition', 'id')) AS edition,"
            " nextval(pg_get_serial_sequence('core_auditentry', 'id')) AS entry"
            " FROM generate_series(0, %s - 1) AS n",
            [taken, DAYS, number, number, number],
        )
        cursor.execute(
            "ALTER TABLE bulk_number ADD COLUMN day date"
            " GENERATED ALWAYS AS ((moment AT TIME ZONE %s)::date) STORED",
            [settings.TIME_ZONE],
        )
        cursor.execute("CREATE INDEX ON bulk_number (n)")
        cursor.execute("ANALYZE bulk_number")
    return range(taken, taken + number)


def _article(edition: Edition) -> Article:
    return Article(
        pk=bulk_entries.KEY,
        slug=slug_of(edition.title),
        category=edition.category,
        section_id=edition.category.section_id,
        published_at=edition.went_live_at,
    )


def _articles(originals: list[Article]) -> Copies:
    changes = {
        "id": "made.article",
        "slug": NUMBERED.format("slug"),
        "live_id": "made.edition",
        "published_at": "made.moment",
    }
    return Copies(originals, "bulk_number", changes)


def _editions(originals: list[Edition]) -> Copies:
    changes = {
        "id": "made.edition",
        "article_id": "made.article",
        "title": NUMBERED.format("title"),
        "folded": NUMBERED.format("folded"),
        "publish_at": "made.moment",
    }
    return Copies(originals, "bulk_number", changes)


def _entries(editions: list[Edition], by: User) -> Copies:
    subject = ContentType.objects.get_for_model(Article)
    originals = [
        AuditEntry(
            actor=by,
            action=Action.PUBLISH,
            from_state=State.DRAFT,
            to_state=State.LIVE,
            content_type=subject,
            object_id=0,
            title=edition.title,
        )
        for edition in editions
    ]
    changes = {
        "id": "made.entry",
        "object_id": "made.article",
        "version_id": "made.edition",
        "title": NUMBERED.format("title"),
    }
    return Copies(originals, "bulk_number", changes)
