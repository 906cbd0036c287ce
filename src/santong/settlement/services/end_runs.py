"""A payout ends when every line of it has ended."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from santong.kernel import outbox
from santong.settlement.events import PayoutRunChanged
from santong.settlement.models import PayoutLine, PayoutRun
from santong.settlement.models.payouts import LINES_UNDER_WAY


def end_runs(*, merchant_id: int, run_ids: Collection[int], now: datetime) -> None:
    """End approved runs of which nothing is planned or on its way.

    Emits PayoutRunChanged. Locks the runs.
    """
    under_way = PayoutLine.objects.of_merchant(merchant_id).filter(state__in=LINES_UNDER_WAY)
    approved = PayoutRun.objects.of_merchant(merchant_id).filter(
        id__in=set(run_ids), state="approved"
    )
    # Of two that end the last lines at once, the second sees what the first has done.
    for run in approved.lock():
        if under_way.filter(run=run).exists():
            continue
        run.state, run.ended_at = "ended", now
        run.save(update_fields=["state", "ended_at"])
        outbox.publish(
            PayoutRunChanged(
                run_id=run.id,
                state=run.state,
                currency=run.currency,
                amount_minor=run.amount_minor,
            ),
            now=now,
        )
