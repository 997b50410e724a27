"""Texts of an article beside the one that counts: written in, laid aside, taken over."""

from collections.abc import Collection
from typing import TYPE_CHECKING, Any, cast

from django.db import transaction
from django.db.models import ForeignKey

from core.audit import record
from core.publishing import NOT_YOURS, OVERTAKEN, Refused, move, rewritten
from core.snapshots import Snapshot, keep
from core.workflow import Action, State
from news import rights
from news.models import Article, Edition

if TYPE_CHECKING:
    from django.contrib.auth.models import User

IN_OTHER_HANDS = (
    "Bài đang chờ duyệt hoặc đã duyệt, nên chưa lấy bản khác thay vào được. Hãy rút về hoặc trả "
    "lại bài trước; bản bạn chọn vẫn nằm trong nhật ký của bài."
)


def write(
    article: Article, texts: dict[str, Any], changed: Collection[str], *, by: "User", what: str
) -> Edition:
    """Store `texts` in the open edition, made if need be; an approved one loses its approval.

    Belongs in a transaction that has locked the article and judged the right.
    """
    # Read anew: validation has already written into the edition that a form holds.
    edition = Article.objects.get(pk=article.pk).revise(by=by)
    # Whoever only sets an hour has had no part in the text, and may still approve it.
    rewrites = not set(changed).isdisjoint(Edition.TEXT_FIELDS)
    if edition.state == State.APPROVED and rewrites:
        edition = cast(Edition, move(edition, Action.VOID))
    for name, value in texts.items():
        setattr(edition, name, value)
    edition.save()
    if rewrites:
        rewritten(edition, by=by, action=Action.EDIT, what=what)
    else:
        record(edition, Action.HOURS, by=by, reason=what)
    return edition


def lay_aside(typed: Edition, *, by: "User") -> Snapshot:
    """Keep what was typed over a newer text; `typed` is its edition with the typed values."""
    return keep(typed, typed.content(), by=by, aside=True)


def take_over(
    article: Article, content: dict[str, Any], *, what: str, seen: str, by: "User"
) -> str:
    """Write the content of an edition or a save on top of what stands, which stays in its saves.

    Raises Refused, with nothing changed, when `by` may not write, the text has become another
    than `seen`, or it is in the hands of those who approve.
    """
    with transaction.atomic():
        article = Article.objects.select_for_update().get(pk=article.pk)
        edition = article.working_edition()
        if edition is None or not rights.may_write(edition, by):
            raise Refused(NOT_YOURS)
        if edition.state in (State.SUBMITTED, State.APPROVED):
            raise Refused(IN_OTHER_HANDS)
        if edition.stamp() != seen:
            raise Refused(OVERTAKEN)
        texts = texts_of(content, edition)
        write(article, texts, texts, by=by, what=what)
    return "Đã lấy bản ấy làm bản đang viết. Bản trước đó vẫn nằm trong nhật ký của bài."


def texts_of(content: dict[str, Any], edition: Edition) -> dict[str, Any]:
    """Return the fields that `content` names; related rows that are gone stay as in `edition`."""
    texts: dict[str, Any] = {}
    for name in Edition.TEXT_FIELDS:
        described: Any = Edition._meta.get_field(name)
        value = content.get(name)
        if not isinstance(described, ForeignKey):
            texts[name] = value or described.get_default()
        elif value is None and described.null:
            texts[name] = None
        else:
            rows: Any = described.related_model
            texts[name] = rows.objects.filter(pk=value).first() or getattr(edition, name)
    return texts
