"""How a document becomes public, and what is kept from becoming so."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from itertools import pairwise
from threading import Barrier

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from core.audit import AuditEntry
from core.publishing import Refused, approve, move, settle_due
from core.workflow import Action, State
from documents import search, vault
from documents.files import FileRole, TextState, add, attach, clear, examine, release
from documents.models import Document, DocumentFile, Visibility, lock_documents
from tests.factories import (
    attached,
    make_cadre,
    make_document,
    make_document_draft,
    make_person,
    make_relation,
    make_user,
    pdf_file,
    picture_file,
)

pytestmark = pytest.mark.django_db


def scan(name="ban-quet.png"):
    """Return an uploaded scan: a picture, without a text layer."""
    file = pdf_file(name=name)
    file.file.seek(0)
    file.file.truncate()
    file.file.write(picture_file((300, 400), "PNG").getvalue())
    file.size = file.file.tell()
    file.file.seek(0)
    return file


def trail(document):
    return list(
        AuditEntry.objects.filter(object_id=document.pk)
        .order_by("pk")
        .values_list("action", flat=True)
    )


# Who sees what


def test_a_draft_is_seen_by_nobody_and_a_live_document_by_everybody():
    document = make_document_draft()
    assert not Document.objects.published().exists()
    assert not Document.objects.readable_by(make_cadre()).exists()
    move(document, Action.PUBLISH)
    assert Document.objects.published().get() == document


def test_internal_documents_are_for_cadres_alone():
    internal = make_document(visibility=Visibility.INTERNAL)
    assert not Document.objects.published().exists()
    assert not Document.objects.readable_by(AnonymousUser()).exists()
    assert not Document.objects.readable_by(make_user("documents.view_document")).exists()
    assert Document.objects.readable_by(make_cadre()).get() == internal


def test_a_withdrawn_document_is_gone_and_may_come_back():
    document = make_document()
    withdrawn = move(document, Action.WITHDRAW, reason="Đăng nhầm bản dự thảo.")
    assert not Document.objects.published().exists()
    assert withdrawn.withdrawal_notice == "Đăng nhầm bản dự thảo."
    restored = move(withdrawn, Action.RESTORE)
    assert Document.objects.published().get().withdrawal_notice == ""
    assert restored.state == State.LIVE
    assert trail(document) == ["publish", "withdraw", "restore"]


def test_a_document_goes_live_at_its_hour():
    hour = timezone.now() + timedelta(hours=1)
    document = handed_in(publish_at=hour)
    approve(document, by=make_person("Lãnh đạo"))
    assert settle_due(Document, hour - timedelta(seconds=1)) == 0
    assert settle_due(Document, hour) == 1
    assert Document.objects.published().get() == document


def handed_in(*, by=None, **fields):
    """Return a document that a clerk, or `by`, has handed in."""
    by = by or make_person("Văn thư")
    return move(make_document_draft(**fields), Action.SUBMIT, by=by)


def test_a_clerk_cannot_approve_what_he_has_handed_in_and_a_leader_can():
    clerk = make_person("Văn thư")
    document = handed_in(by=clerk)
    with pytest.raises(Refused, match="không tự duyệt được"):
        approve(document, by=clerk)
    with pytest.raises(Refused, match="chưa được giao quyền"):
        approve(document, by=make_user("documents.change_document"))
    assert approve(document, by=make_person("Lãnh đạo")).state == State.LIVE


def test_who_has_added_a_file_is_no_second_pair_of_eyes():
    document, other = make_document_draft(), make_person("Văn thư")
    attached(document, by=other)
    document = move(document, Action.SUBMIT, by=make_person("Văn thư"))
    with pytest.raises(Refused, match="không tự duyệt được"):
        approve(document, by=other)


def test_a_file_added_after_the_approval_voids_it():
    hour = timezone.now() + timedelta(hours=1)
    document = approve(handed_in(publish_at=hour), by=make_person("Lãnh đạo"))
    assert document.state == State.APPROVED
    attached(document)
    document.refresh_from_db()
    assert (document.state, document.approved_digest) == (State.SUBMITTED, "")


def test_nobody_approves_what_he_has_not_seen():
    document, leader = handed_in(), make_person("Lãnh đạo")
    seen = document.stamp()
    attached(document)
    with pytest.raises(Refused, match="sau khi bạn mở trang"):
        approve(document, by=leader, seen=seen)


@pytest.mark.parametrize(
    ("missing", "named"),
    [
        ({"type": None}, "loại văn bản"),
        ({"issuer": None}, "cơ quan ban hành"),
        ({"abstract": " "}, "trích yếu"),
    ],
)
def test_what_is_missing_is_named(missing, named):
    document = make_document_draft(**missing)
    with pytest.raises(Refused, match=named):
        move(document, Action.PUBLISH)


# Files


def test_a_file_is_kept_as_it_came_under_its_digest():
    upload = pdf_file("Số 24-CT/TU, trang một.", "Trang hai.")
    content = upload.read()
    upload.seek(0)
    file = attach(make_document_draft(), upload, by=None, role=FileRole.APPENDIX)
    assert vault.path(file.sha256).read_bytes() == content
    assert (file.kind, file.pages, file.size) == ("pdf", 2, len(content))
    assert "24-CT/TU" in file.text
    assert file.text_state == TextState.LAYER
    assert vault.path(file.sha256, vault.PREVIEW).read_bytes()[8:12] == b"WEBP"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("Kế hoạch.PDF", "Kế hoạch.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\tai lieu\\cong van.docx", "cong van.pdf"),
        ("a\x00b\u202ecod.exe", "abcod.pdf"),
        (".pdf", "pdf.pdf"),
        ("", "van-ban.pdf"),
        ("x" * 400 + ".pdf", "x" * 140 + ".pdf"),
    ],
)
def test_a_file_keeps_its_name_without_its_tricks(given, kept):
    upload = pdf_file()
    upload._name = given
    assert attach(make_document_draft(), upload, by=None).name == kept


def test_the_same_file_twice_is_refused():
    document, upload = make_document_draft(), pdf_file()
    attach(document, upload, by=None)
    upload.seek(0)
    with pytest.raises(ValidationError, match="đã có trong văn bản này"):
        attach(document, upload, by=None)


def test_replacing_a_file_adds_one_and_tells_the_old_one_which():
    document = make_document_draft()
    old = attached(document, "Bản cũ", role=FileRole.APPENDIX)
    move(document, Action.PUBLISH)
    new = attached(document, "Bản mới", replaces=old)
    old.refresh_from_db()
    assert old.replaced_by == new
    assert new.role == FileRole.APPENDIX
    assert list(document.files.current()) == [new]
    assert trail(document)[1:] == ["publish", "create", "replace", "correct", "publish"]


def test_words_of_sign_abstract_and_current_files_are_found(
    django_assert_num_queries,
):
    from documents.search import all_of

    document = make_document_draft("15-HD/ĐUK", abstract="Học tập chuyên đề năm 2023")
    old = attached(document, "bản nháp lần đầu")
    attach(document, pdf_file("Nội dung đường lối đổi mới"), by=None, replaces=old)
    for typed in ("chuyên đề", "chuyen de", "duong loi", "ĐƯỜNG LỐI", "hoc tap doi moi"):
        assert Document.objects.filter(all_of(typed)).exists(), typed
    assert not Document.objects.filter(all_of("lần đầu")).exists()


def test_bytes_go_when_the_last_row_that_names_them_goes(django_capture_on_commit_callbacks):
    upload = pdf_file()
    first = attach(make_document_draft(), upload, by=None)
    upload.seek(0)
    second = attach(make_document_draft(), upload, by=None)
    with django_capture_on_commit_callbacks(execute=True):
        first.delete()
    assert vault.path(second.sha256).exists()
    with django_capture_on_commit_callbacks(execute=True):
        second.delete()
    assert not vault.path(second.sha256).exists()
    assert not vault.path(second.sha256, vault.PREVIEW).exists()


def test_a_write_that_breaks_off_leaves_no_half_file(monkeypatch):
    def killed(descriptor):
        raise OSError("No space left on device")

    monkeypatch.setattr("os.fsync", killed)
    with pytest.raises(OSError, match="No space"):
        vault.keep("a" * 64, b"content")
    assert list(vault.path("a" * 64).parent.iterdir()) == []
    with pytest.raises(ValidationError, match="hết chỗ"):
        attached(make_document_draft())


def test_bytes_may_be_read_by_nginx_in_the_portals_group_and_by_no_other_account():
    file = attached(make_document_draft())
    assert vault.path(file.sha256).stat().st_mode & 0o777 == 0o640


def test_a_file_whose_bytes_went_with_another_document_is_asked_for_again():
    file = examine(pdf_file(), by=None)
    release(file.sha256)
    with pytest.raises(ValidationError, match="gửi lại"):
        add(file, make_document_draft())


def test_bytes_that_a_row_names_are_not_released():
    file = attached(make_document_draft())
    release(file.sha256)
    assert vault.path(file.sha256).exists()


def test_a_document_that_was_deleted_meanwhile_takes_no_file():
    document = make_document_draft()
    Document.objects.filter(pk=document.pk).delete()
    with pytest.raises(ValidationError, match="vừa bị xóa"):
        attached(document)


def test_words_of_rare_letters_do_not_outgrow_the_index():
    document = make_document_draft()
    file = attached(document)
    words = (chr(0x20000 + number) + chr(0x20001 + number) for number in range(40_000))
    rare = " ".join(words)
    DocumentFile.objects.filter(pk=file.pk).update(text=f"{rare} {rare[::-1]} {rare[1::3]}")
    search.refresh(document.pk)
    assert Document.objects.filter(search.all_of(rare[:2])).get() == document


# The secrecy gate


@pytest.mark.parametrize("stamp", ["MẬT", "TỐI MẬT", "TUYỆT MẬT"])
def test_a_file_that_carries_a_marking_is_refused(stamp):
    document = make_document_draft()
    attached(document, f"{stamp}\nSố 12-BC/TU\nBáo cáo tình hình")
    with pytest.raises(Refused, match=stamp.capitalize().replace("mật", "mật")):
        move(document, Action.PUBLISH)
    document.refresh_from_db()
    assert document.state == State.DRAFT


def test_a_marking_in_the_abstract_is_refused():
    document = make_document_draft(abstract="MẬT")
    with pytest.raises(Refused, match="bí mật nhà nước"):
        move(document, Action.PUBLISH)


def test_a_marking_in_the_sign_is_refused():
    document = make_document_draft("12-QĐ/TU (TỐI MẬT)")
    with pytest.raises(Refused, match="Số, ký hiệu có dấu “Tối mật”"):
        move(document, Action.PUBLISH)


def test_a_live_document_takes_no_file_but_by_a_correction():
    document, clerk = make_document(), make_user()
    with pytest.raises(ValidationError, match="Soạn đính chính"):
        attach(document, pdf_file(), by=clerk)
    assert not document.files.exists()


def test_a_scan_waits_for_somebody_to_read_it(settings):
    document, clerk = make_document_draft(), make_user("documents.publish_document")
    file = attach(document, scan(), by=clerk)
    with pytest.raises(Refused, match="chưa có lớp văn bản"):
        move(document, Action.PUBLISH)
    clear(file, by=clerk)
    clear(DocumentFile.objects.get(), by=make_user())
    assert DocumentFile.objects.get().cleared_by == clerk
    assert move(document, Action.PUBLISH).state == State.LIVE
    assert trail(document) == ["attach", "clear", "publish"]
    cleared = AuditEntry.objects.get(action=Action.CLEAR)
    assert (cleared.actor, file.sha256 in cleared.reason) == (clerk, True)


@pytest.mark.parametrize("text_state", TextState)
def test_every_file_but_one_with_a_text_layer_needs_clearance(text_state):
    file, reader = attached(make_document_draft()), make_user()
    for cleared_by in (None, reader):
        DocumentFile.objects.update(text_state=text_state, cleared_by=cleared_by)
        file.refresh_from_db()
        needed = text_state != TextState.LAYER and cleared_by is None
        assert file.needs_clearance == DocumentFile.objects.uncleared().exists() == needed


@pytest.mark.parametrize("mark", ["Scanned with CamScanner", "Được quét bằng CamScanner"])
def test_the_mark_of_a_scanning_app_is_no_text_layer(mark):
    document = make_document_draft()
    assert attached(document, mark, mark).needs_clearance
    assert attached(document, "Nội dung văn bản", mark).text_state == TextState.PARTIAL
    assert not attached(document, f"Nội dung văn bản\n{mark}").needs_clearance


# Two at once


def together(*tasks):
    barrier = Barrier(len(tasks))

    def run(task):
        barrier.wait(timeout=10)
        try:
            return task()
        except (Refused, ValidationError, IntegrityError) as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(tasks)) as pool:
        return list(pool.map(run, tasks))


@pytest.mark.django_db(transaction=True)
def test_two_clerks_cannot_close_a_circle_between_them():
    for _ in range(5):
        first = make_document()
        second = make_document(issuer=first.issuer)
        one = partial(make_relation, first, "amends", second)
        other = partial(make_relation, second, "amends", first)
        outcomes = together(one, other)
        assert sum(isinstance(outcome, IntegrityError) for outcome in outcomes) == 1


@pytest.mark.django_db(transaction=True)
def test_two_clerks_creating_one_sign_create_one_document():
    draft = make_document_draft("24-CT/TU", term="2020-2025")
    draft.delete()
    facts = {"issuer": draft.issuer, "type": draft.type, "term": "2020-2025"}
    outcomes = together(*[partial(make_document_draft, "24-CT/TU", **facts)] * 2)
    assert sum(isinstance(outcome, IntegrityError) for outcome in outcomes) == 1
    assert Document.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_documents_that_end_each_other_in_a_row_go_live_together_without_waiting_forever():
    chain = [make_document_draft()]
    chain += [make_document_draft(issuer=chain[0].issuer) for _ in range(3)]
    for newer, older in pairwise(chain):
        make_relation(source=newer, kind="replaces", target=older)
    outcomes = together(*(partial(move, document, Action.PUBLISH) for document in chain))
    assert [outcome.state for outcome in outcomes] == [State.LIVE] * 4
    assert Document.objects.exclude(ended_on=None).count() == 3


@pytest.mark.django_db(transaction=True)
def test_of_two_who_replace_a_file_one_is_told():
    document = make_document_draft()
    old = attached(document)
    files = pdf_file("Một"), pdf_file("Hai")
    replace = partial(attach, document, by=None, replaces=old)
    outcomes = together(*(partial(replace, file) for file in files))
    assert sum(isinstance(outcome, ValidationError) for outcome in outcomes) == 1
    assert document.files.current().count() == 1


@pytest.mark.django_db(transaction=True)
def test_no_reader_waits_for_a_clerk_who_has_documents_in_hand():
    hour = timezone.now() + timedelta(hours=1)
    # A test that flushes the tables has no groups.
    clerk = make_user("documents.change_document")
    document = handed_in(by=clerk, publish_at=hour)
    approve(document, by=make_user("documents.publish_document"))
    with transaction.atomic():
        lock_documents()
        assert together(partial(settle_due, Document, hour)) == [0]
    assert settle_due(Document, hour) == 1
