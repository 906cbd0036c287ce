"""Deliveries of a contract, for reading and for locking."""

from __future__ import annotations

from santong.kernel.errors import NoSuch
from santong.qimen.models import Delivery
from santong.qimen.selectors.calls import Call


def delivery_of(*, call: Call, code: str) -> Delivery | None:
    """A delivery of this contract by its code."""
    found: Delivery | None = (
        Delivery.objects.of_merchant(call.merchant_id)
        .filter(contract_id=call.contract.id, code=code)
        .first()
    )
    return found


def needed_delivery(*, call: Call, code: str) -> Delivery:
    """A delivery of this contract by its code. Raises NoSuch."""
    found = delivery_of(call=call, code=code)
    if found is None:
        raise NoSuch(kind="delivery order", key=code[:60])
    return found
