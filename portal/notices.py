"""Notices by e-mail: written in the transaction of what they tell, sent by a process of their own.

A mail server that is out of order delays nothing: mail waits in the table, is tried again after
longer and longer pauses, and is given up after KEPT_FOR. Each mail is deleted in the transaction
that held it while it was sent; a sender killed between the server's answer and that commit sends
it once more, under the same Message-ID.
"""

import logging
from datetime import timedelta
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.mail import BadHeaderError, EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from core.audit import contributors
from core.fields import NFCCharField, NFCTextField
from core.people import holders, name_of
from core.publishing import Publishable
from core.workflow import Action, Right, State
from documents.models import Document, Visibility
from news import rights
from news.models import Edition
from portal.addresses import absolute

if TYPE_CHECKING:
    from django.contrib.auth.models import User

KEPT_FOR = timedelta(days=3)
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=4)

_log = logging.getLogger(__name__)


class OutgoingMail(models.Model):
    """One notice that waits to be handed to the mail server."""

    to = models.EmailField("người nhận")
    subject = NFCCharField("tiêu đề", max_length=300)
    body = NFCTextField("nội dung")
    written_at = models.DateTimeField("viết lúc", default=timezone.now)
    tries = models.PositiveSmallIntegerField("số lần thử", default=0)
    due_at = models.DateTimeField("gửi từ lúc", default=timezone.now)

    class Meta:
        verbose_name = "thư chờ gửi"
        verbose_name_plural = "thư chờ gửi"
        default_permissions = ()
        indexes = (models.Index(fields=("due_at", "id"), name="outgoing_mail_due"),)

    def __str__(self) -> str:
        return self.subject


# What is written

TOLD = {
    Action.SUBMIT: "Chờ bạn duyệt",
    Action.RETURN: "Bị trả lại",
    Action.APPROVE: "Đã duyệt, chờ đến giờ đăng",
    Action.PUBLISH: "Đã lên trang",
    Action.URGENT: "Đăng khẩn, chờ xác nhận",
}
NEXT = {
    Action.SUBMIT: "Hãy mở, đọc rồi duyệt hoặc trả lại kèm lý do.",
    Action.RETURN: "Hãy sửa theo lý do rồi gửi duyệt lại.",
    Action.APPROVE: "Bạn không phải làm gì thêm.",
    Action.PUBLISH: "Bạn không phải làm gì thêm.",
    Action.URGENT: "Một người không góp phần viết hãy mở, đọc và xác nhận.",
}


def write(
    *, version: Publishable, action: Action, by: "User | None", reason: str, **kwargs: Any
) -> None:
    """Write to those whom a move concerns, if mail can be sent at all (signal `moved`)."""
    if not settings.EMAIL_HOST or action not in TOLD:
        return
    if action == Action.APPROVE and version.publish_at and version.publish_at <= timezone.now():
        return  # it goes live in a moment, and that is told
    people = concerned(version, action).exclude(email="")
    people = people.exclude(pk=by.pk) if by else people
    subject, body = words(version, action, by, reason)
    addresses = {email.strip() for email in people.values_list("email", flat=True)}
    OutgoingMail.objects.bulk_create(
        OutgoingMail(to=address, subject=subject, body=body) for address in sorted(addresses)
    )


def concerned(version: Publishable, action: Action) -> models.QuerySet["User"]:
    """Return the active accounts that `action` asks something of, or that wait for it."""
    from django.contrib.auth.models import User

    if action == Action.SUBMIT:
        return approvers(version).exclude(pk__in=contributors(version))
    if action == Action.URGENT:
        return leaders(version)
    wrote = Q(pk__in=contributors(version)) | Q(pk=version.created_by_id)
    return User.objects.filter(wrote, is_active=True)


def approvers(version: Publishable) -> models.QuerySet["User"]:
    """Return the accounts that may approve `version`."""
    if isinstance(version, Edition):
        return rights.approvers(version)
    return holders(Document.PERMISSIONS[Right.APPROVE])


def leaders(version: Publishable) -> models.QuerySet["User"]:
    """Return the accounts that may publish what `version` is without a second person."""
    leads = rights.LEADS if isinstance(version, Edition) else Document.PERMISSIONS[Right.LEAD]
    return holders(leads)


def words(version: Publishable, action: Action, by: "User | None", reason: str) -> tuple[str, str]:
    """Return subject and body; what is internal is not named, since mail crosses the open net."""
    internal = isinstance(version, Document) and version.visibility == Visibility.INTERNAL
    name = "văn bản lưu hành nội bộ" if internal else " ".join(str(version).split())
    subject = version.audit_subject()
    page = reverse(
        f"admin:{subject._meta.app_label}_{subject._meta.model_name}_change", args=[subject.pk]
    )
    hour = version.publish_at if version.state == State.APPROVED else None
    lines = (
        f"{TOLD[action]}: {name}",
        f"Người thực hiện: {name_of(by) if by else 'tự động'}",
        f"Lý do: {reason}" if reason and not internal else "",
        f"Lên trang lúc {timezone.localtime(hour):%H:%M ngày %d/%m/%Y}" if hour else "",
        NEXT[action],
        absolute(page),
    )
    return f"{TOLD[action]}: {name}"[:300], "\n\n".join(filter(None, lines))


# What is sent


def send_waiting() -> int:
    """Send what is due and in no other sender's hands; return how many mails went out."""
    _give_up()
    if not _due().exists():
        return 0
    server = get_connection()
    try:
        server.open()
        return _send_all(server)
    except (SMTPException, OSError) as error:
        _log.warning("the mail server does not answer: %s", error)
        return 0
    finally:
        server.close()


def _send_all(server: BaseEmailBackend) -> int:
    sent = 0
    while (outcome := _send_next(server)) is not None:
        sent += outcome
    return sent


def _send_next(server: BaseEmailBackend) -> bool | None:
    """Send one mail; return whether it went out, None when none is due or nobody listens."""
    with transaction.atomic():
        mail = _due().select_for_update(skip_locked=True).order_by("due_at", "pk").first()
        if mail is None:
            return None
        try:
            server.send_messages([_message(mail)])
        except (SMTPException, OSError, BadHeaderError) as error:
            _postpone(mail, error)
            return False if isinstance(error, ANSWERS) else None
        mail.delete()
        return True


# The server has refused this one mail; the next may please it better.
ANSWERS = (SMTPResponseException, SMTPRecipientsRefused, BadHeaderError)


def _message(mail: OutgoingMail) -> EmailMessage:
    message_id = f"<toa-soan.{mail.pk}.{mail.written_at:%Y%m%d%H%M%S}@{settings.SITE_HOST}>"
    return EmailMessage(mail.subject, mail.body, to=[mail.to], headers={"Message-ID": message_id})


def _postpone(mail: OutgoingMail, error: Exception) -> None:
    _log.warning("notice %s is not sent yet: %s", mail.pk, error)
    pause = min(FIRST_PAUSE * 2 ** min(mail.tries, 16), LONGEST_PAUSE)
    mail.tries, mail.due_at = mail.tries + 1, timezone.now() + pause
    mail.save(update_fields=["tries", "due_at"])


def _due() -> models.QuerySet[OutgoingMail]:
    return OutgoingMail.objects.filter(due_at__lte=timezone.now())


def _give_up() -> None:
    """A notice of days ago helps nobody, and the table must not grow for ever."""
    old = OutgoingMail.objects.filter(written_at__lt=timezone.now() - KEPT_FOR)
    count, _ = old.delete()
    if count:
        _log.error("%s notices could not be sent within %s days", count, KEPT_FOR.days)
