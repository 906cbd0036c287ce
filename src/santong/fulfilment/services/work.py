"""What every step of the work shares: taking the row, taking the step, writing it down."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from santong.fulfilment import contracts
from santong.fulfilment.errors import StatePassed
from santong.fulfilment.models import FulfilmentLine, FulfilmentOrder
from santong.fulfilment.rules.states import may_move
from santong.kernel import audit
from santong.kernel.errors import NoSuch

# Every step of every piece of work sends these two; to build them anew each time costs more than
# to run them. `lock()` says why the key is left alone.
_TAKE = """
SELECT * FROM fulfilment_fulfilmentorder
WHERE merchant_id = %s AND id = %s AND (%s::bigint[] IS NULL OR location_id = ANY(%s::bigint[]))
FOR NO KEY UPDATE
"""
_LINES = """
SELECT * FROM fulfilment_fulfilmentline
WHERE merchant_id = %s AND fulfilment_order_id = %s ORDER BY order_line_id
"""


def lock_work(
    *, merchant_id: int, fulfilment_order_id: int, location_ids: frozenset[int] | None = None
) -> FulfilmentOrder:
    """Take a piece of work until the transaction ends; before its order, and before any stock.

    Work of a place that is not among `location_ids` does not exist for the caller. Raises NoSuch.
    """
    places = None if location_ids is None else sorted(location_ids)
    found = FulfilmentOrder.objects.raw(_TAKE, [merchant_id, fulfilment_order_id, places, places])
    row = next(iter(found), None)
    if row is None:
        raise NoSuch(kind="fulfilment order", key=str(fulfilment_order_id))
    return row


def lines_of(row: FulfilmentOrder) -> list[FulfilmentLine]:
    """The lines of the work, in the order of the order's lines."""
    return list(FulfilmentLine.objects.raw(_LINES, [row.merchant_id, row.id]))


def step(
    row: FulfilmentOrder,
    *,
    to: contracts.State,
    reason: str,
    now: datetime,
    changed: Iterable[str] = (),
    details: dict[str, object] | None = None,
    action: str = "",
) -> None:
    """Move the work to its next state, and write down who did it and why. Raises StatePassed.

    `action` is what it is called where the state alone does not say it.
    """
    before = row.state
    if not may_move(state=before, to=to):  # type: ignore[arg-type]  # the constraint vouches
        raise StatePassed(fulfilment_order_id=row.id, state=before, wanted=to)
    row.state = to
    row.save(update_fields=["state", *changed])
    audit.record(
        audit.Change(
            action=f"fulfilment.{action or to}",
            subject="fulfilment_order",
            subject_id=row.id,
            reason=reason,
            before={"state": before},
            after={
                "state": to,
                "order_id": row.order_id,
                "location_id": row.location_id,
                **(details or {}),
            },
        ),
        now=now,
    )
