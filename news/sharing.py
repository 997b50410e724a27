"""A preview of one edition for who has no account: a signed link that ends by itself."""

from datetime import timedelta
from typing import TYPE_CHECKING

from django.core import signing
from django.db import transaction
from django.urls import reverse

from core.audit import record
from core.publishing import NOT_YOURS, Refused
from core.workflow import OPEN_STATES, Action, Right, State
from news.models import Article, Edition

if TYPE_CHECKING:
    from django.contrib.auth.models import User

LASTS = timedelta(hours=72)
SHOWN = (*OPEN_STATES, State.LIVE)
_signer = signing.TimestampSigner(salt="news.preview")


def share(article: Article, *, by: "User") -> str:
    """Return the path of a link to the open edition, noted in the audit trail.

    Raises Refused when nothing is being written or `by` may not write it.
    """
    with transaction.atomic():
        edition = article.open_edition()
        if edition is None:
            raise Refused("Bài không còn bản nào đang viết nên không có gì để xem trước.")
        edition.article = article
        if not edition.grants(by, Right.WRITE):
            raise Refused(NOT_YOURS)
        record(edition, Action.SHARE, by=by)
    return reverse("news:shared", args=[_signer.sign(str(edition.pk))])


def shared(token: str) -> Edition | None:
    """Return the edition that `token` shows now: still being written, or live by now."""
    try:
        pk = int(_signer.unsign(token, max_age=LASTS))
    except (signing.BadSignature, ValueError):
        return None
    editions = Edition.objects.filter(state__in=SHOWN, article__binned_at=None)
    return editions.filter(pk=pk).first()
