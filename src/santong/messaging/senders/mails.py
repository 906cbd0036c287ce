"""Alarms that wait, handed to the mail server: claimed, sent, settled, as webhooks are."""

from __future__ import annotations

import smtplib
from datetime import datetime, timedelta
from typing import Final

import structlog
from django.core.mail import EmailMessage
from django.db import connection

from santong.kernel import cells, crypto, tenancy
from santong.messaging.models import Mail
from santong.messaging.services.want_mails import SEALED_FOR

CLAIM_LIVES: Final = timedelta(minutes=2)
ATTEMPTS: Final = 10
AT_ONCE: Final = 20
LONGEST_PAUSE: Final = timedelta(hours=1)

log = structlog.get_logger(__name__)


def send_mails(*, cell: cells.Cell, now: datetime) -> int:
    """Send what is due of a cell; how many mails left. Outside any scope."""
    assert not connection.in_atomic_block, "nothing slow happens inside a transaction"
    with tenancy.system_scope(cell), connection.cursor() as cursor:
        cursor.execute(
            "SELECT merchant_id, id FROM messaging_mail WHERE state = 'waits' AND due_at <= %s"
            " ORDER BY id LIMIT %s",
            [now, AT_ONCE],
        )
        due = cursor.fetchall()
    return sum(_send(merchant_id, mail_id, now) for merchant_id, mail_id in due)


def _send(merchant_id: int, mail_id: int, now: datetime) -> bool:
    try:
        with tenancy.scope(merchant_id=merchant_id):
            mail = _claim(merchant_id, mail_id, now)
            if mail is None:
                return False
            sealed = bytes(mail.address.sealed)
            to = crypto.decrypt(merchant_id=merchant_id, sealed=sealed, place=SEALED_FOR).decode()
        left = _hand_over(mail, to)
        with tenancy.scope(merchant_id=merchant_id):
            is_over = not left and mail.attempts >= ATTEMPTS
            Mail.objects.of_merchant(merchant_id).filter(id=mail_id).update(
                state="sent" if left else "dead" if is_over else "waits",
                due_at=now + min(timedelta(minutes=1) * 2**mail.attempts, LONGEST_PAUSE),
            )
    except cells.MerchantIsMoving:
        return False
    return left


def _claim(merchant_id: int, mail_id: int, now: datetime) -> Mail | None:
    mail: Mail | None = (
        Mail.objects.of_merchant(merchant_id)
        .select_related("address")
        .filter(id=mail_id, state="waits", due_at__lte=now)
        .select_for_update(skip_locked=True, of=("self",))
        .first()
    )
    if mail is not None:
        mail.attempts += 1
        mail.due_at = now + CLAIM_LIVES
        mail.save(update_fields=["attempts", "due_at"])
    return mail


def _hand_over(mail: Mail, to: str) -> bool:
    try:
        return EmailMessage(subject=mail.subject, body=mail.body, to=[to]).send() == 1
    except (OSError, smtplib.SMTPException) as failure:
        log.warning("mail_not_sent", mail_id=mail.id, why=type(failure).__name__)
        return False
