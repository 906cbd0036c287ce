"""End holds that have run out."""

from __future__ import annotations

from datetime import datetime

from santong.kernel import outbox
from santong.kernel.tenancy import all_or_nothing
from santong.payments.contracts import Hold
from santong.payments.events import HoldExpired
from santong.payments.models import Hold as HoldRow
from santong.payments.rules.lots import Part, ended
from santong.payments.rules.txns import check_amount
from santong.payments.selectors.holds import hold_of_row
from santong.payments.services.end_hold import end, free, parts_by_hold
from santong.payments.services.lapse import Lapsing, lapse
from santong.payments.services.lock import lock_ids_unless_busy


@all_or_nothing
def expire_holds(*, merchant_id: int, now: datetime, limit: int = 500) -> int:
    """Let holds expire whose time has come, oldest first; say how many, `limit` at most.

    What they kept can be spent again, or has ended meanwhile and expires with them. Accounts that
    somebody works on at this moment are left to the next sweep.

    Raises FieldInvalid. Emits HoldExpired for each hold, LotsExpired. Locks accounts that nobody
    works on.
    """
    check_amount(limit, pointer="/limit")
    due = HoldRow.objects.of_merchant(merchant_id).filter(state="held", expires_at__lte=now)
    seen = list(due.order_by("expires_at", "id").values_list("id", "account_id")[:limit])
    locked = lock_ids_unless_busy(
        merchant_id=merchant_id, account_ids={account_id for _, account_id in seen}
    )
    rows = list(
        due.filter(id__in=[hold_id for hold_id, _ in seen], account_id__in=locked)
        .select_related("account__asset")
        .order_by("id")
    )
    if not rows:
        return 0
    hold_ids = [row.id for row in rows]
    parts = parts_by_hold(merchant_id=merchant_id, hold_ids=hold_ids)
    free(merchant_id=merchant_id, hold_ids=hold_ids)
    end(merchant_id=merchant_id, hold_ids=hold_ids, state="expired", now=now)
    outbox.publish(*(_told(hold_of_row(row)) for row in rows), now=now)
    lapse(merchant_id=merchant_id, lapsing=_lapsing(rows, parts, now), now=now)
    return len(rows)


def _told(hold: Hold) -> HoldExpired:
    return HoldExpired(
        hold_id=hold.id,
        source=hold.source,
        key=hold.key,
        asset=hold.account.asset,
        kind=hold.account.kind,
        owner=hold.account.owner,
        amount=hold.amount,
    )


def _lapsing(
    rows: list[HoldRow], parts_by_hold_id: dict[int, list[Part]], now: datetime
) -> list[Lapsing]:
    """What has ended meanwhile, of each account once, of each lot once."""
    found: dict[int, dict[int, Part]] = {}
    account_by_id = {row.account_id: hold_of_row(row).account for row in rows}
    for row in rows:
        of_account = found.setdefault(row.account_id, {})
        for part in ended(parts_by_hold_id[row.id], at=now):
            before = of_account[part.lot_id].amount if part.lot_id in of_account else 0
            of_account[part.lot_id] = Part(part.lot_id, before + part.amount, part.expires_at)
    return [
        Lapsing(account_id, account_by_id[account_id], list(of_account.values()))
        for account_id, of_account in found.items()
        if of_account
    ]
