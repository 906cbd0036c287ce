"""What the kernel does by the clock: it forgets what nobody can ask for any more."""

from __future__ import annotations

from datetime import datetime, timedelta

from santong.kernel import cells, idempotency, relay
from santong.kernel.jobs import periodic, periodic_in_cell

# Facts that everybody has read stay for a month, for the timelines that show them.
FACTS_KEPT_FOR = timedelta(days=30)


@periodic(name="kernel.forget_answers", cron="41 3 * * *")
def forget_answers(*, merchant_id: int, now: datetime) -> int:
    """First answers past their time."""
    return idempotency.forget_old(merchant_id=merchant_id, now=now)


@periodic_in_cell(name="kernel.prune_facts", cron="11 4 * * *")
def prune_facts(*, cell: cells.Cell, now: datetime) -> int:
    """Facts that every subscriber has read."""
    return relay.prune(cell=cell, before=now - FACTS_KEPT_FOR)
