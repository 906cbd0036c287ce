"""Goods wait for the buyer at the counter."""

from __future__ import annotations

import secrets
from datetime import datetime

from santong.fulfilment import contracts
from santong.fulfilment.errors import StatePassed
from santong.fulfilment.events import ReadyForPickup
from santong.fulfilment.models import PickupCode
from santong.fulfilment.rules import codes
from santong.fulfilment.services.work import lines_of, lock_work, step
from santong.kernel import outbox
from santong.kernel.tenancy import all_or_nothing


@all_or_nothing
def make_ready(
    *,
    merchant_id: int,
    fulfilment_order_id: int,
    location_ids: frozenset[int] | None = None,
    now: datetime,
) -> contracts.Ready:
    """Put packed goods of a pickup aside and make the buyer's one-time code, told only here.

    Asked again, it makes a new code and the old one opens nothing; wrong tries stay counted.

    Raises NoSuch, StatePassed. Emits ReadyForPickup. Locks the work.
    """
    row = lock_work(
        merchant_id=merchant_id, fulfilment_order_id=fulfilment_order_id, location_ids=location_ids
    )
    if row.mode != "pickup":
        raise StatePassed(fulfilment_order_id=row.id, state=row.mode, wanted="ready_for_pickup")
    code = _new_code()
    if row.state == "ready_for_pickup":
        PickupCode.objects.of_merchant(merchant_id).filter(fulfilment_order=row).update(
            code_hash=codes.code_hash(work_id=row.id, code=code)
        )
        return contracts.Ready(fulfilment_order=row.as_contract(lines=lines_of(row)), code=code)
    step(row, to="ready_for_pickup", reason="waits at the counter", now=now)
    PickupCode.objects.create(
        merchant_id=merchant_id,
        fulfilment_order=row,
        code_hash=codes.code_hash(work_id=row.id, code=code),
        created_at=now,
    )
    outbox.publish(
        ReadyForPickup(
            order_id=row.order_id, fulfilment_order_id=row.id, location_id=row.location_id
        ),
        now=now,
    )
    return contracts.Ready(fulfilment_order=row.as_contract(lines=lines_of(row)), code=code)


def _new_code() -> str:
    fair = 256 - 256 % len(codes.ALPHABET)
    numbers = b""
    while len(numbers) < codes.LENGTH:
        numbers += bytes(number for number in secrets.token_bytes(codes.LENGTH) if number < fair)
    return codes.spelled(numbers[: codes.LENGTH])
