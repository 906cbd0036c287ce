"""Codes run low."""

from __future__ import annotations

from datetime import datetime

from santong.benefits.events import SupplyLow
from santong.benefits.models import Supply
from santong.benefits.selectors.supplies import codes_left
from santong.kernel import outbox
from santong.kernel.tenancy import all_or_nothing


@all_or_nothing
def watch_supplies(*, merchant_id: int, now: datetime) -> int:
    """Tell of each supply that has fewer codes left than its alarm asks for, once until more come.

    Emits SupplyLow. Locks the supplies that it tells of.
    """
    told = 0
    watched = Supply.objects.of_merchant(merchant_id).filter(
        kind="codes", alarm_below__gt=0, low_since__isnull=True
    )
    for supply in watched.order_by("id"):
        left = codes_left(merchant_id=merchant_id, supply_id=supply.id, now=now)
        if left >= supply.alarm_below:
            continue
        # Two watchers: the second finds that the first has told.
        if watched.filter(id=supply.id).update(low_since=now):
            outbox.publish(
                SupplyLow(supply_id=supply.id, left=left, alarm_below=supply.alarm_below), now=now
            )
            told += 1
    return told
