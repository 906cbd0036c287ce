"""The buyer takes the goods, against the code."""

from __future__ import annotations

import hmac
from datetime import datetime
from math import ceil

from django.db import transaction

from santong.fulfilment import contracts
from santong.fulfilment.errors import CodeLocked, CodeWrong, StatePassed
from santong.fulfilment.events import ParcelDelivered
from santong.fulfilment.models import FulfilmentOrder, PickupCode
from santong.fulfilment.rules import codes
from santong.fulfilment.services.work import lines_of, lock_work, step
from santong.inventory import public as inventory
from santong.kernel import outbox
from santong.orders import public as orders


def collect(
    *,
    merchant_id: int,
    fulfilment_order_id: int,
    code: str,
    location_ids: frozenset[int] | None = None,
    now: datetime,
) -> contracts.FulfilmentOrder | CodeWrong | CodeLocked:
    """Hand the goods over if the code is right; the code works once.

    A wrong code is counted, and five of them lock the work for a quarter of an hour. Because that
    count must stay, a wrong code is given back as a refusal and not raised: whoever raises it does
    so after the transaction.

    Raises NoSuch, StatePassed. Emits ParcelDelivered. Locks the work, the order, stock levels.
    """
    with transaction.atomic(savepoint=False):
        row = lock_work(
            merchant_id=merchant_id,
            fulfilment_order_id=fulfilment_order_id,
            location_ids=location_ids,
        )
        if row.state != "ready_for_pickup":
            raise StatePassed(fulfilment_order_id=row.id, state=row.state, wanted="delivered")
        refused = _refusal(row, code, now)
        return refused if refused is not None else _delivered(row, now)


def _refusal(row: FulfilmentOrder, code: str, now: datetime) -> CodeWrong | CodeLocked | None:
    kept = PickupCode.objects.of_merchant(row.merchant_id).get(fulfilment_order=row)
    if kept.locked_until is not None and kept.locked_until > now:
        return CodeLocked(retry_after_seconds=ceil((kept.locked_until - now).total_seconds()))
    if hmac.compare_digest(bytes(kept.code_hash), codes.code_hash(work_id=row.id, code=code)):
        kept.used_at = now
        kept.save(update_fields=["used_at"])
        return None
    kept.wrong_tries += 1
    if kept.wrong_tries >= codes.TRIES_MAX:
        kept.wrong_tries = 0
        kept.locked_until = now + codes.LOCKED_FOR
    kept.save(update_fields=["wrong_tries", "locked_until"])
    if kept.locked_until is not None and kept.locked_until > now:
        return CodeLocked(retry_after_seconds=ceil(codes.LOCKED_FOR.total_seconds()))
    return CodeWrong(tries_left=codes.TRIES_MAX - kept.wrong_tries)


def _delivered(row: FulfilmentOrder, now: datetime) -> contracts.FulfilmentOrder:
    row.delivered_at = row.closed_at = now
    step(
        row,
        to="delivered",
        reason="collected against the code",
        now=now,
        changed=["delivered_at", "closed_at"],
    )
    lines = lines_of(row)
    quantity_by_line = {line.order_line_id: line.quantity for line in lines}
    orders.record_progress(
        merchant_id=row.merchant_id,
        order_id=row.order_id,
        line_quantities=quantity_by_line,
        kind="collected",
        now=now,
    )
    inventory.consume(
        merchant_id=row.merchant_id,
        holder=orders.holder_of(order_id=row.order_id),
        location_id=row.location_id,
        quantity_by_line=quantity_by_line,
        key=f"work:{row.id}",
        now=now,
    )
    outbox.publish(
        ParcelDelivered(
            order_id=row.order_id,
            fulfilment_order_id=row.id,
            location_id=row.location_id,
            parcel_id=None,
            delivered_at=now,
        ),
        now=now,
    )
    return row.as_contract(lines=lines)
