"""Promise further units to lines that have some already."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from santong.inventory.contracts import Reservation, ReserveLine
from santong.inventory.errors import InsufficientStock
from santong.inventory.rules.lines import (
    asked_by_place,
    check_holder,
    merged,
    next_attempts,
    superseded,
)
from santong.inventory.rules.shortages import shortages
from santong.inventory.selectors.levels import atp_by_place
from santong.inventory.selectors.reservations import rows_of_lines
from santong.inventory.services.end_expired import end_expired
from santong.inventory.services.lock import lock_promises
from santong.inventory.services.promise import Portions, promise, told_of
from santong.kernel.errors import Busy
from santong.kernel.tenancy import all_or_nothing


@all_or_nothing
def reserve_more(
    *, merchant_id: int, holder: str, lines: Sequence[ReserveLine], now: datetime
) -> list[Reservation]:
    """Promise every line so many units on top of what it has, firmly, or none of them.

    Asked twice promises twice: the caller has locked what says how many are wanting. A line of
    which something is still held until a moment is left to whoever ends that.

    Raises InsufficientStock, FieldInvalid, Busy. Emits StockReserved. Locks the holder, its
    reservations, then stock levels.
    """
    check_holder(holder)
    wanted = merged(lines)
    asked = asked_by_place(wanted)
    lock_promises(merchant_id=merchant_id, holder=holder, places=asked)
    rows = rows_of_lines(
        merchant_id=merchant_id, holder=holder, line_ids={line.line_id for line in wanted}
    )
    if any(row.state == "held" for row in rows):
        raise Busy
    portions = Portions()
    portions.add(wanted, holder=holder, attempt_by_line=next_attempts(rows))
    made = promise(
        merchant_id=merchant_id,
        portions=portions,
        asked=asked,
        expires_at=None,
        alone=None,
        fact=told_of(wanted, holder=holder, expires_at=None),
        now=now,
    )
    if not made:
        atp = atp_by_place(merchant_id=merchant_id, places=list(asked))
        raise InsufficientStock(short=shortages(asked=asked, atp_by_place=atp))
    end_expired(
        merchant_id=merchant_id, row_ids=superseded(rows, made=made), line_ids=None, now=now
    )
    return made
