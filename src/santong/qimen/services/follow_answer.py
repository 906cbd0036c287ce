"""What an answer of another system means for the order that it was about."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from santong.fulfilment import public as fulfilment
from santong.kernel import audit
from santong.kernel.errors import DomainError
from santong.kernel.tenancy import all_or_nothing
from santong.qimen.models import Delivery
from santong.qimen.rules.xml import Element


@all_or_nothing
def follow_answer(
    *,
    merchant_id: int,
    contract_id: int,
    method: str,
    lane: str,
    is_success: bool,
    answer: Element | None,
    why: str,
    now: datetime,
) -> None:
    """A delivery that was taken is accepted here; one that was refused is sought elsewhere.

    Locks the delivery, then what fulfilment locks.
    """
    if method not in {"deliveryorder.create", "order.cancel"}:
        return
    row: Delivery | None = (
        Delivery.objects.of_merchant(merchant_id)
        .filter(contract_id=contract_id, code=lane)
        .lock()
        .first()
    )
    if row is None or row.work_id is None:
        return
    if method == "order.cancel":
        if not is_success:
            _trouble(row, f"order.cancel was refused: {why}", now)
        return
    if is_success:
        row.outside_id = (answer.text_of("deliveryOrderId") if answer else "")[:60]
        row.changed_at = now
        row.save(update_fields=["outside_id", "changed_at"])
    elif row.state == "accepted":
        _trouble(row, f"deliveryorder.create was refused: {why}", now)
    _tell_place(merchant_id, row, is_success=is_success, now=now)


def _tell_place(merchant_id: int, row: Delivery, *, is_success: bool, now: datetime) -> None:
    """The work may have gone elsewhere or been cancelled meanwhile: then nothing follows."""
    assert row.work_id is not None
    try:
        with transaction.atomic():
            if is_success:
                fulfilment.accept(merchant_id=merchant_id, fulfilment_order_id=row.work_id, now=now)
            else:
                fulfilment.decline(
                    merchant_id=merchant_id,
                    fulfilment_order_id=row.work_id,
                    reason="closed",
                    now=now,
                )
    except DomainError:
        return


def _trouble(row: Delivery, reason: str, now: datetime) -> None:
    before, row.state, row.reason, row.changed_at = row.state, "exception", reason[:200], now
    row.save(update_fields=["state", "reason", "changed_at"])
    audit.record(
        audit.Change(
            action="qimen.turn_delivery",
            subject="qimen_delivery",
            subject_id=row.id,
            reason=reason[:500],
            before={"state": before},
            after={"state": row.state},
        ),
        now=now,
    )
