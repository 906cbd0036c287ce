"""Goods of an order came back, and what the order had brought goes back too."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from santong.kernel.tenancy import all_or_nothing
from santong.membership import contracts
from santong.membership.selectors.orders import SOURCE, key_of_order
from santong.membership.services.claw_back import claw_back


@all_or_nothing
def claw_back_order(
    *,
    merchant_id: int,
    order_id: int,
    return_key: str,
    quantity_by_line: Mapping[int, int],
    now: datetime,
) -> contracts.ClawedBack:
    """The same as `claw_back` for the accrual of an order, by the lines of the order.

    Raises NoSuch (the order brought nothing), MoreThanBought, PointsKeyTaken, FieldInvalid, Busy.
    Emits PointsClawedBack, TierChanged. Locks the member, then accounts.
    """
    return claw_back(
        merchant_id=merchant_id,
        source=SOURCE,
        key=key_of_order(order_id),
        return_key=return_key,
        quantity_by_line=quantity_by_line,
        now=now,
    )
