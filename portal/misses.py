"""What people looked for and did not find: the words alone, nothing of who typed them.

Editors see them on their desk: a text that is missing, or a word that readers use and texts do not.
"""

from datetime import timedelta

from django.db import models
from django.db.models import F
from django.utils import timezone

from core.fields import NFCCharField
from core.search.query import LONGEST

KEPT_FOR = timedelta(days=90)
# Whoever floods the table tires of it; what editors see is the most frequent anyhow.
MOST = 5_000


class SearchMiss(models.Model):
    """Words that nothing answered fully, how often, and the last day."""

    words = NFCCharField("từ đã tìm", max_length=LONGEST, unique=True)
    times = models.PositiveIntegerField("số lần", default=1)
    last_on = models.DateField("lần cuối", default=timezone.localdate, db_index=True)

    class Meta:
        verbose_name = "từ tìm không thấy"
        verbose_name_plural = "từ tìm không thấy"
        default_permissions = ()
        ordering = ("-times", "-last_on", "words")

    def __str__(self) -> str:
        return self.words


def note(words: str) -> None:
    """Note that nothing answers `words`; forget what is older than KEPT_FOR."""
    today = timezone.localdate()
    words = " ".join(words.lower().split())[:LONGEST]
    SearchMiss.objects.filter(last_on__lt=today - KEPT_FOR).delete()
    known = SearchMiss.objects.filter(words=words)
    if not known.update(times=F("times") + 1, last_on=today) and SearchMiss.objects.count() < MOST:
        SearchMiss.objects.get_or_create(words=words)


def recent() -> models.QuerySet[SearchMiss]:
    """Return what was looked for within KEPT_FOR, the most frequent first."""
    return SearchMiss.objects.filter(last_on__gte=timezone.localdate() - KEPT_FOR)
