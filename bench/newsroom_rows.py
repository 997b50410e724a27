"""What a newsroom has beside live articles: people with their part, work in every state, photos.

Added once to what `load_demo` has loaded; a second call finds everything there.
"""

from datetime import timedelta
from itertools import count, cycle

from django.contrib.auth.models import Group, User
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.utils import timezone

from core.audit import AuditEntry
from core.media import Photo
from core.publishing import rewritten
from core.workflow import OPEN_STATES, Action, State
from documents.models import Document
from news.models import Article, Assignment, Category, Edition, Unit
from portal import roles

PEOPLE = {
    "do-cong-tac-vien": roles.CONTRIBUTORS,
    "do-bien-tap-vien": roles.EDITORS,
    "do-lanh-dao": roles.LEADERS,
    "do-van-thu": roles.CLERKS,
}
PHOTOS = 10_000
IN_WORK = 3_000
REVISED = 1_000
WITHDRAWN = 500
URGENT = 12
BINNED = 100
DOCUMENTS_IN_WORK = 300
SAVES = 40
BEGUN = "Bài nhiều lần sửa"
STATES = (State.LIVE, *OPEN_STATES)


def people() -> dict[str, User]:
    """Return one person of each role: a contributor of one unit, an editor of two categories."""
    found = {}
    for name, role in PEOPLE.items():
        user, created = User.objects.get_or_create(username=name, defaults={"is_staff": True})
        if created:
            user.groups.add(Group.objects.get(name=role))
        found[role] = user
    Assignment.objects.get_or_create(user=found[roles.CONTRIBUTORS], unit=Unit.objects.all()[0])
    for category in Category.objects.filter(parent=None)[:2]:
        Assignment.objects.get_or_create(user=found[roles.EDITORS], category=category)
    return found


@transaction.atomic
def work(staff: dict[str, User]) -> None:
    """Add articles and documents in every state, written by many, and photos."""
    if Article.objects.filter(editions__title=BEGUN).exists():
        return
    _photos()
    writers = [*_contributors(), *staff.values()]
    live = Article.objects.filter(live__isnull=False).order_by("?")
    chosen = list(live.select_related("live__category")[: REVISED + WITHDRAWN])
    _revise(chosen[:REVISED], writers)
    _withdraw(chosen[REVISED:])
    _begin(writers)
    _documents(staff[roles.CLERKS])
    for writer in (staff[roles.CONTRIBUTORS], staff[roles.EDITORS]):
        _often_saved(writer)


def _photos() -> None:
    made = Photo.objects.filter(sha256__startswith="do-").count()
    Photo.objects.bulk_create(
        Photo(
            key=f"{number:020x}-1600x1067",
            width=1600,
            height=1067,
            original_format="jpeg",
            sha256=f"do-{number}",
            alt=f"Hội nghị sơ kết quý {number % 4 + 1}, ảnh số {number}" if number % 20 else "",
            caption=f"Quang cảnh hội nghị, ảnh số {number}",
            credit="Ảnh: Ban Tuyên giáo",
        )
        for number in range(made, PHOTOS)
    )


def _contributors() -> list[User]:
    group = Group.objects.get(name=roles.CONTRIBUTORS)
    made = []
    for number, unit in enumerate(Unit.objects.all()):
        user, created = User.objects.get_or_create(
            username=f"do-don-vi-{number}", defaults={"is_staff": True, "last_name": f"Số {number}"}
        )
        if created:
            user.groups.add(group)
            Assignment.objects.create(user=user, unit=unit)
        made.append(user)
    return made


def _state(edition: Edition, state: State) -> None:
    edition.state = state
    if state == State.APPROVED:
        edition.publish_at = timezone.now() + timedelta(days=edition.pk or 3)
        edition.approved_digest = "0" * 64
    if state == State.LIVE:
        edition.went_live_at = timezone.now()
        edition.unconfirmed = True


