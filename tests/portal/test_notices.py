"""Notices by e-mail: to whom, queued with the move, and never in its way."""

import socketserver
import threading
from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from core.publishing import Refused, move
from core.workflow import Action
from portal.notices import KEPT_FOR, OutgoingMail, send_waiting
from tests.factories import (
    make_category,
    make_document_draft,
    make_draft,
    make_person,
    make_unit,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def configured(settings):
    settings.EMAIL_HOST = "127.0.0.1"


def with_address(user):
    user.email = f"{user.username}@example.vn"
    user.save()
    return user


@pytest.fixture
def people():
    category = make_category()
    return {
        "category": category,
        "writer": with_address(make_person("Cộng tác viên", make_unit(), username="viet")),
        "editor": with_address(make_person("Biên tập viên", category, username="bien-tap")),
        "other": with_address(make_person("Biên tập viên", make_category(), username="khac")),
        "leader": with_address(make_person("Lãnh đạo", username="lanh-dao")),
        "silent": make_person("Lãnh đạo", username="khong-thu"),
        "clerk": with_address(make_person("Văn thư", username="van-thu")),
    }


def draft(people, **fields):
    return make_draft("Sơ kết", by=people["writer"], category=people["category"], **fields)


def told():
    """The account and the first words of each mail that waits; forgets them."""
    rows = [(one.to.partition("@")[0], one.subject) for one in OutgoingMail.objects.order_by("to")]
    OutgoingMail.objects.all().delete()
    return rows


def test_each_move_is_told_to_whom_it_concerns(people):
    edition = move(draft(people), Action.SUBMIT, by=people["writer"])
    assert told() == [("bien-tap", "Chờ bạn duyệt: Sơ kết"), ("lanh-dao", "Chờ bạn duyệt: Sơ kết")]
    move(edition, Action.RETURN, by=people["editor"], reason="Thiếu nguồn.")
    assert "Thiếu nguồn." in OutgoingMail.objects.get().body
    assert told() == [("viet", "Bị trả lại: Sơ kết")]
    edition = move(edition, Action.SUBMIT, by=people["writer"])
    told()
    edition = move(edition, Action.APPROVE, by=people["editor"])
    assert told() == []
    move(edition, Action.PUBLISH)
    assert told() == [("viet", "Đã lên trang: Sơ kết")]


def test_an_hour_ahead_is_told_with_the_approval(people):
    edition = draft(people, publish_at=timezone.now() + timedelta(days=1))
    move(move(edition, Action.SUBMIT), Action.APPROVE, by=people["editor"])
    waiting = OutgoingMail.objects.get(to="viet@example.vn")
    assert "Lên trang lúc" in waiting.body


def test_what_is_urgent_is_told_to_the_other_leaders(people):
    move(draft(people), Action.URGENT, by=people["silent"], reason="Bão.")
    assert told() == [("lanh-dao", "Đăng khẩn, chờ xác nhận: Sơ kết")]


def test_an_internal_document_is_not_named_in_the_open_net(people):
    document = make_document_draft("24-KH/ĐUK", abstract="Chuyện nội bộ", visibility="internal")
    move(document, Action.SUBMIT, by=make_person("Văn thư"))
    waiting = OutgoingMail.objects.get(to="van-thu@example.vn")
    for words in ("24-KH", "Chuyện nội bộ"):
        assert words not in waiting.subject + waiting.body


def test_nothing_is_written_without_a_server_or_for_a_move_that_failed(people, settings):
    edition = draft(people)
    with pytest.raises(Refused):
        move(edition, Action.RETURN, by=people["editor"], reason="Sớm quá.")
    with transaction.atomic():
        move(edition, Action.SUBMIT)
        transaction.set_rollback(True)
    settings.EMAIL_HOST = ""
    move(edition, Action.SUBMIT)
    assert told() == []


def wait(to="viet@example.vn", **fields):
    return OutgoingMail.objects.create(to=to, subject="Bị trả lại: Họp", body="Hãy sửa.", **fields)


def test_the_command_sends_what_waits_once(capsys):
    one = wait()
    call_command("send_notices", "--once")
    call_command("send_notices", "--once")
    assert capsys.readouterr().out == "Đã gửi 1 thư.\nĐã gửi 0 thư.\n"
    (sent,) = mail.outbox
    assert (sent.to, sent.subject) == (["viet@example.vn"], "Bị trả lại: Họp")
    assert f"toa-soan.{one.pk}." in sent.extra_headers["Message-ID"]


class Refusing(socketserver.StreamRequestHandler):
    """A mail server that takes every mail but those to nobody@."""

    def handle(self):
        self.wfile.write(b"220 hello\r\n")
        while line := self.rfile.readline():
            word = line.split()[0].upper()
            if word == b"DATA":
                self.wfile.write(b"354 go\r\n")
                while self.rfile.readline() != b".\r\n":
                    pass
                self.server.taken.append(self.recipient)
            if word == b"RCPT":
                self.recipient = line.decode().partition("<")[2].partition(">")[0]
            no = word == b"RCPT" and self.recipient.startswith("nobody")
            self.wfile.write(b"550 no such person\r\n" if no else b"250 fine\r\n")


@pytest.fixture
def server(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Refusing) as server:
        server.taken, server.daemon_threads = [], True
        settings.EMAIL_PORT = server.server_address[1]
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server
        server.shutdown()


def test_a_mail_that_is_refused_waits_and_holds_up_no_other(server):
    refused = wait("nobody@example.vn")
    wait()
    assert send_waiting() == 1
    assert server.taken == ["viet@example.vn"]
    first = OutgoingMail.objects.get()
    assert (first.pk, first.tries) == (refused.pk, 1)
    assert first.due_at > timezone.now()
    OutgoingMail.objects.update(due_at=timezone.now())
    send_waiting()
    second = OutgoingMail.objects.get()
    assert second.due_at - timezone.now() > timedelta(seconds=90)


def test_a_server_that_does_not_answer_loses_and_delays_nothing(people, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_PORT = 1
    move(draft(people), Action.SUBMIT, by=people["writer"])
    assert send_waiting() == 0
    assert OutgoingMail.objects.count() == 2


def test_what_is_days_old_is_given_up():
    wait(written_at=timezone.now() - KEPT_FOR - timedelta(minutes=1))
    wait()
    assert send_waiting() == 1
    assert not OutgoingMail.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_senders_send_each_mail_once(server):
    for number in range(20):
        wait(f"nguoi-{number}@example.vn")

    def work():
        from django.db import connection

        send_waiting()
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(server.taken) == sorted(f"nguoi-{number}@example.vn" for number in range(20))
