"""What points had paid for came back: so do the points."""

from __future__ import annotations

from datetime import datetime, timedelta

from santong.kernel.tenancy import all_or_nothing
from santong.membership import contracts
from santong.membership.errors import BurnEnded, MoreThanBurned, PointsKeyTaken
from santong.membership.models import BurnReturn
from santong.membership.rules.purchases import check_points, check_return_key, clean_reason
from santong.membership.selectors.terms import terms_of
from santong.membership.services.accounts import SOURCE
from santong.membership.services.open_burn import burned_of, lock_burn
from santong.payments import public as payments


@all_or_nothing
def give_back_points(
    *,
    merchant_id: int,
    source: str,
    key: str,
    return_key: str,
    points: int,
    reason: str,
    now: datetime,
) -> contracts.Burned:
    """Give burned points back to the lots that they came from, with the ends that those have.

    What has ended meanwhile can be spent for as many days of grace as the programme's terms say;
    without any it is gone. The same `return_key` again gives the first answer.

    Raises NoSuch (burn), BurnEnded (not burned), MoreThanBurned, PointsKeyTaken, FieldInvalid,
    Busy. Locks the member, then accounts.
    """
    check_points(points)
    check_return_key(return_key)
    reason = clean_reason(reason)
    row = lock_burn(merchant_id=merchant_id, source=source, key=key)
    before = (
        BurnReturn.objects.of_merchant(merchant_id)
        .filter(burn=row.id, return_key=return_key)
        .first()
    )
    if before is not None:
        if before.points != points:
            raise PointsKeyTaken(source="return", key=return_key)
        return burned_of(merchant_id=merchant_id, row=row)
    if row.txn_id is None:
        raise BurnEnded(state=row.state)
    if points > row.points - row.given_back:
        raise MoreThanBurned(wanted=points, left=row.points - row.given_back)
    terms = terms_of(merchant_id=merchant_id, programme_id=row.programme_id).terms
    payments.give_back(
        merchant_id=merchant_id,
        source=SOURCE,
        key=f"give_back:{row.id}:{return_key}",
        txn_id=row.txn_id,
        amount=points,
        reason=reason,
        grace=timedelta(days=terms.burn.give_back_grace_days),
        now=now,
    )
    BurnReturn.objects.create(
        merchant_id=merchant_id,
        burn_id=row.id,
        return_key=return_key,
        points=points,
        brand_id=row.brand_id,
        burn_rate=row.burn_rate,
        at=now,
    )
    row.given_back += points
    row.save(update_fields=["given_back"])
    return burned_of(merchant_id=merchant_id, row=row, is_new=True)
