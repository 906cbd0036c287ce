"""End holds that have run out."""

from __future__ import annotations

from datetime import datetime

from santong.inventory.events import PromisedLine, ReservationExpired
from santong.inventory.services.give_back import give_back
from santong.inventory.services.lock import lock_due
from santong.kernel import outbox
from santong.kernel.tenancy import all_or_nothing


@all_or_nothing
def expire_due(*, merchant_id: int, now: datetime, limit: int = 500) -> int:
    """Let holds expire whose time has come, oldest first; say how many, `limit` at most.

    A hold that is being paid, moved or released at this moment is left to whoever does that.

    Emits ReservationExpired for each holder, ShortfallClosed. Locks reservations, then levels.
    """
    given_back = give_back(
        merchant_id=merchant_id,
        row_ids=lock_due(merchant_id=merchant_id, limit=limit, now=now),
        line_ids=None,
        ending="expired",
        reason="",
        now=now,
    )
    lines_by_holder: dict[str, list[PromisedLine]] = {}
    for part in given_back:
        lines_by_holder.setdefault(part.holder, []).append(part.line)
    outbox.publish(
        *(
            ReservationExpired(holder=holder, lines=tuple(lines))
            for holder, lines in lines_by_holder.items()
        ),
        now=now,
    )
    return len(given_back)
