"""A batch begins to give out."""

from __future__ import annotations

from datetime import datetime

from santong.benefits import contracts
from santong.benefits.errors import SupplyMissing
from santong.benefits.models import Batch
from santong.benefits.rules.terms import NEEDS_SUPPLIER, OWED_IN_MONEY
from santong.benefits.selectors.statements import run
from santong.benefits.services import books
from santong.benefits.services.open_day import open_day, open_slots
from santong.benefits.services.step_batch import step_batch
from santong.kernel.tenancy import all_or_nothing
from santong.kernel.wire import Statement

# What a batch may give out is set aside of the codes that were imported, or it does not begin.
_COMMIT = Statement("""
UPDATE benefits_supply SET committed = committed + %(wanted)s::int
WHERE merchant_id = %(merchant)s AND id = %(supply)s AND kind = 'codes'
  AND committed + %(wanted)s::int <= imported
RETURNING id
""")


@all_or_nothing
def activate_batch(
    *, merchant_id: int, batch_id: int, reason: str = "opened", now: datetime
) -> contracts.Batch:
    """Let an approved batch be claimed, if what it promises can be delivered.

    Codes of a supplier are set aside for it: one for every coupon that it may give out.

    Raises SupplyMissing, BatchStatePassed, NoSuch. Emits BatchChanged. Locks the batch, its supply.
    """
    row = step_batch(
        merchant_id=merchant_id,
        batch_id=batch_id,
        start=("approved",),
        to="active",
        reason=reason,
        now=now,
    )
    _refuse_without_supply(row, now)
    if row.kind in OWED_IN_MONEY:
        assert row.currency is not None, "money has a currency"
        books.open_books(merchant_id=merchant_id, currency=row.currency, now=now)
    open_slots(merchant_id=merchant_id, batch_id=batch_id, span="", limit=row.limit_total)
    if row.limit_per_day is not None:
        open_day(merchant_id=merchant_id, batch_id=batch_id, now=now)
    return row.as_contract()


def _refuse_without_supply(row: Batch, now: datetime) -> None:
    supply = row.supply
    if supply is None:
        if row.kind in NEEDS_SUPPLIER:
            raise SupplyMissing(batch_id=row.id, reason="it has no supply")
        return
    if supply.contract_until is not None and supply.contract_until <= now:
        raise SupplyMissing(batch_id=row.id, reason="the contract is over")
    if supply.kind != "codes":
        return
    if row.limit_total is None:
        raise SupplyMissing(batch_id=row.id, reason="codes need a limit")
    if not set_aside(row, wanted=row.limit_total):
        raise SupplyMissing(batch_id=row.id, reason="too few codes")


def set_aside(row: Batch, *, wanted: int) -> bool:
    """Commit so many codes of the batch's supply to it; whether there were enough."""
    assert row.supply_id is not None
    values = {"merchant": row.merchant_id, "supply": row.supply_id, "wanted": wanted}
    return bool(run(_COMMIT, values))
