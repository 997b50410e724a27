"""Documents for benchmarks: as many as asked for, as sound as published ones, gone when flushed."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db.models import F
from django.http import QueryDict

from core.audit import AuditEntry
from documents import signs
from documents.listing import listing
from documents.models import Document, DocumentFile, Relation, Tally
from documents.search import all_of
from portal.demo import bulk_documents, library, site
from portal.demo.directives import directives

pytestmark = pytest.mark.django_db


@pytest.fixture
def hundred():
    library.load(directives()[:2], by=site.author(), quiet=True)
    own = set(Document.objects.values_list("pk", flat=True))
    bulk_documents.load(100, by=site.author(), quiet=True)
    return Document.objects.exclude(pk__in=own)


def test_they_keep_the_invariants_of_publication(hundred):
    assert hundred.count() == 100
    assert hundred.filter(state="live", issuer__isnull=False, fields=None).count() == 0
    assert AuditEntry.objects.filter(object_id__in=hundred.values("pk")).count() == 100
    assert DocumentFile.objects.filter(document__in=hundred).count() == 100
    for document in hundred:
        sign = signs.parse(document.sign)
        assert (document.sign_key, document.number) == (signs.key(sign), sign.number)
    assert (
        Relation.objects.filter(
            source__in=hundred, source__issued_on__lt=F("target__issued_on")
        ).count()
        == 0
    )


def test_they_are_found_and_counted(hundred):
    newest = hundred.published().first()
    assert hundred.filter(all_of(newest.abstract)).exists()
    assert listing(QueryDict(""), AnonymousUser()).total == Document.objects.published().count()


def test_the_same_numbers_make_the_same_documents(hundred):
    first = list(hundred.order_by("pk").values_list("sign", "abstract", "issued_on"))
    library.flush()
    library.load(directives()[:2], by=site.author(), quiet=True)
    own = set(Document.objects.values_list("pk", flat=True))
    bulk_documents.load(100, by=site.author(), quiet=True)
    again = Document.objects.exclude(pk__in=own).order_by("pk")
    assert list(again.values_list("sign", "abstract", "issued_on")) == first


def test_flush_removes_them_and_their_counts(hundred):
    library.flush()
    assert Document.objects.count() == 0
    assert not Tally.objects.filter(documents__gt=0).exists()