def _revise(articles: list[Article], writers: list[User]) -> None:
    states, authors, revisions = cycle(OPEN_STATES), cycle(writers), []
    for number, article in enumerate(articles):
        source = article.live
        values = {name: getattr(source, name) for name in Edition.COPIED_FIELDS[1:]}
        written = timezone.now() - timedelta(hours=number)
        edition = Edition(article=article, number=2, created_by=next(authors), **values)
        edition.updated_at = written
        _state(edition, next(states))
        revisions.append(edition)
    _noted(Edition.objects.bulk_create(revisions))


def _withdraw(articles: list[Article]) -> None:
    chosen = [article.pk for article in articles]
    Edition.objects.filter(live_article__in=chosen).update(state=State.WITHDRAWN)
    Article.objects.filter(pk__in=chosen).update(live=None, withdrawn_at=timezone.now())


def _begin(writers: list[User]) -> None:
    """Articles that were never public, some thrown away, and those published urgently."""
    models = cycle(Edition.objects.filter(state=State.LIVE)[:24])
    units, categories = cycle(Unit.objects.all()), cycle(Category.objects.all())
    authors, states = cycle(writers), cycle(OPEN_STATES)
    editions = []
    for number in range(IN_WORK):
        article, model = Article(slug="do"), next(models)
        edition = Edition(
            title=f"{model.title[:120]}, bản thảo {number}",
            summary=model.summary,
            body=model.body,
            lead_photo_id=model.lead_photo_id,
            category=next(categories),
            unit=next(units),
            created_by=next(authors),
            updated_at=timezone.now() - timedelta(hours=number / 2),
        )
        _state(edition, State.LIVE if number < URGENT else next(states))
        if number % (IN_WORK // BINNED) == BINNED // 10 and edition.state == State.DRAFT:
            article.binned_at, article.binned_by = timezone.now(), edition.created_by
        article.category, article.section_id = edition.category, edition.category.section_id
        edition.article = article
        editions.append(edition)
    Article.objects.bulk_create(edition.article for edition in editions)
    for edition in editions:
        edition.article_id = edition.article.pk
    Edition.objects.bulk_create(editions)
    for edition in editions[:URGENT]:
        Article.objects.filter(pk=edition.article_id).update(
            live=edition, published_at=edition.went_live_at
        )
    _noted(editions)


def _noted(editions: list[Edition]) -> None:
    subject = ContentType.objects.get_for_model(Article)
    AuditEntry.objects.bulk_create(
        AuditEntry(
            actor=edition.created_by,
            action=action,
            from_state=State.DRAFT,
            to_state=edition.state,
            content_type=subject,
            object_id=edition.article_id,
            version_id=edition.pk,
            title=edition.title,
        )
        for edition in editions
        for action in (Action.CREATE, Action.EDIT, Action.SUBMIT)
    )


def _documents(clerk: User) -> None:
    models, numbers, states = cycle(Document.objects.published()[:40]), count(1), cycle(OPEN_STATES)
    rows = []
    for _ in range(DOCUMENTS_IN_WORK):
        model, number = next(models), next(numbers)
        document = Document(
            type_id=model.type_id,
            issuer_id=model.issuer_id,
            term="1990-1995",
            abstract=f"{model.abstract[:500]}, dự thảo {number}",
            issued_on=model.issued_on,
            created_by=clerk,
            updated_at=timezone.now() - timedelta(hours=number),
        )
        _state(document, next(states))
        rows.append(document)
    Document.objects.bulk_create(rows)


def _often_saved(writer: User) -> None:
    mine = Assignment.objects.get(user=writer) if writer.assignments.count() == 1 else None
    own = writer.assignments.exclude(category=None).first()
    model = Edition.objects.filter(state=State.LIVE).first()
    edition = Article.objects.draft(
        by=writer,
        title=BEGUN,
        summary=model.summary,
        body=model.body,
        lead_photo=model.lead_photo,
        category=own.category if own else model.category,
        unit=mine.unit if mine else None,
    )
    for number in range(SAVES):
        edition.body = f"{model.body}<p>Lần sửa thứ {number}.</p>"
        edition.save()
        rewritten(edition, by=writer, action=Action.EDIT, what="nội dung")


def settle() -> None:
    """Do what the database does by itself at night."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
