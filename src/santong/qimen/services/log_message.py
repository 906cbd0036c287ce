"""The log of what was said: masked to be shown, sealed to be taken again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from santong.kernel import crypto, tenancy
from santong.kernel.tenancy import all_or_nothing
from santong.qimen import contracts
from santong.qimen.models import Message
from santong.qimen.rules.masking import masked, shown_reason
from santong.qimen.rules.numbers import number_in
from santong.qimen.rules.xml import Element

KEPT_FOR: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A message as it goes into the log."""

    contract_id: int
    direction: contracts.Direction
    method: str
    state: contracts.MessageState
    element: Element | None
    body: bytes
    code: str = ""
    reason: str = ""
    milliseconds: int = 0


@all_or_nothing
def log_message(*, merchant_id: int, said: Said, now: datetime) -> int:
    """Append a message. Of one that did not go well the whole is sealed, to be taken again."""
    row = Message(
        merchant_id=merchant_id,
        contract_id=said.contract_id,
        direction=said.direction,
        method=said.method[:60],
        number=number_in(element=said.element)[:120] if said.element else "",
        state=said.state,
        code=said.code[:80],
        reason=shown_reason(text=said.reason),
        shown=masked(element=said.element) if said.element else [],
        at=now,
        milliseconds=said.milliseconds,
        request_id=tenancy.current().request_id[:64],
    )
    row.save(force_insert=True)
    if said.direction == "in" and said.state in {"refused", "failed"}:
        row.sealed = crypto.encrypt(
            merchant_id=merchant_id, plain=said.body, place=message_place(message_id=row.id)
        )
        row.save(update_fields=["sealed"])
    return row.id


def message_place(*, message_id: int) -> str:
    """What binds a sealed message to its line of the log."""
    return f"qimen.message:{message_id}"


def forget_messages(*, merchant_id: int, now: datetime) -> int:
    """Drop what is older than a month."""
    rows = Message.objects.of_merchant(merchant_id).filter(at__lt=now - KEPT_FOR)
    gone, _ = rows.delete()
    return gone
