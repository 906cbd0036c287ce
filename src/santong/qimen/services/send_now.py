from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from santong.kernel import audit
from santong.kernel.tenancy import all_or_nothing
from santong.qimen.models import Sending
from santong.qimen.services.claim_messages import breaker_of, keep_breaker
from santong.qimen.services.lock_contract import lock_contract


@all_or_nothing
def send_now(*, merchant_id: int, contract_id: int, reason: str, now: datetime) -> int:
    """Let everything that waits leave at once, and the line be tried; how many messages that are.

    Raises NoSuch. Locks the contract.
    """
    contract = lock_contract(merchant_id=merchant_id, contract_id=contract_id)
    breaker = breaker_of(contract)
    if breaker.rests_until is not None:
        keep_breaker(contract, replace(breaker, rests_until=now))
    rows = Sending.objects.of_merchant(merchant_id).filter(contract_id=contract_id, state="waiting")
    hurried = rows.update(due_at=now)
    audit.record(
        audit.Change(
            action="qimen.send_now",
            subject="qimen_contract",
            subject_id=contract_id,
            reason=reason,
            after={"messages": hurried},
        ),
        now=now,
    )
    return hurried
