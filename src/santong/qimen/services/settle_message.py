"""What became of a message that was sent: taken, refused for good, or to be tried again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from santong.gateway import public as gateway
from santong.kernel.tenancy import all_or_nothing
from santong.qimen.models import Sending
from santong.qimen.rules.masking import shown_reason
from santong.qimen.rules.xml import Element
from santong.qimen.services.claim_messages import Parcel, breaker_of, keep_breaker
from santong.qimen.services.follow_answer import follow_answer
from santong.qimen.services.lock_contract import lock_contract


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What the other side said, or why nothing was heard of it."""

    is_heard: bool
    is_success: bool = False
    code: str = ""
    message: str = ""
    answer: Element | None = None
    milliseconds: int = 0


@all_or_nothing
def settle_message(
    *,
    merchant_id: int,
    contract_id: int,
    parcel: Parcel,
    heard: Heard,
    jitter_thousandths: int,
    now: datetime,
) -> None:
    """Write down how a message ended, and what follows from it here. Only who holds the claim does.

    Raises NoSuch. Locks the contract, the message, then what the consequence locks.
    """
    contract = lock_contract(merchant_id=merchant_id, contract_id=contract_id)
    breaker = breaker_of(contract)
    if heard.is_heard:
        after = gateway.succeeded(breaker=breaker, generation=parcel.generation)
    else:
        after = gateway.failed(breaker=breaker, generation=parcel.generation, now=now)
    keep_breaker(contract, after)
    row: Sending | None = (
        Sending.objects.of_merchant(merchant_id)
        .filter(id=parcel.id, claim=parcel.claim, state="waiting")
        .lock()
        .first()
    )
    if row is None:
        return
    row.claimed_until = None
    row.code, row.reason = heard.code[:80], shown_reason(text=heard.message)
    if heard.is_heard:
        row.state = "done" if heard.is_success else "refused"
        row.ended_at, row.body_sealed = now, b""
    else:
        row.attempts += 1
        row.due_at = now + gateway.wait_before(
            attempt=row.attempts, jitter_thousandths=jitter_thousandths
        )
    row.save()
    if heard.is_heard:
        follow_answer(
            merchant_id=merchant_id,
            contract_id=contract_id,
            method=parcel.method,
            lane=parcel.lane,
            is_success=heard.is_success,
            answer=heard.answer,
            why=row.reason or row.code,
            now=now,
        )
