"""Intents whose time has run out."""

from __future__ import annotations

from datetime import datetime

from santong.kernel.tenancy import all_or_nothing
from santong.payments.models import Intent as IntentRow
from santong.payments.models.money import LIVE_INTENTS
from santong.payments.services.give_up_intents import give_up_intents


@all_or_nothing
def expire_intents(*, merchant_id: int, now: datetime, limit: int = 200) -> int:
    """Give up intents that nobody has paid in time; how many. Those in use wait for the next round.

    Emits IntentEnded. Locks the intents.
    """
    due = (
        IntentRow.objects.of_merchant(merchant_id)
        .filter(state__in=LIVE_INTENTS, expires_at__lte=now)
        .order_by("expires_at", "id")
    )
    rows = list(due.select_for_update(skip_locked=True, no_key=True, of=("self",))[:limit])
    give_up_intents(
        sorted(rows, key=lambda row: row.id),
        state="expired",
        reason="unpaid when its time had run out",
        now=now,
    )
    return len(rows)
