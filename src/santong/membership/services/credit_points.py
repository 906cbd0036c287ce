"""A brand gives points without a purchase: a benefit was used."""

from __future__ import annotations

from datetime import datetime, timedelta

from santong.kernel.errors import Busy
from santong.kernel.tenancy import all_or_nothing
from santong.membership import contracts
from santong.membership.errors import PointsKeyTaken
from santong.membership.models import PointsCredit
from santong.membership.rules.calendar import day_of, end_of
from santong.membership.rules.expiry import expiry_of
from santong.membership.rules.purchases import check_key, check_points
from santong.membership.selectors.authorisations import rates_for
from santong.membership.selectors.programmes import programme_by_code
from santong.membership.selectors.terms import terms_of
from santong.membership.services.accounts import SOURCE, entries, lock_points, of_brand, of_member
from santong.membership.services.insert import insert
from santong.membership.services.lock_current import lock_current, usable_card
from santong.payments import public as payments

KIND = "credit"


@all_or_nothing
def credit_points(
    *,
    merchant_id: int,
    source: str,
    key: str,
    member_id: int,
    programme_code: str,
    points: int,
    valid_days: int | None = None,
    now: datetime,
) -> contracts.PointsCredited:
    """Give a member points of a programme, whose brand pays for them; once for source and key.

    What the member owes is paid first. The rest can be spent at once, for so many days, or as
    long as the programme's terms say of points earned today.

    Raises NoSuch, CardMissing, NothingPromised, PointsKeyTaken, FieldInvalid, Busy. Locks the
    member, then accounts.
    """
    check_key(source=source, key=key)
    check_points(points)
    programme = programme_by_code(merchant_id=merchant_id, code=programme_code)
    current = lock_current(merchant_id=merchant_id, member_ids=[member_id])[member_id]
    before = PointsCredit.objects.of_merchant(merchant_id).filter(source=source, key=key).first()
    if before is not None:
        if (before.member_id, before.programme_id, before.points) != (
            member_id,
            programme.id,
            points,
        ):
            raise PointsKeyTaken(source=source, key=key)
        return _told(before, is_new=False)
    usable_card(
        merchant_id=merchant_id,
        member_id=current,
        programme_id=programme.id,
        programme_code=programme_code,
    )
    terms = terms_of(merchant_id=merchant_id, programme_id=programme.id).terms
    today = day_of(now, timezone=terms.timezone)
    if valid_days is None:
        expires_at = expiry_of(terms.expiry, earned_on=today, timezone=terms.timezone)
    else:
        expires_at = end_of(today + timedelta(days=valid_days), timezone=terms.timezone)
    asset = programme.points_asset
    has = lock_points(merchant_id=merchant_id, asset=asset, member_ids=[current], now=now)
    paid = min(points, has[current].debt)
    txn = payments.post(
        merchant_id=merchant_id,
        source=SOURCE,
        txn=payments.NewTxn(
            key=f"credit:{source}:{key}",
            kind=KIND,
            reference=f"{source}:{key}",
            occurred_at=now,
            entries=(
                *entries(
                    (of_brand(asset, "issued", programme.brand_id), -points),
                    (of_member(asset, "debt", current), paid),
                ),
                *_spendable(of_member(asset, "available", current), points - paid, expires_at),
            ),
        ),
        now=now,
    )
    _, rates = rates_for(
        merchant_id=merchant_id, programme=programme, brand_code="", act="accrue", at=now
    )
    row = PointsCredit(
        merchant_id=merchant_id,
        source=source,
        key=key,
        member_id=member_id,
        programme_id=programme.id,
        brand_id=programme.brand_id,
        earn_rate=rates.earn,
        points=points,
        paid=paid,
        txn_id=txn.id,
        expires_at=expires_at,
        given_at=now,
    )
    insert(row, taken=Busy(), constraints=("points_are_credited_once",))
    return _told(row, is_new=True)


def _spendable(
    account: payments.AccountKey, amount: int, expires_at: datetime | None
) -> tuple[payments.NewEntry, ...]:
    return (payments.NewEntry(account, amount, expires_at=expires_at),) if amount else ()


def _told(row: PointsCredit, *, is_new: bool) -> contracts.PointsCredited:
    credited: contracts.PointsCredited = row.as_contract(is_new=is_new)
    return credited
