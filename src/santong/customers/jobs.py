"""What customers do by the clock."""

from __future__ import annotations

from datetime import datetime

import structlog

from santong.customers.services.index_mixes import index_mixes
from santong.customers.services.propose_matches import propose_matches
from santong.kernel import cells
from santong.kernel.jobs import periodic, periodic_in_cell

log = structlog.get_logger(__name__)

# So many steps in a run for a merchant: ten million who came in at once are through in days, while
# nobody else's work waits.
STEPS_AT_ONCE = 60


@periodic(name="customers.index_mixes", cron="* * * * * */10")
def mix_numbers(*, merchant_id: int, now: datetime) -> int:
    """Numbers that were there before a key get their mix, some thousands at a time."""
    return index_mixes(merchant_id=merchant_id, now=now)


@periodic_in_cell(name="customers.propose_matches", cron="4-59/5 * * * *")
def compare_persons(*, cell: cells.Cell, now: datetime) -> None:
    """Whoever is new, or of whom something else is known, is compared, a few hundred at a time."""
    for entry in cells.merchants_of(cell):
        try:
            propose_matches(merchant_id=entry.merchant_id, now=now, steps=STEPS_AT_ONCE)
        except cells.MerchantIsMoving:
            continue
        except Exception:
            log.exception("persons_not_compared", merchant_id=entry.merchant_id)
