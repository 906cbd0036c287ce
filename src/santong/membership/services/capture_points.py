"""A checkout was paid: the points that it held are gone."""

from __future__ import annotations

from datetime import datetime

from santong.kernel import outbox
from santong.kernel.tenancy import all_or_nothing
from santong.membership import contracts
from santong.membership.errors import BurnEnded
from santong.membership.events import PointsBurned
from santong.membership.selectors.programmes import programme_by_id
from santong.membership.services.accounts import SOURCE, entries, of_brand, of_member
from santong.membership.services.open_burn import burned_of, lock_burn
from santong.payments import public as payments


@all_or_nothing
def capture_points(*, merchant_id: int, source: str, key: str, now: datetime) -> contracts.Burned:
    """Spend what a hold keeps; a lot that has ended since is spent all the same.

    Captured twice is captured once. Raises NoSuch (burn), BurnEnded (released, or its time has
    run out), Busy. Emits PointsBurned. Locks the member, then accounts.
    """
    row = lock_burn(merchant_id=merchant_id, source=source, key=key)
    if row.state == "burned":
        return burned_of(merchant_id=merchant_id, row=row)
    if row.state != "held" or row.expires_at is None or row.expires_at <= now:
        raise BurnEnded(state="released" if row.state == "held" else row.state)
    programme = programme_by_id(merchant_id=merchant_id, programme_id=row.programme_id)
    asset = programme.points_asset
    assert row.hold_id is not None, "a held burn has its hold"
    txn = payments.capture(
        merchant_id=merchant_id,
        hold_id=row.hold_id,
        source=SOURCE,
        txn=payments.NewTxn(
            key=f"burn:{source}:{key}",
            kind="burn",
            reference=f"checkout:{programme.code}",
            occurred_at=now,
            entries=entries(
                (of_member(asset, "available", row.member_id), -row.points),
                (of_brand(asset, "redeemed", row.brand_id), row.points),
            ),
        ),
        now=now,
    )
    row.state, row.txn_id, row.burned_at, row.ended_at = "burned", txn.id, now, now
    row.save(update_fields=["state", "txn_id", "burned_at", "ended_at"])
    outbox.publish(
        PointsBurned(
            burn_id=row.id,
            member_id=row.member_id,
            programme_id=row.programme_id,
            kind=row.kind,
            points=row.points,
        ),
        now=now,
    )
    return burned_of(merchant_id=merchant_id, row=row, is_new=True)
