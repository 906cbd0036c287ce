from __future__ import annotations

from datetime import datetime
from typing import Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from santong.kernel import audit, crypto
from santong.kernel.errors import FieldInvalid, NoSuch
from santong.kernel.tenancy import all_or_nothing
from santong.messaging.models import MailAddress

SEALED_FOR: Final = "messaging.mail_address"
LONGEST: Final = 120


@all_or_nothing
def want_mails(*, merchant_id: int, address: str, now: datetime) -> int:
    """Let somebody have alarms by mail; the id of their entry. Twice is once.

    Raises FieldInvalid.
    """
    plain = address.strip().lower()
    try:
        validate_email(plain)
    except ValidationError:
        raise FieldInvalid(pointer="/address", reason="an address of a mailbox") from None
    if len(plain) > LONGEST:
        raise FieldInvalid(pointer="/address", reason=f"at most {LONGEST} characters")
    blind = crypto.blind_index(merchant_id=merchant_id, value=plain, purpose=SEALED_FOR)
    row, is_new = MailAddress.objects.get_or_create(
        merchant_id=merchant_id,
        blind=blind,
        defaults={
            "sealed": crypto.encrypt(
                merchant_id=merchant_id, plain=plain.encode(), place=SEALED_FOR
            ),
            "masked": masked(plain),
            "created_at": now,
        },
    )
    if is_new:
        _note(row, "messaging.want_mails", now)
    return int(row.id)


@all_or_nothing
def want_no_mails(*, merchant_id: int, address_id: int, now: datetime) -> None:
    """Send somebody no alarms any more. Raises NoSuch."""
    row = MailAddress.objects.of_merchant(merchant_id).filter(id=address_id).lock().first()
    if row is None:
        raise NoSuch(kind="mail_address", key=str(address_id))
    _note(row, "messaging.want_no_mails", now)
    row.delete()


def masked(address: str) -> str:
    """An address as it is shown: `l***@example.com`."""
    name, _, host = address.partition("@")
    return f"{name[:1]}***@{host}"


def _note(row: MailAddress, action: str, now: datetime) -> None:
    audit.record(
        audit.Change(
            action=action,
            subject="mail_address",
            subject_id=row.id,
            reason="asked",
            after={"address": row.masked},
        ),
        now=now,
    )
