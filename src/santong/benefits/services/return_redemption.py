"""What a coupon was used for comes back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from santong.benefits.contracts import Return
from santong.benefits.errors import CouponStatePassed, KeyTaken, MoreThanBought
from santong.benefits.events import CouponReturned
from santong.benefits.models import Coupon, CouponEvent
from santong.benefits.rules.lines import is_all_back
from santong.benefits.rules.terms import OWED_IN_MONEY
from santong.benefits.rules.validity import after_return
from santong.benefits.selectors.coupons import row_by_id
from santong.benefits.selectors.statements import array, run, signature, texts
from santong.benefits.selectors.steps import redemption_lines, step_by_key
from santong.benefits.services.charge import charge
from santong.benefits.services.checked_reason import check_reason
from santong.benefits.services.deliver import take_back
from santong.benefits.services.step import Step, take_step
from santong.kernel import outbox
from santong.kernel.errors import FieldInvalid, NoSuch
from santong.kernel.tenancy import all_or_nothing
from santong.kernel.wire import Statement

_TAKE_BACK = Statement("""
UPDATE benefits_redemptionline l SET returned = l.returned + w.quantity
FROM unnest(%(lines)s::text[], %(quantities)s::int[]) AS w(line, quantity)
WHERE l.merchant_id = %(merchant)s::bigint AND l.coupon_id = %(coupon)s::bigint
  AND l.attempt = %(attempt)s::int
  AND l.line = w.line AND w.quantity > 0 AND l.returned + w.quantity <= l.quantity
RETURNING l.id
""")


@all_or_nothing
def return_redemption(
    *,
    merchant_id: int,
    coupon_id: int,
    quantity_by_line: Mapping[str, int] | None,
    reason: str = "",
    key: str,
    now: datetime,
) -> Return:
    """Take lines back, or with None the whole; once all are back, the batch's policy decides.

    Restored coupons can be used again: until when they could, or some days longer. A part that
    comes back changes nothing but what is still out. Points and a tier that the coupon had brought
    go back with the whole; a red packet is owed again where it is restored.

    Raises CouponStatePassed, MoreThanBought, KeyTaken, FieldInvalid, NoSuch, Busy. Emits
    CouponReturned once all is back. Locks the coupon, its lines, then its batch for the budget,
    then the member and accounts.
    """
    check_reason(merchant_id=merchant_id, coupon_id=coupon_id, reason=reason)
    row = _locked(merchant_id, coupon_id)
    if before := _first_answer(row, key):
        return before
    if row.state != "redeemed":
        raise CouponStatePassed(coupon_id=coupon_id, state=row.state, wanted="returned")
    lines = redemption_lines(merchant_id=merchant_id, coupon_id=coupon_id, attempt=row.attempt)
    asked = quantity_by_line
    if asked is None:
        asked = {line: bought - back for line, (bought, back) in lines.items() if bought > back}
    _take_back(row, asked)
    lines = redemption_lines(merchant_id=merchant_id, coupon_id=coupon_id, attempt=row.attempt)
    if not is_all_back(lines):
        return _kept_out(row, reason=reason, key=key, now=now)
    return _settled(row, reason=reason, key=key, now=now)


def _locked(merchant_id: int, coupon_id: int) -> Coupon:
    row: Coupon | None = Coupon.objects.of_merchant(merchant_id).filter(id=coupon_id).lock().first()
    if row is None:
        raise NoSuch(kind="coupon", key=str(coupon_id))
    return row_by_id(merchant_id=merchant_id, coupon_id=coupon_id)


def _first_answer(row: Coupon, key: str) -> Return | None:
    done = step_by_key(merchant_id=row.merchant_id, key=key)
    if done is None:
        return None
    outcomes = {"restored": "restored", "returned": "forfeited", "returned_in_part": "in_part"}
    if done.coupon_id != row.id or done.kind not in outcomes:
        raise KeyTaken(key=key)
    return Return(
        coupon_id=row.id,
        outcome=outcomes[done.kind],  # type: ignore[arg-type]
        valid_until=row.valid_until,
        is_new=False,
    )


def _take_back(row: Coupon, quantity_by_line: Mapping[str, int]) -> None:
    if not quantity_by_line:
        return
    if any(not 0 < quantity < 2**31 for quantity in quantity_by_line.values()):
        raise FieldInvalid(pointer="/quantity_by_line", reason="at least one of each")
    taken = run(
        _TAKE_BACK,
        {
            "merchant": row.merchant_id,
            "coupon": row.id,
            "attempt": row.attempt,
            "lines": texts(quantity_by_line),
            "quantities": array(quantity_by_line.values()),
        },
    )
    if len(taken) != len(quantity_by_line):
        raise MoreThanBought(coupon_id=row.id)


def _kept_out(row: Coupon, *, reason: str, key: str, now: datetime) -> Return:
    CouponEvent.objects.create(
        merchant_id=row.merchant_id,
        coupon=row,
        kind="returned_in_part",
        from_state="redeemed",
        to_state="redeemed",
        holder=row.holder,
        amount_minor=row.amount_minor,
        key=key,
        reason=reason,
        at=now,
        actor=signature(),
    )
    return Return(coupon_id=row.id, outcome="in_part", valid_until=row.valid_until, is_new=True)


def _settled(row: Coupon, *, reason: str, key: str, now: datetime) -> Return:
    policy = row.batch.as_contract().return_policy
    outcome, valid_until = after_return(
        policy=policy, grace_days=row.batch.grace_days, valid_until=row.valid_until, now=now
    )
    is_restored = outcome == "restored"
    take_step(
        Step(
            coupon_id=row.id,
            kind="restored" if is_restored else "returned",
            start=("redeemed",),
            to="issued" if is_restored else "returned",
            key=key,
            holder="" if is_restored else None,
            amount_minor=0 if is_restored else None,
            valid_until=valid_until,
            frozen_too=True,
            reason=reason,
        ),
        merchant_id=row.merchant_id,
        now=now,
    )
    assert row.redeemed_at is not None, "it was used"
    # What a forfeited packet had paid stays paid.
    if is_restored or row.batch.kind not in OWED_IN_MONEY:
        take_back(
            row.as_contract(),
            row.batch.as_contract(),
            merchant_id=row.merchant_id,
            attempt=row.attempt,
            redeemed_at=row.redeemed_at,
            now=now,
        )
    charge(
        merchant_id=row.merchant_id,
        coupon_id=row.id,
        attempt=row.attempt,
        kind="returned",
        now=now,
    )
    outbox.publish(
        CouponReturned(coupon_id=row.id, outcome=outcome, valid_until=valid_until), now=now
    )
    return Return(coupon_id=row.id, outcome=outcome, valid_until=valid_until, is_new=True)
