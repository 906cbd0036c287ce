"""Something happened to the money of a sale."""

from __future__ import annotations

from datetime import datetime

from santong.kernel.tenancy import all_or_nothing
from santong.stagedsales.services.lock import lock_sale
from santong.stagedsales.services.settle import settle


@all_or_nothing
def take_in_money(*, merchant_id: int, sale_id: int, number: int, now: datetime) -> None:
    """Let a sale stand where the money of one of its documents puts it. Twice is once.

    Money that nobody owes, because it is too much or too late, goes back.

    Raises NoSuch. Emits what settling emits. Locks the sale, then the document's intents.
    """
    held = lock_sale(merchant_id=merchant_id, sale_id=sale_id)
    if number in held.money:
        settle(held, numbers=[number], now=now)
