"""The buyer has accepted the work: what was to wait for that is due."""

from __future__ import annotations

from datetime import datetime

from santong.kernel.tenancy import all_or_nothing
from santong.settlement.services.lock_sale import lock_sale
from santong.settlement.services.record_receipt import set_days


@all_or_nothing
def record_acceptance(*, merchant_id: int, document: str, accepted_at: datetime) -> None:
    """Note when the buyer accepted what was done, once; shares that wait for it have a day.

    Of a document that is no order nothing is delivered: what waits for its receipt has a day, too.

    Raises NoSuch. Locks the sale.
    """
    sale = lock_sale(merchant_id=merchant_id, document=document)
    if sale.accepted_at is not None:
        return
    sale.accepted_at = accepted_at
    is_received = sale.order_id is None and sale.received_at is None
    if is_received:
        sale.received_at = accepted_at
    sale.save(update_fields=["accepted_at", "received_at"])
    set_days(merchant_id=merchant_id, sale=sale, basis="acceptance")
    if is_received:
        set_days(merchant_id=merchant_id, sale=sale, basis="receipt")
