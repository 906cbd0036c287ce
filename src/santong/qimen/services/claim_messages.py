"""Whoever sends claims what is due, for a time: nobody else sends it meanwhile."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from santong.gateway import public as gateway
from santong.kernel import crypto
from santong.kernel.tenancy import all_or_nothing
from santong.qimen.models import Contract, Sending
from santong.qimen.services.lock_contract import lock_contract
from santong.qimen.services.queue_message import sending_place

CLAIM_LIVES: Final = timedelta(seconds=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """One message that is claimed, and under which state of the line it was let through."""

    id: int
    claim: int
    attempts: int
    lane: str
    serial_no: str
    method: str
    body: bytes
    generation: int


@all_or_nothing
def claim_messages(*, merchant_id: int, contract_id: int, most: int, now: datetime) -> list[Parcel]:
    """Claim the first of each lane that is due, if the line is not to be left alone.

    While the line is being tried again, it is one at a time. Raises NoSuch. Locks the contract,
    then what it claims, and waits for no claim of another.
    """
    contract = lock_contract(merchant_id=merchant_id, contract_id=contract_id)
    if contract.state != "active" or not contract.url:
        return []
    waiting = Sending.objects.of_merchant(merchant_id).filter(
        contract_id=contract_id, state="waiting"
    )
    firsts = waiting.order_by("lane", "id").distinct("lane").values_list("id", flat=True)
    due = [
        row
        for row in waiting.filter(id__in=list(firsts), due_at__lte=now).lock()
        if row.claimed_until is None or row.claimed_until <= now
    ]
    if not due:
        return []
    breaker = gateway.let_through(breaker=breaker_of(contract), now=now)
    if breaker is None:
        return []
    keep_breaker(contract, breaker)
    taken = due[: most if breaker.state == "closed" else 1]
    for row in taken:
        row.claim += 1
        row.claimed_until = now + CLAIM_LIVES
        row.save(update_fields=["claim", "claimed_until"])
    return [_parcel(merchant_id, row, breaker.generation) for row in taken]


def _parcel(merchant_id: int, row: Sending, generation: int) -> Parcel:
    return Parcel(
        id=row.id,
        claim=row.claim,
        attempts=row.attempts,
        lane=row.lane,
        serial_no=row.serial_no,
        method=row.method,
        body=crypto.decrypt(
            merchant_id=merchant_id,
            sealed=bytes(row.body_sealed),
            place=sending_place(contract_id=row.contract_id, serial_no=row.serial_no),
        ),
        generation=generation,
    )


def breaker_of(contract: Contract) -> gateway.Breaker:
    """How a contract's line has behaved."""
    kept: dict[str, Any] = dict(contract.breaker)
    for name in ("rests_until", "probe_until"):
        if kept.get(name):
            kept[name] = datetime.fromisoformat(kept[name])
    return gateway.Breaker(**kept)


def keep_breaker(contract: Contract, breaker: gateway.Breaker) -> None:
    """Write down how the line of a locked contract behaves, where that changes."""
    kept = {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in asdict(breaker).items()
    }
    if kept != contract.breaker and not (not contract.breaker and breaker == gateway.Breaker()):
        contract.breaker = kept
        contract.save(update_fields=["breaker"])
