"""Scans are read in the background: by several workers, exactly once, and never in a circle."""

import io
import threading

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection, connections
from PIL import Image, ImageDraw, ImageFont

from core.audit import AuditEntry
from core.publishing import move
from core.workflow import Action, State
from documents import scans, vault
from documents.files import TextState, clear
from documents.models import Document, DocumentFile
from documents.scans import NOTICE, read_waiting
from documents.search import all_of
from tests.factories import (
    SERIF,
    attached,
    attached_upload,
    make_document_draft,
    make_user,
    numbers,
)

pytestmark = pytest.mark.django_db


def scan_file(text):
    """Return a picture of a page with `text` on it."""
    page = Image.new("L", (900, 500), "white")
    font = ImageFont.truetype(SERIF, 40)
    ImageDraw.Draw(page).multiline_text((40, 40), f"{text}\n\nTrang {next(numbers)}", font=font)
    content = io.BytesIO()
    page.save(content, "PNG")
    return SimpleUploadedFile("quet.png", content.getvalue())


def scanned(text="Học tập và làm theo", document=None):
    return attached_upload(document or make_document_draft(), scan_file(text), by=None)


def test_a_scan_gets_its_words_and_is_found_by_them():
    file = scanned()
    assert file.text_state == TextState.WAITING
    assert read_waiting() == 1
    file.refresh_from_db()
    assert file.text_state == TextState.RECOGNISED
    assert "Học tập" in file.text
    assert Document.objects.get(all_of("hoc tap")) == file.document
    assert read_waiting() == 0


def test_recognised_words_do_not_rule_out_a_stamp():
    file = scanned()
    read_waiting()
    file.refresh_from_db()
    assert file.needs_clearance


def test_what_has_words_already_is_left_alone():
    file = attached(make_document_draft())
    assert read_waiting() == 0
    file.refresh_from_db()
    assert file.text_state == TextState.LAYER


def test_a_live_document_with_a_marking_goes_off_the_site_at_once():
    document = make_document_draft()
    file = scanned("TUYỆT MẬT", document)
    clear(file, by=make_user("documents.publish_document"))
    move(document, Action.PUBLISH)
    read_waiting()
    document.refresh_from_db()
    assert document.state == State.WITHDRAWN
    assert document.withdrawal_notice == NOTICE
    assert "mật" not in NOTICE.lower()
    entry = AuditEntry.objects.first()
    assert (entry.action, entry.actor) == (Action.WITHDRAW, None)
    assert "thấy dấu “Tuyệt mật” trong tệp quet.png" in entry.reason


def test_a_draft_with_a_marking_stays_a_draft_and_is_not_published():
    document = make_document_draft()
    file = scanned("TUYỆT MẬT", document)
    read_waiting()
    document.refresh_from_db()
    file.refresh_from_db()
    assert (document.state, file.marking) == (State.DRAFT, "Tuyệt mật")
    assert any("Tuyệt mật" in problem.message for problem in document.problems())


def test_a_file_that_gives_no_words_is_not_tried_for_ever():
    empty = attached_upload(make_document_draft(), blank_page(), by=None)
    missing = scanned()
    vault.discard(missing.sha256)
    assert read_waiting() == 2
    assert set(DocumentFile.objects.values_list("text_state", flat=True)) == {TextState.NONE}
    assert read_waiting() == 0
    assert empty.document.state == State.DRAFT


def blank_page():
    content = io.BytesIO()
    Image.new("L", (300 + next(numbers), 300), "white").save(content, "PNG")
    return SimpleUploadedFile("trang.png", content.getvalue())


def test_a_file_deleted_while_it_is_read_is_forgotten(monkeypatch):
    file = scanned()
    words = scans._words

    def delete_meanwhile(found):
        read = words(found)
        file.document.delete()
        return read

    monkeypatch.setattr(scans, "_words", delete_meanwhile)
    assert read_waiting() == 0


def test_the_command_reads_what_waits(capsys):
    scanned()
    call_command("read_scans", once=True)
    assert capsys.readouterr().out == "Đã đọc 1 bản quét.\n"


@pytest.mark.django_db(transaction=True)
class TestSeveralWorkers:
    def test_two_workers_share_the_work(self):
        for _ in range(4):
            scanned()
        gate, read = threading.Barrier(2), []

        def work():
            gate.wait(timeout=20)
            try:
                read.append(read_waiting())
            finally:
                connection.close()

        workers = [threading.Thread(target=work) for _ in range(2)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join(timeout=120)
        left = DocumentFile.objects.filter(text_state=TextState.WAITING).count()
        # Whoever finds a file in the other's hands passes on to the next one.
        assert sum(read) == 4 - left
        assert read_waiting() == left

    def test_a_file_in_another_workers_hands_is_left_to_it_until_that_one_is_killed(self):
        file = scanned()
        other = connections.create_connection("default")
        try:
            with other.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_try_advisory_lock(hashtext('documents.scan'), %s), pg_backend_pid()",
                    [file.pk],
                )
                held, pid = cursor.fetchone()
            assert held
            assert read_waiting() == 0
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
                assert cursor.fetchone() == (True,)
        finally:
            other.close()
        assert read_waiting() == 1
