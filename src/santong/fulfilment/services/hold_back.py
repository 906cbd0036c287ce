"""Work on an order waits until somebody says that it may begin."""

from __future__ import annotations

from datetime import datetime

from santong.fulfilment import contracts
from santong.fulfilment.models import HeldOrder
from santong.fulfilment.services.start_order import start_order
from santong.kernel import audit
from santong.kernel.tenancy import all_or_nothing


@all_or_nothing
def hold_back(*, merchant_id: int, order_id: int, reason: str, now: datetime) -> None:
    """Let no place be asked for an order until `let_go`; its stock stays promised.

    To be called in the transaction that places the order, before anybody hears that it is paid.
    """
    row, is_new = HeldOrder.objects.get_or_create(
        merchant_id=merchant_id, order_id=order_id, defaults={"reason": reason, "held_at": now}
    )
    if is_new:
        audit.record(_change("hold_back", row.order_id, reason), now=now)


@all_or_nothing
def let_go(
    *, merchant_id: int, order_id: int, reason: str, now: datetime
) -> list[contracts.FulfilmentOrder]:
    """Let the places be asked for an order that was held back; nothing where it was not.

    Raises NoSuch. Emits FulfilmentOffered.
    """
    rows = HeldOrder.objects.of_merchant(merchant_id).filter(order_id=order_id)
    gone, _ = rows.delete()
    if not gone:
        return []
    audit.record(_change("let_go", order_id, reason), now=now)
    return start_order(merchant_id=merchant_id, order_id=order_id, now=now)


def _change(action: str, order_id: int, reason: str) -> audit.Change:
    return audit.Change(
        action=f"fulfilment.{action}", subject="order", subject_id=order_id, reason=reason
    )
