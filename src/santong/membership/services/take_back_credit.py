"""Points that a benefit had brought go back with it."""

from __future__ import annotations

from datetime import datetime

from santong.kernel.errors import NoSuch
from santong.kernel.tenancy import all_or_nothing
from santong.membership import contracts
from santong.membership.models import PointsCredit
from santong.membership.rules.claw_back import taken
from santong.membership.selectors.programmes import programme_by_id
from santong.membership.selectors.terms import terms_of
from santong.membership.services.accounts import SOURCE, lock_points, of_brand, of_member
from santong.membership.services.lock_current import lock_current
from santong.payments import public as payments

KIND = "credit_back"


@all_or_nothing
def take_back_credit(
    *, merchant_id: int, source: str, key: str, now: datetime
) -> contracts.PointsCredited:
    """Take back what one credit gave, whole and once: its own points first, then others.

    What paid a debt is owed again. Of what was spent since, the programme's policy for returns
    says whether it is owed or forgiven. Points that have ended since are gone already. Asked again,
    it gives the first answer.

    Raises NoSuch, NothingPromised, Busy. Locks the member, then accounts.
    """
    rows = PointsCredit.objects.of_merchant(merchant_id).filter(source=source, key=key)
    member_id = rows.values_list("member_id", flat=True).first()
    if member_id is None:
        raise NoSuch(kind="points_credit", key=key[:40])
    current = lock_current(merchant_id=merchant_id, member_ids=[member_id])[member_id]
    row = rows.lock().get()
    if row.taken_back_at is not None:
        return _told(row, is_new=False)
    row.taken_back = _take(row, current, now)
    row.taken_back_at = now
    row.save(update_fields=["taken_back", "taken_back_at"])
    return _told(row, is_new=True)


def _take(row: PointsCredit, current: int, now: datetime) -> int:
    merchant_id = row.merchant_id
    programme = programme_by_id(merchant_id=merchant_id, programme_id=row.programme_id)
    terms = terms_of(merchant_id=merchant_id, programme_id=programme.id).terms
    asset = programme.points_asset
    has = lock_points(merchant_id=merchant_id, asset=asset, member_ids=[current], now=now)
    has_ended = row.expires_at is not None and row.expires_at <= now
    parts = taken(
        terms.claw_back,
        owed=0 if has_ended else row.points - row.paid,
        pending=0,
        available=max(has[current].available, 0),
        value_minor_per_1000=terms.value_minor_per_1000,
    )
    owed, whole = row.paid + parts.to_debt, row.paid + parts.from_ledger
    if not whole:
        return 0
    available = payments.NewEntry(
        of_member(asset, "available", current), -parts.from_available, lots_of=row.txn_id
    )
    debt = payments.NewEntry(of_member(asset, "debt", current), -owed)
    sink = payments.NewEntry(of_brand(asset, "clawback", row.brand_id), whole)
    payments.post(
        merchant_id=merchant_id,
        source=SOURCE,
        txn=payments.NewTxn(
            key=f"credit_back:{row.source}:{row.key}",
            kind=KIND,
            reference=f"{row.source}:{row.key}",
            occurred_at=now,
            entries=tuple(entry for entry in (available, debt, sink) if entry.amount),
        ),
        now=now,
    )
    return whole


def _told(row: PointsCredit, *, is_new: bool) -> contracts.PointsCredited:
    credited: contracts.PointsCredited = row.as_contract(is_new=is_new)
    return credited
