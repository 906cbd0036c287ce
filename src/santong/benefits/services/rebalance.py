"""What is left of a limit is spread evenly over its slots."""

from __future__ import annotations

from santong.benefits.rules.slots import rebalanced
from santong.benefits.services.lock_slots import lock_slots, set_quotas
from santong.kernel.tenancy import all_or_nothing


@all_or_nothing
def rebalance(*, merchant_id: int, batch_id: int) -> int:
    """Spread what is left of a batch evenly over its slots; say how many slots changed.

    Exactly as many can be given out as before. Locks the batch's slots, in their order.
    """
    slots = lock_slots(merchant_id=merchant_id, batch_id=batch_id)
    if not slots:
        return 0
    return set_quotas(merchant_id=merchant_id, batch_id=batch_id, quota_by_slot=rebalanced(slots))
