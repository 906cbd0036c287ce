"""The buyer pays what new goods cost more than the old ones."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from santong.aftersales.models import Replacement
from santong.aftersales.services.lock_case import lock_case
from santong.kernel.errors import NoSuch
from santong.kernel.tenancy import all_or_nothing
from santong.orders import public as orders
from santong.payments import public as payments


@all_or_nothing
def pay_difference(
    *,
    merchant_id: int,
    case_id: int,
    order_id: int,
    key: str,
    tenders: Sequence[payments.NewTender],
    now: datetime,
    return_url: str = "",
) -> payments.Intent:
    """Ask the buyer to pay for the dearer goods that a case has ordered, once for the key.

    Nothing is packed before it is paid.

    Raises NoSuch, and what asking for an order's payment raises. Locks the case, then the order and
    its intents.
    """
    case = lock_case(merchant_id=merchant_id, case_id=case_id)
    made = Replacement.objects.of_merchant(merchant_id).filter(case=case.id, is_given_up=False)
    if not made.filter(order_id=order_id).exists():
        raise NoSuch(kind="replacement", key=str(order_id))
    return orders.request_payment(
        merchant_id=merchant_id,
        order_id=order_id,
        key=f"case:{case.id}:{key}",
        tenders=tenders,
        return_url=return_url,
        now=now,
    )
