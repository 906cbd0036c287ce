"""What was found, and what was not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from santong.fulfilment import contracts
from santong.fulfilment.errors import NotWhatWasAsked, StatePassed
from santong.fulfilment.models import FulfilmentLine
from santong.fulfilment.services.decline import give_back
from santong.fulfilment.services.work import lines_of, lock_work
from santong.kernel.tenancy import all_or_nothing


@all_or_nothing
def record_picked(
    *,
    merchant_id: int,
    fulfilment_order_id: int,
    picked_by_line: Mapping[int, int],
    missing_reason: contracts.DeclineReason = "not_in_stock",
    location_ids: frozenset[int] | None = None,
    now: datetime,
) -> contracts.FulfilmentOrder:
    """Count what was picked of every line; what is missing is sought elsewhere at once.

    Told again, the last count stands.

    Raises NoSuch, StatePassed, NotWhatWasAsked. Emits FulfilmentDeclined, FulfilmentOffered,
    ExceptionOpened when units are missing. Locks the work, then stock levels.
    """
    row = lock_work(
        merchant_id=merchant_id, fulfilment_order_id=fulfilment_order_id, location_ids=location_ids
    )
    if row.state != "picking":
        raise StatePassed(fulfilment_order_id=row.id, state=row.state, wanted="picked")
    lines = lines_of(row)
    _check(lines, picked_by_line)
    missing = {
        line.order_line_id: line.quantity - picked_by_line[line.order_line_id]
        for line in lines
        if picked_by_line[line.order_line_id] < line.quantity
    }
    for line in lines:
        line.picked_quantity = picked_by_line[line.order_line_id]
        line.save(update_fields=["picked_quantity"])
    if missing:
        give_back(row=row, lines=lines, declined=missing, reason=missing_reason, now=now)
    return row.as_contract(lines=lines_of(row))


def _check(lines: Sequence[FulfilmentLine], picked_by_line: Mapping[int, int]) -> None:
    asked = {line.order_line_id: line.quantity for line in lines}
    wrong = {
        line_id
        for line_id in asked.keys() | picked_by_line.keys()
        if not 0 <= picked_by_line.get(line_id, -1) <= asked.get(line_id, -1)
    }
    if wrong:
        raise NotWhatWasAsked(order_line_ids=tuple(sorted(wrong)))
