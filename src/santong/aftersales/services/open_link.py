"""A secret link for the buyer of an order."""

from __future__ import annotations

from datetime import datetime, timedelta

from santong.aftersales.models import BuyerLink
from santong.aftersales.selectors.links import new_token, token_hash
from santong.kernel import audit
from santong.kernel.tenancy import all_or_nothing
from santong.orders import public as orders


@all_or_nothing
def open_link(*, merchant_id: int, order_id: int, days: int, now: datetime) -> str:
    """The token of a link that is good for so many days, or until its buyer is forgotten.

    It is told once; a hash of it is kept. Raises NoSuch (order).
    """
    orders.order_by_id(merchant_id=merchant_id, order_id=order_id)
    token = new_token(merchant_id=merchant_id)
    row = BuyerLink.objects.create(
        merchant_id=merchant_id,
        order_id=order_id,
        token_hash=token_hash(merchant_id=merchant_id, token=token),
        made_at=now,
        expires_at=now + timedelta(days=days),
    )
    audit.record(
        audit.Change(
            action="aftersales.open_link",
            subject="case_link",
            subject_id=row.id,
            reason="a link for the buyer",
            after={"order": str(order_id)},
        ),
        now=now,
    )
    return token
