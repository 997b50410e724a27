"""The demonstration's directives in the library."""

import pytest
from django.conf import settings as configured
from django.db import transaction
from django.test import override_settings

from core.audit import AuditEntry
from documents.files import TextState
from documents.models import Document, DocumentFile, Issuer, Relation
from portal.demo import library, site
from portal.demo.directives import directives
from tests.factories import make_document, make_relation

pytestmark = pytest.mark.django_db
CHOSEN = {"14-HD/ĐUK", "18-HD/ĐUK", "04-QC/ĐUK", "456-QĐ/ĐUK", "15-HD/ĐUK", "179-BC/ĐUK"}


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker, tmp_path_factory):
    """The library, made once: making and reading a dozen files takes seconds."""
    root = tmp_path_factory.mktemp("documents")
    scans = [one for one in directives() if one.file == "scan"][:1]
    words = [one for one in directives() if one.file == "docx"][:1]
    few = [one for one in directives() if one.sign in CHOSEN]
    with django_db_blocker.unblock(), transaction.atomic():
        with override_settings(DOCUMENTS_ROOT=root):
            library.load([*few, *scans, *words], by=site.author(), quiet=True)
        yield root
        transaction.set_rollback(True)


@pytest.fixture
def loaded(made, settings):
    settings.DOCUMENTS_ROOT = made


def files_on_disk():
    return [path for path in configured.DOCUMENTS_ROOT.rglob("*") if path.is_file()]


def test_the_library_shows_every_kind_of_document(loaded):
    assert Document.objects.published().count() == 5 + 7
    internal = Document.objects.get(visibility="internal")
    assert internal.sign == "179-BC/ĐUK"
    kinds = DocumentFile.objects.values_list("kind", "text_state").distinct()
    assert set(kinds) == {
        ("pdf", TextState.LAYER),
        ("docx", TextState.LAYER),
        ("pdf", TextState.WAITING),
    }
    assert AuditEntry.objects.filter(action="clear").count() == 1


def test_force_follows_from_the_relations(loaded):
    ended_by = dict(Document.objects.exclude(ended_on=None).values_list("sign", "ended_by"))
    assert ended_by == {"14-HD/ĐUK": "replaces"}
    assert Document.objects.exclude(partly_ended_on=None).get().sign == "04-QC/ĐUK"
    guided = Relation.objects.get(kind="guides")
    assert (guided.source.sign, guided.target.sign) == ("15-HD/ĐUK", "24-CT/TU")


def test_of_the_cited_documents_only_what_the_page_says_is_known(loaded):
    central = Document.objects.exclude(issuer__name=library.COMMITTEE)
    assert central.count() == 5
    assert not central.exclude(term="", signer=None, effective_on=None, files=None).exists()
    assert central.get(issued_on=None).sign == "05-CT/TW"


def test_flushing_removes_the_demonstration_and_nothing_else(
    loaded, django_capture_on_commit_callbacks
):
    own = make_document()
    make_relation(source=own, kind="guides", target=Document.objects.get(sign="24-CT/TU"))
    assert files_on_disk()
    library.flush()
    assert list(Document.objects.all()) == [own]
    assert AuditEntry.objects.get().object_id == own.pk
    assert not files_on_disk()
    assert Issuer.objects.count() == 7
