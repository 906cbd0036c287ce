"""A message that was refused or failed is taken once more, as it came."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from santong.kernel import audit, crypto
from santong.kernel.errors import DomainError, NoSuch
from santong.kernel.tenancy import all_or_nothing
from santong.qimen.errors import MessageGone
from santong.qimen.models import Message
from santong.qimen.rules.masking import shown_reason
from santong.qimen.rules.xml import Unreadable, read_xml
from santong.qimen.selectors.calls import call_of
from santong.qimen.selectors.systems import contract_by_id
from santong.qimen.services.carry_out import carry_out
from santong.qimen.services.log_message import message_place


@all_or_nothing
def take_again(*, merchant_id: int, message_id: int, reason: str, now: datetime) -> str:
    """Carry a kept message out now; the state in which it is then. Its sender is not told.

    Raises NoSuch, MessageGone. Locks the message, then what its command locks.
    """
    row: Message | None = (
        Message.objects.of_merchant(merchant_id).filter(id=message_id).lock().first()
    )
    if row is None:
        raise NoSuch(kind="qimen_message", key=str(message_id))
    if row.direction != "in" or row.state not in {"refused", "failed"} or not row.sealed:
        raise MessageGone(message_id=message_id)
    plain = crypto.decrypt(
        merchant_id=merchant_id,
        sealed=bytes(row.sealed),
        place=message_place(message_id=message_id),
    )
    contract = contract_by_id(merchant_id=merchant_id, contract_id=row.contract_id)
    call = call_of(merchant_id=merchant_id, contract=contract, now=now)
    before = row.state
    try:
        with transaction.atomic():
            answered = carry_out(
                call=call, method=row.method, element=read_xml(body=plain, root="request")
            )
    except (DomainError, Unreadable) as refused:
        row.state = "refused"
        row.code = getattr(refused, "code", "unreadable")
        row.reason = shown_reason(text=str(refused))
    else:
        row.state = "waiting" if answered.is_waiting else "done"
        row.code, row.reason, row.sealed = "", "", b""
    row.save()
    audit.record(
        audit.Change(
            action="qimen.take_again",
            subject="qimen_message",
            subject_id=row.id,
            reason=reason,
            before={"state": before},
            after={"state": row.state},
        ),
        now=now,
    )
    return row.state
