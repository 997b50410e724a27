"""What readers have seen changes by a correction alone, which another person approves."""

from datetime import date, timedelta
from functools import partial

import pytest
from django.db import transaction
from django.utils import timezone

from core.audit import AuditEntry
from core.publishing import Refused, approve, confirm, move, settle_due
from core.workflow import Action, State
from documents import vault
from documents.clerk import bin as the_bin
from documents.corrections import begin, open_correction, stand_in
from documents.files import attach, release
from documents.models import Document, Field, Relation
from tests.documents.test_publishing import scan, together
from tests.factories import (
    attached,
    make_document,
    make_document_draft,
    make_issuer,
    make_person,
    make_relation,
    make_user,
    pdf_file,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk():
    return make_person("Văn thư")


@pytest.fixture
def leader():
    return make_person("Lãnh đạo")


def typed(correction, **values):
    for name, value in values.items():
        setattr(correction, name, value)
    correction.save()
    return correction


def trail(document):
    entries = AuditEntry.objects.filter(object_id=document.pk).order_by("pk")
    return [(one.action, one.actor) for one in entries]


def test_a_correction_begins_as_the_document_is_and_readers_see_nothing_of_it(clerk):
    topic = Field.objects.create(name="Tuyên giáo", slug="tuyen-giao")
    document = make_document(fields=[topic], issued_on=date(2023, 7, 15))
    make_relation(document, "guides", make_document())
    attached(document, by=clerk)
    correction = begin(document, by=clerk)
    assert correction.content() == Document.objects.get(pk=document.pk).content()
    typed(correction, abstract="Trích yếu khác")
    assert Document.objects.published().filter(pk=document.pk).get().abstract != "Trích yếu khác"
    assert not Document.objects.published().filter(pk=correction.pk).exists()


def test_approved_it_changes_text_relations_fields_and_files_at_once(clerk, leader):
    issuer = make_issuer()
    document = make_document(issuer=issuer)
    old = attached(document, "Bản có lỗi")
    kept = attached(document, "Phụ lục", role="appendix")
    target, topic = (
        make_document(issuer=issuer),
        Field.objects.create(name="Tổ chức", slug="to-chuc"),
    )
    make_relation(document, "guides", make_document())
    correction = typed(begin(document, by=clerk), abstract="Về việc đã sửa")
    stand = correction.files.get(stands_for=old)
    attach(correction, pdf_file("Bản đúng"), by=clerk, replaces=stand)
    stand.delete()
    added = attach(correction, pdf_file("Thêm"), by=clerk, role="appendix")
    correction.acts.all().delete()
    make_relation(correction, "replaces", target)
    correction.fields.set([topic])
    approve(move(correction, Action.SUBMIT, by=clerk), by=leader)
    document, old = Document.objects.get(pk=document.pk), type(old).objects.get(pk=old.pk)
    assert (document.state, document.abstract) == (State.LIVE, "Về việc đã sửa")
    assert document.acts.values_list("kind", "target").get() == ("replaces", target.pk)
    assert document.fields.get() == topic
    current = list(document.files.current())
    assert [current[0], kept] == [old.replaced_by, current[1]]
    assert current[2].sha256 == added.sha256
    assert document.digest() == document.approved_digest
    words = AuditEntry.objects.filter(action=Action.CORRECT).first().reason
    assert "→ Về việc đã sửa" in words
    assert old.replaced_by.sha256[:12] in words


def test_who_wrote_a_correction_does_not_approve_it_and_a_refusal_has_a_reason(clerk, leader):
    document = make_document()
    correction = typed(begin(document, by=clerk), abstract="Khác")
    move(correction, Action.SUBMIT, by=clerk)
    with pytest.raises(Refused, match="không tự duyệt được"):
        approve(correction, by=clerk)
    returned = move(correction, Action.RETURN, by=leader, reason="Thiếu dấu.")
    assert (returned.state, open_correction(document)) == (State.RETURNED, returned)
    assert (Action.RETURN, leader) in trail(document)


def test_there_is_one_correction_at_a_time(clerk):
    document = make_document()
    first = begin(document, by=clerk)
    assert begin(document, by=make_person("Văn thư")) == first
    with breaks("document_correction_open_once"):
        Document.objects.create(corrects=document)


@pytest.mark.django_db(transaction=True)
def test_two_who_begin_at_once_write_in_the_same_correction():
    document = make_document()
    # A test that flushes the tables has no groups.
    writers = [make_user("documents.change_document") for _ in range(2)]
    begun = together(*(partial(begin, document, by=one) for one in writers))
    assert len({one.pk for one in begun}) == document.corrections.count() == 1


def test_only_who_writes_corrects_and_only_what_was_public(leader, clerk):
    with pytest.raises(Refused, match="chưa được giao quyền"):
        begin(make_document(), by=leader)
    with pytest.raises(Refused, match="cứ sửa ngay"):
        begin(make_document_draft(), by=clerk)


def test_one_taken_out_of_the_bin_after_another_was_published_says_so(clerk, leader):
    document = make_document()
    older = typed(begin(document, by=clerk), abstract="Bản cũ")
    the_bin.throw_away(older, by=clerk)
    newer = typed(begin(document, by=clerk), abstract="Bản mới")
    with pytest.raises(Refused, match="đang có bản đính chính khác"):
        the_bin.take_back(older, by=clerk)
    approve(move(newer, Action.SUBMIT, by=clerk), by=leader)
    the_bin.take_back(older, by=clerk)
    with pytest.raises(Refused, match="đã được đính chính sau khi"):
        move(older, Action.SUBMIT, by=clerk)


def test_staged_files_pass_the_gate_of_secrecy(clerk):
    correction = begin(make_document(), by=clerk)
    attached(correction, "TỐI MẬT\nPhụ lục", by=clerk)
    attach(correction, scan(), by=clerk)
    with pytest.raises(Refused) as caught:
        move(correction, Action.SUBMIT, by=clerk)
    assert "Tối mật" in str(caught.value)
    assert "chưa có lớp văn bản" in str(caught.value)


def test_the_bytes_of_a_staged_file_are_not_released(clerk):
    correction = begin(make_document(), by=clerk)
    file = attached(correction, by=clerk)
    release(file.sha256)
    assert vault.path(file.sha256).exists()


def test_a_file_that_was_seen_comes_back_when_what_took_its_place_is_deleted(clerk):
    document = make_document()
    old = attached(document)
    correction = begin(document, by=clerk)
    stand = correction.files.get()
    staged = attach(correction, pdf_file(), by=clerk, replaces=stand)
    stand.delete()
    staged.delete()
    stand_in(correction)
    assert correction.files.get().sha256 == old.sha256


def test_a_withdrawn_document_is_corrected_before_it_comes_back(clerk, leader):
    document = move(make_document(), Action.WITHDRAW, reason="Nhầm số.")
    correction = typed(begin(document, by=clerk), abstract="Đúng số")
    approve(move(correction, Action.SUBMIT, by=clerk), by=leader)
    document.refresh_from_db()
    assert (document.state, document.abstract) == (State.WITHDRAWN, "Đúng số")
    assert move(document, Action.RESTORE, by=clerk).state == State.LIVE


def test_an_urgent_correction_is_flagged_until_another_has_looked(clerk, leader):
    document = make_document()
    correction = typed(begin(document, by=clerk), abstract="Gấp")
    move(correction, Action.URGENT, by=leader, reason="Sai tên đồng chí.")
    document.refresh_from_db()
    assert (document.abstract, document.unconfirmed) == ("Gấp", True)
    with pytest.raises(Refused, match="không tự duyệt được"):
        confirm(document, by=leader)
    assert not confirm(document, by=make_person("Lãnh đạo")).unconfirmed


def test_what_has_become_impossible_goes_back_at_its_hour(clerk, leader):
    hour = timezone.now() + timedelta(hours=1)
    document = make_document("24-CT/TU")
    correction = typed(begin(document, by=clerk), sign="25-CT/TU", publish_at=hour)
    approve(move(correction, Action.SUBMIT, by=clerk), by=leader)
    make_document("25-CT/TU", issuer=document.issuer, type=document.type)
    assert settle_due(Document, hour) == 0
    correction.refresh_from_db()
    document.refresh_from_db()
    assert (correction.state, document.sign) == (State.RETURNED, "24-CT/TU")


# What the database keeps


def test_a_live_or_withdrawn_document_changes_by_a_correction_alone():
    for document in (
        make_document(),
        move(make_document(), Action.WITHDRAW, reason="Nhầm."),
    ):
        rows = Document.objects.filter(pk=document.pk)
        for values in ({"abstract": "x"}, {"visibility": "internal"}, {"unconfirmed": True}):
            with breaks("document_changes_by_correction"):
                rows.update(**values)
        with breaks("document_changes_by_correction"):
            rows.update(state=State.DRAFT)


def test_an_approved_document_stays_as_it_was_approved(clerk, leader):
    hour = timezone.now() + timedelta(hours=1)
    draft = make_document_draft(publish_at=hour)
    approve(move(draft, Action.SUBMIT, by=clerk), by=leader)
    with breaks("document_approved_is_fixed"):
        Document.objects.filter(pk=draft.pk).update(abstract="x")


def test_relations_fields_and_files_of_a_live_document_are_fixed():
    document, other = make_document(), make_document()
    file = attached(document)
    for change in (
        partial(Relation.objects.create, source=document, kind="guides", target=other),
        partial(document.fields.add, Field.objects.create(name="Mới", slug="moi")),
        partial(document.files.filter(pk=file.pk).update, role="appendix"),
    ):
        with breaks("document_parts_are_fixed"):
            change()


def test_a_correction_is_never_live():
    with breaks("document_correction_never_live"):
        Document.objects.create(
            corrects=make_document(), state=State.WITHDRAWN, went_live_at=timezone.now()
        )


class breaks:
    """Expect the database to refuse, in the name of `constraint`; the test goes on."""

    def __init__(self, constraint):
        self.constraint, self.savepoint = constraint, transaction.atomic()

    def __enter__(self):
        self.savepoint.__enter__()

    def __exit__(self, kind, error, trace):
        self.savepoint.__exit__(kind, error, trace)
        assert error is not None
        return error.__cause__.diag.constraint_name == self.constraint
