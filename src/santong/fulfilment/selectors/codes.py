"""Which goods at the counter a code opens, for whoever has nothing but the code."""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta
from typing import Final

from santong.fulfilment import contracts
from santong.fulfilment.models import FulfilmentOrder, PickupCode
from santong.fulfilment.rules import codes
from santong.fulfilment.selectors.work import work_by_id

# Goods that nobody has fetched for so long have gone back to the shelf.
LOOKED_BACK: Final = timedelta(days=60)
MOST_CODES: Final = 20_000


def work_of_code(
    *,
    merchant_id: int,
    code: str,
    location_ids: frozenset[int] | None = None,
    now: datetime,
) -> contracts.FulfilmentOrder | None:
    """The work that a pickup code belongs to, waiting or collected; None if it is nobody's.

    Each code is kept under the number of its work, so all that wait are tried. It tells no more
    than `collect` does, and counts no try: who may ask is counted by whoever lets them ask.
    """
    visible = FulfilmentOrder.objects.of_merchant(merchant_id).visible_at(location_ids)
    kept = (
        PickupCode.objects.of_merchant(merchant_id)
        .filter(created_at__gte=now - LOOKED_BACK, fulfilment_order__in=visible)
        .order_by("-id")
        .values_list("fulfilment_order_id", "code_hash")[:MOST_CODES]
    )
    for work_id, hashed in kept:
        if hmac.compare_digest(bytes(hashed), codes.code_hash(work_id=work_id, code=code)):
            return work_by_id(merchant_id=merchant_id, fulfilment_order_id=work_id)
    return None
