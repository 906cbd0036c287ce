"""Balance windows open: the moment to remind buyers."""

from __future__ import annotations

from datetime import datetime

from santong.kernel import outbox
from santong.kernel.tenancy import all_or_nothing
from santong.presales.events import BalanceOpened
from santong.presales.models import Presale


@all_or_nothing
def open_balances(*, merchant_id: int, now: datetime, limit: int = 500) -> int:
    """Tell once of each presale order whose balance can be paid from now on; how many.

    Those that somebody else is changing wait for the next round.

    Emits BalanceOpened. Locks the presale orders.
    """
    due = Presale.objects.of_merchant(merchant_id).filter(
        state="deposit_paid", balance_opened_at=None, balance_from__lte=now
    )
    waiting = due.order_by("balance_from", "id")
    rows = list(waiting.select_for_update(skip_locked=True, no_key=True, of=("self",))[:limit])
    for row in rows:
        row.balance_opened_at = now
    Presale.objects.of_merchant(merchant_id).bulk_update(rows, ["balance_opened_at"])
    outbox.publish(
        *(
            BalanceOpened(
                presale_id=row.id,
                order_id=row.order_id,
                currency=row.currency,
                balance_minor=row.balance_minor,
                balance_until=row.balance_until,
            )
            for row in rows
        ),
        now=now,
    )
    return len(rows)
