"""What every end of a hold has in common."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from santong.kernel.wire import Statement
from santong.payments.contracts import HoldState
from santong.payments.models import HoldLot
from santong.payments.rules.lots import Part, in_order
from santong.payments.selectors.statements import numbers, run, values_of

_FREE = Statement("""
WITH ended AS MATERIALIZED (
  SELECT id, account_id, amount FROM payments_hold
  WHERE merchant_id = %(merchant)s AND id = ANY(%(holds)s::bigint[]) AND state = 'held'
), freed AS (
  UPDATE payments_lot l SET held = l.held - h.amount
  FROM (SELECT p.lot_id, sum(p.amount)::bigint AS amount
        FROM ended e JOIN payments_holdlot p ON p.hold_id = e.id
          AND p.merchant_id = %(merchant)s GROUP BY p.lot_id) h
  WHERE l.id = h.lot_id AND l.merchant_id = %(merchant)s
), balanced AS (
  UPDATE payments_account a SET held = a.held - h.amount
  FROM (SELECT account_id, sum(amount)::bigint AS amount FROM ended GROUP BY account_id) h
  WHERE a.id = h.account_id AND a.merchant_id = %(merchant)s
)
SELECT id FROM ended
""")
_END = Statement("""
UPDATE payments_hold SET state = %(state)s, ended_at = %(now)s::timestamptz, reason = %(reason)s,
  txn_id = %(txn)s::bigint
WHERE merchant_id = %(merchant)s AND id = ANY(%(holds)s::bigint[]) AND state = 'held'
RETURNING id
""")


def parts_by_hold(*, merchant_id: int, hold_ids: Sequence[int]) -> dict[int, list[Part]]:
    """What holds keep of which lots, in the order in which it is spent."""
    rows = HoldLot.objects.of_merchant(merchant_id).filter(hold_id__in=hold_ids)
    found: dict[int, list[Part]] = {hold_id: [] for hold_id in hold_ids}
    for row in rows.select_related("lot"):
        found[row.hold_id].append(Part(row.lot_id, row.amount, row.lot.expires_at))
    return {hold_id: in_order(parts) for hold_id, parts in found.items()}


def free(*, merchant_id: int, hold_ids: Sequence[int]) -> None:
    """Give back to accounts and lots what holds keep. Their accounts are locked."""
    run(_FREE, {"merchant": merchant_id, "holds": numbers(hold_ids)})


def end(
    *,
    merchant_id: int,
    hold_ids: Sequence[int],
    state: HoldState,
    reason: str = "",
    txn_id: int | None = None,
    now: datetime,
) -> None:
    """Say how holds ended that have been freed."""
    _END.later(
        values_of(
            {
                "merchant": merchant_id,
                "holds": numbers(hold_ids),
                "state": state,
                "reason": reason,
                "txn": txn_id,
                "now": now,
            }
        )
    )
