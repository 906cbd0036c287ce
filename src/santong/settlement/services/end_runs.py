"""A payout ends when every line of it has ended."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from santong.kernel import outbox
from santong.settlement.events import PayoutRunChanged
from santong.settlement.models import PayoutLine, PayoutRun


def end_runs(*, merchant_id: int, run_ids: Collection[int], now: datetime) -> None:
    """End approved runs of which nothing is planned or on its way. Emits PayoutRunChanged."""
    under_way = PayoutLine.objects.of_merchant(merchant_id).filter(
        run__in=list(run_ids), state__in=["planned", "sent"]
    )
    waiting = set(under_way.values_list("run_id", flat=True))
    rows = PayoutRun.objects.of_merchant(merchant_id).filter(
        id__in=set(run_ids) - waiting, state="approved"
    )
    for run in rows.lock():
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
