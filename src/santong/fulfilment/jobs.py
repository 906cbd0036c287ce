"""What fulfilment does by the clock."""

from __future__ import annotations

from datetime import datetime

from santong.fulfilment.carriers.simulated import advance
from santong.fulfilment.services import call_waiting as calling
from santong.fulfilment.services.time_out_offers import time_out_offers
from santong.kernel.jobs import periodic

# What is told within a second or two: whoever stops the worker waits for a job to end.
MOST_EVENTS = 300


@periodic(name="fulfilment.time_out_offers", cron="* * * * * */30")
def time_out(*, merchant_id: int, now: datetime) -> int:
    """Offers that nobody answered go to other places."""
    return time_out_offers(merchant_id=merchant_id, now=now)


@periodic(name="fulfilment.advance_simulated_carrier", cron="* * * * * */20")
def advance_simulated_carrier(*, merchant_id: int, now: datetime) -> int:
    """The simulated carrier's parcels move on; other carriers tell by themselves."""
    return advance(merchant_id=merchant_id, now=now, most=MOST_EVENTS)


@periodic(name="fulfilment.call_waiting", cron="*/10 * * * *")
def call_waiting(*, merchant_id: int, now: datetime) -> int:
    """Orders that wait for stock are told of all that can be promised, however it came about."""
    return calling.call_waiting(merchant_id=merchant_id, sku_ids=None, now=now)
