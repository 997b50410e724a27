"""Writes the demonstration into the database, and removes it again.

What belongs to it is told by its first edition's author (AUTHOR_USERNAME), so that articles of
other people, the demonstration's own editor included, are never touched.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from html import escape
from itertools import cycle
from typing import NamedTuple

from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.utils import timezone
from tqdm import tqdm

from core.media import Photo
from core.publishing import move
from core.search.entries import Kind
from core.search.rebuilding import prune
from core.workflow import Action
from documents.models import Document
from news.models import Article, Category, Edition, Unit
from portal.apps import followed_later
from portal.completion import complete
from portal.demo import AUTHOR_USERNAME, bulk, bulk_documents, library, site, source, texts, visits
from portal.demo.directives import Directive
from portal.demo.directives import directives as all_directives
from portal.demo.illustrations import FULL_WIDTH, PICTURES, SCENES, Picture, encoded
from portal.models import SiteSettings

CREDIT = "Ảnh minh họa"
# Variations that no other article shows: the captions are the page's own.
SEED_LEAD = Picture("conference", 3)
SEED_FIGURES = (Picture("microphones", 2), Picture("classroom", 4))
LOCK = 0x7472_6176  # any number of our own: one load at a time
KEYS_OF_ARTICLES = (
    ("news_keyword", "article_id"),
    ("news_related", "article_id"),
    ("news_related", "other_id"),
    ("news_edition", "article_id"),
    ("news_article", "id"),
)
OWN_ARTICLES = """
    SELECT edition.article_id FROM news_edition AS edition
    JOIN auth_user ON auth_user.id = edition.created_by_id
    WHERE edition.number = 1 AND auth_user.username = %s
"""


class Newsroom(NamedTuple):
    """What articles are made with."""

    by: User
    categories: dict[str, Category]
    units: dict[str, Unit]
    photos: dict[str, Iterator[Photo]]


def count() -> int:
    """How many articles of the demonstration there are."""
    return Edition.objects.filter(number=1, created_by__username=AUTHOR_USERNAME).count()


@transaction.atomic
def load(
    *,
    articles: int = 0,
    documents: int = 0,
    width: int = FULL_WIDTH,
    pictures: Sequence[Picture] = PICTURES,
    directives: Sequence[Directive] | None = None,
    quiet: bool = False,
) -> int:
    """Load what is missing, up to `articles` and `documents` in all; return how many new articles.

    Pictures are drawn `width` pixels wide; all directives are loaded unless named. All in one
    transaction: a load that is interrupted leaves nothing but unreferenced files.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    before = count()
    with followed_later():
        if not before:
            _load_newsroom(width, pictures, quiet)
        if not library.count():
            chosen = all_directives() if directives is None else directives
            library.load(chosen, by=site.author(), quiet=quiet)
    visits.load(site.author())
    missing_documents = documents - library.count()
    if missing_documents > 0:
        bulk_documents.load(missing_documents, by=site.author(), quiet=quiet)
    complete(quiet=quiet)
    missing = articles - count()
    if missing > 0:
        bulk.load(missing, by=site.author(), quiet=quiet)
        complete(quiet=quiet)
    return count() - before


@transaction.atomic
def flush() -> int:
    """Remove the demonstration's articles, photos, documents and visits; return how many articles.

    Kept: accounts, categories, units, menu, pages and links, which an editor may have changed,
    and every photo that another article shows.
    """
    visits.flush()
    library.flush()
    removed = count()
    SiteSettings.objects.filter(
        lead__editions__number=1, lead__editions__created_by__username=AUTHOR_USERNAME
    ).update(lead=None)
    _remove_articles()
    prune(
        {Kind.ARTICLE: Article.objects.values("pk"), Kind.DOCUMENT: Document.objects.values("pk")}
    )
    _remove_photos()
    return removed


def _remove_articles() -> None:
    subject = ContentType.objects.get_for_model(Article).pk
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL portal.maintenance = 'on'")
        cursor.execute(
            f"CREATE TEMPORARY TABLE demo_article ON COMMIT DROP AS {OWN_ARTICLES}",
            [AUTHOR_USERNAME],
        )
        cursor.execute(
            "DELETE FROM core_auditentry USING demo_article"
            " WHERE content_type_id = %s AND object_id = article_id",
            [subject],
        )
        cursor.execute(
            "DELETE FROM core_snapshot USING news_edition, demo_article"
            " WHERE content_type_id = %s AND version_id = news_edition.id"
            " AND news_edition.article_id = demo_article.article_id",
            [ContentType.objects.get_for_model(Edition).pk],
        )
        cursor.execute(
            "DELETE FROM news_citation USING news_edition, demo_article AS demo"
            " WHERE edition_id = news_edition.id AND news_edition.article_id = demo.article_id"
        )
        # The keys between article and edition are deferred: either may go first.
        for table, key in KEYS_OF_ARTICLES:
            cursor.execute(
                f"DELETE FROM {table} AS gone USING demo_article AS demo"
                f" WHERE gone.{key} = demo.article_id"
            )
        cursor.execute("DROP TABLE demo_article")
        cursor.execute("SET LOCAL portal.maintenance = 'off'")


