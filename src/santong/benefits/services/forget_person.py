"""Whose coupons these were is forgotten; that they were given and used stays, about nobody."""

from __future__ import annotations

from datetime import datetime

from santong.benefits.models import Coupon, SupplyRequest
from santong.benefits.services.void import void
from santong.customers import public as customers
from santong.kernel.tenancy import all_or_nothing
from santong.membership import public as membership

REASON = "the person was erased"


@all_or_nothing
def forget_person(*, merchant_id: int, person: customers.PersonRecord, now: datetime) -> None:
    """Take back what a person could still use, and destroy what suppliers have written for them.

    Used coupons, their steps and what they cost stay for the books: they say a member's number
    that leads to nobody. Nobody is asked for a receipt any more.

    Emits CouponVoided. Locks requests to suppliers, then coupons by id.
    """
    ids = membership.member_ids_of_persons(merchant_id=merchant_id, person_ids=person.person_ids)
    coupons = Coupon.objects.of_merchant(merchant_id).filter(member_id__in=ids)
    # Requests before coupons, as a supplier that gives up locks them.
    requests = SupplyRequest.objects.of_merchant(merchant_id).filter(
        coupon_id__in=list(coupons.values_list("id", flat=True))
    )
    asked = [row.id for row in requests.lock()]
    usable = coupons.filter(state__in=("issued", "held"))
    for coupon_id in sorted(row.id for row in usable.lock()):
        void(
            merchant_id=merchant_id,
            coupon_id=coupon_id,
            reason=REASON,
            key=f"erased/{coupon_id}",
            now=now,
        )
    requests = SupplyRequest.objects.of_merchant(merchant_id).filter(id__in=asked)
    requests.filter(state="pending").update(state="failed", next_at=None, done_at=now)
    requests.update(receipt_sealed=None, error="")
