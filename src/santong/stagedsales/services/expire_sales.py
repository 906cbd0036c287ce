"""Deposits that nobody paid, and codes that nobody used."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from santong.kernel.errors import Busy
from santong.kernel.tenancy import all_or_nothing
from santong.stagedsales.models import RedemptionCode, StagedSale
from santong.stagedsales.services.cancel_sale import end_sale
from santong.stagedsales.services.lock import lock_sale
from santong.stagedsales.services.settle import settle

UNPAID = "nobody paid the deposit in time"
UNUSED = "nobody used the code in time"


@all_or_nothing
def expire_sales(*, merchant_id: int, now: datetime, limit: int = 200) -> int:
    """End sales whose deposit was not paid, or whose code was not used; how many.

    Money that is in all the same counts first. A code's deposit goes back once devices that were
    offline have had the time of the plan to tell what they took. What somebody works on waits for
    the next round.

    Emits SaleCancelled. Locks the sales, one by one.
    """
    unpaid = StagedSale.objects.of_merchant(merchant_id).filter(
        state="reserved", deposit_until__lte=now
    )
    unused = RedemptionCode.objects.of_merchant(merchant_id).filter(
        state="issued", ends_at__lte=now
    )
    ids = [
        *unpaid.order_by("deposit_until", "id").values_list("id", flat=True)[:limit],
        *unused.order_by("ends_at", "id").values_list("sale_id", flat=True)[:limit],
    ]
    return sum(_expire(merchant_id, sale_id, now) for sale_id in ids)


def _expire(merchant_id: int, sale_id: int, now: datetime) -> bool:
    try:
        with transaction.atomic():
            held = lock_sale(merchant_id=merchant_id, sale_id=sale_id)
            settle(held, now=now)
            code = held.code()
            if held.sale.state == "reserved" and held.sale.deposit_until <= now:
                end_sale(held, cause="expired", fault="shop", reason=UNPAID, now=now)
                return True
            if held.sale.state == "code_issued" and code and code.ends_at <= now:
                end_sale(held, cause="expired", fault="shop", reason=UNUSED, now=now)
                return True
    except Busy:
        return False
    return False