def _remove_photos() -> None:
    for photo in Photo.objects.filter(created_by__username=AUTHOR_USERNAME):
        if not photo.uses.exists():
            photo.delete()


def _load_newsroom(width: int, pictures: Sequence[Picture], quiet: bool) -> None:
    by = site.author()
    site.accounts()
    drawn = _photos([*pictures, SEED_LEAD, *SEED_FIGURES], by, width, quiet)
    photos, (lead, *figures) = drawn[: len(pictures)], drawn[len(pictures) :]
    by_scene = defaultdict(list)
    for picture, photo in zip(pictures, photos, strict=True):
        by_scene[picture.scene].append(photo)
    # A scene that was not drawn is stood in for by all that were.
    shown: dict[str, Iterator[Photo]] = {name: cycle(by_scene[name] or photos) for name in SCENES}
    room = Newsroom(by, site.categories(), site.units(), shown)
    drafts = [*texts.articles_of_the_year(), *texts.articles_of_this_month(timezone.now())]
    for draft in tqdm(drafts, desc="Đăng bài", unit="bài", disable=quiet):
        _publish_draft(draft, room)
    site.assign()
    site.furnish(lead=_publish_seed(lead, figures, room))


def _photos(pictures: Sequence[Picture], by: User, width: int, quiet: bool) -> list[Photo]:
    """Draw the pictures beside storing them: Pillow's encoders let another thread draw."""
    with ThreadPoolExecutor(max_workers=1) as drawing:
        files = drawing.map(partial(encoded, width=width), pictures)
        progress = tqdm(
            zip(pictures, files, strict=True),
            desc="Vẽ ảnh",
            total=len(pictures),
            unit="ảnh",
            disable=quiet,
        )
        return [_stored(picture, content, by) for picture, content in progress]


def _stored(picture: Picture, content: bytes, by: User) -> Photo:
    captions = dict(zip(SEED_FIGURES, source.page().captions, strict=True))
    return Photo.objects.create_from_upload(
        SimpleUploadedFile(f"{picture.scene}.jpg", content),
        alt=SCENES[picture.scene].alt,
        caption=captions.get(picture, ""),
        credit=CREDIT,
        by=by,
    )


def _publish_draft(draft: texts.Draft, room: Newsroom) -> None:
    photo = next(room.photos[draft.scene])
    blocks = list(draft.blocks)
    if draft.figure_caption:
        other = "classroom" if draft.scene == "meeting" else "meeting"
        blocks.insert(3, _figure(next(room.photos[other]), draft.figure_caption))
    edition = Article.objects.draft(
        by=room.by,
        title=draft.title,
        summary=draft.summary,
        category=room.categories[draft.category],
        lead_photo=photo,
        body="\n".join(blocks),
        pen_name=draft.pen_name,
        unit=room.units[draft.unit],
        source_name=draft.source_name,
        source_url=draft.source_url,
        publish_at=draft.published_at,
    )
    move(edition, Action.PUBLISH)


def _publish_seed(lead: Photo, figures: Sequence[Photo], room: Newsroom) -> Article:
    page = source.page()
    photos = iter(figures)
    body = [
        f"<p>{escape(block.text, quote=False)}</p>"
        if block.kind == "paragraph"
        else _figure(next(photos), block.text)
        for block in page.blocks
    ]
    edition = Article.objects.draft(
        by=room.by,
        title=page.title,
        summary=page.summary,
        category=room.categories["tuyen-giao"],
        lead_photo=lead,
        body="\n".join(body),
        pen_name=page.signature,
        publish_at=timezone.make_aware(texts.SEED_DAY),
    )
    move(edition, Action.PUBLISH)
    return edition.article


def _figure(photo: Photo, caption: str) -> str:
    text = f"{caption} ({CREDIT.lower()})"
    return (
        f'<figure class="photo"><img src="{photo.url}" alt="{escape(photo.alt)}">'
        f"<figcaption>{escape(text, quote=False)}</figcaption></figure>"
    )
