"""Promise stock to a holder's lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from santong.inventory.contracts import Reservation, ReserveLine
from santong.inventory.errors import InsufficientStock
from santong.inventory.rules.lines import (
    Place,
    asked_by_place,
    check_holder,
    merged,
    missing_lines,
    next_attempts,
    superseded,
)
from santong.inventory.rules.shortages import shortages
from santong.inventory.selectors.levels import atp_by_place
from santong.inventory.selectors.reservations import rows_of_lines
from santong.inventory.services.end_expired import end_expired
from santong.inventory.services.lock import holder_lock, lock_holder, lock_levels
from santong.inventory.services.promise import Portions, promise, told_of
from santong.kernel import outbox
from santong.kernel.errors import Busy
from santong.kernel.tenancy import all_or_nothing

TRIES = 5


@all_or_nothing
def reserve(
    *,
    merchant_id: int,
    holder: str,
    lines: Sequence[ReserveLine],
    expires_at: datetime | None,
    now: datetime,
) -> list[Reservation]:
    """Promise every line, or none: until `expires_at`, or firmly without it.

    A line that the holder has already stays as it is, so asking twice gives the first
    reservations; a line whose promise was released or has expired is promised anew.

    Raises InsufficientStock, FieldInvalid, Busy. Emits StockReserved. Locks the holder, then
    stock levels.
    """
    check_holder(holder)
    wanted = merged(lines)
    asking = _Asking(merchant_id, holder, expires_at, now)
    asked = asked_by_place(wanted)
    if len(asked) > 1:
        lock_holder(merchant_id=merchant_id, holder=holder)
        lock_levels(merchant_id=merchant_id, places=asked)
    made = _try(asking, wanted, asked=asked, attempt_by_line={})
    if len(made) == len(wanted):
        return made
    return _complete(asking, wanted, made)


@dataclass(frozen=True, slots=True)
class _Asking:
    merchant_id: int
    holder: str
    expires_at: datetime | None
    now: datetime


def _try(
    asking: _Asking,
    wanted: Sequence[ReserveLine],
    *,
    asked: Mapping[Place, int],
    attempt_by_line: Mapping[int, int],
) -> list[Reservation]:
    portions = Portions()
    portions.add(wanted, holder=asking.holder, attempt_by_line=attempt_by_line)
    made = promise(
        merchant_id=asking.merchant_id,
        portions=portions,
        asked=asked,
        expires_at=asking.expires_at,
        alone=holder_lock(merchant_id=asking.merchant_id, holder=asking.holder),
        fact=told_of(wanted, holder=asking.holder, expires_at=asking.expires_at),
        now=asking.now,
    )
    if made and len(made) < len(wanted):
        fact = told_of(made, holder=asking.holder, expires_at=asking.expires_at)
        outbox.publish(fact, now=asking.now)
    return made


def _complete(
    asking: _Asking, wanted: Sequence[ReserveLine], made: Sequence[Reservation]
) -> list[Reservation]:
    """Something was short, or was promised before. Both are looked up only now: both are rare."""
    line_ids = {line.line_id for line in wanted}
    tried: dict[int, int] = {}
    for _ in range(TRIES):
        rows = rows_of_lines(
            merchant_id=asking.merchant_id, holder=asking.holder, line_ids=line_ids
        )
        standing = [row for row in rows if row.is_standing]
        missing = missing_lines(wanted, rows=rows)
        if not missing:
            return standing
        asked, attempt_by_line = asked_by_place(missing), next_attempts(rows)
        if attempt_by_line == tried and not made:
            _refuse_if_short(asking.merchant_id, asked)
        tried = attempt_by_line
        made = _try(asking, missing, asked=asked, attempt_by_line=tried)
        end_expired(
            merchant_id=asking.merchant_id,
            row_ids=superseded(rows, made=made),
            line_ids=None,
            now=asking.now,
        )
        if len(made) == len(missing):
            return sorted([*standing, *made], key=lambda reservation: reservation.id)
    raise Busy


def _refuse_if_short(merchant_id: int, asked: Mapping[Place, int]) -> None:
    atp = atp_by_place(merchant_id=merchant_id, places=list(asked))
    if short := shortages(asked=asked, atp_by_place=atp):
        raise InsufficientStock(short=short)
